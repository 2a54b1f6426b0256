/**
 * How long a failed job of an element waits before it is offered again, where its worker does not say: the extension property
 * `iter:retryBackoff`, which the Modeler keeps and Zeebe does not look at.
 */
import { parseInterval } from './interval.ts'
import { type BaseElement, extension, type Properties } from './source.ts'

const NAME = 'iter:retryBackoff'
const COUNT_MAX = 20
const DAY_MS = 86_400_000
const LENGTH_MAX_MS = 366 * DAY_MS

/** Milliseconds; null when one is no duration. Days are 24 hours: nobody waits for a worker by the calendar. */
function parse(text: string): readonly number[] | null {
  const texts = text.split(',')
  const lengths = texts.map((one) => {
    const parsed = parseInterval(one.trim())
    return parsed.ok && parsed.interval.months === 0 ? parsed.interval.days * DAY_MS + parsed.interval.ms : 0
  })
  return texts.length <= COUNT_MAX && lengths.every((ms) => ms > 0 && ms <= LENGTH_MAX_MS) ? lengths : null
}

const given = (properties: Properties | undefined): readonly string[] =>
  (properties?.properties ?? []).flatMap(({ name, value = '' }) => (name === NAME ? [value] : []))

/** In the order of failures, the last for all that follow; none when the model gives none. */
export const retryBackoffs = (node: BaseElement): readonly number[] =>
  given(extension(node, 'zeebe:Properties')).flatMap((text) => parse(text) ?? [])

/** What is wrong with it. */
export function retryBackoffFault(properties: Properties): string | null {
  const texts = given(properties)
  if (texts.length > 1) return `Property '${NAME}' may only be given once, but was given ${texts.length} times`
  if (texts.every((text) => parse(text) !== null)) return null
  return `Property '${NAME}' must be up to ${COUNT_MAX} durations of at most a year with commas between, such as 'PT10S, PT1M, PT10M', but was '${texts[0]}'`
}
