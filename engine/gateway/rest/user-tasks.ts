import { z } from 'zod'
import { invalid } from '../rejection.ts'
import { withoutNulls } from './fields.ts'
import {
  bodyOf,
  checked,
  command,
  found,
  gets,
  json,
  keyIn,
  noContent,
  type Operation,
  operation,
  pageOf,
  type RestRequest,
  searches,
} from './operation.ts'
import { searchOf } from './search.ts'
import { date, optional, text, variables } from './shapes.ts'
import { cutValues } from './variables.ts'

/** Absent or null keeps an attribute, empty text or an empty list clears it. */
const changeset = z.object({
  candidateGroups: optional(z.array(text)),
  candidateUsers: optional(z.array(text)),
  dueDate: optional(date),
  followUpDate: optional(date),
  priority: optional(z.int().min(0).max(100)),
})

const taskKey = (request: RestRequest) => keyIn(request, 'userTaskKey')

async function update(changes: Partial<z.infer<typeof changeset>>, action: string | undefined, request: RestRequest) {
  if (Object.values(changes).every((change) => change === undefined) && action === undefined) {
    throw invalid('Expected a changeset or an action, but neither was given')
  }
  await request.gateway.updateUserTask(taskKey(request), changes, action)
}

export const userTasks: readonly Operation[] = [
  searches('searchUserTasks', 'POST /user-tasks/search', 'user-tasks'),
  gets('getUserTask', 'GET /user-tasks/{userTaskKey}', 'user-tasks', 'a user task'),
  operation('getUserTaskForm', 'GET /user-tasks/{userTaskKey}/form', async (request) => {
    const key = taskKey(request)
    found(await request.gateway.query.get('user-tasks', key), 'a user task', key)
    const form = await request.gateway.query.form('user-task', key)
    return form === null ? noContent : json(withoutNulls(form))
  }),
  operation('searchUserTaskVariables', 'POST /user-tasks/{userTaskKey}/variables/search', async (request) => {
    const search = searchOf('variables', bodyOf(request))
    return json(
      cutValues(pageOf(await request.gateway.query.userTaskVariables(taskKey(request), search)), request.query),
    )
  }),
  command(
    'assignUserTask',
    'POST /user-tasks/{userTaskKey}/assignment',
    z.object({ assignee: text, allowOverride: optional(z.boolean()), action: optional(text) }),
    (assignment, request) => request.gateway.assignUserTask(taskKey(request), assignment),
  ),
  operation('unassignUserTask', 'DELETE /user-tasks/{userTaskKey}/assignee', async (request) => {
    await request.gateway.unassignUserTask(taskKey(request))
    return noContent
  }),
  command(
    'completeUserTask',
    'POST /user-tasks/{userTaskKey}/completion',
    z.object({ variables: optional(variables), action: optional(text) }),
    ({ variables, action }, request) => request.gateway.completeUserTask(taskKey(request), variables, action),
  ),
  command(
    'updateUserTask',
    'PATCH /user-tasks/{userTaskKey}',
    z.object({ changeset: optional(changeset), action: optional(text) }),
    ({ changeset: changes, action }, request) => update(changes ?? {}, action, request),
  ),
]

/** Not in the API, but what @camunda8/sdk 8.8.13 sends for updateUserTask: the bare changeset. */
export const userTaskAliases: readonly Operation[] = [
  operation('updateUserTask', 'PATCH /user-tasks/{userTaskKey}/update', async (request) => {
    await update(checked(changeset, bodyOf(request)), undefined, request)
    return noContent
  }),
]
