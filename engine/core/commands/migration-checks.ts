/** Which migrations are refused, and in which words. */
import type { ExecutableElement, ExecutableProcess } from '../../model/executable.ts'
import type { Key, MappingInstruction, RejectionType } from '../../protocol/records.ts'
import { isCancelled } from '../behaviors/events.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance, Subscription } from '../state/rows.ts'

export interface Migration {
  readonly instanceKey: Key
  readonly source: ExecutableProcess
  readonly targetKey: Key
  readonly target: ExecutableProcess
  /** From source to target ids, the process's own among them. */
  readonly mapping: ReadonlyMap<string, string>
  /** Ids in the target that something is mapped to. */
  readonly kept: ReadonlySet<string>
}

/** Rejects: NOT_FOUND, INVALID_ARGUMENT (ids that are not there or that are mapped twice). */
export function checkPlan(
  p: Processing,
  instanceKey: Key,
  targetKey: Key,
  mappings: readonly MappingInstruction[],
): Migration {
  const instance = p.state.get('elementInstance', instanceKey)
  if (instance === undefined || instance.bpmnElementType !== 'PROCESS') {
    refuse('NOT_FOUND', `Expected to migrate process instance but no process instance found with key '${instanceKey}'`)
  }
  const sources = mappings.map(({ sourceElementId }) => sourceElementId)
  const twice = sources.filter((id, i) => sources.indexOf(id) !== i)
  const refuseIt = refuser(instanceKey, 'INVALID_ARGUMENT')
  if (twice.length > 0)
    refuseIt(`the mapping instructions contain duplicate source element ids '[${[...new Set(twice)].join(', ')}]'.`)
  const definition = p.state.get('processDefinition', targetKey)
  if (definition === undefined || definition.deleted) {
    refuse(
      'NOT_FOUND',
      `Expected to migrate process instance to process definition but no process definition found with key '${targetKey}'`,
    )
  }
  const source = p.process(instance.processDefinitionKey)
  const target = p.process(targetKey)
  const isIn = ({ elements, flows }: ExecutableProcess, id: string) => elements.has(id) || flows.has(id)
  for (const { sourceElementId, targetElementId } of mappings) {
    if (!isIn(source, sourceElementId))
      refuseIt(
        `mapping instructions contain a non-existing source element id '${sourceElementId}'. Elements provided in mapping instructions must exist in the source process definition.`,
      )
    if (!isIn(target, targetElementId))
      refuseIt(
        `mapping instructions contain a non-existing target element id '${targetElementId}'. Elements provided in mapping instructions must exist in the target process definition.`,
      )
  }
  const pairs = mappings.map(({ sourceElementId, targetElementId }) => [sourceElementId, targetElementId] as const)
  const mapping = new Map([...pairs, [source.id, target.id]])
  return { instanceKey, source, targetKey, target, mapping, kept: new Set(mapping.values()) }
}

/** Of the instances that a message with one correlation key may start there is one at a time. Rejects: INVALID_STATE. */
export function checkStart(p: Processing, { source, target, targetKey }: Migration, instance: ElementInstance): void {
  if (source.id === target.id || !target.process.startEvents.some(({ event }) => event.type === 'message')) return
  const lock = p.state.get('startLock', instance.key)
  if (lock === undefined || p.state.find('locksFor', lock.tenantId, target.id, lock.correlationKey).size === 0) return
  refuser(
    instance.key,
    'INVALID_STATE',
  )(
    `target process definition '${targetKey}' has an active instance triggered by a message start event with correlation key '${lock.correlationKey}'. Only one instance per correlation key is allowed for message start events.`,
  )
}

/** What is opened anew must not be what is closed. Rejects: INVALID_STATE. */
export function checkMessages(
  { processInstanceKey, elementId }: ElementInstance,
  before: readonly Subscription[],
  now: readonly Subscription[],
): void {
  const known = new Set(before.map(({ key }) => key))
  const names = new Set(before.map(({ messageName }) => messageName))
  const again = now.find(({ key, messageName }) => !known.has(key) && names.has(messageName))
  if (again === undefined) return
  refuser(
    processInstanceKey,
    'INVALID_STATE',
  )(
    `active element with id '${elementId}' is already subscribed to the same message name '${again.messageName}'. Currently, migrating message subscriptions to the same message name isn't supported without a mapping. Please provide a mapping instruction between message catch event with id '${again.elementId}' and the target message catch event. `,
  )
}

const refuser =
  (instanceKey: Key, type: RejectionType) =>
  (but: string): never =>
    refuse(type, `Expected to migrate process instance '${instanceKey}' but ${but}`)

