/** From the citizen's sign-in to the archived practice in a real browser, with scripts; axe looks at every page on the way. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { openTown, type TownUnderTest } from '../cases/town.ts'
import { PROCESS_ID } from '../pages/declaration.ts'
import { assertAccessible, openChromium, withoutChromium } from './chromium.ts'

/** Where the pictures for the documentation go; unset, none is taken. */
const PICTURES = process.env.ITER_PICTURES

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) })
}
async function look(page: Page, name: string): Promise<void> {
  await assertAccessible(page, name)
  await picture(page, name)
}
const press = (page: Page, name: string) =>
  page
    .locator('button:not(.visually-hidden)')
    .filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
    .first()
    .click()
/** As a person does, by the words: the kit hides the control itself. */
const choose = (page: Page, label: string | RegExp) => page.locator('label').filter({ hasText: label }).click()
const follow = (page: Page, name: string | RegExp) => page.getByRole('link', { name }).first().click()

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Entra come ${name}` }).click()
}

/** Fills in the form with mouse and keyboard, first with a gap, and sends it. Resolves with the practice's id. */
async function declareInBrowser(page: Page, town: TownUnderTest): Promise<string> {
  await page.goto(town.pages)
  await look(page, 'home')
  await follow(page, 'Cambio di residenza')
  await look(page, 'service')
  await follow(page, 'Accedi e compila la richiesta')
  await look(page, 'login')
  await signIn(page, 'Mario Rossi')
  await look(page, 'privacy')
  await press(page, 'Avanti')
  await look(page, 'privacy-with-errors')
  await choose(page, /Ho letto e compreso/)
  await press(page, 'Avanti')
  await press(page, 'Avanti')
  await page.getByLabel('Via o piazza').fill('via Libertà')
  await page.getByLabel('Numero civico').fill('12')
  await choose(page, 'Costituisco una nuova famiglia')
  await press(page, 'Salva la bozza')
  await look(page, 'draft')
  await press(page, 'Avanti')
  await choose(page, 'Da un altro comune italiano')
  await page.getByText('Fonte: ANPR').waitFor()
  await look(page, 'form')
  await press(page, 'Avanti')
  await look(page, 'form-with-errors')
  await page.getByRole('link', { name: /Data del trasferimento/ }).click()
  await page.getByLabel('Data del trasferimento').fill('2027-02-20')
  await press(page, 'Avanti')
  await page.getByLabel(/^Titolo/).selectOption('LOCAZIONE')
  await page.getByLabel('Estremi del titolo').fill('registrato a Prato, n. 1234')
  await press(page, 'Avanti')
  await press(page, 'Avanti')
  await press(page, 'Avanti')
  await choose(page, /Dichiaro il vero/)
  await press(page, 'Avanti')
  await look(page, 'summary')
  await press(page, 'Conferma e invia')
  await town.atRest()
  await page.reload()
  await look(page, 'receipt')
  return /\/pratiche\/([^/]+)\/ricevuta$/.exec(page.url())![1]!
}

/** Takes the task of that name, fills it in and completes it; ends on the queue. */
async function workInBrowser(page: Page, town: TownUnderTest, clerk: string, task: string, fill: () => Promise<void>) {
  await page.goto(`${town.pages}/scrivania`)
  await signIn(page, clerk)
  await page.goto(`${town.pages}/scrivania`)
  await look(page, `queue-${task}`)
  await follow(page, task)
  await press(page, 'Prendi in carico')
  await look(page, `task-${task}`)
  await fill()
  await press(page, 'Completa')
  await page.getByRole('heading', { name: 'Scrivania' }).waitFor()
  await town.atRest()
}

/** The page tall enough for the whole canvas of the diagram. */
async function instanceInBrowser(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 1120 })
  await page.locator('#diagramma-tela svg').waitFor()
  await look(page, 'instance')
}

test('from the sign-in to the archive, in Chromium', { skip: withoutChromium }, async (t) => {
  const town = await openTown(t)
  const { newWindow } = await openChromium(t)
  await town.at('2027-03-01T10:00')
  const citizen = await newWindow()
  const id = await declareInBrowser(citizen, town)

  await town.at('2027-03-02T10:00')
  const officer = await newWindow()
  await workInBrowser(officer, town, 'Ugo Ferri', 'Registra la dichiarazione', () =>
    choose(officer, /Ho verificato la dichiarazione/),
  )
  await town.at('2027-03-20T11:30')
  const police = await newWindow()
  await workInBrowser(police, town, 'Piero Marini', 'Accerta la dimora abituale', async () => {
    await follow(police, /^Protocollo /)
    await instanceInBrowser(police)
    await police.goBack()
    await press(police, 'Completa')
    await look(police, 'task-with-errors')
    await police.getByLabel('Numero della visita').fill('1')
    await police.getByLabel('Data della visita').fill('2027-03-20')
    await choose(police, /^Positivo$/)
  })

  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'CONFERMATA', at: '2027-03-20T11:30' })
  assert.equal(town.journals().archive.length, 1)
  await citizen.goto(`${town.pages}/pratiche/${id}`)
  await citizen.getByText('residenza confermata').first().waitFor()
  await look(citizen, 'practice')
  await citizen.goto(`${town.pages}/pratiche`)
  await look(citizen, 'practices')
  await officer.goto(`${town.pages}/scrivania/sportello/${PROCESS_ID}`)
  await look(officer, 'counter')
})
