/** Debian's Chromium, driven by playwright-core, and axe in its pages. Where there is none, tests say so. */
import assert from 'node:assert/strict'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
/** No sandbox, because tests may run as root; nothing that would ask the network by itself. */
const ARGUMENTS = [
  '--headless',
  // In whose order a person types the parts of a date.
  '--lang=en-US',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** The other tests run at the same time. */
export const PATIENCE_MS = 60_000
export const PHONE = { width: 360, height: 740 }
export const DESKTOP = { width: 1280, height: 900 }
/** What is left of 1280 pixels at a zoom of 400 %. */
const ZOOMED = { width: 320, height: 800 }
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
const executable = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((directory) => NAMES.map((name) => join(directory, name)))
  .find(isProgram)

/** The reason to skip a test, or false. */
export const withoutChromium: string | false = executable === undefined ? 'no Chromium found' : false

/** For tests that launch it themselves. */
export const CHROMIUM = { executablePath: executable, args: ARGUMENTS, timeout: PATIENCE_MS }

/** Opens windows of a browser that ends with the test. A script that fails, or a file that a page lacks, fails it. */
export async function openChromium(
  t: TestContext,
): Promise<{ newWindow(differences?: BrowserContextOptions): Promise<Page> }> {
  const browser = await chromium.launch({ executablePath: executable, args: ARGUMENTS, timeout: PATIENCE_MS })
  t.after(() => browser.close())
  const errors: string[] = []
  t.after(() => assert.deepEqual(errors, [], 'pages reported errors'))
  return {
    async newWindow(differences = {}) {
      const context: BrowserContext = await browser.newContext({
        viewport: DESKTOP,
        locale: 'it-IT',
        ...differences,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
      page.on('response', (response) => {
        const isPage = response.request().resourceType() === 'document'
        if (!isPage && response.status() >= 400) errors.push(`${response.url()}: ${response.status()}`)
      })
      return page
    },
  }
}

/** No violation of WCAG 2.1, levels A and AA, that axe can find, and no sideways scrolling on a phone (1.4.10). */
export async function assertAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(axeSource)
  const { violations, passes } = await page.evaluate<AxeResults>(`axe.run({ runOnly: ${JSON.stringify(RULES)} })`)
  const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`))
  assert.deepEqual(found, [], `${name} (${page.url()})`)
  assert.ok(passes.length > 5, `axe looked at ${name}`)
  const size = page.viewportSize() ?? DESKTOP
  await page.setViewportSize(ZOOMED)
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  await page.setViewportSize(size)
  assert.ok(width <= ZOOMED.width, `${name} is ${width} pixels wide on a phone`)
}
