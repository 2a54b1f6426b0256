/**
 * JSON text ⇄ FEEL values. Numbers keep every digit, entries their order, and any name is a name.
 *
 * Bounds: JSON nests at most DEPTH_MAX levels here, so that no text exhausts the stack.
 */
import type { Dialect } from './dialect.ts'
import { Decimal, numberText, parseNumber } from './number.ts'
import { dateText, dateTimeText, daysText, monthsText, timeText } from './temporal/text.ts'
import { CalendarDate, DateTime, DaysDuration, Time } from './temporal/values.ts'
import { temporalText } from './text.ts'
import { FunctionValue, isContext, isList, isNumeric, Range, type Temporal, type Value } from './value.ts'

const DEPTH_MAX = 1_000

/** What a string does not say as it stands, which is any character but these: escapes, and control characters, which JSON forbids. */
const NOT_PLAIN = /[^ !#-[\]-\uffff]/
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS = { true: true, false: false, null: null } as const

class Reader {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  document(): Value {
    const value = this.#value(0)
    if (this.#at < this.#text.length) this.#unexpected('the end')
    return value
  }

  #value(depth: number): Value {
    if (depth > DEPTH_MAX) throw new Error(`Expected JSON of at most ${DEPTH_MAX} levels, but found more.`)
    this.#skipSpace()
    const value = this.#bare(depth)
    this.#skipSpace()
    return value
  }

  #bare(depth: number): Value {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
    }
    const digits = this.#take(NUMBER)
    if (digits !== '') return parseNumber(digits)
    for (const [word, value] of Object.entries(WORDS)) if (this.#skip(word)) return value
    return this.#unexpected('a JSON value')
  }

  #object(depth: number): Value {
    const entries = new Map<string, Value>()
    this.#at++
    this.#skipSpace()
    if (this.#skip('}')) return entries
    do {
      this.#skipSpace()
      const name = this.#string()
      this.#skipSpace()
      if (!this.#skip(':')) this.#unexpected("':'")
      entries.set(name, this.#value(depth + 1))
    } while (this.#skip(','))
    if (!this.#skip('}')) this.#unexpected("',' or '}'")
    return entries
  }

  #array(depth: number): Value {
    const items: Value[] = []
    this.#at++
    this.#skipSpace()
    if (this.#skip(']')) return items
    do items.push(this.#value(depth + 1))
    while (this.#skip(','))
    if (!this.#skip(']')) this.#unexpected("',' or ']'")
    return items
  }

  #string(): string {
    if (this.#text[this.#at] !== '"') this.#unexpected('a string')
    let end = this.#at
    do {
      end = this.#text.indexOf('"', end + 1)
      if (end < 0) this.#unexpected('a string that ends')
    } while (this.#isEscaped(end))
    const literal = this.#text.slice(this.#at, end + 1)
    this.#at = end + 1
    const plain = literal.slice(1, -1)
    return NOT_PLAIN.test(plain) ? (JSON.parse(literal) as string) : plain
  }
  #isEscaped(at: number): boolean {
    let before = at
    while (this.#text[before - 1] === '\\') before--
    return (at - before) % 2 === 1
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      this.#at++
    }
  }
  #skip(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
  #unexpected(wanted: string): never {
    const found = this.#text.slice(this.#at, this.#at + 10)
    throw new SyntaxError(
      `Expected ${wanted} at character ${this.#at + 1} of the JSON text, but found ${JSON.stringify(found)}.`,
    )
  }
}

/** Throws SyntaxError where the text is not JSON. */
export const fromJson = (text: string): Value => new Reader(text).document()

/** Dates, times and durations become text, as Zeebe stores them; functions and ranges have no JSON and become null, or no entry. */
export function toJson(value: Value, dialect: Dialect = 'camunda'): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (isNumeric(value)) return jsonNumber(value)
  if (isList(value)) return `[${value.map((item) => toJson(item, dialect)).join(',')}]`
  if (isContext(value))
    return `{${[...value]
      .filter(hasJson)
      .map((entry) => entryText(entry, dialect))
      .join(',')}}`
  if (value instanceof FunctionValue || value instanceof Range) return 'null'
  return JSON.stringify(jsonText(value, dialect))
}

const hasJson = ([, value]: readonly [string, Value]): boolean => !(value instanceof FunctionValue)
const entryText = ([name, value]: readonly [string, Value], dialect: Dialect): string =>
  `${JSON.stringify(name)}:${toJson(value, dialect)}`

/** Plain digits up to here, so that people can read them; beyond it an exponent says the same. */
const PLAIN_EXPONENT_MAX = 60

function jsonNumber(value: Parameters<typeof numberText>[0]): string {
  if (!(value instanceof Decimal)) return String(value)
  return Math.abs(value.e) <= PLAIN_EXPONENT_MAX ? numberText(value) : value.toExponential()
}

function jsonText(value: Temporal, dialect: Dialect): string {
  if (dialect === 'standard') return temporalText(value, dialect)
  if (value instanceof CalendarDate) return dateText(value, 'stored')
  if (value instanceof Time) return timeText(value, 'stored')
  if (value instanceof DateTime) return dateTimeText(value, 'stored')
  if (value instanceof DaysDuration) return daysText(value, 'dropped')
  return value.months === 0 ? 'P0Y' : monthsText(value)
}
