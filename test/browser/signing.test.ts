/**
 * Forty acts signed with the keyboard alone: what is signed are the documents whose hashes were shown, all of them, once.
 * The batch's refusals are test/pages/desk/signing.test.ts.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Act, actToSign, codeOf } from '../pages/acts.ts'
import { openTown, until } from '../pages/town.ts'
import { assertAccessible, openChromium, withoutChromium } from './chromium.ts'
import { keyboardOn, reach } from './keyboard.ts'

const ACTS = 40
const SIGNER = 'dina.dirigente'
const PICTURES = process.env.ITER_PICTURES
const ROUNDS_MAX = 200

async function look(page: Page, name: string): Promise<void> {
  await assertAccessible(page, name)
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}

test('forty acts, one code, the keyboard alone', { skip: withoutChromium }, async (t) => {
  const town = await openTown({ at: '2027-03-08T09:00:00Z' })
  t.after(() => town.close())
  const acts: Act[] = []
  for (let number = 1; number <= ACTS; number++) acts.push(await actToSign(town, number))
  const { newWindow } = await openChromium(t)
  const page = await newWindow({ viewport: { width: 1280, height: 900 } })
  const hand = keyboardOn(page)
  await page.goto(`${town.url}/accedi`)
  await hand.go('Entra come Dina Greco')
  await page.goto(`${town.url}/scrivania`)
  await hand.go('Firma più atti con un solo codice')
  await look(page, 'acts-to-sign')
  const shown = await page.locator('code').allTextContents()
  assert.equal(new Set(shown).size, ACTS)

  const chosen = (): Promise<number> => page.locator('input[name=atto]:checked').count()
  await reach(page, ['button'], 'Scegli tutti')
  await page.keyboard.press('Enter')
  assert.equal(await chosen(), ACTS)
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  assert.equal(await chosen(), ACTS - 1)
  await page.keyboard.press('x')
  assert.equal(await chosen(), ACTS)
  // From the first act back over its box and 'Scegli tutti'.
  for (let stops = 0; stops < 3; stops++) await page.keyboard.press('Shift+Tab')
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
  const refreshUntil = async (text: string): Promise<void> => {
    const wanted = page.getByText(text).first()
    const again = page.getByRole('link', { name: 'Aggiorna la pagina' })
    for (let round = 0; round < ROUNDS_MAX; round++) {
      await wanted.or(again).first().waitFor()
      if (await wanted.isVisible()) return
      await hand.go('Aggiorna la pagina')
    }
    assert.fail(`Expected ${text} on ${page.url()}, but it never came.`)
  }
  await refreshUntil('Codice ricevuto')
  await look(page, 'batch-code')
  assert.deepEqual(await page.locator('code').allTextContents(), shown)
  await hand.write('Codice ricevuto', await codeOf(town, SIGNER))
  await page.keyboard.press('Enter')
  await refreshUntil(`Firmati ${ACTS} atti su ${ACTS}`)
  await look(page, 'batch-signed')

  const signed = await Promise.all(
    acts.map(async ({ practice }) => {
      const all = await town.documents.ofPractice(practice)
      const made = all.filter(({ sostituisce }) => sostituisce?.senza === 'firma')
      assert.equal(made.length, 1)
      return all.find(({ id }) => id === made[0]!.sostituisce?.documento)?.impronta
    }),
  )
  assert.deepEqual([...signed].sort(), [...shown].sort())
  const journal = (await town.journal('firma')) as readonly { readonly kind: string; readonly credentialID: string }[]
  const bySigner = journal.filter(({ credentialID }) => credentialID.endsWith(SIGNER))
  const count = (kind: string): number => bySigner.filter((line) => line.kind === kind).length
  assert.deepEqual([count('otp'), count('released'), count('signed')], [1, 1, ACTS])
  await until(
    () => town.journal('protocollo'),
    (lines) => lines.filter((line) => JSON.stringify(line).includes('Concessione di suolo pubblico')).length >= ACTS,
  )
})
