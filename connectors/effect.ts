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
  /** How long the platform wants to be left alone; null when it did not say. */
  readonly retryInMs: number | null
  constructor(message: string, retryInMs: number | null = null) {
    super(message)
    this.retryInMs = retryInMs
  }
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

/** Perhaps done, and too early for a look-up to say no. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled'
  readonly retryInMs: number
  constructor(operation: string, retryInMs: number) {
    super(`Expected to know whether ${operation} was done, but the platform may still be at work. It is asked again.`)
    this.retryInMs = retryInMs
  }
}

/** Perhaps done, and nothing but a person can tell. */
export class Undecidable extends Error {
  override readonly name = 'Undecidable'
  constructor(operation: string) {
    super(
      `Expected to know whether ${operation} was done, but no answer came. Verify it with the recipient (esito ignoto).`,
    )
  }
}
