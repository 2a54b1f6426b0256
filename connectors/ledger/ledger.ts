/**
 * The memory of outside effects: an intention is committed before the call, the outcome after, so that whoever comes next, in
 * this process or after its death, knows what may have been done.
 */

/** What is known of an effect when its caller arrives. */
export type Standing =
  /** Nobody has called yet; the intention is committed now. */
  | { readonly state: 'new' }
  /** Somebody called, `ageMs` ago by the ledger's own clock, and no outcome is known. */
  | { readonly state: 'open'; readonly ageMs: number }
  | { readonly state: 'settled'; readonly outcome: unknown }

export interface Ledger {
  /** Commits the intention unless one stands; resolves with what stood. */
  intend(key: string, operation: string): Promise<Standing>
  /** Commits that the call is made once more: its age starts again. */
  renew(key: string): Promise<void>
  /** Commits the outcome; JSON. */
  settle(key: string, outcome: unknown): Promise<void>
  /** Takes the intention back: the effect has certainly not happened. Also how a person who has verified that allows a repeat. */
  withdraw(key: string): Promise<void>
}
