/**
 * SEND in the sandbox, for one body: documents, requests, streams, attestations, and a page where a tester is the recipient. What a request
 * must be like stands in sandbox-rules.ts, what becomes of a notification in sandbox-course.ts and sandbox-book.ts.
 */
import type { Trust } from '../pdnd/sandbox.ts'
import { type Gate, newGate } from '../pdnd/sandbox-gate.ts'
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
import { REQUESTS_PATH } from './client.ts'
import { bookOf, canBeRead, passTime, type SendJournalEntry } from './sandbox-book.ts'
import { type Answer, at, HOLDER, html, of, ofAccepted, problem, type Send } from './sandbox-call.ts'
import { attestationPdf, attestationsOf, nameOf } from './sandbox-facts.ts'
import { book, takeFile } from './sandbox-files.ts'
import { listPage, noticePage } from './sandbox-pages.ts'
import { cancel, takeRequest, tellNotification, tellRequest } from './sandbox-requests.ts'
import { listStreams, openStream, tellEvents, tooOften } from './sandbox-streams.ts'
import { STREAMS_PATH } from './streams.ts'

/** What the exchange knows of SEND. */
export const SEND_PURPOSE = {
  purposeId: '5e0f6a1b-3c2d-4e5f-8a9b-0c1d2e3f4a5b',
  audience: 'https://api.send.example',
} as const
/** What SEND knows the body by; the second key was given without PDND. */
export const SANDBOX_ACCOUNT = {
  chiave: 'chiave-send',
  finalita: SEND_PURPOSE.purposeId,
  ente: HOLDER,
} as const
export const KEY_WITHOUT_PDND = 'chiave-send-senza-pdnd'

export interface SendSandboxOptions extends SandboxOptions {
  readonly trust: Trust
  /** By which calls are counted. */
  readonly tokenNow: () => number
}

export function start(options: SendSandboxOptions): Promise<Sandbox> {
  const { now, tokenNow, trust } = options
  const gate = newGate(trust, { ...SEND_PURPOSE, patterns: [] })
  const journal = journalOf<SendJournalEntry>(options, 'send')
  return startPlatform(options, platform({ journal, now, tokenNow, reads: new Map() }, gate))
}

const IUN = '([A-Z]{4}-[A-Z]{4}-[A-Z]{4}-\\d{6}-[A-Z]-\\d)'
const STREAM = `${STREAMS_PATH}/([0-9a-f-]{36})`
export interface Route {
  readonly method: string
  readonly path: RegExp
  readonly operation: string
  readonly answer: Answer
  /** Whose it is: of programs with a key, of those who were given the address of a file, or of people. */
  readonly by: 'chiave' | 'indirizzo' | 'persone'
}
const route = (by: Route['by'], method: string, path: string, operation: string, answer: Answer): Route => ({
  ...{ by, method, operation, answer },
  path: new RegExp(`^${path}$`),
})
export const ROUTES: readonly Route[] = [
  route('chiave', 'POST', '/delivery/attachments/preload', 'prenota', book),
  route('indirizzo', 'PUT', '/documenti/([\\w.-]+)', 'carica', takeFile),
  route('chiave', 'POST', REQUESTS_PATH, 'richiedi', takeRequest),
  route('chiave', 'GET', REQUESTS_PATH, 'stato', tellRequest),
  route('chiave', 'GET', `/delivery/v2.9/notifications/sent/${IUN}`, 'leggi', tellNotification),
  route('chiave', 'PUT', `/delivery-push/v2.0/notifications/cancel/${IUN}`, 'annulla', cancel),
  route('chiave', 'GET', `/delivery-push/v2.0/${IUN}/legal-facts`, 'atti', listFacts),
  route('chiave', 'GET', `/delivery-push/${IUN}/download/legal-facts/([\\w.-]+)`, 'atto', tellFact),
  route('indirizzo', 'GET', `/atti/${IUN}/([\\w.-]+)`, 'scarica', giveFact),
  route('chiave', 'POST', STREAMS_PATH, 'flusso', openStream),
  route('chiave', 'GET', STREAMS_PATH, 'flussi', listStreams),
  route('chiave', 'GET', `${STREAM}/events`, 'eventi', tellEvents),
  route('persone', 'GET', '/', 'pagina', (send) => html(listPage(bookOf(send.journal).posted))),
  route('persone', 'GET', `/notifiche/${IUN}`, 'pagina', (send, _call, [iun]) =>
    of(send, iun, (one) => html(noticePage(one))),
  ),
  route('persone', 'POST', `/notifiche/${IUN}/accesso`, 'accedi', access),
  route('persone', 'GET', `/notifiche/${IUN}/documenti/(\\d{1,2})`, 'pagina', giveDocument),
]
const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find((one) => one.method === method && one.path.test(url.pathname))

