/** Names of all tables, and those of the residence change by the cases of the office. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, models } from './decided.ts'

const richiedente = { nome: 'Mario', cognome: 'Rossi', cf: 'RSSMRA85C01G273I', email: 'mario.rossi@posta.example' }
const istanza = {
  tipo: 'ALTRO_COMUNE',
  dataTrasferimento: '2027-02-20',
  comuneProvenienza: 'Prato',
  indirizzo: { via: 'via Libertà', civico: '12' },
  titolo: { tipo: 'LOCAZIONE', estremi: 'n. 123/2027', consenso: false },
}
const lacking = (path: string, value: unknown = null): object => {
  const copy = structuredClone({ richiedente, istanza })
  const names = path.split('.')
  const last = names.pop()!
  const inside = names.reduce<Record<string, unknown>>((at, name) => at[name] as Record<string, unknown>, copy)
  inside[last] = value
  return copy
}

test('each table has a name that the office reads, not its id', () => {
  const names = models.flatMap(({ path, model }) => model.decisions.map(({ id, name }) => ({ path, id, name })))
  assert.ok(names.length > 0)
  assert.deepEqual(
    names.filter(({ id, name }) => name === id || !/^[A-ZÈ]/.test(name)),
    [],
  )
})

const complete = decide('dmn-ricevibilita', { richiedente, istanza })
test('R1: nothing is missing', () => {
  assert.ok(complete === null || (Array.isArray(complete) && complete.length === 0))
})
for (const [path, named] of [
  ['istanza.indirizzo.civico', /civico/],
  ['istanza.indirizzo.via', /via/],
  ['istanza.dataTrasferimento', /data del trasferimento/],
  ['istanza.comuneProvenienza', /comune di provenienza/],
  ['richiedente.cf', /codice fiscale/],
] as const) {
  test(`R5: ${path} empty or absent is named`, () => {
    for (const value of [null, '']) {
      const missing = decide('dmn-ricevibilita', lacking(path, value)) as string[]
      assert.equal(missing.length, 1)
      assert.match(missing[0]!, named)
    }
  })
}

for (const [titolo, esito] of [
  [{ tipo: 'LOCAZIONE', estremi: 'n. 123/2027' }, 'VALIDO'],
  [{ tipo: 'PROPRIETA', estremi: '' }, 'DA_VERIFICARE'],
  [{ tipo: 'PROPRIETA', estremi: '', copia: [{ id: 'd1' }] }, 'VALIDO'],
  [{ tipo: 'PROPRIETA', copia: [] }, 'DA_VERIFICARE'],
  [{ tipo: 'ALTRO', consenso: true }, 'DA_VERIFICARE'],
  [{ tipo: 'ALTRO', consenso: true, copia: [{ id: 'd1' }] }, 'DA_VERIFICARE'],
  [{ tipo: 'ALTRO', copia: [{ id: 'd1' }] }, 'ASSENTE'],
  [{ tipo: 'ALTRO', consenso: false }, 'ASSENTE'],
  [{ tipo: 'ALTRO' }, 'ASSENTE'],
] as const) {
  test(`R6: title ${JSON.stringify(titolo)} is ${esito}`, () => {
    const decided = decide('dmn-titolo', { istanza: { ...istanza, titolo } }) as { esito: string; motivo: string }
    assert.equal(decided.esito, esito)
    if (esito === 'ASSENTE') assert.match(decided.motivo, /DL 47\/2014 art\. 5/)
  })
}

test('the terms: 2 working days, 45 days, notices on days 25, 35, 40 and 43', () => {
  const terms = decide('dmn-termini-residenza', { istanza }) as Record<string, unknown>[]
  const told = terms.map(({ nome, giorni, computo, momento }) => `${nome} ${giorni} ${computo} ${momento}`)
  assert.deepEqual(told, [
    'registrazione 2 lavorativi fine',
    'avvisoRegistrazione 1 lavorativi fine',
    'termine 45 calendario fine',
    'sollecitoAccertatori 25 calendario inizio',
    'sollecitoComandante 35 calendario inizio',
    'avvisoUfficiale 40 calendario inizio',
    'avvisoDirigente 43 calendario inizio',
  ])
})
