/** What every page must keep to, whoever sees it: WCAG as far as axe sees, weight, fonts, hosts, the links at its foot (C.SE). */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { assertAccessible } from './chromium.ts'
import type { Shown } from './crawl.ts'
import { WEIGHT_MAX } from './wire.ts'

const FACES = /^"?(?:Titillium Web|Lora|Roboto Mono)"?/

const PAGE = `(() => {
  const family = (element) => getComputedStyle(element).fontFamily
  const texts = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6,p'), ...document.querySelectorAll('h1 *,h2 *,h3 *,p *')]
  const href = (element) => document.querySelector(element)?.getAttribute('href') ?? ''
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  return {
    families: [...new Set(texts.map(family))],
    isLoaded: document.fonts.check('16px "Titillium Web"'),
    headings: document.querySelectorAll('h1').length,
    doubled: ids.filter((id, index) => ids.indexOf(id) !== index),
    accessibility: href('footer [data-element="accessibility-link"]'),
    privacy: href('footer [data-element="privacy-policy-link"]'),
    appointment: href('[data-element="appointment-booking"]'),
    steps: document.querySelectorAll('.steppers-header li').length,
    current: document.querySelectorAll('.steppers-header li[aria-current=step]').length,
    told: Number(/(?:Passo|Step) \\d+ (?:di|of) (\\d+)/.exec(document.querySelector('.steppers-index')?.textContent ?? '')?.[1] ?? 0),
  }
})()`

interface Facts {
  readonly families: readonly string[]
  readonly isLoaded: boolean
  readonly headings: number
  readonly doubled: readonly string[]
  readonly accessibility: string
  readonly privacy: string
  readonly appointment: string
  readonly steps: number
  readonly current: number
  /** How many steps the page says there are. */
  readonly told: number
}

interface Seen {
  /** That came over the wire, with headers; the page itself compressed, as the server sends it. */
  readonly bytes: number
  readonly hosts: ReadonlySet<string>
}

/** Shows in the browser what a person was shown, with nothing kept from before. Ours: whether scripts of ours may come. */
async function show(page: Page, { address, status, headers, markup }: Shown, hasScripts: boolean): Promise<Seen> {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const hosts = new Set<string>()
  const loaded = new Map<string, number>()
  let bytes = gzipSync(markup).byteLength
  session.on('Network.requestWillBeSent', ({ request, requestId, type }) => {
    hosts.add(new URL(request.url).host)
    if (type !== 'Document') loaded.set(requestId, 0)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (loaded.has(requestId)) bytes += encodedDataLength
  })
  await page.route('**/*', (route) => {
    const request = route.request()
    if (request.isNavigationRequest() && request.frame() === page.mainFrame())
      return route.fulfill({ status, headers, body: markup })
    return hasScripts || !request.url().includes('/script/') ? route.continue() : route.abort()
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  await page.unrouteAll({ behavior: 'wait' })
  await session.detach()
  hosts.delete('')
  return { bytes, hosts }
}

export async function assertConformant(page: Page, shown: Shown, hasScripts: boolean): Promise<void> {
  const { name, address, status, isOfStaff } = shown
  const { bytes, hosts } = await show(page, shown, hasScripts)
  await assertAccessible(page, name)
  const facts = await page.evaluate<Facts>(PAGE)
  assert.ok(bytes > 0 && bytes <= WEIGHT_MAX, `4.1: ${name} weighs ${bytes} bytes`)
  assert.deepEqual([...hosts], [new URL(address).host], `3.1: ${name} asks no other host`)
  assert.deepEqual(
    facts.families.filter((family) => !FACES.test(family)),
    [],
    `1.3: ${name}`,
  )
  assert.equal(facts.isLoaded, true, `1.3: ${name}`)
  assert.equal(facts.headings, 1, name)
  assert.deepEqual(facts.doubled, [], name)
  assert.match(facts.accessibility, /^https:\/\/form\.agid\.gov\.it\//, `3.2: ${name}`)
  assert.match(facts.privacy, /^\/privacy$/, `3.3: ${name}`)
  if (!isOfStaff) assert.match(facts.appointment, /^\/appuntamento/, `2.2: ${name}`)
  if (/[?&]passo=/.test(address) && (status < 400 || status === 422))
    assert.ok(facts.steps > 1 && facts.steps === facts.told && facts.current === 1, `1.8: ${name}`)
}
