/** `"[1..3]"` → the range. Its ends are literals; no expression is evaluated in a text. */
import { order } from '../compare.ts'
import { parseNumber } from '../number.ts'
import { readDate, readDateTime, readDuration, readLiteral, readTime } from '../temporal/parse.ts'
import { Range, type Value } from '../value.ts'

const RANGE = /^\s*([[\](])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])[])\s*$/s
const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)$/
const QUOTED = /^"([^"\\]*)"$/
const AT = /^@"([^"\\]*)"$/
const CONSTRUCTED = /^(date and time|date|time|duration)\(\s*"([^"\\]*)"\s*\)$/

const constructors: Readonly<Record<string, (text: string) => Value>> = {
  'date and time': (text) => readDateTime(text, 'standard'),
  date: readDate,
  time: (text) => readTime(text, 'standard'),
  duration: readDuration,
}

/** Null when the text is no range, or its ends do not go together. */
export function readRange(text: string): Range | null {
  const [, open, from = '', to = '', close] = RANGE.exec(text) ?? []
  if (open === undefined) return null
  const [start, end] = [endOf(from), endOf(to)]
  if (start === undefined || end === undefined || (start === null && end === null)) return null
  if (start !== null && end !== null && (order(start, end) ?? 1) > 0) return null
  return new Range(start, end, open === '[' && start !== null, close === ']' && end !== null)
}

/** `null` leaves that side open; undefined for what is no literal. */
function endOf(text: string): Value | undefined {
  if (text === 'null') return null
  if (NUMBER.test(text)) return parseNumber(text)
  const quoted = QUOTED.exec(text)?.[1]
  if (quoted !== undefined) return quoted
  const at = AT.exec(text)?.[1]
  if (at !== undefined) return readLiteral(at, 'standard') ?? undefined
  const [, name, literal] = CONSTRUCTED.exec(text) ?? []
  return name === undefined ? undefined : (constructors[name]!(literal ?? '') ?? undefined)
}
