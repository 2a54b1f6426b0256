import type { Key, MessageSubscriptionValue } from '../../protocol/records.ts'
import type { Subscription } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Appliers, given, migrated, unchanged } from './applier.ts'

export const messageAppliers: Appliers<'MESSAGE'> = {
  PUBLISHED: (state, key, value) =>
    state.put('message', {
      key,
      tenantId: value.tenantId ?? '<default>',
      name: given(value.name, 'name'),
      correlationKey: value.correlationKey ?? '',
      messageId: value.messageId ?? '',
      timeToLive: value.timeToLive ?? 0,
      deadline: given(value.deadline, 'deadline'),
      variables: value.variables ?? '{}',
      correlatedTo: [],
    }),
  EXPIRED: (state, key) => state.remove('message', key),
}

const update = (state: State, key: Key, change: Partial<Subscription>): void => {
  const row = state.get('subscription', key)
  if (row !== undefined) state.put('subscription', { ...row, ...change })
}
/** Both sides of a subscription share the row under the process side's key; the message side's events name it. */
const rowKey = (value: Readonly<Partial<MessageSubscriptionValue>>): Key =>
  given(value.processMessageSubscriptionKey, 'processMessageSubscriptionKey')

function markCorrelated(state: State, messageKey: Key, bpmnProcessId: string): void {
  const message = messageKey > 0 ? state.get('message', messageKey) : undefined
  if (message !== undefined)
    state.put('message', { ...message, correlatedTo: [...message.correlatedTo, bpmnProcessId] })
}

export const messageSubscriptionAppliers: Appliers<'MESSAGE_SUBSCRIPTION'> = {
  CREATED: (state, key, value) => update(state, rowKey(value), { messageSubscriptionKey: key }),
  CORRELATING: (state, _key, value) => {
    const messageKey = given(value.messageKey, 'messageKey')
    markCorrelated(state, messageKey, given(value.bpmnProcessId, 'bpmnProcessId'))
    update(state, rowKey(value), { state: 'CORRELATING', messageKey })
  },
  /** An interrupting subscription has done its work; another waits for the next message. */
  CORRELATED: (state, _key, value) => {
    const row = state.get('subscription', rowKey(value))
    if (row === undefined) return
    if (row.interrupting) state.remove('subscription', row.key)
    else state.put('subscription', { ...row, state: row.state === 'DELETING' ? 'DELETING' : 'CREATED', messageKey: -1 })
  },
  /** It closes; its process has not had the message, so another subscription may. */
  REJECTED: (state, _key, value) => {
    update(state, rowKey(value), { messageSubscriptionKey: -1 })
    const messageKey = given(value.messageKey, 'messageKey')
    const message = messageKey > 0 ? state.get('message', messageKey) : undefined
    if (message === undefined) return
    const correlatedTo = message.correlatedTo.filter((id) => id !== value.bpmnProcessId)
    state.put('message', { ...message, correlatedTo })
  },
  MIGRATED: unchanged,
  DELETED: (state, _key, value) => update(state, rowKey(value), { messageSubscriptionKey: -1 }),
}

export const processMessageSubscriptionAppliers: Appliers<'PROCESS_MESSAGE_SUBSCRIPTION'> = {
  CREATING: (state, key, value, at) =>
    state.put('subscription', {
      key,
      tenantId: value.tenantId ?? '<default>',
      state: 'CREATING',
      messageSubscriptionKey: -1,
      messageName: given(value.messageName, 'messageName'),
      correlationKey: given(value.correlationKey, 'correlationKey'),
      interrupting: given(value.interrupting, 'interrupting'),
      elementId: given(value.elementId, 'elementId'),
      elementInstanceKey: given(value.elementInstanceKey, 'elementInstanceKey'),
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: value.processDefinitionKey ?? -1,
      bpmnProcessId: given(value.bpmnProcessId, 'bpmnProcessId'),
      messageKey: -1,
      createdAt: at,
    }),
  CREATED: (state, key) => update(state, key, { state: 'CREATED' }),
  /** The element has taken the message; an interrupting subscription no longer belongs to it. */
  CORRELATED: (state, key) => {
    const row = state.get('subscription', key)
    if (row?.interrupting) state.put('subscription', { ...row, elementInstanceKey: -1 })
  },
  MIGRATED: (state, key, value) =>
    update(state, key, {
      ...migrated(value),
      bpmnProcessId: given(value.bpmnProcessId, 'bpmnProcessId'),
      interrupting: given(value.interrupting, 'interrupting'),
    }),
  DELETING: (state, key) => update(state, key, { state: 'DELETING' }),
  DELETED: (state, key) => state.remove('subscription', key),
}

export const messageStartAppliers: Appliers<'MESSAGE_START_EVENT_SUBSCRIPTION'> = {
  CREATED: (state, key, value) =>
    state.put('messageStart', {
      key,
      tenantId: value.tenantId ?? '<default>',
      messageName: given(value.messageName, 'messageName'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      bpmnProcessId: given(value.bpmnProcessId, 'bpmnProcessId'),
      startEventId: given(value.startEventId, 'startEventId'),
    }),
  CORRELATED: (state, _key, value) => {
    const bpmnProcessId = given(value.bpmnProcessId, 'bpmnProcessId')
    markCorrelated(state, given(value.messageKey, 'messageKey'), bpmnProcessId)
    const correlationKey = value.correlationKey ?? ''
    if (correlationKey === '') return
    state.put('startLock', {
      key: given(value.processInstanceKey, 'processInstanceKey'),
      tenantId: value.tenantId ?? '<default>',
      bpmnProcessId,
      messageName: given(value.messageName, 'messageName'),
      correlationKey,
    })
  },
  DELETED: (state, key) => state.remove('messageStart', key),
}
