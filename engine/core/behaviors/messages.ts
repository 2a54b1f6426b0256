/** Correlating messages with start events, and the one-instance-per-key rule. */
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { Message, MessageStart, StartLock } from '../state/rows.ts'
import { hold } from './holding.ts'
import { startByEvent } from './start-events.ts'
import { stoppingStart } from './suspensions.ts'

export interface Content {
  readonly key: Key
  readonly tenantId: string
  readonly name: string
  readonly correlationKey: string
  readonly variables: string
}

/**
 * Emits MESSAGE_START_EVENT_SUBSCRIPTION CORRELATED and PROCESS_EVENT TRIGGERING; answers the key of the new instance, -1 when it
 * begins only when its definition is no longer suspended.
 */
export function startByMessage(p: Processing, start: MessageStart, message: Content): Key {
  const suspensionKey = stoppingStart(p, start.processDefinitionKey)
  if (suspensionKey !== null) {
    const { key, name, correlationKey, variables } = message
    const { processDefinitionKey, tenantId } = start
    const value = {
      processDefinitionKey,
      tenantId,
      variables,
      message: { key, startKey: start.key, name, correlationKey },
    }
    hold(p, suspensionKey, -1, { valueType: 'PROCESS_EVENT', intent: 'START', key: -1, value })
    return -1
  }
  const processInstanceKey = p.newKey()
  const { tenantId, messageName, processDefinitionKey, bpmnProcessId, startEventId } = start
  p.begin(processInstanceKey, processInstanceKey)
  p.emit('MESSAGE_START_EVENT_SUBSCRIPTION', 'CORRELATED', start.key, {
    processDefinitionKey,
    bpmnProcessId,
    startEventId,
    messageName,
    processInstanceKey,
    tenantId,
    messageKey: message.key,
    correlationKey: message.correlationKey,
    variables: message.variables,
  })
  startByEvent(p, tenantId, processInstanceKey, { processDefinitionKey, startEventId, variables: message.variables })
  return processInstanceKey
}

/** True when a message with this key has started an instance of the process that still runs. */
export function isLocked(p: Processing, tenantId: string, bpmnProcessId: string, correlationKey: string): boolean {
  return correlationKey !== '' && p.state.find('locksFor', tenantId, bpmnProcessId, correlationKey).size > 0
}

/** The oldest buffered message of the key that has not gone to this process starts its next instance. */
export function startNextBuffered(p: Processing, lock: StartLock): void {
  const starts = [...p.state.find('messageStartsFor', lock.tenantId, lock.messageName).values()]
  const start = starts.find((row) => row.bpmnProcessId === lock.bpmnProcessId)
  if (start === undefined) return
  for (const message of p.state.find('messagesFor', lock.tenantId, lock.messageName, lock.correlationKey).values()) {
    if (!isOpen(message, lock.bpmnProcessId, p.now)) continue
    startByMessage(p, start, message)
    return
  }
}

/** A buffered message may still go to the process. */
export function isOpen(message: Message, bpmnProcessId: string, now: number): boolean {
  return message.deadline > now && !message.correlatedTo.includes(bpmnProcessId)
}
