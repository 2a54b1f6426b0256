/** A certified mailbox: sends by SMTP, reads by IMAP, believes what the providers have signed. */
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { smtpFailure } from '../mail/client.ts'
import { type Letter, type MailboxTrust, readLetter } from './letter.ts'
import { MAIL_BYTES_MAX } from './mime.ts'
import {
  type ArrivedLetter,
  PEC_SETTLE_MS,
  type PecMailbox,
  type PecMessage,
  type PecServers,
  RECIPIENT_REFUSED,
} from './types.ts'

export interface PecOptions extends PecServers {
  /** The certified address, which is the only sender. */
  readonly address: string
  /** Business time, epoch milliseconds: certificates must be valid then. */
  readonly now: () => number
  readonly timeoutMs?: number
}

/** Before the first position is known, so much of the past is read. */
const FIRST_READ_MS = 3 * 24 * 3_600_000
/** Receipts of one message that a look-up reads. */
const RECEIPTS_MAX = 10
/** What is left is for the next look. */
const READ_AT_ONCE = 100

export function pecMailbox(options: PecOptions): PecMailbox {
  const { address, now, authorities, folders = ['INBOX'], settleMs = PEC_SETTLE_MS } = options
  const transport = transportTo(options)
  const trust = (): MailboxTrust => ({ address, authorities, at: now() })
  return {
    address,
    folders,
    settleMs,
    async send(message) {
      try {
        await transport.sendMail(mailOf(address, message))
        return { messageId: message.messageId }
      } catch (error) {
        throw sendFailure(error)
      }
    },
    async find(messageId) {
      await using session = await signedIn(options)
      for (const folder of folders) {
        await session.open(folder)
        const found = await session.search({ header: { 'x-riferimento-message-id': messageId } })
        for (const uid of found.slice(0, RECEIPTS_MAX)) {
          const letter = (await session.read(uid, trust()))?.letter
          if (letter?.kind === 'RICEVUTA' && letter.receipt.messageId === messageId) return { messageId }
        }
      }
      return null
    },
    async *arrivals(folder, after) {
      await using session = await signedIn(options)
      const uidValidity = await session.open(folder)
      const isKnown = after?.uidValidity === uidValidity
      const from = isKnown ? { uid: `${after.uid + 1}:*` } : { since: new Date(now() - FIRST_READ_MS) }
      // The last mail is always within such a range, whatever its number.
      const uids = (await session.search(from)).filter((uid) => !isKnown || uid > after.uid)
      for (const uid of uids.slice(0, READ_AT_ONCE)) {
        const read = await session.read(uid, trust())
        if (read !== null) yield { folder, position: { uidValidity, uid }, ...read }
      }
    },
    close: () => transport.close(),
  }
}

function transportTo({ smtp, user, password, tlsAuthority, timeoutMs = 20_000 }: PecOptions) {
  return createTransport({
    ...smtp,
    secure: true,
    auth: { user, pass: password },
    ...(tlsAuthority !== undefined && { tls: { ca: tlsAuthority } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** Asks for the complete receipt: it encloses the message, and is the best evidence of what was delivered. */
const mailOf = (address: string, { messageId, to, subject, text, attachments }: PecMessage) => ({
  ...{ from: address, to: { name: '', address: to }, subject, text, messageId },
  textEncoding: 'quoted-printable' as const,
  headers: { 'X-TipoRicevuta': 'completa' },
  attachments: attachments.map(({ name, type, content }) => ({
    ...{ filename: name, contentType: type, content: Buffer.from(content) },
    contentTransferEncoding: 'base64' as const,
  })),
})

/**
 * A server that answers "later" to the end of a message has not taken it, or should not have: with legal effect, only the mailbox is
 * believed.
 */
function sendFailure(error: unknown): Error {
  const { code, command, rejected } = error as { code?: string; command?: string; rejected?: readonly string[] }
  const failure = smtpFailure(error)
  if (failure instanceof Unavailable && code === 'EMESSAGE' && command === 'DATA')
    return new UnknownOutcome('The provider had the message, and did not say that it took it')
  if (failure instanceof Refused && code === 'EENVELOPE' && rejected?.length)
    return new Refused(RECIPIENT_REFUSED, `The provider does not take the recipient: ${failure.code}`)
  return failure
}

interface ImapSession extends AsyncDisposable {
  /** Resolves with the folder's UIDVALIDITY. */
  open(folder: string): Promise<string>
  /** Uids, oldest first. */
  search(query: Parameters<ImapFlow['search']>[0]): Promise<readonly number[]>
  /** Null when somebody has taken the mail away. */
  read(uid: number, trust: MailboxTrust): Promise<Pick<ArrivedLetter, 'raw' | 'letter'> | null>
}

async function signedIn({ imap, user, password, tlsAuthority, timeoutMs = 20_000 }: PecOptions): Promise<ImapSession> {
  const client = new ImapFlow({
    ...{ ...imap, secure: true, auth: { user, pass: password }, logger: false },
    ...(tlsAuthority !== undefined && { tls: { ca: tlsAuthority } }),
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    ...{ disableAutoIdle: true, maxLiteralSize: MAIL_BYTES_MAX + 1024 },
  })
  // Without a listener an error on the socket would end the program; the call that waits for it fails anyway.
  client.on('error', () => {})
  const told = <T>(asked: Promise<T>): Promise<T> =>
    asked.catch((error: unknown) => {
      client.close()
      throw new Unavailable(`The certified mailbox could not be read: ${reasonOf(error)}`)
    })
  await told(client.connect())
  return {
    open: async (folder) => String((await told(client.mailboxOpen(folder, { readOnly: true }))).uidValidity),
    search: async (query) => ((await told(client.search(query, { uid: true }))) || []).sort((a, b) => a - b),
    async read(uid, trust) {
      const asked = { size: true, source: { maxLength: MAIL_BYTES_MAX } }
      const found = await told(client.fetchOne(String(uid), asked, { uid: true }))
      if (!found || found.source === undefined) return null
      if ((found.size ?? 0) > MAIL_BYTES_MAX) return { raw: null, letter: TOO_LONG }
      return { raw: found.source, letter: await readLetter(found.source, trust) }
    },
    [Symbol.asyncDispose]: async () => client.close(),
  }
}

const TOO_LONG: Letter = { kind: 'NON_CREDUTA', reason: 'it is longer than is read', sender: '', subject: '' }

/** Codes, not texts: a server's text may repeat an address. */
function reasonOf(error: unknown): string {
  const { code, serverResponseCode, authenticationFailed } = error as Record<string, unknown>
  if (authenticationFailed === true) return 'the sign-in was refused'
  return [serverResponseCode, code].find((word) => typeof word === 'string') ?? 'the connection broke off'
}
