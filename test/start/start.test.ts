/** `npm start` as an administrator meets it: what it prints, what it says when it cannot start, and that nothing is lost. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const anyPorts = ['grpc', 'rest', 'management', 'pages'].flatMap((port) => [`--${port}-port`, '0'])

interface Run {
  readonly output: () => string
  /** Resolves once the output matches. */
  readonly says: (what: RegExp) => Promise<void>
  readonly ended: Promise<number | null>
  readonly kill: (signal: NodeJS.Signals) => void
}

function run(t: TestContext, args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env } })
  t.after(() => child.kill('SIGKILL'))
  let text = ''
  const heard = new EventTarget()
  const take = (chunk: Buffer) => {
    text += chunk
    heard.dispatchEvent(new Event('output'))
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const says = (what: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => what.test(text) && resolve()
      heard.addEventListener('output', look)
      void ended.then(() => reject(new Error(`It ended without saying ${what}:\n${text}`)))
      look()
    })
  return { output: () => text, says, ended, kill: (signal) => child.kill(signal) }
}

function dataDir(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'iter-start-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'data')
}
const inTable = (output: string, row: string): string =>
  output
    .split('\n')
    .find((line) => line.startsWith(row))!
    .slice(row.length)
    .trim()

test('--help names each option with its variable', async (t) => {
  const help = run(t, ['--help'])
  assert.equal(await help.ended, 0)
  for (const name of ['ITER_DATA_DIR', 'ITER_GRPC_PORT', 'ITER_REST_PORT', 'ITER_MANAGEMENT_PORT', 'ITER_PAGES_PORT']) {
    assert.match(help.output(), new RegExp(name))
  }
  for (const name of ['ITER_CLOCK', 'ITER_DMN_DIALECT', 'ITER_SAMPLE', 'ITER_HOST', 'ITER_API_USERS', 'DATABASE_URL']) {
    assert.match(help.output(), new RegExp(name))
  }
})

/** One sentence, no stack. */
async function refused(iter: Run, sentence: RegExp): Promise<void> {
  assert.equal(await iter.ended, 1)
  assert.match(iter.output(), sentence)
  assert.doesNotMatch(iter.output(), /^\s+at /m)
  assert.equal(iter.output().trim().split('\n').length, 1)
}

test('a file of platforms is refused by the field that is wrong, before anything is started', async (t) => {
  const folder = dataDir(t)
  mkdirSync(folder)
  const file = join(folder, 'platforms.json')
  writeFileSync(file, JSON.stringify({ albo: { url: 'nowhere' } }))
  await refused(run(t, ['--data-dir', folder, '--sandboxes', file]), /albo\.url: /)
  await refused(run(t, ['--data-dir', folder, '--sandboxes', join(folder, 'none.json')]), /none\.json/)
})

