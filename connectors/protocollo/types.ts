/** The protocol register (registro di protocollo, DPR 445/2000 art. 53): one port for the many products towns use. */
import type { EffectClass } from '../effect.ts'

export type Direction = 'IN' | 'OUT' | 'INTERNO'

export interface Correspondent {
  readonly nome: string
  readonly codiceFiscale?: string
  readonly email?: string
}

export interface Entry {
  /** Ours, unique for each entry we ask for; found again by `find`. */
  readonly riferimento: string
  readonly verso: Direction
  readonly oggetto: string
  readonly corrispondente: Correspondent
  /** SHA-256 of the registered document, base64. */
  readonly impronta: string
}

/** An entry of the register. Nothing of it ever changes but the addition of an annulment. */
export interface Registration extends Entry {
  /** At least seven digits, zero-padded; starts at 1 each year and leaves no gap. */
  readonly numero: string
  readonly anno: number
  readonly registro: string
  /** ISO instant. */
  readonly data: string
  readonly annullamento?: { readonly data: string; readonly motivo: string }
}

export interface ProtocolRegister {
  /** Registers and resolves with the number. A repeat would take a second number: use `registerOnce`. */
  register(entry: Entry): Promise<Registration>
  /** All entries with our reference, oldest first. */
  find(riferimento: string): Promise<readonly Registration[]>
  /** The entry with this reference if there is one, else a new one. */
  registerOnce(entry: Entry): Promise<Registration>
  /** Marks an entry as annulled; number and data stay. Annulling again changes nothing. */
  annul(anno: number, numero: string, motivo: string): Promise<Registration>
}

export const protocolEffects = {
  register: 'findable',
  find: 'none',
  annul: 'keyed',
} as const satisfies Partial<Record<keyof ProtocolRegister, EffectClass>>

/**
 * After a call with unknown outcome the register may still be at work. A search earlier than this would miss the entry and a
 * second number would be taken.
 */
export const SETTLE_MS = 30_000