const platform = (send: Send, gate: Gate): Platform => ({
  name: 'send',
  entries: send.journal.entries,
  operationOf: (call) => routeOf(call)?.operation ?? 'sconosciuta',
  async answer(_operation, call) {
    const found = routeOf(call)
    if (!found) return problem(404, 'NOT_FOUND', 'No such operation')
    const barred = found.by === 'chiave' ? await refusedKey(gate, call) : null
    if (barred !== null) return barred
    passTime(send.journal, send.now())
    return found.answer(send, call, found.path.exec(call.url.pathname)?.slice(1) ?? [])
  },
  broken: (call) => ({
    after: problem(500, 'PN_GENERIC_ERROR', 'Internal error'),
    unprocessable: problem(422, 'PN_GENERIC_INVALIDPARAMETER', 'Not processable'),
    tooMany: routeOf(call)?.answer === tellEvents ? tooOften : atGateway,
  }),
})

/** As Amazon's gateway says it, before which the platform stands: it does not say when to come again. */
const atGateway = (): PlatformAnswer => json(429, { message: 'Too Many Requests' })

/** A key with PDND wants a voucher, one without does not bear it. */
async function refusedKey(gate: Gate, call: PlatformCall): Promise<PlatformAnswer | null> {
  const { 'x-api-key': key, authorization } = call.headers
  const forbidden = (message: string) => json(403, { message })
  if (key === KEY_WITHOUT_PDND) return authorization === undefined ? null : forbidden('The key is not for PDND')
  if (key !== SANDBOX_ACCOUNT.chiave) return forbidden('Forbidden')
  const barred = await gate.refuse(call)
  return barred && forbidden(barred.reason)
}

function listFacts(send: Send, _call: PlatformCall, [iun]: readonly string[]): PlatformAnswer {
  return ofAccepted(send, iun, (posted) =>
    json(
      200,
      attestationsOf(posted).map(({ chiave, categoria }) => ({
        iun,
        legalFactsId: { key: chiave, category: categoria },
      })),
    ),
  )
}

async function factAt(send: Send, iun = '', name = ''): Promise<Uint8Array | null> {
  const posted = bookOf(send.journal).byIun(iun)
  const fact = posted && attestationsOf(posted).find((one) => nameOf(one) === name)
  return posted && fact ? attestationPdf(posted, fact) : null
}

async function tellFact(
  send: Send,
  { headers }: PlatformCall,
  [iun, name]: readonly string[],
): Promise<PlatformAnswer> {
  const file = await factAt(send, iun, name)
  if (file === null) return problem(404, 'PN_DELIVERYPUSH_LEGALFACTNOTFOUND', 'No such attestation')
  return json(200, {
    filename: `${iun}_${name}`,
    contentLength: file.byteLength,
    url: `http://${headers.host}/atti/${iun}/${name}`,
  })
}

async function giveFact(send: Send, _call: PlatformCall, [iun, name]: readonly string[]): Promise<PlatformAnswer> {
  const file = await factAt(send, iun, name)
  return file === null
    ? problem(404, 'NOT_FOUND', 'No such file')
    : { status: 200, type: 'application/pdf', body: '', file }
}

function access(send: Send, _call: PlatformCall, [iun = '']: readonly string[]): PlatformAnswer {
  return of(send, iun, (posted) => {
    if (!canBeRead(posted)) return problem(409, 'CONFLICT', 'The notice cannot be opened')
    send.journal.append({ operazione: 'accesso', at: at(send), iun })
    return { status: 303, type: 'text/plain', body: '', headers: { location: `/notifiche/${iun}` } }
  })
}

/** Whoever reads has opened the notice before. */
function giveDocument(send: Send, _call: PlatformCall, [iun, index]: readonly string[]): PlatformAnswer {
  return of(send, iun, ({ richiesta, accesso }) => {
    const key = richiesta.documents[Number(index)]?.ref.key.replace('safestorage://', '')
    const file = accesso === null || key === undefined ? undefined : bookOf(send.journal).file(key)
    if (!file) return problem(404, 'NOT_FOUND', 'No such document')
    return { status: 200, type: 'application/pdf', body: '', file: Buffer.from(file.base64, 'base64') }
  })
}
