/** The configured calls, ready to be made: each checked and compiled when the town starts, so that a wrong one is known before a practice meets it. */
import { Refused, UnknownOutcome } from '../effect.ts'
import { connectAndExchange, type Exchange, type Resolve, systemResolve } from './connection.ts'
import { mappingIn } from './feel.ts'
import { baseOf, bounded, headersOf, urlOf } from './request.ts'
import type { Json, RestAnswer, RestCall, RestCalls, RestRequest, RestService, RestValues } from './types.ts'

export interface RestOptions {
  readonly services: Readonly<Record<string, RestService>>
  readonly calls: Readonly<Record<string, RestCall>>
  /** How names become addresses; the system's way unless given. */
  readonly resolve?: Resolve
}

/** Throws an `Error` for a call or a service that is described wrongly. Connects to nothing. */
export function restCalls({ services, calls, resolve = systemResolve }: RestOptions): RestCalls {
  const ready = new Map(Object.entries(calls).map(([name, call]) => [name, prepared(name, call, services, resolve)]))
  const known = (name: string): Prepared => {
    const found = ready.get(name)
    if (found) return found
    throw new Error(`Expected a call named ${name}, but the town has none. Add it to the town's chiamate.`)
  }
  return {
    effectOf: (name) => (ready.has(name) ? known(name).call.effetto.classe : null),
    settleMs: (name) => {
      const { effetto } = known(name).call
      return effetto.classe === 'findable' ? effetto.assestamentoMs : 0
    },
    call: (name, values, chiave) => known(name).make(values, chiave),
    find: (name, values, chiave) => known(name).find(values, chiave),
  }
}

interface Prepared {
  readonly call: RestCall
  make(values: RestValues, chiave: string): Promise<RestAnswer>
  find(values: RestValues, chiave: string): Promise<RestAnswer | null>
}

function prepared(name: string, call: RestCall, services: RestOptions['services'], resolve: Resolve): Prepared {
  const service = services[call.servizio]
  if (service === undefined)
    throw new Error(`Expected ${name} to name a service, but there is no ${call.servizio}. Add it to the platforms.`)
  const secret = call.credenziale?.segreto
  if (secret !== undefined && !Object.hasOwn(service.segreti, secret))
    throw new Error(`Expected ${call.servizio} to have the secret ${secret}, but it has not. Add it to the platforms.`)
  const base = baseOf(call.servizio, service)
  const bodyOf = call.corpo === undefined ? null : mappingIn(`${name}: corpo`, call.corpo)
  const { effetto } = call
  const ask = asker(name, call, base)
  const lookUp = effetto.classe === 'findable' ? asker(`${name}: cerca`, effetto.cerca, base) : null
  const exchangeOf = (rest: Pick<Exchange, 'name' | 'url' | 'method' | 'headers' | 'body'>): Exchange => ({
    ...rest,
    network: service.rete,
    timeoutMs: call.attesaMs,
  })
  return {
    call,
    async make(given, chiave) {
      const values = textOf(given, chiave)
      const body = bodyOf === null ? null : bounded(name, bodyOf(values))
      const headers = headersOf(name, call, service, chiave)(values)
      const exchange = exchangeOf({ name, url: ask.url(values), method: call.metodo, headers, body })
      return ask.read(await connectAndExchange(exchange, resolve))
    },
    async find(given, chiave) {
      if (lookUp === null) throw new Error(`Expected ${name} to be findable, but it says no way to look it up.`)
      const values = textOf(given, chiave)
      const { corpo: _, ...bodiless } = call
      const headers = headersOf(name, bodiless, service, chiave)(values)
      const url = lookUp.url(values)
      return found(async () =>
        lookUp.read(await connectAndExchange(exchangeOf({ name, url, method: 'GET', headers, body: null }), resolve)),
      )
    },
  }
}

/** Nothing there, said by status or by an answer without a reference. */
async function found(look: () => Promise<RestAnswer>): Promise<RestAnswer | null> {
  try {
    const answer = await look()
    return (answer.riferimento ?? null) === null ? null : answer
  } catch (error) {
    if (error instanceof Refused && error.code === '404') return null
    throw error
  }
}

const textOf = (values: RestValues, chiave: string): string => JSON.stringify({ ...values, chiave: plainKey(chiave) })

/** Our key where a slash would divide it. */
const plainKey = (chiave: string): string => chiave.replaceAll('/', '.')

function asker(name: string, request: RestRequest, base: URL) {
  const mapping = mappingIn(`${name}: risposta`, request.risposta)
  return {
    url: urlOf(name, base, request),
    read({ status, text }: { readonly status: number; readonly text: string }): RestAnswer {
      return JSON.parse(mapping(JSON.stringify({ stato: status, corpo: contentOf(name, text) }))) as Record<
        string,
        Json
      >
    },
  }
}

/** JSON, or null where there is none. */
function contentOf(name: string, text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text, (_key, value, { source }: { source?: string }) =>
      typeof value === 'number' && source !== undefined ? JSON.rawJSON(source) : value,
    )
  } catch {
    throw new UnknownOutcome(`${name} answered what is no JSON`)
  }
}
