/**
 * What a signer sees: the acts to choose from, each with its document and hash; the batch, with the code to write and then what became
 * of each act. Reads nothing; complete without script.
 */
import type { Context } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { attributes, type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { ACTS_MAX, type ActsToSign, type ActToSign, listAt, textAt } from './acts-to-sign.ts'
import { batchAddress, documentAddress, SIGNING, taskAddress } from './addresses.ts'
import { news, trail } from './desk-page.ts'
import { dueOf, renderDue } from './due.ts'
import { textIn } from './practice-of.ts'

type Say = PersonVisit['say']

export const REASONS = ['GONE', 'CHANGED', 'COLLEAGUE', 'IN_BATCH'] as const
/** Why an act that was chosen is in no batch. */
export type Reason = (typeof REASONS)[number]
export interface LeftOut {
  readonly key: KeyText
  readonly subject: string
  readonly reason: Reason
}

export interface Batch {
  /** Of its instance. */
  readonly key: KeyText
  readonly variables: Context
  /** Where the code is written; null before it is sent and after it was taken. */
  readonly task: Row | null
  readonly isOver: boolean
  readonly acts: readonly Context[]
}

export interface ActsView {
  readonly title: string
  /** Of the batch that is to be. */
  readonly batch: string
  readonly found: ActsToSign
  readonly chosen: ReadonlySet<KeyText>
  readonly leftOut: readonly LeftOut[]
  readonly notice?: 'none' | 'too-many'
}

export function renderActs(hall: TownHall, visit: PersonVisit, view: ActsView): Html {
  const { say } = visit
  const { title, found, leftOut, notice } = view
  const head = html`${trail(visit, title)}<h1>${title}</h1>${notice === 'none' && news(say('noActChosen'), 'warning')}${
    notice === 'too-many' && news(say('tooManyActs', { max: String(ACTS_MAX) }), 'warning')
  }${leftOut.length > 0 && news(renderLeftOut(say, leftOut), 'warning')}${renderWaiting(say, found)}`
  if (found.acts.length === 0)
    return html`${head}<div class="iter-empty" role="status"><p class="h5">${say('noActs')}</p><p>${say('noActsText')}</p></div>`
  return html`${head}<p>${say('actsText')}</p>${found.hasMore && html`<p>${say('moreActs', { max: String(ACTS_MAX) })}</p>`}${renderChoice(hall, visit, view)}`
}

const renderWaiting = (say: Say, { inBatch }: ActsToSign): Part =>
  [...new Set(inBatch.values())].map((batch) =>
    news(html`${say('batchWaits')} <a href="${batchAddress(batch)}">${say('batchGo')}</a>`, 'warning'),
  )

function renderChoice(hall: TownHall, visit: PersonVisit, { batch, found, chosen }: ActsView): Html {
  const { say, csrfField } = visit
  const rows = found.acts.map((act) =>
    renderAct(hall, visit, act, { isChosen: chosen.has(act.key), isHeld: found.inBatch.has(act.key) }),
  )
  const heads = [say('act'), say('document'), say('due')]
  return html`<form method="post" action="${SIGNING}">${csrfField}<input type="hidden" name="lotto" value="${batch}"><div class="d-flex flex-wrap gap-2 mb-3"><button type="submit" class="btn btn-primary btn-sm">${say('signChosen')}</button><button type="button" class="btn btn-outline-primary btn-sm" hidden data-chooses="atto">${say('chooseAll')}</button></div>${renderTable(
    say('actsToSign'),
    [html`<span class="visually-hidden">${say('choose')}</span>`, ...heads],
    rows,
  )}<button type="submit" class="btn btn-primary">${say('signChosen')}</button></form>`
}

interface Shown {
  readonly isChosen: boolean
  readonly isHeld: boolean
}

function renderAct(hall: TownHall, visit: PersonVisit, act: ActToSign, { isChosen, isHeld }: Shown): Html {
  const { say } = visit
  const { key, document, subject, head, task } = act
  const due = textIn(task, 'dueDate')
  const box = html`<div class="form-check"><input type="checkbox" id="atto-${key}" name="atto" value="${key}" data-row-check${attributes({ checked: isChosen })}><label for="atto-${key}"><span class="visually-hidden">${say('chooseAct', { act: subject, document: document.nome })}</span></label></div><input type="hidden" name="impronta-${key}" value="${document.impronta}"><input type="hidden" name="oggetto-${key}" value="${subject}">`
  return html`<tr role="row" data-row><td role="cell" class="iter-choice">${isHeld ? say('actHeld') : box}</td><th scope="row" role="rowheader"><a href="${taskAddress(key)}" data-row-link>${subject}</a><span class="d-block fw-normal small">${head?.applicant}${
    head?.protocol && html` · ${say('protocolNumber', { number: head.protocol })}`
  }</span></th>${cell(say('document'), renderDocument(say, document))}${cell(
    say('due'),
    due === '' ? say('dueNone') : renderDue(dueOf(due, hall.now(), hall.town.calendario), hall.icon, say),
  )}</tr>`
}

const renderDocument = (say: Say, { id, nome, impronta }: ActToSign['document']): Html =>
  html`<a href="${documentAddress(id)}">${nome}</a><span class="d-block small">${say('hash')} <code class="text-break">${impronta}</code></span><details class="iter-preview" hidden data-preview="${documentAddress(id)}" data-preview-title="${nome}"><summary>${say('preview')}<span class="visually-hidden">: ${nome}</span></summary></details>`

const cell = (label: string, inner: Part): Html => html`<td role="cell" data-label="${label}">${inner}</td>`

const renderTable = (caption: string, heads: readonly Part[], rows: readonly Html[]): Html =>
  html`<table class="table iter-stack iter-queue" role="table"><caption class="visually-hidden">${caption}</caption><thead role="rowgroup"><tr role="row">${heads.map(
    (head) => html`<th scope="col" role="columnheader">${head}</th>`,
  )}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`

function renderLeftOut(say: Say, leftOut: readonly LeftOut[]): Html {
  return html`<p class="mb-1">${say('leftOut')}</p><ul class="mb-0">${leftOut.map(
    ({ subject, reason }) => html`<li>${subject}: ${reasonText(say, reason)}</li>`,
  )}</ul>`
}

function reasonText(say: Say, reason: Reason): string {
  switch (reason) {
    case 'GONE':
      return say('actGone')
    case 'CHANGED':
      return say('actChanged')
    case 'COLLEAGUE':
      return say('actOfColleague')
    case 'IN_BATCH':
      return say('actHeld')
  }
}

interface BatchView {
  readonly batch: Batch
  readonly title: string
  /** What was written and is no code; null when nothing is wrong. */
  readonly wrong: string | null
}

export function renderBatch(hall: TownHall, visit: PersonVisit, { batch, title, wrong }: BatchView): Html {
  const { say } = visit
  const leftOut = listAt(batch.variables, 'lotto.esclusi').map((one) => ({
    ...{ key: textAt(one, 'key'), subject: textAt(one, 'subject') },
    reason: REASONS.find((reason) => reason === textAt(one, 'reason')) ?? 'GONE',
  }))
  const rows = batch.acts.map((act) => renderChosen(hall, say, batch, act))
  return html`${trail(visit, title, { steps: [[say('actsToSign'), SIGNING]] })}<h1>${title}</h1>${
    leftOut.length > 0 && news(renderLeftOut(say, leftOut), 'warning')
  }${renderState(visit, batch, wrong)}${renderTable(title, [say('act'), say('document'), say('outcome')], rows)}<p><a href="${SIGNING}">${say('backToActs')}</a></p>`
}

function renderState(visit: PersonVisit, batch: Batch, wrong: string | null): Part {
  const { say } = visit
  if (batch.task !== null) return renderCode(visit, batch, wrong)
  if (!batch.isOver)
    return html`<p role="status">${say('batchRuns')}</p><p><a class="btn btn-outline-primary btn-sm" href="${batchAddress(batch.key)}">${say('refresh')}</a></p>`
  const signed = outcomes(batch).filter((one) => textAt(one, 'esito') === 'FIRMATO').length
  const why = textAt(batch.variables, 'motivo')
  const isWhole = signed === batch.acts.length
  const told = say('batchSigned', { signed: String(signed), count: String(batch.acts.length) })
  return news(html`${told}${why !== '' && html` ${say('batchRefused')}`}`, isWhole ? 'success' : 'warning')
}

const outcomes = ({ variables }: Batch): readonly Context[] => listAt(variables, 'firme')

function renderCode({ say, csrfField }: PersonVisit, { key, variables, acts }: Batch, wrong: string | null): Html {
  const sent = textAt(variables, 'invioOtp') === 'IGNOTO' ? say('codePerhapsSent') : say('codeSent')
  const isRefused = textAt(variables, 'codiceErrato') !== ''
  const fault = html`<div class="invalid-feedback d-block" id="otp-errore">${say('codeShape')}</div>`
  return html`${isRefused && wrong === null && html`<div class="alert alert-warning" role="alert">${say('codeRefused')}</div>`}<form method="post" action="${batchAddress(key)}" class="mb-4" novalidate>${csrfField}<p>${sent}</p><div class="form-group mb-3"><label class="active" for="otp">${say('code')}</label><input type="text" class="form-control${wrong === null ? '' : ' is-invalid'}" id="otp" name="otp" value="${wrong ?? ''}" inputmode="numeric" autocomplete="one-time-code" maxlength="20" aria-describedby="${wrong === null ? 'otp-aiuto' : 'otp-errore otp-aiuto'}"${attributes({ 'aria-invalid': wrong !== null && 'true', autofocus: true })}>${wrong !== null && fault}<small class="form-text" id="otp-aiuto">${say('codeHelp')}</small></div><div class="d-flex flex-wrap gap-2"><button type="submit" class="btn btn-primary" name="azione" value="FIRMA">${say('signBatch', { count: String(acts.length) })}</button><button type="submit" class="btn btn-outline-primary" name="azione" value="ALTRO">${say('codeAgain')}</button><button type="submit" class="btn btn-outline-primary" name="azione" value="LASCIA">${say('leaveBatch')}</button></div></form>`
}

function renderChosen({ icon }: TownHall, say: Say, batch: Batch, act: Context): Html {
  const outcome = outcomes(batch).find((one) => textAt(one, 'documento') === textAt(act, 'documento.id'))
  const isSigned = outcome !== undefined && textAt(outcome, 'esito') === 'FIRMATO'
  const signed = outcome === undefined ? '' : textAt(outcome, 'firmato.id')
  const document = { id: textAt(act, 'documento.id'), nome: textAt(act, 'nome'), impronta: textAt(act, 'impronta') }
  const told = (): Part => {
    if (isSigned)
      return html`${icon('it-check-circle')} <a href="${documentAddress(signed)}">${say('actSigned')}<span class="visually-hidden">: ${document.nome}</span></a>`
    if (outcome !== undefined)
      return html`${icon('it-warning-circle')} ${notSignedText(say, textAt(outcome, 'motivo'))}`
    return batch.isOver ? html`${icon('it-warning-circle')} ${say('actNotSigned')}` : say('actWaits')
  }
  return html`<tr role="row" data-row><th scope="row" role="rowheader"><a href="${taskAddress(textAt(act, 'compito'))}" data-row-link>${textAt(act, 'oggetto')}</a></th>${cell(
    say('document'),
    renderDocument(say, document),
  )}${cell(say('outcome'), told())}</tr>`
}

/** By the motives of `firma.massiva`. */
const NOT_SIGNED: ReadonlyMap<string, (say: Say) => string> = new Map([
  ['DOCUMENTO_ASSENTE', (say) => say('actChanged')],
  ['NON_FIRMABILE', (say) => say('actUnsignable')],
  ['OLTRE_IL_LIMITE', (say) => say('actBeyondLimit')],
  ['CODICE_USATO', (say) => say('actCodeUsed')],
  ['RIFIUTATO', (say) => say('actRefused')],
])
const notSignedText = (say: Say, motive: string): string => NOT_SIGNED.get(motive)?.(say) ?? say('actNotSigned')
