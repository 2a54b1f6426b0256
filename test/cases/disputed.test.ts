/** The change of residence when the police do not find whoever declared it: the notice, the observations, and what comes of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CertifiedMail, certifiedIn, changesIn, depositsIn, entriesIn, mailsIn, noticesIn } from './journals.ts'
import {
  CITIZEN,
  completeTask,
  type Declared,
  declare,
  FILED,
  NUMBER,
  observe,
  openTask,
  REGISTERED,
  register,
  report,
} from './people.ts'
import { assertNever, assertSays, deskOf, NO_TASK, openDocument, practiceAt, readDocument, standing } from './sights.ts'
import { openTown, type TownUnderTest } from './town.ts'

const CERTIFIED = 'mario.rossi@pec.example'
const NOTICED = '2027-04-08T09:00'
const DECIDED = '2027-04-20T10:00'
const REASON = 'Non risulta la dimora abituale'
/** Of days 25 and 35: nobody had reported yet. */
const ALARMS = [
  'accertamenti.pm@comune.esempio.example 2027-03-26T00:00',
  'comandante.pm@comune.esempio.example 2027-04-05T00:00',
]

/** To the notice of Thursday 8 April, day 38: seven days are left. */
async function noticeSent(town: TownUnderTest): Promise<Declared> {
  await town.at(FILED)
  const declared = await declare(town)
  await town.at(REGISTERED)
  await register(town)
  for (const day of ['2027-03-26', '2027-04-05']) await town.at(`${day}T00:00`)
  await town.at('2027-04-06T12:00')
  await report(town, '2027-04-06', 'NEGATIVO')
  const { text } = await openTask(town, 'Ugo Ferri', "Valuta l'accertamento")
  assert.match(text, /Il preavviso di rigetto va spedito entro il 15\/04\/2027/)
  const assessed = { 'valutazione.decisione': 'PREAVVISO', 'valutazione.motivazione': 'Tre visite senza trovarlo' }
  await completeTask(town, 'Ugo Ferri', "Valuta l'accertamento", assessed)
  await town.at(NOTICED)
  await completeTask(town, 'Ugo Ferri', 'Scrivi il preavviso', { 'preavviso.motivi': REASON })
  const { certified } = town.journals()
  assert.deepEqual(certifiedIn(town.journals()), [`${CERTIFIED} ${NOTICED}`])
  assertSays(await letterIn(certified[0]!), [REASON, 'Entro 10 giorni', 'sospeso', NUMBER, 'Ugo Ferri'])
  const standsStill = await practiceAt(town, 'Ugo Ferri', NUMBER)
  assert.match(standsStill.text, /Termine di legge.*08\/04\/2027.*7/)
  return declared
}

async function letterIn({ attachments }: CertifiedMail): Promise<string> {
  const [letter] = attachments
  assert.ok(letter, 'the act is attached')
  return (await readDocument(letter.content)).text
}

