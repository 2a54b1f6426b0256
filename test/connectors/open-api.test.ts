/** The checker itself: a description it understands, exchanges that hold and that do not. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { type Exchange, openApi } from './open-api.ts'
import { exchangesWith } from './recorded-exchange.ts'

const description = openApi(String.raw`
openapi: 3.0.3
paths:
  /cats/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: integer, minimum: 1 } }]
    put:
      parameters:
        - { name: since, in: query, required: true, schema: { type: string, format: date } }
        - { name: X-Key, in: header, schema: { type: string, maxLength: 3 } }
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Cat' } } } }
      responses:
        '200':
          headers: { X-Left: { required: true, schema: { type: integer } } }
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Cat' }, maxItems: 1 } } }
        '204': { description: nothing }
components:
  schemas:
    Cat:
      type: object
      additionalProperties: false
      required: [name]
      minProperties: 1
      properties: { name: { type: string, pattern: '^([A-Z]|\ )' }, age: { type: integer, nullable: true, x-unit: years } }
    Riddle: { type: string, ifThen: {} }
`)
const json = { 'content-type': 'application/json; charset=utf-8' }
const good: Exchange = {
  method: 'PUT',
  path: '/cats/7?since=2027-03-01',
  headers: { ...json, 'x-key': 'abc' },
  body: '{"name":"Ada","age":null}',
  answer: { status: 200, headers: { ...json, 'x-left': '4' }, body: '[{"name":"Ada"}]' },
}

test('an exchange as described has no faults, with or without an answer to read', () => {
  assert.deepEqual(description.faults(good), [])
  assert.deepEqual(description.faults({ ...good, answer: { status: 204, headers: {}, body: '' } }), [])
})

for (const [what, wrong, fault] of [
  ['another path', { path: '/dogs/7' }, 'PUT /dogs/7: no such operation'],
  ['another method', { method: 'GET' }, 'GET /cats/{id}: no such operation'],
  ['a parameter in the path', { path: '/cats/0?since=2027-03-01' }, 'PUT /cats/{id} path id: too small'],
  ['a missing parameter', { path: '/cats/7' }, 'PUT /cats/{id} query since: missing'],
  ['an unknown parameter', { path: '/cats/7?since=2027-03-01&x=1' }, 'PUT /cats/{id} query x: not described'],
  ['a header', { headers: { ...json, 'x-key': 'abcd' } }, 'PUT /cats/{id} header X-Key: too long'],
  ['no body', { body: '' }, 'PUT /cats/{id} body: missing'],
  ['a body of another type', { headers: {} }, 'PUT /cats/{id}: a body of type  is not described'],
  ['a field too many', { body: '{"name":"Ada","cat":1}' }, 'PUT /cats/{id} body: cat is not described'],
  ['a field too few', { body: '{"age":1}' }, 'PUT /cats/{id} body: name missing'],
  ['a name in small letters', { body: '{"name":"ada"}' }, 'PUT /cats/{id} body.name: not of the pattern'],
  ['another status', { answer: { ...good.answer, status: 500 } }, 'PUT /cats/{id} 500: not described'],
  [
    'a list too long',
    { answer: { ...good.answer, body: '[{"name":"A"},{"name":"B"}]' } },
    'PUT /cats/{id} 200: too many',
  ],
  ['a missing header', { answer: { ...good.answer, headers: json } }, 'PUT /cats/{id} 200 header X-Left: missing'],
] as const satisfies readonly (readonly [string, Partial<Exchange>, string])[]) {
  test(`found: ${what}`, () => assert.deepEqual(description.faults({ ...good, ...wrong }), [fault]))
}

test('a word of a schema that is not known is a fault', () => {
  assert.deepEqual(description.faultsOf('Riddle', 'x'), ["Riddle: the schema's word ifThen is not known"])
})

test('an exchange is recorded as client and server had it', async () => {
  const server = createServer((request, response) =>
    request.resume().on('end', () => response.writeHead(200, { ...json, 'X-Left': '4' }).end('[{"name":"Ada"}]')),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const exchanges = await exchangesWith(`http://127.0.0.1:${address.port}`, async (url) => {
    const answer = await fetch(`${url}${good.path}`, { method: 'PUT', headers: good.headers, body: good.body })
    assert.equal(await answer.text(), good.answer.body)
  })
  assert.equal(exchanges.length, 1)
  assert.deepEqual(exchanges.flatMap(description.faults), [])
})
