/** A form with every component in Chromium: accessible as it is, with faults and step by step, worked with the keyboard alone. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import express from 'express'
import type { Page } from 'playwright-core'
import { type Context, fromJson } from '../../engine/feel/index.ts'
import { type Asking, begin, hear, lookAt, type Turn } from '../../forms/server/form/conversation.ts'
import { renderFaults } from '../../forms/server/form/render/faults.ts'
import { encodingOf, QUESTIONS_SCRIPT, renderQuestions } from '../../forms/server/form/render/questions.ts'
import { html } from '../../forms/server/html.ts'
import { assets, KIT, STYLE } from '../../forms/server/shell/assets.ts'
import { securityHeaders } from '../../forms/server/shell/headers.ts'
import { formOf, NOW } from '../pages/form/filled.ts'
import { assertAccessible, openChromium, withoutChromium } from './chromium.ts'

const values = [
  { label: 'Uno', value: 'UNO' },
  { label: 'Due', value: 'DUE' },
]
const required = { validate: { required: true } }
const group = (id: string, step: string, ...components: readonly object[]) => ({
  ...{ type: 'group', id, label: step, properties: { step } },
  components: components.map((component, index) => ({ id: `${id}_${index}`, ...component })),
})
const STEPS = [
  group(
    'entrate',
    'Domande',
    { type: 'textfield', key: 'nome', label: 'Nome', description: 'Come sul documento', ...required },
    { type: 'textarea', key: 'note', label: 'Note', ...required },
    { type: 'number', key: 'metri', label: 'Superficie', appearance: { suffixAdorner: 'mq' }, ...required },
    { type: 'checkbox', key: 'si', label: 'Confermo', ...required },
    { type: 'datetime', subtype: 'date', key: 'giorno', dateLabel: 'Giorno', ...required },
    { type: 'datetime', subtype: 'datetime', key: 'quando', label: 'Quando', ...required },
    { type: 'radio', key: 'uno', label: 'Una sola', values, ...required },
    { type: 'select', key: 'scelta', label: 'Scelta', values, ...required },
    { type: 'checklist', key: 'tante', label: 'Quante vuoi', values, ...required },
    { type: 'taglist', key: 'parole', label: 'Parole', values, ...required },
    { type: 'filepicker', key: 'copia', label: 'Copia', multiple: true, ...required },
  ),
  group(
    'mostre',
    'Contenuti',
    { type: 'text', text: '# Titolo\n\nTesto **forte** e [un indirizzo](https://a.example)' },
    { type: 'html', content: '<h2>Altro</h2><table><tr><th>a</th></tr><tr><td>b</td></tr></table>' },
    {
      type: 'image',
      source: 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==',
      alt: 'Punto',
    },
    { type: 'image', source: 'https://altrove.example/x.png', alt: 'Foto' },
    { type: 'iframe', url: 'https://mappe.example/', label: 'Mappa' },
    { type: 'documentPreview', label: 'Atti', dataSource: '=[{id: "1", nome: "atto.pdf", tipo: "application/pdf"}]' },
    { type: 'separator' },
    { type: 'spacer', height: 20 },
    { type: 'futuro' },
    { type: 'button', action: 'reset', label: 'Ricomincia' },
    {
      type: 'table',
      label: 'Persone',
      dataSource: '=r',
      rowCount: 2,
      columns: [
        { label: 'Nome', key: 'n' },
        { label: 'Età', key: 'e' },
      ],
    },
    {
      type: 'dynamiclist',
      path: 'figli',
      label: 'Figli',
      properties: { rowsMin: '2' },
      components: [{ type: 'textfield', id: 'f', key: 'n', label: 'Nome del figlio', ...required }],
    },
  ),
]
const ASKING: Asking = {
  form: formOf(...STEPS),
  variables: fromJson('{"r":[{"n":"Zoe","e":9},{"n":"Ada","e":10},{"n":"Bo","e":8}]}') as Context,
  ...{ now: NOW, attachments: null, practice: null, inSteps: true, final: ['invia'] },
}

/** The conversation as the shell would hold it; files are read and dropped. */
async function servePage(t: TestContext, asking: Asking): Promise<string> {
  const app = express()
  app.use(securityHeaders(false, []), assets())
  const send = (turn: Turn): string => {
    const look = lookAt(turn, { language: 'it', headingLevel: 2 })
    const questions = html`${renderFaults(turn.nodes, look)}<form method="post"${encodingOf(turn)} novalidate><button class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="avanti">Avanti</button>${renderQuestions(turn, look)}<button class="btn btn-primary" name="azione" value="avanti">Avanti</button></form>`
    const page = html`<html lang="it"><title>Modulo</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${KIT}/css/bootstrap-italia.min.css"><link rel="stylesheet" href="${STYLE}"><script src="${QUESTIONS_SCRIPT}" defer></script><main class="container">${turn.isComplete ? html`<h1>Fatto</h1>` : html`<h1>Modulo</h1>${questions}`}</main></html>`
    return `<!doctype html>${page.markup}`
  }
  app.get('/', (_request, response) => void response.send(send(begin(asking))))
  app.post('/', async (request, response) => {
    const given = await new Response(await bytesOf(request), {
      headers: { 'content-type': request.headers['content-type']! },
    }).formData()
    const body: Record<string, string[]> = {}
    for (const [name, text] of given) if (typeof text === 'string') body[name] = [...(body[name] ?? []), text]
    response.send(send(await hear(asking, { body, files: [] })))
  })
  const server = app.listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
const bytesOf = async (request: AsyncIterable<Uint8Array>): Promise<Blob> => {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of request) pieces.push(new Uint8Array(piece))
  return new Blob(pieces)
}

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    'document.activeElement.name || document.activeElement.id || document.activeElement.textContent',
  )

