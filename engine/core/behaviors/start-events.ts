/** What the latest version of a process listens to before it has an instance: start messages and start timers. */
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ProcessDefinition } from '../state.ts'
import { messageStartNameOf, timerOf } from './event-definitions.ts'
import { timerValue } from './events.ts'

/** Emits MESSAGE_START_EVENT_SUBSCRIPTION CREATED and TIMER CREATED for the start events of the definition. */
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
    if (event.type === 'timer') {
      const timer = timerOf(p, -1, event)
      if (!timer.ok) throw new Error(timer.failure.message)
      p.emit('TIMER', 'CREATED', p.newKey(), {
        elementInstanceKey: -1,
        processInstanceKey: -1,
        processDefinitionKey,
        targetElementId: startEventId,
        tenantId,
        ...timer.value,
      })
    }
  }
}

/** Emits MESSAGE_START_EVENT_SUBSCRIPTION DELETED and TIMER CANCELED for whatever the definition listens to. */
export function stopListening(p: Processing, processDefinitionKey: Key): void {
  for (const { key, ...value } of [...p.state.find('messageStartsOf', processDefinitionKey).values()]) {
    p.emit('MESSAGE_START_EVENT_SUBSCRIPTION', 'DELETED', key, value)
  }
  for (const timer of [...p.state.find('timersOf', processDefinitionKey).values()])
    p.emit('TIMER', 'CANCELED', timer.key, timerValue(timer))
}
