/** A form may ask which days count in the town; the browser is told of the calendar only then. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../../../engine/feel/index.ts'
import { renderQuestions } from '../../../forms/server/form/render/questions.ts'
import { resolve } from '../../../forms/server/form/resolve.ts'
import { loadTown } from '../../../processes/town.ts'
import { formOf, lookOf, NOW } from './filled.ts'

const { calendario: calendar } = await loadTown()
const nextDay = { type: 'text', text: 'Si riprende il {{ string(next working day(date("2026-12-24"))) }}' }
const onHolidays = {
  type: 'textfield',
  key: 'motivo',
  label: 'Perché di festa?',
  conditional: { hide: '=not(is holiday(date("2027-03-29")))' },
}
const plain = { type: 'textfield', key: 'nome', label: 'Nome' }

function page(components: readonly Readonly<Record<string, unknown>>[], known = true): string {
  const form = formOf(...components)
  const variables: Context = new Map()
  const filling = { variables, typed: null, now: NOW, ...(known && { calendar }) }
  return renderQuestions({ form, filling, nodes: resolve(form, filling) }, lookOf({})).markup
}
const shown = (markup: string): string => markup.split('<script')[0]!

test('texts and conditions count the working days of the town', () => {
  const markup = shown(page([nextDay, onHolidays]))
  assert.match(markup, /Si riprende il 28\/12\/2026/)
  assert.match(markup, /Perché di festa\?/)
})

test('the same page is made again from what the browser is told', () => {
  const form = formOf(nextDay, onHolidays)
  const [, json = ''] = /id="domande-dati">(.*?)<\/script>/s.exec(page([nextDay, onHolidays])) ?? []
  const told = JSON.parse(json) as { readonly now: number; readonly calendar: typeof calendar }
  assert.deepEqual(told.calendar, calendar)
  const given = { variables: new Map(), typed: null }
  assert.equal(
    JSON.stringify(resolve(form, { ...given, now: told.now, calendar: told.calendar })),
    JSON.stringify(resolve(form, { ...given, now: NOW, calendar })),
  )
})

test('a form that counts no days does not tell the calendar', () => {
  assert.equal(page([plain]).includes('festivita'), false)
})

test('without a calendar nobody knows', () => {
  assert.doesNotMatch(shown(page([nextDay], false)), /28\/12\/2026/)
})
