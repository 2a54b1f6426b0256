/** Values as FEEL shows them: the result of `string()`, and what warnings and failures quote. */
import type { Dialect } from './dialect.ts'
import { numberText } from './number.ts'
import { dateText, dateTimeText, daysText, monthsText, timeText } from './temporal/text.ts'
import { CalendarDate, DateTime, DaysDuration, Time } from './temporal/values.ts'
import { FunctionValue, isContext, isList, isNumeric, Range, type Temporal, type Value } from './value.ts'

/** Nested strings are quoted. Longer texts are cut: what is shown to a person need not be complete. */
export function shown(value: Value, dialect: Dialect = 'camunda'): string {
  const text = isScalar(value) ? scalarText(value, dialect) : valueText(value, dialect, SHOWN_MAX)
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`
}
const isScalar = (value: Value): value is Scalar => value === null || typeof value === 'boolean' || isNumeric(value)
const SHOWN_MAX = 2_000

/** `pay` is told of each part, in steps. */
export function valueText(
  value: Value,
  dialect: Dialect,
  lengthMax: number,
  pay: (steps: number) => void = () => {},
): string {
  const text = new Text(dialect, lengthMax, pay)
  text.write(value)
  return text.done()
}

class Text {
  readonly #dialect: Dialect
  readonly #lengthMax: number
  readonly #pay: (steps: number) => void
  readonly #parts: string[] = []
  #length = 0

  constructor(dialect: Dialect, lengthMax: number, pay: (steps: number) => void) {
    this.#pay = pay
    this.#dialect = dialect
    this.#lengthMax = lengthMax
  }

  write(value: Value): void {
    if (this.#length > this.#lengthMax) return
    if (typeof value === 'string') {
      // Marking quotes and breaks looks at each character.
      this.#pay(value.length >> 1)
      this.#add(quoted(value, this.#dialect))
    } else if (isList(value)) this.#writeList(value)
    else if (isContext(value)) this.#writeContext(value)
    else if (value instanceof Range) this.#writeRange(value)
    else this.#add(scalarText(value, this.#dialect))
  }
  done(): string {
    return this.#parts.join('')
  }

  #add(part: string): void {
    this.#pay(1 + (part.length >> 6))
    this.#parts.push(part)
    this.#length += part.length
  }
  #writeList(items: readonly Value[]): void {
    this.#add('[')
    let separator = ''
    for (const item of items) {
      if (this.#length > this.#lengthMax) return
      if (separator !== '') this.#add(separator)
      this.write(item)
      separator = ', '
    }
    this.#add(']')
  }
  #writeContext(entries: ReadonlyMap<string, Value>): void {
    let separator = '{'
    for (const [name, value] of entries) {
      if (this.#length > this.#lengthMax) return
      this.#add(`${separator}${keyText(name, this.#dialect)}`)
      this.write(value)
      separator = ', '
    }
    this.#add(entries.size === 0 ? '{}' : '}')
  }
  #writeRange({ start, end, startIncluded, endIncluded, relation }: Range): void {
    this.#add(startIncluded && relation === null ? '[' : '(')
    if (relation !== null) {
      this.#add(relation)
      this.write(start)
      this.#add(')')
      return
    }
    if (start !== null) this.write(start)
    this.#add('..')
    if (end !== null) this.write(end)
    this.#add(endIncluded ? ']' : ')')
  }
}

/** In the standard what is shown can be read again. */
const quoted = (text: string, dialect: Dialect): string =>
  dialect === 'camunda' ? `"${text}"` : `"${text.replace(/["\\]/g, '\\$&')}"`

/** What cannot stand in a name. */
const NO_NAME = /^[\d\s]|[^\p{L}\p{M}\p{N}\p{So}\s_.\-'+*/?]|^$/u

const keyText = (name: string, dialect: Dialect): string => {
  if (dialect === 'camunda') return `${name}:`
  return `${NO_NAME.test(name) ? quoted(name, dialect) : name}: `
}

type Scalar = Exclude<Value, string | readonly Value[] | Range>

function scalarText(value: Scalar, dialect: Dialect): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (isNumeric(value)) return numberText(value)
  if (value instanceof FunctionValue) return `function(${value.parameters.join(', ')})`
  return temporalText(value as Temporal, dialect)
}

export function temporalText(value: Temporal, dialect: Dialect): string {
  if (value instanceof CalendarDate) return dateText(value, dialect === 'camunda' ? 'stored' : 'feel')
  if (value instanceof Time) return timeText(value)
  if (value instanceof DateTime) return dateTimeText(value)
  if (value instanceof DaysDuration) return daysText(value, dialect === 'camunda' ? 'dropped' : 'kept')
  return value.months === 0 && dialect === 'camunda' ? 'P0Y' : monthsText(value)
}
