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
export const signingEffects = {
  credentialOf: 'none',
  sendOtp: 'neither',
  sign: 'keyed',
} as const satisfies Record<keyof SigningService, EffectClass>

/** Who says when a signature was there, whoever keeps the keys (RFC 3161). */
export interface TimestampAuthority {
  /**
   * A token (DER) over the SHA-256 of the data, checked: its imprint, our nonce, a signature for nothing but time stamps. A repeat uses up
   * one more of those the body has bought, and changes nothing else. Refused: `MARCA_RIFIUTATA`, `MARCA_NON_VALIDA`.
   */
  stamp(data: Uint8Array): Promise<Uint8Array>
}
export interface TimestampSettings {
  readonly url: string
  /** For HTTP Basic, where the authority asks who calls. */
  readonly utente?: string
  readonly password?: string
}

/** The versions of the CSC's API. */
export const CSC_PROTOCOLS = ['csc-v1', 'csc-v2'] as const

export interface CscSettings {
  readonly protocollo: (typeof CSC_PROTOCOLS)[number]
  readonly url: string
  readonly token: string
  /** By holder, of credentials that no person has to release: the seal's. */
  readonly pins: Readonly<Record<string, string>>
}
export interface ArssSettings {
  readonly protocollo: 'arss'
  readonly url: string
  /** Of the contract (`typeOtpAuth`). */
  readonly dominio: string
  /** By holder: accounts whose owner receives a code. */
  readonly utenze: Readonly<Record<string, { readonly utente: string; readonly password: string }>>
  /** By holder: accounts that a delegate signs for, without a person (automatic signature): the seal's. */
  readonly delegati: Readonly<Record<string, Delegate>>
}
export interface Delegate {
  /** The account that signs. */
  readonly titolare: string
  readonly utente: string
  readonly password: string
  /** What stands in place of a person's code. */
  readonly codice: string
}
/** What a service speaks, and what it knows us by. */
export type ServiceSettings = CscSettings | ArssSettings

/** How a service is reached, and whom to trust. */
export type SigningSettings = ServiceSettings & {
  /** Certificates of trusted authorities, DER in base64. */
  readonly autorita: readonly string[]
  /** Without it signatures are of level B. */
  readonly marca?: TimestampSettings
}

/** As its client needs it. */
export type CscAddress = Omit<CscSettings, 'protocollo'> & { readonly timeoutMs?: number }

/** What is found of the time stamp of a signature. */
export interface TimestampReport {
  /** ISO instant at which the signature was there; null where it cannot be read. */
  readonly istante: string | null
  readonly autorita: string
  readonly valida: boolean
  /** Italian; empty when valid. */
  readonly motivi: readonly string[]
}

/** What is found of one signature. */
export interface SignatureReport {
  readonly formato: 'PAdES' | 'CAdES'
  readonly firmatario: string
  readonly emittente: string
  /** When the signer says to have signed, ISO instant; nobody vouches for it. */
  readonly dichiarataIl: string | null
  /** Who vouches for when it was there. Null without. */
  readonly marca: TimestampReport | null
  /** The signed bytes are those that were signed, and the certificate is bound to the signature. */
  readonly integra: boolean
  /** Its certificate leads to a trusted authority and was valid when it was stamped, else at the instant asked about. Revocation is not asked. */
  readonly attendibile: boolean
  /** Whether it covers all that was there when it was made. */
  readonly copreTutto: boolean
  /** What came after it: nothing, other signatures alone, or more than that. */
  readonly modifiche: 'NESSUNA' | 'SOLO_FIRME' | 'ALTRE'
  readonly esito: 'VALIDA' | 'NON_VALIDA'
  /** Italian; empty when valid. */
  readonly motivi: readonly string[]
}
