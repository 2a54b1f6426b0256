import { spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Cluster, EmbeddedPostgresError, openCluster, SUPERUSER, serverEnvironment } from './embedded-cluster.ts'

/**
 * The lifecycle of the PostgreSQL that Iter brings along.
 *
 * Owns: starting, adopting, watching, restarting and stopping the server process. Does not own: its files (embedded-cluster.ts), any schema.
 * Invariants
 * P3 At most one server works on a data directory: PostgreSQL's own postmaster.pid decides, its shared memory included; it is never removed.
 * P4 The server outlives us: own process group, output to a file. So Ctrl-C reaches the engine alone, and a killed engine finds it again.
 * P5 It is reached by a Unix socket only, in a folder of mode 0700.
 */
export { EmbeddedPostgresError }

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  /** Told what an administrator wants to know: created, adopted, restarted. */
  readonly log?: (message: string) => void
}

export interface EmbeddedPostgres {
  /** Stays valid over restarts. */
  readonly connectionString: string
  /** Of the server that runs now. */
  readonly pid: number
  /** Stops the server, letting open transactions go; resolves when the process has ended. */
  stop(): Promise<void>
}

/** sockaddr_un holds 104 bytes on macOS, 108 on Linux. */
const SOCKET_PATH_BYTES_MAX = 100
const SOCKET_NAME = '.s.PGSQL.5432'
const LOG_BYTES_MAX = 10_000_000
const RETRY_MS = 20
const CONNECT_MS = 30_000
const STOP_MS = 30_000
const RESTART_PAUSE_MS = 1_000
/** So long the processes of a killed server may take to notice that it has gone. */
const REMAINS_MS = 60_000

const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  shared_buffers: '256MB',
  wal_compression: 'pglz',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  autovacuum_naptime: '5s',
  autovacuum_vacuum_cost_delay: '0',
  jit: 'off',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  // A unique violation's detail quotes the values, and a correlation key may be a person's tax code.
  log_error_verbosity: 'terse',
}

interface Running {
  readonly pid: number
  /** The server's name of its socket folder: '.' is the data directory, where it stands. */
  readonly sockets: string
  readonly connection: pg.Client
}

/**
 * Starts the server of `<dataDir>/postgres`, creating it at first, or adopts the one still running there, and keeps it running:
 * a server that ends is started again, and PostgreSQL recovers by itself.
 * Rejects: EmbeddedPostgresError, one sentence; a server of another major, no usable account, no start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {})
  const cluster = await openCluster(resolve(options.dataDir))
  let running = await ensureRunning(cluster, await socketFolder(cluster))
  const { sockets } = running
  let stopping = false

  const supervise = async () => {
    while (!stopping) {
      await ended(running.connection)
      if (stopping) return
      log('PostgreSQL ended; starting it again')
      while (!stopping) {
        try {
          running = await ensureRunning(cluster, sockets)
          break
        } catch (error) {
          log(String(error))
          await delay(RESTART_PAUSE_MS)
        }
      }
    }
  }
  const supervision = supervise()

  return {
    connectionString: `postgresql://${SUPERUSER}@/postgres?host=${encodeURIComponent(reachable(cluster, sockets))}`,
    get pid() {
      return running.pid
    },
    async stop() {
      stopping = true
      await running.connection.end()
      await supervision
      await shutDown(cluster)
      if (sockets !== '.') await rm(sockets, { recursive: true, force: true })
    },
  }
}

async function socketFolder(cluster: Cluster): Promise<string> {
  if (Buffer.byteLength(join(cluster.directory, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX) return '.'
  const folder = await mkdtemp('/tmp/iter-')
  if (cluster.user) chownSync(folder, cluster.user.uid, cluster.user.gid)
  return folder
}

const reachable = (cluster: Cluster, sockets: string) => (sockets === '.' ? cluster.directory : sockets)

/** Tells two directories apart even when one is a copy of the other. */
function identity(cluster: Cluster): string {
  const { dev, ino } = statSync(cluster.directory, { bigint: true })
  return `iter-${dev}-${ino}`
}

/** @param sockets where a server started here shall listen; one that runs already keeps its own. */
async function ensureRunning(cluster: Cluster, sockets: string): Promise<Running> {
  const deadline = performance.now() + REMAINS_MS
  for (;;) {
    const found = recorded(cluster)
    if (found) {
      const connection = await connectWhile(() => recorded(cluster)?.pid === found.pid, cluster, sockets)
      if (connection) return { pid: found.pid, sockets: recorded(cluster)?.sockets ?? sockets, connection }
    }
    const server = launch(cluster, sockets)
    const connection = await connectWhile(server.isRunning, cluster, sockets)
    if (connection) return { pid: server.pid, sockets, connection }
    // Whoever raced us to the same directory has won; what a killed server has left behind goes; anything else is an error.
    if (recorded(cluster)) continue
    const why = server.said()
    if (!HAS_REMAINS.test(why) || performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'START',
        `Expected PostgreSQL to start in ${cluster.directory}, but it ended: ${why}`,
      )
    }
    await delay(RETRY_MS)
  }
}

/** PostgreSQL does not start beside processes that hold the memory of a server before it. */
const HAS_REMAINS = /pre-existing shared memory block/

