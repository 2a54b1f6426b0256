/**
 * One task: its form, claiming and releasing it, completing it.
 *
 * Owns: the conversation about one task. Does not own: the form (form/), the queue (queue.ts), giving it to a colleague (assign.ts).
 * Invariants
 * K1 Whatever was typed comes back with every answer that is no success: faults, conflicts, a task that is gone, a session that ended.
 * K2 A task nobody has is claimed before it is completed, so that two clerks cannot both believe they did it.
 */
import type { Context } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import { type Asking, attachedIn, begin, hear, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import { QUESTIONS_SCRIPT } from '../form/render/questions.ts'
import { type Typed, typedIn } from '../form/typed.ts'
import { UNJUDGED } from '../form/validate.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess } from './access.ts'
import { queueAddress, taskAddress, withMark } from './addresses.ts'
import { conflictIn, isClaimed, isReleased } from './claim.ts'
import { deskPage } from './desk-page.ts'
import { taskName } from './names.ts'
import { isAnswer, isOpenFor, type OpenTask, openTask } from './open-task.ts'
import { textIn } from './practice-of.ts'
import { filtersIn, queueIn } from './queue-filters.ts'
import { nextTask } from './queue-tasks.ts'
import { keepTyped } from './task-draft.ts'
import { renderTaskPage, type TaskView } from './task-page.ts'

/** What a form may say of whoever fills it in: of whom the task is, never of what was typed. */
const OPERATOR = 'operatore'
const operatorOf = ({ id, nome, cognome }: PersonVisit['person']): Context =>
  new Map([
    ['id', id],
    ['nome', nome],
    ['cognome', cognome],
  ])

function askingOf({ now, town, attachments }: TownHall, { person }: PersonVisit, task: OpenTask): Asking {
  return {
    form: task.form,
    variables: new Map([...task.variables, [OPERATOR, operatorOf(person)]]),
    now: now(),
    calendar: town.calendario,
    frames: town.pagineEsterne,
    attachments: attachments.of(person.id),
    practice: task.practice?.id ?? null,
    inSteps: false,
    final: ['completa', 'completa-e-prossimo'],
  }
}

async function answer(
  status: 200 | 409 | 422,
  hall: TownHall,
  visit: PersonVisit,
  task: OpenTask,
  view: Omit<TaskView, 'task' | 'queue'>,
): Promise<Answer> {
  const name = taskName(task.row)
  const title = view.judgement.faults.size > 0 ? visit.say('error', { title: name }) : name
  const main = await renderTaskPage(hall, visit, { ...view, task, queue: queueOf(visit) })
  return deskPage(visit, { title, main, status, scripts: [QUESTIONS_SCRIPT] })
}

/** The filters of the queue the person came from travel with the address and with the form. */
const queueOf = ({ query, body, person }: PersonVisit): string =>
  queueIn(query.get('coda') ?? typedIn(body).get('coda')?.at(-1), person)

export async function showTask(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const task = await openTask(hall, visit, key)
  if (isAnswer(task)) return task
  await recordAccess(hall, visit, 'read', task.practice?.id ?? null)
  const draft = await hall.taskDrafts.find(key, visit.person.id)
  const asked = begin(askingOf(hall, visit, task), draft?.typed ?? null)
  return answer(200, hall, visit, task, { asked, judgement: UNJUDGED, notice: noticeIn(visit), draft })
}

const noticeIn = ({ query }: PersonVisit): TaskView['notice'] =>
  query.has('preso') ? 'claimed' : query.has('salvato') ? 'saved' : query.has('dato') ? 'assigned' : null

/** Claims the task for the person; somebody else's stays theirs. */
export async function claimTask(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const task = await openTask(hall, visit, key)
  if (isAnswer(task)) return task
  if (!(await isClaimed(hall, visit, task.row))) return tellConflict(hall, visit, key, typedIn(visit.body))
  await recordAccess(hall, visit, 'claim', task.practice?.id ?? null, taskName(task.row))
  return { kind: 'redirect', to: withMark(taskAddress(key, queueOf(visit)), 'preso') }
}

export async function releaseTask(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const task = await openTask(hall, visit, key)
  if (isAnswer(task)) return task
  if (!(await isReleased(hall, visit, task.row))) return tellConflict(hall, visit, key, typedIn(visit.body))
  await recordAccess(hall, visit, 'unclaim', task.practice?.id ?? null, taskName(task.row))
  return { kind: 'redirect', to: withMark(queueAddress(queueOf(visit)), 'rilasciati', key) }
}

/** A post of the task's form: a press on a row's button, a refresh, a wish to keep or to drop what was typed, or to complete. */
export async function submitTask(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const task = await openTask(hall, visit, key)
  if (isAnswer(task)) return task
  const posted = typedIn(visit.body)
  const wish = posted.get('azione')?.at(-1)
  if (wish === 'scarta') {
    await hall.taskDrafts.drop(key, visit.person.id)
    return { kind: 'redirect', to: taskAddress(key, queueOf(visit)) }
  }
  if (!isOpenFor(visit.person, task.row)) {
    await keepTyped(hall, visit.person, key, posted)
    return tellConflict(hall, visit, key, posted)
  }
  const turn = await hear(askingOf(hall, visit, task), visit)
  const { judgement, typed } = turn
  await keepTyped(hall, visit.person, key, typed)
  if (wish === 'salva') return { kind: 'redirect', to: withMark(taskAddress(key, queueOf(visit)), 'salvato') }
  if (!turn.isComplete) {
    const status = judgement.faults.size > 0 ? 422 : 200
    return answer(status, hall, visit, task, { asked: turn, judgement, notice: null, draft: null })
  }
  if (!(await isCompleted(hall, visit, task, turn))) return tellConflict(hall, visit, key, typed)
  await recordAccess(hall, visit, 'complete', task.practice?.id ?? null, taskName(task.row))
  await hall.taskDrafts.drop(key, visit.person.id)
  return { kind: 'redirect', to: await afterCompletion(hall, visit, wish === 'completa-e-prossimo') }
}

async function afterCompletion(hall: TownHall, visit: PersonVisit, goesOn: boolean): Promise<string> {
  const queue = queueOf(visit)
  const filters = filtersIn(new URLSearchParams(queue), visit.person)
  const next = goesOn ? await nextTask(hall, visit.person, filters) : null
  return next === null ? withMark(queueAddress(queue), 'completato') : taskAddress(next, queue)
}

/** False when somebody else was faster. */
async function isCompleted(
  hall: TownHall,
  visit: PersonVisit,
  { key, row, practice, root }: OpenTask,
  { nodes }: Turn,
): Promise<boolean> {
  if (textIn(row, 'assignee') === '' && !(await isClaimed(hall, visit, row))) return false
  // What no practice has belongs to its instance: it is sent, whoever looks for what is not.
  await hall.documents.assign(attachedIn(nodes), practice?.id ?? root)
  return (await conflictIn(() => hall.gateway.completeUserTask(key, submissionOf(nodes)))) === null
}

/** The task as it is now, with what was typed. */
export async function tellConflict(hall: TownHall, visit: PersonVisit, key: KeyText, typed: Typed): Promise<Answer> {
  const task = await openTask(hall, visit, key)
  if (isAnswer(task)) return task
  const draft = await hall.taskDrafts.find(key, visit.person.id)
  const asked = begin(askingOf(hall, visit, task), draft?.typed ?? (typed.size === 0 ? null : typed))
  return answer(409, hall, visit, task, { asked, judgement: UNJUDGED, notice: 'conflict', draft: null })
}
