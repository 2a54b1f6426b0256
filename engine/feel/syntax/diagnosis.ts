/** What is wrong where a text stops being FEEL, in the words of whoever wrote it: expected, found, and what FEEL writes instead. */
import { isWord, type Opened, type Scanned, scan, type Token, tokenAt } from './scan.ts'

/** Both count from 1; columns are UTF-16 units, as editors count. */
export function placeIn(source: string, at: number): string {
  const lines = source.slice(0, at).split('\n')
  return `${lines.length}:${lines.at(-1)!.length + 1}`
}

export function diagnose(source: string, at: number): string {
  const before = scan(source, at)
  const found = tokenAt(source, at)
  if (found === null) return atEnd(source, before)
  if (found.text === '"') return `Expected the text at ${placeIn(source, found.at)} to end with '"', but it does not.`
  if (found.text === '`')
    return `Expected the name at ${placeIn(source, found.at)} to end with a back-quote, but it does not.`
  if (source.startsWith('/*', found.at))
    return `Expected the comment at ${placeIn(source, found.at)} to end with '*/', but it does not.`
  const advice = adviceFor(source, found, before)
  return `Expected ${wanted(source, before)}, but found '${shortened(found.text)}'.${advice === '' ? '' : ` ${advice}`}`
}

function atEnd(source: string, before: Scanned): string {
  const { last, afterValue, open } = before
  if (last === null) return 'Expected an expression, but found nothing.'
  const innermost = open.at(-1)
  if (!afterValue) return `Expected ${valueAfter(last)}, but the expression ends.`
  return innermost === undefined
    ? 'Expected more, but the expression ends.'
    : `Expected ${wantedBy(source, innermost)}, but the expression ends.`
}

function wanted(source: string, { last, afterValue, open }: Scanned): string {
  const innermost = open.at(-1)
  if (innermost?.text === '{' && !innermost.hasColon) return "a name and ':'"
  if (!afterValue) return last === null ? 'an expression' : valueAfter(last)
  if (innermost !== undefined) {
    const separator = '[({'.includes(innermost.text) ? "an operator, ','" : 'an operator'
    return `${separator} or ${wantedBy(source, innermost)}`
  }
  return 'an operator or the end'
}

const wantedBy = (source: string, { wants, text, at }: Opened): string =>
  `'${wants[0]}' for the '${text}' at ${placeIn(source, at)}`

function valueAfter({ text }: Token): string {
  if (text === '.') return "a name after '.'"
  if (text === 'of') return "a type after 'instance of'"
  if (text === '@') return "a date, time or duration in double quotes after '@'"
  return `a value after '${shortened(text)}'`
}

const LENGTH_MAX = 30
const shortened = (text: string): string => (text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text)

interface Habit {
  readonly found: RegExp
  /** How the text before must end. */
  readonly after?: RegExp
  readonly advice: string
}

/** What is written so elsewhere. */
const habits: readonly Habit[] = [
  { found: /^==/, advice: "Two values are compared with a single '='." },
  { found: /^<>/, advice: "'Is not equal' is '!='." },
  { found: /^!/, advice: "'Is not equal' is '!=', 'not' is not(…)." },
  { found: /^&&/, advice: "Write 'and'." },
  { found: /^\|\|/, advice: "Write 'or'." },
  { found: /^&/, advice: "Texts are joined with '+'." },
  { found: /^[=-]>/, advice: 'A function is written function(x) x + 1.' },
  { found: /^:=/, advice: 'An expression gives a value; nothing can be assigned.' },
  { found: /^\?/, advice: 'A choice is written if … then … else ….' },
  { found: /^;/, advice: "There is no ';'." },
  { found: /^%/, advice: '22 % is written 0.22 or 22 / 100; a remainder is modulo(a, b).' },
  { found: /^['‘’]/, advice: 'Texts stand in double quotes: "…".' },
  { found: /^[“”„«»]/, advice: 'Texts stand in straight double quotes: "…".' },
  { found: /^[€$£]/, advice: 'An amount is a number without its currency.' },
  { found: /^\d/, after: /[€$£]\s*$/, advice: 'An amount is a number without its currency.' },
  { found: /^[<>]/, after: /^\s*$/, advice: "A test without a value stands in cells and after 'in'." },
  { found: /^,\d/, after: /\d$/, advice: 'The decimal sign is a point: 1.5.' },
  { found: /^\.\./, after: /\w\s*\[[^[\]]*$/, advice: 'A part of a list is sublist(list, start, length).' },
  { found: /^\d+[eE]/, advice: 'Write the number without an exponent.' },
  { found: /^</, after: /\binstance\s+of\s+\w+\s*$/, advice: 'A type has no parameters in this dialect.' },
  {
    found: /^\(/,
    after: /[)\]}`\w]\s*$/,
    advice: 'Only a function with a name of its own can be called in this dialect.',
  },
  { found: /^\S/, after: /\bis\s*$/, advice: "Two values are compared with '='." },
]

/** Longer beginnings are not looked at. */
const BEFORE_MAX = 200

const isCapital = (text: string): boolean => !isWord(text) && isWord(text.toLowerCase())
const isName = (token: Token | null): boolean =>
  token !== null && /^(?!(?:true|false|null)$)[\p{L}_]/u.test(token.text) && !isWord(token.text)

function adviceFor(source: string, found: Token, { last, afterValue, open }: Scanned): string {
  const [before, rest] = [
    source.slice(Math.max(0, found.at - BEFORE_MAX), found.at),
    source.slice(found.at, found.at + BEFORE_MAX),
  ]
  const habit = habits.find(({ found, after }) => found.test(rest) && (after === undefined || after.test(before)))
  if (habit !== undefined) return habit.advice
  const capital = [found, last].find((token) => token !== null && isCapital(token.text))
  if (capital !== undefined) return `Write '${capital!.text.toLowerCase()}', in small letters.`
  if (afterValue && isName(found) && isName(last))
    return `A name of several words stands in back-quotes: \`${last!.text} ${found.text}\`.`
  return open.length === 0 && /[)\]}]/.test(found.text) ? 'No bracket is open for it.' : ''
}
