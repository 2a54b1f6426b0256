/**
 * Twilio's messages in the sandbox: an account, a sender, and the numbers by which Twilio's own test credentials say no
 * (`+15005550001` invalid, `…0003` no permission for the country, `…0004` stopped by its owner, `…0009` no mobile).
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { messageIndex, messagePage, sentPage } from '../sandbox-page.ts'
import { e164Of } from './text.ts'

export const SANDBOX_ACCOUNT = {
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'sandbox',
  mittente: '+15005550006',
} as const

/** One line of the journal: a message taken. */
export interface SmsJournalEntry {
  readonly at: string
  readonly sid: string
  readonly from: string
  readonly to: string
  readonly body: string
}

const REFUSED: Readonly<Record<string, readonly [code: number, message: string]>> = {
  '+15005550001': [21_211, "The 'To' number is not a valid phone number"],
  '+15005550003': [
    21_408,
    "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
  ],
  '+15005550004': [21_610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21_614, "'To' number is not a valid mobile number"],
}
const formSchema = z.object({ To: z.string().min(1), From: z.string().min(1), Body: z.string().min(1).max(1600) })

export const start = (options: SandboxOptions): Promise<Sandbox> =>
  startPlatform(options, provider(journalOf(options, 'sms'), options.now))

const MESSAGES = `/2010-04-01/Accounts/${SANDBOX_ACCOUNT.accountSid}/Messages.json`

function provider(journal: Journal<SmsJournalEntry>, now: () => number): Platform {
  return {
    name: 'sms',
    entries: journal.entries,
    operationOf: ({ method, url }) => (method === 'POST' && url.pathname === MESSAGES ? 'invia' : 'pagina'),
    answer: (operation, call) =>
      operation === 'invia' ? take(journal, new Date(now()), call) : page(journal.entries, call),
  }
}

const refusal = (status: number, code: number, message: string): PlatformAnswer =>
  json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status })

const { accountSid, authToken, mittente } = SANDBOX_ACCOUNT
const AUTHORIZED = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`

function take(journal: Journal<SmsJournalEntry>, now: Date, { headers, body }: PlatformCall): PlatformAnswer {
  if (headers.authorization !== AUTHORIZED) return refusal(401, 20_003, 'Authenticate')
  const form = formSchema.safeParse(Object.fromEntries(new URLSearchParams(body.toString('utf8'))))
  if (!form.success) return refusal(400, 21_602, 'Message body is required')
  const { To: to, From: from, Body: text } = form.data
  if (from !== mittente) return refusal(400, 21_606, "The 'From' phone number is not a valid, SMS-capable number")
  if (e164Of(to) !== to) return refusal(400, 21_211, `The 'To' number ${to} is not a valid phone number`)
  const [code, message] = REFUSED[to] ?? []
  if (code !== undefined) return refusal(400, code, `${message}: ${to}`)
  const sid = `SM${randomBytes(16).toString('hex')}`
  journal.append({ at: now.toISOString(), sid, from, to, body: text })
  const resource = { sid, account_sid: accountSid, from, to, body: text, status: 'queued', direction: 'outbound-api' }
  return json(201, { ...resource, num_segments: '1', error_code: null, error_message: null })
}

function page(sent: readonly SmsJournalEntry[], { url }: PlatformCall): PlatformAnswer {
  if (url.pathname === '/') {
    const rows = sent.map(({ at, to, body }) => ({ at, to, words: body }))
    return { status: 200, type: 'text/html', body: sentPage('SMS inviati', rows) }
  }
  const entry = sent[messageIndex(url)]
  if (!entry) return json(404, { errore: 'messaggio sconosciuto' })
  const about = `Da ${entry.from} a ${entry.to}, ${entry.at}`
  return { status: 200, type: 'text/html', body: messagePage('SMS', about, entry.body) }
}
