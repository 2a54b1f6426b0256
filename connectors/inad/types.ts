/**
 * INAD, the index of the digital domiciles of natural persons, professionals without a register and bodies outside the business
 * register (D.Lgs. 82/2005 art. 6-quater), asked through the national exchange.
 */
import type { EffectClass } from '../effect.ts'

export interface DomicileQuery {
  readonly codiceFiscale: string
  /** The proceeding for which the address is needed (practicalReference). */
  readonly riferimento: string
  /** Who needs the answer, as known in this house; no personal data. */
  readonly userId: string
}

export interface DigitalDomiciles {
  /**
   * The address valid now, or null when the person has elected none. Someone who is also a professional may have two: the person's own
   * goes before the one of the profession, which stands for the person as well while no other is elected (art. 6-quater c. 2).
   */
  find(query: DomicileQuery): Promise<string | null>
}

export const digitalDomicilesEffects = { find: 'none' } as const satisfies Record<keyof DigitalDomiciles, EffectClass>
