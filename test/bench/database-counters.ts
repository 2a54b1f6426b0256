/**
 * What PostgreSQL counts: tuples, WAL, fsyncs, scans, and the CPU of its processes.
 * A backend reports what it did at most once a second and, idle, after ten: ask once it has been idle so long.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

export const BACKEND_REPORTS_AFTER_MS = 11_000

export interface DatabaseCounters {
  readonly inserts: number
  readonly updates: number
  readonly deletes: number
  readonly walBytes: number
  readonly fullPageImages: number
  readonly fsyncs: number
  /** Log rows: one for each batch. */
  readonly batches: number
  readonly cpuMs: number
  /** By table of over 1,000 rows. */
  readonly sequentialScans: ReadonlyMap<string, number>
}

/** `postmaster`: its process id, to read its CPU and its children's. */
export async function readCounters(observer: pg.Client, postmaster: number): Promise<DatabaseCounters> {
  const { rows } = await observer.query(`SELECT
    (SELECT wal_bytes::float8 FROM pg_stat_wal) AS "walBytes",
    (SELECT wal_fpi::float8 FROM pg_stat_wal) AS "fullPageImages",
    (SELECT sum(fsyncs)::float8 FROM pg_stat_io WHERE object = 'wal') AS fsyncs,
    sum(n_tup_ins) FILTER (WHERE relname = 'log')::float8 AS batches,
    sum(n_tup_ins)::float8 AS inserts, sum(n_tup_upd)::float8 AS updates, sum(n_tup_del)::float8 AS deletes
    FROM pg_stat_user_tables`)
  const scans = await observer.query<{ name: string; scans: number }>(
    'SELECT relname AS name, seq_scan::float8 AS scans FROM pg_stat_user_tables WHERE n_live_tup > 1000',
  )
  const sequentialScans = new Map(scans.rows.map(({ name, scans }) => [name, scans]))
  return { ...rows[0], cpuMs: cpuMsOf(postmaster), sequentialScans }
}

/** User and system time of a server and its children, ended ones included; 0 where there is no /proc. One tick is 10 ms. */
function cpuMsOf(pid: number): number {
  const tree = statistics().filter((fields) => Number(fields[0]) === pid || Number(fields[2]) === pid)
  const ticks = tree.map(([id, , , ...rest]) => {
    const [user, system, endedUser, endedSystem] = rest.slice(9, 13).map(Number) as [number, number, number, number]
    return user + system + (Number(id) === pid ? endedUser + endedSystem : 0)
  })
  return ticks.reduce((sum, some) => sum + some, 0) * 10
}

/** Of each process: id, state, parent, and what follows them in /proc/<pid>/stat. */
function statistics(): readonly (readonly string[])[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const text = readStat(pid)
        return text === null ? [] : [[pid, ...text.slice(text.lastIndexOf(')') + 2).split(' ')]]
      })
  } catch {
    return []
  }
}
function readStat(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null // ended since
  }
}
