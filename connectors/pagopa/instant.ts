/** When something was, as pagoPA writes it: with an offset, or else by the clock in Italy. */

const ZONE = 'Europe/Rome'
const HAS_OFFSET = /(?:Z|[+-]\d\d:?\d\d)$/

/** ISO 8601, UTC. Throws a `RangeError` on what is no instant. */
export function instantOf(text: string): string {
  const instant = HAS_OFFSET.test(text)
    ? Temporal.Instant.from(text)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).toInstant()
  return new Date(instant.epochMilliseconds).toISOString()
}
