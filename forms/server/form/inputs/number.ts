import type { Value } from '../../../../engine/feel/index.ts'
import {
  compareNumbers,
  decimal,
  isNumeric,
  type Numeric,
  numberText,
  parseNumber,
} from '../../../../engine/feel/number.ts'
import type { Fault } from '../faults.ts'
import type { ComponentOf } from '../schema.ts'
import type { InputKind, Surroundings } from './input.ts'

type NumberField = ComponentOf<'number'>

const DIGITS_MAX = 40
const PLAIN = /^[+-]?\d+(?:[.,]\d+)?$/
/** With points for the thousands, as Italians write; alone, `1.234` may as well mean 1,234. */
const GROUPED = /^[+-]?\d{1,3}(?:\.\d{3})+(,\d+)?$/

/** A number as people in Italy type it. No digit is lost. */
function readNumber(text: string): Numeric | Fault {
  const grouped = GROUPED.exec(text)
  if (grouped && grouped[1] === undefined && !/\.\d{3}\./.test(text)) return { kind: 'ambiguousNumber' }
  if (text.length > DIGITS_MAX || !(grouped || PLAIN.test(text))) return { kind: 'number' }
  const plain = (grouped ? text.replaceAll('.', '') : text).replace(',', '.').replace(/^\+/, '')
  return parseNumber(plain) ?? { kind: 'number' }
}

const numberIn = (value: Value): Numeric | null => {
  if (isNumeric(value)) return value
  return typeof value === 'string' && value.length <= DIGITS_MAX && /^-?\d+(?:\.\d+)?$/.test(value)
    ? parseNumber(value)
    : null
}

const stored = ({ serializeToString }: NumberField, value: Numeric): Value =>
  serializeToString ? numberText(value) : value

function checkNumber(component: NumberField, value: Value, { min, max, increment }: Surroundings): Fault | null {
  const number = numberIn(value)
  if (number === null) return { kind: 'number' }
  const { decimalDigits } = component
  if (decimalDigits !== undefined && decimal(number).decimalPlaces() > decimalDigits) {
    return { kind: 'decimals', limit: decimalDigits }
  }
  if (min !== null && compareNumbers(number, min) < 0) return { kind: 'min', limit: min }
  if (max !== null && compareNumbers(number, max) > 0) return { kind: 'max', limit: max }
  const isStep = increment === null || increment === 0 || decimal(number).modulo(decimal(increment)).isZero()
  return isStep ? null : { kind: 'increment', limit: increment }
}

export const number: InputKind<NumberField> = {
  empty: null,
  missing: { kind: 'required' },
  admit(component, value) {
    const number = numberIn(value)
    return number === null ? null : stored(component, number)
  },
  read(component, typed) {
    const text = (typed.at(-1) ?? '').replace(/\s/g, '')
    if (text === '') return { value: null }
    const read = readNumber(text)
    return isNumeric(read) ? { value: stored(component, read) } : { value: null, fault: read as Fault }
  },
  check: checkNumber,
}