/** Tabs on until the focus is there. */
async function tabTo(page: Page, where: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    const here = await focused(page)
    if (typeof where === 'string' ? here === where : where.test(here)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Expected the keyboard to reach ${where}, but it stands at ${await focused(page)}`)
}

test('every component, its faults and every step: nothing that axe finds, nothing wider than a phone', {
  skip: withoutChromium,
}, async (t) => {
  const page = await (await openChromium(t)).newWindow()
  await page.goto(await servePage(t, ASKING))
  await assertAccessible(page, 'questions')
  await page.getByRole('button', { name: 'Avanti' }).last().click()
  await page.getByText('Ci sono alcune informazioni mancanti o errate').waitFor()
  assert.equal(await page.evaluate('document.activeElement.id'), 'errori')
  assert.equal(await page.locator('#errori li').count(), 11, 'each required question is named')
  await assertAccessible(page, 'questions with faults')
  for (const link of await page.locator('#errori a').all()) {
    const target = (await link.getAttribute('href'))!
    assert.equal(await page.locator(target).count(), 1, target)
  }
  await page.goto(await servePage(t, { ...ASKING, inSteps: false }))
  await assertAccessible(page, 'all on one page')
  await page.getByRole('button', { name: 'Avanti' }).last().click()
  await page.getByText('Figli: Aggiungi almeno 2 voci').first().waitFor()
  await assertAccessible(page, 'all on one page with faults')
})

test('with the keyboard alone: a chosen file stays chosen while one types, rows and tables move without the server, steps go on', {
  skip: withoutChromium,
}, async (t) => {
  const [, shown] = STEPS
  const asked = group(
    'domande',
    'Domande',
    { type: 'textfield', key: 'nome', label: 'Nome', ...required },
    { type: 'filepicker', key: 'copia', label: 'Copia' },
    { type: 'text', text: 'Ciao {{nome}}' },
  )
  const page = await (await openChromium(t)).newWindow()
  await page.goto(await servePage(t, { ...ASKING, form: formOf(asked, shown!) }))
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-') })
  await tabTo(page, 'nome')
  await page.keyboard.type('Ada')
  await page.getByText('Ciao Ada').waitFor()
  assert.equal(await page.evaluate("document.querySelector('input[type=file]').files[0].name"), 'a.pdf')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Contenuti' }).waitFor()
  await tabTo(page, '@mostre_10')
  await page.keyboard.press('Enter')
  await page.locator('th[aria-sort=ascending]').waitFor()
  assert.deepEqual(await page.locator('tbody').last().locator('td').allTextContents(), ['Ada', '10', 'Bo', '8'])
  assert.equal(await focused(page), '@mostre_10', 'the focus stays on the heading')
  await tabTo(page, 'figli[0].n')
  await page.keyboard.type('Uno')
  await tabTo(page, /^riga$/)
  await page.keyboard.press('Enter')
  assert.equal(await focused(page), 'figli[1].n')
  await page.keyboard.type('Due')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Fatto' }).waitFor()
})
