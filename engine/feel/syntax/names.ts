/**
 * Which words belong to one name. FEEL names may hold spaces and operators (`date and time`, `Full Name`, `a-b`), so that the
 * parser must be told the names that are known.
 *
 * The grammar's own tracker also infers what each name would be; we only need the names, and so parsing stays linear.
 */
import { parser } from '@bpmn-io/lezer-feel'
import { ContextTracker, type InputStream } from '@lezer/lr'
import { SyntaxFailure } from './failure.ts'

/** Longer names are no names: reading one word compares it with the whole name so far. */
const WORDS_MAX = 40
const LENGTH_MAX = 400

interface Lookup {
  has(text: string): boolean
}

/** A set that adds to another one without copying it. */
class Layer implements Lookup {
  readonly #own = new Set<string>()
  readonly #base: Lookup | null
  constructor(base: Lookup | null) {
    this.#base = base
  }
  has(text: string): boolean {
    return this.#own.has(text) || (this.#base?.has(text) ?? false)
  }
  add(text: string): void {
    this.#own.add(text)
  }
  clear(): void {
    this.#own.clear()
  }
}

/** Names in the parser's normal form: words and operators with one space between. */
export class Names {
  readonly keys: Layer
  readonly prefixes: Layer

  constructor(names: Iterable<string>, base: Names | null = null) {
    this.keys = new Layer(base?.keys ?? null)
    this.prefixes = new Layer(base?.prefixes ?? null)
    for (const name of names) this.add(name)
  }

  /** Those of the base stay. */
  clear(): void {
    this.keys.clear()
    this.prefixes.clear()
  }

  add(name: string): void {
    if (name.length > LENGTH_MAX) return
    const normal = normalName(name)
    this.keys.add(normal)
    for (let end = 1; end <= normal.length; end++) this.prefixes.add(normal.slice(0, end))
  }
}

/** Two spellings of a name are the same name when this is the same. */
export const normalName = (name: string): string =>
  /^\w+$/.test(name)
    ? name
    : name
        .replace(/\s*([./\-'+]|\*\*?)\s*/g, ' $1 ')
        .replace(/\s+/g, ' ')
        .trim()

/** What the grammar's tokenizers ask of the tracker. */
class Position {
  readonly names: Names
  readonly tokens: readonly string[]
  constructor(names: Names, tokens: readonly string[]) {
    this.names = names
    this.tokens = tokens
  }
  contextCache(): Names {
    return this.names
  }
}

const idsOf = (...names: readonly string[]): ReadonlySet<number> =>
  new Set(parser.nodeSet.types.filter((type) => names.includes(type.name)).map((type) => type.id))

const WORDS = idsOf('Identifier')
const DECLARED = idsOf('Name')
const USED = idsOf('VariableName', 'PathName')

/** Of the parser: about 20 ms. A step is one rule of the grammar that was applied, or one word of a name that may go on. */
const STEPS = 40_000
const TOO_MUCH = 'Expected an expression that can be read in 40,000 steps, but it takes more. Split it.'

/**
 * Tells the parser which words are names. A name that is declared anywhere in the text is known from there on. It serves one text
 * after the other, because to configure a parser takes a tenth of the time of parsing.
 */
export class NameTracker {
  readonly tracker: ContextTracker<Position>
  readonly #names: Names
  #left = 0

  constructor(known: Names) {
    const names = new Names([], known)
    const between = new Position(names, [])
    this.#names = names
    this.tracker = new ContextTracker<Position>({
      start: between,
      strict: false,
      reduce: (position, term, stack, input) => {
        this.#left -= 1 + position.tokens.length
        if (this.#left < 0) throw new SyntaxFailure(stack.pos, TOO_MUCH)
        if (WORDS.has(term)) return withWord(position, textUpTo(stack.pos, input))
        if (position.tokens.length === 0) return position
        if (DECLARED.has(term) && isDeclared(position.tokens, stack.pos, input)) names.add(position.tokens.join(' '))
        return DECLARED.has(term) || USED.has(term) ? between : position
      },
    })
  }

  /** Before each text. */
  restart(): void {
    this.#left = STEPS
    this.#names.clear()
  }
}

/**
 * The parser tries an argument as the name of one, too: `f(a.b, a.b)` declares nothing. What looks like a calculation or a path is a
 * name only before `:` and `in`.
 */
function isDeclared(tokens: readonly string[], end: number, input: InputStream): boolean {
  if (tokens.length < 2) return false
  return tokens.every((token) => /^[\p{L}\p{N}_]/u.test(token)) || /^(?::|in\b)/.test(textAfter(end, input))
}

/** The next few characters that are no white space. */
function textAfter(end: number, input: InputStream): string {
  let at = end - input.pos
  while (/^\s$/.test(String.fromCharCode(input.peek(at)))) at++
  return String.fromCharCode(input.peek(at), input.peek(at + 1), input.peek(at + 2))
}

function withWord({ names, tokens }: Position, word: string): Position {
  return new Position(names, tokens.length < WORDS_MAX ? [...tokens, word] : [word])
}

/** The word that was just read. */
function textUpTo(end: number, input: InputStream): string {
  let text = ''
  for (let at = 0; input.pos + at < end; at++) text += String.fromCharCode(input.peek(at))
  return text
}
