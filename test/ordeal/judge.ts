/**
 * What must hold once all is over, whatever was killed: from what the platforms' journals, the engine and the workers' declarations say.
 * Pure: made-up evidence shows that each violation is found. Each violation is one line.
 */
import type { DeclaredEffect } from './declared.ts'
import { type Calls, type Journals, KEEPERS } from './journals.ts'
import { type DebtEvidence, wrongDebts } from './judge-debts.ts'
import { type SignatureEvidence, wrongSignatures } from './judge-signatures.ts'
import { type Applied, type Known, LEFT_OUT, OWN, TRACES, type Trace } from './traces.ts'

export interface EndedJob {
  readonly key: string
  readonly type: string
  readonly state: string
  /** Of the practice that it belongs to; null for what is no practice's. */
  readonly practice: string | null
}
export interface RaisedIncident {
  /** Type of its job; null when it is none's. */
  readonly type: string | null
  readonly state: string
}
export interface Evidence extends DebtEvidence, SignatureEvidence {
  readonly declared: readonly DeclaredEffect[]
  readonly people: readonly Known[]
  readonly journals: Journals
  readonly calls: Calls
  readonly jobs: readonly EndedJob[]
  readonly incidents: readonly RaisedIncident[]
  /** Practices in which a person was asked to do by hand what a service may not have done; one for each task. */
  readonly byHand: readonly string[]
  /** For each time the applicant was to be told something, of which practice. */
  readonly tellings: readonly string[]
}

/** With its trace, and what of it belongs together. */
interface Exercised {
  readonly trace: Trace
  readonly applied: readonly Applied[]
  readonly jobs: readonly EndedJob[]
}

export function violations(evidence: Evidence): readonly string[] {
  const exercised = TRACES.map((trace) => ({
    trace,
    applied: trace.applied(evidence.journals, evidence.people),
    jobs: evidence.jobs.filter(({ type }) => trace.types.includes(type)),
  }))
  return [
    ...exercised.flatMap((each) => [...doubled(each), ...miscounted(each)]),
    ...gaps(evidence.journals),
    ...untellable(evidence),
    ...toldTwice(evidence),
    ...stillOpen(evidence.incidents),
    ...wrongDebts(evidence),
    ...wrongSignatures(evidence),
  ]
}

/** What declares an effect and was not put to the test, by name. */
export function untried(evidence: Evidence): readonly string[] {
  const { declared, jobs, calls } = evidence
  return declared.flatMap((effect) => {
    const { type } = effect
    if (Object.hasOwn(LEFT_OUT, type)) return []
    const trace = TRACES.find(({ types }) => types.includes(type))
    if (!trace && !Object.hasOwn(OWN, type))
      return [`${type} declares an effect, but nothing says what it leaves in which journal`]
    if (!jobs.some((job) => job.type === type)) return [`${type} declares an effect, but no job of it was done`]
    if (trace && !wasCutOff(trace, calls)) return [`${type}: no call of ${operationOf(trace)} lost its answer`]
    return wentToPerson(effect, evidence) ? [] : [`${type}: no unknown outcome of it was put before a person`]
  })
}

/** Its operation may have lost the answers of another type's calls alone. */
function wentToPerson({ type, class: own, unknown }: DeclaredEffect, { incidents, byHand }: Evidence): boolean {
  if (own !== 'neither' || unknown === 'told') return true
  return unknown === 'task' ? byHand.length > 0 : incidents.some((incident) => incident.type === type)
}

const operationOf = ({ platform, operation }: Trace): string => `${platform}.${operation}`
const wasCutOff = ({ platform, operation }: Trace, calls: Calls): boolean =>
  calls[platform].some((call) => call.operation === operation && ANSWERLESS.has(call.fault ?? ''))
const ANSWERLESS: ReadonlySet<string> = new Set(['drop-after', 'error-after'])

function doubled({ trace, applied }: Exercised): readonly string[] {
  const seen = new Set<string>()
  return applied.flatMap(({ identity }) => {
    if (identity === null || seen.size !== seen.add(identity).size) return []
    return [`${trace.types.join('/')}: ${operationOf(trace)} ${identity} was done twice`]
  })
}

