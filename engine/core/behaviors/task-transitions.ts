/**
 * The transitions of a native user task: each begins with an event, waits for its listeners one after the other, and ends with
 * another event. Meanwhile the task is as it was before; what it shall become lies in `transition`, where listeners correct it.
 */
import type { TaskEvent, UserTask as UserTaskElement } from '../../model/executable.ts'
import type { Event, JobListenerEventType, Key, UserTaskValue } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import { type OpenTaskState, taskAttributes, type UserTask } from '../state/rows.ts'
import { raise } from './incidents.ts'
import { createJob, jobProperties } from './jobs.ts'
import { requestCompletion } from './lifecycle.ts'
import { leaveResult } from './results.ts'
import { userTaskValue } from './user-tasks.ts'
import { setVariables } from './variables.ts'

const eventIn: Readonly<Record<OpenTaskState, TaskEvent | null>> = {
  CREATED: null,
  CREATING: 'creating',
  ASSIGNING: 'assigning',
  CLAIMING: 'assigning',
  UPDATING: 'updating',
  COMPLETING: 'completing',
  CANCELING: 'canceling',
}
const jobEvents: Readonly<Record<TaskEvent, JobListenerEventType>> = {
  creating: 'CREATING',
  assigning: 'ASSIGNING',
  updating: 'UPDATING',
  completing: 'COMPLETING',
  canceling: 'CANCELING',
}

/** Emits the event that begins the transition; then its listeners, or at once its end. */
export function begin(
  p: Processing,
  task: UserTask,
  intent: 'ASSIGNING' | 'CLAIMING' | 'UPDATING' | 'COMPLETING' | 'CANCELING',
  change: Partial<UserTaskValue>,
): 'waits' | 'done' {
  p.emit('USER_TASK', intent, task.key, { ...userTaskValue(task), ...change })
  const changed = change.changedAttributes ?? []
  const listened = listen(p, task.key, 0, changed)
  if (listened === 'done') finish(p, task.key, changed)
  return listened
}

/**
 * Emits JOB CREATED for the listener at that place; `done` when there is none. A listener whose type or retries cannot be evaluated
 * is an incident on the task's element (EXTRACT_VALUE_ERROR), after which the listeners of the transition begin anew.
 */
export function listen(
  p: Processing,
  key: Key,
  listenerIndex: number,
  changedAttributes: readonly string[],
): 'waits' | 'done' {
  const task = p.state.get('userTask', key)!
  const event = eventIn[task.state as OpenTaskState]
  const listener = event === null ? undefined : elementOf(p, task).listenersOf[event][listenerIndex]
  if (event === null || listener === undefined) return 'done'
  const instance = p.instance(task.elementInstanceKey)
  const properties = jobProperties(p, instance, listener)
  if (properties.ok) {
    createJob(p, instance, properties.value, listenerHeaders({ ...pending(task), changedAttributes }), {
      jobKind: 'TASK_LISTENER',
      jobListenerEventType: jobEvents[event],
      listenerIndex,
    })
  } else raise(p, instance, properties.failure)
  return 'waits'
}

/** The listener at that place is done: corrections, the next listener or, after the last, the end of the transition. */
export function listenerDone(
  p: Processing,
  task: UserTask,
  listenerIndex: number,
  corrections: Partial<UserTaskValue>,
  corrected: readonly string[],
): void {
  const before: Readonly<Record<string, unknown>> = pending(task)
  const changed = corrected.filter((name) => !same(before[name], corrections[name as keyof UserTaskValue]))
  if (changed.length > 0)
    p.emit('USER_TASK', 'CORRECTED', task.key, { ...pending(task), ...corrections, changedAttributes: changed })
  const difference = differing(p.state.get('userTask', task.key)!)
  if (listen(p, task.key, listenerIndex + 1, difference) === 'waits') return
  finish(p, task.key, difference)
  if (task.state === 'CANCELING')
    p.follow('PROCESS_INSTANCE', 'CONTINUE_TERMINATING_ELEMENT', task.elementInstanceKey, {})
}

