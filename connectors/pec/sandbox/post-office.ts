/**
 * The memory of the provider: what our mailbox has sent, and what has arrived in it. Receipts are written when somebody looks, with
 * the time at which they fell due.
 * Invariants
 * O1 A message is in the journal before it is accepted; the same message given twice is sent twice.
 * O2 Each planned receipt arrives once, in the order of its time.
 */
import type { Journal } from '../../journal.ts'
import { oneAtATime } from '../../one-at-a-time.ts'
import type { Certified } from '../certificate.ts'
import { headerText, readMail } from '../mime.ts'
import { composed, type Provider, shortened, signedMail } from './envelope.ts'
import type { KeptMail } from './imap.ts'
import { isCertified, type PlannedReceipt, plannedReceipts } from './provider.ts'

/** One line of the journal: a message that was given to the provider. */
export interface SentMail {
  readonly at: string
  readonly from: string
  readonly to: readonly string[]
  readonly messageId: string
  /** Base64. */
  readonly raw: string
}
/** One line of the journal of the mailbox. */
export interface ArrivedMail {
  readonly uid: number
  readonly at: string
  /** Which planned receipt it is; null for mail of others. */
  readonly receipt: string | null
  /** Base64. */
  readonly raw: string
}
/** Mail of somebody else, as they would write it. */
export interface Written {
  readonly da: string
  readonly oggetto: string
  readonly testo: string
  /** An ordinary sender arrives as an anomaly. */
  readonly certificata: boolean
}

export interface PostOfficeOptions {
  /** Our mailbox. */
  readonly address: string
  readonly sent: Journal<SentMail>
  readonly arrived: Journal<ArrivedMail>
  /** The sender's provider is ours. */
  readonly providers: Readonly<Record<PlannedReceipt['by'], Provider>>
  readonly now: () => number
}
export interface PostOffice {
  /** Takes a message for good. */
  accept(from: string, to: readonly string[], raw: Buffer): void
  /** Somebody writes to our mailbox. */
  receive(written: Written): Promise<void>
  /** What has arrived by now. */
  inbox(): Promise<readonly KeptMail[]>
}

export function openPostOffice({ address, sent, arrived, providers, now }: PostOfficeOptions): PostOffice {
  const kept = arrived.entries.map(keptMail)
  const planned: Planned[] = []
  /** Uids are given one after another. */
  const inTurn = oneAtATime()
  const keep = (at: number, receipt: string | null, raw: Buffer) => {
    const mail = { uid: (kept.at(-1)?.uid ?? 0) + 1, at: new Date(at).toISOString(), receipt }
    arrived.append({ ...mail, raw: raw.toString('base64') })
    kept.push({ ...mail, raw })
  }
  let plannedCount = 0
  const written = new Set(arrived.entries.map(({ receipt }) => receipt))

  async function deliverDue(): Promise<void> {
    for (; plannedCount < sent.entries.length; plannedCount++)
      planned.push(...plannedFor(sent.entries[plannedCount]!, plannedCount).filter(({ id }) => !written.has(id)))
    planned.sort((one, other) => one.receipt.at - other.receipt.at)
    for (let next = planned[0]; next !== undefined && next.receipt.at <= now(); next = planned[0]) {
      keep(next.receipt.at, next.id, await receiptMail(next, providers[next.receipt.by]))
      planned.shift()
    }
  }

  return {
    accept: (from, to, raw) =>
      sent.append({
        ...{ at: new Date(now()).toISOString(), from, to: to.map((recipient) => recipient.toLowerCase()) },
        ...{ messageId: readMail(raw).headers.get('message-id') ?? '', raw: raw.toString('base64') },
      }),
    receive: (written) =>
      inTurn(async () => keep(now(), null, await envelopeOf(written, address, providers.recipient, now()))),
    inbox: () =>
      inTurn(async () => {
        await deliverDue()
        return [...kept]
      }),
  }
}

const keptMail = ({ uid, at, raw }: ArrivedMail): KeptMail => ({ uid, at, raw: Buffer.from(raw, 'base64') })

