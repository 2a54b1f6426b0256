/** The types that Zeebe looks at: those of decisions' results and of parameters. Any other name allows everything. */
import { EvaluationFailure } from '../run.ts'
import { shown } from '../text.ts'
import { type Kind, kindOf, type Value } from '../value.ts'

const kinds: Readonly<Record<string, Kind>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  time: 'time',
  date: 'date',
  dateTime: 'date and time',
  dayTimeDuration: 'days and time duration',
  yearMonthDuration: 'years and months duration',
}

/** Throws EvaluationFailure where a value that is not null has another type. */
export function requireType(typeRef: string | null, value: Value): void {
  const name = (typeRef ?? '').replaceAll('feel:', '')
  if (value === null || !Object.hasOwn(kinds, name) || kindOf(value) === kinds[name]) return
  throw new EvaluationFailure(`expected '${name}' but found '${shown(value)}'`)
}
