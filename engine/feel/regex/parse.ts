/**
 * Regular expressions as XPath and Java write them → a tree. The host's own are not used to match: they may take exponential time.
 *
 * Understands: alternatives, groups (capturing, `(?:…)`, look-ahead), quantifiers (greedy, lazy, possessive), classes with ranges,
 * negation and subtraction, `\d \w \s \p{…} \i \c`, anchors, `\b`, back-references. Anything else is no pattern.
 */
export interface Flags {
  /** `.` matches line breaks too. */
  readonly dotAll: boolean
  readonly multiline: boolean
  readonly ignoreCase: boolean
  /** Spaces in the pattern mean nothing. */
  readonly extended: boolean
  /** `$` holds before a line break at the end too, and closing brackets stand for themselves. */
  readonly java: boolean
  /** Beyond ASCII too. */
  readonly foldsAll: boolean
}

export type CharacterTest = (point: number) => boolean

export type Node =
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number; readonly mode: Mode }
  | { readonly kind: 'group'; readonly node: Node; readonly index: number }
  | { readonly kind: 'reference'; readonly index: number }
  | { readonly kind: 'look'; readonly node: Node; readonly negated: boolean }
  | { readonly kind: 'start' | 'end' | 'boundary' | 'inside' }

export type Mode = 'greedy' | 'lazy' | 'possessive'

export class PatternFault extends Error {}

export interface Pattern {
  readonly node: Node
  readonly groups: number
  readonly flags: Flags
}

const DEPTH_MAX = 100
const REPEAT_MAX = 10_000
const LENGTH_MAX = 4_000

/** Throws PatternFault. */
export function parsePattern(source: string, flags: Flags): Pattern {
  if (source.length > LENGTH_MAX) throw new PatternFault(`longer than ${LENGTH_MAX} characters`)
  const parser = new Parser(source, flags)
  const node = parser.choice(0)
  parser.expectEnd()
  return { node, groups: parser.groups, flags }
}

/** Spaces within classes stay. */
const withoutSpaces = (source: string): string =>
  source.replace(/\[(?:[^\]\\]|\\.)*\]|\s+/gs, (part) => (part.startsWith('[') ? part : ''))

class Parser {
  groups = 0
  readonly #points: readonly string[]
  readonly #flags: Flags
  #at = 0

  constructor(source: string, flags: Flags) {
    this.#points = [...(flags.extended ? withoutSpaces(source) : source)]
    this.#flags = flags
  }

