/** Matching by backtracking, each step paid for: what would take exponential time ends with the budget. */
import { EvaluationFailure, type Run } from '../run.ts'
import { isWord, type Mode, type Node, type Pattern } from './parse.ts'

/** Start and end of each group; group 0 is the whole. */
export type Found = readonly (readonly [start: number, end: number] | undefined)[]

type Groups = [start: number, end: number][]
/** What must match afterwards; the end of the match, or null. */
type Next = (at: number) => number | null

/** Nested attempts, i.e. characters that one repetition can give back again. */
const DEPTH_MAX = 600

/** The first match at or after a position; null when there is none. */
export function findMatch(run: Run, pattern: Pattern, text: string, from: number): Found | null {
  const matcher = new Matcher(run, pattern, text)
  for (let at = from; at <= text.length; at += widthAt(text, at)) {
    const found = matcher.at(at)
    if (found !== null) return found
  }
  return null
}

/** A pair of surrogates is one character. */
const widthAt = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)

class Matcher {
  readonly #run: Run
  readonly #pattern: Pattern
  readonly #text: string
  #groups: Groups = []
  #depth = 0

  constructor(run: Run, pattern: Pattern, text: string) {
    this.#run = run
    this.#pattern = pattern
    this.#text = text
  }

  at(start: number): Found | null {
    this.#groups = []
    const end = this.#match(this.#pattern.node, start, (at) => at)
    if (end === null) return null
    this.#groups[0] = [start, end]
    return Array.from({ length: this.#pattern.groups + 1 }, (_none, index) => this.#groups[index])
  }

  #match(node: Node, at: number, next: Next): number | null {
    this.#run.spend(1)
    if (this.#depth >= DEPTH_MAX)
      throw new EvaluationFailure(
        'Expected a regular expression that matches in bounded depth, but this one does not. Simplify it.',
      )
    this.#depth++
    try {
      return this.#dispatch(node, at, next)
    } finally {
      this.#depth--
    }
  }

  #dispatch(node: Node, at: number, next: Next): number | null {
    switch (node.kind) {
      case 'character': {
        const end = this.#one(node, at)
        return end === null ? null : next(end)
      }
      case 'sequence':
        return this.#sequence(node.nodes, 0, at, next)
      case 'choice':
        return this.#choice(node.options, at, next)
      case 'repeat':
        return this.#repeat(node, at, next)
      case 'group':
        return this.#group(node.node, node.index, at, next)
      case 'reference':
        return this.#reference(node.index, at, next)
      case 'look':
        return (this.#match(node.node, at, (end) => end) === null) === node.negated ? next(at) : null
      case 'start':
        return this.#isStart(at) ? next(at) : null
      case 'end':
        return this.#isEnd(at) ? next(at) : null
      case 'boundary':
        return this.#isBoundary(at) ? next(at) : null
      case 'inside':
        return this.#isBoundary(at) ? null : next(at)
    }
  }

  #one({ test }: Extract<Node, { kind: 'character' }>, at: number): number | null {
    const point = this.#text.codePointAt(at)
    return point !== undefined && test(point) ? at + (point > 0xffff ? 2 : 1) : null
  }

  #sequence(nodes: readonly Node[], index: number, at: number, next: Next): number | null {
    const node = nodes[index]
    return node === undefined ? next(at) : this.#match(node, at, (end) => this.#sequence(nodes, index + 1, end, next))
  }

  #choice(options: readonly Node[], at: number, next: Next): number | null {
    for (const option of options) {
      const end = this.#match(option, at, next)
      if (end !== null) return end
    }
    return null
  }

  #repeat(node: Extract<Node, { kind: 'repeat' }>, at: number, next: Next): number | null {
    if (node.node.kind === 'character') return this.#repeatCharacter(node.node, node, at, next)
    if (node.mode === 'possessive') return this.#possessive(node, at, next)
    return this.#repeatFrom(node, 0, at, next)
  }

  /** The common case needs no nesting: the ends lie one behind the other. */
  #repeatCharacter(
    character: Extract<Node, { kind: 'character' }>,
    { min, max, mode }: { readonly min: number; readonly max: number; readonly mode: Mode },
    at: number,
    next: Next,
  ): number | null {
    const ends = [at]
    while (ends.length <= max) {
      if (mode === 'lazy' && ends.length > min) {
        const found = next(ends.at(-1)!)
        if (found !== null) return found
      }
      this.#run.spend(1)
      const end = this.#one(character, ends.at(-1)!)
      if (end === null) break
      ends.push(end)
    }
    if (ends.length <= min) return null
    if (mode === 'possessive') return next(ends.at(-1)!)
    if (mode === 'lazy') return ends.length > max ? next(ends.at(-1)!) : null
    for (let count = ends.length - 1; count >= min; count--) {
      const found = next(ends[count]!)
      if (found !== null) return found
    }
    return null
  }

  #repeatFrom(node: Extract<Node, { kind: 'repeat' }>, count: number, at: number, next: Next): number | null {
    const more = (): number | null =>
      count >= node.max
        ? null
        : this.#match(node.node, at, (end) =>
            end === at && count >= node.min ? null : this.#repeatFrom(node, count + 1, end, next),
          )
    if (count < node.min) return more()
    return node.mode === 'lazy' ? (next(at) ?? more()) : (more() ?? next(at))
  }

  #possessive(node: Extract<Node, { kind: 'repeat' }>, at: number, next: Next): number | null {
    const end = this.#repeatFrom({ ...node, mode: 'greedy' }, 0, at, (last) => last)
    return end === null ? null : next(end)
  }

  #group(node: Node, index: number, at: number, next: Next): number | null {
    const before = this.#groups[index]
    const end = this.#match(node, at, (to) => {
      const inner = this.#groups[index]
      this.#groups[index] = [at, to]
      const found = next(to)
      if (found === null) this.#restore(index, inner)
      return found
    })
    if (end === null) this.#restore(index, before)
    return end
  }
  #restore(index: number, group: [number, number] | undefined): void {
    if (group === undefined) delete this.#groups[index]
    else this.#groups[index] = group
  }

  #reference(index: number, at: number, next: Next): number | null {
    const group = this.#groups[index]
    const wanted = group === undefined ? '' : this.#text.slice(group[0], group[1])
    const found = this.#text.slice(at, at + wanted.length)
    this.#run.spend(wanted.length >> 4)
    const same = this.#pattern.flags.ignoreCase ? found.toLowerCase() === wanted.toLowerCase() : found === wanted
    return same ? next(at + wanted.length) : null
  }

  #isStart(at: number): boolean {
    return at === 0 || (this.#pattern.flags.multiline && this.#text[at - 1] === '\n')
  }
  #isEnd(at: number): boolean {
    return at === this.#text.length || (this.#pattern.flags.multiline && this.#text[at] === '\n')
  }
  #isBoundary(at: number): boolean {
    const isWordAt = (place: number): boolean => isWord(this.#text.codePointAt(place) ?? 0)
    return (at > 0 && isWordAt(at - 1)) !== (at < this.#text.length && isWordAt(at))
  }
}
