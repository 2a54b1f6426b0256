/**
 * The change of residence in Chromium, whole: on a phone and on a desk, with the keyboard alone and without script. Citizen and clerks
 * file it online and at the counter, confirm it, complete it on request, withdraw it. One town, whose queue each story leaves empty.
 */
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium } from 'playwright-core'
import { openTown, type TownUnderTest } from '../pages/town.ts'
import { CHROMIUM, DESKTOP, PHONE, withoutChromium } from './chromium.ts'
import { keyboardOn } from './keyboard.ts'
import { pointerOn } from './pointer.ts'
import type { Stage } from './queue.ts'
import { confirm, fileAtCounter, fileOnline, integrate, readsConfirmation, withdraw } from './residence-story.ts'
import { inWindows, type Way } from './windows.ts'

const WAYS = [
  { way: 'with the keyboard alone, on a phone', viewport: PHONE, hand: keyboardOn, javaScriptEnabled: true },
  { way: 'with the keyboard alone, on a desk', viewport: DESKTOP, hand: keyboardOn, javaScriptEnabled: true },
  { way: 'without script, on a phone', viewport: PHONE, hand: pointerOn, javaScriptEnabled: false },
  { way: 'without script, on a desk', viewport: DESKTOP, hand: pointerOn, javaScriptEnabled: false },
] as const

let town: TownUnderTest
let chrome: Browser

const play = (way: Way, story: (stage: Stage) => Promise<void>): Promise<void> =>
  inWindows(chrome, way, (newHand) => story({ url: town.url, newHand }))

describe('the change of residence in Chromium', { skip: withoutChromium }, () => {
  before(async () => {
    town = await openTown({ at: '2027-03-01T09:00:00Z' })
    chrome = await chromium.launch(CHROMIUM)
  })
  after(async () => {
    await chrome?.close()
    await town?.close()
  })

  for (const way of WAYS) {
    test(`R1 from the sofa, ${way.way}`, () =>
      play(way, async (stage) => {
        const filed = await fileOnline(stage)
        await confirm(stage, filed.protocol)
        await readsConfirmation(filed)
      }))
    test(`R1 at the counter, by a delegate, ${way.way}`, () =>
      play(way, async (stage) => confirm(stage, await fileAtCounter(stage))))
    test(`an integration, then a renunciation, ${way.way}`, () =>
      play(way, async (stage) => {
        const filed = await fileOnline(stage)
        await integrate(stage, filed)
        await withdraw(stage, filed)
      }))
  }
})
