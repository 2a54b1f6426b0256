/** How a value is written for people: numbers and dates as in Italy. */
import { isContext, isList, toJson, type Value } from '../../../engine/feel/index.ts'
import { isNumeric, numberText } from '../../../engine/feel/number.ts'
import { dateText, timeText } from '../../../engine/feel/temporal/text.ts'
import { townTime } from './time.ts'

const ISO_DATE = /^(\d{4})-(\d\d)-(\d\d)$/

export function shown(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'sì' : 'no'
  if (isNumeric(value)) return numberText(value).replace('.', ',')
  if (typeof value === 'string') return shownText(value)
  if (isList(value)) return value.map(shown).join(', ')
  if (isContext(value)) return toJson(value)
  return shownText(JSON.parse(toJson(value)) as string)
}

/** Variables hold dates and instants as ISO text: that is for programs. */
function shownText(text: string): string {
  const date = ISO_DATE.exec(text)
  if (date) return `${date[3]}/${date[2]}/${date[1]}`
  const local = townTime(text)
  return local === null ? text : `${shownText(dateText(local.date))} ${timeText(local.time).slice(0, 5)}`
}
