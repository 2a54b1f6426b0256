/**
 * The server's half of an IMAP conversation (RFC 3501), the part that a program needs that only reads one folder: sign in, select,
 * search, fetch. Nothing can be changed.
 */
import type { Socket } from 'node:net'

const COMMAND_BYTES_MAX = 64 * 1024
const FOLDER = 'INBOX'

export interface KeptMail {
  readonly uid: number
  /** ISO instant of arrival. */
  readonly at: string
  readonly raw: Buffer
}
export interface Folder {
  readonly uidValidity: number
  isOwner(user: string, password: string): boolean
  /** Oldest first; null when the folder cannot be opened at present, undefined when the connection is to be cut. */
  open(): Promise<readonly KeptMail[] | null | undefined>
}

interface Session {
  isSignedIn: boolean
  /** Null until a folder is selected. */
  mails: readonly KeptMail[] | null
}

/** Serves one connection until it closes. */
export function imapSession(socket: Socket, folder: Folder): void {
  const session: Session = { isSignedIn: false, mails: null }
  let pending = ''
  let turn = Promise.resolve()
  const write = (text: string) => void (socket.destroyed || socket.write(text, 'latin1'))
  socket.setEncoding('latin1')
  write('* OK [CAPABILITY IMAP4rev1] sandbox pronto\r\n')
  socket.on('data', (chunk: string) => {
    pending += chunk
    if (pending.length > COMMAND_BYTES_MAX) socket.destroy()
    for (let next = nextCommand(pending, write); next !== null; next = nextCommand(pending, write)) {
      const { command } = next
      pending = next.rest
      turn = turn.then(() => answer(socket, session, folder, command, write))
    }
  })
}

interface Command {
  readonly tag: string
  readonly verb: string
  readonly args: readonly string[]
}

/** Null while the command is not whole; asks for the literal that it waits for. */
function nextCommand(text: string, write: (text: string) => void): { command: Command; rest: string } | null {
  const tokens: string[] = []
  let at = 0
  for (;;) {
    const found = /^ *(?:"((?:[^"\\\r\n]|\\.)*)"|\{(\d{1,6})(\+?)\}\r\n|\r\n|((?:\[[^\]\r\n]*\]|[^ "{\r\n[])+))/.exec(
      text.slice(at),
    )
    if (found === null) return null
    const [all, quoted, literal, isPushed, atom] = found
    at += all.length
    if (literal !== undefined) {
      const length = Number(literal)
      if (text.length === at && isPushed === '') write('+ avanti\r\n')
      if (text.length < at + length) return null
      tokens.push(text.slice(at, at + length))
      at += length
    } else if (quoted !== undefined) tokens.push(quoted.replace(/\\(.)/g, '$1'))
    else if (atom !== undefined) tokens.push(atom)
    else break
  }
  const [tag = '*', verb = '', ...args] = tokens
  const isUid = verb.toUpperCase() === 'UID'
  return {
    command: {
      tag,
      verb: isUid ? `UID ${(args[0] ?? '').toUpperCase()}` : verb.toUpperCase(),
      args: isUid ? args.slice(1) : args,
    },
    rest: text.slice(at),
  }
}

async function answer(
  socket: Socket,
  session: Session,
  folder: Folder,
  { tag, verb, args }: Command,
  write: (text: string) => void,
): Promise<void> {
  switch (verb) {
    case 'CAPABILITY':
      return write(`* CAPABILITY IMAP4rev1\r\n${tag} OK fatto\r\n`)
    case 'NOOP':
    case 'CLOSE':
      return write(`${tag} OK fatto\r\n`)
    case 'LOGOUT':
      write(`* BYE a presto\r\n${tag} OK fatto\r\n`)
      return void socket.end()
    case 'LOGIN':
      session.isSignedIn = folder.isOwner(args[0] ?? '', args[1] ?? '')
      return write(
        session.isSignedIn ? `${tag} OK benvenuto\r\n` : `${tag} NO [AUTHENTICATIONFAILED] credenziali sbagliate\r\n`,
      )
  }
  if (!session.isSignedIn) return write(`${tag} NO prima l'accesso\r\n`)
  switch (verb) {
    case 'LIST':
    case 'LSUB':
      return write(`* ${verb} (\\HasNoChildren) "/" ${args[1] === '' ? '""' : FOLDER}\r\n${tag} OK fatto\r\n`)
    case 'SELECT':
    case 'EXAMINE': {
      const mails = args[0]?.toUpperCase() === FOLDER ? await folder.open() : null
      if (mails === undefined) return void socket.destroy()
      session.mails = mails
      return write(mails === null ? `${tag} NO cartella non disponibile\r\n` : selected(tag, folder, mails))
    }
  }
  if (session.mails === null) return write(`${tag} BAD comando sconosciuto\r\n`)
  switch (verb) {
    case 'UID SEARCH': {
      const found = searched(session.mails, args)
      return write(
        found === null
          ? `${tag} BAD ricerca sconosciuta\r\n`
          : `* SEARCH${found.map(({ uid }) => ` ${uid}`).join('')}\r\n${tag} OK fatto\r\n`,
      )
    }
    case 'UID FETCH':
      return fetched(session.mails, args, tag, write)
    default:
      return write(`${tag} BAD comando sconosciuto\r\n`)
  }
}

