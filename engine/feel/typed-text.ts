/** Scalar values as text with the name of their type, for those who exchange more than JSON can say. */
import { parseNumber } from './number.ts'
import { readDate, readDateTime, readDuration, readTime } from './temporal/parse.ts'
import { valueText } from './text.ts'
import { type Kind, kindOf, type Value } from './value.ts'

export interface TypedText {
  readonly type: Kind
  readonly value: string
}

const readers: Readonly<Record<string, (text: string) => Value>> = {
  number: parseNumber,
  date: readDate,
  time: (text) => readTime(text, 'standard'),
  'date and time': (text) => readDateTime(text, 'standard'),
  'days and time duration': readDuration,
  'years and months duration': readDuration,
}

/** A type without a text of its own is null. */
export const valueFromText = (type: string, text: string): Value =>
  Object.hasOwn(readers, type) ? readers[type]!(text) : null

const LENGTH_MAX = 100_000

export const valueToText = (value: Exclude<Value, null | boolean | string>): TypedText => ({
  type: kindOf(value),
  value: valueText(value, 'standard', LENGTH_MAX),
})
