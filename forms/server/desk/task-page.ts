/** A task as a page: whose it is, when it is due, its form or, where it cannot be worked on, what the form holds as text. */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { renderFaults } from '../form/render/faults.ts'
import type { Look } from '../form/render/look.ts'
import { renderPage } from '../form/render/page.ts'
import { encodingOf, renderQuestions } from '../form/render/questions.ts'
import { renderSummary } from '../form/render/summary.ts'
import type { Asked, Judgement } from '../form/validate.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Desk, DeskRequest } from './desk.ts'
import { dueOf, renderDue } from './due.ts'
import { headOf, textIn } from './practice-of.ts'
import { assigneeText, DESK, procedureName, taskName } from './queue.ts'

export interface TaskView {
  readonly key: KeyText
  readonly row: Row
  readonly asked: Asked
  readonly judgement: Judgement
  readonly notice: 'conflict' | null
}

export function renderTaskPage(desk: Desk, request: DeskRequest, view: TaskView): Html {
  const look: Look = { ...view.judgement, language: 'it', headingLevel: 2, isLive: false }
  const { row } = view
  const isOpen = textIn(row, 'state') === 'CREATED'
  const holder = textIn(row, 'assignee')
  const canWork = isOpen && (holder === '' || holder === request.person.id)
  return html`<nav aria-label="Percorso"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="${DESK}">Scrivania</a></li><li class="breadcrumb-item active" aria-current="page">${taskName(row)}</li></ol></nav><h1>${taskName(row)}</h1>${
    view.notice === 'conflict' && renderConflict(desk, request, row, isOpen)
  }${renderFaults(view.asked.nodes, look)}${renderHead(desk, request, view)}${
    canWork ? renderWork(request, view, look) : html`<h2 class="h4">Contenuto del modulo</h2>${renderPlain(view, look)}`
  }`
}

function renderConflict(desk: Desk, { person }: DeskRequest, row: Row, isOpen: boolean): Html {
  const holder = textIn(row, 'assignee')
  const what = !isOpen
    ? 'Nel frattempo questo compito è stato completato o tolto.'
    : holder === ''
      ? 'Nel frattempo questo compito è stato rilasciato.'
      : `Nel frattempo questo compito è stato preso in carico: ${assigneeText(desk, person, row)}.`
  return html`<div class="alert alert-warning" role="alert" tabindex="-1" autofocus><p>${what}</p><p>Non è stato inviato nulla. Quello che hai scritto è qui sotto: puoi copiarlo.</p></div>`
}

function renderHead(desk: Desk, { person, csrfField }: DeskRequest, { key, row, asked }: TaskView): Html {
  const { protocol, applicant } = headOf(asked.filling.variables)
  const due = textIn(row, 'dueDate')
  const instance = textIn(row, 'processInstanceKey')
  const isOpen = textIn(row, 'state') === 'CREATED'
  const holder = textIn(row, 'assignee')
  const change = (path: string, text: string): Html =>
    html`<form method="post" action="${DESK}/compiti/${key}/${path}">${csrfField}<button type="submit" class="btn btn-outline-primary btn-sm">${text}</button></form>`
  return html`<dl class="row"><dt class="col-sm-3">Procedimento</dt><dd class="col-sm-9">${procedureName(desk, row)}</dd><dt class="col-sm-3">Pratica</dt><dd class="col-sm-9"><a href="${DESK}/pratiche/${instance}">${
    protocol ? `Protocollo ${protocol}` : `Pratica ${instance}`
  }</a></dd>${applicant && html`<dt class="col-sm-3">Richiedente</dt><dd class="col-sm-9">${applicant}</dd>`}<dt class="col-sm-3">Scadenza</dt><dd class="col-sm-9">${
    due === '' ? 'senza scadenza' : renderDue(dueOf(due, desk.now(), desk.town.calendario), desk.icon)
  }</dd><dt class="col-sm-3">Assegnato</dt><dd class="col-sm-9">${assigneeText(desk, person, row)}</dd></dl><div class="mb-4">${
    isOpen && holder === '' && change('prendi', 'Prendi in carico')
  }${isOpen && holder === person.id && change('rilascia', 'Rilascia')}</div>`
}

/** The first button of the form is what Enter presses: it must not be one that adds or removes a row. */
const defaultButton = html`<button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="completa">Completa</button>`

function renderWork({ csrfField }: DeskRequest, { key, asked }: TaskView, look: Look): Html {
  return html`<form method="post" action="${DESK}/compiti/${key}"${encodingOf(asked)} novalidate>${csrfField}${defaultButton}${renderQuestions(asked, look)}<div class="d-flex gap-3 flex-wrap"><button type="submit" class="btn btn-primary" name="azione" value="completa">Completa</button><button type="submit" class="btn btn-outline-primary" name="azione" value="completa-e-prossimo">Completa e passa al prossimo</button></div></form>`
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
