/**
 * Public land in Chromium, from the request to the signed concession (case O1): on a phone with the keyboard alone and
 * without script, and on a desk. Citizen and offices ask, examine, agree, pay, sign and keep; what is kept is signed, say we and say others.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { opinionOnPdf, withoutPdfsig } from '../connectors/second-opinion.ts'
import { openTown, type TownUnderTest } from '../pages/town.ts'
import { assertAccessible, CHROMIUM, PATIENCE_MS, withoutChromium } from './chromium.ts'
import { keyboardOn } from './keyboard.ts'
import { agree, askForGround, CONCESSION, keepActs, ORDER, pay, publish, type Stage, sign } from './land-use-story.ts'
import { pointerOn } from './pointer.ts'

const PHONE = { width: 360, height: 740 }
const DESKTOP = { width: 1280, height: 900 }
const PICTURES = process.env.ITER_PICTURES
const WAYS = [
  {
    way: 'with the keyboard alone, on a phone',
    day: '2027-05-19',
    viewport: PHONE,
    hand: keyboardOn,
    javaScriptEnabled: true,
  },
  { way: 'with script, on a desk', day: '2027-05-20', viewport: DESKTOP, hand: pointerOn, javaScriptEnabled: true },
  { way: 'without script, on a phone', day: '2027-05-21', viewport: PHONE, hand: pointerOn, javaScriptEnabled: false },
] as const

let town: TownUnderTest
let chrome: Browser

/** Windows of one way, which close with the story; a script that fails fails it. */
async function play(
  { way, day, viewport, hand, javaScriptEnabled }: (typeof WAYS)[number],
  story: (stage: Stage) => Promise<void>,
): Promise<void> {
  const contexts: Awaited<ReturnType<Browser['newContext']>>[] = []
  const errors: string[] = []
  try {
    await story({
      town,
      day,
      hasMap: javaScriptEnabled,
      async newHand() {
        const context = await chrome.newContext({ viewport, javaScriptEnabled, locale: 'it-IT' })
        contexts.push(context)
        const page = await context.newPage()
        page.setDefaultTimeout(PATIENCE_MS)
        page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
        return hand(page)
      },
      async look(page: Page, name: string) {
        // axe is a script.
        if (javaScriptEnabled) await assertAccessible(page, name)
        if (PICTURES !== undefined)
          await page.screenshot({
            path: join(PICTURES, `${way} ${name}.png`.replaceAll(/[ ,]+/g, '-')),
            fullPage: true,
          })
      },
    })
  } finally {
    for (const context of contexts) await context.close()
  }
  assert.deepEqual(errors, [])
}

/** By whoever was to sign it and nobody else; whole, says another program too. */
async function assertSigned(act: Buffer, signer: string): Promise<void> {
  const { firme } = await town.verifySignatures(act)
  assert.deepEqual(
    firme.map(({ firmatario, esito }) => [firmatario, esito]),
    [[signer, 'VALIDA']],
  )
  if (withoutPdfsig === false) {
    const { isGood, said } = await opinionOnPdf(act)
    assert.ok(isGood, said)
  }
}

describe('public land in Chromium', { skip: withoutChromium }, () => {
  before(async () => {
    town = await openTown({ at: '2027-05-03T08:00:00Z' })
    chrome = await chromium.launch(CHROMIUM)
  })
  after(async () => {
    await chrome?.close()
    await town?.close()
  })

  for (const way of WAYS)
    test(`O1, ${way.way}`, () =>
      play(way, async (stage) => {
        const asked = await askForGround(stage)
        await agree(stage, asked)
        await pay(stage, asked)
        await sign(stage, asked, CONCESSION)
        await sign(stage, asked, ORDER)
        await publish(stage, asked)
        const [concession, order] = await keepActs(stage, asked)
        await assertSigned(concession!, CONCESSION.signer)
        await assertSigned(order!, ORDER.signer)
      }))
})
