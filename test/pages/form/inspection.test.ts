/** The form of an inspection, without script: what is asked where it was done, and where it was not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Context, fromJson } from '../../../engine/feel/index.ts'
import { submissionOf } from '../../../forms/server/form/data.ts'
import type { Node } from '../../../forms/server/form/page.ts'
import { resolve } from '../../../forms/server/form/resolve.ts'
import { parseForm } from '../../../forms/server/form/schema.ts'
import { typedIn } from '../../../forms/server/form/typed.ts'
import { validate } from '../../../forms/server/form/validate.ts'
import { textOf } from '../../house/sources.ts'
import { markupOf, NOW } from './filled.ts'

const form = parseForm(textOf('forms/form-sopralluogo.form'))
const DATA = JSON.stringify({
  pratica: { id: 'p', protocollo: { numero: '0000001', anno: 2027 } },
  oggetto: 'Cantiere',
  luogo: { indirizzo: 'via Garibaldi 3' },
  motivo: 'Controllo della superficie',
  scadenzeSopralluogo: { entro: { giorno: '2027-07-15' } },
  operatore: { id: 'carla.comandante', nome: 'Carla', cognome: 'Leoni' },
})
const WHEN = ['2027-07-15', '10:30']
const answered = (typed: Readonly<Record<string, string | readonly string[]>>): readonly Node[] =>
  resolve(form, {
    variables: fromJson(DATA) as Context,
    typed: typedIn({ 'sopralluogo.data': WHEN, ...typed }),
    now: NOW,
    certified: new Set(),
  })
const faultsOf = (nodes: readonly Node[]): readonly string[] => [...validate(nodes).keys()]

test('whoever was there says what was found; where, if it is known; the record names who it was', () => {
  const found = answered({
    'sopralluogo.esito': 'DIFFORME',
    'sopralluogo.misure': '30,5',
    'sopralluogo.posizione': '43.8801, 11.0966',
  })
  assert.deepEqual(faultsOf(found), [])
  const { esito, misure, posizione, operatore } = JSON.parse(submissionOf(found)).sopralluogo
  assert.deepEqual([esito, misure, posizione, operatore], ['DIFFORME', 30.5, '43.8801, 11.0966', 'Carla Leoni'])
  const nowhere = answered({ 'sopralluogo.esito': 'CONFORME', 'sopralluogo.posizione': 'davanti al bar' })
  assert.deepEqual(faultsOf(nowhere), ['sopralluogo.posizione'])
})

test('whoever could not do it says why, and is asked for no measure', () => {
  const missed = answered({ 'sopralluogo.esito': 'NON_ESEGUITO', 'sopralluogo.misure': '30' })
  assert.deepEqual(faultsOf(missed), ['sopralluogo.motivo'])
  assert.equal(JSON.parse(submissionOf(missed)).sopralluogo.misure, undefined)
  assert.match(markupOf(missed), /via Garibaldi 3.*15\/07\/2027/s)
})
