/**
 * The change of residence in Chromium, whole: on a phone and on a desk, with the keyboard alone and without script. Citizen and clerks
 * file it online and at the counter, confirm it, complete it on request, withdraw it. One town, whose queue each story leaves empty.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium } from 'playwright-core'
import { openTown, type TownUnderTest } from '../pages/town.ts'
import { CHROMIUM, PATIENCE_MS, withoutChromium } from './chromium.ts'
import { keyboardOn } from './keyboard.ts'
import { pointerOn } from './pointer.ts'
import {
  confirm,
  fileAtCounter,
  fileOnline,
  integrate,
  readsConfirmation,
  type Stage,
  withdraw,
} from './residence-story.ts'

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 900 }
const WAYS = [
  { way: 'with the keyboard alone, on a phone', viewport: PHONE, hand: keyboardOn, javaScriptEnabled: true },
  { way: 'with the keyboard alone, on a desk', viewport: DESKTOP, hand: keyboardOn, javaScriptEnabled: true },
  { way: 'without script, on a phone', viewport: PHONE, hand: pointerOn, javaScriptEnabled: false },
  { way: 'without script, on a desk', viewport: DESKTOP, hand: pointerOn, javaScriptEnabled: false },
] as const

let town: TownUnderTest
let chrome: Browser

/** Windows of one way, which close with the story; a script that fails fails it. */
async function play(way: (typeof WAYS)[number], story: (stage: Stage) => Promise<void>): Promise<void> {
  const { viewport, hand, javaScriptEnabled } = way
  const contexts: Awaited<ReturnType<Browser['newContext']>>[] = []
  const errors: string[] = []
  try {
    await story({
      url: town.url,
      async newHand() {
        const context = await chrome.newContext({ viewport, javaScriptEnabled, locale: 'it-IT' })
        contexts.push(context)
        const page = await context.newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
        return hand(page)
      },
    })
  } finally {
    for (const context of contexts) await context.close()
  }
  assert.deepEqual(errors, [])
}

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
