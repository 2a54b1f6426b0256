/** Who acts at the counter for another brings papers: taken like any other file, kept with the practice, before whoever works on it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pdf } from '../hostile/files.ts'
import type { Browser, Entries } from './browser.ts'
import { DECLARATION, PROCESS_ID } from './declaration.ts'
import { openTown, type TownUnderTest, untilShown } from './town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
})
after(() => town.close())

const fileOf = (name: string, content = pdf()): File =>
  new File([new Uint8Array(content)], name, { type: 'application/pdf' })

const ANSWERS: Entries = {
  ...DECLARATION,
  'richiedente.nome': 'Mario',
  'richiedente.cognome': 'Rossi',
  'richiedente.cf': 'RSSMRA85C01G273I',
}
const DELEGATE: Entries = {
  'delegato-titolo': 'delega',
  'delegato-nome': 'Anna Verdi',
  'delegato-cf': 'VRDNNA80A41G273Z',
  'delegato-documento': 'CI CA12345AB',
}
const UPLOAD = 'Carica – Carte di chi agisce'

/** Of the answers, those to what the page asks. */
const press = (clerk: Browser, button: string, entries: Entries = {}): Promise<Browser> => {
  const there = clerk.values()
  const given = Object.entries({ ...ANSWERS, ...entries }).filter(([name]) => there.has(name))
  return clerk.press(button, Object.fromEntries(given))
}

const stored = async (): Promise<readonly string[]> => town.database('document.document').pluck('name')

test('the delegation is kept with the practice and stands beside the form of whoever works on it', async () => {
  const sara = await town.browser().signIn('Sara Conti', `/scrivania/sportello/${PROCESS_ID}`)
  await press(sara, 'Aggiorna le domande')
  await press(sara, UPLOAD, {
    ...DELEGATE,
    delegatoCarte: [fileOf('delega firmata.pdf'), fileOf('carta identità.pdf')],
  })
  assert.match(sara.text, /delega firmata\.pdf \(PDF, 1 kB\).*carta identità\.pdf/)
  assert.deepEqual(sara.values().get('delegato-nome'), ['Anna Verdi'], 'nothing typed is lost')
  await press(sara, 'Rimuovi carta identità.pdf')
  assert.deepEqual(await stored(), ['delega firmata.pdf'], 'what is removed is forgotten')
  await press(sara, 'Presenta')
  assert.match(sara.path, /\/ricevuta$/, sara.text)
  assert.match(sara.text, /Anna Verdi, VRDNNA80A41G273Z \(delega; CI CA12345AB\)/)

  const { id } = (await town.database('practice').first())!
  const paper = (await town.documents.ofPractice(id)).find(({ nome }) => nome === 'delega firmata.pdf')!
  const ugo = await town.browser().signIn('Ugo Ferri')
  await untilShown(ugo, '/scrivania', /Mario Rossi/)
  const task = /href="(\/scrivania\/compiti\/\d+)[^"]*"[^>]*data-row-link/.exec(ugo.markup)![1]!
  await ugo.open(task)
  assert.match(ugo.text, /delega firmata\.pdf application\/pdf.*carta di chi agisce: delega/)
  assert.equal(ugo.linkTo('delega firmata.pdf'), `/scrivania/documenti/${paper.id}`)
  assert.equal((await ugo.open(`/scrivania/documenti/${paper.id}`)).status, 200)

  const mario = await town.browser().signIn('Mario Rossi', `/pratiche/${id}`)
  assert.equal(mario.status, 200)
  assert.doesNotMatch(mario.markup, new RegExp(paper.id), 'the papers of another are not handed on')
  assert.equal((await mario.open(`/documenti/${paper.id}`)).status, 404)
  const piero = await town.browser().signIn('Piero Marini')
  assert.equal((await piero.open(`/scrivania/documenti/${paper.id}`)).status, 403)
})

test('a file that is not what it says is refused, and nothing of it is stored', async () => {
  const sara = await town.browser().signIn('Sara Conti', `/scrivania/sportello/${PROCESS_ID}`)
  const before = await stored()
  await press(sara, UPLOAD, {
    ...DELEGATE,
    delegatoCarte: fileOf('delega.pdf', Buffer.from('<svg onload="alert(1)"/>')),
  })
  assert.equal(sara.status, 422)
  assert.match(sara.text, /Carte di chi agisce: Non allegato\. «delega\.pdf»/)
  assert.match(sara.markup, /href="#campo-delegatoCarte"/)
  assert.deepEqual(await stored(), before)
})

test('papers of nobody are asked about, not dropped', async () => {
  const sara = await town.browser().signIn('Sara Conti', `/scrivania/sportello/${PROCESS_ID}`)
  await press(sara, 'Presenta', { delegatoCarte: fileOf('procura.pdf') })
  assert.equal(sara.status, 422)
  assert.match(sara.text, /A che titolo: ci sono carte di chi agisce/)
  assert.match(sara.markup, /href="#delegato-titolo"/)
  assert.match(sara.text, /procura\.pdf \(PDF, 1 kB\)/)
})