/** By practice; where the platform is not told it, or a job is of none, all are counted together. */
function miscounted({ trace, applied, jobs }: Exercised): readonly string[] {
  // How many acts a job signs, only the acts can tell.
  if (trace.atMost === 'once per act') return []
  const isTold = [...applied, ...jobs].every(({ practice }) => practice !== null)
  const of = (practice: string | null): string => (isTold ? (practice ?? '') : 'all practices')
  const done = Map.groupBy(applied, ({ practice }) => of(practice))
  const asked = Map.groupBy(jobs, ({ practice }) => of(practice))
  return [...new Set([...done.keys(), ...asked.keys()])].flatMap((practice) => {
    const count = done.get(practice)?.length ?? 0
    const own = asked.get(practice) ?? []
    const isOnce = trace.atMost === 'once per practice' && isTold
    const most = isOnce ? Math.min(own.length, 1) : own.length
    const completed = own.filter(({ state }) => state === 'COMPLETED').length
    const least = trace.isCertain ? Math.min(completed, most) : 0
    if (count >= least && count <= most) return []
    const expected = least === most ? `${most}` : `${least} to ${most}`
    return [`${practice}: ${operationOf(trace)} has ${count} effects of ${trace.types.join('/')}, expected ${expected}`]
  })
}

/** Numbers without gaps, and every number of the emergency register in the protocol, once. */
function gaps({ protocollo }: Journals): readonly string[] {
  const entries = protocollo.flatMap((line) => (line.operazione === 'registra' ? [line.registrazione] : []))
  const emergencies = entries.flatMap(({ emergenza }) => (emergenza ? [emergenza] : []))
  return [
    ...sequence(
      'protocol number',
      entries.map(({ anno, numero }) => ({ anno, numero: Number(numero) })),
    ),
    ...sequence(
      'emergency number',
      emergencies
        .map(({ anno, numero }) => ({ anno, numero: Number(numero.slice(1)) }))
        .toSorted((one, other) => one.numero - other.numero),
    ),
  ]
}
function sequence(what: string, numbers: readonly { readonly anno: number; readonly numero: number }[]) {
  const last = new Map<number, number>()
  return numbers.flatMap(({ anno, numero }) => {
    const expected = (last.get(anno) ?? 0) + 1
    last.set(anno, numero)
    return numero === expected ? [] : [`${what} ${numero}/${anno} where ${expected} was next`]
  })
}

/** Of the third class: what ended without an answer went to a person, or was said and left, as its worker declares. */
const untellable = (evidence: Evidence): readonly string[] =>
  evidence.declared.filter((effect) => effect.class === 'neither').flatMap((effect) => unhandled(effect, evidence))

function unhandled({ type, unknown }: DeclaredEffect, { jobs, incidents, byHand }: Evidence): readonly string[] {
  const raised = incidents.filter((incident) => incident.type === type).length
  const given = jobs.filter((job) => job.type === type && job.state !== 'COMPLETED')
  switch (unknown) {
    case 'told':
      return raised === 0 ? [] : [`${type} is a courtesy and raised ${raised} incidents`]
    case 'task':
      return given
        .filter(({ practice }) => practice === null || !byHand.includes(practice))
        .map(({ key, state, practice }) => `${practice}: job ${key} of ${type} is ${state}, and nobody was asked`)
    case 'incident':
      return given.map(({ key, state }) => `job ${key} of ${type} is ${state} without a person's decision`)
  }
}

/** A message that may have arrived by one channel is not sent by the next. */
function toldTwice({ tellings, journals, people }: Evidence): readonly string[] {
  return people.flatMap(({ id, cf, email, cell }) => {
    const told =
      journals.io.filter((line) => line.operazione === 'messaggio' && line.messaggio.fiscal_code === cf).length +
      journals.mail.filter(({ to }) => email !== null && to.includes(email)).length +
      journals.sms.filter(({ to }) => to === cell).length
    const asked = tellings.filter((practice) => practice === id).length
    return told <= asked ? [] : [`${id}: ${told} messages by any channel for ${asked} things to tell`]
  })
}

const stillOpen = (incidents: readonly RaisedIncident[]): readonly string[] =>
  incidents.filter(({ state }) => state !== 'RESOLVED').map(({ type }) => `an incident of ${type} was left open`)

/** How often which platform's calls went wrong, for who reads along. */
export const troubleIn = (calls: Calls): string =>
  KEEPERS.map((keeper) => `${keeper} ${calls[keeper].filter(({ fault }) => fault !== undefined).length}`).join(', ')
