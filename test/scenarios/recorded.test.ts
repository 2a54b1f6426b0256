/**
 * Each recorded scenario, played in memory: what the log says is what the rows say (E1), a crash between any two steps changes
 * nothing, a key appears first in its own turn (E8), and after the end nothing is left (E7).
 */
import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import type { MemoryStore } from '../../engine/store/memory.ts'
import type { Entry } from '../../engine/store/store.ts'
import { sharedPath, sharedText, without } from '../shared-data.ts'
import { namedTooSoon } from '../simulation/keys.ts'
import { EVER_MS, hotRows, replayed, rowsOf } from '../simulation/world.ts'
import { Player } from './player.ts'

const absent = without('zeebe-traces')
/** Areas beyond first-light.txt whose steps the player knows. */
const areas = ['compensation', 'escalations', 'migration', 'modification', 'other-events', 'signals', 'sub-processes']
const names = absent
  ? []
  : [
      ...new Set([
        ...sharedText('zeebe-traces/first-light.txt')
          .split('\n')
          .filter((line) => line !== ''),
        ...areas.flatMap((area) => globSync(`${area}/*`, { cwd: sharedPath('zeebe-traces') }).sort()),
      ]),
    ]

test('scenarios are there', { skip: absent }, () => assert.ok(names.length > 100))

for (const name of names) {
  test(`${name}: replay, crashes, end`, async (t) => {
    const live = await play(t, name, false)
    const log = await logOf(live.store)
    assert.deepEqual(rowsOf(live.store), await replayed(live.store), 'replayed rows are the hot rows')
    assert.deepEqual(namedTooSoon(log), [], 'a key appears first in the turn that gives it out')
    await live.leaveNothing()
    await live.advance(EVER_MS)
    assert.deepEqual(hotRows(live.store), [], 'nothing is left')

    const crashed = await play(t, name, true)
    assert.deepEqual(await logOf(crashed.store), log, 'crashes leave no trace')
  })
}

async function play(t: TestContext, name: string, crashes: boolean): Promise<Player> {
  const player = new Player(sharedPath(`zeebe-traces/${name}`))
  t.after(() => player.close())
  await player.open()
  for (const step of player.steps) {
    await player.play(step)
    if (crashes && player.isAlone) await player.open()
  }
  return player
}

async function logOf(store: MemoryStore): Promise<readonly Entry[]> {
  return store.read(0, Number.MAX_SAFE_INTEGER)
}