const selected = (tag: string, { uidValidity }: Folder, mails: readonly KeptMail[]): string =>
  [
    '* FLAGS (\\Seen)',
    `* ${mails.length} EXISTS`,
    '* 0 RECENT',
    `* OK [UIDVALIDITY ${uidValidity}] fatto`,
    `* OK [UIDNEXT ${(mails.at(-1)?.uid ?? 0) + 1}] fatto`,
    `${tag} OK [READ-ONLY] fatto`,
    '',
  ].join('\r\n')

/** Null for a key it does not know. */
function searched(mails: readonly KeptMail[], keys: readonly string[]): readonly KeptMail[] | null {
  let found = mails
  for (let at = 0; at < keys.length; ) {
    const key = keys[at++]?.toUpperCase()
    switch (key) {
      case 'ALL':
        break
      case 'SINCE': {
        const since = Date.parse(`${keys[at++]} UTC`)
        found = found.filter((mail) => Date.parse(mail.at) >= since)
        break
      }
      case 'UID': {
        const set = keys[at++] ?? ''
        const last = mails.at(-1)?.uid ?? 0
        found = found.filter(({ uid }) => inSet(set, uid, last))
        break
      }
      case 'HEADER': {
        const [name = '', value = ''] = [keys[at++], keys[at++]]
        found = found.filter(({ raw }) => hasHeader(raw, name, value))
        break
      }
      default:
        return null
    }
  }
  return found
}

function hasHeader(raw: Buffer, name: string, value: string): boolean {
  const head = raw
    .subarray(0, raw.indexOf('\r\n\r\n'))
    .toString('latin1')
    .replace(/\r\n(?=[ \t])/g, '')
  const lines = head.toLowerCase().split('\r\n')
  return lines.some((line) => line.startsWith(`${name.toLowerCase()}:`) && line.includes(value.toLowerCase()))
}

/** Sets such as `3`, `3:5`, `3:*`, joined by commas. */
function inSet(set: string, uid: number, last: number): boolean {
  return set.split(',').some((range) => {
    const [from = 0, to = from] = range.split(':').map((end) => (end === '*' ? last : Number(end)))
    return uid >= Math.min(from, to) && uid <= Math.max(from, to)
  })
}

function fetched(
  mails: readonly KeptMail[],
  args: readonly string[],
  tag: string,
  write: (text: string) => void,
): void {
  const [set = '', ...rest] = args
  const items = rest.join(' ').toUpperCase()
  const part = /BODY(?:\.PEEK)?\[\](?:<0\.(\d+)>)?/.exec(items)
  const last = mails.at(-1)?.uid ?? 0
  for (const [index, { uid, at, raw }] of mails.entries()) {
    if (!inSet(set, uid, last)) continue
    const content = part?.[1] === undefined ? raw : raw.subarray(0, Number(part[1]))
    const body = part === null ? '' : ` BODY[]${part[1] === undefined ? '' : '<0>'} {${content.byteLength}}\r\n`
    write(
      `* ${index + 1} FETCH (UID ${uid} FLAGS () RFC822.SIZE ${raw.byteLength} INTERNALDATE "${internalDate(at)}"${body}${part === null ? '' : content.toString('latin1')})\r\n`,
    )
  }
  write(`${tag} OK fatto\r\n`)
}

/** `01-Mar-2027 09:00:00 +0000` */
function internalDate(at: string): string {
  const [, day, month, year, time] = /^\w+, (\d\d) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date(at).toUTCString()) ?? []
  return `${day}-${month}-${year} ${time} +0000`
}
