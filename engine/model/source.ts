/**
 * The diagram as its author drew it: the part of BPMN and of Zeebe's extensions that rules and compiler read, typed.
 * Owns names and shapes. Does not own parsing (parse.ts) or meaning (compile.ts).
 */
import type { ModdleElement } from 'bpmn-moddle'
import type { TaskEvent } from './executable.ts'

export interface Definitions extends ModdleElement {
  readonly rootElements?: readonly ModdleElement[]
}
export interface BaseElement extends ModdleElement {
  readonly name?: string
  readonly documentation?: readonly ModdleElement[]
  readonly extensionElements?: ModdleElement & { readonly values?: readonly ModdleElement[] }
}
export interface Scope extends BaseElement {
  readonly flowElements?: readonly BaseElement[]
  readonly artifacts?: readonly BaseElement[]
}
export interface ProcessElement extends Scope {
  readonly isExecutable?: boolean
}
export interface SubProcessElement extends Scope, ActivityElement {
  readonly triggeredByEvent?: boolean
}
export interface FlowNode extends BaseElement {
  readonly incoming?: readonly ModdleElement[]
  readonly outgoing?: readonly ModdleElement[]
}
export interface ActivityElement extends FlowNode {
  readonly isForCompensation?: boolean
  readonly loopCharacteristics?: BaseElement
}
export interface MultiInstanceElement extends BaseElement {
  readonly isSequential?: boolean
  readonly completionCondition?: TextElement
}
export interface AdHocSubProcessElement extends SubProcessElement {
  readonly completionCondition?: TextElement
  readonly cancelRemainingInstances?: boolean
}
export interface AdHoc extends ModdleElement {
  readonly activeElementsCollection?: string
  readonly outputCollection?: string
  readonly outputElement?: string
}
export interface Properties extends ModdleElement {
  readonly properties?: readonly (ModdleElement & { readonly name?: string; readonly value?: string })[]
}
export interface GatewayElement extends FlowNode {
  readonly default?: SequenceFlowElement
}
export interface SequenceFlowElement extends BaseElement {
  readonly sourceRef?: FlowNode
  readonly targetRef?: FlowNode
  readonly conditionExpression?: TextElement
}
export interface TextElement extends ModdleElement {
  readonly body?: string
}
export interface EventElement extends FlowNode {
  readonly eventDefinitions?: readonly BaseElement[]
}
export interface StartEventElement extends EventElement {
  readonly isInterrupting?: boolean
}
export interface BoundaryEventElement extends EventElement {
  readonly attachedToRef?: ActivityElement
  readonly cancelActivity?: boolean
}
export interface MessageEventDefinition extends BaseElement {
  readonly messageRef?: BaseElement
}
export interface TimerEventDefinition extends BaseElement {
  readonly timeDate?: TextElement
  readonly timeDuration?: TextElement
  readonly timeCycle?: TextElement
}
export interface ErrorElement extends BaseElement {
  readonly errorCode?: string
}
export interface ErrorEventDefinition extends BaseElement {
  readonly errorRef?: ErrorElement
}
export interface SignalEventDefinition extends BaseElement {
  readonly signalRef?: BaseElement
}
export interface EscalationElement extends BaseElement {
  readonly escalationCode?: string
}
export interface EscalationEventDefinition extends BaseElement {
  readonly escalationRef?: EscalationElement
}
export interface CompensateEventDefinition extends BaseElement {
  readonly activityRef?: ActivityElement
  readonly waitForCompletion?: boolean
}
export interface ConditionalEventDefinition extends BaseElement {
  readonly condition?: TextElement
}
export interface AssociationElement extends BaseElement {
  readonly sourceRef?: ModdleElement
  readonly targetRef?: ModdleElement
}
export interface MessageTask extends ActivityElement {
  readonly messageRef?: BaseElement
}

