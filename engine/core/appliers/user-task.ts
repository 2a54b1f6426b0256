import type { Instant, Key, UserTaskValue } from '../../protocol/records.ts'
import type { State, UserTask, UserTaskState } from '../state.ts'
import { type Applier, type Appliers, given } from './applier.ts'

const attributes = [
  'assignee',
  'candidateGroupsList',
  'candidateUsersList',
  'dueDate',
  'followUpDate',
  'priority',
  'action',
] as const

/** Takes over the attributes the event carries. */
const into =
  (state: UserTaskState): Applier<'USER_TASK'> =>
  (memory, key, value) => {
    const row = memory.get('userTask', key)
    if (row === undefined) return
    const carried = Object.fromEntries(
      attributes.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]),
    )
    memory.put('userTask', { ...row, ...(carried as Partial<UserTask>), state })
  }
const during =
  (state: UserTaskState): Applier<'USER_TASK'> =>
  (memory, key) => {
    const row = memory.get('userTask', key)
    if (row !== undefined) memory.put('userTask', { ...row, state })
  }
const end =
  (taskState: UserTaskState) =>
  (state: State, key: Key, value: Readonly<Partial<UserTaskValue>>, at: Instant): void => {
    const row = state.get('userTask', key)
    if (row === undefined) return
    state.remove('userTask', key, { ...row, state: taskState, action: value.action ?? row.action, endedAt: at })
    const instance = state.get('elementInstance', row.elementInstanceKey)
    if (instance !== undefined) state.put('elementInstance', { ...instance, userTaskKey: -1 })
  }

export const userTaskAppliers: Appliers<'USER_TASK'> = {
  CREATING: (state, key, value, at) => {
    const elementInstanceKey = given(value.elementInstanceKey, 'elementInstanceKey')
    state.put('userTask', {
      key,
      tenantId: value.tenantId ?? '<default>',
      state: 'CREATING',
      assignee: '',
      candidateGroupsList: value.candidateGroupsList ?? [],
      candidateUsersList: value.candidateUsersList ?? [],
      dueDate: value.dueDate ?? '',
      followUpDate: value.followUpDate ?? '',
      priority: value.priority ?? 50,
      formKey: value.formKey ?? -1,
      externalFormReference: value.externalFormReference ?? '',
      customHeaders: value.customHeaders ?? {},
      action: '',
      elementId: given(value.elementId, 'elementId'),
      elementInstanceKey,
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      creationTimestamp: at,
      endedAt: -1,
    })
    const instance = state.get('elementInstance', elementInstanceKey)
    if (instance !== undefined) state.put('elementInstance', { ...instance, userTaskKey: key })
  },
  CREATED: during('CREATED'),
  ASSIGNING: during('ASSIGNING'),
  CLAIMING: during('ASSIGNING'),
  ASSIGNED: into('CREATED'),
  UPDATING: during('UPDATING'),
  UPDATED: into('CREATED'),
  COMPLETING: during('COMPLETING'),
  COMPLETED: end('COMPLETED'),
  CANCELING: during('CANCELING'),
  CANCELED: end('CANCELED'),
}
