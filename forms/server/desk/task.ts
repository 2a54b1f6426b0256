/**
 * One task: its form, claiming and releasing it, completing it.
 *
 * Owns: the conversation about one task. Does not own: the form (form/), the queue (queue.ts).
 * Invariants
 * K1 Whatever was typed comes back with every answer that is no success: faults, conflicts, a task that is gone.
 * K2 A task nobody has is claimed before it is completed, so that two clerks cannot both believe they did it.
 */
import type { Context } from '../../../engine/feel/index.ts'
import { GatewayError, type KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { type Asking, attachedIn, begin, hear, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import { QUESTIONS_SCRIPT } from '../form/render/questions.ts'
import { type Form, parseForm } from '../form/schema.ts'
import { type Typed, typedIn } from '../form/typed.ts'
import { UNJUDGED } from '../form/validate.ts'
import { html } from '../html.ts'
import { type Desk, type DeskAnswer, type DeskRequest, recordAccess } from './desk.ts'
import { mayWorkOn } from './may.ts'
import { contextOf, practiceId, textIn } from './practice-of.ts'
import { DESK, nextTask, taskName } from './queue.ts'
import { renderTaskPage, type TaskView } from './task-page.ts'

const VARIABLES_MAX = 1_000

export const taskAddress = (key: KeyText): string => `${DESK}/compiti/${key}`

interface OpenTask {
  readonly row: Row
  readonly key: KeyText
  readonly form: Form
  readonly variables: Context
  readonly practice: string | null
}

/** The task, or the page that says why there is none for this person. */
async function openTask(desk: Desk, { person }: DeskRequest, key: KeyText): Promise<OpenTask | DeskAnswer> {
  const row = await desk.gateway.query.get('user-tasks', key)
  if (row === null) return refusal(404, 'Compito non trovato', 'Questo compito non esiste o è stato tolto.')
  if (!mayWorkOn(person, row)) {
    return refusal(403, 'Accesso negato', 'Questo compito è di un altro ufficio: chiedi a chi lo ha in carico.')
  }
  const [linked, { items }, practice] = await Promise.all([
    desk.gateway.query.form('user-task', key),
    desk.gateway.query.userTaskVariables(key, { filter: [], sort: [], page: { limit: VARIABLES_MAX } }),
    practiceId(desk, textIn(row, 'processInstanceKey')),
  ])
  const form = linked === null ? parseForm({ type: 'default', components: [] }) : parseForm(linked.schema)
  return { row, key, form, variables: contextOf(items), practice }
}

const isAnswer = (opened: OpenTask | DeskAnswer): opened is DeskAnswer => 'kind' in opened

export const refusal = (status: 403 | 404, title: string, text: string): DeskAnswer => ({
  kind: 'page',
  status,
  title,
  main: html`<h1>${title}</h1><p>${text}</p><p><a href="${DESK}">Torna alla scrivania</a></p>`,
})

function askingOf(desk: Desk, { person }: DeskRequest, { form, variables, practice }: OpenTask): Asking {
  return {
    form,
    variables,
    now: desk.now(),
    calendar: desk.town.calendario,
    frames: desk.town.pagineEsterne,
    attachments: desk.attachments.of(person.id),
    practice,
    inSteps: false,
    final: ['completa', 'completa-e-prossimo'],
  }
}

const answer = (
  status: 200 | 409 | 422,
  desk: Desk,
  request: DeskRequest,
  task: OpenTask,
  view: Omit<TaskView, 'key' | 'row'>,
): DeskAnswer => ({
  kind: 'page',
  status,
  title: `${view.judgement.faults.size > 0 ? 'Errore: ' : ''}${taskName(task.row)}`,
  main: renderTaskPage(desk, request, { ...view, key: task.key, row: task.row }),
  scripts: [QUESTIONS_SCRIPT],
})

export async function showTask(desk: Desk, request: DeskRequest, key: KeyText): Promise<DeskAnswer> {
  const task = await openTask(desk, request, key)
  if (isAnswer(task)) return task
  await recordAccess(desk, request.person, 'read', task.practice)
  return answer(200, desk, request, task, {
    asked: begin(askingOf(desk, request, task)),
    judgement: UNJUDGED,
    notice: null,
  })
}

/** Claims the task for the person; somebody else's stays theirs. */
export async function claimTask(desk: Desk, request: DeskRequest, key: KeyText): Promise<DeskAnswer> {
  const task = await openTask(desk, request, key)
  if (isAnswer(task)) return task
  const conflict = await conflictIn(() =>
    desk.gateway.assignUserTask(key, { assignee: request.person.id, allowOverride: false, action: 'claim' }),
  )
  if (conflict !== null) return tellConflict(desk, request, key, typedIn(request.body))
  await recordAccess(desk, request.person, 'claim', task.practice)
  return { kind: 'redirect', to: taskAddress(key) }
}

export async function releaseTask(desk: Desk, request: DeskRequest, key: KeyText): Promise<DeskAnswer> {
  const task = await openTask(desk, request, key)
  if (isAnswer(task)) return task
  const isMine = textIn(task.row, 'assignee') === request.person.id
  if (!isMine || (await conflictIn(() => desk.gateway.unassignUserTask(key))) !== null) {
    return tellConflict(desk, request, key, typedIn(request.body))
  }
  await recordAccess(desk, request.person, 'unclaim', task.practice)
  return { kind: 'redirect', to: DESK }
}

/** A post of the task's form: a press on a row's button, a refresh, or the wish to complete. */
export async function submitTask(desk: Desk, request: DeskRequest, key: KeyText): Promise<DeskAnswer> {
  const task = await openTask(desk, request, key)
  if (isAnswer(task)) return task
  const posted = typedIn(request.body)
  if (!isOpenFor(request, task.row)) return tellConflict(desk, request, key, posted)
  const turn = await hear(askingOf(desk, request, task), request)
  const { judgement, typed } = turn
  if (!turn.isComplete)
    return answer(judgement.faults.size > 0 ? 422 : 200, desk, request, task, { asked: turn, judgement, notice: null })
  if ((await conflictIn(() => complete(desk, request, task, turn))) !== null)
    return tellConflict(desk, request, key, typed)
  await recordAccess(desk, request.person, 'complete', task.practice)
  const next = turn.wish === 'completa-e-prossimo' ? await nextTask(desk, request.person) : null
  return { kind: 'redirect', to: next === null ? `${DESK}?completato` : taskAddress(next) }
}

const isOpenFor = ({ person }: DeskRequest, row: Row): boolean =>
  textIn(row, 'state') === 'CREATED' && ['', person.id].includes(textIn(row, 'assignee'))

async function complete(
  desk: Desk,
  { person }: DeskRequest,
  { key, row, practice }: OpenTask,
  { nodes }: Turn,
): Promise<void> {
  if (textIn(row, 'assignee') === '') {
    await desk.gateway.assignUserTask(key, { assignee: person.id, allowOverride: false, action: 'claim' })
  }
  if (practice !== null) await desk.documents.assign(attachedIn(nodes), practice)
  await desk.gateway.completeUserTask(key, submissionOf(nodes))
}

/** The refusal that says somebody else was faster; null when the change was made. Any other failure is no conflict. */
async function conflictIn(change: () => Promise<void>): Promise<GatewayError | null> {
  try {
    await change()
    return null
  } catch (error) {
    if (error instanceof GatewayError && ['NOT_FOUND', 'FAILED_PRECONDITION'].includes(error.status)) return error
    throw error
  }
}

/** The task as it is now, with what was typed. */
async function tellConflict(desk: Desk, request: DeskRequest, key: KeyText, typed: Typed): Promise<DeskAnswer> {
  const task = await openTask(desk, request, key)
  if (isAnswer(task)) return task
  const asked = begin(askingOf(desk, request, task), typed.size === 0 ? null : typed)
  return answer(409, desk, request, task, { asked, judgement: UNJUDGED, notice: 'conflict' })
}
