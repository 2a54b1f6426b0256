/**
 * The answer to what the office asks for: a form made of its items, saved as often as one likes, sent once.
 *
 * Owns: that form, message `integrazione.ricevuta`. Does not own: the request (ca-integrazione), files (form/).
 * Invariants
 * G1 What the office wrote is text here: it stands in variables, never in the form, where it would be FEEL or a template.
 * G2 An item is answered by a document, by a text, or by both; saving asks for neither.
 */
import { randomUUID } from 'node:crypto'
import { type Context, fromJson, isContext, isList, toJson, type Value } from '../../../engine/feel/index.ts'
import { dayIn } from '../day.ts'
import { type Asking, attachedIn, begin, hear, lookAt, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import type { Fault } from '../form/faults.ts'
import { renderFaults } from '../form/render/faults.ts'
import { encodingOf, QUESTIONS_SCRIPT, renderQuestions } from '../form/render/questions.ts'
import { type Form, parseForm } from '../form/schema.ts'
import type { Typed } from '../form/typed.ts'
import { html } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import type { Draft } from '../store/drafts.ts'
import type { Practice } from '../store/practices.ts'
import { discard, forgetExpired, renderDraftLife } from './drafts.ts'
import { ownPractice, PRACTICES, serviceName, timeTag } from './own-practice.ts'
import { isAwaited, tellPractice } from './practice-messages.ts'
import { type IntegrationRequest, requestOf, storyOf, type Wanted } from './practice-story.ts'
import { tooManyDrafts } from './request-pages.ts'

const MESSAGE = 'integrazione.ricevuta'
const NOTE_MAX = 4_000
/** Beyond what any office asks for at once. */
const ITEMS_MAX = 50
/** Controls of the page itself. */
const OWN_CONTROLS: ReadonlySet<string> = new Set(['azione', '_csrf', 'riga'])

/** What stands open between a practice and its owner. */
interface Open {
  readonly hall: TownHall
  readonly visit: CitizenVisit
  readonly practice: Practice
  readonly request: IntegrationRequest
  readonly draft: Draft | null
  readonly asking: Asking
}

const documentsAt = (index: number): string => `voci.v${index}.documenti`
const noteAt = (index: number): string => `voci.v${index}.testo`

function formOf(wanted: readonly Wanted[], { say }: CitizenVisit): Form {
  return parseForm({
    type: 'default',
    components: wanted.map((_, index) => ({
      ...{ type: 'group', id: `voce-${index}`, showOutline: true },
      ...{ label: `=richiesta[${index + 1}].documento`, description: `=richiesta[${index + 1}].motivo` },
      components: [
        {
          ...{ type: 'filepicker', id: `documenti-${index}`, key: documentsAt(index) },
          ...{ label: say('answerDocuments'), multiple: true },
        },
        {
          ...{ type: 'textarea', id: `testo-${index}`, key: noteAt(index), validate: { maxLength: NOTE_MAX } },
          ...{ label: say('answerNote'), description: say('answerNoteHelp') },
        },
      ],
    })),
  })
}

/** Null when there is nothing to answer. */
async function open(hall: TownHall, visit: CitizenVisit, practice: Practice): Promise<Open | null> {
  const [isOpen, story] = await Promise.all([isAwaited(hall, practice, MESSAGE), storyOf(hall, practice)])
  const request = requestOf(story)
  if (!isOpen || request === null) return null
  const { person } = visit
  const draft = await hall.drafts.answerTo(practice.id, person.id, new Date(hall.now()))
  const wanted = request.wanted.slice(0, ITEMS_MAX)
  const shown = wanted.map(({ document, reason }) => ({ documento: document, motivo: reason }))
  const asking: Asking = {
    ...{
      form: formOf(wanted, visit),
      now: hall.now(),
      calendar: hall.town.calendario,
      inSteps: false,
      final: ['invia'],
    },
    variables: fromJson(JSON.stringify({ richiesta: shown })) as Context,
    ...{ attachments: hall.attachments.of(person.id), practice: practice.id },
  }
  return { hall, visit, practice, request: { ...request, wanted }, draft, asking }
}

const practiceAddress = ({ id }: Practice): string => `${PRACTICES}/${id}`

export async function askIntegration(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const asked = await open(hall, visit, practice)
  if (asked === null) return { kind: 'redirect', to: practiceAddress(practice) }
  return integrationPage(asked, begin(asked.asking, asked.draft?.typed ?? null))
}

export async function answerIntegration(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'answer')
  if (practice === null) return refusedPage(visit, 404)
  const asked = await open(hall, visit, practice)
  if (asked === null) return { kind: 'redirect', to: practiceAddress(practice) }
  const turn = await hear(asked.asking, visit)
  const draft = await save(asked, turn.typed)
  if (draft === null) return tooManyDrafts(visit)
  const saved = { ...asked, draft }
  if (turn.wish === 'invia' && turn.isComplete) return send(saved, turn)
  if (turn.wish === 'salva' && turn.judgement.faults.size === 0)
    return { kind: 'redirect', to: `${practiceAddress(practice)}/integrazione?salvata` }
  return integrationPage(saved, turn)
}

