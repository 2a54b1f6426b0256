/**
 * The change of residence as a citizen and clerks live it, day by day: each case is a row of the law's calendar, from the form in
 * the browser to the archive. What must not have happened is read from the platforms' journals.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Browser } from '../pages/browser.ts'
import {
  completeTask,
  declare,
  declareAtCounter,
  deskOf,
  fillDeclaration,
  observe,
  register,
  withdraw,
} from './people.ts'
import { inRome, type Journals, openTown, type TownUnderTest } from './town.ts'

const CITIZEN = 'mario.rossi@posta.example'
const FILED = '2027-03-01T10:00'
const REGISTERED = '2027-03-02T10:00'

/** Entries of the register: direction and when. */
const entriesIn = ({ protocol }: Journals): readonly string[] =>
  protocol.flatMap((line) => {
    if (line.operazione === 'annulla') return [`annulled ${line.numero}`]
    return line.operazione === 'registra' ? [`${line.registrazione.verso} ${inRome(line.registrazione.data)}`] : []
  })
const mailsIn = ({ mail }: Journals): readonly string[] => mail.map(({ at, to }) => `${to} ${inRome(at)}`)
const changesIn = ({ population }: Journals): readonly string[] =>
  population.map(({ operazione, decorrenza, ricevuta }) => `${operazione} from ${decorrenza} ${inRome(ricevuta.data)}`)
const depositsIn = ({ archive }: Journals): readonly string[] =>
  archive.map(({ urn, dataVersamento }) => `${urn} ${inRome(dataVersamento)}`)

const NO_TASK = /Nessun compito da svolgere/
const OWN_UNIT = 'urn:sandbox:PROTOCOLLO-2027-0000001'

test('R1: the police find him at home, and the residence is confirmed that day', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const { browser, id } = await declare(town)
  assert.match(browser.text, /Richiesta inviata.*0000001\/2027.*15\/04\/2027/)
  assert.match(await deskOf(town, 'Ugo Ferri'), /Registra la dichiarazione.*03\/03\/2027/)
  await town.at(REGISTERED)
  await register(town)
  await town.at('2027-03-20T11:30')
  const found = { 'accertamento.visita': '1', 'accertamento.data': '2027-03-20', 'accertamento.esito': 'POSITIVO' }
  await completeTask(town, 'Piero Marini', 'Accerta la dimora abituale', found)

  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'CONFERMATA', at: '2027-03-20T11:30' })
  const told =
    /residenza confermata.*Registrata in anagrafe Fatto: 02\/03\/2027 10:00 Accertamento della dimora Fatto: 20\/03\/2027/
  assert.match((await browser.open(`/pratiche/${id}`)).text, told)
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, 'OUT 2027-03-20T11:30'])
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-01 ${REGISTERED}`])
  assert.deepEqual(mailsIn(journals), [`${CITIZEN} ${FILED}`, `${CITIZEN} 2027-03-20T11:30`])
  const [receipt, outcome] = journals.mail
  for (const said of [
    '0000001/2027',
    'Ugo Ferri',
    '2 giorni lavorativi',
    '15 aprile 2027 (45 giorni)',
    'silenzio-assenso',
  ])
    assert.ok(receipt!.text.includes(said), said)
  assert.match(outcome!.text, /la residenza è confermata\./)
  assert.deepEqual(depositsIn(journals), [`${OWN_UNIT} 2027-03-20T11:30`])
  assert.deepEqual(await town.elements(id, ['gestisci-preavviso', 'ripristina-anpr']), [])

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
  assert.deepEqual(await town.outcome(id), { state: 'ACTIVE', esito: null, at: null })
  assert.equal(entriesIn(town.journals()).length, 1)
  assert.match((await browser.open(`/pratiche/${id}`)).text, /in lavorazione/)
  assert.match(await deskOf(town, 'Piero Marini'), /Accerta la dimora abituale.*15\/04\/2027/)

  await town.at('2027-04-16T00:00')
  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'CONFERMATA_SILENZIO', at: '2027-04-16T00:00' })
  assert.match((await browser.open(`/pratiche/${id}`)).text, /confermata per silenzio.*15\/04\/2027/)
  assert.match(await deskOf(town, 'Piero Marini'), NO_TASK)
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, 'OUT 2027-04-16T00:00'])
  assert.deepEqual(mailsIn(journals), [...told, `${CITIZEN} 2027-04-16T00:00`])
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-01 ${REGISTERED}`])
  assert.deepEqual(depositsIn(journals), [`${OWN_UNIT} 2027-04-16T00:00`])
  assert.deepEqual(await town.elements(id, ['gestisci-preavviso', 'ripristina-anpr']), [])
})

