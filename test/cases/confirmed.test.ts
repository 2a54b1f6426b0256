/**
 * The change of residence as a citizen and clerks live it, day by day: declarations that are confirmed. Everything is read from what
 * people see and from the platforms' journals, what must not have happened too.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certifiedIn, changesIn, depositsIn, entriesIn, mailsIn, noticesIn, readsIn } from './journals.ts'
import {
  CITIZEN,
  completeTask,
  declare,
  declareWithGiulia,
  FILED,
  NUMBER,
  openTask,
  REGISTERED,
  register,
  report,
} from './people.ts'
import { assertNever, assertSays, deskOf, NO_TASK, openDocument, standing } from './sights.ts'
import { openTown, type TownUnderTest } from './town.ts'

const FOUND = '2027-03-20T11:30'
const OWN_UNIT = 'urn:sandbox:PROTOCOLLO-2027-0000001'
const SCHOOL = 'Avvisa i servizi scolastici'
const NOT_NEEDED = ['Preavviso di rigetto', 'Ripristina in ANPR', 'Avvisa: manca la registrazione']

/** What every declaration that the police confirm leaves behind. */
function assertConfirmed(town: TownUnderTest): void {
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, `OUT ${FOUND}`])
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-01 ${REGISTERED}`])
  assert.deepEqual(mailsIn(journals), [`${CITIZEN} ${FILED}`, `${CITIZEN} ${FOUND}`], 'no alarm')
  assert.deepEqual(certifiedIn(journals), [], 'nobody is notified of anything')
  assert.deepEqual(depositsIn(journals), [`${OWN_UNIT} ${FOUND}`])
}

test('R1: the police find him at home, and the residence is confirmed that day', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const { browser, id } = await declare(town)
  assert.match(browser.text, /Richiesta inviata.*0000001\/2027.*15\/04\/2027.*Ugo Ferri.*silenzio-assenso/)
  await browser.open(`/pratiche/${id}`)
  const receipt = await openDocument(browser, 'Ricevuta.pdf')
  const promised = [NUMBER, 'Ugo Ferri', '(2 giorni lavorativi)', '15 aprile 2027 (45 giorni)', 'silenzio-assenso']
  assertSays(receipt.text, promised)
  assert.deepEqual(receipt.signedBy, ['Comune di Esempio'])
  assertSays(town.journals().mail[0]!.text, [
    '3 marzo 2027 (2 giorni lavorativi)',
    ...promised.filter((one) => one !== '(2 giorni lavorativi)'),
  ])
  assert.match(await deskOf(town, 'Ugo Ferri'), /Registra la dichiarazione.*03\/03\/2027/)
  await town.at(REGISTERED)
  await register(town)
  assert.deepEqual(noticesIn(town.journals()), [`tributi: registra ${REGISTERED}`])
  await town.at(FOUND)
  await report(town, '2027-03-20', 'POSITIVO')

  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata', since: FOUND })
  assert.match(
    browser.text,
    /Registrata in anagrafe Fatto: 02\/03\/2027 10:00 Accertamento della dimora Fatto: 20\/03\/2027/,
  )
  const summary = await openDocument(browser, 'Riepilogo.pdf')
  assertSays(summary.text, ['Mario Rossi', 'via Libertà 12', '20 febbraio 2027', 'registrato a Prato, n. 1234', NUMBER])
  assert.deepEqual(summary.signedBy, ['Comune di Esempio'])
  assertConfirmed(town)
  const journals = town.journals()
  assert.match(journals.mail[1]!.text, /la residenza è confermata\./)
  assert.deepEqual(noticesIn(journals), [`tributi: registra ${REGISTERED}`], 'nothing to pay, nothing else told')
  assert.deepEqual(readsIn(journals), [`c001 ${FILED}`, `c001 ${FILED}`], 'to fill in the form, and to verify')
  await assertNever(town, NUMBER, [...NOT_NEEDED, 'Redigi il verbale di tardiva dichiarazione'])
  for (const clerk of ['Ugo Ferri', 'Piero Marini']) assert.match(await deskOf(town, clerk), NO_TASK)

  await town.at('2027-05-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})

test('R2: the police are silent; four alarms on their days, and silence confirms at the end of day 45', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const { browser, id } = await declare(town)
  await town.at(REGISTERED)
  await register(town)
  const office = (name: string) => `${name}@comune.esempio.example`
  const alarms = [
    { day: '2027-03-26', to: office('accertamenti.pm') },
    { day: '2027-04-05', to: office('comandante.pm') },
    { day: '2027-04-10', to: office('anagrafe') },
    { day: '2027-04-13', to: office('dirigente.demografici') },
  ]
  const told: string[] = [`${CITIZEN} ${FILED}`]
  for (const { day, to } of alarms) {
    await town.at(`${Temporal.PlainDate.from(day).subtract({ days: 1 })}T23:59`)
    assert.deepEqual(mailsIn(town.journals()), told, `before ${day}`)
    await town.at(`${day}T23:59`)
    told.push(`${to} ${day}T23:59`)
    assert.deepEqual(mailsIn(town.journals()), told, `by the end of ${day}`)
  }

  await town.at('2027-04-15T23:59')
  assert.deepEqual(await standing(browser, id), { is: 'in lavorazione', since: '' })
  assert.equal(entriesIn(town.journals()).length, 1)
  assert.match(await deskOf(town, 'Piero Marini'), /Accerta la dimora abituale.*15\/04\/2027/)

  const silence = '2027-04-16T00:00'
  await town.at(silence)
  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata per silenzio', since: silence })
  const attested = await openDocument(browser, 'Esito confermata_silenzio.pdf')
  assertSays(attested.text, ['silenzio-assenso', 'Scadenza del termine 15 aprile 2027', 'Effetto dal 1 marzo 2027'])
  assert.match(await deskOf(town, 'Piero Marini'), NO_TASK)
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, `OUT ${silence}`])
  assert.deepEqual(mailsIn(journals), [...told, `${CITIZEN} ${silence}`])
  assert.deepEqual(certifiedIn(journals), [])
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-01 ${REGISTERED}`])
  assert.deepEqual(noticesIn(journals), [`tributi: registra ${REGISTERED}`])
  assert.deepEqual(depositsIn(journals), [`${OWN_UNIT} ${silence}`])
  await assertNever(town, NUMBER, NOT_NEEDED)

  await town.at('2027-06-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})

test('R7: declared 20 days late; it is fined apart, and nothing waits for that', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const { browser, id } = await declare(town, { 'istanza.dataTrasferimento': '2027-01-20' })
  await town.at(REGISTERED)
  await register(town)
  const fine = 'Redigi il verbale di tardiva dichiarazione'
  const { text } = await openTask(town, 'Ugo Ferri', fine)
  assert.match(text, /dichiarato con 20 giorni di ritardo\. Sanzione da 10 a 10 euro/)
  await town.at(FOUND)
  await report(town, '2027-03-20', 'POSITIVO')
  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata', since: FOUND })
  assertConfirmed(town)
  assert.match(await deskOf(town, 'Ugo Ferri'), new RegExp(fine))
  await assertNever(town, NUMBER, NOT_NEEDED)

  await completeTask(town, 'Ugo Ferri', fine, { 'verbale.numero': '12/2027', 'verbale.data': '2027-03-20' })
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  assertConfirmed(town)
  const journals = town.journals()
  await town.at('2027-05-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})

test('R7: the twentieth day is in time', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  await declare(town, { 'istanza.dataTrasferimento': '2027-02-09' })
  await town.at(REGISTERED)
  await register(town)
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  await assertNever(town, NUMBER, ['Redigi il verbale di tardiva dichiarazione'])
})

test('R12: the service of the schools is down for good; its office does by hand what nobody waits for', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  await town.refuse('uffici', 'scuola.registra', 1_000)
  const { browser, id } = await declareWithGiulia(town, { 'istanza.consensi.scuola': true })
  await town.at(REGISTERED)
  await register(town, ['scuola'])
  for (const time of ['10:01', '10:05', '10:20']) await town.at(`2027-03-02T${time}`, ['scuola'])
  await town.atRest()
  assert.match((await openTask(town, 'Sofia Amato', 'Comunica a mano')).text, new RegExp(SCHOOL))
  assert.match(await deskOf(town, 'Piero Marini'), /Accerta la dimora abituale/, 'the check goes on')
  await town.at(FOUND)
  await report(town, '2027-03-20', 'POSITIVO')

  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata', since: FOUND })
  assertConfirmed(town)
  const journals = town.journals()
  assert.deepEqual(journals.population[0]!.persone, ['RSSMRA85C01G273I', 'RSSGLI18P54G999I'])
  assert.deepEqual(noticesIn(journals), [`tributi: registra ${REGISTERED}`])
  assert.match(await deskOf(town, 'Sofia Amato'), /Comunica a mano/, 'still open')
  await assertNever(town, NUMBER, NOT_NEEDED)

  await completeTask(town, 'Sofia Amato', 'Comunica a mano', { effettoComunicato: true })
  assert.match(await deskOf(town, 'Sofia Amato'), NO_TASK)
  assertConfirmed(town)
})
