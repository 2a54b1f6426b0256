/**
 * One flow held against what was told before: per payment what it brings and takes, what changed since an earlier revision, and what does
 * not fit. Owns the rules; not where anything is kept (riconcilia.ts), nor how flows are read (connectors/pagopa).
 */
import type { AccountEntry } from '../../connectors/contabilita/accounts.ts'
import type { AwaitedNotice, KnownPayment } from '../../connectors/pagopa/awaited.ts'
import type { Anomaly, SettledPayment } from '../../connectors/pagopa/reconciliation.ts'
import type { Flow, FlowId, FlowPayment } from '../../connectors/pagopa/types.ts'

/** Cents of one payment, all its transfers together. */
interface Moved {
  readonly accreditati: number
  readonly stornati: number
}

/** What a flow says of one payment, beside what was settled of it. */
export interface FlowedPayment {
  readonly iuv: string
  readonly iur: string
  readonly pagatoIl: string
  readonly ora: Moved
  /** In the last settled revision of this flow. */
  readonly prima: Moved
  /** In other flows. */
  readonly altrove: Moved
  /** A transfer of it stands in another flow as well. */
  readonly isAgain: boolean
  /** Paid without pagoPA's knowledge: no receipt will ever close its notice. */
  readonly isUnknownToPagopa: boolean
}

/** What must be so before any line is believed. */
export const addsUp = ({ numeroPagamenti, importo }: Flow, lines: readonly FlowPayment[]): boolean =>
  lines.length === numeroPagamenti && sumOf(lines) === importo

/** Those of the flow, and those that only its earlier revision had. */
export function paymentsOf(
  flow: FlowId,
  lines: readonly FlowPayment[],
  settled: readonly SettledPayment[],
): readonly FlowedPayment[] {
  const isOwn = ({ flusso }: SettledPayment) => flusso.psp === flow.psp && flusso.fdr === flow.fdr
  const before = Map.groupBy(settled.filter(isOwn), nameOf)
  const elsewhere = Map.groupBy(
    settled.filter((one) => !isOwn(one)),
    nameOf,
  )
  const here = Map.groupBy(lines, nameOf)
  const names = new Set([...here.keys(), ...before.keys()])
  return [...names].map((name) => {
    const [now = [], earlier = [], others = []] = [here.get(name), before.get(name), elsewhere.get(name)]
    const { iuv, iur, pagatoIl } = (now[0] ?? earlier[0])!
    return {
      ...{ iuv, iur, pagatoIl, ora: movedBy(now), prima: movedBy(earlier), altrove: movedBy(others) },
      isAgain: now.some((line) => others.some((other) => isSameTransfer(line, other))),
      isUnknownToPagopa: now.some(({ esito }) => WITHOUT_RECEIPT.has(esito)),
    }
  })
}

const WITHOUT_RECEIPT: ReadonlySet<FlowPayment['esito']> = new Set(['NO_RPT', 'STAND_IN_NO_RPT'])
const nameOf = ({ iuv, iur }: FlowPayment): string => `${iuv}/${iur}`
const isSameTransfer = (one: FlowPayment, other: FlowPayment): boolean =>
  one.idTransfer === other.idTransfer && isRevoked(one) === isRevoked(other)
const isRevoked = ({ esito }: FlowPayment): boolean => esito === 'REVOKED'
const sumOf = (lines: readonly FlowPayment[]): number => lines.reduce((sum, { importo }) => sum + importo, 0)
const movedBy = (lines: readonly FlowPayment[]): Moved => ({
  accreditati: sumOf(lines.filter((line) => !isRevoked(line))),
  stornati: sumOf(lines.filter(isRevoked)),
})

/** A revision that says the same of a payment says nothing. */
export const isNews = ({ ora, prima }: FlowedPayment): boolean =>
  ora.accreditati !== prima.accreditati || ora.stornati !== prima.stornati

/** What has arrived of it so far. */
export const arrivedOf = ({ ora, altrove }: FlowedPayment): number => ora.accreditati + altrove.accreditati

/** The rows of the practice's account: a revision that takes something back is a row of its own. */
export function entriesOf(
  { fdr, regolamento, dataRegolamento, nomePsp }: Flow,
  { iur, ora, prima }: FlowedPayment,
  { numeroAvviso }: AwaitedNotice,
): readonly AccountEntry[] {
  return [ora.accreditati - prima.accreditati, prima.stornati - ora.stornati]
    .filter((cents) => cents !== 0)
    .map((cents) => ({
      ...(cents > 0 ? { voce: 'Riversamento', stato: 'RIVERSATO' } : { voce: 'Storno', stato: 'STORNATO' }),
      ...{ centesimi: Math.abs(cents), giorno: dataRegolamento, avviso: numeroAvviso },
      motivo: `${nomePsp}, bonifico ${regolamento}, ricevuta ${iur}`,
      fonte: { tipo: 'FLUSSO', riferimento: fdr },
    }))
}

/** A flow that does not add up. */
export const unfit = (flow: Flow, lines: readonly FlowPayment[]): Anomaly => ({
  ...{ tipo: 'FLUSSO', flusso: senderOf(flow), pagamento: null, atteso: flow.importo, trovato: sumOf(lines) },
  ...{ pratica: null, oggetto: null, ufficio: null },
})

/** Nobody has given out its number. */
export const unknown = (flow: Flow, payment: FlowedPayment): Anomaly => ({
  ...{ tipo: 'SCONOSCIUTO', flusso: senderOf(flow), pagamento: paymentOf(payment), atteso: null },
  ...{ trovato: arrivedOf(payment), pratica: null, oggetto: null, ufficio: null },
})

/** `known`: the payment as it was told, null when it never was. */
export function anomaliesOf(
  flow: Flow,
  payment: FlowedPayment,
  notice: AwaitedNotice,
  known: KnownPayment | null,
): readonly Anomaly[] {
  const anomaly = (tipo: Anomaly['tipo'], trovato: number): Anomaly => ({
    ...{ tipo, flusso: senderOf(flow), pagamento: paymentOf(payment), trovato },
    ...{ atteso: known?.isExcess ? known.centesimi : notice.centesimi },
    ...{ pratica: notice.pratica, oggetto: notice.oggetto, ufficio: notice.ufficio },
  })
  const arrived = arrivedOf(payment)
  return [
    ...(payment.ora.stornati === payment.prima.stornati ? [] : [anomaly('STORNATO', payment.ora.stornati)]),
    ...(payment.isAgain ? [anomaly('DOPPIO_ACCREDITO', payment.ora.accreditati)] : []),
    ...(!payment.isAgain && isOfAnotherAmount(arrived, notice, known) ? [anomaly('IMPORTO', arrived)] : []),
  ]
}

/** Less than is owed is the practice's own question, when it is the flow that tells it. */
const isOfAnotherAmount = (arrived: number, notice: AwaitedNotice, known: KnownPayment | null): boolean =>
  known !== null && (arrived !== known.centesimi || (!known.isExcess && arrived > notice.centesimi))

const senderOf = ({ fdr, revisione, psp, regolamento, dataRegolamento, nomePsp }: Flow): Anomaly['flusso'] => ({
  ...{ fdr, revisione, psp, regolamento, dataRegolamento, nomePsp },
})
const paymentOf = ({ iuv, iur, pagatoIl }: FlowedPayment): Anomaly['pagamento'] => ({ iuv, iur, pagatoIl })
