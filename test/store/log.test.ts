/** The log: what was written is read back as it was, by position and by process instance; personal data can be erased. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { ElementInstance } from '../../engine/core/state/rows.ts'
import type { LogRecord } from '../../engine/protocol/records.ts'
import { decodeBatch, encodeBatch, type Seal } from '../../engine/store/log-format.ts'
import { Author, expired, none, random, world } from './world.ts'

const { store: newStore, closeStores, sql, close } = await world()
after(close)
const { row } = random(3)
const instance = (key: number, root = key): ElementInstance =>
  row('elementInstance', { key, processInstanceKey: key, rootProcessInstanceKey: root, bpmnElementType: 'PROCESS' })

const create: LogRecord = {
  recordType: 'COMMAND',
  valueType: 'PROCESS_INSTANCE_CREATION',
  intent: 'CREATE',
  key: -1,
  value: { bpmnProcessId: 'p', variables: '{"taxCode":"RSSMRA80A01H501U"}', fetchVariables: ['a'] },
}
const variable = (key: number): LogRecord => ({
  recordType: 'EVENT',
  valueType: 'VARIABLE',
  intent: 'CREATED',
  key,
  value: { name: 'taxCode', value: '"RSSMRA80A01H501U"', scopeKey: key },
})
const refused: LogRecord = {
  recordType: 'COMMAND_REJECTION',
  valueType: 'JOB',
  intent: 'COMPLETE',
  key: 7,
  value: { variables: '{}', errorMessage: 'è "quoted"' },
  rejection: { type: 'NOT_FOUND', reason: 'Expected to complete job 7, but no such job was found' },
}

const store = newStore()
const author = new Author(await store.open())
const [root, child, other] = [author.key(), author.key(), author.key()]
const first = [
  author.entry(create, root),
  author.entry(variable(root), root),
  author.entry(variable(other), other),
  author.entry(variable(child), child, root),
]
const second = [author.entry(refused), author.entry(variable(root), root), author.entry(expired)]
await store.append(
  author.batch(
    { elementInstance: { ...none, inserted: [instance(root), instance(child, root), instance(other)] } },
    first,
  ),
)
await store.append(author.batch({}, second))

test('entries come back as they were, oldest first, from any position on, so many as asked', async () => {
  const all = [...first, ...second]
  assert.deepEqual(await store.read(0, 100), all)
  for (let after = 0; after <= all.at(-1)!.position; after++) {
    const above = all.filter(({ position }) => position > after)
    assert.deepEqual(await store.read(after, 100), above)
    assert.deepEqual(await store.read(after, 2), above.slice(0, 2))
  }
})

test('the records of one process instance are read alone', async () => {
  assert.deepEqual(await store.readInstance(root), [first[0], first[1], second[1]])
  assert.deepEqual(await store.readInstance(child), [first[3]])
  assert.deepEqual(await store.readInstance(12345), [])
})

test('nothing personal stands in the log in clear', async () => {
  const batches = await sql<{ records: Buffer; position: string }>(
    'SELECT records, position FROM engine.log WHERE records IS NOT NULL',
  )
  const blind: Seal = { seal: () => assert.fail(), unseal: () => null }
  for (const { records, position } of batches) {
    const text = JSON.stringify(decodeBatch(records, Number(position), blind))
    assert.ok(!text.includes('RSSMRA80A01H501U') && !text.includes('quoted'))
    assert.ok(!records.includes('RSSMRA80A01H501U'))
  }
})

test('a salt follows its row into history; once it is wiped what the instance and its children said is gone', async () => {
  await closeStores()
  const next = newStore()
  const author = new Author(await next.open())
  const last = author.entry(variable(root), root)
  await next.append(author.batch({ elementInstance: { ...none, deleted: [root], ended: [instance(root)] } }, [last]))
  assert.deepEqual(await next.readInstance(root), [first[0], first[1], second[1], last])

  await sql('UPDATE engine.element_instance_history SET salt = NULL WHERE key = $1', [root])
  for (const { record } of [...(await next.readInstance(root)), ...(await next.readInstance(child))]) {
    assert.ok(!('value' in record.value) && !('variables' in record.value), 'erased')
  }
  assert.deepEqual(await next.readInstance(other), [first[2]])
})

test('an evaluated decision is there to be searched', async () => {
  await closeStores()
  const next = newStore()
  const author = new Author(await next.open())
  const decision = {
    decisionId: 'fee',
    decisionName: 'Fee',
    decisionKey: 9,
    decisionVersion: 1,
    decisionType: 'DECISION_TABLE',
  }
  const evaluated = { ...decision, decisionOutput: '1.50', tenantId: 't', evaluatedInputs: [], matchedRules: [] }
  await next.append(
    author.batch({}, [
      author.entry({
        recordType: 'EVENT',
        valueType: 'DECISION_EVALUATION',
        intent: 'FAILED',
        key: 77,
        value: { evaluatedDecisions: [evaluated], failedDecisionId: 'fee', evaluationFailureMessage: 'no rule' },
      }),
    ]),
  )
  const rows = await sql(
    'SELECT key, evaluation_index, state, decision_output, evaluation_failure FROM engine.decision_instance',
  )
  assert.deepEqual(rows, [
    { key: '77', evaluation_index: 1, state: 'FAILED', decision_output: '1.50', evaluation_failure: 'no rule' },
  ])
})

test('a batch of version 1 stays readable for ever; one of a later version is refused', () => {
  const clear: Seal = { seal: (_, plain) => plain, unseal: (_, sealed) => sealed }
  const entries = [...first, ...second]
  assert.deepEqual(decodeBatch(encodeBatch(entries, clear), entries[0]!.position, clear), entries)
  const kept = Buffer.from(readFileSync(new URL('log-version-1.base64', import.meta.url), 'utf8'), 'base64')
  const read = decodeBatch(kept, 2, clear)
  assert.deepEqual(
    read.map(({ record }) => record),
    [create, refused],
  )
  assert.throws(() => decodeBatch(Buffer.from([2, 0, 0, 0, 0]), 1, clear), /Start a newer Iter/)
})
