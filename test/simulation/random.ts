/** Chance that repeats itself: the same numbers for the same seed. */
export class Chance {
  #at: number
  constructor(seed: number) {
    this.#at = seed >>> 0
  }
  /** Uniform in [0, 1). */
  next(): number {
    this.#at = (this.#at + 0x6d2b79f5) | 0
    let t = Math.imul(this.#at ^ (this.#at >>> 15), 1 | this.#at)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }
  happens(probability: number): boolean {
    return this.next() < probability
  }
  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!
  }
}
