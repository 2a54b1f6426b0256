/**
 * The conformance criteria of the model for municipal services (C.SE) that show only on the wire or in a browser's own state. Those
 * that every page keeps to are in every-page.test.ts, the others in test/pages; docs/service-criteria.md says which is where.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draftIn, FORM, fileOnline, fillIn, PROCESS_ID } from '../pages/declaration.ts'
import { openTown, type TownUnderTest, untilShown } from '../pages/town.ts'
import { openChromium, withoutChromium } from './chromium.ts'
import { fetched, WEIGHT_MAX } from './wire.ts'

/** Addresses of all pages of the way, and the cookies of whoever has a draft, a practice and a message. */
async function wayOf(town: TownUnderTest) {
  const citizen = await town.browser().signIn('Mario Rossi')
  const id = await fileOnline(citizen)
  await untilShown(citizen, `/pratiche/${id}`, /in lavorazione/)
  await fillIn(citizen)
  const draft = draftIn(citizen)
  const steps = Array.from({ length: 8 }, (_, index) => `${FORM}?bozza=${draft}&passo=${index + 1}`)
  const wrong = `${FORM}?bozza=${draft}&passo=4`
  await citizen.open(wrong)
  await citizen.press('Salva la bozza', { 'istanza.dataTrasferimento': 'ieri' })
  const practice = ['', '/ricevuta', '/rinuncia'].map((rest) => `/pratiche/${id}${rest}`)
  return {
    cookies: [...citizen.cookies].map(([name, value]) => ({ name, value, url: town.url })),
    paths: [
      ...[
        '/',
        `/servizi/${PROCESS_ID}`,
        `/servizi/${PROCESS_ID}/valutazione`,
        '/privacy',
        '/note-legali',
        '/accessibilita',
      ],
      ...[
        '/domande-frequenti',
        '/appuntamento',
        '/disservizio',
        '/niente',
        '/area',
        '/messaggi',
        '/pratiche',
        '/scadenze',
      ],
      ...[...practice, `/messaggi/${id}.ricevuta`, `/bozze/${draft}/elimina`, ...steps, `${wrong}&verifica`],
    ],
  }
}

test('over the wire, no page weighs more than 300 kB, asks another host or leaves a cookie of one (3.1, 4.1)', {
  skip: withoutChromium,
}, async (t) => {
  const town = await openTown({ at: '2027-03-01T09:00:00Z' })
  t.after(() => town.close())
  const { newWindow } = await openChromium(t)
  const { cookies, paths } = await wayOf(town)
  const page = await newWindow()
  await page.context().addCookies(cookies)
  for (const path of paths) {
    const { bytes, hosts } = await fetched(page, `${town.url}${path}`)
    assert.ok(bytes > 0 && bytes <= WEIGHT_MAX, `${path} weighs ${bytes} bytes`)
    assert.deepEqual([...hosts], [new URL(town.url).host], path)
    const kept = await page.context().cookies()
    assert.deepEqual(new Set(kept.map(({ domain }) => domain)), new Set([new URL(town.url).hostname]), path)
  }
})

test('for every star only the question that belongs to it is seen, without script (1.7)', {
  skip: withoutChromium,
}, async (t) => {
  const town = await openTown()
  t.after(() => town.close())
  const { newWindow } = await openChromium(t)
  const page = await newWindow({ javaScriptEnabled: false })
  await page.goto(`${town.url}/servizi/${PROCESS_ID}/valutazione`)
  const isSeen = (kind: string) => page.locator(`[data-element="feedback-rating-${kind}"]`).isVisible()
  assert.deepEqual([await isSeen('negative'), await isSeen('positive')], [false, false])
  for (const star of [1, 2, 3, 4, 5]) {
    await page.locator(`#stelle-${star}`).check()
    assert.deepEqual([await isSeen('negative'), await isSeen('positive')], [star < 4, star >= 4], `${star} stars`)
  }
  assert.equal(await page.locator('[data-element="feedback-rating-answer"]:visible').count(), 5)
  await page.getByRole('button', { name: 'Invia la valutazione' }).click()
  await page.getByText('Grazie, il tuo parere').waitFor()
})
