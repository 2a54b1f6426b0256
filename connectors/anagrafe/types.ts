/**
 * The town's population register (anagrafe della popolazione residente, DPR 223/1989): what a residence change writes. A port of our
 * own: towns keep the register in their demographic software, which reports each change to ANPR over its own channel (services 1000
 * and 5000, with the certificates of the registry offices). Reading ANPR is connectors/anpr.
 */
import type { EffectClass } from '../effect.ts'

export interface PopulationChange {
  /** Ours; a repeat returns the first answer. */
  readonly riferimento: string
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
  /** Throws `Refused` when a person cannot be in the register. */
  register(change: PopulationChange): Promise<ChangeReceipt>
  /** Takes back a registration from the day it took effect. */
  restore(change: PopulationChange): Promise<ChangeReceipt>
}

export const populationEffects = {
  register: 'keyed',
  restore: 'keyed',
} as const satisfies Record<keyof PopulationRegister, EffectClass>
