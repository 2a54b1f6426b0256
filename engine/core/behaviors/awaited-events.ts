/**
 * Events an element instance waits for: opening and closing. Knows subscriptions and timers; the elements decide when, and events.ts
 * what happens when one comes.
 */
import type {
  BoundaryEvent,
  ContainerElement,
  IntermediateCatchEvent,
  ReceiveTask,
  StartEvent,
} from '../../model/executable.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance, Subscription, Timer } from '../state/rows.ts'
import { awaitCondition, closeConditions } from './conditions.ts'
import { correlationKeyOf, messageNameOf, type ScheduledTimer, signalNameOf, timerOf } from './event-definitions.ts'
import { closeSignals, hearSignal } from './signals.ts'

/** An element that can wait for an event: it is the target when the event comes. */
export type Catcher = BoundaryEvent | StartEvent | IntermediateCatchEvent | ReceiveTask

/**
 * Subscribes the instance to each catcher's event, in order. All definitions are evaluated before the first subscription opens,
 * so that a failing one leaves nothing half open.
 * Emits per catcher PROCESS_MESSAGE_SUBSCRIPTION CREATING, TIMER CREATED, SIGNAL_SUBSCRIPTION CREATED or
 * CONDITIONAL_SUBSCRIPTION CREATED; what is thrown inside the engine (errors, escalations, compensation) needs no subscription. Incidents: EXTRACT_VALUE_ERROR.
 */
export function subscribe(p: Processing, instance: ElementInstance, catchers: readonly Catcher[]): Failure | null {
  const opens: (() => void)[] = []
  const timers: (() => void)[] = []
  const signals: (() => void)[] = []
  const conditions: (() => void)[] = []
  for (const catcher of catchers) {
    const { event } = catcher
    if (event.type === 'message') {
      const name = messageNameOf(p, instance, event)
      if (!name.ok) return name.failure
      // The key of a boundary event is seen from outside its activity.
      const scopeKey = catcher.kind === 'boundary-event' ? instance.flowScopeKey : instance.key
      const key = correlationKeyOf(p, scopeKey, event)
      if (!key.ok) return key.failure
      opens.push(() => openSubscription(p, instance, catcher, name.value, key.value))
    } else if (event.type === 'timer') {
      const timer = timerOf(p, instance.key, event)
      if (!timer.ok) return timer.failure
      timers.push(() => createTimer(p, instance, catcher.id, timer.value))
    } else if (event.type === 'signal') {
      const name = signalNameOf(p, instance.key, event)
      if (!name.ok) return name.failure
      signals.push(() => hearSignal(p, instance, catcher.id, name.value))
    } else if (event.type === 'conditional') {
      const awaited = { id: catcher.id, interrupting: interrupts(catcher) }
      conditions.push(() => awaitCondition(p, instance, awaited, event))
    }
  }
  // Messages before timers before signals, as in Zeebe (zeebe-traces: ebg-buffered); conditions last, which may hold at once.
  for (const open of [...opens, ...timers, ...signals, ...conditions]) open()
  return null
}

/** What a scope waits for once its start event has completed: its event sub-processes and the boundary events on it. */
export function catchersOf(container: ContainerElement): readonly Catcher[] {
  const starts = container.eventSubProcesses.map((eventSubProcess) => eventSubProcess.startEvent)
  return 'boundaryEvents' in container ? [...starts, ...container.boundaryEvents] : starts
}

const interrupts = (catcher: Catcher) =>
  catcher.kind === 'boundary-event' || catcher.kind === 'start-event' ? catcher.interrupting : true

function openSubscription(
  p: Processing,
  instance: ElementInstance,
  catcher: Catcher,
  messageName: string,
  correlationKey: string,
): void {
  const key = p.newKey()
  p.emit('PROCESS_MESSAGE_SUBSCRIPTION', 'CREATING', key, {
    messageName,
    correlationKey,
    interrupting: interrupts(catcher),
    elementId: catcher.id,
    elementInstanceKey: instance.key,
    processInstanceKey: instance.processInstanceKey,
    processDefinitionKey: instance.processDefinitionKey,
    bpmnProcessId: p.process(instance.processDefinitionKey).id,
    tenantId: instance.tenantId,
  })
  p.follow('MESSAGE_SUBSCRIPTION', 'CREATE', key, {})
}

function createTimer(p: Processing, instance: ElementInstance, targetElementId: string, timer: ScheduledTimer): void {
  const { key: elementInstanceKey, processInstanceKey, processDefinitionKey, tenantId } = instance
  p.emit('TIMER', 'CREATED', p.newKey(), {
    elementInstanceKey,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
    targetElementId,
    ...timer,
  })
}

/** What every record of a subscription says. */
export function subscriptionValue(row: Subscription) {
  const {
    processInstanceKey,
    elementInstanceKey,
    bpmnProcessId,
    messageName,
    correlationKey,
    interrupting,
    tenantId,
    messageKey,
  } = row
  return {
    processInstanceKey,
    elementInstanceKey,
    bpmnProcessId,
    messageName,
    correlationKey,
    interrupting,
    tenantId,
    messageKey,
  }
}
export function timerValue({ key: _, countedFrom: __, ...fields }: Timer) {
  return fields
}

/**
 * Closes what the instance still waits for, or of it only what the elements chosen wait for.
 * Emits TIMER CANCELED, PROCESS_MESSAGE_SUBSCRIPTION DELETING, SIGNAL_SUBSCRIPTION and CONDITIONAL_SUBSCRIPTION DELETED.
 */
export function unsubscribe(
  p: Processing,
  instance: ElementInstance,
  chosen: (elementId: string) => boolean = () => true,
): void {
  for (const timer of [...p.state.find('timersOf', instance.key).values()])
    if (chosen(timer.targetElementId)) p.emit('TIMER', 'CANCELED', timer.key, timerValue(timer))
  for (const row of [...p.state.find('subscriptionsOf', instance.key).values()]) {
    if (row.state === 'DELETING' || !chosen(row.elementId)) continue
    p.emit('PROCESS_MESSAGE_SUBSCRIPTION', 'DELETING', row.key, { ...subscriptionValue(row), elementId: row.elementId })
    p.follow('MESSAGE_SUBSCRIPTION', 'DELETE', row.key, {})
  }
  closeSignals(p, instance.key, chosen)
  closeConditions(p, instance.key, chosen)
}
