/** The server's half of an SMTP conversation (RFC 5321, the part a submitting client needs). */
import type { Socket } from 'node:net'

const LINE_BYTES_MAX = 64 * 1024
const MESSAGE_BYTES_MAX = 30 * 1024 * 1024

export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Buffer
}
export interface Mailbox {
  /** Without it nobody has to sign in. */
  isOwner?(user: string, password: string): boolean
  accepts(recipient: string): boolean
  /** Takes the message and resolves with the reply; null when the connection is gone. */
  deliver(mail: Envelope): Promise<string | null>
}

interface Session {
  isSignedIn: boolean
  from: string | null
  to: string[]
  /** Lines of the message while DATA is on; null otherwise. */
  data: string[] | null
  dataBytes: number
}

/** Serves one connection until it closes. */
export function smtpSession(socket: Socket, mailbox: Mailbox): void {
  const session: Session = { isSignedIn: mailbox.isOwner === undefined, from: null, to: [], data: null, dataBytes: 0 }
  let pending = ''
  let turn = Promise.resolve()
  socket.setEncoding('latin1')
  socket.write('220 sandbox pronto\r\n')
  socket.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\r\n')
    pending = lines.pop() ?? ''
    if (pending.length > LINE_BYTES_MAX) socket.destroy()
    for (const line of lines) turn = turn.then(() => answer(socket, session, mailbox, line))
  })
}

async function answer(socket: Socket, session: Session, mailbox: Mailbox, line: string): Promise<void> {
  const reply = session.data ? await dataLine(session, mailbox, line) : command(session, mailbox, line)
  if (reply === null || socket.destroyed) return
  socket.write(`${reply}\r\n`)
  if (reply.startsWith('221')) socket.end()
}

/** One line of the message; the reply comes after the closing dot. */
async function dataLine(session: Session, mailbox: Mailbox, line: string): Promise<string | null> {
  if (line !== '.') {
    session.dataBytes += line.length + 2
    if (session.dataBytes <= MESSAGE_BYTES_MAX) session.data?.push(line.startsWith('.') ? line.slice(1) : line)
    return null
  }
  const tooLong = session.dataBytes > MESSAGE_BYTES_MAX
  const mail: Envelope = {
    from: session.from ?? '',
    to: session.to,
    raw: Buffer.from((session.data ?? []).join('\r\n'), 'latin1'),
  }
  reset(session)
  return tooLong ? '552 messaggio troppo grande' : mailbox.deliver(mail)
}

function command(session: Session, mailbox: Mailbox, line: string): string {
  const verb = line.slice(0, 4).toUpperCase()
  switch (verb) {
    case 'EHLO':
      reset(session)
      return `250-sandbox\r\n250-8BITMIME${mailbox.isOwner ? '\r\n250-AUTH PLAIN' : ''}\r\n250 SIZE ${MESSAGE_BYTES_MAX}`
    case 'AUTH':
      return signIn(session, mailbox, line)
    case 'HELO':
    case 'RSET':
      reset(session)
      return '250 sandbox'
    case 'NOOP':
      return '250 bene'
    case 'QUIT':
      return '221 a presto'
    case 'MAIL':
      if (!session.isSignedIn) return "530 prima l'accesso"
      session.from = address(line)
      return session.from === null ? '501 mittente non valido' : '250 bene'
    case 'RCPT':
      return recipient(session, mailbox, address(line))
    case 'DATA':
      if (session.to.length === 0) return '503 manca un destinatario'
      session.data = []
      return '354 scrivi'
    default:
      return '502 comando sconosciuto'
  }
}

/** AUTH PLAIN with its answer at once (RFC 4954). */
function signIn(session: Session, { isOwner }: Mailbox, line: string): string {
  const [, credentials = ''] = /^AUTH PLAIN (\S+)$/i.exec(line) ?? []
  const [, user = '', password = ''] = Buffer.from(credentials, 'base64').toString('utf8').split('\0')
  session.isSignedIn = isOwner?.(user, password) ?? true
  return session.isSignedIn ? '235 benvenuto' : '535 credenziali sbagliate'
}

function recipient(session: Session, mailbox: Mailbox, to: string | null): string {
  if (session.from === null) return '503 manca il mittente'
  if (!to) return '501 destinatario non valido'
  if (!mailbox.accepts(to)) return '550 casella inesistente'
  session.to.push(to)
  return '250 bene'
}

function address(line: string): string | null {
  return /^[^:]*:\s*<([^<>]*)>/.exec(line)?.[1] ?? null
}

function reset(session: Session): void {
  Object.assign(session, { from: null, to: [], data: null, dataBytes: 0 } satisfies Omit<Session, 'isSignedIn'>)
}
