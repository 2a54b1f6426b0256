/**
 * What is remembered of flows: which were published, which are settled and with which transfers, and what did not fit, until somebody is
 * told. A flow that is not settled is read again, however often; one that is settled is settled for good. Owns no platform and no accounts.
 */
import type { FlowId, FlowPayment, PublishedFlow } from './types.ts'

/**
 * `SCONOSCIUTO`: a number of ours that no practice has given out. `IMPORTO`: another amount arrived than the practice was told.
 * `STORNATO`: the payer was given it back. `DOPPIO_ACCREDITO`: one transfer stands in two flows. `FLUSSO`: the flow does not add up.
 */
export const ANOMALIES = ['SCONOSCIUTO', 'IMPORTO', 'STORNATO', 'DOPPIO_ACCREDITO', 'FLUSSO'] as const

export interface Anomaly {
  readonly tipo: (typeof ANOMALIES)[number]
  readonly flusso: FlowId & { readonly regolamento: string; readonly dataRegolamento: string; readonly nomePsp: string }
  /** Null when it is the flow that does not fit. */
  readonly pagamento: { readonly iuv: string; readonly iur: string; readonly pagatoIl: string } | null
  /** Cents that were expected; null when nothing was. */
  readonly atteso: number | null
  /** Cents that the flow says. */
  readonly trovato: number
  readonly pratica: { readonly id: string; readonly tipo: string | null } | null
  readonly oggetto: string | null
  /** Candidate group of the notice; null where nobody is named. */
  readonly ufficio: string | null
}

export interface UntoldAnomaly extends Anomaly {
  readonly chiave: string
}

/** A transfer as the last settled revision of a flow says it. */
export interface SettledPayment extends FlowPayment {
  readonly flusso: Omit<FlowId, 'revisione'>
}

export interface Reconciliation {
  /** When the latest flow that was seen was published, ISO 8601, UTC; null before the first. */
  latest(): Promise<string | null>
  /** Once each. */
  see(flows: readonly PublishedFlow[]): Promise<void>
  /** Neither settled nor replaced by a later revision; by publication. */
  pending(): Promise<readonly PublishedFlow[]>
  /** What is settled of these payments (by IUR), in whichever flow, and of this flow's earlier revisions. */
  settled(flow: FlowId, iurs: readonly string[]): Promise<readonly SettledPayment[]>
  /** The flow with all its transfers and what did not fit, together; of what is settled already, nothing. */
  settle(flow: FlowId, payments: readonly FlowPayment[], anomalies: readonly Anomaly[]): Promise<void>
  /** What does not fit in a flow that stays as it is. */
  report(anomaly: Anomaly): Promise<void>
  /** Oldest first. */
  untold(): Promise<readonly UntoldAnomaly[]>
  told(chiave: string): Promise<void>
}

/** Found again, it is the same: told once. */
export const keyOf = ({ tipo, flusso: { psp, fdr, revisione }, pagamento }: Anomaly): string =>
  [tipo, psp, fdr, revisione, ...(pagamento ? [pagamento.iuv, pagamento.iur] : [])].join('/')
