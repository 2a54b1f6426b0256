import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expand } from '../../engine/gateway/expand.ts'
import { JsonText } from '../../engine/gateway/json-text.ts'
import { recordShapes } from '../../engine/gateway/record-shapes.ts'
import type { LogRecord } from '../../engine/protocol/records.ts'
import type { StoredRecord } from '../../engine/runtime/engine.ts'
import { sharedText, without } from '../shared-data.ts'

const facts = 'reference/records-8.8.ndjson'

interface Recorded {
  readonly valueType: string
  readonly recordType: LogRecord['recordType']
  readonly intent: string
  readonly key: number
  readonly position: number
  readonly sourceRecordPosition: number
  readonly timestamp: number
  readonly rejectionType: string
  readonly rejectionReason: string
  readonly value: Readonly<Record<string, unknown>>
}

const shapeOf = (valueType: string): Readonly<Record<string, unknown>> | undefined =>
  Object.entries(recordShapes).find(([name]) => name === valueType)?.[1]

/** As the core writes it: without defaults, variables as text. */
function compact({
  valueType,
  recordType,
  value,
  rejectionType: type,
  rejectionReason: reason,
  ...same
}: Recorded): StoredRecord {
  const shape = shapeOf(valueType)!
  const plain = (given: unknown) => JSON.stringify(given instanceof JsonText ? JSON.parse(given.text) : given)
  const fields = Object.entries(value)
    .filter(([name, given]) => plain(given) !== plain(shape[name]))
    .map(([name, given]) => [
      name,
      name === 'variables'
        ? JSON.stringify(given)
        : ['jobs', 'activateElements'].includes(name)
          ? textsIn(given)
          : name === 'activateInstructions'
            ? (given as { variableInstructions: unknown }[]).map((one) => ({
                ...one,
                variableInstructions: textsIn(one.variableInstructions),
              }))
            : given,
    ])
  const record = { valueType, recordType, intent: same.intent, key: same.key, value: Object.fromEntries(fields) }
  return { ...same, record: { ...record, ...(type !== 'NULL_VAL' && { rejection: { type, reason } }) } as LogRecord }
}
const textsIn = (given: unknown) =>
  (given as { variables: unknown }[]).map((one) => ({ ...one, variables: JSON.stringify(one.variables) }))

const recorded: Recorded[] = without(facts)
  ? []
  : sharedText(facts)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
const ours = recorded.filter(({ valueType }) => shapeOf(valueType))

for (const record of ours) {
  test(`${record.valueType} ${record.recordType} ${record.intent} is written as Zeebe writes it`, () => {
    const { recordVersion, ...shown } = JSON.parse(expand(compact(record)))
    const { recordVersion: version, ...wanted } = record as Recorded & { recordVersion: number }
    assert.deepEqual(shown, wanted)
    assert.deepEqual(Object.keys(shown.value), Object.keys(wanted.value))
    assert.equal(recordVersion, version)
  })
}

/** Their shapes were taken from the empty records of Zeebe 8.8.0. */
const notRecorded = [
  'BATCH_OPERATION_CREATION',
  'BATCH_OPERATION_CHUNK',
  'BATCH_OPERATION_EXECUTION',
  'BATCH_OPERATION_INITIALIZATION',
  'BATCH_OPERATION_LIFECYCLE_MANAGEMENT',
  'BATCH_OPERATION_PARTITION_LIFECYCLE',
]
/** Zeebe 8.9's, of which no record lies here. */
const newerThanRecorded = ['CONDITIONAL_SUBSCRIPTION', 'CONDITIONAL_EVALUATION']
const notOfZeebe = ['SUSPENSION']

test('every value type of the engine that Zeebe records was compared', { skip: without(facts) }, () => {
  const compared = new Set(ours.map(({ valueType }) => valueType))
  assert.deepEqual(
    Object.keys(recordShapes).filter((valueType) => !compared.has(valueType)),
    ['PROCESS_INSTANCE_RESULT', ...newerThanRecorded, ...notOfZeebe, ...notRecorded],
  )
})

const stored = (record: LogRecord): StoredRecord => ({ position: 7, sourceRecordPosition: 6, timestamp: 5, record })

test('a record is one line, and its variables keep every digit', () => {
  const variables = '{\r\n "n": 123456789012345678901234567890.10\n}'
  const line = expand(
    stored({ recordType: 'EVENT', valueType: 'MESSAGE', intent: 'PUBLISHED', key: 1, value: { variables } }),
  )
  assert.doesNotMatch(line, /[\r\n]/)
  assert.match(line, /"variables":\{ +"n": 123456789012345678901234567890\.10 +\}/)
})

test('id and version come from the definition, the entity from the key, and what is ours stays inside', () => {
  const names = (key: number) => (key === 42 ? { bpmnProcessId: 'residenza', version: 3 } : undefined)
  const event = {
    recordType: 'EVENT',
    valueType: 'USER_TASK',
    intent: 'CREATED',
    key: 9,
    value: { processDefinitionKey: 42 },
  } as const
  const { value } = JSON.parse(expand(stored(event), names))
  assert.equal(value.bpmnProcessId, 'residenza')
  assert.equal(value.processDefinitionVersion, 3)
  assert.equal(value.userTaskKey, 9)
  const thrown = {
    recordType: 'EVENT',
    valueType: 'JOB',
    intent: 'ERROR_THROWN',
    key: 9,
    value: { caught: true },
  } as const
  assert.equal('caught' in JSON.parse(expand(stored(thrown))).value, false)
})
