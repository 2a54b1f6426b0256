/** Moving a running instance to another definition. Source: Camunda docs › Concepts › Process instance migration. */
import type { ExecutableElement, ExecutableProcess } from '../../model/executable.ts'
import type { CommandOf, Key } from '../../protocol/records.ts'
import {
  type Catcher,
  catchersOf,
  subscribe,
  subscriptionValue,
  timerValue,
  unsubscribe,
} from '../behaviors/awaited-events.ts'
import { compensationSubProcessOf } from '../behaviors/compensation.ts'
import { conditionalValue } from '../behaviors/conditions.ts'
import { incidentValue } from '../behaviors/incidents.ts'
import { jobValue } from '../behaviors/jobs.ts'
import { userTaskValue } from '../behaviors/user-tasks.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { checkHeld, moveHeld } from './held-migration.ts'
import { checkElement, checkMessages, checkPlan, checkStart, type Migration, takenFlow } from './migration-checks.ts'

/**
 * Every active element is mapped to one of the same type in the target; what was done stays done. Mapped catch events keep what they
 * wait for, others close, new ones open.
 * Emits ELEMENT_MIGRATED, SEQUENCE_FLOW_DELETED and TAKEN before joins, JOB, INCIDENT, USER_TASK and VARIABLE MIGRATED, subscriptions;
 * PROCESS_INSTANCE_MIGRATION MIGRATED last.
 * Rejects: NOT_FOUND (instance, target), INVALID_ARGUMENT (the plan), INVALID_STATE (an active element cannot be migrated).
 */
export function migrate(p: Processing, command: CommandOf<'PROCESS_INSTANCE_MIGRATION'>): void {
  const { processInstanceKey = -1, targetProcessDefinitionKey = -1, mappingInstructions = [] } = command.value
  const migration = checkPlan(p, processInstanceKey, targetProcessDefinitionKey, mappingInstructions)
  const before = p.instance(processInstanceKey)
  checkStart(p, migration, before)
  checkHeld(p, migration)
  const open: ElementInstance[] = [before]
  for (let instance = open.shift(); instance !== undefined; instance = open.shift()) {
    const children = [...p.state.find('childrenOf', instance.key).values()]
    moveElement(p, migration, instance)
    open.push(...children)
  }
  moveCompensation(p, migration)
  moveHeld(p, migration, before)
  p.emit('PROCESS_INSTANCE_MIGRATION', 'MIGRATED', processInstanceKey, {
    processInstanceKey,
    targetProcessDefinitionKey,
    mappingInstructions,
  })
}

function moveElement(p: Processing, migration: Migration, instance: ElementInstance): void {
  const target = checkElement(p, migration, instance)
  const { targetKey, target: definition, mapping } = migration
  const { key, processInstanceKey, flowScopeKey, tenantId, interruptingElementId } = instance
  const interrupter = mapping.get(interruptingElementId)
  p.emit('PROCESS_INSTANCE', 'ELEMENT_MIGRATED', key, {
    bpmnElementType: target.bpmnElementType,
    bpmnEventType: target.bpmnEventType,
    elementId: target.id,
    bpmnProcessId: definition.id,
    processDefinitionKey: targetKey,
    processInstanceKey,
    flowScopeKey,
    parentProcessInstanceKey: instance.parentProcessInstanceKey,
    parentElementInstanceKey: instance.parentElementInstanceKey,
    tenantId,
    ...(interrupter !== undefined && { interruptingElementId: interrupter }),
  })
  moveFlows(p, migration, instance)
  moveBelongings(p, migration, instance, target)
  if (instance.state !== 'ACTIVATING') moveSubscriptions(p, migration, p.instance(key))
  tellCalled(p, instance)
}

