/**
 * What all sandboxes share: a local HTTP server that stands for a platform and remembers what it did.
 *
 * Owns the server, its doors and its journals. Does not own what a platform answers (each `<platform>/sandbox.ts`) nor faults (faults.ts).
 * Invariants
 * S1 An effect is in the journal before its answer leaves.
 * S2 A fault is used up by the call it hits; without faults a sandbox behaves like a healthy platform.
 * S3 Everything under `/_sandbox/` is ours: journal, calls and faults; the rest is the platform's.
 * S4 Only programs on this machine and the sandbox's own pages are served: a Host or Origin that is not ours is refused, so that no other web
 *    page reads a journal.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { type Broken, type Faults, faultSchema, newFaults, type Observer, play, type Stage } from './faults.ts'
import { type Journal, openJournal } from './journal.ts'

/** A practice's documents travel together to whoever registers or keeps them. */
const REQUEST_BYTES_MAX = 64 * 1024 * 1024

export interface SandboxOptions {
  /** Where the journals lie. */
  readonly directory: string
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Epoch milliseconds; the platform's own clock. */
  readonly now: () => number
  readonly observe?: Observer
  /** Told of each of the platform's own calls and its answer before that leaves, for whoever compares both with a description. */
  readonly hear?: Listener
}
export type Listener = (call: PlatformCall, answer: PlatformAnswer) => void
export interface Sandbox {
  readonly url: string
  close(): Promise<void>
}

export interface PlatformCall {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}
export interface PlatformAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
  /** Sent instead of the body. */
  readonly file?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}
export interface Platform {
  /** Names the files of its journals. */
  readonly name: string
  /** What it has done, as in its journal. */
  readonly entries: readonly unknown[]
  /** Names the operation a call asks for; the name faults and observers use. */
  operationOf(call: PlatformCall): string
  /** Answers, having journalled any effect. */
  answer(operation: string, call: PlatformCall): PlatformAnswer | Promise<PlatformAnswer>
  /** How it says that it fails, where that is not `BROKEN`. */
  broken?(call: PlatformCall): Partial<Broken<PlatformAnswer>>
}

export const json = (status: number, value: unknown): PlatformAnswer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})

export const journalOf = <Entry>({ directory }: SandboxOptions, name: string): Journal<Entry> =>
  openJournal(join(directory, `${name}.ndjson`))

export function stageOf(options: SandboxOptions, name: string): Stage {
  const { now, observe } = options
  return { calls: journalOf(options, `${name}.calls`), faults: newFaults(), now, observe }
}

/** Serves a platform until closed. */
export async function startPlatform(
  options: SandboxOptions,
  platform: Platform,
  stage = stageOf(options, platform.name),
): Promise<Sandbox> {
  let ownHost = ''
  const server = createServer((request, response) => {
    serve(request, response, { ownHost, platform, stage, hear: options.hear }).catch(() => response.destroy())
  })
  const port = await listen(server, options)
  ownHost = `${options.host}:${port}`
  return {
    url: `http://${ownHost}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Resolves with the port taken. */
export async function listen(server: Server, { host, port }: Pick<SandboxOptions, 'host' | 'port'>): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  return (server.address() as AddressInfo).port
}

interface Served {
  readonly ownHost: string
  readonly platform: Platform
  readonly stage: Stage
  readonly hear: Listener | undefined
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { ownHost, platform, stage, hear }: Served,
): Promise<void> {
  const { host, origin } = request.headers
  if (host !== ownHost || (origin !== undefined && origin !== `http://${ownHost}`))
    return write(response, json(403, { errore: 'solo da questa macchina' }))
  const url = addressIn(request.url ?? '/')
  if (url === null) return write(response, json(400, { errore: 'indirizzo illeggibile' }))
  const call: PlatformCall = {
    ...{ method: request.method ?? 'GET', url },
    headers: request.headers,
    body: await readBody(request),
  }
  if (call.url.pathname.startsWith('/_sandbox/')) return write(response, controlAnswer(call, platform, stage))
  const operation = platform.operationOf(call)
  const broken = { ...BROKEN, ...platform.broken?.(call) }
  const answer = await play(stage, operation, () => platform.answer(operation, call), broken)
  if (answer === null) return void response.destroy()
  hear?.(call, answer)
  write(response, isDoor(call) && answer.status === 404 ? TO_JOURNAL : answer)
  await stage.observe?.('answered', operation)
}

/** As Azure's gateway says it, before which most national platforms stand. */
export function tooMany(retryInMs: number): PlatformAnswer {
  const seconds = Math.ceil(retryInMs / 1000)
  const message = `Rate limit is exceeded. Try again in ${seconds} seconds.`
  return { ...json(429, { statusCode: 429, message }), headers: { 'retry-after': String(seconds) } }
}

/** Null where nobody could read it: platforms take their paths to be sound. */
function addressIn(target: string): URL | null {
  const url = URL.parse(target, 'http://sandbox')
  try {
    decodeURIComponent(url?.pathname ?? '')
    return url
  } catch {
    return null
  }
}

const BROKEN: Broken<PlatformAnswer> = {
  before: json(503, { errore: 'guasto' }),
  after: json(500, { errore: 'guasto' }),
  tooMany,
  unprocessable: json(422, { errore: 'non elaborabile' }),
}

/** Who opens the address that the program prints sees what the platform has done, where it has no page of its own. */
const isDoor = ({ method, url }: PlatformCall): boolean => method === 'GET' && url.pathname === '/'
const TO_JOURNAL: PlatformAnswer = {
  ...{ status: 302, type: 'text/plain', body: '' },
  headers: { location: '/_sandbox/journal' },
}

function controlAnswer({ method, url, body }: PlatformCall, { entries }: Platform, stage: Stage): PlatformAnswer {
  switch (`${method} ${url.pathname}`) {
    case 'GET /_sandbox/journal':
      return json(200, entries)
    case 'GET /_sandbox/calls':
      return json(200, stage.calls.entries)
    case 'POST /_sandbox/faults':
      return planFault(stage.faults, body)
    case 'POST /_sandbox/down':
      return takeDown(stage.faults, body)
    default:
      return json(404, { errore: 'sconosciuto' })
  }
}

function planFault(faults: Faults, body: Buffer): PlatformAnswer {
  const fault = faultSchema.safeParse(parseJson(body))
  if (!fault.success) return json(400, { errore: z.prettifyError(fault.error) })
  faults.plan(fault.data)
  return json(200, {})
}

const downSchema = z.strictObject({ until: z.iso.datetime({ offset: true }) })

function takeDown(faults: Faults, body: Buffer): PlatformAnswer {
  const asked = downSchema.safeParse(parseJson(body))
  if (!asked.success) return json(400, { errore: z.prettifyError(asked.error) })
  faults.downUntil(Date.parse(asked.data.until))
  return json(200, {})
}

/** Undefined when the body is no JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > REQUEST_BYTES_MAX)
      throw new RangeError(`Expected a request of at most ${REQUEST_BYTES_MAX} bytes, but it is longer`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** As it is sent, and as a platform that signs its answers signs it. */
export const contentTypeOf = ({ type }: Pick<PlatformAnswer, 'type'>): string => `${type}; charset=utf-8`

function write(response: ServerResponse, answer: PlatformAnswer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-type': contentTypeOf(answer),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  })
  response.end(answer.file ?? answer.body)
}
