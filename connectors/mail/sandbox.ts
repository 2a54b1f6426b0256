/**
 * A mail server that delivers to a journal: SMTP on one port, a page that shows what was sent on the other.
 * Recipients in the domain `inesistente.example` are refused, as a server refuses an unknown mailbox.
 */

import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { openJournal } from '../journal.ts'
import {
  type Faults,
  json,
  newFaults,
  type Observer,
  type Platform,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { listPage, messagePage } from './page.ts'
import { smtpSession } from './smtp.ts'

/** One line of the journal: an accepted message. */
export interface DeliveredMail {
  readonly at: string
  readonly from: string
  readonly to: readonly string[]
  /** The message as received: headers, empty line, body. */
  readonly raw: string
}

export interface MailSandbox extends Sandbox {
  readonly smtp: { readonly host: string; readonly port: number }
}

export async function start(options: SandboxOptions & { readonly smtpPort?: number }): Promise<MailSandbox> {
  const journal = openJournal<DeliveredMail>(options.journal)
  const faults = newFaults()
  const now = options.now ?? Date.now
  const host = options.host ?? '127.0.0.1'
  const sockets = new Set<Socket>()
  const smtp = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    smtpSession(socket, {
      accepts: (recipient) => !recipient.toLowerCase().endsWith('@inesistente.example'),
      deliver: (mail) =>
        deliver(() => journal.append({ at: new Date(now()).toISOString(), ...mail }), socket, faults, options.observe),
    })
  })
  const port = await listenSmtp(smtp, options.smtpPort ?? 0, host)
  const page = await startPlatform(options, mailbox(journal.entries), journal.entries, faults)
  return {
    url: page.url,
    smtp: { host, port },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => smtp.close(resolve))
      await page.close()
    },
  }
}

/** Resolves with the SMTP reply to the end of the data, or null when the connection was dropped instead. */
async function deliver(
  append: () => void,
  socket: Socket,
  faults: Faults,
  observe: Observer | undefined,
): Promise<string | null> {
  const fault = faults.take('invia')
  observe?.('received', 'invia')
  if (fault?.kind === 'delay-before') await delay(fault.delayMs)
  if (fault?.kind === 'error-before') return '451 guasto temporaneo'
  append()
  observe?.('applied', 'invia')
  if (fault?.kind === 'delay-after') await delay(fault.delayMs)
  if (fault?.kind === 'drop-after' || fault?.kind === 'error-after') {
    socket.destroy()
    return null
  }
  queueMicrotask(() => observe?.('answered', 'invia'))
  return '250 accettato'
}

async function listenSmtp(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return (server.address() as AddressInfo).port
}

function mailbox(sent: readonly DeliveredMail[]): Platform {
  return {
    operationOf: () => 'pagina',
    answer(_operation, { url }) {
      if (url.pathname === '/') return { status: 200, type: 'text/html', body: listPage(sent) }
      const mail = sent[Number(/^\/messaggi\/(\d{1,9})$/.exec(url.pathname)?.[1]) - 1]
      return mail
        ? { status: 200, type: 'text/html', body: messagePage(mail) }
        : json(404, { errore: 'messaggio sconosciuto' })
    },
  }
}