/** The element of the target that an active instance becomes one of. Rejects: INVALID_STATE. */
export function checkElement(p: Processing, migration: Migration, instance: ElementInstance): ExecutableElement {
  const refuseIt = refuser(migration.instanceKey, 'INVALID_STATE')
  const { elementId, bpmnElementType } = instance
  const element = p.element(instance)
  if (isCancelled(p, instance)) {
    refuseIt(
      `active element with id '${elementId}' is a transaction that is being cancelled. Migrate the process instance once the cancel boundary event has been reached.`,
    )
  }
  if (element.kind === 'intermediate-catch-event' && element.behindEventBasedGateway) {
    refuseIt(
      `active element with id '${elementId}' is an intermediate catch event attached to an event-based gateway. Migrating active events attached to an event-based gateway is not possible yet.`,
    )
  }
  const targetId = migration.mapping.get(elementId)
  const found = migration.target.elements.get(targetId ?? '')
  if (targetId === undefined || found === undefined) {
    return refuseIt(
      `no mapping instruction defined for active element with id '${elementId}'. Elements cannot be migrated without a mapping.`,
    )
  }
  const isInner = found.kind === 'multi-instance-body' && bpmnElementType !== 'MULTI_INSTANCE_BODY'
  const target: ExecutableElement = isInner ? found.inner : found
  if (target.bpmnElementType !== bpmnElementType) {
    refuseIt(
      `active element with id '${elementId}' and type '${bpmnElementType}' is mapped to an element with id '${targetId}' and different type '${target.bpmnElementType}'. Elements must be mapped to elements of the same type.`,
    )
  }
  if (bpmnElementType === 'USER_TASK' && target.kind !== element.kind) {
    refuseIt(
      `active user task with id '${elementId}' and implementation '${implementation(element)}' is mapped to an user task with id '${targetId}' and different implementation '${implementation(target)}'. Elements must be mapped to elements of the same implementation.`,
    )
  }
  // An event that has happened and has not been taken up yet names an element of the source.
  if (instance.triggers.length > 0)
    refuseIt('a concurrent command was executed on the process instance. Please retry the migration.')
  checkScope(p, instance, target, refuseIt)
  checkCatchEvents(migration, element, target, refuseIt)
  checkLoops(element, target, refuseIt)
  return target
}
const implementation = ({ kind }: ExecutableElement) => (kind === 'user-task' ? 'zeebe user task' : 'job worker')

/** Outer elements have been migrated before. */
function checkScope(
  p: Processing,
  { elementId, flowScopeKey }: ElementInstance,
  target: ExecutableElement,
  refuseIt: (but: string) => never,
): void {
  const scope = flowScopeKey > 0 ? p.instance(flowScopeKey).elementId : null
  if (scope === null || target.flowScope === scope) return
  refuseIt(
    `the flow scope of active element with id '${elementId}' is changed. The flow scope of the active element is expected to be '${scope}' but was '${target.flowScope}'. The flow scope of an element cannot be changed during migration yet.`,
  )
}

type Attached = readonly { readonly id: string; readonly event: { readonly type: string } }[]
function attachedTo(element: ExecutableElement): Attached {
  const starts = 'eventSubProcesses' in element ? element.eventSubProcesses.map(({ startEvent }) => startEvent) : []
  return [...starts, ...('boundaryEvents' in element ? element.boundaryEvents : [])]
}

function checkCatchEvents(
  { mapping }: Migration,
  element: ExecutableElement,
  target: ExecutableElement,
  refuseIt: (but: string) => never,
): void {
  const attached = attachedTo(target)
  for (const { id, event } of attachedTo(element)) {
    const targetId = mapping.get(id)
    if (targetId === undefined) continue
    const stays = attached.find((one) => one.id === targetId)
    if (stays === undefined) {
      refuseIt(
        `active element with id '${element.id}' is mapped to an element with id '${target.id}' and has a catch event with id '${id}' that is mapped to a catch event with id '${targetId}'. These mappings detach the catch event from the element in the target process. Catch events must stay attached to the same element instance.`,
      )
    }
    const merged = [...mapping].flatMap(([from, to]) => (to === targetId ? [from] : []))
    if (merged.length > 1) {
      refuseIt(
        `active element with id '${element.id}' has a catch event attached that is mapped to a catch event with id '${targetId}'. There are multiple mapping instructions that target this catch event: '${merged.join("', '")}'. Catch events cannot be merged by process instance migration. Please ensure the mapping instructions target a catch event only once.`,
      )
    }
    if (stays.event.type === event.type) continue
    refuseIt(
      `active element with id '${element.id}' has a catch event with id '${id}' that is mapped to a catch event with id '${targetId}'. These catch events have different event types: '${event.type.toUpperCase()}' and '${stays.event.type.toUpperCase()}'. The event type of a catch event cannot be changed by process instance migration. Please ensure the event type of the catch event remains the same or remove the mapping instruction for these catch events.`,
    )
  }
}

function checkLoops(element: ExecutableElement, target: ExecutableElement, refuseIt: (but: string) => never): void {
  if (element.kind !== 'multi-instance-body' || target.kind !== 'multi-instance-body') return
  if (element.loop.isSequential === target.loop.isSequential) return
  refuseIt(
    `active element with id '${element.id}' has a different loop characteristics than the target element with id '${target.id}'. Both elements must have either sequential or parallel loop characteristics.`,
  )
}

/** The flow of the target on which a token before a join goes on waiting. Rejects: INVALID_ARGUMENT. */
export function takenFlow(
  p: Processing,
  { instanceKey, target, mapping }: Migration,
  sourceKey: Key,
  flowId: string,
): string {
  const refuseIt = refuser(instanceKey, 'INVALID_ARGUMENT')
  const source = p.process(sourceKey)
  const join = source.elements.get(source.flows.get(flowId)!.target)!
  const targetJoin = target.elements.get(mapping.get(join.id) ?? '')
  if (targetJoin === undefined || targetJoin.kind !== join.kind) {
    return refuseIt(
      `gateway '${join.id}' has at least one incoming sequence flow taken. Joining gateways with at least one incoming sequence flow taken must be mapped to a gateway of the same type in the target process definition.`,
    )
  }
  if (targetJoin.incoming.length < join.incoming.length) {
    refuseIt(
      `target gateway with id '${targetJoin.id}' has less incoming sequence flows than the source gateway with id '${join.id}'. Target gateway must have at least the same number of incoming sequence flows as the source gateway.`,
    )
  }
  const targetFlow = mapping.get(flowId)
  if (targetFlow !== undefined) return targetFlow
  return refuseIt(
    `joining gateway with id '${join.id}' has a taken sequence flow with id '${flowId}'. Taken sequence flows must be mapped to a sequence flow in the target process definition.`,
  )
}
