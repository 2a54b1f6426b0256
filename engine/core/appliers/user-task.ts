import type { Instant, Key, UserTaskValue } from '../../protocol/records.ts'
import { type TaskTransition, taskAttributes, type UserTask, type UserTaskState } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Applier, type Appliers, given, migrated } from './applier.ts'

const attributes = [...taskAttributes, 'action'] as const

const ofTransition = ['variables', 'changedAttributes', 'updateSemantics', 'variableDocumentKey'] as const

function carried<F extends keyof UserTaskValue>(
  value: Readonly<Partial<UserTaskValue>>,
  fields: readonly F[],
): Partial<Pick<UserTaskValue, F>> {
  return Object.fromEntries(
    fields.filter((name) => value[name] !== undefined).map((name) => [name, value[name]]),
  ) as Partial<Pick<UserTaskValue, F>>
}
const transitionOf = (value: Readonly<Partial<UserTaskValue>>): TaskTransition =>
  carried(value, [...attributes, ...ofTransition])

const update =
  (change: (row: UserTask, value: Readonly<Partial<UserTaskValue>>) => Partial<UserTask>): Applier<'USER_TASK'> =>
  (memory, key, value) => {
    const row = memory.get('userTask', key)
    if (row !== undefined) memory.put('userTask', { ...row, ...change(row, value) })
  }
/** Takes over the attributes the event carries. */
const settled = update((_row, value) => ({ ...carried(value, attributes), state: 'CREATED', transition: {} }))
const takenBack = update(() => ({ state: 'CREATED', transition: {} }))
const during = (state: UserTaskState) => update((_row, value) => ({ state, transition: transitionOf(value) }))
/** The task ends as its listeners have corrected it. */
const end =
  (taskState: UserTaskState) =>
  (state: State, key: Key, value: Readonly<Partial<UserTaskValue>>, at: Instant): void => {
    const row = state.get('userTask', key)
    if (row === undefined) return
    const final = { ...row, ...carried(value, attributes), transition: {}, state: taskState, endedAt: at }
    state.remove('userTask', key, final)
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
      transition: { ...transitionOf(value), initialAssignee: value.assignee ?? '' },
      elementId: given(value.elementId, 'elementId'),
      createdAsElementId: given(value.elementId, 'elementId'),
      elementInstanceKey,
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      creationTimestamp: at,
      endedAt: -1,
    })
    const instance = state.get('elementInstance', elementInstanceKey)
    if (instance !== undefined) state.put('elementInstance', { ...instance, userTaskKey: key })
  },
  MIGRATED: update((_row, value) => migrated(value)),
  CREATED: settled,
  ASSIGNING: during('ASSIGNING'),
  CLAIMING: during('CLAIMING'),
  ASSIGNED: settled,
  UPDATING: during('UPDATING'),
  UPDATED: settled,
  COMPLETING: during('COMPLETING'),
  COMPLETED: end('COMPLETED'),
  CANCELING: during('CANCELING'),
  CANCELED: end('CANCELED'),
  CORRECTED: update((row, value) => ({ transition: { ...row.transition, ...carried(value, attributes) } })),
  ASSIGNMENT_DENIED: takenBack,
  UPDATE_DENIED: takenBack,
  COMPLETION_DENIED: takenBack,
}
