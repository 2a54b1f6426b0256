/** Counts what node-postgres sends: one call of `query`, however many statements it carries, is one round trip. */
import pg from 'pg'

const trips = new Map<pg.Client, number>()

/** From here on every connection of this process is counted. */
export function countRoundTrips(): void {
  const { query } = pg.Client.prototype
  const counted = function (this: pg.Client, ...args: readonly unknown[]) {
    trips.set(this, (trips.get(this) ?? 0) + 1)
    return Reflect.apply(query, this, args)
  }
  Object.assign(pg.Client.prototype, { query: counted })
}

export interface RoundTrips {
  readonly write: number
  readonly read: number
}

/** The engine writes on the connection that holds its advisory lock; `observer` is not counted. */
export async function roundTrips(observer: pg.Client): Promise<RoundTrips> {
  const holders = await observer.query<{ pid: number }>(
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted",
  )
  const writers = new Set(holders.rows.map(({ pid }) => pid))
  const sum = (ofWriters: boolean) =>
    [...trips]
      .filter(([client]) => client !== observer && writers.has(processIdOf(client)) === ofWriters)
      .reduce((total, [, count]) => total + count, 0)
  return { write: sum(true), read: sum(false) }
}
const processIdOf = (client: pg.Client): number => (client as pg.Client & { readonly processID: number }).processID
