/**
 * The port to whoever holds the signing keys, shaped after the Cloud Signature Consortium's API: a hash goes in, a signature comes out,
 * the document never leaves. Aruba's ARSS and others come behind the same port.
 */
import type { EffectClass } from '../effect.ts'

export type KeyAlgorithm = 'RSA' | 'ECDSA'

/** A key of a person or of the body, and what stands for it. */
export interface Credential {
  readonly id: string
  readonly algorithm: KeyAlgorithm
  /** DER, the holder's first, then who issued it. */
  readonly certificates: readonly Uint8Array[]
  /** Whether each authorisation needs a code that only the holder receives. */
  readonly otp: boolean
  /** How many hashes one authorisation signs. */
  readonly atOnce: number
}
/** What one authorisation is asked to sign at most, whatever the service allows. */
export const HASHES_MAX = 100

export interface SigningService {
  /** The holder's credential. Refused: `CREDENZIALE_ASSENTE`, `CREDENZIALE_BLOCCATA`, `CERTIFICATO_SCADUTO`. */
  credentialOf(holder: string): Promise<Credential>
  /** A new code is on its way to the holder; the one before is worth nothing. */
  sendOtp(credentialId: string): Promise<void>
  /**
   * Signs, under one authorisation, the SHA-256 of what each signature is of; resolves with what became of each, in their order. Refused
   * as a whole: `OTP_ERRATO`, `CREDENZIALE_BLOCCATA`, `CERTIFICATO_SCADUTO`. Once a code may have been taken, no failure is `Unavailable`:
   * it is an `UnknownOutcome`, and the same code is worth nothing.
   */
  sign(request: SignRequest): Promise<readonly HashOutcome[]>
}
export interface SignRequest {
  readonly credential: Pick<Credential, 'id' | 'algorithm'>
  /** SHA-256, 32 bytes each; as many as the credential signs at once. */
  readonly hashes: readonly Uint8Array[]
  readonly otp?: string
}
/** `code`: why the service did not sign this one, though it signed others. */
export type HashOutcome =
  | { readonly kind: 'signed'; readonly signature: Uint8Array }
  | { readonly kind: 'refused'; readonly code: string }

/**
 * Signing is keyed by what is signed: the same key over the same hash is the same signature, and one that is not in our hands has no
 * effect in law. Sending a code twice cannot be told: the second makes the first worthless, a courtesy.
 */
export const signingEffects = { sign: 'keyed', sendOtp: 'neither' } as const satisfies Record<string, EffectClass>

/** What a service speaks: the CSC's API in its version 1 or 2. */
export const PROTOCOLS = ['csc-v1', 'csc-v2'] as const

/** How a service is reached, what it knows us by, and whom to trust. */
export interface SigningSettings {
  readonly protocollo: (typeof PROTOCOLS)[number]
  readonly url: string
  readonly token: string
  /** By holder, of credentials that no person has to release: the seal's. */
  readonly pins: Readonly<Record<string, string>>
  /** Certificates of trusted authorities, DER in base64. */
  readonly autorita: readonly string[]
}

/** As its client needs it. */
export interface SigningAddress extends Omit<SigningSettings, 'protocollo' | 'autorita'> {
  readonly timeoutMs?: number
}

/** What is found of one signature. */
export interface SignatureReport {
  readonly formato: 'PAdES' | 'CAdES'
  readonly firmatario: string
  readonly emittente: string
  /** When the signer says to have signed, ISO instant; nobody vouches for it. */
  readonly dichiarataIl: string | null
  /** The signed bytes are those that were signed, and the certificate is bound to the signature. */
  readonly integra: boolean
  /** Its certificate leads to a trusted authority and was valid at the instant asked about. Revocation is not asked. */
  readonly attendibile: boolean
  /** Whether it covers all that was there when it was made. */
  readonly copreTutto: boolean
  /** What came after it: nothing, other signatures alone, or more than that. */
  readonly modifiche: 'NESSUNA' | 'SOLO_FIRME' | 'ALTRE'
  readonly esito: 'VALIDA' | 'NON_VALIDA'
  /** Italian; empty when valid. */
  readonly motivi: readonly string[]
}
