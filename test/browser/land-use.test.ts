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
import { assertAccessible, CHROMIUM, DESKTOP, PHONE, withoutChromium } from './chromium.ts'
import { keyboardOn } from './keyboard.ts'
import { agree, askForGround, CONCESSION, keepActs, ORDER, pay, publish, type Stage, sign } from './land-use-story.ts'
import { pointerOn } from './pointer.ts'
import { inWindows } from './windows.ts'

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

const play = ({ day, ...way }: (typeof WAYS)[number], story: (stage: Stage) => Promise<void>): Promise<void> =>
  inWindows(chrome, way, (newHand) =>
    story({
      ...{ town, url: town.url, day, hasMap: way.javaScriptEnabled, newHand },
      async look(page: Page, name: string) {
        // axe is a script.
        if (way.javaScriptEnabled) await assertAccessible(page, name)
        if (PICTURES !== undefined)
          await page.screenshot({
            path: join(PICTURES, `${way.way} ${name}.png`.replaceAll(/[ ,]+/g, '-')),
            fullPage: true,
          })
      },
    }),
  )

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
