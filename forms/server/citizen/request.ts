/**
 * From the form of a service to a filed practice: privacy notice, one step after the other, the summary, the send.
 *
 * Owns: which page follows which, the draft that carries what was typed. Does not own: the form (form/), how the pages look
 * (request-pages.ts), the practice and its instance (filing.ts).
 * Invariants
 * Q1 Every post is kept before it is judged: saving never validates, and what is wrong is there again after signing in anew.
 * Q2 The id of the practice is made with the draft, so that sending twice files once.
 * Q3 Who declares is who signed in: what the identity provider or a register vouches for cannot be typed.
 * Q4 Nothing is sent that the summary did not show: it is judged whole, and an incomplete step is shown instead.
 */
import { randomUUID } from 'node:crypto'
import { file, filingForm, isSame, joinInstances } from '../filing.ts'
import { type Asking, attachedIn, begin, hear, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import { parseForm } from '../form/schema.ts'
import { type Typed, typedIn } from '../form/typed.ts'
import { mayGoOn } from '../form/validate.ts'
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import { DRAFTS_MAX, type Draft } from '../store/drafts.ts'
import { isUuid } from '../uuid.ts'
import { discard, forgetExpired } from './drafts.ts'
import { addedFromFamily } from './family.ts'
import { PRACTICES, procedureOf } from './own-practice.ts'
import { askLogin, askRegister, CERTIFIED, isRegisterAsked, registerFills, startOf } from './prefill.ts'
import { fingerprint, privacyPage, type Shown, stepPage, summaryPage, tooManyDrafts } from './request-pages.ts'
import {
  namesOn,
  nodesAt,
  PRIVACY_CONTROL,
  PRIVACY_STEP,
  positionOf,
  stepIdAt,
  summaryPosition,
  withStep,
} from './request-steps.ts'

export const formAddress = (processId: string): string => `/servizi/${processId}/richiesta`

/** Of who looks at the first page only. */
const NOTHING_KNOWN = '{}'

/** Where a request stands. */
interface Request {
  readonly hall: TownHall
  readonly visit: CitizenVisit
  readonly processId: string
  readonly name: string
  readonly id: string
  readonly asking: Asking
  readonly known: string
  /** Null until something was sent. */
  readonly draft: Draft | null
}

export async function request(hall: TownHall, visit: CitizenVisit, processId: string): Promise<Answer> {
  const procedure = procedureOf(hall, processId)
  const linked = procedure === undefined ? null : await filingForm(hall.gateway, processId)
  if (procedure === undefined || linked === null) return refusedPage(visit, 404)
  const given = visit.query.get('bozza')
  if (given !== null && !isUuid(given)) return refusedPage(visit, 404)
  const id = given ?? randomUUID()
  const sent = given === null ? null : await hall.practices.byId(id)
  if (sent !== null && sent.processInstanceKey !== null)
    return isSame(sent, { processId, filedBy: visit.person.id }) ? receiptOf(id) : refusedPage(visit, 404)
  const draft = given === null ? null : await hall.drafts.find(id, visit.person.id, new Date(hall.now()))
  if (draft !== null && (draft.processId !== processId || draft.practice !== null)) return refusedPage(visit, 404)
  if (given !== null && draft === null && visit.body === undefined) return refusedPage(visit, 404)
  const known = draft?.known ?? (visit.body === undefined ? NOTHING_KNOWN : await askLogin(hall, visit))
  const asking = askingOf(hall, visit, id, parseForm(linked.schema), known)
  const begun = await informed({ hall, visit, processId, name: procedure.nome, id, asking, known, draft })
  return visit.body === undefined ? show(begun) : take(begun)
}

/** With what the register says, when this step is the first that it can fill in. */
async function informed(begun: Request): Promise<Request> {
  const { hall, visit, id, asking, draft } = begun
  if (draft === null || isRegisterAsked(draft.known) || !isPrivacyRead(draft.typed)) return begun
  const whole = begin(asking, draft.typed)
  const here = nodesAt(whole, positionIn(visit, whole))
  if (!registerFills(here.map(({ component }) => component))) return begun
  const known = await askRegister(hall, visit, draft)
  return { ...begun, known, draft: { ...draft, known }, asking: askingOf(hall, visit, id, asking.form, known) }
}

const receiptOf = (id: string): Answer => ({ kind: 'redirect', to: `${PRACTICES}/${id}/ricevuta` })

function askingOf(hall: TownHall, { person }: CitizenVisit, id: string, form: Asking['form'], known: string): Asking {
  const now = hall.now()
  return {
    ...{ form, now, calendar: hall.town.calendario, certified: CERTIFIED, frames: hall.town.pagineEsterne },
    ...{ variables: startOf(form, known, now), attachments: hall.attachments.of(person.id), practice: id },
    ...{ inSteps: true, final: ['invia'] },
  }
}

const typedOf = ({ draft }: Pick<Request, 'draft'>): Typed => draft?.typed ?? new Map()

const bodyOf = (typed: Typed, wish: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries([...typed, ['azione', [wish]]])

/** As if everything typed so far had been posted to go on: complete, or at the first step that may not. */
const judgeWhole = ({ asking }: Request, typed: Typed): Promise<Turn> =>
  hear(asking, { body: bodyOf(typed, 'avanti'), files: [] })

/** From the address; what is no position is the first. */
function positionIn({ query }: CitizenVisit, turn: Turn): number {
  const asked = query.get('passo') ?? ''
  const last = summaryPosition(turn)
  if (asked === 'riepilogo') return last
  return /^\d{1,3}$/.test(asked) ? Math.min(Math.max(Number(asked), PRIVACY_STEP), last) : PRIVACY_STEP
}

const shownOf = (begun: Request, turn: Turn, position: number): Shown => ({
  ...begun,
  turn,
  position,
  comesBack: begun.visit.query.get('da') === 'riepilogo',
  notice: null,
})

async function show(begun: Request): Promise<Answer> {
  const { asking, visit } = begun
  const typed = typedOf(begun)
  const whole = begin(asking, typed)
  const position = positionIn(visit, whole)
  const extras = { notice: noticeIn(begun), others: await otherDrafts(begun) }
  if (position === PRIVACY_STEP)
    return privacyPage({ ...shownOf(begun, whole, position), ...extras }, visit.query.has('verifica'))
  if (position === summaryPosition(whole)) return showSummary(begun, extras.notice)
  const at = withStep(typed, stepIdAt(whole, position))
  const turn = begin(asking, at)
  const judged = visit.query.has('verifica') ? await hear(asking, { body: bodyOf(at, 'avanti'), files: [] }) : turn
  const isHere = judged.step?.id === turn.step?.id
  return stepPage({ ...shownOf(begun, isHere ? judged : turn, position), ...extras })
}

async function showSummary(begun: Request, notice: Shown['notice']): Promise<Answer> {
  const turn = await judgeWhole(begun, typedOf(begun))
  return incompleteOf(begun, turn) ?? summaryPage({ ...shownOf(begun, turn, summaryPosition(turn)), notice })
}

function noticeIn({ visit: { query }, draft }: Request): Shown['notice'] {
  if (query.has('salvata')) return 'saved'
  if (query.has('cambiata')) return 'changed'
  return draft === null ? 'fresh' : null
}

async function otherDrafts({ hall, visit, draft, processId }: Request): Promise<readonly Draft[]> {
  if (draft !== null) return []
  const all = await hall.drafts.ownedBy(visit.person.id, new Date(hall.now()))
  return all.filter((one) => one.processId === processId && one.practice === null)
}

const isPrivacyRead = (typed: Typed): boolean => typed.get(PRIVACY_CONTROL)?.at(-1) === 'true'

/** The first step that may not go on; null when everything is there. */
function incompleteOf(begun: Request, turn: Turn): Answer | null {
  if (!isPrivacyRead(typedOf(begun))) return to(begun, PRIVACY_STEP, '&verifica')
  return turn.isComplete ? null : to(begun, positionOf(turn), '&verifica&da=riepilogo')
}

const to = ({ processId, id }: Request, position: number | 'riepilogo', rest = ''): Answer => ({
  kind: 'redirect',
  to: `${formAddress(processId)}?bozza=${id}&passo=${position}${rest}`,
})

/** A post: kept first, then whatever was wished. */
async function take(begun: Request): Promise<Answer> {
  const { asking, visit } = begun
  const posted = typedIn(visit.body)
  const whole = begin(asking, typedOf(begun))
  const position = positionIn(visit, whole)
  const wish = posted.get('azione')?.at(-1) ?? ''
  if (wish === 'invia') return send(begun, posted)
  if (position === PRIVACY_STEP) return takePrivacy(begun, posted, wish)
  if (position === summaryPosition(whole))
    return keep(begun, position, new Map(), [], () => to(begun, 'riepilogo', '&salvata'))
  const turn = await hear(asking, {
    body: Object.fromEntries(withPost(begun, whole, position, posted)),
    files: visit.files,
  })
  const isHere = namesOn([...nodesAt(whole, position), ...nodesAt(turn, position)])
  const typed = new Map([...turn.typed].filter(([name]) => isHere(name)))
  const replaced = [...typedOf(begun).keys()].filter(isHere)
  return keep(begun, position, typed, replaced, (kept) => answerTo(kept, turn, position, wish))
}

/** What was typed before, with this page's controls as they come: those of other steps stay as they were kept. */
function withPost(begun: Request, whole: Turn, position: number, posted: Typed): Typed {
  const isHere = namesOn(nodesAt(whole, position))
  const filled = addedFromFamily(posted, begun.known) ?? posted
  const before = [...typedOf(begun)].filter(([name]) => !isHere(name))
  const own = [...filled].filter(([name]) => isHere(name) || PAGE_CONTROLS.has(name))
  return withStep(new Map([...before, ...own]), stepIdAt(whole, position))
}
const PAGE_CONTROLS: ReadonlySet<string> = new Set(['azione', 'riga'])

function takePrivacy(begun: Request, posted: Typed, wish: string): Promise<Answer> {
  const typed = new Map([[PRIVACY_CONTROL, posted.get(PRIVACY_CONTROL) ?? ['']]])
  return keep(begun, PRIVACY_STEP, typed, [PRIVACY_CONTROL], (kept) => {
    if (wish === 'salva') return to(kept, PRIVACY_STEP, '&salvata')
    if (isPrivacyRead(typed)) return to(kept, PRIVACY_STEP + 1)
    return privacyPage(shownOf(kept, begin(kept.asking, typedOf(kept)), PRIVACY_STEP), true)
  })
}

/** Saving never validates. */
async function keep(
  begun: Request,
  step: number,
  typed: Typed,
  replaced: readonly string[],
  answer: (kept: Request) => Answer,
): Promise<Answer> {
  const { hall, visit, id, processId, known } = begun
  await forgetExpired(hall)
  const change = { id, processId, known, practice: null, step, typed, replaced, owner: visit.person.id }
  const draft = await hall.drafts.save({ ...change, at: new Date(hall.now()) })
  if (draft !== null) return answer({ ...begun, draft })
  const owned = await hall.drafts.ownedBy(visit.person.id, new Date(hall.now()))
  return owned.length < DRAFTS_MAX ? refusedPage(visit, 404) : tooManyDrafts(visit)
}

function answerTo(begun: Request, turn: Turn, position: number, wish: string): Answer {
  const shown = shownOf(begun, turn, position)
  const isRefused = !mayGoOn(turn.judgement) && (turn.step === null || positionOf(turn) === position)
  if (isRefused) return stepPage(shown)
  if (wish === 'salva') return to(begun, position, `&salvata${shown.comesBack ? '&da=riepilogo' : ''}`)
  if (wish === 'indietro') return to(begun, position - 1)
  if (wish !== 'avanti') return stepPage(shown)
  const isLast = position === summaryPosition(turn) - 1
  return to(begun, shown.comesBack || isLast ? 'riepilogo' : position + 1)
}

async function send(begun: Request, posted: Typed): Promise<Answer> {
  const { hall, visit, draft, id, processId } = begun
  if (draft === null) return sentBefore(begun)
  const turn = await judgeWhole(begun, draft.typed)
  const incomplete = incompleteOf(begun, turn)
  if (incomplete !== null) return incomplete
  if (posted.get('impronta')?.at(-1) !== fingerprint(turn)) return to(begun, 'riepilogo', '&cambiata')
  const { person } = visit
  const filing = {
    ...{ id, processId, owner: person.cf, filedBy: person.id, channel: 'online' as const },
    ...{ variables: submissionOf(turn.nodes), documents: attachedIn(turn.nodes) },
  }
  const practice = await file(hall, filing)
  if (!isSame(practice, filing)) return refusedPage(visit, 404)
  await hall.practices.recordAccess({ at: new Date(), person: person.id, action: 'file', practice: id })
  await discard(hall, draft)
  return receiptOf(id)
}

/** What was sent has no draft any more, though a crash may have kept the practice from its instance. */
async function sentBefore({ hall, visit, id, processId }: Request): Promise<Answer> {
  await joinInstances(hall)
  const practice = await hall.practices.byId(id)
  const isOurs = practice !== null && isSame(practice, { processId, filedBy: visit.person.id })
  return isOurs && practice.processInstanceKey !== null ? receiptOf(id) : refusedPage(visit, 404)
}
