/**
 * Reads the certified mailbox: each receipt of ours becomes a document of its practice and, when it decides, a message for the process
 * that waits (`pec.consegnata`, `pec.fallita`; the key is the Message-ID). What others write is kept apart.
 * Invariants
 * R1 The position moves on only when what a mail demands is done: a kill at any moment loses nothing.
 * R2 A mail that is read again changes nothing: document, message and kept letter each have a key that comes from the mail.
 * R3 One mail that cannot be dealt with holds up those behind it, but none is skipped.
 */
import { createHash } from 'node:crypto'
import type { Connectors } from '../../connectors/index.ts'
import type { Letter, Receipt } from '../../connectors/pec/letter.ts'
import { practiceOf } from '../../connectors/pec/message-id.ts'
import type { ArrivedLetter } from '../../connectors/pec/types.ts'
import { type Failure, type Verdict, verdictOf } from '../../connectors/pec/verdict.ts'
import { publishOnce } from '../../connectors/zeebe/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { lookAgain } from '../look-again.ts'

/** A process that stands at an incident listens again when somebody has dealt with it. */
const MESSAGE_LIFE_MS = 30 * 24 * 3_600_000
const POLL_MS = 15_000

export interface MailReaderOptions {
  readonly gateway: Pick<Gateway, 'publishMessage'>
  readonly connectors: Pick<Connectors, 'pec' | 'mailroom' | 'documents'>
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}
export interface MailReader {
  /** Reads what has arrived; resolves with how many mails that was. */
  read(): Promise<number>
}

export function mailReader(options: MailReaderOptions): MailReader {
  const { pec, mailroom } = options.connectors
  return {
    async read() {
      let count = 0
      for (const folder of pec.folders) {
        const name = `${pec.address}/${folder}`
        for await (const arrived of pec.arrivals(folder, await mailroom.position(name))) {
          await takeIn(arrived, options)
          await mailroom.advance(name, arrived.position)
          count++
        }
      }
      return count
    },
  }
}

async function takeIn({ raw, letter }: ArrivedLetter, options: MailReaderOptions): Promise<void> {
  if (letter.kind !== 'RICEVUTA') return keepApart(raw, letter, options)
  const practice = practiceOf(letter.receipt.messageId)
  // Another program writes from the same mailbox: it is its receipt.
  if (practice !== null && raw !== null) await takeReceipt(raw, letter.receipt, practice, options)
}

async function takeReceipt(raw: Buffer, receipt: Receipt, pratica: string, options: MailReaderOptions): Promise<void> {
  const { kind, id, messageId, deliveredTo } = receipt
  const key = `pec/${kind}/${id}/${deliveredTo ?? ''}`
  const description = { nome: `pec-${kind}.eml`, tipo: 'message/rfc822', pratica }
  const kept = await options.connectors.documents.put(raw, description, key)
  const verdict = verdictOf(receipt)
  if (verdict === null) return
  const documento = { id: kept.id, nome: kept.nome, tipo: kept.tipo, impronta: kept.impronta }
  const message = { name: nameOf(verdict), correlationKey: messageId, messageId: key, timeToLiveMs: MESSAGE_LIFE_MS }
  const variables = JSON.stringify({ ricevuta: { ...told(receipt), motivo: reasonOf(verdict), documento } })
  await publishOnce(options.gateway, { ...message, variables })
}

const nameOf = ({ kind }: Verdict): string => (kind === 'delivered' ? 'pec.consegnata' : 'pec.fallita')
const reasonOf = (verdict: Verdict): Failure | null => (verdict.kind === 'delivered' ? null : verdict.failure)

const told = ({ kind, at, id, provider, deliveredTo, explanation }: Receipt) => ({
  ...{ tipo: kind, istante: at, identificativo: id, gestore: provider },
  ...{ destinatario: deliveredTo, spiegazione: explanation },
})

async function keepApart(
  raw: Buffer | null,
  letter: Exclude<Letter, { kind: 'RICEVUTA' }>,
  { connectors: { mailroom, documents }, now }: MailReaderOptions,
): Promise<void> {
  const { kind, sender, subject } = letter
  const told = raw ?? JSON.stringify([kind, sender, subject])
  const key = `pec/${kind}/${createHash('sha256').update(told).digest('base64url')}`
  const description = { nome: 'messaggio.eml', tipo: 'message/rfc822', pratica: null }
  const document = raw === null ? null : (await documents.put(raw, description, key)).id
  const reason = letter.kind === 'NON_CREDUTA' ? letter.reason : null
  await mailroom.keep({ key, kind, sender, subject, reason, document, readAt: new Date(now()).toISOString() })
}

export interface MailLoopOptions {
  readonly log: (line: string) => void
  readonly pollMs?: number
}

/** Until it is closed. */
export function startMailReader(reader: MailReader, { log, pollMs = POLL_MS }: MailLoopOptions) {
  const look = async () => ((await reader.read()) > 0 ? 0 : pollMs)
  return lookAgain({ what: 'pec: the mailbox was not read', pollMs, look, log })
}