export interface TaskDefinition extends ModdleElement {
  readonly type?: string
  readonly retries?: string
}
export interface LoopCharacteristics extends ModdleElement {
  readonly inputCollection?: string
  readonly inputElement?: string
  readonly outputCollection?: string
  readonly outputElement?: string
}
export interface TaskHeaders extends ModdleElement {
  readonly values?: readonly (ModdleElement & { readonly key?: string; readonly value?: string })[]
}
export interface InputOutput extends ModdleElement {
  readonly source?: string
  readonly target?: string
}
export interface IoMapping extends ModdleElement {
  readonly inputParameters?: readonly InputOutput[]
  readonly outputParameters?: readonly InputOutput[]
}
export interface Bound extends ModdleElement {
  readonly bindingType?: string
  readonly versionTag?: string
}
export interface CalledElement extends Bound {
  readonly processId?: string
  readonly propagateAllChildVariables?: boolean
  readonly propagateAllParentVariables?: boolean
}
export interface CalledDecision extends Bound {
  readonly decisionId?: string
  readonly resultVariable?: string
}
export interface FormDefinition extends Bound {
  readonly formKey?: string
  readonly formId?: string
  readonly externalReference?: string
}
export interface LinkedResource extends ModdleElement {
  readonly resourceId?: string
  readonly resourceType?: string
}
export interface Script extends ModdleElement {
  readonly expression?: string
  readonly resultVariable?: string
}
export interface Listener extends ModdleElement {
  readonly eventType?: string
  readonly type?: string
  readonly retries?: string
}
export interface Listeners extends ModdleElement {
  readonly listeners?: readonly Listener[]
}
/** Zeebe's older names of the events of a task mean the same. */
export const taskEvents: Readonly<Record<string, TaskEvent>> = {
  creating: 'creating',
  create: 'creating',
  assigning: 'assigning',
  assignment: 'assigning',
  updating: 'updating',
  update: 'updating',
  completing: 'completing',
  complete: 'completing',
  canceling: 'canceling',
  cancel: 'canceling',
}

export interface AssignmentDefinition extends ModdleElement {
  readonly assignee?: string
  readonly candidateGroups?: string
  readonly candidateUsers?: string
}
export interface TaskSchedule extends ModdleElement {
  readonly dueDate?: string
  readonly followUpDate?: string
}

/** The types rules and compiler ask for; the abstract ones of BPMN stand for all below them. */
export interface ElementTypes {
  'bpmn:Activity': ActivityElement
  'bpmn:Association': AssociationElement
  'bpmn:AdHocSubProcess': AdHocSubProcessElement
  'bpmn:BaseElement': BaseElement
  'bpmn:BoundaryEvent': BoundaryEventElement
  'bpmn:BusinessRuleTask': ActivityElement
  'bpmn:CallActivity': ActivityElement
  'bpmn:CancelEventDefinition': BaseElement
  'bpmn:CatchEvent': EventElement
  'bpmn:CompensateEventDefinition': CompensateEventDefinition
  'bpmn:ComplexGateway': FlowNode
  'bpmn:ConditionalEventDefinition': ConditionalEventDefinition
  'bpmn:Definitions': Definitions
  'bpmn:EndEvent': EventElement
  'bpmn:Error': ErrorElement
  'bpmn:ErrorEventDefinition': ErrorEventDefinition
  'bpmn:Escalation': EscalationElement
  'bpmn:EscalationEventDefinition': EscalationEventDefinition
  'bpmn:Event': EventElement
  'bpmn:EventBasedGateway': FlowNode
  'bpmn:EventDefinition': BaseElement
  'bpmn:ExclusiveGateway': GatewayElement
  'bpmn:Expression': TextElement
  'bpmn:FlowElement': BaseElement
  'bpmn:FlowNode': FlowNode
  'bpmn:Gateway': FlowNode
  'bpmn:InclusiveGateway': GatewayElement
  'bpmn:IntermediateCatchEvent': EventElement
  'bpmn:IntermediateThrowEvent': EventElement
  'bpmn:LinkEventDefinition': BaseElement
  'bpmn:ManualTask': ActivityElement
  'bpmn:Message': BaseElement
  'bpmn:MessageEventDefinition': MessageEventDefinition
  'bpmn:MultiInstanceLoopCharacteristics': MultiInstanceElement
  'bpmn:ParallelGateway': FlowNode
  'bpmn:Process': ProcessElement
  'bpmn:ReceiveTask': MessageTask
  'bpmn:ScriptTask': ActivityElement
  'bpmn:SendTask': MessageTask
  'bpmn:SequenceFlow': SequenceFlowElement
  'bpmn:ServiceTask': ActivityElement
  'bpmn:Signal': BaseElement
  'bpmn:SignalEventDefinition': SignalEventDefinition
  'bpmn:StartEvent': StartEventElement
  'bpmn:SubProcess': SubProcessElement
  'bpmn:Task': ActivityElement
  'bpmn:TerminateEventDefinition': BaseElement
  'bpmn:ThrowEvent': EventElement
  'bpmn:TimerEventDefinition': TimerEventDefinition
  'bpmn:Transaction': SubProcessElement
  'bpmn:UserTask': ActivityElement
  'zeebe:AdHoc': AdHoc
  'zeebe:AssignmentDefinition': AssignmentDefinition
  'zeebe:CalledDecision': CalledDecision
  'zeebe:CalledElement': CalledElement
  'zeebe:ConditionalFilter': ModdleElement & { readonly variableEvents?: string }
  'zeebe:ExecutionListener': Listener
  'zeebe:ExecutionListeners': Listeners
  'zeebe:FormDefinition': FormDefinition
  'zeebe:Input': InputOutput
  'zeebe:IoMapping': IoMapping
  'zeebe:LinkedResource': LinkedResource
  'zeebe:LinkedResources': ModdleElement
  'zeebe:LoopCharacteristics': LoopCharacteristics
  'zeebe:Output': InputOutput
  'zeebe:PriorityDefinition': ModdleElement & { readonly priority?: string }
  'zeebe:Properties': Properties
  'zeebe:PublishMessage': ModdleElement & { readonly correlationKey?: string }
  'zeebe:Script': Script
  'zeebe:Subscription': ModdleElement & { readonly correlationKey?: string }
  'zeebe:TaskDefinition': TaskDefinition
  'zeebe:TaskHeaders': TaskHeaders
  'zeebe:TaskListener': Listener
  'zeebe:TaskListeners': Listeners
  'zeebe:TaskSchedule': TaskSchedule
  'zeebe:UserTask': ModdleElement
  'zeebe:UserTaskForm': TextElement
  'zeebe:VersionTag': ModdleElement & { readonly value?: string }
}
export type TypeName = keyof ElementTypes
export type ElementOfType<T extends TypeName> = ElementTypes[T]

