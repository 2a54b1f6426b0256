/**
 * The flows of the sandbox: each payment service provider sends, every morning, the money of the day before, and says what it is for.
 * Owns what is in which flow. Not a journal of its own: payments and the clock say it, and what a tester had sent at once or again.
 * Invariants
 * W1 A transfer of a payment is in one flow, which comes after it; what was given back is in a later line of its own.
 * W2 In a flow are transfers to an account of the body: a revenue stamp's money goes to the Revenue Agency, another body's to that body.
 * W3 A flow that was published never changes: published again it is a further revision, which takes its place.
 */
import { PSPS, type PspName, SANDBOX_ACCOUNT } from './sandbox-account.ts'
import type { MadePayment } from './sandbox-payments.ts'
import type { FlowPaymentState } from './types.ts'

export interface FlowLine {
  readonly iuv: string
  readonly iur: string
  readonly idTransfer: string
  /** Cents. */
  readonly importo: number
  readonly esito: FlowPaymentState
  readonly pagatoIl: string
}

export interface SentFlow {
  readonly fdr: string
  /** From 1. */
  readonly revisione: number
  readonly psp: PspName
  readonly pubblicatoIl: string
  /** `YYYY-MM-DD`, of the transfer on the account. */
  readonly giorno: string
  readonly regolamento: string
  readonly righe: readonly FlowLine[]
}

/** A flow that a tester had published again, without one payment. */
export interface Revision {
  readonly at: string
  readonly fdr: string
  /** IUR of what is no longer in it. */
  readonly senza: string
}

export interface Tested {
  /** When flows were sent at once, oldest first. */
  readonly cuts: readonly string[]
  /** Oldest first. */
  readonly revisions: readonly Revision[]
}

const ZONE = 'Europe/Rome'
const SENT_AT = '06:00'

/** What was published until `now` (epoch milliseconds), by its first publication. */
export function flowsOf(
  payments: readonly MadePayment[],
  { cuts, revisions }: Tested,
  now: number,
): readonly SentFlow[] {
  const sent = new Map<string, { at: number; psp: PspName; lines: FlowLine[] }>()
  for (const { at, psp, lines } of payments.flatMap(happenings)) {
    const published = Math.min(nextMorning(at), ...cuts.map((cut) => Date.parse(cut)).filter((cut) => cut >= at))
    if (published > now) continue
    const key = `${published}/${psp}`
    const flow = sent.get(key) ?? { at: published, psp, lines: [] }
    sent.set(key, flow)
    flow.lines.push(...lines)
  }
  const ordered = [...sent.values()].toSorted((one, other) => one.at - other.at)
  return ordered.map((flow, index) => revised(named(flow, ordered.slice(0, index)), revisions))
}

/** As its last revision has it. */
function revised(flow: SentFlow, revisions: readonly Revision[]): SentFlow {
  const own = revisions.filter(({ fdr }) => fdr === flow.fdr)
  const last = own.at(-1)
  if (last === undefined) return flow
  const without = new Set(own.map(({ senza }) => senza))
  const righe = flow.righe.filter(({ iur }) => !without.has(iur))
  return { ...flow, revisione: 1 + own.length, pubblicatoIl: last.at, righe }
}

/** What of a payment moves money, and when: that it was made, that it was given back. */
function happenings(payment: MadePayment) {
  const { psp, pagatoIl, stornataIl, ricevutaDal } = payment
  const made = { at: Date.parse(pagatoIl), psp, lines: linesOf(payment, ricevutaDal === null ? 'NO_RPT' : 'EXECUTED') }
  if (stornataIl === null) return [made]
  return [made, { at: Date.parse(stornataIl), psp, lines: linesOf(payment, 'REVOKED') }]
}

function linesOf({ rata, idReceipt, pagatoIl }: MadePayment, esito: FlowPaymentState): readonly FlowLine[] {
  const { codiceFiscale } = SANDBOX_ACCOUNT.ente
  return rata.transfer
    .filter((part) => part.iban !== undefined && (part.organizationFiscalCode ?? codiceFiscale) === codiceFiscale)
    .map(({ idTransfer, amount }) => ({
      ...{ iuv: rata.iuv, iur: idReceipt, idTransfer, importo: amount, esito, pagatoIl },
    }))
}

function nextMorning(at: number): number {
  const day = dayOf(at).add({ days: 1 })
  return day.toZonedDateTime({ timeZone: ZONE, plainTime: SENT_AT }).epochMilliseconds
}

const dayOf = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ZONE).toPlainDate()

type Unnamed = { readonly at: number; readonly psp: PspName; readonly lines: readonly FlowLine[] }

/** Day, sender, and which of that day's it is. */
function named({ at, psp, lines }: Unnamed, before: readonly Unnamed[]): SentFlow {
  const giorno = dayOf(at).toString()
  const earlier = before.filter((other) => other.psp === psp && dayOf(other.at).toString() === giorno)
  const fdr = `${giorno}${PSPS[psp].id}-${String(earlier.length + 1).padStart(4, '0')}`
  const pubblicatoIl = new Date(at).toISOString()
  return { fdr, revisione: 1, psp, pubblicatoIl, giorno, regolamento: `TRN${fdr.replaceAll('-', '')}`, righe: lines }
}

export const sumOf = ({ righe }: SentFlow): number => righe.reduce((sum, { importo }) => sum + importo, 0)
