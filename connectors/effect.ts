/**
 * What a call to a platform may have done. Every connector operation declares how a repeat behaves (`EffectClass`) and reports
 * every failure as one of three classes, so that whoever called can decide without knowing the platform.
 */

/**
 * How an operation behaves when it is called again:
 * `none` it changes nothing outside · `keyed` the platform recognises the repeat by our key · `findable` it would be done twice,
 * but can be looked up by our reference first · `neither` it would be done twice and nothing tells.
 */
export type EffectClass = 'none' | 'keyed' | 'findable' | 'neither'

/** Certainly not done; the same call may succeed later: no connection, rate limit, maintenance. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** Certainly not done, and never will be as asked: the platform answered no. `code` is the platform's own. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Perhaps done: the call left and no answer came back, or one that does not say. */
export class UnknownOutcome extends Error {
  override readonly name = 'UnknownOutcome'
}
