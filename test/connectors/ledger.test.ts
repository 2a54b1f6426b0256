/** At most once, as far as the class allows: what is called again after what. The same on the ledger in PostgreSQL. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import knex from 'knex'
import { z } from 'zod'
import { Refused, Unavailable, Undecidable, UnknownOutcome, Unsettled } from '../../connectors/effect.ts'
import { openLedger } from '../../connectors/ledger/database.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryLedger } from './memory-ledger.ts'

const SETTLE_MS = 30_000
const unknown = () => Promise.reject(new UnknownOutcome('no answer'))
const unavailable = () => Promise.reject(new Unavailable('not reached'))
const refused = () => Promise.reject(new Refused('42', 'no'))

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const inDatabase = await openLedger(server.connectionString)
after(async () => {
  await inDatabase.close()
  await server.stop()
  await rm(home, { recursive: true })
})

/** An effect whose calls are scripted; counts them. */
function scripted(key: string, ...script: readonly (() => Promise<string>)[]) {
  const state = { calls: 0, found: null as string | null }
  const call = async () => (script[state.calls++] ?? unknown)()
  const effect = { key, operation: 'prova', outcome: z.string(), call }
  const find = async () => state.found
  return {
    state,
    keyed: { ...effect, class: 'keyed' } as const,
    findable: { ...effect, class: 'findable', find, settleMs: SETTLE_MS } as const,
    neither: { ...effect, class: 'neither' } as const,
  }
}
const done = async () => 'fatto'

for (const [name, ledger] of [
  ['in memory', memoryLedger()],
  ['in PostgreSQL', inDatabase],
] as const) {
  describe(`the ledger ${name}`, () => {
    test('a settled effect is not called again', async () => {
      const effect = scripted('settled', done)
      assert.equal(await perform(ledger, effect.keyed), 'fatto')
      assert.equal(await perform(ledger, effect.keyed), 'fatto')
      assert.equal(effect.state.calls, 1)
    })
    test('keyed: an unknown outcome is resolved by calling again', async () => {
      const effect = scripted('keyed', unknown, done)
      await assert.rejects(perform(ledger, effect.keyed), UnknownOutcome)
      assert.equal(await perform(ledger, effect.keyed), 'fatto')
    })
    test('findable: what is found is not called again', async () => {
      const effect = scripted('found', unknown)
      await assert.rejects(perform(ledger, effect.findable), UnknownOutcome)
      effect.state.found = 'trovato'
      assert.equal(await perform(ledger, effect.findable), 'trovato')
      assert.equal(effect.state.calls, 1)
    })
    test('findable: not found too early is no proof', async () => {
      const effect = scripted('early', unknown, done)
      await assert.rejects(perform(ledger, effect.findable), UnknownOutcome)
      await assert.rejects(perform(ledger, effect.findable), Unsettled)
      assert.equal(effect.state.calls, 1)
    })
    test('neither: an unknown outcome is left to a person, who may take the intention back', async () => {
      const effect = scripted('neither', unknown, done)
      await assert.rejects(perform(ledger, effect.neither), UnknownOutcome)
      await assert.rejects(perform(ledger, effect.neither), Undecidable)
      assert.equal(effect.state.calls, 1)
      await ledger.withdraw('neither')
      assert.equal(await perform(ledger, effect.neither), 'fatto')
    })
    test('neither: while another attempt may still hear the answer, nothing is said', async () => {
      const effect = scripted('waited for', unknown)
      const patient = { ...effect.neither, settleMs: SETTLE_MS }
      await assert.rejects(perform(ledger, patient), UnknownOutcome)
      await assert.rejects(perform(ledger, patient), Unsettled)
      assert.equal(effect.state.calls, 1)
    })
    test('a certain failure takes the intention back', async () => {
      const effect = scripted('certain', unavailable, refused, done)
      await assert.rejects(perform(ledger, effect.neither), Unavailable)
      await assert.rejects(perform(ledger, effect.neither), Refused)
      assert.equal(await perform(ledger, effect.neither), 'fatto')
    })
    test('findable: of two that find it open at once, one calls again', async () => {
      const effect = scripted('raced', unknown, done, done)
      const atOnce = { ...effect.findable, settleMs: 0 }
      await assert.rejects(perform(ledger, atOnce), UnknownOutcome)
      const bothLooked = Promise.withResolvers<void>()
      let looking = 0
      const find = async () => {
        if (++looking === 2) bothLooked.resolve()
        await bothLooked.promise
        return null
      }
      const both = await Promise.allSettled([1, 2].map(() => perform(ledger, { ...atOnce, find })))
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      assert.equal(effect.state.calls, 2)
    })
    test('a late failure does not take back what another means to do', async () => {
      await ledger.intend('late failure', 'prova')
      assert.equal(await ledger.renew('late failure', 1), true)
      await ledger.withdraw('late failure', 1)
      assert.equal((await ledger.intend('late failure', 'prova')).state, 'open')
    })
    test('what was done is never taken back', async () => {
      const effect = scripted('kept', done)
      await perform(ledger, effect.neither)
      await ledger.withdraw('kept')
      assert.equal(await perform(ledger, effect.neither), 'fatto')
      assert.equal(effect.state.calls, 1)
    })
    test('numbers of a series only grow, each given out once, however many ask', async () => {
      const first = BigInt(await ledger.nextNumber('series'))
      const more = await Promise.all(Array.from({ length: 20 }, () => ledger.nextNumber('series')))
      assert.equal(new Set(more).size, more.length)
      assert.ok(more.every((number) => /^\d{1,30}$/.test(number) && BigInt(number) > first))
    })
  })
}

test('findable: once the platform has settled, nothing found allows a new call', async () => {
  const ledger = memoryLedger()
  const effect = scripted('late', unknown, unknown, done)
  await assert.rejects(perform(ledger, effect.findable), UnknownOutcome)
  ledger.advance(SETTLE_MS)
  await assert.rejects(perform(ledger, effect.findable), UnknownOutcome)
  await assert.rejects(perform(ledger, effect.findable), Unsettled, 'the second call has its own time to settle')
  ledger.advance(SETTLE_MS)
  assert.equal(await perform(ledger, effect.findable), 'fatto')
})

test('an intention outlives the program that had it', async () => {
  const first = await openLedger(server.connectionString)
  await first.intend('killed', 'prova')
  await first.close()
  const { state } = await inDatabase.intend('killed', 'prova')
  assert.equal(state, 'open')
})

test('a series goes on growing after a restart, and after an older ledger was restored', async () => {
  const before = BigInt(await inDatabase.nextNumber('restored'))
  const restarted = await openLedger(server.connectionString)
  const after = BigInt(await restarted.nextNumber('restored'))
  assert.ok(after > before)
  // The backup knows nothing of the last numbers.
  const database = knex({ client: 'pg', connection: { connectionString: server.connectionString } })
  await database('ledger.series').where({ name: 'restored' }).update({ last: '1' })
  await database.destroy()
  assert.ok(BigInt(await restarted.nextNumber('restored')) > after)
  await restarted.close()
})