/** Those that were called stay what they are, but whoever tells where they come from must hear of it. */
function tellCalled(p: Processing, { calledProcessInstanceKey }: ElementInstance): void {
  const called = calledProcessInstanceKey > 0 ? p.state.get('elementInstance', calledProcessInstanceKey) : undefined
  const below: ElementInstance[] = called === undefined ? [] : [called]
  for (let instance = below.shift(); instance !== undefined; instance = below.shift()) {
    const { key, elementId, processDefinitionKey, processInstanceKey, flowScopeKey, tenantId } = instance
    const { bpmnElementType, bpmnEventType } = p.element(instance)
    p.emit('PROCESS_INSTANCE', 'ANCESTOR_MIGRATED', key, {
      bpmnElementType: instance.bpmnElementType ?? bpmnElementType,
      bpmnEventType,
      elementId,
      bpmnProcessId: p.process(processDefinitionKey).id,
      processDefinitionKey,
      processInstanceKey,
      flowScopeKey,
      parentProcessInstanceKey: instance.parentProcessInstanceKey,
      parentElementInstanceKey: instance.parentElementInstanceKey,
      tenantId,
    })
    const next = instance.calledProcessInstanceKey
    const inner = next > 0 ? p.state.get('elementInstance', next) : undefined
    below.push(...(inner === undefined ? [] : [inner]), ...p.state.find('childrenOf', key).values())
  }
}

/** Tokens that wait before a join. */
function moveFlows(p: Processing, migration: Migration, instance: ElementInstance): void {
  const { key: flowScopeKey, processInstanceKey, processDefinitionKey, tenantId } = instance
  const value = { bpmnElementType: 'SEQUENCE_FLOW', processInstanceKey, flowScopeKey, tenantId } as const
  for (const [flowId, count] of Object.entries(instance.takenFlows)) {
    const elementId = takenFlow(p, migration, processDefinitionKey, flowId)
    for (let token = 0; token < count; token++) {
      const deleted = { ...value, elementId: flowId, processDefinitionKey }
      p.emit('PROCESS_INSTANCE', 'SEQUENCE_FLOW_DELETED', p.newKey(), deleted)
      const taken = { ...value, elementId, processDefinitionKey: migration.targetKey }
      p.emit('PROCESS_INSTANCE', 'SEQUENCE_FLOW_TAKEN', p.newKey(), taken)
    }
  }
}

function moveBelongings(
  p: Processing,
  { targetKey: processDefinitionKey }: Migration,
  instance: ElementInstance,
  { id: elementId }: ExecutableElement,
): void {
  const moved = { processDefinitionKey, elementId }
  const job = instance.jobKey > 0 ? p.state.get('job', instance.jobKey) : undefined
  if (job !== undefined) p.emit('JOB', 'MIGRATED', job.key, { ...jobValue(job), ...moved })
  for (const incident of [...p.state.find('incidentsOf', instance.key).values()])
    p.emit('INCIDENT', 'MIGRATED', incident.key, { ...incidentValue(incident), ...moved })
  const task = instance.userTaskKey > 0 ? p.state.get('userTask', instance.userTaskKey) : undefined
  if (task !== undefined) p.emit('USER_TASK', 'MIGRATED', task.key, { ...userTaskValue(task), ...moved })
  for (const { key, name, scopeKey, processInstanceKey, tenantId } of [
    ...p.state.find('variablesOf', instance.key).values(),
  ])
    p.emit('VARIABLE', 'MIGRATED', key, { name, scopeKey, processInstanceKey, processDefinitionKey, tenantId })
}

