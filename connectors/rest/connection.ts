/**
 * One HTTP exchange with a service of the configuration. Owns the connection: its address is looked up once, judged, and the very
 * address that was judged is connected to; each exchange connects anew. Does not own what is asked (request.ts).
 * Invariants
 * N1 Nothing is sent before the connected address was judged; of several addresses of a name all must be admitted.
 * N2 No redirect is followed.
 * N3 Time and size are bounded, and a failure says what the service may have done (effect.ts).
 * N4 Errors name the call, never a value, a header or a secret.
 */
import { type LookupAddress, promises } from 'node:dns'
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { retryInMs } from '../http.ts'
import { isAdmitted } from './address.ts'
import type { Network } from './types.ts'

const RESPONSE_BYTES_MAX = 4 * 1024 * 1024

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>
export const systemResolve: Resolve = (hostname) => promises.lookup(hostname, { all: true })

export interface Exchange {
  /** For messages. */
  readonly name: string
  readonly url: URL
  readonly network: Network
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
}
export interface ExchangeAnswer {
  readonly status: number
  readonly text: string
  /** As `Unavailable` has it. */
  readonly retryInMs: number | null
}

/** Resolves with a 2xx answer. Throws `Refused` on 4xx and on a forbidden address, `Unavailable` or `UnknownOutcome` otherwise. */
export async function connectAndExchange(exchange: Exchange, resolve: Resolve): Promise<ExchangeAnswer> {
  const { name, url, network } = exchange
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isAdmitted(host, network)) throw forbidden(name)
  const answer = await sent(exchange, resolve)
  const { status } = answer
  if (status >= 200 && status < 300) return answer
  if (status === 429 || status === 503) throw new Unavailable(`${name} answered ${status}`, answer.retryInMs)
  if (status >= 400 && status < 500) throw new Refused(String(status), `${name} answered ${status}`)
  throw new UnknownOutcome(`${name} answered ${status}`)
}

async function sent(exchange: Exchange, resolve: Resolve): Promise<ExchangeAnswer> {
  const { name, url, method, headers, body, timeoutMs, network } = exchange
  const request = url.protocol === 'https:' ? requestSecure : requestPlain
  const signal = AbortSignal.timeout(timeoutMs)
  const lookup = admittedLookup(name, network, resolve)
  const call = request(url, { method, headers, agent: false, lookup, signal })
  const connected = watch(call, url.protocol)
  try {
    return await answerTo(call, body)
  } catch (error) {
    if (error instanceof Refused) throw error
    throw connected() ? new UnknownOutcome(`${name} got no whole answer`) : new Unavailable(`${name} could not connect`)
  }
}

/** Whether anything of the request can have left. */
function watch(call: ClientRequest, protocol: string): () => boolean {
  let connected = false
  call.once('socket', (socket) => {
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true
    })
  })
  return () => connected
}

async function answerTo(call: ClientRequest, body: string | null): Promise<ExchangeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  call.once('response', resolve)
  call.on('error', reject)
  call.end(body ?? undefined)
  const response = await promise
  try {
    return {
      ...{ status: response.statusCode ?? 0, text: await readBounded(response) },
      retryInMs: retryInMs((name) => response.headersDistinct[name]?.[0]),
    }
  } finally {
    call.destroy()
  }
}

async function readBounded(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > RESPONSE_BYTES_MAX) throw new RangeError('answer too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Gives the connection the addresses that were judged, and no other. */
function admittedLookup(name: string, network: Network, resolve: Resolve): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every(({ address }) => isAdmitted(address, network)))
          return callback(forbidden(name), '', 0)
        if (all) return callback(null, [...addresses])
        return callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}

const forbidden = (name: string) =>
  new Refused(
    'INDIRIZZO_NON_AMMESSO',
    `Expected ${name} to call an address of its network, but its service has one that is not. Correct the service's address or its network.`,
  )
