/** An area drawn on the map of a form, by keyboard and by pointer: what the form holds is what the server reads. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, type TestContext, test } from 'node:test'
import express from 'express'
import type { Page } from 'playwright-core'
import { polygonIn, squareMetres } from '../../connectors/gis/geometry/polygon.ts'
import { MAP, MAP_REACH } from '../../forms/server/form/map-field.ts'
import { QUESTIONS_SCRIPT, renderQuestions } from '../../forms/server/form/render/questions.ts'
import { resolve } from '../../forms/server/form/resolve.ts'
import { typedIn } from '../../forms/server/form/typed.ts'
import { html } from '../../forms/server/html.ts'
import { assets, KIT, STYLE } from '../../forms/server/shell/assets.ts'
import { securityHeaders } from '../../forms/server/shell/headers.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { formOf, lookOf, NOW } from '../pages/form/filled.ts'
import { assertAccessible, openChromium, withoutChromium } from './chromium.ts'

const opened = await openPlatforms()
after(() => opened[Symbol.asyncDispose]())

const FORM = formOf(
  { type: 'textfield', key: 'area.via', label: 'Via' },
  { type: 'textfield', key: 'area.civico', label: 'Civico' },
  { type: 'number', key: 'area.mq', label: 'Metri quadrati', decimalDigits: 1 },
  { type: 'textfield', key: 'area.poligono', label: 'Area sulla mappa', properties: { map: 'area' } },
)

/** A page with the form alone, and the map of the sample town. */
async function servePage(t: TestContext, typed: Readonly<Record<string, string>> | null = null): Promise<string> {
  const app = express()
  app.use(securityHeaders(false, []), assets())
  app.get('/', (_request, response) => {
    const filling = { variables: new Map(), typed: typed && typedIn(typed), now: NOW }
    const questions = renderQuestions({ form: FORM, filling, nodes: resolve(FORM, filling) }, lookOf({}))
    const page = html`<html lang="it"><title>Form</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${KIT}/css/bootstrap-italia.min.css"><link rel="stylesheet" href="${STYLE}"><script src="${QUESTIONS_SCRIPT}" type="module"></script><main><h1>Form</h1><form method="post">${questions}</form></main></html>`
    response.send(`<!doctype html>${page.markup}`)
  })
  app.get(MAP, async (request, response) => {
    const query = new URL(request.originalUrl, 'http://here').searchParams
    const [longitude, latitude] = (query.get('punto') ?? '').split(',').map(Number)
    const around =
      longitude !== undefined && latitude !== undefined
        ? { punto: [longitude, latitude] as const }
        : { via: query.get('via') ?? '', civico: query.get('civico') }
    response.json(await opened.connectors.map.sheet(around, MAP_REACH))
  })
  const server = app.listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const textIn = (page: Page, name: string): Promise<string> =>
  page.evaluate<string>(`document.querySelector('[name="${name}"]').value`)
async function drawnSize(page: Page): Promise<number> {
  const read = polygonIn(await textIn(page, 'area.poligono'))
  assert.equal(read.fault, null)
  return read.fault === null ? squareMetres(read.polygon) : 0
}
const close = (found: number, expected: number, within: number) =>
  assert.ok(Math.abs(found - expected) <= within, `${found} is not ${expected}`)

async function openMap(page: Page, via = 'corso Italia', civico = '20'): Promise<void> {
  await page.getByLabel('Via').fill(via)
  await page.getByLabel('Civico').fill(civico)
  await page.getByRole('button', { name: 'Disegna sulla mappa' }).press('Enter')
}

test('by keyboard: the arrows lead the cursor, a corner is placed, taken back, and the size is written', {
  skip: withoutChromium,
}, async (t) => {
  const page = await (await openChromium(t)).newWindow()
  await page.goto(await servePage(t))
  await openMap(page)
  const board = page.getByRole('application', { name: 'Mappa per disegnare l’area' })
  await board.waitFor()
  assert.equal(await page.evaluate('document.activeElement.getAttribute("role")'), 'application')
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await press('Enter', 'Shift+ArrowRight', 'Shift+ArrowRight')
  await page.getByText('Cursore 10 m a est, 0 m a nord dell’indirizzo').waitFor()
  await press('Enter', 'ArrowDown', 'ArrowDown')
  await page.getByText('su corso Italia').waitFor()
  await press('Enter')
  assert.equal(await textIn(page, 'area.mq'), '10')
  await press('Shift+ArrowLeft', 'Shift+ArrowLeft', 'Enter')
  close(await drawnSize(page), 20, 0.1)
  assert.equal(await textIn(page, 'area.mq'), '20')
  await page.getByText('4 vertici. Area disegnata: 20 mq.').waitFor()
  await assertAccessible(page, 'the map')
  await press('Backspace')
  await page.getByText('3 vertici. Area disegnata: 10 mq.').waitFor()
  close(await drawnSize(page), 10, 0.1)
  await page.getByRole('button', { name: 'Cancella il disegno' }).press('Enter')
  await page.getByText('Il disegno è cancellato.').waitFor()
  assert.equal(await textIn(page, 'area.poligono'), '')
})

test('by pointer: corners where one presses; what crosses itself is said; the number written afterwards does not count', {
  skip: withoutChromium,
}, async (t) => {
  const page = await (await openChromium(t)).newWindow()
  await page.goto(await servePage(t))
  await openMap(page)
  const picture = page.locator('.iter-map-board svg')
  await picture.waitFor()
  const { width = 0, height = 0 } = (await picture.boundingBox()) ?? {}
  // Sixty metres are seen from side to side.
  const at = (east: number, north: number) =>
    picture.click({ position: { x: width * (0.5 + east / 60), y: height * (0.5 - north / 60) } })
  for (const [east, north] of [
    [-10, -5],
    [10, 5],
    [10, -5],
    [-10, 5],
  ] as const)
    await at(east, north)
  await page.getByText('Sposta i vertici: i lati dell’area si incrociano').first().waitFor()
  await page.getByRole('button', { name: 'Togli l’ultimo vertice' }).click()
  await page.getByRole('button', { name: 'Togli l’ultimo vertice' }).click()
  await page.getByRole('button', { name: 'Togli l’ultimo vertice' }).click()
  for (const [east, north] of [
    [10, -5],
    [10, 5],
    [-10, 5],
  ] as const)
    await at(east, north)
  close(await drawnSize(page), 200, 6)
  const size = await textIn(page, 'area.mq')
  close(Number(size.replace(',', '.')), 200, 6)
  await page.getByLabel('Metri quadrati').fill('150')
  await page.getByText('Hai scritto 150 mq: vale il disegno.').waitFor()
  await page.getByRole('button', { name: 'Ingrandisci' }).click()
  await assertAccessible(page, 'the map after drawing')
})

test('what was drawn before is there again; an unknown address is told, and the text goes on', {
  skip: withoutChromium,
}, async (t) => {
  const page = await (await openChromium(t)).newWindow()
  const poligono =
    'POLYGON((11.0999000 43.8800400, 11.1000200 43.8800400, 11.1000200 43.8800600, 11.0999000 43.8800600, 11.0999000 43.8800400))'
  await page.goto(
    await servePage(t, { 'area.via': 'corso Italia', 'area.civico': '20', 'area.mq': '30', 'area.poligono': poligono }),
  )
  await page.getByText('Hai scritto 30 mq: vale il disegno.').waitFor()
  await page.getByRole('button', { name: 'Disegna sulla mappa' }).click()
  assert.equal(await page.locator('.iter-map-corner').count(), 4)
  const fresh = await (await openChromium(t)).newWindow()
  await fresh.goto(await servePage(t))
  await openMap(fresh, 'via che non c’è', '1')
  await fresh.getByText('La mappa non conosce questo indirizzo.').waitFor()
  await openMap(fresh)
  await fresh.getByRole('application').waitFor()
})
