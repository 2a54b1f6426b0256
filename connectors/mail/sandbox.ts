/**
 * A mail server that delivers to a journal: SMTP on one port, a page that shows what was sent on the other.
 * Recipients in the domain `inesistente.example` are refused, as a server refuses an unknown mailbox.
 */
import { createServer, type Socket } from 'node:net'
import { play, type Stage } from '../faults.ts'
import {
  journalOf,
  json,
  listen,
  type Platform,
  type Sandbox,
  type SandboxOptions,
  stageOf,
  startPlatform,
} from '../sandbox.ts'
import { messageIndex } from '../sandbox-page.ts'
import { mailListPage, mailPage } from './page.ts'
import { smtpSession } from './smtp.ts'
import type { DeliveredMail } from './types.ts'

export interface MailSandbox extends Sandbox {
  readonly smtp: { readonly host: string; readonly port: number }
}

export async function start(options: SandboxOptions & { readonly smtpPort: number }): Promise<MailSandbox> {
  const { host, now } = options
  const journal = journalOf<DeliveredMail>(options, 'mail')
  const stage = stageOf(options, 'mail')
  const sockets = new Set<Socket>()
  const smtp = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    smtpSession(socket, {
      accepts: (recipient) => !recipient.toLowerCase().endsWith('@inesistente.example'),
      deliver: ({ raw, ...envelope }) =>
        deliver(stage, socket, () =>
          journal.append({ at: new Date(now()).toISOString(), ...envelope, raw: raw.toString('utf8') }),
        ),
    })
  })
  const smtpPort = await listen(smtp, { host, port: options.smtpPort })
  const page = await startPlatform(options, mailbox(journal.entries), stage)
  return {
    url: page.url,
    smtp: { host, port: smtpPort },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => smtp.close(resolve))
      await page.close()
    },
  }
}

/** Resolves with the SMTP reply to the end of the data, or null when the connection was dropped instead. */
export async function deliver(stage: Stage, socket: Socket, append: () => void): Promise<string | null> {
  const accept = () => {
    append()
    return '250 accettato'
  }
  const broken = { before: '451 guasto temporaneo', after: '451 guasto dopo la consegna' }
  const reply = await play(stage, 'invia', accept, broken)
  if (reply === null) socket.destroy()
  else setImmediate(() => void stage.observe?.('answered', 'invia'))
  return reply
}

function mailbox(sent: readonly DeliveredMail[]): Platform {
  return {
    name: 'mail',
    entries: sent,
    operationOf: () => 'pagina',
    answer(_operation, { url }) {
      if (url.pathname === '/') return { status: 200, type: 'text/html', body: mailListPage(sent) }
      const mail = sent[messageIndex(url)]
      return mail
        ? { status: 200, type: 'text/html', body: mailPage(mail) }
        : json(404, { errore: 'messaggio sconosciuto' })
    },
  }
}