interface Planned {
  readonly id: string
  readonly sent: SentMail
  readonly number: number
  readonly receipt: PlannedReceipt
}
const plannedFor = (sent: SentMail, number: number): Planned[] =>
  plannedReceipts(readMail(Buffer.from(sent.raw, 'base64')), sent.from, sent.to, Date.parse(sent.at)).map(
    (receipt, index) => ({ id: `${number}/${index}`, sent, number, receipt }),
  )

const SUBJECT: Readonly<Record<PlannedReceipt['kind'], string>> = {
  accettazione: 'ACCETTAZIONE',
  'non-accettazione': 'AVVISO DI NON ACCETTAZIONE',
  'presa-in-carico': 'PRESA IN CARICO',
  'avvenuta-consegna': 'CONSEGNA',
  'errore-consegna': 'AVVISO DI MANCATA CONSEGNA',
  'preavviso-errore-consegna': 'AVVISO DI MANCATA CONSEGNA PER SUPERAMENTO TEMPO MASSIMO',
  'rilevazione-virus': 'PROBLEMA DI SICUREZZA',
}

async function receiptMail({ sent, number, receipt }: Planned, by: Provider): Promise<Buffer> {
  const original = Buffer.from(sent.raw, 'base64')
  const mail = readMail(original)
  const subject = headerText(mail, 'subject')
  const isDelivery = receipt.kind === 'avvenuta-consegna'
  const isShort = mail.headers.get('x-tiporicevuta') === 'breve'
  const certified: Certified = {
    ...{ kind: receipt.kind, error: receipt.error, sender: sent.from, subject, provider: by.name },
    recipients: sent.to.map((recipient) => ({ address: recipient, isCertified: isCertified(recipient) })),
    ...{ at: romanTime(receipt.at), id: `opec${number + 1}.sandbox`, messageId: sent.messageId },
    detail: isDelivery ? (isShort ? 'breve' : 'completa') : null,
    ...{ deliveredTo: receipt.recipient, explanation: receipt.explanation },
  }
  return signedMail(by, {
    ...{ from: by.address, to: sent.from, subject: `${SUBJECT[receipt.kind]}: ${subject}`, at: receipt.at, certified },
    text: `${SUBJECT[receipt.kind]}\n\n${receipt.explanation ?? ''}`,
    message: isDelivery ? await (isShort ? shortened(original) : original) : null,
    headers: {
      'X-Ricevuta': receipt.kind,
      'X-Riferimento-Message-ID': sent.messageId,
      ...(certified.detail === null ? {} : { 'X-TipoRicevuta': certified.detail }),
    },
  })
}

async function envelopeOf(written: Written, to: string, by: Provider, at: number): Promise<Buffer> {
  const { da, oggetto, testo, certificata } = written
  const messageId = `<${crypto.randomUUID()}@posta.example>`
  const message = await composed({ from: da, to, subject: oggetto, text: testo, messageId, date: new Date(at) })
  const certified: Certified = {
    ...{ kind: 'posta-certificata', error: 'nessuno', sender: da, recipients: [{ address: to, isCertified: true }] },
    ...{ subject: oggetto, provider: by.name, at: romanTime(at), id: `opec.${crypto.randomUUID()}`, messageId },
    ...{ detail: 'completa', deliveredTo: null, explanation: null },
  }
  return signedMail(by, {
    ...{ from: `"Per conto di: ${da}" <${by.address}>`, to, at, message },
    subject: `${certificata ? 'POSTA CERTIFICATA' : 'ANOMALIA MESSAGGIO'}: ${oggetto}`,
    text: certificata ? `Messaggio di posta certificata da ${da}` : `Anomalia nel messaggio da ${da}`,
    certified: certificata ? certified : null,
    headers: { 'X-Trasporto': certificata ? 'posta-certificata' : 'errore' },
  })
}

/** Certified times are those of Italy, with their offset. */
function romanTime(at: number): string {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Rome')
  return time.toString({ smallestUnit: 'second', timeZoneName: 'never' })
}