/** Null when there is none: a server that ends removes it at any moment, so that asking first whether it exists would not help. */
function postmasterFile({ directory }: Cluster): string[] | null {
  try {
    return readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The server named by postmaster.pid, if it lives and (where we can see that) stands in this directory. */
function recorded(cluster: Cluster): { pid: number; sockets: string | null } | null {
  const lines = postmasterFile(cluster)
  if (lines === null) return null
  const pid = Number(lines[0])
  if (!isAlive(pid)) return null
  if (process.platform === 'linux' && !standsIn(pid, cluster.directory)) return null
  return { pid, sockets: lines[4] || null }
}

/**
 * The number of a server that was killed may belong to another program by now, or to its own remains that nobody has reaped; PostgreSQL
 * would take either for a running server. Its parent's number it knows to be stale, and it goes on to check the shared memory.
 */
function disownStale(cluster: Cluster): void {
  const [, ...rest] = postmasterFile(cluster) ?? []
  if (rest.length === 0) return
  writeFileSync(join(cluster.directory, 'postmaster.pid'), [process.pid, ...rest].join('\n'))
  rmSync(join(reachable(cluster, rest[3] || '.'), `${SOCKET_NAME}.lock`), { force: true })
}

function standsIn(pid: number, directory: string): boolean {
  try {
    const [theirs, ours] = [statSync(`/proc/${pid}/cwd`, { bigint: true }), statSync(directory, { bigint: true })]
    return theirs.dev === ours.dev && theirs.ino === ours.ino
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function launch(cluster: Cluster, sockets: string) {
  disownStale(cluster)
  const { log, said } = openLog(cluster)
  const named = { ...settings, unix_socket_directories: sockets, cluster_name: identity(cluster) }
  const options = Object.entries(named).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(cluster.postgres, ['-D', cluster.seenByServer, ...options], {
    cwd: cluster.directory,
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', log, log],
    ...cluster.user,
  })
  closeSync(log)
  server.on('error', () => {})
  server.unref()
  const { pid } = server
  if (!pid) throw new EmbeddedPostgresError('START', `Expected to run ${cluster.postgres}, but the system refused.`)
  return { pid, said, isRunning: () => server.exitCode === null && server.signalCode === null }
}

const logFile = (cluster: Cluster) => `${cluster.directory}.log`

/** `said` is why a server ended that was started with this log. */
function openLog(cluster: Cluster) {
  const file = logFile(cluster)
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`)
  const log = openSync(file, 'a', 0o600)
  const before = fstatSync(log).size
  const said = () => {
    const text = readFileSync(file).subarray(before).toString()
    // What others say in the same log, processes of the server before it among them, is no reason.
    const fatal = text.match(/(FATAL|PANIC): {2}(?!the database system is|terminating connection).*/g)?.at(-1)
    return fatal ?? text.trim().replaceAll('\n', ' ')
  }
  return { log, said }
}

/** Connects as soon as the server answers; null when it ends first. Recovery after a crash may take its time. */
async function connectWhile(isRunning: () => boolean, cluster: Cluster, sockets: string): Promise<pg.Client | null> {
  let deadline = performance.now() + CONNECT_MS
  while (isRunning()) {
    const host = reachable(cluster, recorded(cluster)?.sockets ?? sockets)
    const connection = new pg.Client({
      host,
      user: SUPERUSER,
      database: 'postgres',
      application_name: 'iter supervisor',
    })
    // Its end is what we watch for; the error before it says nothing more.
    connection.on('error', () => {})
    try {
      await connection.connect()
      await assertOurs(connection, cluster)
      return connection
    } catch (error) {
      await connection.end().catch(() => {})
      if (error instanceof EmbeddedPostgresError) throw error
      const startingUp = error instanceof pg.DatabaseError && error.code === '57P03'
      if (startingUp) deadline = performance.now() + CONNECT_MS
      else if (performance.now() > deadline) throw cannotConnect(host, error)
    }
    await delay(RETRY_MS)
  }
  return null
}

const cannotConnect = (host: string, cause: unknown) =>
  new EmbeddedPostgresError(
    'START',
    `Expected PostgreSQL to answer in ${host}, but it does not. Is postmaster.pid there of another program?`,
    { cause },
  )

async function assertOurs(connection: pg.Client, cluster: Cluster): Promise<void> {
  const { rows } = await connection.query<{ cluster_name: string }>('SHOW cluster_name')
  if (rows[0]?.cluster_name === identity(cluster)) return
  const remedy = 'It looks like a copy of a running database: remove postmaster.pid from the copy.'
  throw new EmbeddedPostgresError(
    'START',
    `Expected the server of ${cluster.directory}, but postmaster.pid there names another's. ${remedy}`,
  )
}

const ended = (connection: pg.Client) => new Promise<void>((done) => connection.once('end', () => done()))

/** Fast shutdown first; a server that does not end in time is stopped at once and recovers at its next start. */
async function shutDown(cluster: Cluster): Promise<void> {
  const server = recorded(cluster)
  if (!server) return
  process.kill(server.pid, 'SIGINT')
  const deadline = performance.now() + STOP_MS
  while (recorded(cluster)) {
    if (performance.now() > deadline) return void process.kill(server.pid, 'SIGQUIT')
    await delay(RETRY_MS)
  }
}
