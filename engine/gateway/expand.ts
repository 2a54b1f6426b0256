/**
 * A stored record → the JSON text in which Zeebe's exporters write it. Owns: the envelope, fields and defaults, what follows from the
 * record's key and its definition. Does not own: what happened. Invariant: one line; variables keep every digit.
 */
import {
  type ActivateInstruction,
  type JobResult,
  type JobResultActivateElement,
  type Json,
  type Key,
  type LogRecord,
  NO_KEY,
  type Values,
  type ValueType,
} from '../protocol/records.ts'
import type { StoredRecord } from '../runtime/engine.ts'
import { JsonText, writeJson } from './json-text.ts'
import { newerFields, noResult, recordShapes, recordVersions } from './record-shapes.ts'

const BROKER_VERSION = '8.8.0'
const PARTITION_ID = 1

/** What the records of a definition's instances leave out: it follows from `processDefinitionKey`. */
export interface DefinitionName {
  readonly bpmnProcessId: string
  readonly version: number
}
export type DefinitionNames = (processDefinitionKey: Key) => DefinitionName | undefined

type Value = Readonly<Record<string, unknown>>

/** Where a turn left the rest to a later one Zeebe has the command that goes on. */
const postponedBatches: Readonly<Record<string, string>> = { ACTIVATING: 'ACTIVATE', TERMINATING: 'TERMINATE' }

/** What became of an item of a batch operation is shown as Zeebe's command for it or its rejection; dropped ones as an EXECUTE in vain. */
function asZeebe(record: LogRecord): LogRecord {
  if (record.recordType !== 'EVENT' || record.valueType !== 'BATCH_OPERATION_EXECUTION') return record
  const { command, rejection, batchOperationKey } = record.value
  const key = batchOperationKey ?? NO_KEY
  if (record.intent === 'ITEMS_DROPPED')
    return { ...record, recordType: 'COMMAND', intent: 'EXECUTE', value: { batchOperationKey: key } }
  if (command === undefined) return record
  const recordType = rejection === undefined ? 'COMMAND' : 'COMMAND_REJECTION'
  return { ...command, recordType, batchOperationReference: key, ...(rejection && { rejection }) } as LogRecord
}

/** The batch operation that a record is about, or whose item has led to it. */
const batchOperationOf = ({ batchOperationReference, value }: LogRecord): Key =>
  batchOperationReference ?? ('batchOperationKey' in value ? value.batchOperationKey : undefined) ?? NO_KEY

export function expand(
  { position, sourceRecordPosition, timestamp, record: stored }: StoredRecord,
  names?: DefinitionNames,
): string {
  const record = asZeebe(stored)
  const postponed = record.valueType === 'PROCESS_INSTANCE_BATCH' ? postponedBatches[record.intent] : undefined
  const rejection = record.recordType === 'COMMAND_REJECTION' ? record.rejection : null
  const version = record.recordType === 'EVENT' ? recordVersions[`${record.valueType} ${record.intent}`] : undefined
  return writeJson({
    valueType: record.valueType,
    key: record.key,
    position,
    timestamp,
    recordType: postponed === undefined ? record.recordType : 'COMMAND',
    intent: postponed ?? record.intent,
    partitionId: PARTITION_ID,
    rejectionType: rejection?.type ?? 'NULL_VAL',
    rejectionReason: rejection?.reason ?? '',
    brokerVersion: BROKER_VERSION,
    recordVersion: version ?? 1,
    operationReference: -1,
    batchOperationReference: batchOperationOf(record),
    value: shown(record.valueType, record.value, { ...fromDefinition(record, names), ...fromKey(record) }),
    authorizations: {},
    sourceRecordPosition,
  })
}

/** Every field of the value type: as recorded, else as derived, else its default. */
function shown(valueType: ValueType, value: Value, derived: Value): Value {
  const fields = Object.entries(recordShapes[valueType]).map(([name, byDefault]) => {
    const given = value[name] ?? derived[name]
    return [name, given === undefined ? byDefault : fieldOf(name, given)]
  })
  const newer = (newerFields[valueType] ?? []).flatMap((name) =>
    value[name] === undefined ? [] : [[name, value[name]]],
  )
  return Object.fromEntries([...fields, ...newer])
}

function fieldOf(name: string, given: unknown): unknown {
  if (name === 'variables') return new JsonText(onOneLine(String(given)))
  if (name === 'activateElements') return elementsOf(given as readonly JobResultActivateElement[])
  if (name === 'result') return resultOf(given as Partial<JobResult>)
  if (name === 'activateInstructions') return (given as readonly ActivateInstruction[]).map(activation)
  if (name === 'jobs') return (given as readonly Value[]).map((job) => shown('JOB', job, {}))
  return given
}

function resultOf({ corrections = {}, activateElements = [], ...given }: Partial<JobResult>): Value {
  return {
    ...noResult,
    ...given,
    corrections: { ...noResult.corrections, ...corrections },
    activateElements: elementsOf(activateElements),
  }
}

const elementsOf = (elements: readonly JobResultActivateElement[]): readonly Value[] =>
  elements.map(({ elementId, variables }) => ({ elementId, variables: new JsonText(onOneLine(variables)) }))

const activation = (instruction: ActivateInstruction) => ({
  ...instruction,
  variableInstructions: instruction.variableInstructions.map((one) => ({
    ...one,
    variables: new JsonText(onOneLine(one.variables)),
  })),
})

/** Line breaks of JSON text lie between its tokens. */
const onOneLine = (text: Json): Json => (/[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ') : text)

/** Where the value names the entity that the record's key already names. */
const ownKeyField: { readonly [V in ValueType]?: keyof Values[V] } = {
  PROCESS: 'processDefinitionKey',
  DECISION: 'decisionKey',
  DECISION_REQUIREMENTS: 'decisionRequirementsKey',
  FORM: 'formKey',
  DEPLOYMENT: 'deploymentKey',
  USER_TASK: 'userTaskKey',
}
function fromKey({ valueType, key }: LogRecord): Value {
  const field = ownKeyField[valueType]
  return field ? { [field]: key } : {}
}

function fromDefinition({ value }: LogRecord, names?: DefinitionNames): Value {
  const key = 'processDefinitionKey' in value ? (value.processDefinitionKey ?? NO_KEY) : NO_KEY
  const name = key > 0 ? names?.(key) : undefined
  return name ? { ...name, processDefinitionVersion: name.version } : {}
}
