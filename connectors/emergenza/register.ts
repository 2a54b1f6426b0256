/**
 * The emergency register (registro di emergenza, DPR 445/2000 art. 63): who may use it and why, its own numbers, and which number
 * each entry got once the protocol was back. Ours, kept in our database: it must be there when nothing else is.
 * Invariants
 * R1 At most one interruption is open.
 * R2 An entry is made only while an authorisation of the open interruption runs (c. 1 and 2).
 * R3 Numbers start at 1 each year and leave no gap, whatever the number of interruptions (c. 4); no ordinary number looks like one.
 * R4 A reference has one entry, and an entry keeps its number, its date and, once it has one, its final number (c. 5).
 */
import type { Entry, ProtocolNumber } from '../protocollo/types.ts'

export const EMERGENCY_REGISTER = 'EMERGENZA'
/** An authorisation runs a day; beyond a day of exceptional trouble, a week at most at a time. */
export const AUTHORISED_HOURS_MAX = 24
export const AUTHORISED_DAYS_MAX = 7

/** Instants are ISO. */
export interface Interruption {
  readonly id: string
  readonly causa: string
  readonly inizio: string
  /** When the protocol was back; null while it is not. */
  readonly ripristino: string | null
}
export interface Authorisation {
  /** A person's id, or who else decides by rule. */
  readonly autorizzatoDa: string
  /** The act of authorisation (estremi del provvedimento). */
  readonly estremi: string
  readonly dal: string
  readonly fino: string
}
export interface EmergencyEntry extends ProtocolNumber {
  readonly interruzione: string
  /** Of the practice it belongs to. */
  readonly pratica: string
  readonly registrazione: Entry
  /** Ids of its documents in the store, primary first. */
  readonly documenti: readonly string[]
  readonly definitivo: ProtocolNumber | null
  /** The interruption's first. */
  readonly prima: boolean
}
export type NewEmergencyEntry = Pick<EmergencyEntry, 'pratica' | 'registrazione' | 'documenti'>

export interface Restored {
  readonly interruzione: Interruption
  /** How many entries on each day (c. 3), by the town's calendar. */
  readonly giornate: readonly { readonly giorno: string; readonly registrazioni: number }[]
}

export interface EmergencyRegister {
  /** Opens an interruption with its authorisation, unless one is open: that one is not touched. */
  open(interruption: Pick<Interruption, 'causa' | 'inizio'>, authorisation: Authorisation): Promise<Interruption>
  /** The open interruption may be used so much longer. Null when none is open. */
  extend(authorisation: Authorisation): Promise<Interruption | null>
  /** Takes the next number at this instant, or finds the one its reference has. Null when nobody has authorised that. */
  enter(entry: NewEmergencyEntry, at: string): Promise<EmergencyEntry | null>
  find(anno: number, numero: string): Promise<EmergencyEntry | null>
  /** What has no final number yet, in order, at most `limit`. */
  pending(interruzione: string, limit: number): Promise<readonly EmergencyEntry[]>
  /** Keeps the final number of an entry. A second one changes nothing. */
  settle(anno: number, numero: string, definitivo: ProtocolNumber): Promise<void>
  /** Ends an interruption in which nothing is pending. Null when something is. Ending again changes nothing. */
  restore(interruzione: string, ripristino: string): Promise<Restored | null>
}

/** `E` and seven digits: an ordinary number has none. */
export const emergencyNumber = (number: number): string => `E${String(number).padStart(7, '0')}`
