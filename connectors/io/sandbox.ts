/**
 * App IO, for one approved service of the town: profiles, messages and how far they came, 150 calls in 5 seconds.
 * Nobody has the app but those in `HAVE_THE_APP`. `POST /app/<tax code> { "servizio": "ATTIVO" }` is a person who installs it, or switches
 * the service on again; `DISATTIVATO` switches it off, `ASSENTE` removes the app.
 */
import { randomInt } from 'node:crypto'
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { messageIndex, messagePage, sentPage } from '../sandbox-page.ts'
import type { IoStatus } from './types.ts'

export const SANDBOX_KEY = 'chiave-del-servizio'
const SERVICE_ID = '01HSANDBOX0SERVIZIO0COMUNE'

export interface IoSandboxOptions extends SandboxOptions {
  /** By which calls are counted, epoch milliseconds. */
  readonly tokenNow: () => number
}

const SERVICE = ['ATTIVO', 'DISATTIVATO', 'ASSENTE'] as const
type Service = (typeof SERVICE)[number]
const HAVE_THE_APP: Readonly<Record<string, Service>> = {
  VRDNNA78M52G999V: 'ATTIVO',
  NRELSE88T60H501L: 'DISATTIVATO',
}

const fiscalCode = z
  .string()
  .regex(/^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$/)
const payloadSchema = z.object({ fiscal_code: fiscalCode })
const lengthOf = (text: string): number => [...text].length
const between = (min: number, max: number) =>
  z.string().refine((text) => lengthOf(text) >= min && lengthOf(text) <= max, `fra ${min} e ${max} caratteri`)
const messageSchema = z.object({
  fiscal_code: fiscalCode,
  time_to_live: z.int().min(3600).max(604_800).default(3600),
  feature_level_type: z.enum(['STANDARD', 'ADVANCED']).default('STANDARD'),
  content: z.object({
    subject: between(10, 120),
    markdown: between(80, 10_000),
    due_date: z.iso.datetime().optional(),
    payment_data: z
      .object({
        amount: z.int().min(1).max(9_999_999_999),
        notice_number: z.string().regex(/^[0123][0-9]{17}$/),
        invalid_after_due_date: z.boolean().default(false),
        payee: z.object({ fiscal_code: z.string().regex(/^\d{11}$/) }).optional(),
      })
      .optional(),
  }),
})
type Message = z.infer<typeof messageSchema>

/** One line of the journal: a message taken, or what a person did in the app. */
export type IoJournalEntry =
  | {
      readonly operazione: 'messaggio'
      readonly at: string
      readonly id: string
      readonly messaggio: Message
      /** Taken all the same: the platform looks at the profile only afterwards. */
      readonly servizio: Service
    }
  | { readonly operazione: 'app'; readonly at: string; readonly codiceFiscale: string; readonly servizio: Service }

interface Io {
  readonly journal: Journal<IoJournalEntry>
  readonly isTooMuch: () => boolean
  now(): number
}

export function start(options: IoSandboxOptions): Promise<Sandbox> {
  const { now, tokenNow } = options
  return startPlatform(options, platform({ journal: journalOf(options, 'io'), isTooMuch: newLimit(tokenNow), now }))
}

const CALLS_MAX = 150
const WINDOW_MS = 5000
/** Counts a call; true when there were too many in the last five seconds. */
function newLimit(now: () => number): () => boolean {
  let calls: readonly number[] = []
  return () => {
    calls = [...calls.filter((at) => at > now() - WINDOW_MS), now()].slice(-CALLS_MAX - 1)
    return calls.length > CALLS_MAX
  }
}

type Answer = (io: Io, call: PlatformCall, found: readonly string[]) => PlatformAnswer
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string, answer: Answer])[] = [
  ['POST', /^\/profiles$/, 'profilo', profile],
  ['POST', /^\/messages$/, 'invia', take],
  ['GET', /^\/messages\/([A-Z0-9]{16})\/(\w{1,64})$/, 'stato', tell],
  ['POST', /^\/app\/([A-Z0-9]{16})$/, 'app', useApp],
  ['GET', /^\/(?:messaggi\/\d+)?$/, 'pagina', page],
]
const OPEN_TO_PEOPLE = new Set(['app', 'pagina'])
const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find(([allowed, path]) => allowed === method && path.test(url.pathname))

