/**
 * Reads SEND's stream while anything is to come of a notification of ours: each state becomes a message for the process that waits
 * (`send.stato`; the key is the IUN), once the attestations that are there are documents of the practice.
 * Invariants
 * N1 What is read is kept before the stream is asked for more: a kill at any moment loses nothing.
 * N2 What is told again changes nothing: documents and messages have keys that come from the notification.
 * N3 A state that cannot be dealt with holds up those of its own notification, and no other.
 * N4 A notification that nobody wants any more is cancelled as soon as it can be: when it was accepted.
 * N5 Nothing waits for ever: a notification that the stream has long said nothing of, or can say nothing of any more, is asked for itself.
 */
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { OpenRequest, UntoldEvent } from '../../connectors/send/inbox.ts'
import { type LegalFact, NO_STREAM, type NoticeEvent } from '../../connectors/send/types.ts'
import { publishOnce } from '../../connectors/zeebe/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { lookAgain } from '../look-again.ts'
import { STREAM_TITLE, streamOf } from './stream.ts'

/** A process that stands at an incident listens again when somebody has dealt with it. */
const MESSAGE_LIFE_MS = 30 * 24 * 3_600_000
const POLL_MS = 15_000
/** What is left is for the next look. */
const READS_MAX = 20
const TOLD_AT_ONCE = 500
const ASKED_AT_ONCE = 20
const CANCELLED_AT_ONCE = 100

export interface NoticeReaderOptions {
  readonly gateway: Pick<Gateway, 'publishMessage'>
  readonly connectors: Pick<Connectors, 'notifications' | 'noticeStreams' | 'noticeInbox' | 'documents'>
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}
export interface NoticeReader {
  /** Reads and tells; resolves with how long SEND wants to be left alone, milliseconds. Rejects when something could not be told. */
  read(): Promise<number>
}

export function noticeReader(options: NoticeReaderOptions): NoticeReader {
  const { gateway, connectors } = options
  return {
    async read() {
      const isAwaiting = await connectors.noticeInbox.isAwaiting()
      const waitMs = isAwaiting ? await takeIn(connectors) : 0
      const failures = isAwaiting ? [...(await askAfterSilent(options)), ...(await cancelUnwanted(connectors))] : []
      await tellAll(gateway, connectors)
      if (failures.length > 0) throw failures[0]
      return waitMs
    },
  }
}

async function takeIn(connectors: NoticeReaderOptions['connectors']): Promise<number> {
  const { noticeInbox, noticeStreams } = connectors
  for (let reads = 0; reads < READS_MAX; reads++) {
    const { id, read } = await streamOf(connectors)
    try {
      const { events, riprovaMs } = await noticeStreams.events(id, read)
      await noticeInbox.keep(STREAM_TITLE, events)
      if (riprovaMs > 0) return riprovaMs
    } catch (error) {
      // Another is opened at the next turn.
      if (!(error instanceof Refused && error.code === NO_STREAM)) throw error
      await noticeInbox.forget(STREAM_TITLE, id)
    }
  }
  return 0
}

/** Each alone, for nobody else is to wait for it; what was refused is settled so. Resolves with what went wrong. */
async function eachAlone(
  requests: readonly OpenRequest[],
  act: (request: OpenRequest) => Promise<void>,
  settle: (request: OpenRequest) => Promise<void>,
): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  for (const request of requests) {
    try {
      await act(request)
    } catch (error) {
      failures.push(error)
      if (error instanceof Refused) await settle(request)
    }
  }
  return failures
}

async function askAfterSilent(options: NoticeReaderOptions): Promise<readonly unknown[]> {
  const { noticeInbox } = options.connectors
  return eachAlone(
    await noticeInbox.silent(ASKED_AT_ONCE),
    async (silent) => noticeInbox.hear(silent.richiesta, await whatBecameOf(silent, options)),
    // Who says no today would say it at every look: it is asked again when it has been silent for as long once more.
    ({ richiesta }) => noticeInbox.hear(richiesta, []),
  )
}

/** A repeat, after a kill or a lost answer, cancels nothing more. */
async function cancelUnwanted({
  notifications,
  noticeInbox,
}: NoticeReaderOptions['connectors']): Promise<readonly unknown[]> {
  return eachAlone(
    await noticeInbox.unwanted(CANCELLED_AT_ONCE),
    async ({ richiesta, iun }) => {
      if (iun === null) return
      await notifications.cancel(iun)
      await noticeInbox.cancelled(richiesta)
    },
    ({ richiesta }) => noticeInbox.cancelled(richiesta),
  )
}

