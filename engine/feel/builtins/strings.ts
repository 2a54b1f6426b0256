/** Texts. The standard counts characters, Zeebe UTF-16 units. */
import { type Numeric, wholeNumber } from '../number.ts'
import { RaisedFailure, type Run } from '../run.ts'
import type { Value } from '../value.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { patternFunctions } from './patterns.ts'
import { type Definition, fn, type Illegal, illegal } from './signature.ts'
import { uuid } from './uuid.ts'

const UUID_COST = 20

const charactersOf = (run: Run, text: string): readonly string[] => {
  run.spend(text.length >> 4)
  return [...text]
}

function substring(run: Run, text: string, start: Numeric, length: Numeric | null = null): Value {
  const at = wholeNumber(start) ?? 0
  const count = length === null ? null : (wholeNumber(length) ?? 0)
  if (run.dialect === 'camunda') return units(text, at, count)
  const characters = charactersOf(run, text)
  const from = at > 0 ? at - 1 : characters.length + at
  if (at === 0 || from < 0 || from >= characters.length || (count !== null && count < 1)) return null
  return characters.slice(from, count === null ? undefined : from + count).join('')
}

/** A position outside the text ends the evaluation with Java's words. */
function units(text: string, at: number, count: number | null): string {
  const from = at > 0 ? at - 1 : text.length + at
  const to = count === null ? text.length : Math.min(from + count, text.length)
  if (from >= 0 && from <= to) return text.slice(from, to)
  throw new RaisedFailure(
    `java.lang.StringIndexOutOfBoundsException: Range [${from}, ${to}) out of bounds for length ${text.length}`,
  )
}

/** Where the match begins; in the worst case each place is compared with all of it. */
function placeOf(run: Run, text: string, match: string): number {
  run.spend(Math.floor((text.length * match.length) / COMPARISONS_PER_STEP))
  return text.indexOf(match)
}
const COMPARISONS_PER_STEP = 128

function before(run: Run, text: string, match: string): string {
  const at = placeOf(run, text, match)
  return run.text(at > 0 ? text.slice(0, at) : '')
}
function after(run: Run, text: string, match: string): string {
  const at = placeOf(run, text, match)
  return run.text(at >= 0 ? text.slice(at + match.length) : '')
}

function decoded(run: Run, value: string): Value | Illegal {
  run.spend(value.length >> 1)
  const text = fromBase64(value)
  return text === null ? illegal(`Invalid Base64 value '${value}'`) : run.text(text)
}

const length = (run: Run, text: string): number =>
  run.dialect === 'camunda' ? text.length : charactersOf(run, text).length

/** Java's: a no-break space is no blank, and what is trimmed is all up to the space. */
const isBlank = (text: string): boolean =>
  /^[\t-\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/.test(text)

function trimmed(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && text[from]! <= ' ') from++
  while (to > from && text[to - 1]! <= ' ') to--
  return text.slice(from, to)
}

export const stringFunctions: readonly Definition[] = [
  fn('substring(string: string, start position: number)', substring),
  fn('substring(string: string, start position: number, length: number)', substring),
  fn('string length(string: string)', length),
  fn('upper case(string: string)', (run, text) => run.text(text.toUpperCase())),
  fn('lower case(string: string)', (run, text) => run.text(text.toLowerCase())),
  fn('substring before(string: string, match: string)', before),
  fn('substring after(string: string, match: string)', after),
  fn('contains(string: string, match: string)', (run, text, match) => placeOf(run, text, match) >= 0),
  fn('starts with(string: string, match: string)', (_run, text, match) => text.startsWith(match)),
  fn('ends with(string: string, match: string)', (_run, text, match) => text.endsWith(match)),
  fn('trim(string: string)', (run, text) => run.text(trimmed(text))),
  fn('is blank(string: string)', (_run, text) => isBlank(text)),
  fn('to base64(value: string)', (run, value) => {
    run.spend(value.length >> 2)
    return run.text(toBase64(value))
  }),
  fn('from base64(value: string)', decoded, 'standard'),
  fn('uuid()', (run) => {
    run.spend(UUID_COST)
    return uuid(() => run.evaluation.random())
  }),
  ...patternFunctions,
]