/** The incident of a listener is resolved: the listeners of the transition begin anew, with what was corrected before. */
export function resume(p: Processing, key: Key): void {
  const task = p.state.get('userTask', key)
  if (task !== undefined) listen(p, key, 0, task.transition.changedAttributes ?? [])
}

const denials = {
  ASSIGNING: { intent: 'ASSIGNMENT_DENIED', what: 'Assignment of the User Task' },
  CLAIMING: { intent: 'ASSIGNMENT_DENIED', what: 'Assignment of the User Task' },
  UPDATING: { intent: 'UPDATE_DENIED', what: 'Update of the User Task' },
  COMPLETING: { intent: 'COMPLETION_DENIED', what: 'Completion of the User Task' },
} as const
export const isDeniable = (state: string): state is keyof typeof denials => Object.hasOwn(denials, state)

/** Takes the transition back. Emits USER_TASK ASSIGNMENT_DENIED, UPDATE_DENIED or COMPLETION_DENIED; the client is refused. */
export function deny(p: Processing, task: UserTask, deniedReason: string): void {
  if (!isDeniable(task.state)) throw new Error(`A transition ${task.state} cannot be denied`)
  const { intent, what } = denials[task.state]
  const { variableDocumentKey, updateSemantics, variables = '{}' } = task.transition
  p.emit('USER_TASK', intent, task.key, { ...userTaskValue(task), deniedReason })
  if (variableDocumentKey === undefined || updateSemantics === undefined) {
    refuseLater(
      p,
      task.key,
      `${what} with key '${task.key}' was denied by Task Listener. Reason to deny: '${deniedReason}'`,
    )
    return
  }
  const scopeKey = task.elementInstanceKey
  const { tenantId } = task
  p.emit('VARIABLE_DOCUMENT', 'UPDATE_DENIED', variableDocumentKey, { scopeKey, updateSemantics, variables, tenantId })
  refuseLater(
    p,
    task.key,
    `Variable update for user task instance with key '${scopeKey}' was denied by Task Listener. Reason to deny: '${deniedReason}'`,
  )
}

/** The task's element is terminated. Emits USER_TASK CANCELING and, unless listeners are at work first, CANCELED. */
export function cancel(p: Processing, task: UserTask): 'waits' | 'done' {
  if (isDeniable(task.state)) refuseLater(p, task.key, 'user task was canceled during ongoing transition')
  return begin(p, task, 'CANCELING', {})
}

/** Ends the transition with the event that makes the task what it shall become. */
function finish(p: Processing, key: Key, changedAttributes: readonly string[]): void {
  const task = p.state.get('userTask', key)!
  const value = { ...pending(task), changedAttributes }
  switch (task.state) {
    case 'CREATING':
      created(p, task, changedAttributes)
      assignAsModelled(p, key, task.transition.initialAssignee ?? '')
      return
    case 'ASSIGNING':
    case 'CLAIMING':
      answer(p, key, p.emit('USER_TASK', 'ASSIGNED', key, value))
      return
    case 'UPDATING':
      updated(p, task, value)
      return
    case 'COMPLETING': {
      answer(p, key, p.emit('USER_TASK', 'COMPLETED', key, value))
      const instance = p.instance(task.elementInstanceKey)
      leaveResult(p, instance, value.variables ?? '{}', task.createdAsElementId)
      requestCompletion(p, instance.key)
      return
    }
    case 'CANCELING':
      p.emit('USER_TASK', 'CANCELED', key, value)
      return
    case 'CREATED':
    case 'COMPLETED':
    case 'CANCELED':
      throw new Error(`A user task in state ${task.state} has no transition to end`)
  }
}

