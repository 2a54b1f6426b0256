/** What SacER's sandbox keeps of a deposit. */
import type { UnitKey } from './types.ts'

/** One line of the journal: a deposit taken in. */
export interface Deposited {
  readonly chiave: UnitKey
  readonly urn: string
  readonly tipologia: string
  readonly dataVersamento: string
  /** Principal first. */
  readonly componenti: readonly {
    readonly id: string
    readonly tipo: string
    readonly nome: string
    readonly hash: string
    readonly bytes: number
  }[]
}