test('R3: no observations in ten days; the earlier residence is restored from the day of the declaration', async (t) => {
  const town = await openTown(t)
  const { browser, id } = await noticeSent(town)
  const before = [`${CITIZEN} ${FILED}`, ...ALARMS, `${CITIZEN} ${NOTICED}`]
  await town.at('2027-04-16T00:00')
  assert.match((await browser.open(`/pratiche/${id}`)).text, /Presenta osservazioni/)
  assert.doesNotMatch(browser.text, /confermata/, 'silence confirms nothing: the clock stands')
  await town.at('2027-04-19T23:59')
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  assert.match((await browser.open(`/pratiche/${id}`)).text, /Presenta osservazioni/, 'Sunday 18 April rolls to Monday')
  await town.at('2027-04-20T00:00')
  assert.match(await deskOf(town, 'Ugo Ferri'), /Decidi sulle osservazioni.*26\/04\/2027/)
  assert.deepEqual(mailsIn(town.journals()), before, 'no alarm of days 40 and 43')
  await town.at(DECIDED)
  assert.match(
    (await openTask(town, 'Ugo Ferri', 'Decidi sulle osservazioni')).text,
    /Nessuna osservazione entro il 19\/04\/2027/,
  )
  const decided = { 'decisione.esito': 'NON_ACCOLTE', 'decisione.motivazione': 'Nessuna osservazione' }
  await completeTask(town, 'Ugo Ferri', 'Decidi sulle osservazioni', decided)

  assert.deepEqual(await standing(browser, id), { is: 'non accolta: residenza ripristinata', since: DECIDED })
  assert.doesNotMatch(browser.text, /Presenta osservazioni/)
  const act = await openDocument(browser, 'Esito ripristinata.pdf')
  const remedy = ['ripristinata con effetto dal 1 marzo 2027', 'Prefetto entro 30 giorni']
  assertSays(act.text, [...remedy, 'comunicato al Comune di PRATO', 'Nessuna osservazione'])
  assert.deepEqual(act.signedBy, ['Comune di Esempio'])
  const journals = town.journals()
  assert.deepEqual(changesIn(journals), [
    `registra from 2027-03-01 ${REGISTERED}`,
    `ripristina from 2027-03-01 ${DECIDED}`,
  ])
  const told = new Map(journals.certified.slice(1).map((letter) => [letter.to, letter]))
  const [police, prato] = ['anagrafe@pec.questura.example', 'protocollo@pec.comune-prato.example']
  assert.deepEqual([...told.keys()].sort(), [police, CERTIFIED, prato].sort(), 'the citizen, the police, Prato')
  assert.ok(journals.certified.slice(1).every(({ at }) => at === journals.certified[1]!.at))
  assertSays(await letterIn(told.get(CERTIFIED)!), remedy)
  for (const body of [police, prato])
    assertSays(await letterIn(told.get(body)!), ['ripristinata dal 1 marzo 2027', 'RSSMRA85C01G273I', NUMBER])
  const letters = Array.from({ length: 3 }, () => `OUT ${DECIDED}`)
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, `OUT ${NOTICED}`, ...letters], 'outcome, police, Prato')
  assert.deepEqual(noticesIn(journals), [`tributi: registra ${REGISTERED}`, `tributi: annulla ${DECIDED}`])
  assert.deepEqual(mailsIn(journals), [...before, `${CITIZEN} ${DECIDED}`], 'what is served is told by courtesy too')
  assert.deepEqual(depositsIn(journals), [`urn:sandbox:PROTOCOLLO-2027-0000001 ${DECIDED}`])
  await assertNever(town, NUMBER, ['Esito: confermata per silenzio', 'Esito: confermata'])

  const charge = 'Valuta la denuncia alla Procura'
  assert.match((await openTask(town, 'Ugo Ferri', charge)).text, /DPR 445\/2000 art\. 76/)
  const reported = { 'denuncia.esito': 'TRASMESSA', 'denuncia.motivazione': 'Dichiarazione non veritiera' }
  await completeTask(town, 'Ugo Ferri', charge, reported)
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  await town.at('2027-07-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})

test('R4: as R3, but the observations convince', async (t) => {
  const town = await openTown(t)
  const declared = await noticeSent(town)
  const { browser, id } = declared
  await town.at('2027-04-13T16:00')
  await observe(town, declared, '')
  assert.match(browser.text, /scrivi almeno una frase/)
  await observe(town, declared, 'Lavoro di notte: ecco i turni.')
  assert.doesNotMatch((await browser.open(`/pratiche/${id}`)).text, /Presenta osservazioni/)
  const accepted = '2027-04-15T10:00'
  await town.at(accepted)
  assert.match(await deskOf(town, 'Ugo Ferri'), /Decidi sulle osservazioni.*30\/04\/2027/)
  assert.match((await openTask(town, 'Ugo Ferri', 'Decidi sulle osservazioni')).text, /Lavoro di notte: ecco i turni\./)
  const decided = { 'decisione.esito': 'ACCOLTE', 'decisione.motivazione': 'Il turno spiega le assenze' }
  await completeTask(town, 'Ugo Ferri', 'Decidi sulle osservazioni', decided)

  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata', since: accepted })
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK, 'nothing for the Procura')
  const journals = town.journals()
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-01 ${REGISTERED}`])
  const entries = [`IN ${FILED}`, `OUT ${NOTICED}`, 'IN 2027-04-13T16:00', `OUT ${accepted}`]
  assert.deepEqual(entriesIn(journals), entries)
  assert.deepEqual(certifiedIn(journals), [`${CERTIFIED} ${NOTICED}`], 'neither the police nor Prato are told')
  assert.deepEqual(noticesIn(journals), [`tributi: registra ${REGISTERED}`])
  assert.deepEqual(mailsIn(journals), [
    `${CITIZEN} ${FILED}`,
    ...ALARMS,
    `${CITIZEN} ${NOTICED}`,
    `${CITIZEN} ${accepted}`,
  ])
  await assertNever(town, NUMBER, [
    'Ripristina in ANPR',
    'Esito: confermata per silenzio',
    'Conseguenze del ripristino',
  ])

  await town.at('2027-07-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})
