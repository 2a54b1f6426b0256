/**
 * What the pages ask the population register, so that nobody is asked what the town knows (once only: CAD art. 50, DPR 445/2000
 * art. 43). Owns: the port and its patience. Does not own: the register, which main.ts puts behind it, nor what a form does with it.
 */

export interface Relative {
  readonly cf: string
  readonly nome: string
  readonly cognome: string
  /** In the words of the forms: CONIUGE, FIGLIO, …; empty when the register does not say. */
  readonly parentela: string
  /** ISO day of birth. */
  readonly nascita?: string
}

/** A person as the register has them today; what it does not say is missing. */
export interface Resident {
  readonly comune: string
  readonly via?: string
  readonly civico?: string
  /** The family of the register without the person. */
  readonly famiglia?: readonly Relative[]
}

/** `reference`: id of the request that needs it, for the register's own log. Null when it does not know the person. */
export type RegisterLookup = (cf: string, reference: string) => Promise<Resident | null>

/** A person waits for a page, not for a register. */
const PATIENCE_MS = 3_000

/** Never rejects and never waits longer: what the register does not say in time, the person is asked. */
export function steadfast(lookup: RegisterLookup | undefined, log: (line: string) => void): RegisterLookup {
  if (lookup === undefined) return async () => null
  return async (cf, reference) => {
    const tooLate = Promise.withResolvers<null>()
    const timer = setTimeout(() => tooLate.resolve(null), PATIENCE_MS)
    try {
      return await Promise.race([lookup(cf, reference), tooLate.promise])
    } catch (error) {
      log(`pages: the population register did not answer: ${error instanceof Error ? error.name : typeof error}`)
      return null
    } finally {
      clearTimeout(timer)
    }
  }
}
