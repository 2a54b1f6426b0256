/**
 * The change of residence that goes no further than the door: what lacks a field, a title, or belongs to another town. The cases of
 * this file share one town and one hour, and what each adds to the journals is told apart; at the end no clock of theirs runs.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  certifiedIn,
  changesIn,
  depositsIn,
  entriesIn,
  type Journals,
  mailsIn,
  noticesIn,
  readsIn,
  since,
} from './journals.ts'
import { CITIZEN, citizen, declare, declareAtCounter, FILED, fillDeclaration } from './people.ts'
import { assertNever, assertSays, deskOf, NO_TASK, openDocument, readDocument, standing } from './sights.ts'
import { openTown, type TownUnderTest } from './town.ts'

/** All that makes a declaration go on, whoever does it. */
const GOING_ON = ['Registra la dichiarazione', 'Registra in ANPR', 'Accerta la dimora abituale', 'Termine di 45 giorni']

test('the door', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const start = town.journals()
  await t.test('R5 online: without a house number nothing is filed', () => withoutNumberOnline(town, start))
  await t.test('R5 at the counter: what came in is registered, and refused with the reason', () => atCounter(town))
  await t.test('R6: without title or consent the declaration is void, and refused', () => withoutTitle(town))
  await t.test('R11: an address in another town; the declaration goes there with its date', () => elsewhere(town))

  const journals = town.journals()
  await town.at('2027-06-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no clock runs')
})

/**
 * The register is not even read: the form asks for the new address before it comes to what the register can answer, so that nobody is
 * looked up who has not yet said that they come to this town, and where.
 */
async function withoutNumberOnline(town: TownUnderTest, start: Journals): Promise<void> {
  const browser = await fillDeclaration(town, { 'istanza.indirizzo.civico': '' })
  assert.equal(browser.status, 422)
  assert.match(browser.title, /^Errore: /)
  assert.match(browser.markup, /<a [^>]*href="#campo-istanza-indirizzo-civico"/)
  assert.equal(browser.values().get('istanza.indirizzo.via')?.join(), 'via Libertà')
  await town.atRest()
  assert.deepEqual(town.journals(), start, 'no number, no message, no call of any platform')
  assert.doesNotMatch((await browser.open('/pratiche')).text, /Numero di protocollo|in lavorazione/)
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
}

async function atCounter(town: TownUnderTest): Promise<void> {
  const before = town.journals()
  const clerk = await declareAtCounter(town, { 'istanza.indirizzo.civico': '' })
  assert.match(clerk.text, /Esito: irricevibile/)
  const number = '0000001/2027'
  const online = await (await citizen(town)).open('/pratiche')
  const id = /href="\/pratiche\/([0-9a-f-]{36})"/.exec(online.markup)?.[1] ?? ''
  await assertRefused(town, before, { id, number }, ['manca: numero civico del nuovo indirizzo'])
  assert.deepEqual(readsIn(since(town.journals(), before)), [], 'the register is not read either')
  await assertNever(town, number, [...GOING_ON, 'Verifica in ANPR'])
}

async function withoutTitle(town: TownUnderTest): Promise<void> {
  const before = town.journals()
  const { id } = await declare(town, { 'istanza.titolo.tipo': 'ALTRO', 'istanza.titolo.consenso': false })
  await assertRefused(town, before, { id, number: '0000003/2027' }, ['DL 47/2014 art. 5'])
  await assertNever(town, '0000003/2027', GOING_ON)
}

async function assertRefused(
  town: TownUnderTest,
  before: Journals,
  { id, number }: { readonly id: string; readonly number: string },
  reasons: readonly string[],
): Promise<void> {
  const browser = await citizen(town)
  assert.deepEqual(await standing(browser, id), { is: 'irricevibile', since: FILED })
  assert.match(browser.text, new RegExp(`Numero di protocollo ${number}`))
  const act = await openDocument(browser, 'Esito irricevibile.pdf')
  assertSays(act.text, [...reasons, number, 'Prefetto', 'nessun termine è iniziato'])
  const added = since(town.journals(), before)
  assert.deepEqual(entriesIn(added), [`IN ${FILED}`, `OUT ${FILED}`])
  assertSays(JSON.stringify(added.protocol[1]), reasons)
  assert.deepEqual(mailsIn(added), [`${CITIZEN} ${FILED}`])
  assertSays(added.mail[0]!.text, reasons)
  assert.deepEqual(
    certifiedIn(added),
    [`mario.rossi@pec.example ${FILED}`],
    'against it there is a remedy: it is served',
  )
  assertSays((await readDocument(added.certified[0]!.attachments[0]!.content)).text, reasons)
  assert.deepEqual(changesIn(added), [])
  assert.deepEqual(added.populationCalls, [])
  assert.deepEqual(noticesIn(added), [])
  assert.equal(depositsIn(added).length, 1)
  for (const clerk of ['Ugo Ferri', 'Piero Marini']) assert.match(await deskOf(town, clerk), NO_TASK)
}

async function elsewhere(town: TownUnderTest): Promise<void> {
  const before = town.journals()
  const { browser, id } = await declare(town, { 'istanza.indirizzo.comune': 'Monreale' })
  const number = '0000005/2027'
  assert.deepEqual(await standing(browser, id), { is: 'trasmessa al comune competente', since: FILED })
  const said = await openDocument(browser, 'Esito trasmessa.pdf')
  assertSays(said.text, [
    'spetta al Comune di Monreale',
    'Ricevuta il 1 marzo 2027',
    number,
    'nessun termine è iniziato',
  ])
  const added = since(town.journals(), before)
  assert.deepEqual(certifiedIn(added), [`protocollo@pec.comune-monreale.example ${FILED}`])
  const [letter] = added.certified
  const forwarded = await readDocument(letter!.attachments[0]!.content)
  assertSays(forwarded.text, ['Comune di Monreale', 'Ricevuta il 1 marzo 2027', 'RSSMRA85C01G273I', number])
  assert.deepEqual(entriesIn(added), [`IN ${FILED}`, `OUT ${FILED}`, `OUT ${FILED}`], 'the letter, and what he is told')
  assert.deepEqual(mailsIn(added), [`${CITIZEN} ${FILED}`])
  assertSays(added.mail[0]!.text, ['trasmessa a quello competente', 'Comune di Monreale'])
  assert.deepEqual(added.populationCalls, [])
  assert.deepEqual(noticesIn(added), [])
  assert.equal(depositsIn(added).length, 1)
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  await assertNever(town, number, [...GOING_ON, 'Verifica in ANPR'])
}
