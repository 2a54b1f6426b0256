/** ISO day in the town. */
export const dayIn = (at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO('Europe/Rome').toPlainDate().toString()
