/** What is remembered of flows by one process, for tests that need no database. */
import {
  type Anomaly,
  keyOf,
  type Reconciliation,
  type SettledPayment,
} from '../../connectors/pagopa/reconciliation.ts'
import type { FlowId, PublishedFlow } from '../../connectors/pagopa/types.ts'

export function memoryReconciliation(): Reconciliation {
  const seen = new Map<string, PublishedFlow>()
  const payments = new Map<string, readonly SettledPayment[]>()
  const anomalies = new Map<string, Anomaly>()
  const told = new Set<string>()
  const idOf = ({ psp, fdr, revisione }: FlowId) => JSON.stringify([psp, fdr, revisione])
  const isReplaced = (flow: FlowId, by: (later: PublishedFlow) => boolean) =>
    [...seen.values()].some(
      (one) => one.psp === flow.psp && one.fdr === flow.fdr && one.revisione > flow.revisione && by(one),
    )
  const isSettled = (flow: FlowId) => payments.has(idOf(flow))
  const keep = (anomaly: Anomaly) => {
    const key = keyOf(anomaly)
    if (!anomalies.has(key)) anomalies.set(key, anomaly)
  }
  const place = ({ pubblicatoIl, psp, fdr }: PublishedFlow) => `${pubblicatoIl} ${psp} ${fdr}`
  return {
    latest: async () =>
      [...seen.values()]
        .map(({ pubblicatoIl }) => pubblicatoIl)
        .sort()
        .at(-1) ?? null,
    async see(flows) {
      for (const flow of flows) if (!seen.has(idOf(flow))) seen.set(idOf(flow), flow)
    },
    pending: async () =>
      [...seen.values()]
        .filter((flow) => !isSettled(flow) && !isReplaced(flow, () => true))
        .toSorted((one, other) => (place(one) < place(other) ? -1 : 1)),
    settled: async ({ psp, fdr }, iurs) =>
      [...seen.values()]
        .filter((flow) => !isReplaced(flow, isSettled))
        .flatMap((flow) => payments.get(idOf(flow)) ?? [])
        .filter(({ iur, flusso }) => iurs.includes(iur) || (flusso.psp === psp && flusso.fdr === fdr)),
    async settle(flow, lines, found) {
      if (isSettled(flow)) return
      const { psp, fdr } = flow
      payments.set(
        idOf(flow),
        lines.map((line) => ({ ...line, flusso: { psp, fdr } })),
      )
      found.forEach(keep)
    },
    report: async (anomaly) => keep(anomaly),
    untold: async () =>
      [...anomalies].filter(([key]) => !told.has(key)).map(([chiave, anomaly]) => ({ ...anomaly, chiave })),
    told: async (key) => void told.add(key),
  }
}
