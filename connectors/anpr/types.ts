/**
 * The national population register (ANPR), as much of it as the residence change needs. A port of our own: towns reach ANPR
 * through their registry-office software, and the connector to its services comes with the residence procedure's full breadth.
 */
import type { EffectClass } from '../effect.ts'

export interface PersonCheck {
  readonly cf: string
  readonly esito: 'PRESENTE' | 'NON_TROVATO'
}
export interface PopulationChange {
  /** Ours (idOperazioneClient); a repeat returns the first answer. */
  readonly idOperazioneClient: string
  /** Tax codes of who moves. */
  readonly persone: readonly string[]
  /** ISO day from which the change holds. */
  readonly decorrenza: string
}
export interface ChangeReceipt {
  readonly idOperazione: string
  readonly decorrenza: string
  /** ISO instant. */
  readonly data: string
}

export interface PopulationRegister {
  check(persone: readonly string[]): Promise<readonly PersonCheck[]>
  /** Throws `Refused` when a person is not in the register. */
  register(change: PopulationChange): Promise<ChangeReceipt>
  /** Takes back a registration from the day it took effect. */
  restore(change: PopulationChange): Promise<ChangeReceipt>
}

export const populationEffects = {
  check: 'none',
  register: 'keyed',
  restore: 'keyed',
} as const satisfies Record<keyof PopulationRegister, EffectClass>
