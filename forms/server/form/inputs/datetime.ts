import type { Value } from '../../../../engine/feel/index.ts'
import type { Fault } from '../faults.ts'
import type { ComponentOf } from '../schema.ts'
import { dateOf, momentOf, timeOf } from '../time.ts'
import type { InputKind, Reading, Surroundings } from './input.ts'

type DateTimeField = ComponentOf<'datetime'>

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?:Z|[+-]\d\d:\d\d)?$/
const shapes = { date: DATE, time: TIME, datetime: MOMENT }

/** Typed values: the date, the time, or both, date first. */
function readMoment(component: DateTimeField, typed: readonly string[], { today }: Surroundings): Reading {
  const texts = typed.map((text) => text.trim())
  if (texts.every((text) => text === '')) return { value: null }
  const { subtype, timeSerializingFormat: format } = component
  const unreadable = (kind: 'date' | 'time'): Reading => ({ value: null, fault: { kind } })
  if (subtype === 'time') {
    const time = timeOf(texts.at(-1)!, today, format)
    return time === null ? unreadable('time') : { value: time }
  }
  const date = dateOf(texts[0]!)
  if (date === null) return unreadable('date')
  if (subtype === 'date') return { value: date }
  const moment = momentOf(date, texts[1] ?? '', format)
  return moment === null ? unreadable('time') : { value: moment }
}

function checkMoment(component: DateTimeField, value: Value, { today }: Surroundings): Fault | null {
  const text = String(value)
  if (component.disallowPassedDates && component.subtype !== 'time' && text.slice(0, 10) < today)
    return { kind: 'pastDate' }
  if (component.subtype === 'date' || component.timeInterval === undefined) return null
  const minutes = Number(text.slice(text.indexOf(':') + 1).slice(0, 2))
  return minutes % component.timeInterval === 0 ? null : { kind: 'minutes', limit: component.timeInterval }
}

export const datetime: InputKind<DateTimeField> = {
  empty: null,
  missing: { kind: 'required' },
  admit: ({ subtype }, value) => (typeof value === 'string' && shapes[subtype].test(value) ? value : null),
  read: readMoment,
  check: checkMoment,
}
