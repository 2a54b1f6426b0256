/**
 * Learns which notices were paid and tells the process that waits (`pagamento.esito`; the key is the notice number). What was paid
 * though it had been paid, or withdrawn, starts a refund (`pagamento.eccedente`).
 * Invariants
 * I1 A payment is kept before it is told: a kill at any moment loses none.
 * I2 A payment is told once: the message's id is its receipt's, and what was told is marked.
 * I3 A notice that cannot be asked after holds up none of the others.
 */
import type { Connectors } from '../../connectors/index.ts'
import type { AwaitedNotice, KnownPayment } from '../../connectors/pagopa/awaited.ts'
import { publishOnce } from '../../connectors/zeebe/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { lookAgain } from '../look-again.ts'

/** A process that stands at an incident listens again when somebody has dealt with it. */
const MESSAGE_LIFE_MS = 30 * 24 * 3_600_000
const POLL_MS = 60_000
/** A receipt may come days after the payment; what nobody has paid so long after its last day, nobody has paid. */
const AFTER_LAST_DAY = { days: 10 } as const

export interface CollectorOptions {
  readonly gateway: Pick<Gateway, 'publishMessage'>
  readonly connectors: Pick<Connectors, 'positions' | 'receipts' | 'awaited'>
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}
export interface Collector {
  /**
   * Asks after every open notice and tells what was paid; resolves with how many payments were told. Rejects, when all is done that could
   * be, with what went wrong first.
   */
  look(): Promise<number>
}

export function collector(options: CollectorOptions): Collector {
  const { awaited } = options.connectors
  return {
    async look() {
      const failures: unknown[] = []
      for (const notice of await awaited.open()) await askAfter(notice, options).catch((error) => failures.push(error))
      const told = await tell(await awaited.untold(), options)
      if (failures.length > 0) throw failures[0]
      return told
    },
  }
}

async function askAfter(notice: AwaitedNotice, { connectors, now }: CollectorOptions): Promise<void> {
  const { positions, receipts, awaited } = connectors
  const { iupd, numeroAvviso } = notice
  const position = await positions.find(iupd)
  if (position === null) return
  const notices = [position, ...position.altreRate]
  const paid = notices.find((one) => one.numeroAvviso === numeroAvviso)
  if (paid?.pagamento) {
    // GPD says what was owed; how much of it was paid, the receipt alone.
    const receipt = await receipts.byIuv(paid.iuv)
    if (receipt) await awaited.learn({ ...paid.pagamento, centesimi: receipt.importo, numeroAvviso })
  } else if (position.stato === 'NON_PAGABILE' && isLongOver(notice, now())) await awaited.withdraw(numeroAvviso)
}

function isLongOver({ scadenza }: AwaitedNotice, now: number): boolean {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Rome').toPlainDate()
  return Temporal.PlainDate.compare(today, Temporal.PlainDate.from(scadenza).add(AFTER_LAST_DAY)) > 0
}

async function tell(payments: readonly KnownPayment[], { gateway, connectors }: CollectorOptions): Promise<number> {
  for (const payment of payments) {
    await published(gateway, payment)
    await connectors.awaited.told(payment.idRicevuta)
  }
  return payments.length
}

async function published(gateway: CollectorOptions['gateway'], payment: KnownPayment): Promise<void> {
  const { idRicevuta, numeroAvviso, avviso, isExcess } = payment
  const { pratica, ufficio, oggetto, centesimi, scadenza } = avviso
  const told = { numeroAvviso, oggetto, scadenza, centesimi, importo: centesimi / 100 }
  const message = isExcess
    ? {
        ...{ name: 'pagamento.eccedente', correlationKey: idRicevuta },
        variables: { pratica, ufficio, avviso: told, incasso: incassoOf(payment) },
      }
    : { name: 'pagamento.esito', correlationKey: numeroAvviso, variables: { incasso: incassoOf(payment) } }
  const variables = JSON.stringify(message.variables)
  const messageId = `pagopa/${idRicevuta}`
  await publishOnce(gateway, { ...message, variables, messageId, timeToLiveMs: MESSAGE_LIFE_MS })
}

const incassoOf = ({ numeroAvviso, centesimi, pagatoIl, idRicevuta, psp }: KnownPayment) => ({
  ...{ numeroAvviso, importo: centesimi / 100, centesimi, pagatoIl, ricevuta: idRicevuta, psp },
})

export interface CollectingOptions {
  readonly log: (line: string) => void
  readonly pollMs?: number
}

export function startCollector(collecting: Collector, { log, pollMs = POLL_MS }: CollectingOptions) {
  const look = async (): Promise<number> => {
    await collecting.look()
    return pollMs
  }
  return lookAgain({ what: 'pagopa: not every notice was asked after', pollMs, look, log })
}
