/**
 * The desk in a real browser: by keyboard alone, on a phone, without script; axe at every page and error state.
 * One town, several clerks; the journey from the citizen's form to the archive is journey.test.ts.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { fileOnline } from '../pages/declaration.ts'
import { openTown, type TownUnderTest, until, untilShown } from '../pages/town.ts'
import { assertAccessible, CHROMIUM, DESKTOP, PHONE, withoutChromium } from './chromium.ts'
import { fetched, WEIGHT_MAX } from './wire.ts'

const PICTURES = process.env.ITER_PICTURES
const KB = 1024

let town: TownUnderTest
let chrome: Browser
let instance = ''

describe('the desk in Chromium', { skip: withoutChromium }, () => {
  before(async () => {
    town = await openTown({ at: '2027-03-01T09:00:00Z' })
    chrome = await chromium.launch(CHROMIUM)
    const mario = await town.browser().signIn('Mario Rossi')
    const ids = [await fileOnline(mario), await fileOnline(mario)]
    for (const id of ids) await untilShown(mario, `/pratiche/${id}/ricevuta`, /\d{7}\/2027/)
    instance = String((await town.database('practice').where({ id: ids[0]! }).first()).process_instance_key)
    const pdf = { nome: 'contratto.pdf', tipo: 'application/pdf', pratica: ids[0]! }
    await town.documents.put(Buffer.from('%PDF-1.7\n%%EOF'), pdf)
    const clerk = await town.browser().signIn('Ugo Ferri')
    await until(
      async () => (await clerk.open('/scrivania')).text,
      (text) => /2 compiti/.test(text),
    )
  })
  after(async () => {
    await chrome?.close()
    await town?.close()
  })

  /** A window of a person. */
  async function windowOf(name: string, { isPhone = false, hasScript = true } = {}) {
    const context = await chrome.newContext({
      viewport: isPhone ? PHONE : DESKTOP,
      javaScriptEnabled: hasScript,
      locale: 'it-IT',
    })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(`${page.url()}: ${error.message}`))
    await page.goto(`${town.url}/accedi`)
    await page.getByRole('button', { name: `Entra come ${name}` }).click()
    const open = async (path: string): Promise<Page> => {
      await page.goto(town.url + path)
      return page
    }
    return { page, open, errors, close: () => context.close() }
  }

  async function look(page: Page, name: string): Promise<void> {
    await assertAccessible(page, name)
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `desk-${name}.png`), fullPage: true })
  }

  test('every page and error state is accessible, at both widths', async () => {
    const { page, open, errors, close } = await windowOf('Ugo Ferri')
    for (const [path, name] of [
      ['/scrivania', 'queue'],
      ['/scrivania?cerca=nessuno', 'queue-empty'],
      ['/scrivania/aiuto', 'help'],
      ['/scrivania/pratiche', 'practices'],
      [`/scrivania/pratiche/${instance}`, 'instance'],
      [`/scrivania/pratiche/${instance}/ricevuta`, 'receipt'],
      ['/scrivania/problemi', 'incidents'],
      ['/scrivania/sportello?cerca=rossi', 'counter'],
      ['/scrivania/compiti/1', 'no-task'],
    ] as const) {
      await look(await open(path), name)
      await page.setViewportSize(PHONE)
      await look(page, `${name}-phone`)
      await page.setViewportSize(DESKTOP)
    }
    await open('/scrivania')
    await page.getByRole('link', { name: 'Registra la dichiarazione' }).first().click()
    await look(page, 'task')
    await page.getByRole('button', { name: 'Completa', exact: true }).last().click()
    await page.locator('#errori').waitFor()
    await look(page, 'task-with-errors')
    await page.locator('#nota').fill(' ')
    await page.getByRole('button', { name: 'Aggiungi la nota' }).click()
    await look(page, 'note-with-errors')
    assert.deepEqual(errors, [])
    await close()
  })

  test('with the keyboard alone: the queue, a task, a draft that outlives the window, the help and its switch', async () => {
    const first = await windowOf('Sara Conti')
    const { page } = first
    const { keyboard } = page
    await page.goto(`${town.url}/scrivania/aiuto`)
    await keyboard.press('u')
    await page.waitForURL(/\/scrivania$/)
    await keyboard.press('?')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await assertAccessible(page, 'shortcuts')
    await dialog.getByRole('button', { name: 'Scorciatoie attive' }).press('Enter')
    await keyboard.press('Escape')
    await keyboard.press('?')
    assert.equal(await dialog.isVisible(), false)
    assert.deepEqual(first.errors, [])
    await first.close()

    const officer = await windowOf('Ugo Ferri')
    await officer.open('/scrivania')
    await officer.page.keyboard.press('/')
    await officer.page.keyboard.type('rossi jkx?')
    assert.equal(await officer.page.getByRole('dialog').isVisible(), false)
    await officer.open('/scrivania')
    await officer.page.keyboard.press('j')
    await officer.page.keyboard.press('x')
    await officer.page.keyboard.press('p')
    await officer.page.getByText('Hai preso in carico «Registra la dichiarazione».').waitFor()
    await officer.page.keyboard.press('j')
    await officer.page.keyboard.press('Enter')
    await officer.page.getByRole('heading', { level: 1, name: 'Registra la dichiarazione' }).waitFor()
    const address = officer.page.url()
    await officer.page.getByLabel('Codice famiglia').focus()
    await officer.page.keyboard.type('4711')
    await officer.page.getByText('Quello che scrivi è salvato.').waitFor()
    await officer.close()
    const again = await windowOf('Ugo Ferri')
    await again.page.goto(address)
    assert.equal(await again.page.getByLabel('Codice famiglia').inputValue(), '4711')
    await again.page.keyboard.press('l')
    await again.page.getByText('Hai rilasciato «Registra la dichiarazione».').waitFor()
    assert.deepEqual([...officer.errors, ...again.errors], [])
    await again.close()
  })

  test('without script, on a phone: claim, note, document, receipt', async () => {
    const { page, open, close } = await windowOf('Ugo Ferri', { isPhone: true, hasScript: false })
    await open('/scrivania')
    await page.getByRole('link', { name: 'Registra la dichiarazione' }).first().click()
    await page.getByRole('button', { name: 'Prendi in carico' }).click()
    await page.getByRole('button', { name: 'Annulla' }).click()
    await page.getByText('Hai rilasciato «Registra la dichiarazione».').waitFor()
    await open(`/scrivania/pratiche/${instance}`)
    assert.equal(await page.getByRole('link', { name: 'contratto.pdf' }).isVisible(), true)
    for (const preview of await page.getByText('Anteprima').all()) assert.equal(await preview.isVisible(), false)
    await page.locator('#nota').fill('scritta senza script')
    await page.getByRole('button', { name: 'Aggiungi la nota' }).click()
    await page.getByText('scritta senza script').waitFor()
    await page.getByRole('link', { name: 'Apri la ricevuta' }).click()
    await page.getByText('Firma dell’addetto').waitFor()
    await close()
  })

  test('no page weighs more than 300 kB, fetched by a browser that has nothing yet', async () => {
    for (const path of [
      '/scrivania',
      `/scrivania/pratiche/${instance}`,
      '/scrivania/sportello/comune.anagrafe.residenza',
    ]) {
      const { page, close } = await windowOf('Ugo Ferri')
      const { bytes } = await fetched(page, town.url + path)
      assert.ok(bytes > 10 * KB && bytes <= WEIGHT_MAX, `${path}: ${Math.round(bytes / KB)} kB`)
      await close()
    }
  })
})