/** Emits USER_TASK CREATED: of the model's assignee it shows nothing yet. */
export function created(p: Processing, task: UserTask, changedAttributes: readonly string[] = []): void {
  const isModelled = (task.transition.initialAssignee ?? '') !== ''
  p.emit('USER_TASK', 'CREATED', task.key, {
    ...pending(task),
    ...(isModelled && { assignee: '' }),
    changedAttributes: isModelled ? changedAttributes.filter((name) => name !== 'assignee') : changedAttributes,
  })
}
/** The assignee of the model is assigned once the task is created. */
export function assignAsModelled(p: Processing, key: Key, assignee: string): void {
  if (assignee === '') return
  begin(p, p.state.get('userTask', key)!, 'ASSIGNING', { assignee, changedAttributes: ['assignee'] })
}

/** An update of variables takes effect with the task's. */
function updated(p: Processing, task: UserTask, value: Partial<UserTaskValue>): void {
  const { variableDocumentKey, updateSemantics, variables = '{}' } = task.transition
  if (variableDocumentKey === undefined || updateSemantics === undefined) {
    answer(p, task.key, p.emit('USER_TASK', 'UPDATED', task.key, value))
    return
  }
  const scope = p.instance(task.elementInstanceKey)
  setVariables(p, scope, updateSemantics, variables)
  p.emit('USER_TASK', 'UPDATED', task.key, value)
  const document = { scopeKey: scope.key, updateSemantics, variables, tenantId: task.tenantId }
  answer(p, task.key, p.emit('VARIABLE_DOCUMENT', 'UPDATED', variableDocumentKey, document))
}

/** What the task shall become, as its records say it. */
function pending(task: UserTask): Partial<UserTaskValue> {
  const {
    initialAssignee: _,
    changedAttributes: __,
    updateSemantics: ___,
    variableDocumentKey: ____,
    ...shown
  } = task.transition
  return { ...userTaskValue(task), ...shown }
}
/** Names of what differs from the task as it was, variables included. */
function differing(task: UserTask): readonly string[] {
  const { transition } = task
  const changed = taskAttributes.filter((name) => transition[name] !== undefined && !same(task[name], transition[name]))
  return (transition.variables ?? '{}') === '{}' ? changed : [...changed, 'variables']
}
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

function elementOf(p: Processing, task: UserTask): UserTaskElement {
  const element = p.element(p.instance(task.elementInstanceKey))
  if (element.kind !== 'user-task') throw new Error(`Element '${element.id}' is ${element.kind}, not a user task`)
  return element
}

const HEADER = 'io.camunda.zeebe:'
/** The task as headers of a listener's job; what is empty is left out. */
function listenerHeaders(task: Partial<UserTaskValue>): Readonly<Record<string, string>> {
  const texts = {
    action: task.action ?? '',
    assignee: task.assignee ?? '',
    candidateGroups: listText(task.candidateGroupsList),
    candidateUsers: listText(task.candidateUsersList),
    changedAttributes: listText(task.changedAttributes),
    dueDate: task.dueDate ?? '',
    followUpDate: task.followUpDate ?? '',
    formKey: task.formKey !== undefined && task.formKey > 0 ? String(task.formKey) : '',
    priority: String(task.priority),
    userTaskKey: String(task.userTaskKey),
  }
  const own = Object.entries(texts).flatMap(([name, text]) => (text === '' ? [] : [[`${HEADER}${name}`, text]]))
  return { ...task.customHeaders, ...Object.fromEntries(own) }
}
const listText = (list: readonly string[] = []): string => (list.length === 0 ? '' : JSON.stringify(list))

const answer = (p: Processing, key: Key, event: Event): void =>
  p.notice({ kind: 'answered', key, answer: { ok: true, event } })
const refuseLater = (p: Processing, key: Key, reason: string): void =>
  p.notice({ kind: 'answered', key, answer: { ok: false, rejection: { type: 'INVALID_STATE', reason } } })
