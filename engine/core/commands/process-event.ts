/** Events that came while they could not be taken: the suspension that has held them is over. */
import type { CommandOf } from '../../protocol/records.ts'
import { canBeTriggered, trigger } from '../behaviors/events.ts'
import { isLocked, startByMessage } from '../behaviors/messages.ts'
import { startByEvent } from '../behaviors/start-events.ts'
import type { Processing } from '../processing.ts'

type Command = CommandOf<'PROCESS_EVENT'>

/** The event comes to the element instance, if that still waits for it. */
export function takeEvent(p: Processing, { key, value }: Command): void {
  const { targetElementId = '', variables = '{}' } = value
  const instance = p.state.get('elementInstance', key)
  if (!canBeTriggered(p, instance, targetElementId)) return
  trigger(p, instance, p.elementOf(instance.processDefinitionKey, targetElementId), variables)
}

/** An instance begins, unless its definition is gone. For a key that has an instance by now the message waits in the buffer. */
export function startLate(p: Processing, { value }: Command): void {
  const { processDefinitionKey = -1, targetElementId = '', variables = '{}', tenantId = '<default>', message } = value
  if (p.state.get('processDefinition', processDefinitionKey)?.deleted !== false) return
  if (message === undefined) {
    startByEvent(p, tenantId, p.newKey(), { processDefinitionKey, startEventId: targetElementId, variables })
    return
  }
  const { startKey, key, name, correlationKey } = message
  const start = p.state.get('messageStart', startKey)
  if (start === undefined || isLocked(p, tenantId, start.bpmnProcessId, correlationKey)) return
  startByMessage(p, start, { key, tenantId, name, correlationKey, variables })
}
