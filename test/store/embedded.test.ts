import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { EmbeddedPostgresError, startEmbeddedPostgres } from '../../engine/store/embedded.ts'

const home = await mkdtemp('/tmp/iter-test-')
after(() => rm(home, { recursive: true }))

async function query<Row extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !holds(); tries++) await delay(10)
  assert.ok(holds(), `still not so after 10 s: ${holds}`)
}

/** What a program that was killed without warning leaves behind. */
async function abandon(dataDir: string): Promise<{ readonly pid: number; readonly connectionString: string }> {
  const program = spawn(process.execPath, [join(import.meta.dirname, 'hold-database.ts'), dataDir])
  const [line] = await program.stdout.take(1).toArray()
  program.kill('SIGKILL')
  return JSON.parse(String(line))
}

test('first start creates a durable UTF-8 database with checksums, reached by a private Unix socket only', async () => {
  const dataDir = join(home, 'first')
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    const settings = await query<{ name: string; setting: string }>(
      server.connectionString,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums',
       'server_encoding', 'listen_addresses', 'unix_socket_permissions')`,
    )
    assert.deepEqual(Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), {
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      data_checksums: 'on',
      server_encoding: 'UTF8',
      listen_addresses: '',
      unix_socket_permissions: '0700',
    })
    assert.equal((await stat(join(dataDir, 'postgres'))).mode & 0o777, 0o700)
    assert.deepEqual(await query(server.connectionString, `SELECT lower('È') AS lower, 'b' > 'Z' AS by_code_point`), [
      { lower: 'è', by_code_point: true },
    ])
  } finally {
    await server.stop()
  }
})

test('PostgreSQL is in a process group of its own, so that Ctrl-C does not reach it', {
  skip: process.platform !== 'linux',
}, async () => {
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'first') })
  try {
    const [{ group }] = (await query<{ group: number }>(
      server.connectionString,
      `SELECT split_part(split_part(pg_read_file('/proc/${server.pid}/stat'), ') ', 2), ' ', 3)::int AS group`,
    )) as [{ group: number }]
    assert.equal(group, server.pid)
  } finally {
    await server.stop()
  }
})

test('what was committed is there after a stop, and after the server was killed and restarted under us', async () => {
  const dataDir = join(home, 'kept')
  const first = await startEmbeddedPostgres({ dataDir })
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT 1 AS n')
  await first.stop()
  const messages: string[] = []
  const second = await startEmbeddedPostgres({ dataDir, log: (message) => messages.push(message) })
  try {
    const killed = second.pid
    await query(second.connectionString, 'UPDATE kept SET n = 2')
    process.kill(killed, 'SIGKILL')
    await until(() => second.pid !== killed)
    assert.deepEqual(await query(second.connectionString, 'SELECT n FROM kept'), [{ n: 2 }])
    assert.deepEqual(messages, ['PostgreSQL ended; starting it again'])
  } finally {
    await second.stop()
  }
})

test('after our program was killed the next start adopts the server still running', async () => {
  const dataDir = join(home, 'adopted')
  const { pid: abandoned } = await abandon(dataDir)
  const server = await startEmbeddedPostgres({ dataDir })
  assert.equal(server.pid, abandoned)
  await server.stop()
  await assert.rejects(stat(join(dataDir, 'postgres', 'postmaster.pid')), { code: 'ENOENT' })
})

test('an adopted server that is killed is restarted as well', async () => {
  const dataDir = join(home, 'adopted')
  const { pid: abandoned } = await abandon(dataDir)
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    process.kill(abandoned, 'SIGKILL')
    await until(() => server.pid !== abandoned)
    assert.deepEqual(await query(server.connectionString, 'SELECT 1 AS n'), [{ n: 1 }])
  } finally {
    await server.stop()
  }
})

test('a process that outlives its killed server is waited for, and the start goes on when it has gone', async () => {
  const dataDir = join(home, 'adopted')
  const { pid: killed, connectionString } = await abandon(dataDir)
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const remains = rows[0]!.pid
  process.kill(remains, 'SIGSTOP')
  const isRefused = () => /pre-existing shared memory block/.test(readFileSync(join(dataDir, 'postgres.log'), 'utf8'))
  assert.ok(!isRefused())
  process.kill(killed, 'SIGKILL')
  const starting = startEmbeddedPostgres({ dataDir })
  try {
    await until(isRefused)
  } finally {
    process.kill(remains, 'SIGCONT')
  }
  const server = await starting
  assert.notEqual(server.pid, killed)
  assert.deepEqual(await query(server.connectionString, 'SELECT 1 AS n'), [{ n: 1 }])
  await client.end().catch(() => {}) // its server has gone
  await server.stop()
})

test('a copy of a running data directory is a database of its own', {
  skip: process.platform !== 'linux',
}, async () => {
  const original = await startEmbeddedPostgres({ dataDir: join(home, 'original') })
  await query(original.connectionString, 'CHECKPOINT')
  const source = join(home, 'original', 'postgres')
  await cp(source, join(home, 'copy', 'postgres'), { recursive: true, filter: (path) => !path.includes('.s.PGSQL') })
  const copy = await startEmbeddedPostgres({ dataDir: join(home, 'copy') })
  assert.notEqual(copy.pid, original.pid)
  await copy.stop()
  await original.stop()
})

test('two programs that start at once share one server', async () => {
  const dataDir = join(home, 'raced')
  const [one, other] = await Promise.all([startEmbeddedPostgres({ dataDir }), startEmbeddedPostgres({ dataDir })])
  assert.equal(one.pid, other.pid)
  await Promise.all([one.stop(), other.stop()])
})

test('a path too long for a socket moves the socket to a short private folder, which goes with the server', async () => {
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'long'.repeat(30)) })
  const host = new URL(server.connectionString.replace('@', '@host')).searchParams.get('host') ?? ''
  assert.match(host, /^\/tmp\/iter-\w+$/)
  assert.equal((await stat(host)).mode & 0o777, 0o700)
  assert.deepEqual(await query(server.connectionString, 'SELECT 1 AS n'), [{ n: 1 }])
  await server.stop()
  await assert.rejects(stat(host), { code: 'ENOENT' })
})

test('a data directory of another PostgreSQL major is refused in one sentence', async () => {
  const dataDir = join(home, 'older')
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
  await assert.rejects(startEmbeddedPostgres({ dataDir }), (error) => {
    assert.ok(error instanceof EmbeddedPostgresError)
    assert.equal(error.problem, 'MAJOR')
    assert.match(error.message, /^Expected a PostgreSQL 18 data directory in .*older.*, but it is of PostgreSQL 17\./)
    return true
  })
})

test('a server that cannot start says why', async () => {
  const dataDir = join(home, 'broken')
  const server = await startEmbeddedPostgres({ dataDir })
  await server.stop()
  await rm(join(dataDir, 'postgres', 'global', 'pg_control'))
  await assert.rejects(startEmbeddedPostgres({ dataDir }), { name: 'EmbeddedPostgresError', message: /pg_control/ })
})
