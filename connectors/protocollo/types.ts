/** The protocol register (registro di protocollo, DPR 445/2000 art. 53): one port for the many products towns use. */
import type { EffectClass } from '../effect.ts'

export type Direction = 'IN' | 'OUT' | 'INTERNO'

export interface Correspondent {
  readonly nome: string
  readonly codiceFiscale?: string
  readonly email?: string
}

/** A document as the register describes it; its content travels beside it. */
export interface RegisteredDocument {
  readonly nome: string
  /** Media type. */
  readonly tipo: string
  readonly byte: number
  /** SHA-256, base64. */
  readonly impronta: string
}

/** A number of a register. */
export interface ProtocolNumber {
  readonly numero: string
  readonly anno: number
  readonly registro: string
  /** ISO instant. */
  readonly data: string
}

export interface Entry {
  /** Ours, unique for each entry we ask for; found again by `find`. */
  readonly riferimento: string
  readonly verso: Direction
  readonly oggetto: string
  readonly corrispondente: Correspondent
  /** The primary document, then its attachments. */
  readonly documenti: readonly [RegisteredDocument, ...RegisteredDocument[]]
  /** Code of the classification scheme (titolario). */
  readonly classifica?: string
  /** Code of the file (fascicolo) it goes into. */
  readonly fascicolo?: string
  /** The number it had while the register was down; its date is the one terms count from (art. 63 c. 5). */
  readonly emergenza?: ProtocolNumber
}

/** Contents by their digest, for those documents of an entry that are handed over with it. */
export type Contents = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

/** An entry of the register. Nothing of it ever changes but the addition of an annulment. */
export interface Registration extends Entry, ProtocolNumber {
  /** At least seven digits, zero-padded; starts at 1 each year and leaves no gap. */
  readonly numero: string
  readonly annullamento?: Annulment
}
export interface Annulment {
  readonly data: string
  readonly motivo: string
}

export interface FileOpening {
  /** Ours: a file is found again by it. */
  readonly riferimento: string
  readonly classifica: string
  readonly oggetto: string
}
/** A file (fascicolo): what belongs to one proceeding. Once closed it takes nothing more. */
export interface ProtocolFile extends FileOpening {
  readonly codice: string
  readonly anno: number
  /** ISO instants. */
  readonly aperto: string
  readonly chiuso: string | null
  readonly registrazioni: readonly Pick<ProtocolNumber, 'numero' | 'anno'>[]
}

/**
 * Refuses with the register's own code: REGISTRAZIONE_SCONOSCIUTA, REGISTRAZIONE_ANNULLATA, IMPRONTA_DIVERSA, CLASSIFICA_SCONOSCIUTA,
 * FASCICOLO_SCONOSCIUTO, FASCICOLO_CHIUSO, or the HTTP status. A closed register is `Unavailable`: it opens again.
 */
export interface ProtocolRegister {
  /** Registers and resolves with the number. A repeat would take a second number: look it up first. */
  register(entry: Entry, contents: Contents): Promise<Registration>
  /** All entries with our reference, oldest first. */
  find(riferimento: string): Promise<readonly Registration[]>
  /** Marks an entry as annulled; number and data stay. Annulling again changes nothing. */
  annul(anno: number, numero: string, motivo: string): Promise<Registration>
  /** Opens a file. A repeat would open a second one. */
  openFile(opening: FileOpening): Promise<ProtocolFile>
  findFile(riferimento: string): Promise<ProtocolFile | null>
  /** An entry that is in the file already stays where it is. */
  addToFile(codice: string, entry: Pick<ProtocolNumber, 'numero' | 'anno'>): Promise<ProtocolFile>
  closeFile(codice: string): Promise<ProtocolFile>
}

export const protocolEffects = {
  register: 'findable',
  find: 'none',
  annul: 'keyed',
  openFile: 'findable',
  findFile: 'none',
  addToFile: 'keyed',
  closeFile: 'keyed',
} as const satisfies Record<keyof ProtocolRegister, EffectClass>

/**
 * After a call with unknown outcome the register may still be at work. A search earlier than this would miss the entry and a
 * second number would be taken.
 */
export const SETTLE_MS = 30_000
/** What one registration carries at most; a document beyond it is registered by its digest alone. */
export const CONTENT_BYTES_MAX = 48 * 1024 * 1024
