/**
 * A provider of certified mail on this machine: SMTP and IMAP over TLS, receipts signed under an authority of its own, and a page that
 * shows the mailbox. How recipients behave is in sandbox/provider.ts. `POST /in-arrivo` lets somebody write to the mailbox.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { createServer } from 'node:tls'
import { z } from 'zod'
import { play, type Stage } from '../faults.ts'
import { deliver } from '../mail/sandbox.ts'
import { smtpSession } from '../mail/smtp.ts'
import {
  journalOf,
  json,
  listen,
  type Platform,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  stageOf,
  startPlatform,
} from '../sandbox.ts'
import { type Identity, openTestAuthority, type TestAuthority } from '../test-authority.ts'
import type { Provider } from './sandbox/envelope.ts'
import { imapSession, type KeptMail } from './sandbox/imap.ts'
import { mailboxPage, mailPage } from './sandbox/page.ts'
import { type ArrivedMail, openPostOffice, type PostOffice, type SentMail } from './sandbox/post-office.ts'
import type { PecServers } from './types.ts'

export interface PecSandbox extends Sandbox {
  readonly servers: PecServers
}
export interface PecSandboxOptions extends SandboxOptions {
  readonly smtpPort: number
  readonly imapPort: number
}

/** Of the sample town. */
const ADDRESS = 'protocollo@pec.comune.esempio.example'
const writtenSchema = z.strictObject({
  da: z.email(),
  oggetto: z.string().max(500),
  testo: z.string().max(100_000),
  certificata: z.boolean().default(true),
})

export async function start(options: PecSandboxOptions): Promise<PecSandbox> {
  const { directory, host, now } = options
  const authority = await openTestAuthority(join(directory, 'pec.autorita.json'), 'Iter sandbox PEC CA')
  const account = { user: ADDRESS, password: passwordIn(join(directory, 'pec.password')) }
  const sent = journalOf<SentMail>(options, 'pec')
  const office = openPostOffice({
    address: ADDRESS,
    sent,
    arrived: journalOf<ArrivedMail>(options, 'pec.casella'),
    providers: {
      sender: await provider(authority, 'Gestore del mittente', 'gestore-mittente.example'),
      recipient: await provider(authority, 'Gestore del destinatario', 'gestore-destinatario.example'),
    },
    now,
  })
  const stage = stageOf(options, 'pec')
  const isOwner = (user: string, password: string) => user === account.user && password === account.password
  const tls = await authority.issue({ name: 'sandbox PEC', hosts: [...new Set([host, 'localhost', '127.0.0.1'])] })
  const smtp = await serve(options, options.smtpPort, tls, (socket) =>
    smtpSession(socket, {
      isOwner,
      accepts: (recipient) => /^[^@\s]+@[^@\s]+$/.test(recipient),
      deliver: ({ from, to, raw }) => deliver(stage, socket, () => office.accept(from, to, raw)),
    }),
  )
  const imap = await serve(options, options.imapPort, tls, (socket) =>
    imapSession(socket, { uidValidity: UID_VALIDITY, isOwner, open: () => opened(stage, office) }),
  )
  const page = await startPlatform(options, mailbox(sent.entries, office), stage)
  return {
    url: page.url,
    servers: {
      ...{ ...account, tlsAuthority: authority.certificate, authorities: [authority.certificate] },
      smtp: { host, port: smtp.port },
      imap: { host, port: imap.port },
    },
    close: async () => void (await Promise.all([smtp.close(), imap.close(), page.close()])),
  }
}

/** The journal keeps every uid, so that the folder never begins anew. */
const UID_VALIDITY = 1

async function provider(authority: TestAuthority, name: string, domain: string): Promise<Provider> {
  const address = `posta-certificata@${domain}`
  return { name, address, identity: await authority.issue({ name, email: address }) }
}

/** Of the mailbox; made at the first start. */
function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    const password = randomBytes(18).toString('base64url')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, password, { mode: 0o600 })
    return password
  }
}

interface Listening {
  readonly port: number
  close(): Promise<void>
}
async function serve(
  { host }: SandboxOptions,
  port: number,
  { key, certificate }: Identity,
  converse: (socket: Socket) => void,
): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server = createServer({ key, cert: certificate }, (socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    converse(socket)
  })
  const taken = await listen(server, { host, port })
  return {
    port: taken,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A folder that cannot be opened is told as such, whether or not it was read before: reading has no effect. */
async function opened(stage: Stage, office: PostOffice): Promise<readonly KeptMail[] | null | undefined> {
  const closed: { readonly mails: readonly KeptMail[] | null } = { mails: null }
  const read = async () => ({ mails: await office.inbox() })
  const answer = await play<typeof closed>(stage, 'leggi', read, { before: closed, after: closed })
  return answer === null ? undefined : answer.mails
}

function mailbox(sent: readonly SentMail[], office: PostOffice): Platform {
  const html = (body: string) => ({ status: 200, type: 'text/html', body })
  return {
    name: 'pec',
    entries: sent,
    operationOf: ({ url }) => (url.pathname === '/in-arrivo' ? 'arriva' : 'pagina'),
    async answer(operation, { method, url, body }) {
      if (operation === 'arriva') {
        const written = writtenSchema.safeParse(parseJson(body))
        if (method !== 'POST' || !written.success) return json(400, { errore: 'da, oggetto e testo in JSON' })
        await office.receive(written.data)
        return json(200, {})
      }
      const inbox = await office.inbox()
      if (url.pathname === '/') return html(mailboxPage(ADDRESS, sent, inbox))
      const [, folder, number] = /^\/(inviati|arrivati)\/(\d{1,9})$/.exec(url.pathname) ?? []
      const given = folder === 'inviati' ? sent[Number(number) - 1] : undefined
      if (given) return html(mailPage(given.at, Buffer.from(given.raw, 'base64')))
      const arrived = folder === 'arrivati' ? inbox.find(({ uid }) => uid === Number(number)) : undefined
      return arrived ? html(mailPage(arrived.at, arrived.raw)) : json(404, { errore: 'messaggio sconosciuto' })
    },
  }
}
