/**
 * The conformance criteria of the model for municipal services that only a browser can see (C.SE), on every page of a citizen's way: on
 * a phone and on a desk, with script and without. The others are in test/pages; docs/service-criteria.md says which is where.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { draftIn, FORM, fileOnline, fillIn, PROCESS_ID } from '../pages/declaration.ts'
import { openTown, type TownUnderTest, untilShown } from '../pages/town.ts'
import { assertAccessible, openChromium, withoutChromium } from './chromium.ts'

const WEIGHT_MAX = 300 * 1024
const FACES = /^"?(?:Titillium Web|Lora|Roboto Mono)"?/

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

interface Seen {
  /** Bytes that came over the wire, with headers. */
  readonly bytes: number
  readonly hosts: ReadonlySet<string>
}

/** With nothing kept from before. */
async function visit(page: Page, address: string): Promise<Seen> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.clearBrowserCache')
  const hosts = new Set<string>()
  let bytes = 0
  session.on('Network.requestWillBeSent', ({ request }) => void hosts.add(new URL(request.url).host))
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  await session.detach()
  hosts.delete('')
  return { bytes, hosts }
}

const PAGE = `(() => {
  const family = (element) => getComputedStyle(element).fontFamily
  const texts = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6,p'), ...document.querySelectorAll('h1 *,h2 *,h3 *,p *')]
  const href = (element) => document.querySelector(element)?.getAttribute('href') ?? ''
  return {
    families: [...new Set(texts.map(family))],
    isLoaded: document.fonts.check('16px "Titillium Web"'),
    headings: document.querySelectorAll('h1').length,
    accessibility: href('footer [data-element="accessibility-link"]'),
    privacy: href('footer [data-element="privacy-policy-link"]'),
    appointment: href('[data-element="appointment-booking"]'),
    steps: document.querySelectorAll('.steppers-header li').length,
    current: document.querySelectorAll('.steppers-header li[aria-current=step]').length,
  }
})()`

interface Facts {
  readonly families: readonly string[]
  readonly isLoaded: boolean
  readonly headings: number
  readonly accessibility: string
  readonly privacy: string
  readonly appointment: string
  readonly steps: number
  readonly current: number
}

async function assertConformant(page: Page, town: TownUnderTest, path: string, name: string): Promise<void> {
  const { bytes, hosts } = await visit(page, `${town.url}${path}`)
  await assertAccessible(page, name)
  const facts = await page.evaluate<Facts>(PAGE)
  assert.ok(bytes > 0 && bytes <= WEIGHT_MAX, `${name} weighs ${bytes} bytes`)
  assert.deepEqual([...hosts], [new URL(town.url).host], `3.1: ${name} asks no other host`)
  assert.deepEqual(
    facts.families.filter((family) => !FACES.test(family)),
    [],
    `1.3: ${name}`,
  )
  assert.equal(facts.isLoaded, true, `1.3: ${name}`)
  assert.equal(facts.headings, 1, name)
  assert.match(facts.accessibility, /^https:\/\/form\.agid\.gov\.it\//, `3.2: ${name}`)
  assert.match(facts.privacy, /^\/privacy$/, `3.3: ${name}`)
  assert.match(facts.appointment, /^\/appuntamento/, `2.2: ${name}`)
  if (path.includes('passo=')) assert.deepEqual([facts.steps, facts.current], [9, 1], `1.8: ${name}`)
}

test('every page, on a phone and on a desk, with script and without: axe, weight, faces, hosts, links', {
  skip: withoutChromium,
}, async (t) => {
  const town = await openTown({ at: '2027-03-01T09:00:00Z' })
  t.after(() => town.close())
  const { newWindow } = await openChromium(t)
  const { cookies, paths } = await wayOf(town)
  for (const [width, hasScripts] of [
    [360, true],
    [1280, false],
  ] as const) {
    const page = await newWindow({ viewport: { width, height: 800 } })
    // Of ours none comes; axe itself needs the browser's.
    if (!hasScripts) await page.route('**/script/**', (route) => route.abort())
    await page.context().addCookies(cookies)
    for (const path of paths) await assertConformant(page, town, path, `${path} (${width}, scripts: ${hasScripts})`)
    const kept = await page.context().cookies()
    assert.deepEqual(new Set(kept.map(({ domain }) => domain)), new Set([new URL(town.url).hostname]), '3.1')
    await page.context().close()
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
