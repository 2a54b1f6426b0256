/**
 * The memory of outside effects: an intention is committed before the call, the outcome after, so that whoever comes next, in
 * this process or after its death, knows what may have been done.
 */

/** What is known of an effect when its caller arrives. */
export type Standing =
  /** Nobody has called yet; the intention is committed now. */
  | { readonly state: 'new' }
  /** Somebody called for the `attempt`th time, `ageMs` ago by the ledger's own clock, and no outcome is known. */
  | { readonly state: 'open'; readonly ageMs: number; readonly attempt: number }
  | { readonly state: 'settled'; readonly outcome: unknown }

export interface Ledger {
  /** Commits the intention unless one stands; resolves with what stood. */
  intend(key: string, operation: string): Promise<Standing>
  /** Commits that the call is made once more: its age starts again. False when another has done so since `attempt` was read. */
  renew(key: string, attempt: number): Promise<boolean>
  /** Commits the outcome; JSON. */
  settle(key: string, outcome: unknown): Promise<void>
  /**
   * Takes the intention back: the effect has certainly not happened. With `attempt` only that one, so that a late failure does not
   * take back what another means to do; without it, how a person who has verified it allows a repeat.
   */
  withdraw(key: string, attempt?: number): Promise<void>
  /**
   * The next number of a series: decimal digits, higher than any given out before for it, by whichever program. For platforms that
   * want numbers that only grow. It starts from the time in milliseconds, so that it goes on growing when the ledger is restored from
   * a backup; it leaves gaps.
   */
  nextNumber(series: string): Promise<string>
}
