/** What people do with native user tasks. All but CREATED tasks refuse: another change is under way, or the task is done. */
import type { CommandOf, UserTaskValue } from '../../protocol/records.ts'
import { requestCompletion } from '../behaviors/lifecycle.ts'
import { userTaskValue } from '../behaviors/user-tasks.ts'
import { type Processing, refuse } from '../processing.ts'
import type { UserTask } from '../state.ts'

type Command = CommandOf<'USER_TASK'>

function editable(p: Processing, command: Command, verb: string): UserTask {
  const task = p.state.get('userTask', command.key)
  if (task === undefined)
    refuse('NOT_FOUND', `Expected to ${verb} user task with key '${command.key}', but no such user task was found`)
  if (task.state !== 'CREATED') {
    refuse(
      'INVALID_STATE',
      `Expected to ${verb} user task with key '${command.key}', but it is in state '${task.state}'`,
    )
  }
  return task
}

/** Emits USER_TASK ASSIGNING, ASSIGNED. An empty assignee unassigns. */
export function assign(p: Processing, command: Command): void {
  const task = editable(p, command, 'assign')
  const change = {
    ...userTaskValue(task),
    assignee: command.value.assignee ?? '',
    action: command.value.action ?? '',
    changedAttributes: ['assignee'],
  }
  p.emit('USER_TASK', 'ASSIGNING', task.key, change)
  p.emit('USER_TASK', 'ASSIGNED', task.key, change)
}

/** Like ASSIGN, but never takes a task from another. Emits USER_TASK CLAIMING, ASSIGNED. */
export function claim(p: Processing, command: Command): void {
  const task = editable(p, command, 'claim')
  const assignee = command.value.assignee ?? ''
  if (assignee === '')
    refuse('INVALID_STATE', `Expected to claim user task with key '${task.key}', but provided assignee is empty`)
  if (task.assignee !== '' && task.assignee !== assignee) {
    refuse('INVALID_STATE', `Expected to claim user task with key '${task.key}', but it has already been assigned`)
  }
  const change = {
    ...userTaskValue(task),
    assignee,
    action: command.value.action ?? '',
    changedAttributes: ['assignee'],
  }
  p.emit('USER_TASK', 'CLAIMING', task.key, change)
  p.emit('USER_TASK', 'ASSIGNED', task.key, change)
}

const changeable = ['candidateGroupsList', 'candidateUsersList', 'dueDate', 'followUpDate', 'priority'] as const

/** Emits USER_TASK UPDATING, UPDATED with the attributes given; `changedAttributes` names those that differ. */
export function update(p: Processing, command: Command): void {
  const task = editable(p, command, 'update')
  const given = new Set(command.value.changedAttributes ?? [])
  const change: Partial<UserTaskValue> = { ...userTaskValue(task), action: command.value.action ?? '' }
  const changedAttributes: string[] = []
  for (const name of changeable) {
    if (!given.has(name) || command.value[name] === undefined) continue
    if (JSON.stringify(task[name]) !== JSON.stringify(command.value[name])) changedAttributes.push(name)
    Object.assign(change, { [name]: command.value[name] })
  }
  const value = { ...change, changedAttributes: changedAttributes.sort() }
  p.emit('USER_TASK', 'UPDATING', task.key, value)
  p.emit('USER_TASK', 'UPDATED', task.key, value)
}

/** Emits USER_TASK COMPLETING, COMPLETED, PROCESS_EVENT TRIGGERING with the variables; the element completes. */
export function complete(p: Processing, command: Command): void {
  const task = editable(p, command, 'complete')
  const { variables = '{}', action = '' } = command.value
  const value = { ...userTaskValue(task), variables, action }
  p.emit('USER_TASK', 'COMPLETING', task.key, value)
  p.emit('USER_TASK', 'COMPLETED', task.key, value)
  const { elementInstanceKey, elementId, processInstanceKey, processDefinitionKey, tenantId } = task
  p.emit('PROCESS_EVENT', 'TRIGGERING', p.newKey(), {
    scopeKey: elementInstanceKey,
    targetElementId: elementId,
    variables,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
  })
  requestCompletion(p, elementInstanceKey)
}
