/**
 * From the form of a service to a filed practice: fill in, see what is wrong, see the summary, send.
 *
 * Owns: the order of these pages. Does not own: the form (form/), the practice and its instance (filing.ts).
 * Invariants
 * D1 Nothing but files is kept between the pages: each carries what was typed, and each post is validated anew.
 * D2 The id of the practice is made with the form, so that sending twice files once.
 * D3 Who declares is who signed in: what the identity provider vouches for cannot be typed.
 */
import { randomUUID } from 'node:crypto'
import { type Context, fromJson } from '../../../engine/feel/index.ts'
import { file, filingForm, isSame } from '../filing.ts'
import { attachedIn, hear, lookAt, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import { renderFaults } from '../form/render/faults.ts'
import { encodingOf, QUESTIONS_SCRIPT, renderQuestions } from '../form/render/questions.ts'
import { positionText, renderBack } from '../form/render/steps.ts'
import { renderSummary } from '../form/render/summary.ts'
import { parseForm } from '../form/schema.ts'
import { typedIn } from '../form/typed.ts'
import { type Html, html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import { PRACTICES, procedureOf } from './practices.ts'

const CERTIFIED: ReadonlySet<string> = new Set(['spid'])
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Controls of the page itself: what was typed into the form is the rest. */
const OWN_CONTROLS: ReadonlySet<string> = new Set(['azione', '_csrf', 'pratica-id', 'riga', 'passo'])

interface Draft extends Turn {
  readonly processId: string
  readonly name: string
  readonly id: string
}

export const formAddress = (processId: string): string => `/servizi/${processId}/richiesta`

export async function declare(hall: TownHall, visit: CitizenVisit, processId: string): Promise<Answer> {
  const procedure = procedureOf(hall, processId)
  const linked = procedure === undefined ? null : await filingForm(hall.gateway, processId)
  if (procedure === undefined || linked === null) return refusedPage(visit, 404)
  const given = typedIn(visit.body).get('pratica-id')?.at(-1) ?? ''
  const id = UUID.test(given) ? given : randomUUID()
  const asking = {
    form: parseForm(linked.schema),
    variables: knownOf(visit),
    now: hall.now(),
    calendar: hall.town.calendario,
    certified: CERTIFIED,
    frames: hall.town.pagineEsterne,
    attachments: hall.attachments.of(visit.person.id),
    practice: id,
    inSteps: true,
    final: ['invia'],
  }
  const draft = { ...(await hear(asking, visit)), processId, name: procedure.nome, id }
  if (!draft.isComplete) return formPage(visit, draft)
  return draft.wish === 'invia' ? send(hall, visit, draft) : summaryPage(visit, draft)
}

function knownOf({ person: { nome, cognome, cf, email } }: CitizenVisit): Context {
  return fromJson(JSON.stringify({ canale: 'online', richiedente: { nome, cognome, cf, email } })) as Context
}

const trail = ({ say }: CitizenVisit, { name, processId }: Draft, here: string): Html =>
  breadcrumb(
    say,
    [
      [say('home'), '/'],
      [name, `/servizi/${processId}`],
    ],
    here,
  )

function formPage(visit: CitizenVisit, draft: Draft): Answer {
  const { say, csrfField, language } = visit
  const { name, processId, id, nodes, judgement, steps, step } = draft
  const { faults } = judgement
  const look = lookAt(draft, { language, headingLevel: 2 })
  const onEnter = html`<button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="avanti">${say('continue')}</button>`
  const main = html`${trail(visit, draft, name)}<h1>${name}</h1>${renderFaults(nodes, look)}<form method="post" action="${formAddress(processId)}"${encodingOf(draft)} novalidate>${csrfField}<input type="hidden" name="pratica-id" value="${id}">${onEnter}${renderQuestions(draft, look)}${renderBack(steps, step, look)}<button type="submit" class="btn btn-primary" name="azione" value="avanti">${say('continue')}</button></form>`
  const here = step === null ? name : `${positionText(steps, step, look)} – ${name}`
  const title = faults.size > 0 ? say('error', { title: here }) : here
  return { kind: 'page', status: faults.size > 0 ? 422 : 200, title, main, scripts: [QUESTIONS_SCRIPT] }
}

function summaryPage(visit: CitizenVisit, draft: Draft): Answer {
  const { say, csrfField, language } = visit
  const { name, processId, id, nodes, typed } = draft
  const kept = [...typed]
    .filter(([control]) => !OWN_CONTROLS.has(control))
    .map(([control, texts]) => texts.map((text) => html`<input type="hidden" name="${control}" value="${text}">`))
  const title = say('summary')
  const main = html`${trail(visit, draft, title)}<h1>${name}: ${title}</h1><div class="alert alert-warning" role="note">${say('summaryWarning')}</div><div data-it="summary">${renderSummary(nodes, { language, headingLevel: 2, changeBy: 'riepilogo' })}</div><form method="post" id="riepilogo" action="${formAddress(processId)}">${csrfField}<input type="hidden" name="pratica-id" value="${id}">${kept}<button type="submit" class="btn btn-primary me-3" name="azione" value="invia">${say('send')}</button><button type="submit" class="btn btn-outline-primary" name="azione" value="modifica">${say('change')}</button></form>`
  return page(`${title} – ${name}`, main)
}

async function send(hall: TownHall, visit: CitizenVisit, { processId, id, nodes }: Draft): Promise<Answer> {
  const { person } = visit
  const filing = {
    id,
    processId,
    channel: 'online',
    owner: person.cf,
    filedBy: person.id,
    variables: submissionOf(nodes),
    documents: attachedIn(nodes),
  } as const
  const practice = await file(hall, filing)
  if (!isSame(practice, filing)) return refusedPage(visit, 403)
  await hall.practices.recordAccess({ at: new Date(), person: person.id, action: 'file', practice: id })
  return { kind: 'redirect', to: `${PRACTICES}/${id}/ricevuta` }
}
