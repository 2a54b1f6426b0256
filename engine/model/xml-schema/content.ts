/**
 * What may follow what among the children of an element: a content model of XML Schema as an automaton of positions (Glushkov's).
 * Schemas are written so that at most one position takes the next child; a step costs the number of positions that may follow.
 */

export interface ElementLeaf {
  readonly kind: 'element'
  readonly name: string
  /** Named by reference: elements that may stand in for it are taken too. */
  readonly isReference: boolean
  readonly type: string
}
export interface WildcardLeaf {
  readonly kind: 'any'
  /** Elements of this namespace are not taken; null: all are. */
  readonly except: string | null
}
export type Leaf = ElementLeaf | WildcardLeaf

export interface Occurrence {
  readonly min: number
  /** Either 1 or Infinity. */
  readonly max: number
}
export type Particle = Occurrence &
  (Leaf | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Particle[] })

interface Fragment {
  readonly isNullable: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
}
const NOTHING: Fragment = { isNullable: true, first: [], last: [] }

export class ContentModel {
  readonly leaves: Leaf[] = []
  readonly #follow: Set<number>[] = []
  readonly #whole: Fragment

  constructor(particle: Particle) {
    this.#whole = this.#repeated(particle)
  }

  /** The positions after `position`; null is the beginning. */
  next(position: number | null): readonly number[] {
    return position === null ? this.#whole.first : [...(this.#follow[position] ?? [])]
  }

  mayEnd(position: number | null): boolean {
    return position === null ? this.#whole.isNullable : this.#whole.last.includes(position)
  }

  get isEmpty(): boolean {
    return this.leaves.length === 0
  }

  #repeated(particle: Particle): Fragment {
    if (particle.max === 1) {
      const once = this.#once(particle)
      return particle.min === 0 ? { ...once, isNullable: true } : once
    }
    const needed = Array.from({ length: Math.max(particle.min, 1) }, () => this.#once(particle))
    const repeated = needed.at(-1) ?? NOTHING
    this.#connect(repeated.last, repeated.first)
    const all = needed.reduce((before, after) => this.#concatenated(before, after), NOTHING)
    return particle.min === 0 ? { ...all, isNullable: true } : all
  }

  #once(particle: Particle): Fragment {
    switch (particle.kind) {
      case 'sequence':
        return particle.parts.reduce((before, part) => this.#concatenated(before, this.#repeated(part)), NOTHING)
      case 'choice':
        return particle.parts
          .map((part) => this.#repeated(part))
          .reduce((one, other) => ({
            isNullable: one.isNullable || other.isNullable,
            first: [...one.first, ...other.first],
            last: [...one.last, ...other.last],
          }))
      case 'element':
      case 'any': {
        const position = this.leaves.push(particle) - 1
        this.#follow.push(new Set())
        return { isNullable: false, first: [position], last: [position] }
      }
    }
  }

  #concatenated(before: Fragment, after: Fragment): Fragment {
    this.#connect(before.last, after.first)
    return {
      isNullable: before.isNullable && after.isNullable,
      first: before.isNullable ? [...before.first, ...after.first] : before.first,
      last: after.isNullable ? [...before.last, ...after.last] : after.last,
    }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) for (const next of to) this.#follow[position]!.add(next)
  }
}
