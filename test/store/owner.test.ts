/** Who may write, and what became of what was written: fence, lost answers, restarts. */
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { openPostgresStore } from '../../engine/store/postgres.ts'
import { type Store, StoreError } from '../../engine/store/store.ts'
import { Author, none, random, world } from './world.ts'

const { server, store: newStore, closeStores, sql, close } = await world()
after(close)
beforeEach(async () => {
  await closeStores()
  await sql('DROP SCHEMA IF EXISTS engine CASCADE')
})
const { row } = random(1)
const jobs = (author: Author) => ({ job: { ...none, inserted: [row('job', { key: author.key() })] } })
const counted = async () => Number((await sql<{ count: string }>('SELECT count(*) FROM engine.job'))[0]!.count)
const endSessions = (name: string) =>
  sql('SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = $1', [name])
const reason = (wanted: StoreError['reason']) => (error: unknown) =>
  error instanceof StoreError && error.reason === wanted

async function opened(): Promise<{ store: Store; author: Author }> {
  const store = newStore()
  return { store, author: new Author(await store.open()) }
}

test('a first owner begins with the first key; the next goes on where the last one was', async () => {
  const store = newStore()
  const first = await store.open()
  assert.equal(first.nextKey, 2 ** 51 + 1)
  const author = new Author(first)
  await store.append(author.batch(jobs(author)))
  await closeStores()
  const next = await newStore().open()
  assert.equal(next.nextKey, 2 ** 51 + 2)
  assert.equal(next.lastPosition, first.lastPosition + 2, 'one record and the epoch')
})

test('a batch is written whole or not at all', async () => {
  const { store, author } = await opened()
  const [job] = jobs(author).job.inserted
  const twice = { job: { ...none, inserted: [job!, job!] }, timer: { ...none, inserted: [row('timer', { key: 1 })] } }
  await assert.rejects(store.append(author.batch(twice)), reason('refused'))
  assert.equal(await counted(), 0)
  assert.deepEqual(await store.read(0, 10), [])
  assert.deepEqual(await sql('SELECT FROM engine.timer'), [])
})

test('after a batch that failed none of those behind it is written, and the next that follows the last is', async () => {
  const { store, author } = await opened()
  const [job] = jobs(author).job.inserted
  const bad = author.batch({ job: { ...none, inserted: [job!, job!] } })
  const outcomes = await Promise.allSettled([store.append(bad), store.append(author.batch(jobs(author)))])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  await store.append({ ...bad, changes: { job: { ...none, inserted: [job!] } } })
  assert.equal(await counted(), 1)
})

test('an engine that lost its session to another is fenced and has written nothing', async () => {
  const { store: old, author } = await opened()
  const [session] = await sql<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE application_name = 'iter owner'`)
  const taking = newStore().open()
  await sql('SELECT pg_terminate_backend($1)', [session!.pid])
  await taking
  await assert.rejects(old.append(author.batch(jobs(author))), reason('fenced'))
  assert.equal(await counted(), 0)
})

test('an engine whose position another has taken is fenced, though nobody holds a lock', async () => {
  const { store, author } = await opened()
  await sql('INSERT INTO engine.log (partition, position, positions, epoch, next_key) VALUES (1, 2, 1, 9, 1)')
  await assert.rejects(store.append(author.batch(jobs(author))), reason('fenced'))
  assert.equal(await counted(), 0)
})

test('a second engine stands by until the first one ends', async () => {
  const { store, author } = await opened()
  const second = newStore().open()
  await store.append(author.batch(jobs(author)))
  assert.equal(await Promise.race([second.then(() => 'open'), store.dueUntil(0, 1).then(() => 'waits')]), 'waits')
  await store.close()
  assert.equal((await second).lastPosition, 3)
})

test('of batches whose session is killed at any moment each is written exactly once', async () => {
  const { store, author } = await opened()
  const batches = 200
  let isDone = false
  const killing = (async () => {
    while (!isDone) await endSessions('iter owner')
  })()
  for (let at = 0; at < batches; at++) {
    await Promise.all([store.append(author.batch(jobs(author))), store.append(author.batch(jobs(author)))])
  }
  isDone = true
  await killing
  assert.equal(await counted(), 2 * batches)
  const positions = (await store.read(0, 1_000)).map(({ position }) => position)
  assert.deepEqual(
    positions,
    Array.from({ length: 2 * batches }, (_, at) => at + 2),
  )
})

test('work goes on when the server was killed and has come back', async () => {
  const { store, author } = await opened()
  const { pid } = server
  process.kill(pid, 'SIGKILL')
  let batches = 0
  for (; server.pid === pid; batches++) await store.append(author.batch(jobs(author)))
  const wants = Array.from(
    { length: batches },
    (_, at) => ({ kind: 'row', table: 'job', key: 2 ** 51 + 1 + at }) as const,
  )
  assert.equal((await store.load(wants)).rows.get('job')?.length, batches)
  assert.equal((await store.read(0, batches + 1)).length, batches)
})

test('a database of another installation is refused: its log is sealed under another secret', async () => {
  await newStore().open()
  await closeStores()
  const stranger = openPostgresStore({
    connectionString: server.connectionString,
    secret: Buffer.alloc(32, 8),
    log: () => {},
  })
  await assert.rejects(stranger.open(), reason('other-secret'))
  await stranger.close()
  await newStore().open()
})

test('a schema newer than the program is refused in one sentence', async () => {
  await newStore().open()
  await closeStores()
  await sql('INSERT INTO engine.migration (number) VALUES (9999)')
  await assert.rejects(newStore().open(), reason('schema-newer'))
})