/** As the stream would have told it. */
async function whatBecameOf(
  { richiesta, iun: known }: OpenRequest,
  { connectors: { notifications }, now }: NoticeReaderOptions,
): Promise<readonly NoticeEvent[]> {
  const progress =
    known === null ? await notifications.progressOf(richiesta) : ({ stato: 'ACCEPTED', iun: known } as const)
  const of = { richiesta, motivi: progress.stato === 'REFUSED' ? progress.motivi : [] }
  switch (progress.stato) {
    case 'WAITING':
      return []
    case 'REFUSED':
      return [{ ...of, id: `letto/${richiesta}`, iun: null, stato: 'REFUSED', istante: new Date(now()).toISOString() }]
    case 'ACCEPTED': {
      const { iun } = progress
      const { stati } = await notifications.read(iun)
      return stati
        .filter(({ stato }) => stato !== 'IN_VALIDATION')
        .map(({ stato, dal }) => ({ ...of, id: `letto/${iun}/${stato}`, iun, stato, istante: dal }))
    }
  }
}

async function tellAll(
  gateway: NoticeReaderOptions['gateway'],
  connectors: NoticeReaderOptions['connectors'],
): Promise<void> {
  const failed = new Map<string, unknown>()
  for (const event of await connectors.noticeInbox.untold(TOLD_AT_ONCE)) {
    if (failed.has(event.richiesta)) continue
    try {
      await tell(event, gateway, connectors)
      await connectors.noticeInbox.told(event)
    } catch (error) {
      failed.set(event.richiesta, error)
    }
  }
  const [first] = failed.values()
  if (first !== undefined) throw first
}

async function tell(
  { iun, stato, istante, pratica }: UntoldEvent,
  gateway: NoticeReaderOptions['gateway'],
  connectors: NoticeReaderOptions['connectors'],
): Promise<void> {
  // Of a request that was refused the job that asked speaks.
  if (iun === null) return
  const atti: object[] = []
  for (const fact of await connectors.notifications.legalFacts(iun))
    atti.push({ categoria: fact.categoria, ...(await filed(iun, fact, pratica, connectors)) })
  const message = {
    name: 'send.stato',
    correlationKey: iun,
    messageId: `send/${iun}/${stato}`,
    timeToLiveMs: MESSAGE_LIFE_MS,
  }
  const variables = JSON.stringify({ statoNotifica: { iun, stato, istante, atti } })
  await publishOnce(gateway, { ...message, variables })
}

/** What an attestation is of, as people read it. */
const ATTESTED: Readonly<Record<string, string>> = {
  SENDER_ACK: 'presa in carico',
  DIGITAL_DELIVERY: 'consegna digitale',
  ANALOG_DELIVERY: 'consegna per posta',
  ANALOG_FAILURE_DELIVERY: 'mancato recapito',
  PEC_RECEIPT: 'ricevuta PEC',
  RECIPIENT_ACCESS: 'accesso del destinatario',
  NOTIFICATION_CANCELLED: 'annullamento',
}

async function filed(
  iun: string,
  fact: LegalFact,
  pratica: string,
  { notifications, documents }: NoticeReaderOptions['connectors'],
) {
  const key = `send/${iun}/${fact.chiave}`
  const made = (await documents.madeBy(key)) ?? (await download())
  return { id: made.id, nome: made.nome, tipo: made.tipo, impronta: made.impronta }

  async function download() {
    const { content } = await notifications.download(iun, fact)
    const isPdf = Buffer.from(content.subarray(0, 5)).toString('latin1') === '%PDF-'
    const [suffix, tipo] = isPdf ? ['pdf', 'application/pdf'] : ['eml', 'message/rfc822']
    const nome = `Attestazione SEND, ${ATTESTED[fact.categoria] ?? fact.categoria}.${suffix}`
    return documents.put(content, { nome, tipo, pratica }, key)
  }
}

/** `pollMs`: never more often than so. */
export function startNoticeReader(
  reader: NoticeReader,
  { log, pollMs = POLL_MS }: { readonly log: (line: string) => void; readonly pollMs?: number },
) {
  const look = async () => Math.max(await reader.read(), pollMs)
  return lookAgain({ what: 'send: the stream was not read', pollMs, look, log })
}
