/**
 * Chance as a sequence of choices, each a whole number of which 0 is the simplest. The same seed gives the same choices; choices that
 * were written down are made again, and where they end all is as simple as can be. A story shrinks by cutting and lowering its choices
 * (shrink.ts): whatever is drawn from chance shrinks, its kind need not know how.
 */

/** Choices that belong together: what they decide goes when they go. Those of one label may take each other's place. */
export interface Span {
  readonly label: string
  readonly from: number
  readonly to: number
}
type Source = (end: number) => number

export class Chance {
  readonly choices: number[] = []
  readonly spans: Span[] = []
  readonly #source: Source

  constructor(source: number | Source) {
    this.#source = typeof source === 'number' ? seeded(source) : source
  }
  /** Makes these choices again. One that is too large for where it comes now is the largest there. */
  static repeating(choices: readonly number[]): Chance {
    let at = 0
    return new Chance((end) => Math.min(choices[at++] ?? 0, end - 1))
  }

  /** A whole number below `end`. */
  below(end: number): number {
    const chosen = this.#source(end)
    this.choices.push(chosen)
    return chosen
  }
  happens(probability: number): boolean {
    return this.below(FINE) >= FINE * (1 - probability)
  }
  /** The simplest stands first. */
  one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!
  }
  /** From `min` to `max` times. Each time is a span that begins with the choice to go on, so that it can be cut out. */
  *times(label: string, { min = 0, max, more = 0.6 }: { min?: number; max: number; more?: number }): Iterable<number> {
    for (let count = 0; ; count++) {
      const from = this.choices.length
      const isFree = count >= min && count < max
      if (isFree ? !this.happens(more) : this.below(1) > 0 || count >= min) return
      yield count
      this.spans.push({ label, from, to: this.choices.length })
    }
  }
}

const FINE = 1_000

function seeded(seed: number): Source {
  let at = seed >>> 0
  const next = () => {
    at = (at + 0x6d2b79f5) | 0
    let t = Math.imul(at ^ (at >>> 15), 1 | at)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return (end) => Math.floor(next() * end)
}
