/**
 * The executable graph: what the core runs. Owns the list of element kinds (the discriminated union `ExecutableElement`).
 * Does not own parsing (parse.ts), building (compile.ts) or refusing (validate.ts).
 *
 * Invariants
 * M1 A graph is frozen once compiled and shared by all instances of its definition.
 * M2 Lists are in *model order*: outgoing flows, boundary events and event sub-processes stand in reverse file order, as
 *    Zeebe takes and subscribes them. The first entry is the first to act.
 * M3 Every id in the graph resolves: a flow's source and target, a scope, an attached activity.
 */
import type { Expression as FeelExpression } from '../feel/index.ts'
import type { BpmnElementType, BpmnEventType, VariableEvent } from '../protocol/records.ts'

/** An attribute that may be fixed text or, with a leading `=`, FEEL. `source` is FEEL without the `=`. */
export type Expression =
  | { readonly kind: 'static'; readonly text: string }
  | { readonly kind: 'feel'; readonly source: string; readonly feel: FeelExpression }

/** One `zeebe:input` or `zeebe:output`; `target` is split at dots: `a.b` is `['a', 'b']`. */
export interface Mapping {
  readonly source: Expression
  readonly target: readonly string[]
}
export type MappingDirection = 'input' | 'output'
/** All inputs or all outputs of an element, in file order; `context` computes what they give, together (mappings.ts). */
export interface Mappings {
  readonly direction: MappingDirection
  readonly list: readonly Mapping[]
  readonly context: FeelExpression
}

export interface SequenceFlow {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly condition: Expression | null
}

/** Which version a call or a decision means: at activation the latest, that of the same deployment, or that with the tag. */
export type Binding =
  | { readonly type: 'latest' }
  | { readonly type: 'deployment' }
  | { readonly type: 'versionTag'; readonly versionTag: string }

export interface JobDefinition {
  readonly type: Expression
  readonly retries: Expression
  /** `zeebe:taskHeaders`, in file order. */
  readonly headers: Readonly<Record<string, string>>
}

/** Jobs around an element's work, each done before the next begins. */
export interface ExecutionListeners {
  readonly start: readonly JobDefinition[]
  readonly end: readonly JobDefinition[]
}

export type EventDefinition =
  | { readonly type: 'none' }
  | { readonly type: 'terminate' }
  /** `name` and `correlationKey` as in the model; start events have no correlation key. */
  | { readonly type: 'message'; readonly name: Expression; readonly correlationKey: Expression | null }
  | { readonly type: 'timer'; readonly timer: 'date' | 'duration' | 'cycle'; readonly expression: Expression }
  /** `code` null catches every error; a thrower always has one. */
  | { readonly type: 'error'; readonly code: Expression | null }
  | { readonly type: 'signal'; readonly name: Expression }
  /** Zeebe 8.9's. `variableEvents`: the changes of variables that count; [] for all. */
  | {
      readonly type: 'conditional'
      readonly condition: Extract<Expression, { kind: 'feel' }>
      readonly variableEvents: readonly VariableEvent[]
    }
  /** As with errors. */
  | { readonly type: 'escalation'; readonly code: Expression | null }
  /** `target` is the id of the catch event that a throw event jumps to; null on the catch event itself. */
  | { readonly type: 'link'; readonly target: string | null }
  /** `activity` is the id of the only activity that a throw event compensates; null for all of its scope. */
  | { readonly type: 'compensation'; readonly activity: string | null }
  /** Of a transaction: thrown inside, caught on its boundary. */
  | { readonly type: 'cancel' }

/** What comes of itself is never thrown. */
export type ThrownEvent = Exclude<EventDefinition, { readonly type: 'timer' | 'conditional' }>

export interface ElementBase {
  readonly id: string
  readonly name: string | null
  readonly bpmnElementType: BpmnElementType
  readonly bpmnEventType: BpmnEventType
  /** Id of the enclosing process, sub-process or event sub-process; null for the process itself. */
  readonly flowScope: string | null
  readonly incoming: readonly SequenceFlow[]
  readonly outgoing: readonly SequenceFlow[]
  readonly inputs: Mappings | null
  readonly outputs: Mappings | null
  readonly listeners: ExecutionListeners
  /** Milliseconds that a failed job waits where its worker does not say, by the number of failures, the last for all that follow. */
  readonly retryBackoffs: readonly number[]
}

