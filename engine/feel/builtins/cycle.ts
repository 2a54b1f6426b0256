/** `cycle`: the repetitions of a timer as ISO 8601 writes them. */
import { isNumeric, wholeNumber } from '../number.ts'
import type { Run } from '../run.ts'
import { DaysDuration, MonthsDuration } from '../temporal/values.ts'
import { shown, temporalText } from '../text.ts'
import type { Value } from '../value.ts'
import { type Definition, fn, type Illegal, illegal } from './signature.ts'

const isDuration = (value: Value): value is DaysDuration | MonthsDuration =>
  value instanceof DaysDuration || value instanceof MonthsDuration

function repeated(_run: Run, repetitions: Value, interval: Value): Value | Illegal {
  const count = isNumeric(repetitions) ? wholeNumber(repetitions) : repetitions
  if ((count === null || typeof count === 'number') && isDuration(interval))
    return `R${count ?? ''}/${temporalText(interval, 'camunda')}`
  const found = shown([repetitions, interval])
  return illegal(
    `cycle function expected a repetitions (number) and an interval (duration) parameter, but found '${found}'`,
  )
}

const endless = (_run: Run, interval: Value): Value | Illegal =>
  isDuration(interval)
    ? `R/${temporalText(interval, 'camunda')}`
    : illegal(`cycle function expected an interval (duration) parameter, but found '${shown(interval)}'`)

export const cycleFunctions: readonly Definition[] = [
  fn('cycle(repetitions: any, interval: any)', repeated, 'camunda'),
  fn('cycle(repetitions: any)', endless, 'camunda'),
]
