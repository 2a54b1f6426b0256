/**
 * What has arrived in a certified mailbox: a receipt of our own message, mail of others, or something that is not what it says.
 * Owns whom to believe. Does not own what is done with it (workers/pec).
 * Invariants
 * P1 Only what the signature of a trusted provider covers is believed: never a subject, never a header alone.
 * P2 A receipt is ours when it certifies our address as sender; a header that names another message makes it worthless.
 */
import { type Certified, readCertificate } from './certificate.ts'
import { headerAddress, headerText, type MailPart, readMail } from './mime.ts'
import { NotBelieved, signerOf, type Trust } from './signature.ts'

export type ReceiptKind = Exclude<Certified['kind'], 'posta-certificata'>
export interface Receipt extends Certified {
  readonly kind: ReceiptKind
  readonly messageId: string
}

interface Envelope {
  /** As the mail says; certified only in a RICEVUTA and in POSTA_CERTIFICATA. */
  readonly sender: string
  readonly subject: string
}
export type Letter =
  | { readonly kind: 'RICEVUTA'; readonly receipt: Receipt }
  /** From one certified mailbox to another; `message` is the original with its attachments. */
  | ({ readonly kind: 'POSTA_CERTIFICATA'; readonly certified: Certified; readonly message: Buffer } & Envelope)
  /** Ordinary mail, or broken certified mail, that the provider has wrapped: without legal value. */
  | ({ readonly kind: 'ANOMALIA'; readonly message: Buffer } & Envelope)
  | ({ readonly kind: 'ORDINARIA' } & Envelope)
  /** Says it is certified and is not, cannot be read, or speaks of what is not ours. */
  | ({ readonly kind: 'NON_CREDUTA'; readonly reason: string } & Envelope)

export interface MailboxTrust extends Trust {
  /** Our certified address. */
  readonly address: string
}

/** Never rejects because of what is in the mail. */
export async function readLetter(raw: Buffer, trust: MailboxTrust): Promise<Letter> {
  let envelope: Envelope = { sender: '', subject: '' }
  try {
    const mail = readMail(raw)
    envelope = { sender: headerAddress(mail, 'from'), subject: headerText(mail, 'subject') }
    const signed = mail.type === 'multipart/signed' && saysCertified(mail)
    return signed ? await certifiedLetter(mail, envelope, trust) : unsigned(mail, envelope)
  } catch (error) {
    if (!(error instanceof NotBelieved) && !(error instanceof SyntaxError)) throw error
    return { kind: 'NON_CREDUTA', reason: error.message, ...envelope }
  }
}

const saysCertified = ({ headers }: MailPart): boolean => headers.has('x-ricevuta') || headers.has('x-trasporto')

function unsigned(mail: MailPart, envelope: Envelope): Letter {
  if (saysCertified(mail)) throw new NotBelieved('it is not signed')
  return { kind: 'ORDINARIA', ...envelope }
}

async function certifiedLetter(mail: MailPart, envelope: Envelope, trust: MailboxTrust): Promise<Letter> {
  const [content, signature] = mail.parts
  if (content === undefined || signature === undefined || mail.parts.length !== 2)
    throw new NotBelieved('it is not one signed part and its signature')
  const signer = await signerOf(content.raw, signature.content, trust)
  if (signer.checkEmail(envelope.sender) === undefined) throw new NotBelieved('another than its sender has signed it')
  const message = enclosed(content)
  if (mail.headers.get('x-trasporto') === 'errore') return { kind: 'ANOMALIA', message, ...envelope }
  const certified = readCertificate(attachment(content, 'daticert.xml').content)
  if (certified.kind === 'posta-certificata')
    return { kind: 'POSTA_CERTIFICATA', certified, message, sender: certified.sender, subject: certified.subject }
  return { kind: 'RICEVUTA', receipt: receiptOf(mail, { ...certified, kind: certified.kind }, trust) }
}

function receiptOf({ headers }: MailPart, certified: Certified & Pick<Receipt, 'kind'>, trust: MailboxTrust): Receipt {
  if (certified.sender !== trust.address.toLowerCase()) throw new NotBelieved('it is about the mail of others')
  const named = headers.get('x-riferimento-message-id') ?? null
  const { messageId = null } = certified
  if (messageId === null) throw new NotBelieved('it does not say about which message it is')
  if (named !== null && named !== messageId) throw new NotBelieved('it is about two messages')
  return { ...certified, messageId }
}

/** A direct part of the signed content: what an enclosed message carries is not its provider's. */
function attachment({ parts }: MailPart, name: string): MailPart {
  const found = parts.filter(({ fileName }) => fileName?.toLowerCase() === name)
  if (found.length !== 1) throw new NotBelieved(`there is not one ${name}`)
  return found[0]!
}

/** The original message; empty where a receipt does not enclose it. */
const enclosed = ({ parts }: MailPart): Buffer =>
  parts.find(({ type }) => type === 'message/rfc822')?.content ?? Buffer.alloc(0)
