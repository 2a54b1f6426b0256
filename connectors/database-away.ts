/**
 * Whether an error says no more than that the program's own database is away: killed, restarting, not yet reached. What was asked may be
 * asked again when it may be repeated. Owns the words and codes of PostgreSQL, its driver and the query builder for that.
 */

/** Classes of SQLSTATE (connection lost, shutdown, recovery) and what the system says of a socket. */
const AWAY_CODE = /^(?:08(?!P01)...|57P0[1-3]|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT)$/
/** The driver's own errors have no code, and the query builder keeps no more of some than their text. */
const AWAY_TEXT = new RegExp(
  [
    ...[
      'Connection terminated',
      'Connection ended',
      'not queryable',
      'the database system is',
      'terminating connection',
    ],
    ...['Timeout acquiring a connection', 'connect (?:ECONNREFUSED|ENOENT)', 'read ECONNRESET', 'write EPIPE'],
  ].join('|'),
)

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  // A file that is missing is something else.
  if (code === 'ENOENT') return syscall === 'connect'
  return (code !== undefined && AWAY_CODE.test(code)) || AWAY_TEXT.test(error.message)
}