/** To the notice of Thursday 8 April, seven days before the term ends. */
async function noticeSent(town: TownUnderTest): Promise<{ readonly browser: Browser; readonly id: string }> {
  await town.at(FILED)
  const declared = await declare(town)
  await town.at(REGISTERED)
  await register(town)
  await town.at('2027-04-06T12:00')
  const found = { 'accertamento.visita': '3', 'accertamento.data': '2027-04-06', 'accertamento.esito': 'NEGATIVO' }
  await completeTask(town, 'Piero Marini', 'Accerta la dimora abituale', found)
  const assessed = { 'valutazione.decisione': 'PREAVVISO', 'valutazione.motivazione': 'Tre visite senza trovarlo' }
  await completeTask(town, 'Ugo Ferri', "Valuta l'accertamento", assessed)
  await town.at('2027-04-08T09:00')
  const motives = { 'preavviso.motivi': 'Non risulta la dimora abituale' }
  await completeTask(town, 'Ugo Ferri', 'Scrivi il preavviso', motives)
  return declared
}

test('R3: no observations in ten days; the earlier residence is restored from the day of the declaration', async (t) => {
  const town = await openTown(t)
  const { browser, id } = await noticeSent(town)
  const alarms = mailsIn(town.journals()).filter((mail) => mail.startsWith('anagrafe@'))
  assert.deepEqual(alarms, [], 'the clock stands: no alarm of day 40')
  await town.at('2027-04-19T23:59')
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  assert.match((await browser.open(`/pratiche/${id}`)).text, /Presenta osservazioni/)
  await town.at('2027-04-20T10:00')
  assert.match(await deskOf(town, 'Ugo Ferri'), /Decidi sulle osservazioni.*26\/04\/2027/)
  const decided = { 'decisione.esito': 'NON_ACCOLTE', 'decisione.motivazione': 'Nessuna osservazione' }
  await completeTask(town, 'Ugo Ferri', 'Decidi sulle osservazioni', decided)
  const reported = { 'denuncia.esito': 'TRASMESSA', 'denuncia.motivazione': 'Dichiarazione non veritiera' }
  await completeTask(town, 'Ugo Ferri', 'Valuta la denuncia alla Procura', reported)

  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'RIPRISTINATA', at: '2027-04-20T10:00' })
  const journals = town.journals()
  assert.deepEqual(changesIn(journals), [
    `registra from 2027-03-01 ${REGISTERED}`,
    'ripristina from 2027-03-01 2027-04-20T10:00',
  ])
  const letters = ['OUT 2027-04-20T10:00', 'OUT 2027-04-20T10:00', 'OUT 2027-04-20T10:00']
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, 'OUT 2027-04-08T09:00', ...letters], 'outcome, police, Prato')
  assert.deepEqual(await town.elements(id, ['esito-silenzio']), [])
  assert.match((await browser.open(`/pratiche/${id}`)).text, /non accolta: residenza ripristinata/)
  assert.doesNotMatch(browser.text, /Presenta osservazioni/)

  await town.at('2027-07-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})

test('R4: as R3, but the observations convince', async (t) => {
  const town = await openTown(t)
  const { browser, id } = await noticeSent(town)
  await town.at('2027-04-13T16:00')
  await observe(town, browser, id, '')
  assert.match(browser.text, /scrivi almeno una frase/)
  await observe(town, browser, id, 'Lavoro di notte: ecco i turni.')
  assert.doesNotMatch((await browser.open(`/pratiche/${id}`)).text, /Presenta osservazioni/)
  await town.at('2027-04-15T10:00')
  assert.match(await deskOf(town, 'Ugo Ferri'), /Decidi sulle osservazioni.*30\/04\/2027/)
  const decided = { 'decisione.esito': 'ACCOLTE', 'decisione.motivazione': 'Il turno spiega le assenze' }
  await completeTask(town, 'Ugo Ferri', 'Decidi sulle osservazioni', decided)

  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'CONFERMATA', at: '2027-04-15T10:00' })
  const journals = town.journals()
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-01 ${REGISTERED}`])
  assert.deepEqual(entriesIn(journals), [
    `IN ${FILED}`,
    'OUT 2027-04-08T09:00',
    'IN 2027-04-13T16:00',
    'OUT 2027-04-15T10:00',
  ])
  assert.deepEqual(await town.elements(id, ['ripristina-anpr', 'esito-silenzio']), [])
})

test('R5 online: without a house number nothing is filed', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const browser = await fillDeclaration(town, { 'istanza.indirizzo.civico': '' })
  assert.equal(browser.status, 422)
  assert.match(browser.title, /^Errore: /)
  assert.match(browser.markup, /<a [^>]*href="#campo-istanza-indirizzo-civico"/)
  assert.equal(browser.values().get('istanza.indirizzo.via')?.join(), 'via Libertà')
  await town.atRest()
  const { protocol, mail, archive, populationCalls } = town.journals()
  assert.deepEqual(
    { protocol, mail, archive, calls: populationCalls.map(({ operation }) => operation) },
    { protocol: [], mail: [], archive: [], calls: [] },
  )
  assert.deepEqual(await town.practices(), [])
})

test('R5 at the counter: what came in is registered, and refused with the reason', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const browser = await declareAtCounter(town, { 'istanza.indirizzo.civico': '' })
  assert.match(browser.text, /Esito: irricevibile/)
  const [id = ''] = await town.practices()
  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'IRRICEVIBILE', at: FILED })
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, `OUT ${FILED}`])
  assert.match(JSON.stringify(journals.protocol[1]), /civico/)
  assert.deepEqual(mailsIn(journals), [`${CITIZEN} ${FILED}`])
  assert.match(journals.mail[0]!.text, /numero civico/)
  assert.deepEqual(depositsIn(journals), [`${OWN_UNIT} ${FILED}`])
  assert.deepEqual(journals.populationCalls, [])
  assert.deepEqual(await town.elements(id, ['verifica-anpr', 'registra', 'accerta', 'calcola-termini']), [])

  await town.at('2027-05-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no clock runs')
})

test('R10: withdrawn before it is registered', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const { browser, id } = await declare(town)
  assert.match(await deskOf(town, 'Ugo Ferri'), /Registra la dichiarazione/)
  await town.at('2027-03-02T09:00')
  await withdraw(town, browser, id)
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  assert.deepEqual(await town.outcome(id), { state: 'COMPLETED', esito: 'RINUNCIATA', at: '2027-03-02T09:00' })
  assert.match((await browser.open(`/pratiche/${id}`)).text, /rinunciata/)
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, 'IN 2027-03-02T09:00'])
  assert.deepEqual(mailsIn(journals), [`${CITIZEN} ${FILED}`, `${CITIZEN} 2027-03-02T09:00`])
  assert.deepEqual(depositsIn(journals), [`${OWN_UNIT} 2027-03-02T09:00`])
  assert.deepEqual(changesIn(journals), [])
  assert.deepEqual(await town.elements(id, ['registra-anpr', 'accerta']), [])

  await town.at('2027-05-01T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')
})
