/** Publishing, correlating and expiring messages. Source: Camunda docs › Concepts › Messages. */
import type { CommandOf, Json, Key } from '../../protocol/records.ts'
import { subscriptionValue } from '../behaviors/awaited-events.ts'
import { canBeTriggered, trigger } from '../behaviors/events.ts'
import { type Content, isLocked, isOpen, startByMessage } from '../behaviors/messages.ts'
import { type Processing, refuse } from '../processing.ts'
import type { Subscription } from '../state/rows.ts'

/**
 * Emits MESSAGE PUBLISHED; then it goes to one waiting instance of each process (oldest subscription first) and to the start
 * events of processes it has not hit. Without time to live it expires at once.
 * Rejects: ALREADY_EXISTS (a message with that name, key and id is buffered).
 */
export function publish(p: Processing, command: CommandOf<'MESSAGE'>): void {
  const {
    name = '',
    correlationKey = '',
    messageId = '',
    timeToLive = 0,
    variables = '{}',
    tenantId = '<default>',
  } = command.value
  if (messageId !== '') {
    const same = [...p.state.find('messagesWithId', tenantId, name, correlationKey, messageId).values()]
    if (same.some((message) => message.deadline > p.now)) {
      refuse(
        'ALREADY_EXISTS',
        `Expected to publish a new message with id '${messageId}', but a message with that id was already published`,
      )
    }
  }
  const content = announce(p, { tenantId, name, correlationKey, variables }, messageId, timeToLive)
  distribute(p, content)
  if (timeToLive <= 0) expireNow(p, content)
}

function announce(p: Processing, message: Omit<Content, 'key'>, messageId: string, timeToLive: number): Content {
  const key = p.newKey()
  p.emit('MESSAGE', 'PUBLISHED', key, { ...message, messageId, timeToLive, deadline: p.now + Math.max(0, timeToLive) })
  return { key, ...message }
}

function expireNow(p: Processing, { key, tenantId, name, correlationKey, variables }: Content): void {
  const row = p.state.get('message', key)
  if (row === undefined) return
  const { messageId, timeToLive, deadline } = row
  p.emit('MESSAGE', 'EXPIRED', key, { tenantId, name, correlationKey, variables, messageId, timeToLive, deadline })
}

/** Answers the key of the first instance the message goes to, -1 when there is none. */
function distribute(p: Processing, message: Content): Key {
  const { tenantId, name, correlationKey } = message
  const hit = new Set<string>()
  let first: Key = -1
  for (const row of [...p.state.find('subscriptionsFor', tenantId, name, correlationKey).values()]) {
    if (hit.has(row.bpmnProcessId) || !hears(p, row)) continue
    hit.add(row.bpmnProcessId)
    correlating(p, row, message.key, message.variables)
    if (first < 0) first = row.processInstanceKey
  }
  for (const start of [...p.state.find('messageStartsFor', tenantId, name).values()]) {
    if (hit.has(start.bpmnProcessId) || isLocked(p, tenantId, start.bpmnProcessId, correlationKey)) continue
    hit.add(start.bpmnProcessId)
    const instance = startByMessage(p, start, message)
    if (first < 0) first = instance
  }
  return first
}

/** It has no message under way, and one that came now would act. */
function hears(p: Processing, { state, elementInstanceKey, elementId }: Subscription): boolean {
  if (state === 'CORRELATING') return false
  return canBeTriggered(p, p.state.get('elementInstance', elementInstanceKey), elementId)
}

/** The message side has chosen; the process side takes the message by a command of its own. */
function correlating(p: Processing, row: Subscription, messageKey: Key, variables: Json): void {
  p.emit('MESSAGE_SUBSCRIPTION', 'CORRELATING', row.messageSubscriptionKey, {
    ...subscriptionValue(row),
    messageKey,
    variables,
    processMessageSubscriptionKey: row.key,
  })
  p.follow('PROCESS_MESSAGE_SUBSCRIPTION', 'CORRELATE', row.key, { ...subscriptionValue(row), messageKey, variables })
}

/** Gives the subscription the oldest buffered message that its process has not had yet; answers whether there was one. */
function takeBuffered(p: Processing, row: Subscription): boolean {
  for (const message of p.state.find('messagesFor', row.tenantId, row.messageName, row.correlationKey).values()) {
    if (!isOpen(message, row.bpmnProcessId, p.now)) continue
    correlating(p, row, message.key, message.variables)
    return true
  }
  return false
}

/**
 * Publishes and answers with the instance that took the message.
 * Rejects: NOT_FOUND (nobody waits for it); nothing is buffered.
 */
export function correlate(p: Processing, command: CommandOf<'MESSAGE_CORRELATION'>): void {
  const { name = '', correlationKey = '', variables = '{}', tenantId = '<default>' } = command.value
  const content = announce(p, { tenantId, name, correlationKey, variables }, '', 0)
  p.emit('MESSAGE_CORRELATION', 'CORRELATING', content.key, {
    name,
    correlationKey,
    variables,
    messageKey: content.key,
    tenantId,
  })
  const processInstanceKey = distribute(p, content)
  if (processInstanceKey < 0) {
    refuse(
      'NOT_FOUND',
      `Expected to find subscription for message with name '${name}' and correlation key '${correlationKey}', but none was found.`,
    )
  }
  p.emit('MESSAGE_CORRELATION', 'CORRELATED', content.key, {
    name,
    correlationKey,
    variables,
    messageKey: content.key,
    processInstanceKey,
    tenantId,
  })
  expireNow(p, content)
}

