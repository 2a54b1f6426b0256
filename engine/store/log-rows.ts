/** What records leave for searches beside the core's rows: it has ended when it is recorded, so that no row of it is ever hot. */
import { DEFAULT_TENANT, type EventOf } from '../protocol/records.ts'
import { type TableCodec, tableCodecs } from './row-codec.ts'
import type { Entry } from './store.ts'
import type { BatchOperationItem, CorrelatedSubscription, DecisionInstance } from './tables.ts'

interface Written {
  readonly codec: Pick<TableCodec<never>, 'table'> & { readonly columns: TableCodec<unknown>['columns'] }
  readonly rows: readonly unknown[]
}

export function fromLog(entries: readonly Entry[]): readonly Written[] {
  const decisions: DecisionInstance[] = []
  const items: BatchOperationItem[] = []
  const correlated: CorrelatedSubscription[] = []
  for (const { record, timestamp } of entries) {
    if (record.recordType !== 'EVENT') continue
    if (record.valueType === 'DECISION_EVALUATION') decisions.push(...decisionInstances(record, timestamp))
    if (record.valueType === 'BATCH_OPERATION_EXECUTION') items.push(...doneItem(record, timestamp))
    if (record.valueType === 'PROCESS_MESSAGE_SUBSCRIPTION' || record.valueType === 'MESSAGE_START_EVENT_SUBSCRIPTION')
      if (record.intent === 'CORRELATED') correlated.push(correlation(record, timestamp))
  }
  const written = [
    { codec: tableCodecs.decisionInstance, rows: decisions },
    { codec: tableCodecs.batchOperationItem, rows: items },
    { codec: tableCodecs.correlatedSubscription, rows: correlated },
  ] as readonly Written[]
  return written.filter(({ rows }) => rows.length > 0)
}

function decisionInstances(
  { key, value, intent }: EventOf<'DECISION_EVALUATION'>,
  timestamp: number,
): readonly DecisionInstance[] {
  const origin = {
    key,
    evaluatedAt: timestamp,
    decisionRequirementsKey: value.decisionRequirementsKey ?? -1,
    elementId: value.elementId ?? '',
    elementInstanceKey: value.elementInstanceKey ?? -1,
    processInstanceKey: value.processInstanceKey ?? -1,
    processDefinitionKey: value.processDefinitionKey ?? -1,
  }
  return (value.evaluatedDecisions ?? []).map((decision, at) => {
    const isFailed = intent === 'FAILED' && decision.decisionId === value.failedDecisionId
    return {
      ...origin,
      evaluationIndex: at + 1,
      tenantId: decision.tenantId,
      state: isFailed ? 'FAILED' : 'EVALUATED',
      evaluationFailure: isFailed ? (value.evaluationFailureMessage ?? '') : '',
      decisionKey: decision.decisionKey,
      decisionId: decision.decisionId,
      decisionName: decision.decisionName,
      decisionVersion: decision.decisionVersion,
      decisionType: decision.decisionType,
      decisionOutput: decision.decisionOutput,
      evaluatedInputs: JSON.stringify(decision.evaluatedInputs),
      matchedRules: JSON.stringify(decision.matchedRules),
    }
  })
}

function doneItem({ value }: EventOf<'BATCH_OPERATION_EXECUTION'>, processedAt: number): readonly BatchOperationItem[] {
  const { batchOperationKey = -1, item, batchOperationType = '', rejection } = value
  if (item === undefined) return []
  const state = rejection === undefined ? 'COMPLETED' : 'FAILED'
  const errorMessage = rejection === undefined ? '' : `${rejection.type}: ${rejection.reason}`
  return [
    { key: batchOperationKey, ...item, tenantId: DEFAULT_TENANT, state, batchOperationType, processedAt, errorMessage },
  ]
}

function correlation(
  record: EventOf<'PROCESS_MESSAGE_SUBSCRIPTION'> | EventOf<'MESSAGE_START_EVENT_SUBSCRIPTION'>,
  correlatedAt: number,
): CorrelatedSubscription {
  const { key, value } = record
  return {
    key,
    messageKey: value.messageKey ?? -1,
    correlatedAt,
    tenantId: value.tenantId ?? DEFAULT_TENANT,
    messageName: value.messageName ?? '',
    correlationKey: value.correlationKey ?? '',
    ...takerOf(record),
    processInstanceKey: value.processInstanceKey ?? -1,
    processDefinitionKey: value.processDefinitionKey ?? -1,
    bpmnProcessId: value.bpmnProcessId ?? '',
  }
}
function takerOf(record: EventOf<'PROCESS_MESSAGE_SUBSCRIPTION'> | EventOf<'MESSAGE_START_EVENT_SUBSCRIPTION'>) {
  if (record.valueType === 'MESSAGE_START_EVENT_SUBSCRIPTION')
    return { elementId: record.value.startEventId ?? '', elementInstanceKey: -1 }
  const { elementId = '', elementInstanceKey = -1 } = record.value
  return { elementId, elementInstanceKey }
}
