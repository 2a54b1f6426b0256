/** The preservation service (conservazione a norma, CAD art. 43–44): a practice's documents go in, a receipt of deposit comes back. */
import type { EffectClass } from '../effect.ts'

/** Identifies a documentary unit at the service for ever: the protocol entry it is filed under. */
export interface UnitKey {
  readonly numero: string
  readonly anno: number
  readonly registro: string
}

export interface UnitDocument {
  /** Unique in the unit; ours. */
  readonly id: string
  readonly tipo: string
  readonly nomeFile: string
  /** The format's name at the service: PDF, JSON, XML. */
  readonly formato: string
  readonly contenuto: Uint8Array<ArrayBuffer>
}

export interface Unit {
  readonly chiave: UnitKey
  readonly tipologia: string
  readonly oggetto: string
  /** ISO day. */
  readonly data: string
  /** The file of the proceeding it belongs to, and its class. */
  readonly fascicolo: { readonly identificativo: string; readonly oggetto: string; readonly classifica?: string }
  /** How many years it is to be kept; null for ever. */
  readonly conservazioneAnni: number | null
  readonly principale: UnitDocument
  readonly allegati: readonly UnitDocument[]
}

export interface DepositReceipt {
  readonly esito: 'POSITIVO' | 'WARNING'
  /** The service's name of the deposit. */
  readonly urn: string
  /** The receipt of deposit (rapporto di versamento) as the service wrote it: XML. Null when it comes later. */
  readonly rapporto: string | null
  /** What the receipt says it holds is what was deposited, digest by digest. Null without a receipt. */
  readonly concorda: boolean | null
  /** The service held the same content under this key already. */
  readonly giaVersata: boolean
}

export interface Archive {
  /** Throws `Refused` with the service's code; a key that holds other content is refused as well. */
  deposit(unit: Unit): Promise<DepositReceipt>
}

/** A repeat of the key is answered with an error of its own and the first receipt; equal hashes prove it is ours. */
export const archiveEffects = { deposit: 'keyed' } as const satisfies Record<keyof Archive, EffectClass>

/** What one deposit carries at most. */
export const DEPOSIT_BYTES_MAX = 60 * 1024 * 1024