/** The text of an element without the white space that formatting puts around it; '' when it is empty, undefined without element. */
export function textOf(element: TextElement): string
export function textOf(element: TextElement | undefined): string | undefined
export function textOf(element: TextElement | undefined): string | undefined {
  return element && (element.body ?? '').trim()
}

/** The process around an element. */
export function processOf(element: ModdleElement | undefined): ModdleElement | undefined {
  let around = element
  while (around !== undefined && !is(around, 'bpmn:Process')) around = around.$parent
  return around
}

/** True for the type and all below it. */
export function is<T extends TypeName>(element: ModdleElement | undefined, type: T): element is ElementOfType<T> {
  return element?.$instanceOf?.(type) ?? false
}

export function childrenOfType<T extends TypeName>(scope: Scope, type: T): readonly ElementOfType<T>[] {
  return (scope.flowElements ?? []).filter((element): element is BaseElement & ElementOfType<T> => is(element, type))
}

export function extensions<T extends TypeName>(element: BaseElement, type: T): readonly ElementOfType<T>[] {
  return (element.extensionElements?.values ?? []).filter((value): value is ElementOfType<T> => is(value, type))
}

export function extension<T extends TypeName>(element: BaseElement, type: T): ElementOfType<T> | undefined {
  return extensions(element, type)[0]
}

export function eventDefinitions<T extends TypeName>(event: EventElement, type: T): readonly ElementOfType<T>[] {
  return (event.eventDefinitions ?? []).filter((definition): definition is BaseElement & ElementOfType<T> =>
    is(definition, type),
  )
}

/** The direct children of an element with the names of their tags, in the order of the descriptor. */
export function* children(element: ModdleElement): Generator<{ readonly tag: string; readonly child: ModdleElement }> {
  for (const property of element.$descriptor.properties ?? []) {
    if (property.isAttr || property.isBody || property.isReference || property.isVirtual) continue
    const held = element.get(property.name)
    for (const child of Array.isArray(held) ? held : [held]) {
      if (isElement(child))
        yield { tag: property.xml?.serialize === undefined ? tagOf(child) : property.ns.localName, child }
    }
  }
}
const isElement = (held: unknown): held is ModdleElement => typeof held === 'object' && held !== null && '$type' in held

/** `bpmn:StartEvent` is written `startEvent`. */
export function tagOf(element: ModdleElement): string {
  const local = element.$type.slice(element.$type.indexOf(':') + 1)
  return local.charAt(0).toLowerCase() + local.slice(1)
}
