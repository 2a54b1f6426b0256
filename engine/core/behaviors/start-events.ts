/**
 * What the latest version of a process listens to before it has an instance: start timers, messages, signals and conditions; and the
 * start by any of them.
 */
import type { Json, Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ProcessDefinition } from '../state/rows.ts'
import { timerValue } from './awaited-events.ts'
import { closeConditions, startByCondition } from './conditions.ts'
import { messageStartNameOf, signalNameOf, timerOf } from './event-definitions.ts'
import { closeSignals, startBySignal } from './signals.ts'

/** Emits TIMER CREATED for the start timers of the definition. */
export function startTimers(p: Processing, { key: processDefinitionKey, tenantId }: ProcessDefinition): void {
  for (const { id: targetElementId, event } of p.process(processDefinitionKey).process.startEvents) {
    if (event.type !== 'timer') continue
    const timer = timerOf(p, -1, event)
    if (!timer.ok) throw new Error(timer.failure.message)
    p.emit('TIMER', 'CREATED', p.newKey(), {
      elementInstanceKey: -1,
      processInstanceKey: -1,
      processDefinitionKey,
      targetElementId,
      tenantId,
      ...timer.value,
    })
  }
}

/** Emits TIMER CANCELED. */
export function stopTimers(p: Processing, processDefinitionKey: Key): void {
  for (const timer of [...p.state.find('timersOf', processDefinitionKey).values()])
    p.emit('TIMER', 'CANCELED', timer.key, timerValue(timer))
}

/** Emits MESSAGE_START_EVENT_SUBSCRIPTION, SIGNAL_SUBSCRIPTION and CONDITIONAL_SUBSCRIPTION CREATED for the definition's start events. */
export function listen(p: Processing, definition: ProcessDefinition): void {
  const { key: processDefinitionKey, bpmnProcessId, tenantId } = definition
  for (const { id: startEventId, event } of p.process(processDefinitionKey).process.startEvents) {
    if (event.type === 'message') {
      const messageName = messageStartNameOf(p, event)
      p.emit('MESSAGE_START_EVENT_SUBSCRIPTION', 'CREATED', p.newKey(), {
        processDefinitionKey,
        bpmnProcessId,
        startEventId,
        messageName,
        tenantId,
      })
    }
    if (event.type === 'signal') {
      const name = signalNameOf(p, -1, event)
      if (!name.ok) throw new Error(name.failure.message)
      startBySignal(p, definition, startEventId, name.value)
    }
    if (event.type === 'conditional') startByCondition(p, definition, startEventId, event)
  }
}

/** Emits MESSAGE_START_EVENT_SUBSCRIPTION, SIGNAL_SUBSCRIPTION and CONDITIONAL_SUBSCRIPTION DELETED for whatever the definition listens to. */
export function stopListening(p: Processing, processDefinitionKey: Key): void {
  for (const { key, ...value } of [...p.state.find('messageStartsOf', processDefinitionKey).values()])
    p.emit('MESSAGE_START_EVENT_SUBSCRIPTION', 'DELETED', key, value)
  closeSignals(p, processDefinitionKey)
  closeConditions(p, processDefinitionKey)
}

/** Which definition or instance the key names, for start timers and start messages. */
type StartTrigger = {
  readonly processDefinitionKey: Key
  readonly startEventId: string
  readonly variables: Json
}

/**
 * Starts an instance by an event of the definition.
 * Emits PROCESS_EVENT TRIGGERING on the definition; the PROCESS follows by a command.
 */
export function startByEvent(p: Processing, tenantId: string, processInstanceKey: Key, start: StartTrigger): void {
  const trigger = { key: p.newKey(), targetElementId: start.startEventId, variables: start.variables }
  p.begin(processInstanceKey, processInstanceKey)
  p.emit('PROCESS_EVENT', 'TRIGGERING', trigger.key, {
    scopeKey: start.processDefinitionKey,
    targetElementId: start.startEventId,
    variables: start.variables,
    processInstanceKey,
    processDefinitionKey: start.processDefinitionKey,
    tenantId,
  })
  const { id } = p.process(start.processDefinitionKey)
  const value = {
    bpmnElementType: 'PROCESS',
    elementId: id,
    processInstanceKey,
    processDefinitionKey: start.processDefinitionKey,
    tenantId,
  } as const
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', processInstanceKey, value, trigger)
}