const platform = (io: Io): Platform => ({
  name: 'io',
  entries: io.journal.entries,
  operationOf: (call) => routeOf(call)?.[2] ?? 'sconosciuta',
  answer(operation, call) {
    const [, path, , answer] = routeOf(call) ?? []
    if (!path || !answer) return json(404, { statusCode: 404, message: 'Resource not found' })
    if (!OPEN_TO_PEOPLE.has(operation)) {
      if (call.headers['ocp-apim-subscription-key'] !== SANDBOX_KEY) return json(401, { statusCode: 401 })
      if (io.isTooMuch()) return { ...json(429, { statusCode: 429 }), headers: { 'x-rate-limit-retry-after': '5' } }
    }
    return answer(io, call, path.exec(call.url.pathname)?.slice(1) ?? [])
  },
})

const problem = (status: number, title: string, detail: string): PlatformAnswer => ({
  ...json(status, { status, title, detail }),
  type: 'application/problem+json',
})

function serviceOf({ journal }: Io, code: string): Service {
  const last = journal.entries.findLast((entry) => entry.operazione === 'app' && entry.codiceFiscale === code)
  return last?.servizio ?? HAVE_THE_APP[code] ?? 'ASSENTE'
}

function profile(io: Io, { body }: PlatformCall): PlatformAnswer {
  const asked = payloadSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Invalid payload', z.prettifyError(asked.error))
  const service = serviceOf(io, asked.data.fiscal_code)
  if (service === 'ASSENTE') return problem(404, 'Profile not found', 'No user found for the provided fiscal code.')
  return json(200, { sender_allowed: service === 'ATTIVO', preferred_languages: ['it_IT'] })
}

function take(io: Io, { body }: PlatformCall): PlatformAnswer {
  const asked = messageSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Invalid payload', z.prettifyError(asked.error))
  const id = newUlid()
  const servizio = serviceOf(io, asked.data.fiscal_code)
  const at = new Date(io.now()).toISOString()
  io.journal.append({ operazione: 'messaggio', at, id, messaggio: asked.data, servizio })
  return { ...json(201, { id }), headers: { location: `/messages/${asked.data.fiscal_code}/${id}` } }
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const newUlid = (): string => `01${Array.from({ length: 24 }, () => CROCKFORD[randomInt(32)]).join('')}`

const messagesOf = ({ journal }: Io) => journal.entries.filter((entry) => entry.operazione === 'messaggio')

function tell(io: Io, _call: PlatformCall, [code, id]: readonly string[]): PlatformAnswer {
  const found = messagesOf(io).find((entry) => entry.id === id && entry.messaggio.fiscal_code === code)
  if (!found) return problem(404, 'Message not found', 'No message found for the provided ID.')
  const { messaggio, at } = found
  const status: IoStatus = found.servizio === 'ATTIVO' ? 'PROCESSED' : 'REJECTED'
  const message = { id: found.id, ...messaggio, created_at: at, sender_service_id: SERVICE_ID }
  return json(200, { message, status, ...(status === 'PROCESSED' && { notification: { webhook: 'SENT' } }) })
}

const serviceSchema = z.strictObject({ servizio: z.enum(SERVICE) })

function useApp({ journal, now }: Io, { body }: PlatformCall, [code = '']: readonly string[]): PlatformAnswer {
  const asked = serviceSchema.safeParse(parseJson(body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  const at = new Date(now()).toISOString()
  journal.append({ operazione: 'app', at, codiceFiscale: code, servizio: asked.data.servizio })
  return json(200, asked.data)
}

function page(io: Io, { url }: PlatformCall): PlatformAnswer {
  const sent = messagesOf(io)
  if (url.pathname === '/') {
    const rows = sent.map(({ at, messaggio }) => ({ at, to: messaggio.fiscal_code, words: messaggio.content.subject }))
    return { status: 200, type: 'text/html', body: sentPage('Messaggi di App IO', rows) }
  }
  const entry = sent[messageIndex(url)]
  if (!entry) return json(404, { errore: 'messaggio sconosciuto' })
  const { subject, markdown } = entry.messaggio.content
  const about = `A ${entry.messaggio.fiscal_code}, ${entry.at}`
  return { status: 200, type: 'text/html', body: messagePage(subject, about, markdown) }
}
