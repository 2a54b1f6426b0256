/**
 * Filing for the person at the counter: the citizen's own form, typed by a clerk. What the paper lacks may be missing here: whether
 * the declaration is receivable is for the procedure to say, and what came in is registered all the same (DPR 445/2000 art. 53).
 * Whoever acts for another is recorded, with the right by which they do.
 */
import { randomUUID } from 'node:crypto'
import type { Context, Value } from '../../../engine/feel/index.ts'
import { file, filingForm, isSame } from '../filing.ts'
import { type Asking, attachedIn, hear, lookAt, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import { renderFaults } from '../form/render/faults.ts'
import type { Look } from '../form/render/look.ts'
import { encodingOf, QUESTIONS_SCRIPT, renderQuestions } from '../form/render/questions.ts'
import { parseForm } from '../form/schema.ts'
import { typedIn } from '../form/typed.ts'
import type { Strictness } from '../form/validate.ts'
import { html } from '../html.ts'
import { type Answer, type PersonVisit, refusedPage, type TownHall } from '../page.ts'
import { recordAccess, refusal } from './access.ts'
import { COUNTER, instanceAddress } from './addresses.ts'
import { type Delegate, delegateFaults, delegateIn, renderDelegate } from './delegate.ts'
import { askingForPapers, lookAtPapers, papersIn, renderPapers } from './delegate-papers.ts'
import { deskPage, trail } from './desk-page.ts'
import { mayFile, type Procedure } from './may.ts'
import { knownPerson, TAX_CODE } from './person-at-counter.ts'

/** What a paper lacks may be missing. */
const PAPER: Strictness = { requires: false }

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export async function counter(hall: TownHall, visit: PersonVisit, processId: string): Promise<Answer> {
  const { say, person, language } = visit
  const procedure = hall.town.procedimenti.find(({ id }) => id === processId)
  if (procedure === undefined) return refusal(visit, 404, 'procedure')
  if (!mayFile(person, procedure)) return refusal(visit, 403, 'procedure')
  const linked = await filingForm(hall.gateway, processId)
  if (linked === null) return refusal(visit, 404, 'form')
  const posted = visit.body === undefined ? null : typedIn(visit.body)
  const given = posted?.get('pratica-id')?.at(-1) ?? ''
  const id = UUID.test(given) ? given : randomUUID()
  const asking: Asking = {
    form: parseForm(linked.schema),
    // What the paper is, and what proves who signed it, is asked for here alone.
    variables: new Map<string, Value>([...(await knownOf(hall, visit)), ['canale', 'sportello']]),
    now: hall.now(),
    calendar: hall.town.calendario,
    frames: hall.town.pagineEsterne,
    strictness: PAPER,
    attachments: hall.attachments.of(person.id),
    practice: id,
    inSteps: false,
    final: ['presenta'],
  }
  const papers = await hear(askingForPapers(hall, visit, id), visit)
  const turn = await hear(asking, visit)
  const { nodes, judgement } = turn
  const delegate = delegateIn(posted)
  const missing = turn.wish === 'presenta' ? delegateFaults(visit, delegate, papersIn(papers).length > 0) : []
  if (turn.isComplete && papers.isComplete && missing.length === 0)
    return fileAt(hall, visit, { procedure, id, delegate, papers, turn })
  const look = lookAt(turn, { language, headingLevel: 2 })
  const name = procedure.nome
  const title = say('counterTitle', { name })
  const isFaulty = judgement.faults.size > 0 || papers.judgement.faults.size > 0 || missing.length > 0
  const address = `${COUNTER}/${processId}`
  const main = html`${trail(visit, name, { steps: [[say('counter'), COUNTER]] })}<h1>${title}</h1>${renderFaults([...papers.nodes, ...nodes], both(lookAtPapers(papers, visit), look))}${
    missing.length > 0 &&
    html`<div class="alert alert-danger" role="alert" tabindex="-1"><h2 class="h5">${say('delegateFaults')}</h2><ul class="mb-0">${missing.map(({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`)}</ul></div>`
  }<p>${say('counterText')}</p><form method="post" action="${address}"${encodingOf(papers)} novalidate>${visit.csrfField}<input type="hidden" name="pratica-id" value="${id}"><button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="presenta">${say('counterFile')}</button>${renderDelegate(visit, delegate, missing, renderPapers(papers, visit))}${renderQuestions(turn, look)}<button type="submit" class="btn btn-primary" name="azione" value="presenta">${say('counterFile')}</button></form>`
  return deskPage(visit, {
    title: isFaulty ? say('error', { title }) : title,
    main,
    status: isFaulty ? 422 : 200,
    scripts: [QUESTIONS_SCRIPT],
  })
}

/** Of two forms on one page, so that it has one index of what is wrong. */
const both = (one: Look, other: Look): Look => ({
  ...other,
  faults: new Map([...one.faults, ...other.faults]),
  unasked: new Set([...one.unasked, ...other.unasked]),
})

/** Whoever was here before is not asked again; whoever was not is known by the code alone. */
async function knownOf(hall: TownHall, visit: PersonVisit): Promise<Context> {
  const taxCode = (visit.query.get('cf') ?? '').toUpperCase()
  if (!TAX_CODE.test(taxCode)) return new Map()
  const known = await knownPerson(hall, visit, taxCode)
  return new Map([['richiedente', known ?? new Map([['cf', taxCode]])]])
}

interface Paper {
  readonly procedure: Procedure
  readonly id: string
  readonly delegate: Delegate | null
  readonly papers: Turn
  readonly turn: Turn
}

async function fileAt(
  hall: TownHall,
  visit: PersonVisit,
  { procedure, id, delegate, papers, turn: { nodes } }: Paper,
): Promise<Answer> {
  const { person } = visit
  const carte = papersIn(papers).map((paper) => paper.id)
  const filing = {
    id,
    processId: procedure.id,
    channel: 'sportello',
    owner: null,
    filedBy: person.id,
    variables: submissionOf(nodes),
    documents: [...attachedIn(nodes), ...carte],
    delegate: delegate && {
      titolo: delegate.title,
      nome: delegate.name,
      cf: delegate.taxCode,
      documento: delegate.identifiedBy,
      carte,
    },
  } as const
  const practice = await file(hall, filing)
  if (!isSame(practice, filing)) return refusedPage(visit, 403)
  if (delegate !== null)
    await hall.practices.addDelegation(id, {
      ...delegate,
      papers: carte,
      recordedBy: person.id,
      at: new Date(hall.now()),
    })
  await recordAccess(hall, visit, 'file', practice.id)
  return { kind: 'redirect', to: `${instanceAddress(practice.processInstanceKey ?? '')}/ricevuta` }
}
