/** What workers make of the national registers: ANPR beside the declaration, the digital domicile, the town's own queries. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import type { RegisteredPerson } from '../../connectors/anpr/types.ts'
import type { JobOutcome } from '../../connectors/zeebe/index.ts'
import { type Context, fromJson } from '../../engine/feel/index.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { resolve } from '../../forms/server/form/resolve.ts'
import { parseForm } from '../../forms/server/form/schema.ts'
import { loadTown } from '../../processes/town.ts'
import { type DeclaredOrigin, type DeclaredPerson, differences } from '../../workers/anpr/alignment.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { markupOf } from '../pages/form/filled.ts'
import { openWorkbench } from './workbench.ts'

const now = () => Date.parse('2027-03-01T23:30:00Z')
const opened = await openPlatforms({ now })
const { platforms, connectors, journal, plan } = opened
after(() => opened[Symbol.asyncDispose]())

const query = { scopo: 'Prova.', eservice: 'inad', metodo: 'GET' as const, query: ['practicalReference'] }
const town = {
  ...(await loadTown()),
  interrogazioni: [
    ...(await loadTown()).interrogazioni,
    { ...query, nome: 'inad.estrai', percorso: '/extract/{codice_fiscale}' },
    {
      ...query,
      nome: 'anpr.corpo',
      eservice: 'anpr',
      metodo: 'POST' as const,
      percorso: '/anpr-service-e002',
      query: [],
    },
    { ...query, nome: 'nessuno', eservice: 'nessuno', percorso: '/extract' },
  ],
}
const { logged, jobOf, ...bench } = openWorkbench({ town, connectors, now })
const work = (type: string, variables: object, more: Partial<ActivatedJob> = {}) =>
  bench.work(jobOf(type, variables, more))
const completed = (type: string, variables: object) => bench.completed(jobOf(type, variables))

const pratica = {
  ...{ id: 'p-1', tipo: 'comune.anagrafe.residenza' },
  protocollo: { numero: '0000007', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' },
}
const mario = { cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: 'Rossi' }
const giulia = { cf: 'RSSGLI18P54G999I', nome: 'Giulia', cognome: 'Rossi', parentela: 'FIGLIO' }
const fromPrato = { tipo: 'ALTRO_COMUNE', comuneProvenienza: 'Prato' }

describe('anpr.verifica', () => {
  test('each person once, who declares first; ANPR is told the protocol and the day in Rome', async () => {
    const istanza = { ...fromPrato, nucleo: [giulia, { ...mario, cf: mario.cf.toLowerCase() }] }
    const { verificaAnpr } = await completed('anpr.verifica', { pratica, richiedente: mario, istanza })
    assert.deepEqual(verificaAnpr, [
      { cf: mario.cf, esito: 'PRESENTE', differenze: '' },
      { cf: giulia.cf, esito: 'PRESENTE', differenze: '' },
    ])
    assert.deepEqual(
      (await journal('anpr')).map(({ motivoRichiesta }) => motivoRichiesta),
      ['0000007/2027', '0000007/2027'],
    )
  })
  test('what differs is said to the clerk; who is not there is named, and holds nobody else up', async () => {
    const nucleo = [{ cf: 'VRDGPP70A01G273X', nome: 'Giuseppe', cognome: 'Verdi' }, giulia]
    const richiedente = { ...mario, cognome: 'Russo' }
    const istanza = { tipo: 'ALTRO_COMUNE', comuneProvenienza: 'Pistoia', nucleo }
    const { verificaAnpr } = await completed('anpr.verifica', { pratica: { id: 'p-2' }, richiedente, istanza })
    const origin = 'comune di provenienza: dichiarato Pistoia, in ANPR PRATO'
    assert.deepEqual(verificaAnpr, [
      { cf: mario.cf, esito: 'DISALLINEATO', differenze: `cognome: dichiarato Russo, in ANPR ROSSI; ${origin}` },
      { cf: 'VRDGPP70A01G273X', esito: 'NON_TROVATO', differenze: '' },
      { cf: giulia.cf, esito: 'DISALLINEATO', differenze: origin },
    ])
    assert.equal((await journal('anpr')).at(-1)?.motivoRichiesta, 'p-2')
  })
  test('while ANPR is down the job is tried again', async () => {
    await plan('anpr', 'c001', 'error-before')
    const outcome = await work('anpr.verifica', { pratica, richiedente: mario, istanza: fromPrato })
    assert.ok(outcome.kind === 'failed' && outcome.retries === 2)
  })
})

describe('declaration and ANPR', () => {
  const registered: RegisteredPerson = {
    ...{ codiceFiscale: mario.cf, nome: 'NICOLO MARIA', cognome: "D'ALI", dataNascita: '1985-03-01', isAbroad: false },
    ...{ residenza: { comune: 'FORLI’', codiceIstat: '040012' }, anomalie: [] },
  }
  const declared: DeclaredPerson = { cf: mario.cf, nome: 'Nicolò Maria', cognome: 'D’Alì', dataNascita: '1985-03-01' }
  const proprio = { codiceIstat: '999001', nome: 'Comune di Esempio' }
  const origin: DeclaredOrigin = { tipo: 'ALTRO_COMUNE', comuneProvenienza: 'Forlì', proprio }
  const here = { comune: 'ESEMPIO', codiceIstat: '999001' }
  const abroad = { residenza: null, isAbroad: true }

  type Row = readonly [
    what: string,
    declared: Partial<DeclaredPerson>,
    registered: Partial<RegisteredPerson>,
    origin: Partial<DeclaredOrigin>,
    differences: readonly string[],
  ]
  const rows: readonly Row[] = [
    ['capitals, accents and apostrophes are no difference', {}, {}, {}, []],
    ['a name', { nome: 'Nicola' }, {}, {}, ['nome: dichiarato Nicola, in ANPR NICOLO MARIA']],
    ['no name in ANPR', {}, { nome: null }, {}, ['nome: dichiarato Nicolò Maria, in ANPR assente']],
    ['what was not declared is not compared', { nome: null, cognome: '' }, {}, { comuneProvenienza: null }, []],
    [
      'the day of birth',
      { dataNascita: '1985-03-02' },
      {},
      {},
      ['data di nascita: dichiarata 02/03/1985, in ANPR 01/03/1985'],
    ],
    ['the day of birth of the tax code', { dataNascita: null }, {}, {}, []],
    [
      'a tax code with another day',
      { dataNascita: null },
      { dataNascita: '1985-03-02' },
      {},
      ['data di nascita: in ANPR 02/03/1985, diversa da quella del codice fiscale'],
    ],
    ['a woman’s tax code', { cf: giulia.cf, dataNascita: null }, { dataNascita: '2018-09-14' }, {}, []],
    ['a tax code with replaced digits', { cf: 'RSSMRA85CLMG273L', dataNascita: null }, {}, {}, []],
    ['a temporary tax code says no birth', { cf: '12345678901', dataNascita: null }, {}, {}, []],
    [
      'another municipality',
      {},
      {},
      { comuneProvenienza: 'Cesena' },
      ['comune di provenienza: dichiarato Cesena, in ANPR FORLI’'],
    ],
    [
      'from another municipality, but abroad',
      {},
      abroad,
      {},
      ['comune di provenienza: dichiarato Forlì, in ANPR AIRE'],
    ],
    ['already here', {}, { residenza: here }, { tipo: 'CAMBIO_ABITAZIONE' }, []],
    [
      'already here, but not in ANPR',
      {},
      {},
      { tipo: 'CAMBIO_ABITAZIONE' },
      ['residenza: dichiarata in questo comune (Comune di Esempio), in ANPR FORLI’'],
    ],
    ['from abroad', {}, { residenza: null }, { tipo: 'ESTERO' }, []],
    [
      'from abroad, but resident',
      {},
      {},
      { tipo: 'ESTERO' },
      ['provenienza: dichiarata dall’estero, in ANPR residenza a FORLI’'],
    ],
    ['from the AIRE', {}, abroad, { tipo: 'AIRE' }, []],
    [
      'from the AIRE, but not in it',
      {},
      {},
      { tipo: 'AIRE' },
      ['provenienza: dichiarata iscrizione all’AIRE, in ANPR FORLI’'],
    ],
    [
      'what ANPR finds wrong',
      {},
      { anomalie: ['EA030 doppia residenza'] },
      {},
      ['ANPR segnala: EA030 doppia residenza'],
    ],
    ['a procedure without origin', {}, {}, { tipo: null }, []],
  ]
  for (const [what, one, other, where, expected] of rows) {
    test(what, () => {
      const found = differences({ ...declared, ...one }, { ...registered, ...other }, { ...origin, ...where })
      assert.deepEqual(found, expected)
    })
  }
})

describe('domicilio.risolvi', () => {
  const lucia = { cf: 'BNCLCU90E45G999C' }
  for (const [what, persona, domicilioDigitale] of [
    ['elected in INAD', lucia, 'lucia.bianchi@pec.example'],
    ['elected none', mario, null],
    ['without a tax code', { cf: null }, null],
  ] as const) {
    test(what, async () => {
      assert.deepEqual(await completed('domicilio.risolvi', { pratica, persona }), { domicilioDigitale })
    })
  }
  test('while INAD is down the job is tried again, and at the last attempt the diagram goes on without it', async () => {
    await plan('inad', 'extract', 'error-before')
    const first = await work('domicilio.risolvi', { pratica, persona: lucia })
    assert.ok(first.kind === 'failed' && first.retries === 2)
    await plan('inad', 'extract', 'error-before')
    const last = await work('domicilio.risolvi', { pratica, persona: lucia }, { retries: 1 })
    assert.ok(last.kind === 'error' && last.errorCode === 'SERVIZIO_NON_DISPONIBILE')
  })
  test('a tax code that INAD refuses does not hold the diagram up', async () => {
    const refused = await work('domicilio.risolvi', { pratica, persona: { cf: 'X' } })
    assert.ok(refused.kind === 'error' && refused.errorCode === 'SERVIZIO_NON_DISPONIBILE')
  })
})

describe('pdnd.interroga', () => {
  const ask = (interrogazione: string, parametri: object, corpo?: unknown) =>
    work('pdnd.interroga', { pratica, interrogazione, parametri, ...(corpo !== undefined && { corpo }) })
  const verify = { codice_fiscale: 'BNCLCU90E45G999C', since: '2025-01-01', practicalReference: 'p-1' }

  test('a query of the configuration is answered', async () => {
    const parametri = { ...verify, digital_address: 'lucia.bianchi@pec.example' }
    const { risposta } = await completed('pdnd.interroga', { pratica, interrogazione: 'inad.verifica', parametri })
    assert.equal(risposta.outcome, true)
  })
  test('a body is sent, and what comes back is a variable', async () => {
    const corpo = {
      idOperazioneClient: await connectors.ledger.nextNumber(`anpr.C001.${platforms.anpr.purposeId}`),
      criteriRicerca: { codiceFiscale: mario.cf },
      datiRichiesta: { dataRiferimentoRichiesta: '2027-03-01', motivoRichiesta: 'p-1', casoUso: 'C001' },
    }
    const { risposta } = await completed('pdnd.interroga', { pratica, interrogazione: 'anpr.corpo', corpo })
    assert.equal(risposta.listaSoggetti.datiSoggetto[0].generalita.nome, 'MARIO')
  })
  test('what the e-service does not know, and what it refuses, are errors that a diagram catches', async () => {
    const unknown = await ask('inad.estrai', { codice_fiscale: mario.cf, practicalReference: 'p-1' })
    assert.ok(unknown.kind === 'error' && unknown.errorCode === 'PDND_NON_TROVATO')
    const refused = await ask('inad.estrai', { codice_fiscale: 'X', practicalReference: 'p-1' })
    assert.ok(refused.kind === 'error' && refused.errorCode === 'PDND_RIFIUTO')
    const inBody = await ask('anpr.corpo', {}, { idOperazioneClient: 'x' })
    assert.ok(inBody.kind === 'error' && inBody.errorCode === 'PDND_RIFIUTO')
  })
  const wrong: readonly (readonly [what: string, outcome: () => Promise<JobOutcome>, message: RegExp])[] = [
    ['a query that the town has not', () => ask('altra', {}), /to know the query altra/],
    ['an e-service that the exchange has not', () => ask('nessuno', {}), /the e-service nessuno/],
    ['a parameter left out', () => ask('inad.estrai', {}), /codice_fiscale is missing/],
    ['a path upwards', () => ask('inad.estrai', { codice_fiscale: '..' }), /codice_fiscale is missing/],
    ['a parameter of its own', () => ask('inad.estrai', { codice_fiscale: 'A', altro: 1 }), /altro is none/],
    ['a body where there is none', () => ask('inad.estrai', { codice_fiscale: 'A' }, {}), /Leave corpo out/],
    ['a long parameter', () => ask('inad.estrai', { codice_fiscale: 'A'.repeat(501) }), /parametri\.codice_fiscale/],
    ['a large body', () => ask('anpr.corpo', {}, 'x'.repeat(70_000)), /more than 65536 characters/],
  ]
  for (const [what, outcome, message] of wrong) {
    test(`${what}: nobody is asked, a person sees why`, async () => {
      const before = (await journal('inad')).length
      const failed = await outcome()
      assert.ok(failed.kind === 'failed', failed.kind)
      assert.match(failed.errorMessage, message)
      assert.equal((await journal('inad')).length, before)
    })
  }
  test('a parameter stays within its place in the path', async () => {
    const escaped = await ask('inad.estrai', { codice_fiscale: '../verify/BNCLCU90E45G999C?x=' })
    assert.ok(escaped.kind === 'error' && escaped.errorCode === 'PDND_RIFIUTO')
  })
})

test('the form by which the clerk registers shows what differs from ANPR', async () => {
  const richiedente = { ...mario, cognome: 'Russo' }
  const { verificaAnpr } = await completed('anpr.verifica', { pratica, richiedente, istanza: fromPrato })
  const form = parseForm(JSON.parse(readFileSync('forms/form-residenza-registra.form', 'utf8')))
  const variables = fromJson(JSON.stringify({ verificaAnpr })) as Context
  const page = markupOf(resolve(form, { variables, typed: null, now: now() }))
  assert.match(page, /<th[^>]*>Differenze<\/th>/)
  assert.match(page, /<td[^>]*>cognome: dichiarato Russo, in ANPR ROSSI<\/td>/)
})

test('nothing personal is logged', () => {
  assert.ok(logged.length > 0)
  assert.doesNotMatch(logged.join('\n'), /Mario|Rossi|RSSMRA|BNCLCU/i)
})
