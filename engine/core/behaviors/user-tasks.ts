/** User tasks: the properties of the model evaluated, as attributes of a native task or as headers of a job. */
import { toJson, type Value } from '../../feel/index.ts'
import type { Expression, JobWorkerTask, UserTaskProperties } from '../../model/executable.ts'
import type { Key, UserTaskValue } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, UserTask } from '../state/rows.ts'
import { bind, deploymentOf, unbound } from './calls.ts'
import { extract, extractInteger, extractText, extractTexts, failed, type Result, value } from './expressions.ts'

export type TaskAttributes = Pick<
  UserTaskValue,
  | 'assignee'
  | 'candidateGroupsList'
  | 'candidateUsersList'
  | 'dueDate'
  | 'followUpDate'
  | 'priority'
  | 'formKey'
  | 'externalFormReference'
>

const absent = <T>(none: T): Result<T> => value(none)

/** Evaluates all properties. Incidents: EXTRACT_VALUE_ERROR, FORM_NOT_FOUND. */
export function attributes(
  p: Processing,
  instance: ElementInstance,
  properties: UserTaskProperties,
): Result<TaskAttributes> {
  const scope = instance.key
  const assignee = properties.assignee === null ? absent('') : textOrNull(p, scope, properties.assignee)
  if (!assignee.ok) return assignee
  const groups =
    properties.candidateGroups === null ? absent<readonly string[]>([]) : list(p, scope, properties.candidateGroups)
  if (!groups.ok) return groups
  const users =
    properties.candidateUsers === null ? absent<readonly string[]>([]) : list(p, scope, properties.candidateUsers)
  if (!users.ok) return users
  const dueDate = properties.dueDate === null ? absent('') : date(p, scope, properties.dueDate)
  if (!dueDate.ok) return dueDate
  const followUpDate = properties.followUpDate === null ? absent('') : date(p, scope, properties.followUpDate)
  if (!followUpDate.ok) return followUpDate
  const priority = properties.priority === null ? absent(50) : priorityOf(p, scope, properties.priority)
  if (!priority.ok) return priority
  const externalFormReference =
    properties.externalReference === null ? absent('') : extractText(p, scope, properties.externalReference)
  if (!externalFormReference.ok) return externalFormReference
  const formKey = properties.formId === null ? absent<Key>(-1) : linkedForm(p, instance, properties.formId)
  if (!formKey.ok) return formKey
  return value({
    assignee: assignee.value,
    candidateGroupsList: groups.value,
    candidateUsersList: users.value,
    dueDate: dueDate.value,
    followUpDate: followUpDate.value,
    priority: priority.value,
    formKey: formKey.value,
    externalFormReference: externalFormReference.value,
  })
}

/** The assignee may be left open by null. */
function textOrNull(p: Processing, scope: Key, expression: Expression): Result<string> {
  if (expression.kind === 'static') return value(expression.text)
  const result = extract(p, scope, expression, 'STRING', 'NULL')
  if (result.ok) return value(result.value === null ? '' : (result.value as string))
  // An expected type is named alone in the incident, as if null were not acceptable too.
  return failed(result.failure.errorType, result.failure.message.replace("one of '[STRING, NULL]'", "'STRING'"))
}

/** A FEEL list of texts, or a text with commas. */
const list = (p: Processing, scope: Key, expression: Expression): Result<readonly string[]> =>
  expression.kind === 'static' ? value(split(expression.text)) : extractTexts(p, scope, expression)
const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** Short form without seconds when they are zero, as Zeebe writes dates back; '' for null. */
function date(p: Processing, scope: Key, expression: Expression): Result<string> {
  const result =
    expression.kind === 'static'
      ? value<Value>(expression.text)
      : extract(p, scope, expression, 'STRING', 'DATE_TIME', 'NULL')
  if (!result.ok)
    return failed(
      result.failure.errorType,
      result.failure.message.replace("one of '[STRING, DATE_TIME, NULL]'", "one of '[DATE_TIME, STRING]'"),
    )
  if (result.value === null || result.value === '') return value('')
  const text = typeof result.value === 'string' ? result.value : (JSON.parse(toJson(result.value)) as string)
  const shown = shortDate(text)
  if (shown !== null) return value(shown)
  const source = expression.kind === 'static' ? expression.text : expression.source
  return failed('EXTRACT_VALUE_ERROR', `Invalid date-time format '${text}' for expression '${source}'.`)
}

const DATE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)(\[[\w/+-]+\])?$/
function shortDate(text: string): string | null {
  const match = DATE_TIME.exec(text)
  if (match === null || Number.isNaN(Date.parse(`${match[1]}:00Z`))) return null
  const [, minutes, seconds = '00', fraction = '', offset, zone = ''] = match
  const rest = /^\.0*$/.test(fraction) ? '' : fraction
  return `${minutes}${seconds === '00' && rest === '' ? '' : `:${seconds}${rest}`}${offset}${zone}`
}

function priorityOf(p: Processing, scope: Key, expression: Expression): Result<number> {
  const priority = extractInteger(p, scope, expression)
  if (!priority.ok || (priority.value >= 0 && priority.value <= 100)) return priority
  return failed('EXTRACT_VALUE_ERROR', `Expected priority to be in the range [0,100] but was '${priority.value}'.`)
}

function linkedForm(
  p: Processing,
  instance: ElementInstance,
  link: NonNullable<UserTaskProperties['formId']>,
): Result<Key> {
  const id = extractText(p, instance.key, link.id)
  if (!id.ok) return id
  const deploymentKey = deploymentOf(p, instance)
  const form = bind(p.state.find('formsWithId', instance.tenantId, id.value).values(), link.binding, deploymentKey)
  if (form !== undefined) return value(form.key)
  return failed(
    'FORM_NOT_FOUND',
    unbound('form', id.value, link.binding, deploymentKey) ??
      `Expected to find a form with id '${id.value}', but no form with this id is found, at least a form with this id should be available. To resolve the Incident please deploy a form with the same id`,
  )
}

/** Headers of a task's job: those of the model and, for a job-based user task, its properties under Zeebe's names. */
export function taskHeaders(
  p: Processing,
  instance: ElementInstance,
  element: JobWorkerTask,
): Result<Readonly<Record<string, string>>> {
  if (element.userTask === null) return value(element.job.headers)
  const evaluated = attributes(p, instance, element.userTask)
  if (!evaluated.ok) return evaluated
  const { assignee, candidateGroupsList, candidateUsersList, dueDate, followUpDate, formKey } = evaluated.value
  const headers: Record<string, string> = { ...element.job.headers }
  const put = (name: string, text: string) => {
    if (text !== '') headers[`io.camunda.zeebe:${name}`] = text
  }
  put('assignee', assignee)
  if (candidateGroupsList.length > 0) put('candidateGroups', JSON.stringify(candidateGroupsList))
  if (candidateUsersList.length > 0) put('candidateUsers', JSON.stringify(candidateUsersList))
  put('dueDate', dueDate)
  put('followUpDate', followUpDate)
  put('formKey', element.userTask.formKey ?? (formKey > 0 ? String(formKey) : ''))
  return value(headers)
}

/** What every USER_TASK record says of its task. */
export function userTaskValue(task: UserTask): Partial<UserTaskValue> {
  const { key, state: _, endedAt: __, transition: ___, createdAsElementId: ____, ...fields } = task
  return { ...fields, userTaskKey: key, action: '' }
}
