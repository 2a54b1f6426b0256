/**
 * A task as a page: whose it is, when it is due, its form or, where it cannot be worked on, what the form holds as text; beside it
 * what one looks at while filling it in: documents and notes of the practice.
 */

import { shown } from '../form/display.ts'
import { renderFaults } from '../form/render/faults.ts'
import type { Look } from '../form/render/look.ts'
import { renderPage } from '../form/render/page.ts'
import { encodingOf, renderQuestions } from '../form/render/questions.ts'
import { renderSummary } from '../form/render/summary.ts'
import type { Asked, Judgement } from '../form/validate.ts'
import { type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { TaskDraft } from '../store/task-drafts.ts'
import { instanceAddress, taskAddress } from './addresses.ts'
import { renderAssign } from './assign-form.ts'
import { news, trail } from './desk-page.ts'
import { renderDocuments } from './documents.ts'
import { dueOf, renderDue } from './due.ts'
import { assigneeText, practiceProcedure, taskName } from './names.ts'
import { renderNotes } from './notes.ts'
import { isOpen, isOpenFor, type OpenTask } from './open-task.ts'
import { delegationOf, textIn } from './practice-of.ts'

export interface TaskView {
  readonly task: OpenTask
  readonly asked: Asked
  readonly judgement: Judgement
  readonly notice: 'conflict' | 'claimed' | 'saved' | 'assigned' | null
  /** What the form was filled in with, when it was typed earlier. */
  readonly draft: TaskDraft | null
  /** The queue's filters. */
  readonly queue: string
}

export async function renderTaskPage(hall: TownHall, visit: PersonVisit, view: TaskView): Promise<Html> {
  const { say, person } = visit
  const { task, queue, judgement } = view
  const look: Look = { ...judgement, language: visit.language, headingLevel: 2, isLive: false }
  const canWork = isOpenFor(person, task.row)
  const back = taskAddress(task.key, queue)
  const { practice } = task
  const [documents, notes] = await Promise.all([
    renderDocuments(hall, visit, practice, delegationOf(hall, practice)),
    renderNotes(hall, visit, { practice: practice?.id ?? null, instance: task.root, back }),
  ])
  const name = taskName(task.row)
  return html`${trail(visit, name, { queue })}<h1>${name}</h1>${renderNotice(hall, visit, view)}${renderFaults(view.asked.nodes, look)}${renderHead(
    hall,
    visit,
    view,
  )}<div class="row"><div class="col-lg-8">${
    canWork ? renderWork(visit, view, look) : html`<h2 class="h4">${say('formContent')}</h2>${renderPlain(view, look)}`
  }</div><div class="col-lg-4"><aside class="iter-beside" aria-label="${say('beside')}"><h2 class="h5" id="documenti" tabindex="-1" data-key="d">${say('documents')}</h2>${documents}<h2 class="h5 mt-4" id="note">${say('notes')}</h2>${notes}</aside></div></div>`
}

function renderNotice(hall: TownHall, visit: PersonVisit, view: TaskView): Part {
  const { say, csrfField } = visit
  const { notice, task, draft, queue } = view
  switch (notice) {
    case 'conflict':
      return renderConflict(hall, visit, task)
    case 'claimed':
      return news(
        html`<p class="mb-2">${say('claimedOne', { task: taskName(task.row) })}</p>${change(visit, view, 'rilascia', say('undo'))}`,
      )
    case 'assigned':
      return news(say('assignedYou'))
    case 'saved':
      return news(say('draftSaved'))
    case null:
      return (
        draft !== null &&
        isOpen(task.row) &&
        html`<div class="alert alert-info" role="status"><p class="mb-2">${say('draftResumed', { at: shown(draft.savedAt.toISOString()) })}</p><form method="post" action="${taskAddress(task.key)}">${csrfField}<input type="hidden" name="coda" value="${queue}"><button type="submit" class="btn btn-outline-primary btn-sm" name="azione" value="scarta">${say('draftDrop')}</button></form></div>`
      )
  }
}

function renderConflict(hall: TownHall, visit: PersonVisit, { row }: OpenTask): Html {
  const { say } = visit
  const what = !isOpen(row)
    ? say('conflictOver')
    : textIn(row, 'assignee') === ''
      ? say('conflictReleased')
      : say('conflictClaimed', { holder: assigneeText(hall, visit, row) })
  return html`<div class="alert alert-warning" role="alert" tabindex="-1" autofocus><p>${what}</p><p class="mb-0">${say('conflictText')}</p></div>`
}

const change = (
  { csrfField }: PersonVisit,
  { task, queue }: TaskView,
  path: 'prendi' | 'rilascia',
  text: string,
): Html =>
  html`<form method="post" action="${taskAddress(task.key)}/${path}">${csrfField}<input type="hidden" name="coda" value="${queue}"><button type="submit" class="btn btn-outline-primary btn-sm" data-key="${path === 'prendi' ? 'p' : 'l'}" aria-keyshortcuts="${path === 'prendi' ? 'p' : 'l'}">${text}</button></form>`

function renderHead(hall: TownHall, visit: PersonVisit, view: TaskView): Html {
  const { say, person } = visit
  const { row, root, applicant, protocol } = view.task
  const due = textIn(row, 'dueDate')
  const holder = textIn(row, 'assignee')
  const practice = protocol ? say('protocolNumber', { number: protocol }) : say('practiceNamed', { key: root })
  const fact = (name: string, value: Part): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<div class="iter-head mb-4"><dl class="iter-facts">${fact(
    say('due'),
    due === '' ? say('dueNone') : renderDue(dueOf(due, hall.now(), hall.town.calendario), hall.icon, say),
  )}${fact(say('practice'), html`<a href="${instanceAddress(root)}">${practice}</a>`)}${applicant !== '' && fact(say('applicant'), applicant)}${fact(
    say('procedure'),
    practiceProcedure(hall, view.task.practice, row),
  )}${fact(say('holder'), assigneeText(hall, visit, row))}</dl><div class="d-flex flex-wrap gap-2 align-items-start">${
    isOpen(row) && holder === '' && change(visit, view, 'prendi', say('claim'))
  }${isOpen(row) && holder === person.id && change(visit, view, 'rilascia', say('release'))}${renderAssign(hall, visit, view.task, view.queue)}</div></div>`
}

/** The first button of the form is what Enter presses: it must not be one that adds or removes a row. */
function renderWork({ csrfField, say }: PersonVisit, { task: { key }, asked, queue }: TaskView, look: Look): Html {
  return html`<form method="post" action="${taskAddress(key)}"${encodingOf(asked)} novalidate data-draft="${taskAddress(key)}/bozza" data-draft-saved="${say('draftKept')}" data-draft-failed="${say('draftFailed')}" data-draft-ended="${say('draftEnded')}">${csrfField}<input type="hidden" name="coda" value="${queue}"><button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="completa">${say('complete')}</button>${renderQuestions(asked, look)}<div class="d-flex gap-3 flex-wrap border-top pt-4 mt-4"><button type="submit" class="btn btn-primary" name="azione" value="completa">${say('complete')}</button><button type="submit" class="btn btn-outline-primary" name="azione" value="completa-e-prossimo">${say('completeAndNext')}</button><button type="submit" class="btn btn-outline-primary" name="azione" value="salva" formnovalidate>${say('draftSave')}</button></div><p class="small mt-2" role="status" data-draft-news></p></form>`
}

/** Contents of the form and what was typed or stored, none of it to be changed. */
const renderPlain = ({ asked: { nodes } }: TaskView, look: Look): Part => [
  nodes.some(({ kind }) => kind === 'shown') &&
    renderPage(
      nodes.filter(({ kind }) => kind === 'shown'),
      { ...look, isStill: true },
    ),
  renderSummary(nodes, look),
]
