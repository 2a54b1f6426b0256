/** What the latest version of a process listens to before it has an instance: start timers, messages, signals and conditions. */
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ProcessDefinition } from '../state/rows.ts'
import { closeConditions, startByCondition } from './conditions.ts'
import { messageStartNameOf, signalNameOf, timerOf } from './event-definitions.ts'
import { timerValue } from './events.ts'
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
