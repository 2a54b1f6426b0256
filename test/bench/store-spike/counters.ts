import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

export interface Counters {
  readonly clientMs: number
  readonly serverMs: number
  readonly walBytes: number
  readonly fullPageImages: number
  readonly fsyncs: number
  readonly tuples: number
  readonly hotUpdates: number
  readonly elapsedMs: number
}

/** CPU of the server and all its children, ended ones included. One tick is 10 ms. */
function serverCpuMs(pid: number): number {
  let ticks = 0
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const fields = stat(entry)
    if (fields === null || Number(fields[2]) !== pid) continue
    ticks += Number(fields[11]) + Number(fields[12])
    if (Number(entry) === pid) ticks += Number(fields[13]) + Number(fields[14])
  }
  return ticks * 10
}
function stat(pid: string): readonly string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  } catch {
    return null // ended since
  }
}

export async function read(observer: pg.Client, pid: number): Promise<Counters> {
  const { rows } = await observer.query(`SELECT
    (SELECT wal_bytes::float8 FROM pg_stat_wal) AS wal, (SELECT wal_fpi::float8 FROM pg_stat_wal) AS fpi,
    (SELECT sum(fsyncs)::float8 FROM pg_stat_io WHERE object = 'wal') AS fsyncs,
    (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 FROM pg_stat_user_tables) AS tuples,
    (SELECT sum(n_tup_hot_upd)::float8 FROM pg_stat_user_tables) AS hot`)
  const { user, system } = process.cpuUsage()
  const row = rows[0]
  return {
    clientMs: (user + system) / 1_000,
    serverMs: serverCpuMs(pid),
    walBytes: row.wal,
    fullPageImages: row.fpi,
    fsyncs: row.fsyncs,
    tuples: row.tuples,
    hotUpdates: row.hot,
    elapsedMs: performance.now(),
  }
}

export const difference = (after: Counters, before: Counters): Counters => ({
  clientMs: after.clientMs - before.clientMs,
  serverMs: after.serverMs - before.serverMs,
  walBytes: after.walBytes - before.walBytes,
  fullPageImages: after.fullPageImages - before.fullPageImages,
  fsyncs: after.fsyncs - before.fsyncs,
  tuples: after.tuples - before.tuples,
  hotUpdates: after.hotUpdates - before.hotUpdates,
  elapsedMs: after.elapsedMs - before.elapsedMs,
})
