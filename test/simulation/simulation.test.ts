/** Random processes, each played undisturbed, through crashes, through losses, and by several clients at once. */
import { test } from 'node:test'
import { assertSame, simulate } from './simulation.ts'

const SEEDS = 100
/** A lost batch costs a pause: not every seed has them. */
const isTroubled = (seed: number) => seed % 10 === 0

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`seed ${seed}`, async () => {
    const trace = await simulate(seed)
    assertSame(await simulate(seed, { crashes: true }), trace, 'crashes leave no trace')
    await simulate(seed, { clients: 4 })
    if (!isTroubled(seed)) return
    assertSame(await simulate(seed, { losses: true }), trace, 'losses leave no trace')
    await simulate(seed, { losses: true, crashes: true, clients: 4 })
  })
}
