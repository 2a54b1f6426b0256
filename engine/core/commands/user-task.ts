/** What people do with native user tasks. All but CREATED tasks refuse: another change is under way. A task listener may deny. */
import type { CommandOf, UserTaskValue } from '../../protocol/records.ts'
import { stopping } from '../behaviors/suspensions.ts'
import { begin } from '../behaviors/task-transitions.ts'
import { type Processing, refuse } from '../processing.ts'
import type { UserTask } from '../state/rows.ts'

type Command = CommandOf<'USER_TASK'>

function editable(p: Processing, command: Command, verb: string): UserTask {
  const task = p.state.get('userTask', command.key)
  if (task === undefined)
    refuse('NOT_FOUND', `Expected to ${verb} user task with key '${command.key}', but no such user task was found`)
  if (stopping(p, task.processInstanceKey) !== null) {
    refuse(
      'INVALID_STATE',
      `Expected to ${verb} user task with key '${command.key}', but its process instance '${task.processInstanceKey}' is suspended. Resume it first`,
    )
  }
  if (task.state !== 'CREATED') {
    refuse(
      'INVALID_STATE',
      `Expected to ${verb} user task with key '${command.key}', but it is in state '${task.state}'`,
    )
  }
  return task
}

/** The client is answered when the listeners of the transition are done. */
function change(
  p: Processing,
  task: UserTask,
  intent: 'ASSIGNING' | 'CLAIMING' | 'UPDATING' | 'COMPLETING',
  value: Partial<UserTaskValue>,
): void {
  if (begin(p, task, intent, value) === 'waits') p.notice({ kind: 'answerLater', key: task.key })
}

/** Emits USER_TASK ASSIGNING, ASSIGNED. An empty assignee unassigns. */
export function assign(p: Processing, command: Command): void {
  const task = editable(p, command, 'assign')
  const { assignee = '', action = '' } = command.value
  change(p, task, 'ASSIGNING', { assignee, action, changedAttributes: ['assignee'] })
}

/** Like ASSIGN, but never takes a task from another. Emits USER_TASK CLAIMING, ASSIGNED. */
export function claim(p: Processing, command: Command): void {
  const task = editable(p, command, 'claim')
  const { assignee = '', action = '' } = command.value
  if (assignee === '')
    refuse('INVALID_STATE', `Expected to claim user task with key '${task.key}', but provided assignee is empty`)
  if (task.assignee !== '' && task.assignee !== assignee) {
    refuse('INVALID_STATE', `Expected to claim user task with key '${task.key}', but it has already been assigned`)
  }
  change(p, task, 'CLAIMING', { assignee, action, changedAttributes: ['assignee'] })
}

const changeable = ['candidateGroupsList', 'candidateUsersList', 'dueDate', 'followUpDate', 'priority'] as const

/** Emits USER_TASK UPDATING, UPDATED with the attributes given; `changedAttributes` names those that differ. */
export function update(p: Processing, command: Command): void {
  const task = editable(p, command, 'update')
  const given = new Set(command.value.changedAttributes ?? [])
  const value: Partial<UserTaskValue> = { action: command.value.action ?? '' }
  const changedAttributes: string[] = []
  for (const name of changeable) {
    if (!given.has(name) || command.value[name] === undefined) continue
    if (JSON.stringify(task[name]) !== JSON.stringify(command.value[name])) changedAttributes.push(name)
    Object.assign(value, { [name]: command.value[name] })
  }
  change(p, task, 'UPDATING', { ...value, changedAttributes: changedAttributes.sort() })
}

/** Emits USER_TASK COMPLETING, COMPLETED, PROCESS_EVENT TRIGGERING with the variables; the element completes. */
export function complete(p: Processing, command: Command): void {
  const task = editable(p, command, 'complete')
  const { variables = '{}', action = '' } = command.value
  change(p, task, 'COMPLETING', { variables, action })
}