/** The clock says that the message's time is over. */
export function expire(p: Processing, command: CommandOf<'MESSAGE'>): void {
  const message = p.state.get('message', command.key)
  if (message !== undefined && message.deadline <= p.now) expireNow(p, message)
}

/** The message side opens: a buffered message is taken at once, else the process side is told that it may wait. */
export function openSubscription(p: Processing, command: CommandOf<'MESSAGE_SUBSCRIPTION'>): void {
  const row = p.state.get('subscription', command.key)
  if (row === undefined) return
  p.emit('MESSAGE_SUBSCRIPTION', 'CREATED', p.newKey(), {
    ...subscriptionValue(row),
    processMessageSubscriptionKey: row.key,
  })
  const opened = p.state.get('subscription', row.key)!
  if (opened.state === 'DELETING' || !takeBuffered(p, opened))
    p.follow('PROCESS_MESSAGE_SUBSCRIPTION', 'CREATE', row.key, {})
}
export function confirmOpening(p: Processing, command: CommandOf<'PROCESS_MESSAGE_SUBSCRIPTION'>): void {
  const row = p.state.get('subscription', command.key)
  if (row === undefined || row.state !== 'CREATING') return
  p.emit('PROCESS_MESSAGE_SUBSCRIPTION', 'CREATED', row.key, { ...subscriptionValue(row), elementId: row.elementId })
}

/** The element takes the message; when it cannot be triggered any more, the message side hears of that. */
export function take(p: Processing, command: CommandOf<'PROCESS_MESSAGE_SUBSCRIPTION'>): void {
  const row = p.state.get('subscription', command.key)
  const instance = row?.state === 'CORRELATING' ? p.state.get('elementInstance', row.elementInstanceKey) : undefined
  if (row === undefined || !canBeTriggered(p, instance, row.elementId)) {
    p.follow('MESSAGE_SUBSCRIPTION', 'REJECT', command.key, command.value)
    return
  }
  const { messageKey = -1, variables = '{}' } = command.value
  p.emit('PROCESS_MESSAGE_SUBSCRIPTION', 'CORRELATED', row.key, {
    ...subscriptionValue(row),
    elementId: row.elementId,
    processDefinitionKey: row.processDefinitionKey,
    messageKey,
    variables,
  })
  trigger(p, instance, p.elementOf(instance.processDefinitionKey, row.elementId), variables)
  p.follow('MESSAGE_SUBSCRIPTION', 'CORRELATE', row.key, { messageKey, elementInstanceKey: row.elementInstanceKey })
}
/**
 * Who was to take the message gets none any more. The message, unless it has expired, goes to another of the process that waits, else
 * it lies in wait for the next that asks.
 * Emits MESSAGE_SUBSCRIPTION REJECTED and perhaps CORRELATING.
 */
export function reject(p: Processing, { key, value }: CommandOf<'MESSAGE_SUBSCRIPTION'>): void {
  // Whether it interrupts Zeebe does not say here: false.
  const rejected = { ...value, variables: '{}', interrupting: false, processMessageSubscriptionKey: key }
  p.emit('MESSAGE_SUBSCRIPTION', 'REJECTED', p.newKey(), rejected)
  const message = p.state.get('message', value.messageKey ?? -1)
  if (message === undefined) return
  const { tenantId, name, correlationKey, variables } = message
  const waiting = [...p.state.find('subscriptionsFor', tenantId, name, correlationKey).values()]
  const next = waiting.find((row) => row.bpmnProcessId === value.bpmnProcessId && hears(p, row))
  if (next !== undefined) correlating(p, next, message.key, variables)
}
/** The message side hears that the message was taken; one that goes on waiting gets the next buffered message. */
export function taken(p: Processing, command: CommandOf<'MESSAGE_SUBSCRIPTION'>): void {
  const row = p.state.get('subscription', command.key)
  if (row === undefined) return
  p.emit('MESSAGE_SUBSCRIPTION', 'CORRELATED', row.messageSubscriptionKey, {
    ...subscriptionValue(row),
    elementInstanceKey: command.value.elementInstanceKey,
    processMessageSubscriptionKey: row.key,
  })
  const after = p.state.get('subscription', row.key)
  if (after !== undefined && after.state !== 'DELETING') takeBuffered(p, after)
}

export function closeSubscription(p: Processing, command: CommandOf<'MESSAGE_SUBSCRIPTION'>): void {
  const row = p.state.get('subscription', command.key)
  if (row === undefined) return
  if (row.messageSubscriptionKey > 0) {
    p.emit('MESSAGE_SUBSCRIPTION', 'DELETED', row.messageSubscriptionKey, {
      ...subscriptionValue(row),
      processMessageSubscriptionKey: row.key,
    })
  }
  p.follow('PROCESS_MESSAGE_SUBSCRIPTION', 'DELETE', row.key, {})
}
export function confirmClosing(p: Processing, command: CommandOf<'PROCESS_MESSAGE_SUBSCRIPTION'>): void {
  const row = p.state.get('subscription', command.key)
  if (row === undefined) return
  p.emit('PROCESS_MESSAGE_SUBSCRIPTION', 'DELETED', row.key, { ...subscriptionValue(row), elementId: row.elementId })
}
