/** Questions that follow the answers while a person types: what stands on the page is what the server would have sent. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import express from 'express'
import type { Page } from 'playwright-core'
import { type Context, fromJson } from '../../engine/feel/index.ts'
import { renderPage } from '../../forms/server/form/render/page.ts'
import { QUESTIONS_SCRIPT, renderQuestions } from '../../forms/server/form/render/questions.ts'
import { resolve } from '../../forms/server/form/resolve.ts'
import { typedIn } from '../../forms/server/form/typed.ts'
import { html } from '../../forms/server/html.ts'
import { assets, STYLE } from '../../forms/server/shell/assets.ts'
import { securityHeaders } from '../../forms/server/shell/headers.ts'
import { formOf, lookOf, NOW } from '../pages/form/filled.ts'
import { assertAccessible, openChromium, withoutChromium } from './chromium.ts'

const hidden = (hide: string) => ({ conditional: { hide } })
const FORM = formOf(
  { type: 'textfield', key: 'who', label: 'Who', validate: { required: true } },
  {
    type: 'radio',
    key: 'kind',
    label: 'Kind of {{who}}',
    values: [
      { label: 'Small', value: 's' },
      { label: 'Large', value: 'l' },
    ],
  },
  { type: 'number', key: 'size', label: 'Size', ...hidden('=not(kind = "l")'), validate: { min: '=least' } },
  { type: 'expression', key: 'price', expression: '=if size = null then 0 else size * 0.1 + 0.2' },
  { type: 'text', text: '**Price** {{price}} from {{string(date("2027-03-01") + duration("P1D"))}}' },
  {
    type: 'select',
    key: 'colour',
    label: 'Colour',
    valuesExpression: '=if kind = "l" then ["red", "blue"] else ["red"]',
  },
  { type: 'textarea', key: 'note', label: 'Note', readonly: '=kind = "s"' },
  { type: 'datetime', subtype: 'date', key: 'day', label: 'Day', ...hidden('=price < 1') },
  {
    type: 'dynamiclist',
    path: 'people',
    label: 'People',
    components: [
      { type: 'textfield', id: 'n', key: 'name', label: 'Name' },
      { type: 'checkbox', id: 'c', key: 'minor', label: 'Minor' },
      {
        type: 'textfield',
        id: 'g',
        key: 'guardian',
        label: 'Guardian of {{this.name}}',
        ...hidden('=not(this.minor)'),
      },
    ],
  },
)
const VARIABLES = '{"least":10,"secret":"nobody looks at this","note":"kept"}'
const filling = { variables: fromJson(VARIABLES) as Context, typed: null, now: NOW }

/** A page with the form alone, as the shell sends pages; resolves with its address. */
async function servePage(t: TestContext): Promise<string> {
  const app = express()
  app.use(securityHeaders(false, []), assets())
  app.get('/', (_request, response) => {
    const questions = renderQuestions({ form: FORM, filling, nodes: resolve(FORM, filling) }, lookOf({}))
    const page = html`<html lang="it"><title>Form</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${STYLE}"><script src="${QUESTIONS_SCRIPT}" defer></script><main><h1>Form</h1><form method="post"><button class="visually-hidden" name="azione" value="avanti">Go</button>${questions}</form></main></html>`
    response.send(`<!doctype html>${page.markup}`)
  })
  const server = app.listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const ENTRIES = `[...new FormData(document.querySelector('form'))].reduce(
  (all, [name, text]) => ({ ...all, [name]: [...(all[name] ?? []), text] }), {})`

/** What the page holds is what the server would make of it. */
async function assertInStep(page: Page): Promise<void> {
  const typed = typedIn(await page.evaluate(ENTRIES))
  const wanted = renderPage(resolve(FORM, { ...filling, typed }), { ...lookOf({}), isLive: true }).markup
  const [found, expected] = await page.evaluate<[string, string]>(
    `((markup) => {
      const fresh = document.createElement('div')
      fresh.innerHTML = markup
      const text = (one) => one.innerHTML
      return [text(document.getElementById('domande')), text(fresh)]
    })(${JSON.stringify(wanted)})`,
  )
  assert.equal(found, expected)
}

test('questions come, go and change with the answers', { skip: withoutChromium }, async (t) => {
  const page = await (await openChromium(t)).newWindow()
  await page.goto(await servePage(t))
  assert.doesNotMatch(await page.content(), /nobody looks at this/)
  await page.getByLabel('Who').pressSequentially('Ada')
  await page.getByText('Kind of Ada').waitFor()
  await page.getByLabel('Large').check()
  await page.getByLabel('Size').fill('123456789012345678,5')
  await page.getByText('Price 12345678901234568,05').waitFor()
  assert.match((await page.locator('[role=status]').textContent()) ?? '', /Size|Day/)
  await page.getByLabel('Day').fill('2027-03-04')
  await page.getByLabel('Colour').selectOption('blue')
  await assertInStep(page)
  await page.getByRole('button', { name: 'Aggiungi a «People»' }).click()
  assert.equal(await page.evaluate('document.activeElement.name'), 'people[1].name')
  await page.keyboard.type('Bo')
  await page.getByLabel('Minor').nth(1).check()
  await page.getByLabel('Guardian of Bo').fill('Cy')
  await assertInStep(page)
  await assertAccessible(page, 'form')
  await page.getByRole('button', { name: 'Rimuovi «People» 1' }).click()
  assert.equal(await page.getByLabel('Guardian of Bo').inputValue(), 'Cy')
  await page.getByLabel('Small').check()
  assert.equal(await page.getByLabel('Size').count(), 0)
  assert.equal(await page.getByLabel('Colour').inputValue(), '')
  await assertInStep(page)
})
