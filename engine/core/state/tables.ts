/** The tables of the engine's memory, and the places under which their rows are found. */
import type {
  BatchOperation,
  BatchOperationChunk,
  CompensationSubscription,
  ConditionalSubscription,
  Decision,
  DecisionRequirements,
  ElementInstance,
  Form,
  HeldCommand,
  Incident,
  Job,
  ListPart,
  Message,
  MessageStart,
  ProcessDefinition,
  Resource,
  SignalSubscription,
  StartLock,
  Subscription,
  Suspension,
  Timer,
  UserTask,
  Variable,
} from './rows.ts'

export interface Tables {
  elementInstance: ElementInstance
  variable: Variable
  listPart: ListPart
  job: Job
  userTask: UserTask
  incident: Incident
  timer: Timer
  subscription: Subscription
  message: Message
  messageStart: MessageStart
  signalSubscription: SignalSubscription
  conditionalSubscription: ConditionalSubscription
  compensationSubscription: CompensationSubscription
  startLock: StartLock
  suspension: Suspension
  heldCommand: HeldCommand
  processDefinition: ProcessDefinition
  decision: Decision
  decisionRequirements: DecisionRequirements
  form: Form
  resource: Resource
  batchOperation: BatchOperation
  batchOperationChunk: BatchOperationChunk
}
export type TableName = keyof Tables
export type AnyRow = Tables[TableName]

export const text = (...parts: readonly (string | number)[]) => parts.join('\u0000')

export const tableNames: readonly TableName[] = [
  'elementInstance',
  'variable',
  'listPart',
  'job',
  'userTask',
  'incident',
  'timer',
  'subscription',
  'message',
  'messageStart',
  'signalSubscription',
  'conditionalSubscription',
  'compensationSubscription',
  'startLock',
  'suspension',
  'heldCommand',
  'processDefinition',
  'decision',
  'decisionRequirements',
  'form',
  'resource',
  'batchOperation',
  'batchOperationChunk',
]

/**
 * Named lookups. Each maps a row to the text or key under which it is found, or to null when it is not to be found at all.
 */
export const lookups = {
  childrenOf: {
    table: 'elementInstance',
    of: (r: ElementInstance) => (r.flowScopeKey > 0 ? r.flowScopeKey : null),
  },
  variablesOf: { table: 'variable', of: (r: Variable) => r.scopeKey },
  partsOf: { table: 'listPart', of: (r: ListPart) => r.listKey },
  timersOf: {
    table: 'timer',
    of: (r: Timer) => (r.elementInstanceKey > 0 ? r.elementInstanceKey : r.processDefinitionKey),
  },
  incidentsOf: { table: 'incident', of: (r: Incident) => r.elementInstanceKey },
  subscriptionsOf: { table: 'subscription', of: (r: Subscription) => r.elementInstanceKey },
  subscriptionsFor: {
    table: 'subscription',
    of: (r: Subscription) =>
      r.messageSubscriptionKey > 0 && r.state !== 'DELETING' ? text(r.tenantId, r.messageName, r.correlationKey) : null,
  },
  messagesFor: { table: 'message', of: (r: Message) => text(r.tenantId, r.name, r.correlationKey) },
  messagesWithId: {
    table: 'message',
    of: (r: Message) => (r.messageId === '' ? null : text(r.tenantId, r.name, r.correlationKey, r.messageId)),
  },
  locksFor: {
    table: 'startLock',
    of: (r: StartLock) => text(r.tenantId, r.bpmnProcessId, r.correlationKey),
  },
  /** By instance, definition or, of all its versions, process; those of job types together. */
  suspensionsOf: {
    table: 'suspension',
    of: (r: Suspension) =>
      [r.processInstanceKey, r.processDefinitionKey].find((key) => key > 0) ?? text(r.tenantId, r.bpmnProcessId),
  },
  heldBy: { table: 'heldCommand', of: (r: HeldCommand) => r.suspensionKey },
  heldIn: {
    table: 'heldCommand',
    of: (r: HeldCommand) => (r.rootProcessInstanceKey > 0 ? r.rootProcessInstanceKey : null),
  },
  instancesOf: {
    table: 'elementInstance',
    of: (r: ElementInstance) => (r.bpmnElementType === 'PROCESS' ? r.processDefinitionKey : null),
  },
  /** Of root instances. */
  instancesWithBusinessId: {
    table: 'elementInstance',
    of: (r: ElementInstance) =>
      r.businessId === '' || r.parentElementInstanceKey > 0 ? null : text(r.tenantId, r.elementId, r.businessId),
  },
  signalSubscriptionsOf: {
    table: 'signalSubscription',
    of: (r: SignalSubscription) => (r.catchEventInstanceKey > 0 ? r.catchEventInstanceKey : r.processDefinitionKey),
  },
  signalSubscriptionsFor: {
    table: 'signalSubscription',
    of: (r: SignalSubscription) => text(r.tenantId, r.signalName),
  },
  conditionalSubscriptionsOf: {
    table: 'conditionalSubscription',
    of: (r: ConditionalSubscription) => (r.elementInstanceKey > 0 ? r.elementInstanceKey : r.processDefinitionKey),
  },
  conditionalStartsFor: {
    table: 'conditionalSubscription',
    of: (r: ConditionalSubscription) => (r.elementInstanceKey > 0 ? null : text(r.tenantId)),
  },
  compensationsOf: {
    table: 'compensationSubscription',
    of: (r: CompensationSubscription) => r.processInstanceKey,
  },
  messageStartsFor: { table: 'messageStart', of: (r: MessageStart) => text(r.tenantId, r.messageName) },
  messageStartsOf: { table: 'messageStart', of: (r: MessageStart) => r.processDefinitionKey },
  processesWithId: {
    table: 'processDefinition',
    of: (r: ProcessDefinition) => text(r.tenantId, r.bpmnProcessId),
  },
  decisionsWithId: { table: 'decision', of: (r: Decision) => text(r.tenantId, r.decisionId) },
  decisionsOf: { table: 'decision', of: (r: Decision) => r.decisionRequirementsKey },
  requirementsWithId: {
    table: 'decisionRequirements',
    of: (r: DecisionRequirements) => text(r.tenantId, r.decisionRequirementsId),
  },
  requirementsWithNamespace: {
    table: 'decisionRequirements',
    of: (r: DecisionRequirements) => text(r.tenantId, r.namespace),
  },
  formsWithId: { table: 'form', of: (r: Form) => text(r.tenantId, r.formId) },
} as const
export type LookupName = keyof typeof lookups
export type RowOf<L extends LookupName> = Tables[(typeof lookups)[L]['table']]

/** Tables that are loaded whole when the engine opens: they are small and everything leans on them. */
export const residentTables: ReadonlySet<TableName> = new Set<TableName>([
  'processDefinition',
  'decision',
  'decisionRequirements',
  'form',
  'messageStart',
  'batchOperation',
  'suspension',
])
