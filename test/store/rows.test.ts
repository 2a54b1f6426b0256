import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Changes } from '../../engine/core/state/journal.ts'
import { SOME_ROWS, type Want } from '../../engine/core/state/miss.ts'
import {
  type AnyRow,
  type LookupName,
  lookups,
  residentTables,
  type TableName,
} from '../../engine/core/state/tables.ts'
import { snakeCase, tables, tablesWithHistory } from '../../engine/store/tables.ts'
import { Author, byKey, none, random, world } from './world.ts'

const { store: newStore, closeStores, sql, close } = await world()
after(close)
const store = newStore()
const author = new Author(await store.open())
/** Written from the log alone. */
const fromLog = new Set(['decisionInstance', 'batchOperationItem', 'correlatedSubscription'])
const names = (Object.keys(tables) as (keyof typeof tables)[]).filter((name): name is TableName => !fromLog.has(name))
const changing = (table: TableName, change: object): Changes => ({ [table]: { ...none, ...change } })

for (const table of names) {
  test(`${table}: random rows survive as they were, changed rows as they became`, async () => {
    const { row } = random(names.indexOf(table) + 1)
    const inserted = Array.from({ length: 200 }, () => row(table, { key: author.key() }))
    await store.append(author.batch(changing(table, { inserted })))
    const wants: Want[] = inserted.map(({ key }) => ({ kind: 'row', table, key }))
    assert.deepEqual(byKey((await store.load(wants)).rows.get(table)), inserted)

    const updated = inserted.slice(0, 50).map(({ key }) => row(table, { key }))
    const deleted = inserted.slice(50, 100).map(({ key }) => key)
    await store.append(author.batch(changing(table, { updated, deleted })))
    const { rows, answered } = await store.load(wants)
    assert.deepEqual(byKey(rows.get(table)), [...updated, ...inserted.slice(100)])
    assert.deepEqual(answered.slice(0, wants.length), wants)
  })
}

test('what ends moves to history; what was born and ended in one batch is history alone', async () => {
  for (const table of tablesWithHistory) {
    const { row } = random(99)
    const [open, passed] = [row(table, { key: author.key() }), row(table, { key: author.key() })]
    await store.append(author.batch(changing(table, { inserted: [open] })))
    await store.append(author.batch(changing(table, { deleted: [open.key], ended: [open, passed] })))
    const places = await sql(
      `SELECT key, tableoid::regclass::text AS place FROM engine.${snakeCase(table)} WHERE key = ANY($1)
       UNION ALL SELECT key, tableoid::regclass::text FROM engine.${snakeCase(table)}_history WHERE key = ANY($1) ORDER BY key`,
      [[open.key, passed.key]],
    )
    const history = `engine.${snakeCase(table)}_history`
    assert.deepEqual(places, [
      { key: String(open.key), place: history },
      { key: String(passed.key), place: history },
    ])
  }
})

test('a lookup answers with exactly the rows that lie at its place', async () => {
  const { row } = random(4)
  const process = () => row('elementInstance', { key: author.key(), bpmnElementType: 'PROCESS' })
  await store.append(author.batch(changing('elementInstance', { inserted: Array.from({ length: 50 }, process) })))
  const asked = (Object.keys(lookups) as LookupName[]).filter((name) => !residentTables.has(lookups[name].table))
  for (const lookup of asked) {
    const { table, of } = lookups[lookup] as { table: TableName; of(row: AnyRow): string | number | null }
    const everything = (await sql<{ key: string }>(`SELECT key FROM engine.${snakeCase(table)}`)).map(({ key }) =>
      Number(key),
    )
    const rows = (await store.load(everything.map((key) => ({ kind: 'row', table, key })))).rows.get(table) ?? []
    const places = new Set(rows.map(of).filter((place): place is string | number => place !== null && place !== -1))
    assert.ok(places.size > 3, `${lookup} has rows to find`)
    for (const at of [...places].slice(0, 40)) {
      const found = (await store.load([{ kind: 'lookup', lookup, at }])).rows.get(table)
      assert.deepEqual(byKey(found), byKey(rows.filter((row) => of(row) === at)), `${lookup} at ${at}`)
    }
  }
})

test('some rows of a place are all of them, or many enough', async () => {
  const { row } = random(5)
  const at = author.key()
  const one = () => row('elementInstance', { key: author.key(), bpmnElementType: 'PROCESS', processDefinitionKey: at })
  const some = async () => (await store.load([{ kind: 'some', lookup: 'instancesOf', at }])).rows.get('elementInstance')
  assert.deepEqual(await some(), [])
  const few = [one(), one()]
  await store.append(author.batch(changing('elementInstance', { inserted: few })))
  assert.deepEqual(byKey(await some()), few)
  await store.append(author.batch(changing('elementInstance', { inserted: Array.from({ length: 300 }, one) })))
  assert.equal((await some())?.length, SOME_ROWS)
})

test('one load answers any number of wants, those without a row included', async () => {
  const wants: Want[] = [
    { kind: 'row', table: 'job', key: 1 },
    { kind: 'lookup', lookup: 'childrenOf', at: 3 },
    { kind: 'lookup', lookup: 'messagesFor', at: ['<default>', 'nobody', 'asks'].join('\0') },
    { kind: 'jobs', tenantId: '<default>', type: 'none', above: -1 },
  ]
  const loaded = await store.load(wants)
  assert.deepEqual(loaded.answered, wants)
  assert.deepEqual([...loaded.rows.values()].flat(), [])
  assert.deepEqual(loaded.jobWindows, [{ tenantId: '<default>', type: 'none', upTo: Number.POSITIVE_INFINITY }])
})