test('a wrong option is refused by name', async (t) => {
  await refused(run(t, ['--grpc-port', 'many']), /--grpc-port \(ITER_GRPC_PORT\) to be a port .* but it is 'many'/)
  await refused(run(t, [], { ITER_CLOCK: 'sundial' }), /ITER_CLOCK.*real or controlled.*'sundial'/)
  await refused(run(t, ['--clock', '2027-02-30T09:00']), /--clock.*an instant such as .*'2027-02-30T09:00'/)
  await refused(run(t, ['--clock', '2027-02-30T09:00Z']), /--clock.*an instant such as .*'2027-02-30T09:00Z'/)
  await refused(run(t, [], { ITER_DMN_DIALECT: 'drools' }), /--dmn-dialect.*camunda or standard.*'drools'/)
  await refused(run(t, ['--colour', 'red']), /--colour.*\. See/)
  await refused(run(t, ['--database-url', 'mysql://iter:secret@db/iter']), /postgresql:.*'mysql:\/\/iter:\*\*\*@db/)
  await refused(run(t, ['--data-dir', main]), /main\.ts, but it is a file/)
})

test('another address than loopback is refused without API users', async (t) => {
  await refused(run(t, [...anyPorts, '--data-dir', dataDir(t), '--host', '0.0.0.0']), /ITER_API_USERS/)
})

test('a database that is not there', async (t) => {
  const elsewhere = ['--database-url', 'postgresql://nobody@127.0.0.1:1/none']
  await refused(run(t, [...anyPorts, '--data-dir', dataDir(t), ...elsewhere]), /^Expected .*database/)
})

test('a data directory of another PostgreSQL major', async (t) => {
  const folder = dataDir(t)
  mkdirSync(join(folder, 'postgres'), { recursive: true })
  writeFileSync(join(folder, 'postgres', 'PG_VERSION'), '12\n')
  await refused(run(t, [...anyPorts, '--data-dir', folder]), /PostgreSQL 12/)
})

test('starts, prints where everything is, keeps its state over kill -9; refuses a taken port and a newer schema', async (t) => {
  const folder = dataDir(t)
  const args = [...anyPorts, '--data-dir', folder]
  const first = run(t, args)
  await first.says(/^Stop/m)
  const rest = inTable(first.output(), 'REST /v2')
  const database = inTable(first.output(), 'Database')
  const created = await post(`${rest}/process-instances`, { processDefinitionId: 'comune.anagrafe.residenza' })
  assert.match(String(created.processInstanceKey), /^\d+$/)
  await refusesTakenPort(t)
  first.kill('SIGKILL')
  await first.ended

  const second = run(t, args)
  await second.says(/^Stop/m)
  const { items } = await post(`${inTable(second.output(), 'REST /v2')}/process-instances/search`, {})
  assert.deepEqual(
    items.map(({ processInstanceKey }) => processInstanceKey),
    [created.processInstanceKey],
  )
  await makeNewer(database)
  second.kill('SIGINT')
  assert.equal(await second.ended, 0)
  await refused(run(t, args), /newer/)
})

test('a database that is killed in the middle of a start is waited for, at whichever step', async (t) => {
  const args = [...anyPorts, '--data-dir', dataDir(t)]
  let iter = run(t, args)
  await iter.says(/^Stop/m)
  // Each of them is read by one step of the start: the engine, the connectors, the pages.
  for (const table of ['engine.migration', 'ledger.migration_lock', 'town.migration_lock']) {
    const database = inTable(iter.output(), 'Database')
    iter.kill('SIGKILL')
    await iter.ended
    const hold = await held(database, table)
    iter = run(t, args)
    await hold.isWaitedFor()
    hold.killServer()
    await iter.says(/^Stop/m)
  }
  iter.kill('SIGINT')
  assert.equal(await iter.ended, 0)
})

/** Nobody reads the table until the server is killed. */
async function held(connectionString: string, table: string) {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {}) // it goes with its server
  await client.connect()
  await client.query('BEGIN')
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  const { rows } = await client.query<{ pid: number }>(
    `SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int AS pid`,
  )
  return {
    async isWaitedFor() {
      for (;;) {
        const found = await client.query('SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass', [table])
        if (found.rowCount !== 0) return
      }
    },
    killServer: () => process.kill(rows[0]!.pid, 'SIGKILL'),
  }
}

interface Answer {
  readonly processInstanceKey?: string
  readonly items: readonly { readonly processInstanceKey: string }[]
}
async function post(url: string, body: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Answer
}

/** As a program of the next year would leave it. */
async function makeNewer(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query('INSERT INTO engine.migration (number) VALUES (9999)')
  await client.end()
}

async function refusesTakenPort(t: TestContext): Promise<void> {
  const server = createServer()
  t.after(() => server.close())
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
  const taken = ['--data-dir', dataDir(t), ...anyPorts, '--rest-port', String(port)]
  const iter = run(t, taken)
  assert.equal(await iter.ended, 1)
  assert.match(iter.output(), new RegExp(`Expected port ${port} to be free`))
  assert.doesNotMatch(iter.output(), /^\s+at /m)
}