/** The whole page each time. */
async function save({ hall, visit, practice, draft }: Open, page: Typed): Promise<Draft | null> {
  await forgetExpired(hall)
  const typed = new Map([...page].filter(([name]) => !OWN_CONTROLS.has(name)))
  return hall.drafts.save({
    ...{ id: draft?.id ?? randomUUID(), owner: visit.person.id, processId: practice.processId, practice: practice.id },
    ...{ step: 1, known: '{}', typed, replaced: [...(draft?.typed.keys() ?? [])], at: new Date(hall.now()) },
  })
}

interface Given {
  readonly documents: readonly Value[]
  readonly note: string
}

/** Of each item, in the order in which they were asked. */
function givenIn({ request: { wanted } }: Open, { nodes }: Turn): readonly Given[] {
  const items = (fromJson(submissionOf(nodes)) as Context).get('voci') ?? null
  return wanted.map((_, index) => {
    const item = isContext(items) ? (items.get(`v${index}`) ?? null) : null
    const documents = isContext(item) ? (item.get('documenti') ?? null) : null
    const note = isContext(item) ? (item.get('testo') ?? null) : null
    return { documents: isList(documents) ? documents : [], note: typeof note === 'string' ? note.trim() : '' }
  })
}

async function send(asked: Open, turn: Turn): Promise<Answer> {
  const { hall, visit, practice, request, draft } = asked
  const given = givenIn(asked, turn)
  const missing = missingIn(asked, given)
  if (missing.size > 0)
    return integrationPage(asked, { ...turn, isComplete: false, judgement: { faults: missing, unasked: new Set() } })
  await hall.documents.assign(attachedIn(turn.nodes), practice.id)
  const risposte = request.wanted.map(
    ({ id }, index): Context =>
      new Map<string, Value>([
        ['voce', id],
        ['testo', given[index]!.note],
        ['documenti', given[index]!.documents],
      ]),
  )
  const answer = new Map<string, Value>([
    ['risposte', risposte],
    ['ricevutaIl', new Date(hall.now()).toISOString()],
  ])
  await tellPractice(hall, practice, MESSAGE, toJson(new Map([['integrazione', answer]])))
  await hall.practices.recordAccess({
    at: new Date(),
    person: visit.person.id,
    action: 'answer',
    practice: practice.id,
  })
  if (draft !== null) await discard(hall, draft)
  return { kind: 'redirect', to: `${practiceAddress(practice)}?risposto` }
}

function missingIn({ request: { wanted }, visit: { say } }: Open, given: readonly Given[]): ReadonlyMap<string, Fault> {
  return new Map(
    wanted.flatMap(({ document }, index): [string, Fault][] => {
      const { documents, note } = given[index]!
      const message = say('answerEmpty', { document })
      return documents.length > 0 || note !== '' ? [] : [[noteAt(index), { kind: 'pattern', message }]]
    }),
  )
}

function integrationPage({ hall, visit, practice, request, draft }: Open, turn: Turn): Answer {
  const { say, csrfField, language } = visit
  const title = say('answerRequest')
  const look = lookAt(turn, { language, headingLevel: 2 })
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
      [serviceName(hall, practice), practiceAddress(practice)],
    ],
    title,
  )
  const saved =
    visit.query.has('salvata') &&
    draft !== null &&
    html`<div class="alert alert-success" role="status">${say('answerSaved')} ${say('draftKeptUntil')} ${timeTag(dayIn(draft.expiresAt))}.</div>`
  const due = request.dueDay !== '' && html`<p><strong>${say('answerLastDay')}: ${timeTag(request.dueDay)}</strong></p>`
  const send = html`<button type="submit" class="btn btn-primary" name="azione" value="invia">${say('answerSend')}</button>`
  const onEnter = html`<button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="salva">${say('saveDraft')}</button>`
  const buttons = html`<div class="iter-buttons"><a class="btn btn-link" href="${practiceAddress(practice)}">${say('back')}</a><button type="submit" class="btn btn-outline-primary" name="azione" value="salva">${say('saveDraft')}</button>${send}</div>`
  const main = html`${trail}<h1>${title}</h1>${saved}<p class="lead">${say('answerText')}</p>${due}<p>${say('answerOnce')}</p>${renderFaults(turn.nodes, look)}<form method="post" action="${practiceAddress(practice)}/integrazione"${encodingOf(turn)} novalidate aria-label="${title}">${csrfField}${onEnter}${renderQuestions(turn, look)}${buttons}</form>${renderDraftLife(visit, draft)}`
  const isWrong = turn.judgement.faults.size > 0
  const answer = page(isWrong ? say('error', { title }) : title, main, isWrong ? 422 : 200)
  return { ...answer, scripts: [QUESTIONS_SCRIPT] }
}
