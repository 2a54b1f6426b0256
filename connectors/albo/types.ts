/** The public notice board on the web (albo pretorio, L. 69/2009 art. 32): an act is posted for a time, and the posting certified. */
import type { EffectClass } from '../effect.ts'
import type { Contents, RegisteredDocument } from '../protocollo/types.ts'

export interface Posting {
  /** Ours, unique for each posting; found again by `find`. */
  readonly riferimento: string
  readonly oggetto: string
  /** Who posts it, as people read it. */
  readonly ufficio: string
  /** First and last day, ISO; from the first minute of one to the end of the other, in Rome. */
  readonly dal: string
  readonly al: string
  readonly documenti: readonly [RegisteredDocument, ...RegisteredDocument[]]
}

/** ATTESA before its first day, DEFISSA after its last: then only the certificate speaks of it. */
export type PostingState = 'ATTESA' | 'AFFISSA' | 'DEFISSA'

export interface Posted extends Posting {
  /** At least seven digits; starts at 1 each year and leaves no gap. */
  readonly numero: string
  readonly anno: number
  /** ISO instant of its entry in the board's register. */
  readonly registrata: string
  readonly stato: PostingState
}

export interface Certificate {
  readonly nome: string
  readonly tipo: string
  readonly contenuto: Uint8Array
}

/** Refuses with the board's own code: PERIODO_ERRATO, IMPRONTA_DIVERSA, PUBBLICAZIONE_SCONOSCIUTA, PUBBLICAZIONE_IN_CORSO, or the status. */
export interface NoticeBoard {
  /** A repeat would be posted twice: look it up first. */
  post(posting: Posting, contents: Contents): Promise<Posted>
  /** All postings with our reference, oldest first. */
  find(riferimento: string): Promise<readonly Posted[]>
  /** The certificate of publication (relata di pubblicazione), once it has been taken down. */
  certificate(anno: number, numero: string): Promise<Certificate>
  /** Where people read it. */
  addressOf(posted: Pick<Posted, 'numero' | 'anno'>): string
}

export const boardEffects = {
  post: 'findable',
  find: 'none',
  certificate: 'none',
} as const satisfies Record<Exclude<keyof NoticeBoard, 'addressOf'>, EffectClass>

/** After a call with unknown outcome the board may still be at work. */
export const BOARD_SETTLE_MS = 30_000
