import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMultipart } from '../../engine/gateway/rest/multipart.ts'

const shown = (contentType: string, body: string | Buffer) =>
  parseMultipart(contentType, Buffer.from(body)).map(({ name, filename, content }) => [
    name,
    filename,
    content.toString(),
  ])

test('what undici sends', async () => {
  const form = new FormData()
  form.append('resources', new File(['<xml/>\r\n'], 'più "bello".bpmn'))
  form.append('resources', new File(['{}'], 'b.form', { type: 'application/json' }))
  form.append('tenantId', '<default>')
  const sent = new Response(form)
  assert.deepEqual(shown(sent.headers.get('content-type')!, Buffer.from(await sent.arrayBuffer())), [
    ['resources', 'più "bello".bpmn', '<xml/>\r\n'],
    ['resources', 'b.form', '{}'],
    ['tenantId', undefined, '<default>'],
  ])
})

test("what Java's httpclient sends", () => {
  const head =
    'Content-Disposition: form-data; name="resources"; filename="dir/a.bpmn"\r\nContent-Type: application/octet-stream'
  const body = `--httpclient_boundary_1\r\n${head}\r\n\r\n<a/>\r\n--httpclient_boundary_1--\r\n`
  const type = 'multipart/form-data; charset=ISO-8859-1; boundary=httpclient_boundary_1'
  assert.deepEqual(shown(type, body), [['resources', 'dir/a.bpmn', '<a/>']])
})

test('content that looks like a boundary, a preamble, an empty part', () => {
  const part = (content: string) => `\r\nContent-Disposition: form-data; name=a\r\n\r\n${content}\r\n--x`
  assert.deepEqual(shown('multipart/form-data; boundary="x"', `preamble\r\n--x${part('-- x --\n--x')}${part('')}--`), [
    ['a', undefined, '-- x --\n--x'],
    ['a', undefined, ''],
  ])
})

const hostile: Readonly<Record<string, readonly [type: string, body: string]>> = {
  'no boundary': ['multipart/form-data', ''],
  'another type': ['application/json', '{}'],
  'an empty body': ['multipart/form-data; boundary=x', ''],
  'no end': ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'],
  'a part without headers': ['multipart/form-data; boundary=x', '--x\r\nb\r\n--x--'],
  'a part without name': ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--'],
  'endless headers': ['multipart/form-data; boundary=x', `--x\r\nA: ${'a'.repeat(5_000)}\r\n\r\nb\r\n--x--`],
  'too many parts': [
    'multipart/form-data; boundary=x',
    `--x${'\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x'.repeat(101)}--`,
  ],
}
for (const [what, [type, body]] of Object.entries(hostile)) {
  test(`${what} is refused`, () => {
    assert.throws(() => parseMultipart(type, Buffer.from(body)), { name: 'GatewayError', status: 'INVALID_ARGUMENT' })
  })
}