function moveSubscriptions(
  p: Processing,
  { targetKey, target, mapping, kept }: Migration,
  instance: ElementInstance,
): void {
  unsubscribe(p, instance, (elementId) => !mapping.has(elementId))
  const open = catchersIn(p.element(instance)).filter(({ id }) => !kept.has(id))
  const before = [...p.state.find('subscriptionsOf', instance.key).values()]
  const failure = subscribe(p, instance, open)
  if (failure !== null) {
    refuse(
      'INVALID_STATE',
      `Expected to migrate process instance '${instance.processInstanceKey}' but active element with id '${sourceOf(mapping, instance.elementId)}' is mapped to element with id '${instance.elementId}' that must be subscribed to a catch event. ${failure.message}`,
    )
  }
  checkMessages(instance, before, [...p.state.find('subscriptionsOf', instance.key).values()])
  const moved = { processDefinitionKey: targetKey, bpmnProcessId: target.id }
  for (const row of [...p.state.find('subscriptionsOf', instance.key).values()]) {
    const elementId = mapping.get(row.elementId)
    if (elementId === undefined || row.state === 'DELETING' || row.processDefinitionKey === targetKey) continue
    const interrupting = interrupts(target, elementId)
    const value = { ...subscriptionValue(row), ...moved, elementId, interrupting }
    p.emit('PROCESS_MESSAGE_SUBSCRIPTION', 'MIGRATED', row.key, value)
    p.follow('MESSAGE_SUBSCRIPTION', 'MIGRATE', row.key, {})
  }
  for (const timer of [...p.state.find('timersOf', instance.key).values()]) {
    const targetElementId = mapping.get(timer.targetElementId)
    if (targetElementId === undefined || timer.processDefinitionKey === targetKey) continue
    const value = { ...timerValue(timer), processDefinitionKey: targetKey, targetElementId }
    p.emit('TIMER', 'MIGRATED', timer.key, value)
  }
  for (const { key, ...row } of [...p.state.find('signalSubscriptionsOf', instance.key).values()]) {
    const catchEventId = mapping.get(row.catchEventId)
    if (catchEventId === undefined || row.processDefinitionKey === targetKey) continue
    p.emit('SIGNAL_SUBSCRIPTION', 'MIGRATED', key, { ...row, ...moved, catchEventId })
  }
  for (const row of [...p.state.find('conditionalSubscriptionsOf', instance.key).values()]) {
    const catchEventId = mapping.get(row.catchEventId)
    if (catchEventId === undefined || row.processDefinitionKey === targetKey) continue
    const value = { ...conditionalValue(row), processDefinitionKey: targetKey, catchEventId }
    p.emit('CONDITIONAL_SUBSCRIPTION', 'MIGRATED', row.key, {
      ...value,
      interrupting: interrupts(target, catchEventId),
    })
  }
}

const sourceOf = (mapping: ReadonlyMap<string, string>, targetId: string) =>
  [...mapping].find(([, to]) => to === targetId)?.[0] ?? targetId

function interrupts({ elements }: ExecutableProcess, elementId: string): boolean {
  const element = elements.get(elementId)
  return element?.kind === 'boundary-event' || element?.kind === 'start-event' ? element.interrupting : true
}

/** What an instance of the element waits for. */
function catchersIn(element: ExecutableElement): readonly Catcher[] {
  if (element.kind === 'event-based-gateway') return element.events
  if (element.kind === 'intermediate-catch-event') return element.behindEventBasedGateway ? [] : [element]
  if (element.kind === 'receive-task') return [element, ...element.boundaryEvents]
  if ('eventSubProcesses' in element && element.kind !== 'ad-hoc-sub-process') return catchersOf(element)
  return 'boundaryEvents' in element ? element.boundaryEvents : []
}

/** What can be undone stays so where its boundary event, or the sub-process it happened in, is mapped. */
function moveCompensation(p: Processing, { instanceKey, source, targetKey, target, mapping }: Migration): void {
  for (const { key, ...row } of [...p.state.find('compensationsOf', instanceKey).values()]) {
    const activity = source.elements.get(row.compensableActivityId)
    const boundaryEvents = activity !== undefined && 'boundaryEvents' in activity ? activity.boundaryEvents : []
    const boundary = boundaryEvents.find(({ event }) => event.type === 'compensation')
    const moved = target.elements.get(mapping.get(boundary?.id ?? row.compensableActivityId) ?? '')
    const value = { ...row, processDefinitionKey: targetKey }
    if (moved === undefined) p.emit('COMPENSATION_SUBSCRIPTION', 'DELETED', key, row)
    else if (moved.kind === 'boundary-event') {
      const { attachedTo: compensableActivityId, handler } = moved
      const compensated = { ...value, compensableActivityId, compensationHandlerId: handler ?? '' }
      p.emit('COMPENSATION_SUBSCRIPTION', 'MIGRATED', key, compensated)
    } else {
      const handler = row.compensationHandlerId === '' ? undefined : compensationSubProcessOf(moved)
      const compensated = { ...value, compensableActivityId: moved.id, compensationHandlerId: handler?.id ?? '' }
      p.emit('COMPENSATION_SUBSCRIPTION', 'MIGRATED', key, compensated)
    }
  }
}

/** The message side hears of it by a command of its own. */
export function migrateSubscription(p: Processing, command: { readonly key: Key }): void {
  const row = p.state.get('subscription', command.key)
  if (row === undefined || row.messageSubscriptionKey < 0) return
  p.emit('MESSAGE_SUBSCRIPTION', 'MIGRATED', row.messageSubscriptionKey, {
    ...subscriptionValue(row),
    processMessageSubscriptionKey: row.key,
  })
}
