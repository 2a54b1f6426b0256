/**
 * A text up to a place, word by word: what came last, and what is still open there. Only for saying what is wrong; the grammar decides.
 *
 * Invariant: linear in the text, whatever it holds.
 */

export interface Token {
  readonly text: string
  readonly at: number
}

/** A bracket, or a word that needs others after it. */
export interface Opened extends Token {
  /** What it still needs, in order. */
  readonly wants: readonly string[]
  /** Whether the entry of a context has its colon. */
  readonly hasColon: boolean
  /** Whether these are the brackets of a function's parameters, after which its body comes. */
  readonly isParameters: boolean
}

export interface Scanned {
  /** Null at the start. */
  readonly last: Token | null
  /** Whether a value has just ended, so that an operator would go on. */
  readonly afterValue: boolean
  /** The innermost last. */
  readonly open: readonly Opened[]
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|`[^`]*`|\d+(?:\.\d+)?|\.\d+|[\p{L}_][\p{L}\p{N}_]*|\.\.|\*\*|[<>!=:]=|&&|\|\||<>|[=-]>|[\s\S]/uy
const SKIPPED = /^(?:\s|\/\/|\/\*)/

const WANTS: Readonly<Record<string, readonly string[]>> = {
  '(': [')'],
  '[': [']'],
  '{': ['}'],
  if: ['then', 'else'],
  for: ['in', 'return'],
  some: ['in', 'satisfies'],
  every: ['in', 'satisfies'],
  between: ['and'],
}
const CLOSING = new Set(Object.values(WANTS).flat())
const isBracket = ({ text }: Token): boolean => '([{'.includes(text)

/** Words after which a value has to come. */
const WORDS = new Set(
  'if then else for in return some every satisfies and or between instance of function not'.split(' '),
)
const ENDS_VALUE = /^(?:[\p{L}_\d"`)\]}?]|\.\d)/u

export const isWord = (text: string): boolean => WORDS.has(text)

/** The token that begins at a place, after white space and comments; null at the end. */
export function tokenAt(source: string, from: number): Token | null {
  for (let at = from; at < source.length; ) {
    TOKEN.lastIndex = at
    const text = TOKEN.exec(source)![0]
    if (!SKIPPED.test(text) || text === '/') return { text, at }
    at += text.length
  }
  return null
}

export function scan(source: string, to: number): Scanned {
  const open: Opened[] = []
  let last: Token | null = null
  let afterValue = false
  for (let token = tokenAt(source, 0); token !== null && token.at < to; token = tokenAt(source, endOf(token))) {
    const closed = CLOSING.has(token.text) ? close(open, token.text) : undefined
    const wants = WANTS[token.text]
    if (wants !== undefined)
      open.push({ ...token, wants, hasColon: false, isParameters: token.text === '(' && last?.text === 'function' })
    else if (token.text === ':' || token.text === ',') markColon(open, token.text === ':')
    afterValue = ENDS_VALUE.test(token.text) && !WORDS.has(token.text) && closed?.isParameters !== true
    last = token
  }
  return { last, afterValue, open }
}
const endOf = ({ text, at }: Token): number => at + text.length

/** Takes a word or bracket for what it completes; the opening that is complete now, if any. */
function close(open: Opened[], text: string): Opened | undefined {
  const at = open.findLastIndex((one) => isBracket(one) || one.wants[0] === text)
  const opened = open[at]
  if (opened?.wants[0] !== text) return undefined
  const further = { ...opened, wants: opened.wants.slice(1) }
  open.splice(at, open.length, ...(further.wants.length > 0 ? [further] : []))
  return further
}

function markColon(open: Opened[], hasColon: boolean): void {
  const at = open.findLastIndex(isBracket)
  if (open[at]?.text === '{') open[at] = { ...open[at], hasColon }
}
