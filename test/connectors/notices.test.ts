/** What is remembered of SEND's stream, in the database and in memory alike. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SILENCE_MS, STRANGE_LIFE_MS } from '../../connectors/send/inbox.ts'
import { openNoticeInbox } from '../../connectors/send/inbox-database.ts'
import type { NoticeEvent, NoticeState } from '../../connectors/send/types.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryNotices } from './memory-notices.ts'

const directory = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: join(directory, 'database') })
let time = Date.parse('2027-03-01T09:00:00Z')
const inDatabase = await openNoticeInbox(server.connectionString, () => time)
after(async () => {
  await inDatabase.close()
  await server.stop()
  await rm(directory, { recursive: true })
})

const IUN = 'AAAA-AAAA-AAAA-202703-A-1'
const event = (id: string, richiesta: string, stato: NoticeState): NoticeEvent => ({
  ...{ id, richiesta, stato, iun: stato === 'REFUSED' ? null : IUN, istante: '2027-03-01T10:00:00Z' },
  motivi: stato === 'REFUSED' ? [{ codice: 'FILE_NOTFOUND', dettaglio: "l'allegato; DROP TABLE event" }] : [],
})

for (const [where, inbox] of [
  ['in memory', memoryNotices(() => time)],
  ['in the database', inDatabase],
] as const) {
  test(`${where}: of two that open a stream the first wins; one that is gone is forgotten, and no other`, async () => {
    assert.equal(await inbox.stream('altro'), null)
    assert.deepEqual(await inbox.begin('altro', 'a'), { id: 'a', read: null })
    assert.deepEqual(await inbox.begin('altro', 'b'), { id: 'a', read: null })
    await inbox.forget('altro', 'b')
    assert.equal((await inbox.stream('altro'))?.id, 'a')
    await inbox.forget('altro', 'a')
    assert.equal(await inbox.stream('altro'), null)
  })
  test(`${where}: what is read is kept once, and told of requests of ours alone, in order`, async () => {
    await inbox.begin('Iter', 'flusso')
    assert.equal(await inbox.isAwaiting(), false)
    await inbox.keep('Iter', [
      event('1', 'r1', 'ACCEPTED'),
      event('2', 'strange', 'ACCEPTED'),
      event('3', 'r1', 'DELIVERED'),
    ])
    assert.equal((await inbox.stream('Iter'))?.read, '3')
    await inbox.keep('Iter', [])
    await inbox.keep('Iter', [event('4', 'r1', 'DELIVERED')])
    assert.deepEqual(await inbox.stream('Iter'), { id: 'flusso', read: '4' })
    assert.deepEqual(await inbox.untold(9), [])
    await inbox.expect('r1', 'p1')
    await inbox.expect('r1', 'p2')
    assert.equal(await inbox.isAwaiting(), true)
    const untold = await inbox.untold(9)
    assert.deepEqual(untold, [
      { ...event('1', 'r1', 'ACCEPTED'), pratica: 'p1' },
      { ...event('3', 'r1', 'DELIVERED'), pratica: 'p1' },
    ])
    assert.equal((await inbox.untold(1)).length, 1)
    for (const one of untold) await inbox.told(one)
    assert.deepEqual(await inbox.untold(9), [])
    assert.equal(await inbox.isAwaiting(), true)
  })
  test(`${where}: a judgement is there as it was told; what is final ends the waiting`, async () => {
    assert.equal((await inbox.judgementOf('r1'))?.iun, IUN)
    await inbox.expect('r2', 'p1')
    assert.equal(await inbox.judgementOf('r2'), null)
    await inbox.keep('Iter', [event('5', 'r1', 'EFFECTIVE_DATE'), event('6', 'r2', 'REFUSED')])
    assert.deepEqual(await inbox.judgementOf('r2'), event('6', 'r2', 'REFUSED'))
    for (const one of await inbox.untold(9)) await inbox.told(one)
    assert.equal(await inbox.isAwaiting(), false)
  })
}

for (const [where, inbox] of [
  ['in memory', memoryNotices(() => time)],
  ['in the database', inDatabase],
] as const) {
  const silent = async () => (await inbox.silent(9)).map(({ richiesta }) => richiesta)
  test(`${where}: a request is silent seven days after the last word of it, and longest first`, async () => {
    await inbox.begin('silenzio', 's')
    await inbox.expect('s1', 'p1')
    time += 1_000
    await inbox.expect('s2', 'p1')
    time += SILENCE_MS - 1_000
    assert.deepEqual(await inbox.silent(9), [{ richiesta: 's1', iun: null }])
    await inbox.keep('silenzio', [event('10', 's1', 'ACCEPTED')])
    time += 1_000
    assert.deepEqual(await silent(), ['s2'])
    await inbox.hear('s2', [])
    assert.deepEqual(await silent(), [])
    time += SILENCE_MS
    assert.deepEqual(await inbox.silent(1), [{ richiesta: 's1', iun: IUN }])
    assert.deepEqual(await silent(), ['s1', 's2'])
  })
  test(`${where}: what a silent request is heard to be is told like what the stream tells, and moves it no further`, async () => {
    await inbox.hear('s1', [event('letto/ACCEPTED', 's1', 'ACCEPTED'), event('letto/VIEWED', 's1', 'VIEWED')])
    assert.equal((await inbox.stream('silenzio'))?.read, '10')
    const untold = await inbox.untold(9)
    assert.deepEqual(
      untold.map(({ id, pratica }) => `${id} ${pratica}`),
      ['10 p1', 'letto/VIEWED p1'],
    )
    for (const one of untold) await inbox.told(one)
    time += SILENCE_MS
    assert.deepEqual(await silent(), ['s2'])
  })
  test(`${where}: with the stream goes what it would have told: whatever is awaited is silent`, async () => {
    await inbox.expect('s3', 'p1')
    assert.deepEqual(await silent(), ['s2'])
    await inbox.forget('silenzio', 'another')
    assert.deepEqual(await silent(), ['s2'])
    await inbox.forget('silenzio', 's')
    assert.deepEqual(await silent(), ['s2', 's3'])
    for (const request of ['s2', 's3']) await inbox.hear(request, [event(request, request, 'CANCELLED')])
    for (const one of await inbox.untold(9)) await inbox.told(one)
    assert.equal(await inbox.isAwaiting(), false)
  })
}

for (const [where, inbox] of [
  ['in memory', memoryNotices(() => time)],
  ['in the database', inDatabase],
] as const)
  test(`${where}: what a practice no longer wants is its open requests, until their cancellation is taken`, async () => {
    const unwanted = async () => (await inbox.unwanted(9)).map(({ richiesta }) => richiesta)
    for (const request of ['u1', 'u2', 'u3']) await inbox.expect(request, 'p-unwanted')
    await inbox.expect('u4', 'p-other')
    await inbox.hear('u1', [event('u1', 'u1', 'VIEWED')])
    await inbox.hear('u2', [event('u2', 'u2', 'ACCEPTED')])
    for (const one of await inbox.untold(9)) await inbox.told(one)
    assert.deepEqual(await unwanted(), [])
    assert.equal(await inbox.unwant('p-unwanted'), 2)
    assert.equal(await inbox.unwant('p-unwanted'), 2)
    assert.deepEqual(await inbox.unwanted(9), [
      { richiesta: 'u2', iun: IUN },
      { richiesta: 'u3', iun: null },
    ])
    assert.equal((await inbox.unwanted(1)).length, 1)
    await inbox.cancelled('u2')
    assert.deepEqual(await unwanted(), ['u3'])
    assert.equal(await inbox.isAwaiting(), true)
    for (const request of ['u2', 'u3', 'u4']) await inbox.hear(request, [event(request, request, 'CANCELLED')])
    for (const one of await inbox.untold(9)) await inbox.told(one)
    assert.deepEqual(await unwanted(), [])
    assert.equal(await inbox.unwant('p-unwanted'), 0)
  })

test('what came of requests of others is forgotten when the platform has forgotten it, ours is not', async () => {
  time += STRANGE_LIFE_MS + 1
  await inDatabase.keep('Iter', [event('7', 'r3', 'ACCEPTED')])
  await inDatabase.expect('strange', 'p9')
  assert.deepEqual(await inDatabase.untold(9), [])
  assert.equal((await inDatabase.judgementOf('r1'))?.stato, 'ACCEPTED')
})

test('what was remembered is there after a restart', async () => {
  const again = await openNoticeInbox(server.connectionString, () => time)
  assert.equal((await again.stream('Iter'))?.read, '7')
  await again.close()
})
