/**
 * The national population register (ANPR, D.Lgs. 82/2005 art. 62), read through e-service C001 of the national exchange. Holds of a
 * person what a comparison with a declaration needs, and no more. Changes are not made here: connectors/anagrafe.
 */
import type { EffectClass } from '../effect.ts'

export interface RegisterQuery {
  readonly codiceFiscale: string
  /** What the query is made for: number of protocol or practice, up to 100 characters. ANPR keeps it. */
  readonly riferimento: string
  /** ISO day to which the answer refers; not in the future. */
  readonly data: string
  /** Who needs the answer, as known in this house; no personal data. */
  readonly userId: string
}

export interface RegisteredPerson {
  readonly codiceFiscale: string
  readonly nome: string | null
  readonly cognome: string | null
  /** ISO day. */
  readonly dataNascita: string | null
  /** Null when the person is not resident in Italy. */
  readonly residenza: { readonly comune: string; readonly codiceIstat: string } | null
  /** Registered among Italians abroad (AIRE). */
  readonly isAbroad: boolean
  /** What ANPR itself finds wrong with the person's card: code and its own words. */
  readonly anomalie: readonly string[]
}

export interface NationalRegister {
  /** Null when ANPR knows nobody by that tax code. Throws `Refused` with ANPR's code when it will not answer. */
  find(query: RegisterQuery): Promise<RegisteredPerson | null>
}

export const nationalRegisterEffects = { find: 'none' } as const satisfies Record<keyof NationalRegister, EffectClass>
