/** The form of an opinion, without script: what is asked of an office and of whoever enters another body's answer. */
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

const form = parseForm(textOf('forms/form-parere.form'))
const asked = (canale: 'interno' | 'pec', silenzio: string): string =>
  JSON.stringify({
    pratica: { id: 'p', protocollo: { numero: '0000001', anno: 2027 } },
    oggetto: 'Trasloco',
    luogo: 'via Garibaldi 3',
    richiesta: { ente: 'Polizia municipale', canale },
    regolaSilenzio: { silenzio },
    scadenzeParere: { parere: { giorno: '2027-05-14' } },
  })
const answered = (data: string, typed: Readonly<Record<string, string>> | null): readonly Node[] =>
  resolve(form, {
    variables: fromJson(data) as Context,
    typed: typed && typedIn(typed),
    now: NOW,
    certified: new Set(),
  })
const faultsOf = (nodes: readonly Node[]): readonly string[] => [...validate(nodes).keys()]

const REASONED = { 'parere.motivazione': 'La via è stretta' }

test('an office reads what it is asked, by when, and what silence would mean', () => {
  const page = markupOf(answered(asked('interno', 'ASSENSO'), null), new Map())
  for (const told of ['Trasloco', 'via Garibaldi 3', 'Polizia municipale', '14/05/2027', 'vale come assenso'])
    assert.ok(page.includes(told), told)
  assert.doesNotMatch(page, /arrivato|dissenso|non lo sostituisce/)
  assert.match(markupOf(answered(asked('interno', 'DISSENSO'), null), new Map()), /vale come dissenso/)
  assert.match(markupOf(answered(asked('pec', 'ATTESA'), null), new Map()), /il silenzio non lo sostituisce/)
})

test('conditions are asked for where there are any, an order where the opinion is not contrary, reasons always', () => {
  const favourable = answered(asked('interno', 'ASSENSO'), { 'parere.esito': 'FAVOREVOLE' })
  assert.deepEqual(faultsOf(favourable), ['parere.motivazione'])
  const conditional = answered(asked('interno', 'ASSENSO'), { 'parere.esito': 'CON_PRESCRIZIONI', ...REASONED })
  assert.deepEqual(faultsOf(conditional), ['parere.prescrizioni'])
  assert.match(markupOf(conditional), /type="checkbox"/)
  const contrary = answered(asked('interno', 'ASSENSO'), {
    'parere.esito': 'CONTRARIO',
    'parere.ordinanzaNecessaria': 'true',
    'parere.prescrizioni': 'di prima',
    ...REASONED,
  })
  assert.deepEqual(faultsOf(contrary), [])
  assert.doesNotMatch(markupOf(contrary), /type="checkbox"|<textarea[^>]*prescrizioni/)
  const { esito, motivazione, ordinanzaNecessaria, prescrizioni } = JSON.parse(submissionOf(contrary)).parere
  assert.deepEqual(
    { esito, motivazione, ordinanzaNecessaria, prescrizioni },
    {
      ...{ esito: 'CONTRARIO', motivazione: 'La via è stretta' },
      ...{ ordinanzaNecessaria: undefined, prescrizioni: undefined },
    },
  )
})

test("whoever enters another body's answer says when it came", () => {
  const answer = { 'parere.esito': 'FAVOREVOLE', ...REASONED }
  assert.deepEqual(faultsOf(answered(asked('pec', 'ATTESA'), answer)), ['parere.data'])
  const dated = answered(asked('pec', 'ATTESA'), { ...answer, 'parere.data': '2027-05-12' })
  assert.deepEqual(faultsOf(dated), [])
  assert.equal(JSON.parse(submissionOf(dated)).parere.data, '2027-05-12')
})