test('with a job comes its scope path: what encloses its element up to the root of the call tree, and what belongs to each', async () => {
  const { row } = random(7)
  const born = (fields: object) => row('elementInstance', { key: author.key(), flowScopeKey: -1, ...fields })
  const root = born({ parentElementInstanceKey: -1 })
  const call = born({ flowScopeKey: root.key, parentElementInstanceKey: -1 })
  const called = born({ parentElementInstanceKey: call.key })
  const task = born({ flowScopeKey: called.key, parentElementInstanceKey: -1 })
  const beside = born({ flowScopeKey: called.key, parentElementInstanceKey: -1 })
  const variable = row('variable', { key: author.key(), scopeKey: root.key })
  const job = row('job', { key: author.key(), elementInstanceKey: task.key })
  const instances = [root, call, called, task]
  await store.append(author.batch(changing('elementInstance', { inserted: [...instances, beside] })))
  await store.append(author.batch({ variable: { ...none, inserted: [variable] }, job: { ...none, inserted: [job] } }))
  const { rows, answered } = await store.load([{ kind: 'row', table: 'job', key: job.key }])
  assert.deepEqual(byKey(rows.get('elementInstance')), instances)
  assert.deepEqual(rows.get('variable'), [variable])
  assert.deepEqual(rows.get('job'), [job])
  for (const { key } of instances) {
    assert.ok(answered.some((want) => want.kind === 'lookup' && want.lookup === 'variablesOf' && want.at === key))
  }
})

test('activatable jobs come oldest first by windows', async () => {
  const { row } = random(5)
  const job = { tenantId: 'window', type: 'many', state: 'ACTIVATABLE' } as const
  const inserted = Array.from({ length: 1_500 }, () => row('job', { ...job, key: author.key() }))
  await store.append(author.batch(changing('job', { inserted })))
  const want: Want = { kind: 'jobs', tenantId: 'window', type: 'many', above: -1 }
  const { rows, jobWindows } = await store.load([want])
  const { upTo } = jobWindows[0]!
  assert.deepEqual(
    rows.get('job'),
    inserted.filter(({ key }) => key <= upTo),
  )
  assert.ok(upTo < inserted.at(-1)!.key)
})

test('what falls due comes soonest first, each kind from its own field', async () => {
  await sql('TRUNCATE engine.job, engine.timer, engine.message, engine.element_instance')
  const { row } = random(6)
  const [timer, late, message] = [author.key(), author.key(), author.key()]
  const [active, waiting, backing] = [author.key(), author.key(), author.key()]
  const [left, quiet] = [author.key(), author.key()]
  await store.append(
    author.batch({
      timer: {
        ...none,
        inserted: [row('timer', { key: timer, dueDate: 30 }), row('timer', { key: late, dueDate: 99 })],
      },
      message: { ...none, inserted: [row('message', { key: message, deadline: 20 })] },
      elementInstance: {
        ...none,
        inserted: [
          row('elementInstance', { key: left, batch: 'ACTIVATE' }),
          row('elementInstance', { key: quiet, batch: '' }),
        ],
      },
      job: {
        ...none,
        inserted: [
          row('job', { key: active, state: 'ACTIVATED', deadline: 40, recurringTime: -1 }),
          row('job', { key: waiting, state: 'ACTIVATABLE', deadline: 1, recurringTime: -1 }),
          row('job', { key: backing, state: 'FAILED', deadline: -1, recurringTime: 10 }),
        ],
      },
    }),
  )
  const due = [
    { kind: 'activateBatch', key: left, at: 0 },
    { kind: 'jobBackoff', key: backing, at: 10 },
    { kind: 'message', key: message, at: 20 },
    { kind: 'timer', key: timer, at: 30 },
    { kind: 'jobDeadline', key: active, at: 40 },
  ]
  assert.deepEqual(await store.dueUntil(50, 10), due)
  assert.deepEqual(await store.dueUntil(50, 2), due.slice(0, 2))
})

test('a text with NUL, which PostgreSQL cannot hold, does not fail the batch of all', async () => {
  const { row } = random(7)
  const inserted = [row('job', { key: author.key(), errorMessage: 'a\0b' })]
  await store.append(author.batch(changing('job', { inserted })))
  const { rows } = await store.load([{ kind: 'row', table: 'job', key: inserted[0]!.key }])
  assert.deepEqual(rows.get('job'), [{ ...inserted[0], errorMessage: 'a\ufffdb' }])
})

test('texts longer than an index could hold are found all the same', async () => {
  const { row } = random(8)
  const long = Array.from({ length: 2_000 }, (_, at) => at).join()
  const inserted = [row('message', { key: author.key(), tenantId: 't', name: long, correlationKey: long })]
  await store.append(author.batch(changing('message', { inserted })))
  const at = ['t', long, long].join('\0')
  assert.deepEqual((await store.load([{ kind: 'lookup', lookup: 'messagesFor', at }])).rows.get('message'), inserted)
})

test('opening loads the resident tables whole', async () => {
  const rows = new Map<TableName, readonly AnyRow[]>()
  for (const table of residentTables) {
    const keys = await sql<{ key: string }>(`SELECT key FROM engine.${snakeCase(table)}`)
    const wants: Want[] = keys.map(({ key }) => ({ kind: 'row', table, key: Number(key) }))
    rows.set(table, byKey((await store.load(wants)).rows.get(table)))
  }
  await closeStores()
  const { resident } = await newStore().open()
  for (const table of residentTables) assert.deepEqual(byKey(resident.rows.get(table)), rows.get(table))
})
