/** Workers before the notice board: posted once, certified afterwards, and nothing personal in what everybody reads. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { loadTown } from '../../processes/town.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { openWorkbench } from './workbench.ts'

let time = Date.parse('2027-03-01T09:00:00Z')
const now = () => time
const opened = await openPlatforms({ now })
const { connectors, journal, plan, platforms } = opened
const { documents } = connectors
const town = await loadTown()
after(() => opened[Symbol.asyncDispose]())

const { board, jobOf, work, completed } = openWorkbench({ town, connectors, now })

const pratica = { id: 'p-1' }
const put = (nome: string, tipo: string, text: string, of = 'p-1') =>
  documents.put(Buffer.from(text), { nome, tipo, pratica: of })
const act = await put('atto.pdf', 'application/pdf', 'atto')
const posting = {
  ...{ pratica, oggetto: 'Ordinanza n. 12', documenti: [act.id], dal: '2027-03-01', al: '2027-03-15' },
  ufficio: 'anagrafe.ufficiale',
}

test('an act is posted once however often the job runs, and certified when it has been taken down', async () => {
  const job = jobOf('albo.pubblica', posting)
  await plan('albo', 'pubblica', 'drop-after')
  assert.equal((await work(job)).kind, 'failed')
  const { albo } = await completed({ ...job, retries: 2 })
  assert.deepEqual(albo, {
    ...{ numero: '0000001', anno: 2027, dal: '2027-03-01', al: '2027-03-15' },
    indirizzo: `${platforms.albo.url}/atti/2027/0000001`,
  })
  assert.deepEqual((await completed({ ...job, retries: 1 })).albo, albo)
  const [entry, ...others] = await journal('albo')
  assert.deepEqual([entry?.ufficio, others.length], ['Ufficio anagrafe', 0])

  const certify = jobOf('albo.certifica', { pratica, albo })
  const early = await work(certify)
  assert.ok(early.kind === 'error' && early.errorCode === 'PUBBLICAZIONE_IN_CORSO')
  time = Date.parse('2027-03-16T09:00:00Z')
  const { documento } = await completed(certify)
  assert.deepEqual(await completed(certify), { documento })
  const kept = await documents.describe(documento.id)
  assert.deepEqual([kept?.nome, kept?.pratica], ['relata-di-pubblicazione-0000001-2027.html', 'p-1'])
  time = Date.parse('2027-03-01T09:00:00Z')
})

describe('personal data', () => {
  test('an object, a name or a text that names somebody is not posted', async () => {
    const named = await put('RSSMRA85C01G273I.pdf', 'application/pdf', 'x')
    const text = await put('atto.html', 'text/html', '<p>codice fiscale rssmra85c01g273i</p>')
    const omocodia = await put('atto.txt', 'text/plain', 'RSSMRA85C0MG2T3I'.replace('0MG2T3', 'LMGNT3'))
    const mail = await put('atto.json', 'application/json', '{"a":"mario.rossi@posta.example"}')
    const before = (await journal('albo')).length
    for (const wrong of [
      { oggetto: 'Cambio di residenza di RSSMRA85C01G273I' },
      { oggetto: 'Scrivere a mario@posta.example' },
      ...[named, text, omocodia, mail].map(({ id }) => ({ documenti: [act.id, id] })),
    ]) {
      const outcome = await work(jobOf('albo.pubblica', { ...posting, ...wrong }))
      assert.ok(outcome.kind === 'error' && outcome.errorCode === 'DATI_PERSONALI', JSON.stringify(wrong))
      assert.doesNotMatch(outcome.errorMessage ?? '', /RSSMRA|posta/i)
    }
    assert.equal((await journal('albo')).length, before)
  })
  test("another practice's document is not posted", async () => {
    const foreign = await put('a.pdf', 'application/pdf', 'x', 'p-2')
    const outcome = await work(jobOf('albo.pubblica', { ...posting, documenti: [foreign.id] }))
    assert.ok(outcome.kind === 'failed' && outcome.errorMessage.includes(foreign.id))
  })
  test('albo.omissis leaves out what is said of people, at any depth, and nothing else', async () => {
    const dati = {
      esito: 'CONFERMATA',
      motivi: ['Assente il 2 marzo', 'Scritto a mario.rossi@posta.example, RSSMRA85C01G273I'],
      richiedente: { nome: 'Mario', cognome: 'Rossi', cf: 'RSSMRA85C01G273I', email: null },
      nucleo: [{ nome: 'Lucia', parentela: 'MOGLIE' }],
      istanza: { tipo: 'ALTRO_COMUNE', indirizzo: { via: 'via Libertà', civico: '12' }, giorni: 45 },
      ufficio: { denominazione: 'Anagrafe' },
    }
    assert.deepEqual((await completed(jobOf('albo.omissis', { dati, tieni: ['denominazione'] }))).dati, {
      esito: 'CONFERMATA',
      motivi: ['Assente il 2 marzo', 'Scritto a [omissis], [omissis]'],
      richiedente: { nome: '[omissis]', cognome: '[omissis]', cf: '[omissis]', email: null },
      nucleo: [{ nome: '[omissis]', parentela: '[omissis]' }],
      istanza: { tipo: 'ALTRO_COMUNE', indirizzo: '[omissis]', giorni: 45 },
      ufficio: { denominazione: 'Anagrafe' },
    })
    const long = '{"dati":{"importo":12345678901234567890}}'
    const outcome = await work(board.add({ type: 'albo.omissis', variables: long }))
    assert.equal(outcome.kind === 'completed' && outcome.variables, long)
  })
})
