/** The awaited payments of one process, for tests that need no database. */
import type { AwaitedNotice, AwaitedPayments, KnownPayment } from '../../connectors/pagopa/awaited.ts'

export function memoryPayments(): AwaitedPayments {
  const notices = new Map<string, AwaitedNotice>()
  const over = new Set<string>()
  const payments = new Map<string, KnownPayment>()
  const told = new Set<string>()
  return {
    async expect(notice) {
      if (!notices.has(notice.numeroAvviso)) notices.set(notice.numeroAvviso, notice)
    },
    open: async (practice) =>
      [...notices.values()].filter(
        ({ numeroAvviso, pratica }) => !over.has(numeroAvviso) && (practice === undefined || pratica.id === practice),
      ),
    notice: async (numeroAvviso) => notices.get(numeroAvviso) ?? null,
    payment: async (idRicevuta) => payments.get(idRicevuta) ?? null,
    withdraw: async (numeroAvviso) => void over.add(numeroAvviso),
    async learn(payment) {
      const avviso = notices.get(payment.numeroAvviso)
      if (!avviso || payments.has(payment.idRicevuta)) return
      payments.set(payment.idRicevuta, { ...payment, avviso, isExcess: over.has(payment.numeroAvviso) })
      over.add(payment.numeroAvviso)
    },
    untold: async () => [...payments.values()].filter(({ idRicevuta }) => !told.has(idRicevuta)),
    told: async (idRicevuta) => void told.add(idRicevuta),
  }
}
