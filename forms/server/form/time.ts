/** Days and times as people type them and as variables hold them. Where the law counts days, it counts those of Europe/Rome. */

export const TOWN_ZONE = 'Europe/Rome'

const ITALIAN_DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/

export type TimeFormat = 'utc_offset' | 'utc_normalized' | 'no_timezone'

export const todayAt = (now: number): string =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(TOWN_ZONE).toPlainDate().toString()

/** From `gg/mm/aaaa` or `aaaa-mm-gg` to the latter; null when there is no such day. */
export function dateOf(text: string): string | null {
  const italian = ITALIAN_DATE.exec(text)
  const iso = italian ? `${italian[3]}-${italian[2]!.padStart(2, '0')}-${italian[1]!.padStart(2, '0')}` : text
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return null
  try {
    return Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString()
  } catch {
    return null
  }
}

/** A time of that day in the form's format; null when the clock never shows it, as in the hour that summer time skips. */
export function timeOf(text: string, date: string, format: TimeFormat): string | null {
  const stamp = momentOf(date, text, format)
  return stamp?.slice(stamp.indexOf('T') + 1) ?? null
}

export function momentOf(date: string, time: string, format: TimeFormat): string | null {
  if (!TIME.test(time)) return null
  const wall = `${date}T${time}`
  if (format === 'no_timezone') return wall
  try {
    const zoned = Temporal.PlainDateTime.from(wall).toZonedDateTime(TOWN_ZONE, { disambiguation: 'reject' })
    return format === 'utc_offset' ? `${wall}${zoned.offset}` : zoned.toInstant().toString({ smallestUnit: 'minute' })
  } catch {
    return null
  }
}
