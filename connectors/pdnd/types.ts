/**
 * The national exchange (Piattaforma Digitale Nazionale Dati, D.Lgs. 82/2005 art. 50-ter) through which a body calls the e-services
 * of another: what it knows us by, how each e-service is reached and secured, and the port to call one.
 */
import type { EffectClass, Refused, Unavailable } from '../effect.ts'

/**
 * The ModI patterns an e-service may ask for beyond the voucher:
 * `INTEGRITY_REST_02` the request is signed with the key the exchange knows · `AUDIT_REST_01` evidence of who asks travels with it ·
 * `AUDIT_REST_02` and the voucher carries the digest of that evidence · `DPOP` the voucher is bound to a key of the caller (RFC 9449).
 */
export type Pattern = 'INTEGRITY_REST_02' | 'AUDIT_REST_01' | 'AUDIT_REST_02' | 'DPOP'

/** One e-service to which the body has an agreement and a purpose. */
export interface Eservice {
  /** Its address; operations lie below it. */
  readonly url: string
  /** `aud` of what is signed for it. Not always its address: ANPR's differ. */
  readonly audience: string
  /** The purpose (finalità) declared at the exchange; UUID. */
  readonly purposeId: string
  readonly patterns: readonly Pattern[]
  /** A file with the provider's public keys (JWKS): its answers must then be signed. */
  readonly answerKeysFile?: string
}

export interface PdndSettings {
  /** Address of the authorization server. */
  readonly url: string
  /** `aud` of the client assertion. */
  readonly audience: string
  /** UUID. */
  readonly clientId: string
  /** Names our public key at the exchange; its JWK thumbprint (RFC 7638) when absent, as the exchange computes it. */
  readonly kid?: string
  /** The file of our private key (PKCS#8 PEM): RSA signs RS256, P-256 signs ES256. */
  readonly keyFile: string
  /** What the evidence says beside who asks: the place, and how surely the person was recognised (LoA). */
  readonly evidence: { readonly userLocation: string; readonly LoA: string }
  /** Further e-services that the town's queries name. */
  readonly eservices: Readonly<Record<string, Eservice>>
}

export interface EserviceCall {
  readonly method: 'GET' | 'POST'
  /** Below the e-service's address, from `/` on; already encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Identifies, within the body that asks, who needs the answer. No personal data: it leaves the house. */
  readonly userId: string
  /** Statuses other than 2xx that the caller reads itself. */
  readonly answers?: readonly number[]
}
export interface EserviceAnswer {
  readonly status: number
  readonly text: string
}

export interface Pdnd {
  /**
   * Calls an operation with a voucher and the signatures its patterns ask for. Throws `Unavailable` when no voucher can be had now,
   * `Refused` with the exchange's code when none will be given, `UnknownOutcome` for an answer whose signature does not hold, and
   * what any HTTP exchange throws.
   */
  call(eservice: Eservice, call: EserviceCall): Promise<EserviceAnswer>
  /** A voucher alone, for a platform with an interface of its own. Throws as `call` when none can be had. */
  voucher(purposeId: string): Promise<BearerVoucher>
}
export interface BearerVoucher {
  /** The header's value. */
  readonly authorization: string
  /** The platform did not take it: it is not used again, and this is what became of the call. `what`: who did not, for the message. */
  rejected(what: string): Refused | Unavailable
}

/** One question to an e-service known by its name. */
export interface EserviceQuery extends EserviceCall {
  readonly eservice: string
}
export interface EserviceQueries {
  /** As `call`. Throws an `Error` that says where to describe the e-service when none is known by that name. */
  ask(query: EserviceQuery): Promise<EserviceAnswer>
}

/** Whether an operation changes something is the e-service's affair; those called here only read. */
export const pdndEffects = { call: 'none', voucher: 'none' } as const satisfies Record<keyof Pdnd, EffectClass>