export interface Activity extends ElementBase {
  readonly boundaryEvents: readonly BoundaryEvent[]
}

/** What process, sub-process and event sub-process have in common. */
export interface Container {
  /** The none start event, or the single start event of an event sub-process; null when instances begin by message or timer only. */
  readonly startEvent: StartEvent | null
  readonly eventSubProcesses: readonly EventSubProcess[]
}

export interface Process extends ElementBase, Container {
  readonly kind: 'process'
  /** Every start event of the process: none, message and timer. */
  readonly startEvents: readonly StartEvent[]
}
export interface SubProcess extends Activity, Container {
  readonly kind: 'sub-process'
}
export interface EventSubProcess extends ElementBase, Container {
  readonly kind: 'event-sub-process'
  readonly startEvent: StartEvent
}
export interface StartEvent extends ElementBase {
  readonly kind: 'start-event'
  readonly event: EventDefinition
  /** Of an event sub-process only: true ends what else runs in the scope. */
  readonly interrupting: boolean
  /** The linked Camunda Form that a person fills in to start; null when there is none. */
  readonly formId: string | null
}
export interface EndEvent extends ElementBase {
  readonly kind: 'end-event'
  readonly event: ThrownEvent
  /** Message end events are done by a job. */
  readonly job: JobDefinition | null
}
export interface IntermediateCatchEvent extends ElementBase {
  readonly kind: 'intermediate-catch-event'
  readonly event: EventDefinition
  /** True behind an event-based gateway: the gateway, not the event, subscribes. */
  readonly behindEventBasedGateway: boolean
}
export interface IntermediateThrowEvent extends ElementBase {
  readonly kind: 'intermediate-throw-event'
  readonly event: ThrownEvent
  readonly job: JobDefinition | null
}
export interface BoundaryEvent extends ElementBase {
  readonly kind: 'boundary-event'
  readonly event: EventDefinition
  readonly attachedTo: string
  readonly interrupting: boolean
  /** Of a compensation event: the id of the activity that undoes `attachedTo`; null on others. */
  readonly handler: string | null
}
/** Service and send task, and every task that is done by a job: script, business rule and user task with a task definition. */
export interface JobWorkerTask extends Activity {
  readonly kind: 'job-worker-task'
  readonly job: JobDefinition
  /** A job-based user task only: its properties become job headers. */
  readonly userTask: UserTaskProperties | null
}
export interface UserTask extends Activity {
  readonly kind: 'user-task'
  readonly properties: UserTaskProperties
  readonly headers: Readonly<Record<string, string>>
  readonly listenersOf: TaskListeners
}
/** What happens to a user task, told while it is under way. */
export type TaskEvent = 'creating' | 'assigning' | 'updating' | 'completing' | 'canceling'
export type TaskListeners = Readonly<Record<TaskEvent, readonly JobDefinition[]>>
export interface UserTaskProperties {
  readonly assignee: Expression | null
  readonly candidateGroups: Expression | null
  readonly candidateUsers: Expression | null
  readonly dueDate: Expression | null
  readonly followUpDate: Expression | null
  readonly priority: Expression | null
  /** A linked Camunda Form (`formId` with its binding), a foreign reference, or the old embedded form key. */
  readonly formId: { readonly id: Expression; readonly binding: Binding } | null
  readonly externalReference: Expression | null
  readonly formKey: string | null
}
export interface ReceiveTask extends Activity {
  readonly kind: 'receive-task'
  readonly event: Extract<EventDefinition, { type: 'message' }>
}
export interface ScriptTask extends Activity {
  readonly kind: 'script-task'
  readonly expression: Expression
  readonly resultVariable: string
}
export interface BusinessRuleTask extends Activity {
  readonly kind: 'business-rule-task'
  readonly decisionId: Expression
  readonly binding: Binding
  readonly resultVariable: string
}
/** Undefined and manual tasks: pass through. */
export interface PassThroughTask extends Activity {
  readonly kind: 'task'
}
export interface CallActivity extends Activity {
  readonly kind: 'call-activity'
  readonly processId: Expression
  readonly binding: Binding
  readonly propagateAllParentVariables: boolean
  readonly propagateAllChildVariables: boolean
}
/** How often an activity runs, and over what. */
export interface Loop {
  readonly isSequential: boolean
  readonly inputCollection: Expression
  /** Names of variables local to a child. */
  readonly inputElement: string | null
  readonly output: LoopOutput | null
  readonly completionCondition: Expression | null
}
export interface LoopOutput {
  readonly collection: string
  readonly element: Expression
  /** The variable that `element` names or looks into; each child has one of its own from the first. Null for other expressions. */
  readonly variable: string | null
}
/**
 * A multi-instance activity, under the activity's id: it has its flows and boundary events, the activity inside all the rest. An
 * instance of type MULTI_INSTANCE_BODY is the body's, every other under that id the activity's.
 */
