/** Incidents tried again and decided, instances held and let go: by whom may.ts allows, each recorded on the practice. */
import { GatewayError, type KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { attributes, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess, refusal } from './access.ts'
import { INCIDENTS_LIST, instanceAddress, withMark } from './addresses.ts'
import { conflictIn } from './claim.ts'
import { deskPage, trail } from './desk-page.ts'
import { fieldsIn, withoutNul } from './fields.ts'
import { incidentAddress, namesOf, placeOf, type UnknownEffect, unknownEffects } from './incidents.ts'
import { mayRepair, maySuspend, type ReadableInstance, readableInstance } from './may.ts'
import { practiceOf, textIn } from './practice-of.ts'

const RETRIES = 1
const TEXT_MAX = 1_000
const OUTCOME_MAX = 20_000
const INCIDENTS_MAX = 100

interface OpenIncident {
  readonly row: Row
  readonly readable: ReadableInstance
  readonly practice: string | null
}

/** The incident, or the page that says why it is not this person's to repair. */
async function openIncident(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<OpenIncident | Answer> {
  const row = await hall.gateway.query.get('incidents', key)
  const instance = row === null ? '' : textIn(row, 'processInstanceKey')
  const readable = row === null ? 'missing' : await readableInstance(hall, visit.person, instance)
  if (row === null || readable === 'missing') return refusal(visit, 404, 'instance')
  if (readable === null || !mayRepair(hall, visit.person, readable)) return refusal(visit, 403, 'instance')
  return { row, readable, practice: (await practiceOf(hall, instance))?.id ?? null }
}

const isAnswer = (opened: OpenIncident | Answer): opened is Answer => 'kind' in opened

const rootAddress = ({ readable }: OpenIncident): string => instanceAddress(textIn(readable.root, 'processInstanceKey'))

export async function retryIncident(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const incident = await openIncident(hall, visit, key)
  if (isAnswer(incident)) return incident
  const isDone = await isRetried(hall, visit, incident)
  return { kind: 'redirect', to: withMark(rootAddress(incident), isDone ? 'riprovato' : 'mancato') }
}

/** False when it was gone by then. */
async function isRetried(
  { gateway, ...hall }: TownHall,
  visit: PersonVisit,
  { row, practice }: OpenIncident,
): Promise<boolean> {
  const job = textIn(row, 'jobKey')
  const conflict = await conflictIn(async () => {
    if (job !== '') await gateway.updateJobRetries(job, RETRIES)
    await gateway.resolveIncident(textIn(row, 'incidentKey'))
  })
  if (conflict === null) await recordAccess({ gateway, ...hall }, visit, 'retry', practice)
  return conflict === null
}

/** Those of a list that were chosen; one that is not this person's to repair is left alone. */
export async function retryMany(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  const chosen = fieldsIn(visit.body)
    .getAll('problema')
    .filter((key) => /^\d{1,19}$/.test(key))
  let retried = 0
  for (const key of new Set(chosen.slice(0, INCIDENTS_MAX))) {
    const incident = await openIncident(hall, visit, key)
    if (!isAnswer(incident) && (await isRetried(hall, visit, incident))) retried++
  }
  return { kind: 'redirect', to: withMark(INCIDENTS_LIST, 'riprovati', String(retried)) }
}

/** GET: the question. POST: the answer, kept in the ledger and as a note; then the job goes on. */
export async function decideIncident(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const incident = await openIncident(hall, visit, key)
  if (isAnswer(incident)) return incident
  const unknown = await unknownEffects(hall, incident.practice, incident.row)
  if (incident.row.state !== 'ACTIVE' || unknown.length === 0)
    return { kind: 'redirect', to: withMark(rootAddress(incident), 'mancato') }
  if (visit.body === undefined) return decidePage(hall, visit, incident, unknown, null)
  const decision = decisionIn(fieldsIn(visit.body))
  if (decision.fault !== null) return decidePage(hall, visit, incident, unknown, decision)
  // First: cut off between the two, the practice knows of a decision that is taken again, never of none that was heeded.
  await noteDecision(hall, visit, incident, unknown, decision)
  for (const effect of unknown)
    if (decision.isDone) await hall.effects.decideDone(effect.key, decision.outcome)
    else await hall.effects.decideNotDone(effect.key)
  const isGoing = await isRetried(hall, visit, incident)
  return { kind: 'redirect', to: withMark(rootAddress(incident), isGoing ? 'deciso' : 'mancato') }
}

type Fault = 'choice' | 'how' | 'outcome'
interface Decision {
  readonly isDone: boolean
  readonly how: string
  readonly text: string
  readonly outcome: unknown
  readonly fault: Fault | null
}

function decisionIn(fields: URLSearchParams): Decision {
  const choice = fields.get('esito')
  const how = withoutNul(fields.get('verifica') ?? '')
    .trim()
    .slice(0, TEXT_MAX)
  const text = withoutNul(fields.get('dati') ?? '').slice(0, OUTCOME_MAX)
  const isDone = choice === 'fatto'
  const outcome = isDone ? jsonIn(text) : null
  const fault =
    choice !== 'fatto' && choice !== 'non-fatto'
      ? 'choice'
      : how === ''
        ? 'how'
        : outcome === undefined
          ? 'outcome'
          : null
  return { isDone, how, text, outcome, fault }
}

/** Undefined when it is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

async function noteDecision(
  hall: TownHall,
  visit: PersonVisit,
  { practice }: OpenIncident,
  unknown: readonly UnknownEffect[],
  { isDone, how }: Decision,
): Promise<void> {
  if (practice === null) return
  const { say, person } = visit
  const operation = unknown.map((effect) => effect.operation).join(', ')
  const decision = isDone ? say('decidedDone') : say('decidedNotDone')
  const text = say('decisionNote', { operation, decision, how })
  await hall.notes.add(practice, { at: new Date(hall.now()), person: person.id, text })
  await recordAccess(hall, visit, 'decide', practice, decision)
}

async function decidePage(
  hall: TownHall,
  visit: PersonVisit,
  incident: OpenIncident,
  unknown: readonly UnknownEffect[],
  decision: Decision | null,
): Promise<Answer> {
  const { say, csrfField } = visit
  const { row } = incident
  const title = say('decideTitle', { step: placeOf(row, await namesOf(hall, [row])) })
  const fault = decision?.fault ?? null
  const told: Readonly<Record<Fault, string>> = {
    choice: say('decideFaultChoice'),
    how: say('decideFaultHow'),
    outcome: say('decideFaultOutcome'),
  }
  const error = (of: Fault): Part =>
    fault === of && html`<p class="iter-fault" id="errore">${hall.icon('it-error')} ${told[of]}</p>`
  const described = (of: Fault, help = ''): string => [help, fault === of ? 'errore' : ''].join(' ').trim()
  const choice = (value: string, label: string): Part =>
    html`<div class="form-check"><input type="radio" id="esito-${value}" name="esito" value="${value}"${attributes({ checked: decision !== null && fault !== 'choice' && decision.isDone === (value === 'fatto') })}><label for="esito-${value}">${label}</label></div>`
  const main = html`${trail(visit, title, { steps: [[say('practice'), rootAddress(incident)]] })}<h1>${title}</h1>${
    fault !== null && html`<div class="alert alert-danger" role="alert" tabindex="-1" autofocus>${told[fault]}</div>`
  }<p>${say('decideQuestion', { operation: unknown.map(({ operation }) => operation).join(', ') })}</p><p class="small">${textIn(row, 'errorMessage')}</p><form method="post" action="${incidentAddress(textIn(row, 'incidentKey'))}/decidi" novalidate>${csrfField}<fieldset class="mb-4"${attributes({ 'aria-describedby': described('choice') || null })}><legend class="h5">${say('decideLegend')}</legend>${choice('non-fatto', say('decideNotDone'))}${choice('fatto', say('decideDone'))}${error('choice')}</fieldset><div class="form-group"><label class="active" for="verifica">${say('decideHow')}</label><textarea class="form-control" id="verifica" name="verifica" rows="3" maxlength="${TEXT_MAX}" required${attributes({ 'aria-describedby': described('how', 'verifica-aiuto'), 'aria-invalid': fault === 'how' && 'true' })}>${decision?.how}</textarea><small class="form-text" id="verifica-aiuto">${say('decideHowHelp')}</small>${error('how')}</div><div class="form-group"><label class="active" for="dati">${say('decideOutcome')}</label><textarea class="form-control font-monospace" id="dati" name="dati" rows="4" maxlength="${OUTCOME_MAX}"${attributes({ 'aria-describedby': described('outcome', 'dati-aiuto'), 'aria-invalid': fault === 'outcome' && 'true' })}>${decision?.text ?? '{}'}</textarea><small class="form-text" id="dati-aiuto">${say('decideOutcomeHelp')}</small>${error('outcome')}</div><button type="submit" class="btn btn-primary">${say('decideConfirm')}</button></form>`
  return deskPage(visit, {
    title: fault === null ? title : say('error', { title }),
    main,
    status: fault === null ? 200 : 422,
  })
}

export const suspendInstance = (hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> =>
  hold(hall, visit, key, 'suspend')
export const resumeInstance = (hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> =>
  hold(hall, visit, key, 'resume')

/** An engine that cannot (Zeebe up to 8.9) says so, and so does the page. */
async function hold(hall: TownHall, visit: PersonVisit, key: KeyText, action: 'suspend' | 'resume'): Promise<Answer> {
  const readable = await readableInstance(hall, visit.person, key)
  if (readable === 'missing') return refusal(visit, 404, 'instance')
  if (readable === null || !maySuspend(visit.person)) return refusal(visit, 403, 'instance')
  const address = instanceAddress(key)
  try {
    const conflict = await conflictIn(() => hall.gateway[action]({ kind: 'process-instance', processInstanceKey: key }))
    if (conflict !== null) return { kind: 'redirect', to: withMark(address, 'mancato') }
  } catch (error) {
    if (!(error instanceof GatewayError && error.status === 'UNIMPLEMENTED')) throw error
    return { kind: 'redirect', to: withMark(address, 'impossibile') }
  }
  await recordAccess(hall, visit, action, (await practiceOf(hall, key))?.id ?? null)
  return { kind: 'redirect', to: withMark(address, action === 'suspend' ? 'sospesa' : 'ripresa') }
}
