/**
 * Calls to services that speak plain REST and have no connector of their own: each is named and described in the town's configuration.
 * Owns the port and the shape of a description. Does not own which calls a town has (processes/rest-calls.ts).
 */
import type { EffectClass } from '../effect.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** JSON in which a text that starts with `=` is FEEL. */
export type Mapping = Json

/** Which addresses a service may turn out to have. `locale` includes this machine; link-local and metadata addresses are never among them. */
export type Network = 'pubblica' | 'privata' | 'locale'

/** A service as it is reached: nothing outside this origin and path is ever asked. */
export interface RestService {
  /** Of http only inside `privata` and `locale`. */
  readonly url: string
  readonly rete: Network
  /** By the names that calls use. */
  readonly segreti: Readonly<Record<string, string>>
}

export interface RestRequest {
  /** From `/` on; `{…}` is FEEL, its value one segment or part of it. */
  readonly percorso: string
  /** Each value FEEL after `=`, or fixed; null leaves it out. */
  readonly query?: Readonly<Record<string, string>> | undefined
  /** What comes of the answer: FEEL over `stato` (HTTP) and `corpo` (JSON, else null). */
  readonly risposta: Readonly<Record<string, Mapping>>
}

export interface RestCall extends RestRequest {
  readonly servizio: string
  readonly metodo: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly intestazioni?: Readonly<Record<string, string>> | undefined
  /** A secret of the service, sent as a header: `<prefisso><segreto>`. */
  readonly credenziale?:
    | { readonly segreto: string; readonly intestazione: string; readonly prefisso: string }
    | undefined
  readonly corpo?: Mapping | undefined
  /** From the first byte to the last of the answer. */
  readonly attesaMs: number
  readonly effetto: RestEffect
}
export type RestEffect =
  | { readonly classe: 'none' | 'neither' }
  /** By a header that bears our key, or by our key elsewhere in the request. */
  | { readonly classe: 'keyed'; readonly intestazione?: string | undefined }
  | { readonly classe: 'findable'; readonly cerca: RestRequest; readonly assestamentoMs: number }

/** What the answer's mapping made of it. */
export type RestAnswer = Readonly<Record<string, Json>>

/** What FEEL in a call may read; `chiave` is added to it. */
export type RestValues = Readonly<Record<string, unknown>>

export interface RestCalls {
  /** Null when the town has no call of that name. */
  effectOf(name: string): EffectClass | null
  /** How long after a findable call the service may still be at work on it; 0 for the others. */
  settleMs(name: string): number
  /** `chiave` is the same for each attempt. Throws `Refused`, `Unavailable` or `UnknownOutcome`, or an `Error` for a call that cannot be made. */
  call(name: string, values: RestValues, chiave: string): Promise<RestAnswer>
  /** Looks up by our key what a findable call has done. */
  find(name: string, values: RestValues, chiave: string): Promise<RestAnswer | null>
}