  expectEnd(): void {
    if (this.#at < this.#points.length) this.#fail()
  }

  choice(depth: number): Node {
    if (depth > DEPTH_MAX) throw new PatternFault(`nested deeper than ${DEPTH_MAX} levels`)
    const options = [this.#sequence(depth)]
    while (this.#take('|')) options.push(this.#sequence(depth))
    return options.length === 1 ? options[0]! : { kind: 'choice', options }
  }

  #sequence(depth: number): Node {
    const nodes: Node[] = []
    for (;;) {
      const next = this.#peek()
      if (next === '' || next === '|' || next === ')') break
      nodes.push(this.#quantified(this.#atom(depth)))
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes }
  }

  #quantified(node: Node): Node {
    const bounds = this.#bounds()
    if (bounds === null) return node
    const mode: Mode = this.#take('?') ? 'lazy' : this.#take('+') ? 'possessive' : 'greedy'
    return { kind: 'repeat', node, ...bounds, mode }
  }
  #bounds(): { min: number; max: number } | null {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (!this.#take('{')) return null
    const min = this.#digits() ?? this.#fail()
    const max = this.#take(',') ? (this.#digits() ?? Number.POSITIVE_INFINITY) : min
    if (!this.#take('}') || max < min || min > REPEAT_MAX || (max > REPEAT_MAX && max !== Number.POSITIVE_INFINITY))
      this.#fail()
    return { min, max }
  }
  #digits(): number | null {
    let digits = ''
    while (/^\d$/.test(this.#peek()) && digits.length < 6) digits += this.#next()
    return digits === '' ? null : Number(digits)
  }

  #atom(depth: number): Node {
    const next = this.#next()
    switch (next) {
      case '(':
        return this.#group(depth)
      case '[':
        return character(this.#class(depth))
      case '.':
        return character(this.#flags.dotAll ? () => true : (point) => point !== 10 && point !== 13)
      case '^':
        return { kind: 'start' }
      case '$':
        return { kind: 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#fail()
      case '}':
      case ']':
        return this.#flags.java ? character(only(next)) : this.#fail()
      default:
        return character(this.#folded(only(next)))
    }
  }

  #group(depth: number): Node {
    if (this.#flags.java && this.#takeAll('?>')) return this.#atomic(depth)
    const look = this.#takeAll('?=') ? false : this.#takeAll('?!') ? true : null
    const index = look !== null || this.#takeAll('?:') ? null : ++this.groups
    if (index !== null && this.#peek() === '?') this.#fail()
    const node = this.choice(depth + 1)
    if (!this.#take(')')) this.#fail()
    if (look !== null) return { kind: 'look', node, negated: look }
    return index === null ? node : { kind: 'group', node, index }
  }

  /** What it has matched it keeps. */
  #atomic(depth: number): Node {
    const node = this.choice(depth + 1)
    if (!this.#take(')')) this.#fail()
    return { kind: 'repeat', node, min: 1, max: 1, mode: 'possessive' }
  }

  #escape(): Node {
    if (this.#take('b')) return { kind: 'boundary' }
    if (this.#take('B')) return { kind: 'inside' }
    if (/^[1-9]$/.test(this.#peek())) {
      const index = Number(this.#next())
      if (index > this.groups) this.#fail()
      return { kind: 'reference', index }
    }
    return character(this.#folded(this.#escaped()))
  }

  /** After the backslash. */
  #escaped(): CharacterTest {
    const next = this.#next()
    const known = classes[next]
    if (known !== undefined) return known
    if (next === 'p' || next === 'P') return this.#property(next === 'P')
    if (next === 'u') return only(this.#hexadecimal(4))
    if (next === 'x') return only(this.#hexadecimal(2))
    if (next === '' || /^[a-zA-Z0-9]$/.test(next)) return this.#fail()
    return only(next)
  }
  #hexadecimal(length: number): string {
    const digits = this.#points.slice(this.#at, this.#at + length).join('')
    if (digits.length !== length || !/^[\da-fA-F]+$/.test(digits)) this.#fail()
    this.#at += length
    return String.fromCodePoint(Number.parseInt(digits, 16))
  }
  #property(negated: boolean): CharacterTest {
    if (!this.#take('{')) this.#fail()
    let name = ''
    while (this.#peek() !== '}' && this.#peek() !== '') name += this.#next()
    if (!this.#take('}')) this.#fail()
    const block = blocks[name]
    if (block !== undefined) return negated ? (point) => !block(point) : block
    // A single character is matched: that takes constant time.
    const host = hostClass(`\\${negated ? 'P' : 'p'}{${name.replace(/^Is/, 'Script=')}}`) ?? this.#fail()
    return (point) => host.test(String.fromCodePoint(point))
  }

  #class(depth: number): CharacterTest {
    if (depth > DEPTH_MAX) this.#fail()
    const negated = this.#take('^')
    const tests: CharacterTest[] = []
    let without: CharacterTest | null = null
    let common: CharacterTest | null = null
    while (!this.#take(']')) {
      if (this.#flags.java && this.#takeAll('&&')) {
        common = this.#class(depth + 1)
        break
      }
      if (this.#takeAll('-[')) {
        without = this.#class(depth + 1)
        continue
      }
      if (this.#take('[')) {
        tests.push(this.#class(depth + 1))
        continue
      }
      tests.push(this.#folded(this.#range()))
    }
    if (tests.length === 0) this.#fail()
    const among: CharacterTest = (point) => tests.some((test) => test(point)) && (common?.(point) ?? true)
    return remembered((point) => among(point) !== negated && !(without?.(point) ?? false))
  }

  #range(): CharacterTest {
    const from = this.#single()
    if (typeof from !== 'string') return from
    if (this.#peek() !== '-' || this.#points[this.#at + 1] === ']' || this.#points[this.#at + 1] === '[')
      return only(from)
    this.#at++
    const to = this.#single()
    if (typeof to !== 'string') return this.#fail()
    const [low, high] = [from.codePointAt(0)!, to.codePointAt(0)!]
    if (low > high) this.#fail()
    return (point) => point >= low && point <= high
  }
  /** A character, or a class that an escape stands for. */
  #single(): string | CharacterTest {
    const next = this.#next()
    if (next === '') return this.#fail()
    if (next !== '\\') return next
    const plain = controls[this.#peek()] ?? (/^[^a-zA-Z0-9]$/.test(this.#peek()) ? this.#peek() : undefined)
    if (plain === undefined) return this.#escaped()
    this.#at++
    return plain
  }

  #folded(test: CharacterTest): CharacterTest {
    if (!this.#flags.ignoreCase) return test
    return (point) => {
      if (point > 0x7f && !this.#flags.foldsAll) return test(point)
      const text = String.fromCodePoint(point)
      return test(point) || test(text.toLowerCase().codePointAt(0)!) || test(text.toUpperCase().codePointAt(0)!)
    }
  }

  #peek(): string {
    return this.#points[this.#at] ?? ''
  }
  #next(): string {
    return this.#points[this.#at++] ?? ''
  }
  #take(point: string): boolean {
    if (this.#peek() !== point) return false
    this.#at++
    return true
  }
  #takeAll(text: string): boolean {
    if (this.#points.slice(this.#at, this.#at + text.length).join('') !== text) return false
    this.#at += text.length
    return true
  }
  #fail(): never {
    throw new PatternFault(`unexpected '${this.#peek()}' at ${this.#at + 1}`)
  }
}

const character = (test: CharacterTest): Node => ({ kind: 'character', test })
const only = (text: string): CharacterTest => {
  const wanted = text.codePointAt(0)
  return (point) => point === wanted
}

function hostClass(source: string): RegExp | null {
  try {
    return new RegExp(`^${source}$`, 'u')
  } catch {
    return null
  }
}
const hosted = (source: string): CharacterTest => {
  const host = new RegExp(`^${source}$`, 'u')
  return remembered((point) => host.test(String.fromCodePoint(point)))
}
/** Asks once for each character of ASCII: the second answer takes 3 ns instead of 40. */
function remembered(test: CharacterTest): CharacterTest {
  const known: (boolean | undefined)[] = []
  return (point) => {
    if (point > 0x7f) return test(point)
    known[point] ??= test(point)
    return known[point]
  }
}
const not =
  (test: CharacterTest): CharacterTest =>
  (point) =>
    !test(point)

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' }
const digit = hosted('[0-9]')
const space = hosted('[ \\t\\n\\r\\f\\v]')
export const isWord = hosted('[A-Za-z0-9_]')
const initial = hosted('[\\p{L}_:]')
const nameCharacter = hosted('[\\p{L}\\p{N}._:\\-]')

const classes: Readonly<Record<string, CharacterTest>> = {
  ...Object.fromEntries(Object.entries(controls).map(([name, text]) => [name, only(text)])),
  d: digit,
  D: not(digit),
  s: space,
  S: not(space),
  w: isWord,
  W: not(isWord),
  i: initial,
  I: not(initial),
  c: nameCharacter,
  C: not(nameCharacter),
}

const between =
  (low: number, high: number): CharacterTest =>
  (point) =>
    point >= low && point <= high
/** The Unicode blocks and POSIX classes that people write. */
const blocks: Readonly<Record<string, CharacterTest>> = {
  IsBasicLatin: between(0, 0x7f),
  'IsLatin-1Supplement': between(0x80, 0xff),
  IsGreek: between(0x370, 0x3ff),
  IsCyrillic: between(0x400, 0x4ff),
  Alpha: hosted('[A-Za-z]'),
  Digit: digit,
  Alnum: hosted('[A-Za-z0-9]'),
  Upper: hosted('[A-Z]'),
  Lower: hosted('[a-z]'),
  Punct: hosted('[!-\\/:-@\\[-`\\{-~]'),
  Space: space,
}
