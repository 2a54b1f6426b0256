/**
 * What all sandboxes share: a local HTTP server that stands for a platform, can be told to fail, and tells an observer how far
 * each call has come, so that a test can kill the caller at the worst moment.
 *
 * Owns faults, moments and the server. Does not own what a platform answers (each `<platform>/sandbox.ts`).
 * Invariants
 * S1 An effect is in the journal before its answer leaves.
 * S2 A fault is used up by the call it hits; without faults a sandbox behaves like a healthy platform.
 * S3 Everything under `/_sandbox/` is ours: journal and faults; the rest is the platform's.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'

const REQUEST_BYTES_MAX = 16 * 1024 * 1024

export interface SandboxOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host?: string
  /** Path of the journal file. */
  readonly journal: string
  /** Epoch milliseconds; the platform's own clock. */
  readonly now?: () => number
  readonly observe?: Observer
}
export interface Sandbox {
  readonly url: string
  close(): Promise<void>
}

/** How far a call has come: `applied` once its effect is in the journal, `answered` once the answer was handed to the socket. */
export type Moment = 'received' | 'applied' | 'answered'
export type Observer = (moment: Moment, operation: string) => void

const faultSchema = z.strictObject({
  operation: z.string(),
  /** `error-before` fails without effect; `error-after` and `drop-after` have the effect, then answer 500 or nothing at all. */
  kind: z.enum(['error-before', 'error-after', 'drop-after', 'delay-before', 'delay-after']),
  times: z.int().min(1).default(1),
  delayMs: z.int().min(0).max(60_000).default(0),
})
export type Fault = z.infer<typeof faultSchema>

export interface Faults {
  plan(fault: z.input<typeof faultSchema>): void
  /** Consumes one planned fault of the operation. */
  take(operation: string): Fault | undefined
}

export function newFaults(): Faults {
  const planned: Fault[] = []
  return {
    plan: (fault) => void planned.push(faultSchema.parse(fault)),
    take(operation) {
      const index = planned.findIndex((fault) => fault.operation === operation)
      const fault = planned[index]
      if (!fault) return undefined
      if (fault.times > 1) planned[index] = { ...fault, times: fault.times - 1 }
      else planned.splice(index, 1)
      return fault
    },
  }
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
}
export interface Platform {
  /** Names the operation a call asks for; the name faults and observers use. */
  operationOf(call: PlatformCall): string
  /** Answers, having journalled any effect. */
  answer(operation: string, call: PlatformCall): PlatformAnswer
}

export const json = (status: number, value: unknown): PlatformAnswer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
})

/** Serves a platform until closed. */
export async function startPlatform(
  options: SandboxOptions,
  platform: Platform,
  entries: readonly unknown[],
  faults = newFaults(),
): Promise<Sandbox> {
  const server = createServer((request, response) => {
    serve(request, response, options, platform, entries, faults).catch(() => response.destroy())
  })
  return listen(server, options)
}

export async function listen(server: Server, options: Pick<SandboxOptions, 'port' | 'host'>): Promise<Sandbox> {
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: SandboxOptions,
  platform: Platform,
  entries: readonly unknown[],
  faults: Faults,
): Promise<void> {
  const call: PlatformCall = {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://sandbox'),
    headers: request.headers,
    body: await readBody(request),
  }
  const own = controlAnswer(call, entries, faults)
  if (own) return write(response, own)
  const operation = platform.operationOf(call)
  const fault = faults.take(operation)
  options.observe?.('received', operation)
  if (fault?.kind === 'delay-before') await delay(fault.delayMs)
  if (fault?.kind === 'error-before') return write(response, json(503, { errore: 'guasto' }))
  const answer = platform.answer(operation, call)
  options.observe?.('applied', operation)
  if (fault?.kind === 'delay-after') await delay(fault.delayMs)
  if (fault?.kind === 'drop-after') return void response.destroy()
  write(response, fault?.kind === 'error-after' ? json(500, { errore: 'guasto' }) : answer)
  options.observe?.('answered', operation)
}

function controlAnswer(call: PlatformCall, entries: readonly unknown[], faults: Faults): PlatformAnswer | undefined {
  const { method, url } = call
  if (method === 'GET' && url.pathname === '/_sandbox/journal') return json(200, entries)
  if (method !== 'POST' || url.pathname !== '/_sandbox/faults') return undefined
  const fault = faultSchema.safeParse(JSON.parse(call.body.toString('utf8')))
  if (!fault.success) return json(400, { errore: z.prettifyError(fault.error) })
  faults.plan(fault.data)
  return json(200, {})
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
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

export function write(response: ServerResponse, answer: PlatformAnswer): void {
  response.writeHead(answer.status, {
    'content-type': `${answer.type}; charset=utf-8`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  })
  response.end(answer.body)
}
