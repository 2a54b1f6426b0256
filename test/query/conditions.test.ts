/** What conditions let through, and that whatever a client writes stays a value. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Condition, Search, SearchResource } from '../../engine/protocol/query.ts'
import { openWorld, where } from './world.ts'

const world = await openWorld()
after(() => world[Symbol.asyncDispose]())

await world.insert('process_definition', { key: 1, name: 'Permit' })
await world.insert(
  'job',
  { key: 1, type: 'mail', worker: 'anna', retries: 3 },
  { key: 2, type: 'mail.fast', retries: 2, deadline: 2_000, state: 'ACTIVATED' },
  { key: 3, type: '100%', retries: 1, error_message: 'first try', state: 'FAILED' },
  { key: 4, type: 'a_b', retries: 0, error_message: "it's\\broken", state: 'FAILED' },
)
await world.insert('job_history', { key: 5, type: 'pay', retries: 3, state: 'COMPLETED', ended_at: 3_000 })

type Case = readonly [operator: Condition['operator'], value: Condition['value'], ids: readonly string[]]
const byField: Readonly<Record<string, readonly Case[]>> = {
  type: [
    ['$eq', 'mail', ['1']],
    ['$neq', 'mail', ['2', '3', '4', '5']],
    ['$exists', true, ['1', '2', '3', '4', '5']],
    ['$exists', false, []],
    ['$in', ['mail', 'pay'], ['1', '5']],
    ['$in', [], []],
    ['$notIn', ['mail', 'pay'], ['2', '3', '4']],
    ['$like', 'mail*', ['1', '2']],
    ['$like', 'ma?l', ['1']],
    ['$like', '*%', ['3']],
    ['$like', 'a_b', ['4']],
    ['$like', 'm_il', []],
    ['$like', 'mail\\*', []],
    ['$like', 'm\\ail', ['1']],
    ['$like', '*\\', []],
  ],
  jobKey: [
    ['$eq', '2', ['2']],
    ['$neq', '2', ['1', '3', '4', '5']],
    ['$in', ['2', '5', '77'], ['2', '5']],
    ['$notIn', ['2', '5'], ['1', '3', '4']],
    ['$eq', '9'.repeat(25), []],
    ['$in', ['9'.repeat(25), '2'], ['2']],
    ['$notIn', ['9'.repeat(25), '2'], ['1', '3', '4', '5']],
  ],
  retries: [
    ['$eq', 3, ['1', '5']],
    ['$gt', 2, ['1', '5']],
    ['$gte', 2, ['1', '2', '5']],
    ['$lt', 2, ['3', '4']],
    ['$lte', 2, ['2', '3', '4']],
    ['$lt', Number.MAX_SAFE_INTEGER, ['1', '2', '3', '4', '5']],
  ],
  deadline: [
    ['$eq', '1970-01-01T00:00:02.000Z', ['2']],
    ['$neq', '1970-01-01T00:00:02.000Z', ['1', '3', '4', '5']],
    ['$lt', '2000-01-01T01:00:00+01:00', ['2']],
    ['$gte', '1970-01-01T00:00:02.001Z', []],
    ['$exists', true, ['2']],
    ['$exists', false, ['1', '3', '4', '5']],
  ],
  errorMessage: [
    ['$eq', "it's\\broken", ['4']],
    ['$like', "it's\\\\*", ['4']],
    ['$exists', false, ['1', '2', '5']],
    ['$notIn', ['first try'], ['1', '2', '4', '5']],
  ],
  hasFailedWithRetriesLeft: [
    ['$eq', true, ['3']],
    ['$neq', true, ['1', '2', '4', '5']],
  ],
  state: [
    ['$eq', 'CREATED', ['1', '2']],
    ['$eq', 'FAILED', ['3', '4']],
    ['$in', ['CREATED', 'COMPLETED'], ['1', '2', '5']],
    ['$in', ['COMPLETED', 'CANCELED'], ['5']],
    ['$neq', 'COMPLETED', ['1', '2', '3', '4']],
    ['$eq', 'MIGRATED', []],
  ],
  isDenied: [
    ['$exists', false, ['1', '2', '3', '4', '5']],
    ['$eq', false, []],
    ['$neq', true, ['1', '2', '3', '4', '5']],
  ],
}
for (const [field, cases] of Object.entries(byField)) {
  describe(field, () => {
    for (const [operator, value, ids] of cases) {
      test(`${operator} ${JSON.stringify(value)}`, async () => {
        const page = await world.search('jobs', where(field, operator, value))
        assert.deepEqual(
          page.items.map(({ jobKey }) => jobKey),
          ids,
        )
        assert.equal(page.totalItems, ids.length)
      })
    }
  })
}

test('several conditions must all hold, on one field too', async () => {
  const filter: Search['filter'] = [
    { field: 'retries', operator: '$gte', value: 1 },
    { field: 'retries', operator: '$lt', value: 3 },
    { field: 'type', operator: '$neq', value: '100%' },
  ]
  assert.deepEqual(await world.ids('jobs', { filter }), ['2'])
})

test('of the alternatives one must hold beside the filter', async () => {
  const or = [where('type', '$eq', 'pay').filter!, where('retries', '$lte', 1).filter!]
  assert.deepEqual(await world.ids('jobs', { or }), ['3', '4', '5'])
  assert.deepEqual(await world.ids('jobs', { ...where('jobKey', '$gt', '3'), or }), ['4', '5'])
})

describe('hostile', () => {
  const texts = [
    "'; DROP SCHEMA engine CASCADE; --",
    '$1',
    '{type}',
    '"',
    '\\',
    "\\'",
    '{mail,pay}',
    '\u202e\ud800',
    'mail\0',
    'x'.repeat(1_000_000),
  ]
  for (const value of texts) {
    test(`values stay values: ${JSON.stringify(value.slice(0, 40))}`, async () => {
      for (const operator of ['$eq', '$like'] as const) {
        assert.deepEqual(await world.ids('jobs', where('type', operator, value)), [])
      }
      assert.deepEqual(await world.ids('jobs', where('type', '$in', [value, 'pay'])), ['5'])
      assert.deepEqual(await world.ids('jobs', where('jobKey', '$eq', value)), [])
      assert.deepEqual(await world.ids('jobs', where('deadline', '$gt', value)), [])
      const variables = [{ name: value, condition: { operator: '$eq', value } }] as const
      assert.deepEqual(await world.ids('process-instances', { variables }), [])
    })
  }
  for (const field of ['nope', '__proto__', 'constructor', 'toString', 'type"; --', 'j.type', '']) {
    test(`'${field}' is no field`, async () => {
      const refused = { name: 'GatewayError', status: 'INVALID_ARGUMENT' }
      await assert.rejects(world.search('jobs', where(field, '$eq', 'x')), refused)
      await assert.rejects(world.search('jobs', { sort: [{ field, order: 'ASC' }] }), refused)
    })
  }
  test('keys that are none find nothing', async () => {
    for (const key of ['', 'x', '1; --', '9'.repeat(30), '1-1']) {
      assert.equal(await world.query.get('jobs', key), null)
      assert.equal(await world.query.resourceText('form', key), null)
      assert.equal(await world.query.form('user-task', key), null)
      assert.deepEqual(await world.query.sequenceFlows(key), [])
      assert.deepEqual(await world.query.elementStatistics('process-instance', key), [])
    }
  })
  test('resources that own no variables refuse conditions on them', async () => {
    const variables = [{ name: 'x', condition: { operator: '$eq', value: '1' } }] as const
    await assert.rejects(world.search('jobs', { variables }), { status: 'INVALID_ARGUMENT' })
  })
})

test('a database that is away is told as such', async () => {
  const gone = await openWorld()
  const { query } = gone
  await gone[Symbol.asyncDispose]()
  await assert.rejects(query.get('jobs' satisfies SearchResource, '1'), { name: 'GatewayError', status: 'UNAVAILABLE' })
})