export interface MultiInstanceBody extends Activity {
  readonly kind: 'multi-instance-body'
  readonly loop: Loop
  /** Without flows and boundary events; its flow scope is the body. */
  readonly inner: LoopedActivity
}
/** A scope whose elements begin when they are told to, each in an inner instance. */
export interface AdHocSubProcess extends Activity, Container {
  readonly kind: 'ad-hoc-sub-process'
  /** Ids of the elements that can be told to begin, in file order. */
  readonly activities: readonly string[]
  /** The JSON list that describes them. */
  readonly metadata: string
  /** Which begin by themselves; null for none. */
  readonly activeElements: Expression | null
  readonly completionCondition: Expression | null
  readonly cancelRemainingInstances: boolean
  readonly output: LoopOutput | null
  /** The worker that decides what begins; null when the model and commands do. */
  readonly job: JobDefinition | null
  readonly innerInstance: AdHocInnerInstance
}
export interface AdHocInnerInstance extends ElementBase {
  readonly kind: 'ad-hoc-inner-instance'
}
export interface ExclusiveGateway extends ElementBase {
  readonly kind: 'exclusive-gateway'
  readonly defaultFlow: SequenceFlow | null
}
export interface InclusiveGateway extends ElementBase {
  readonly kind: 'inclusive-gateway'
  readonly defaultFlow: SequenceFlow | null
}
export interface ParallelGateway extends ElementBase {
  readonly kind: 'parallel-gateway'
}
export interface EventBasedGateway extends ElementBase {
  readonly kind: 'event-based-gateway'
  readonly events: readonly IntermediateCatchEvent[]
}

/** What may be in a multi-instance body. */
export type LoopedActivity =
  | SubProcess
  | AdHocSubProcess
  | JobWorkerTask
  | UserTask
  | ReceiveTask
  | ScriptTask
  | BusinessRuleTask
  | PassThroughTask
  | CallActivity

export type ExecutableElement =
  | Process
  | MultiInstanceBody
  | AdHocSubProcess
  | AdHocInnerInstance
  | SubProcess
  | EventSubProcess
  | StartEvent
  | EndEvent
  | IntermediateCatchEvent
  | IntermediateThrowEvent
  | BoundaryEvent
  | JobWorkerTask
  | UserTask
  | ReceiveTask
  | ScriptTask
  | BusinessRuleTask
  | PassThroughTask
  | CallActivity
  | ExclusiveGateway
  | InclusiveGateway
  | ParallelGateway
  | EventBasedGateway

export type ElementKind = ExecutableElement['kind']
export type ElementOf<K extends ElementKind> = Extract<ExecutableElement, { kind: K }>
export type ActivityElement = Extract<ExecutableElement, { boundaryEvents: readonly BoundaryEvent[] }>
export type ContainerElement = Process | SubProcess | EventSubProcess | AdHocSubProcess

export interface ExecutableProcess {
  readonly id: string
  readonly name: string | null
  readonly versionTag: string | null
  readonly process: Process
  /** Every element by id, the process included. */
  readonly elements: ReadonlyMap<string, ExecutableElement>
  readonly flows: ReadonlyMap<string, SequenceFlow>
}
