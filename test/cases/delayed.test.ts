/** The change of residence on days that do not go as they should: a register that is down, Easter, a last day that is a Sunday. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { changesIn, entriesIn, mailsIn, noticesIn } from './journals.ts'
import { CITIZEN, completeTask, declare, NUMBER, openTask, register, report, retry } from './people.ts'
import { assertNever, assertSays, clerkAt, deskOf, practiceAt, standing } from './sights.ts'
import { openTown } from './town.ts'

const office = (name: string) => `${name}@comune.esempio.example`

test('R8: the register is down for thirty hours; what is registered late counts from the declaration', async (t) => {
  const filed = '2027-03-01T10:00'
  const town = await openTown(t)
  await town.at(filed)
  const { browser, id } = await declare(town)
  await town.at('2027-03-02T09:00')
  await town.down('anagrafe', '2027-03-03T15:00')
  const stuck = ['registra-anpr']
  await town.at('2027-03-02T10:00')
  await register(town, stuck)
  for (const time of ['10:01', '10:05', '10:20']) await town.at(`2027-03-02T${time}`, stuck)
  const trouble = await clerkAt(town, 'Ugo Ferri', '/scrivania/problemi')
  assert.match(trouble.text, /Registra in ANPR.*0000001\/2027|0000001\/2027.*Registra in ANPR/)
  assert.match((await browser.open(`/pratiche/${id}`)).text, /Previsto: 03\/03\/2027/)
  assert.doesNotMatch(browser.text, /Registrata in anagrafe Fatto/)

  await town.at('2027-03-02T23:59', stuck)
  assert.deepEqual(mailsIn(town.journals()), [`${CITIZEN} ${filed}`], 'one working day is not over')
  await town.at('2027-03-03T00:00', stuck)
  const alerted = [`${CITIZEN} ${filed}`, `${office('anagrafe')} 2027-03-03T00:00`]
  assert.deepEqual(mailsIn(town.journals()), alerted)
  assertSays(town.journals().mail[1]!.text, ['non è ancora registrata', '3 marzo 2027'])
  await town.at('2027-03-03T15:30', stuck)
  await retry(town, NUMBER)

  assert.deepEqual(changesIn(town.journals()), ['registra from 2027-03-01 2027-03-03T15:30'], 'one success')
  assert.ok(town.journals().populationCalls.length > 1, 'after attempts that failed')
  assert.match((await browser.open(`/pratiche/${id}`)).text, /Registrata in anagrafe Fatto: 03\/03\/2027 15:30/)
  await town.at('2027-03-04T00:00')
  assert.deepEqual(mailsIn(town.journals()), alerted, 'nothing is said of two working days: they were kept')
  const found = '2027-03-20T11:30'
  await town.at(found)
  await report(town, '2027-03-20', 'POSITIVO')
  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata', since: found })
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${filed}`, `OUT ${found}`])
  assert.deepEqual(mailsIn(journals), [...alerted, `${CITIZEN} ${found}`])
  assert.deepEqual(changesIn(journals), ['registra from 2027-03-01 2027-03-03T15:30'])
  assert.deepEqual(noticesIn(journals), ['tributi: registra 2027-03-03T15:30'])
})

/** Easter is 28 March: working days are the 26th and the 30th. Day 45 is Sunday 9 May. */
async function overEaster(t: TestContext, slitta: boolean, lastDay: string): Promise<void> {
  const filed = '2027-03-25T09:00'
  const town = await openTown(t, { slitta })
  await town.at(filed)
  const { browser, id } = await declare(town, { 'istanza.dataTrasferimento': '2027-03-20' })
  const [year, month, day] = lastDay.split('-')
  assert.match(browser.text, new RegExp(`Termine di conclusione ${day}/${month}/${year}`))
  assert.match(await deskOf(town, 'Ugo Ferri'), /Registra la dichiarazione.*30\/03\/2027/)
  const told: string[] = [`${CITIZEN} ${filed}`]
  const alarm = async (on: string, to: string): Promise<void> => {
    await town.at(`${Temporal.PlainDate.from(on).subtract({ days: 1 })}T23:59`)
    assert.deepEqual(mailsIn(town.journals()), told, `before ${on}`)
    await town.at(`${on}T00:00`)
    told.push(`${office(to)} ${on}T00:00`)
    assert.deepEqual(mailsIn(town.journals()), told, `on ${on}`)
  }
  await alarm('2027-03-27', 'anagrafe')
  const registered = '2027-03-30T17:00'
  await town.at(registered)
  await register(town)
  await alarm('2027-04-19', 'accertamenti.pm')
  await alarm('2027-04-29', 'comandante.pm')
  await alarm('2027-05-04', 'anagrafe')
  await alarm('2027-05-07', 'dirigente.demografici')

  await town.at(`${lastDay}T23:59`)
  assert.deepEqual(await standing(browser, id), { is: 'in lavorazione', since: '' })
  assert.match((await practiceAt(town, 'Ugo Ferri', NUMBER)).text, new RegExp(`Termine ${day}/${month}/${year}`))
  const silence = `${Temporal.PlainDate.from(lastDay).add({ days: 1 })}T00:00`
  await town.at(silence)
  assert.deepEqual(await standing(browser, id), { is: 'residenza confermata per silenzio', since: silence })
  const journals = town.journals()
  assert.deepEqual(mailsIn(journals), [...told, `${CITIZEN} ${silence}`])
  assert.deepEqual(entriesIn(journals), [`IN ${filed}`, `OUT ${silence}`])
  assert.deepEqual(changesIn(journals), [`registra from 2027-03-25 ${registered}`])
  await assertNever(town, NUMBER, ['Preavviso di rigetto', 'Ripristina in ANPR'])
}

test('R9: the last day is a Sunday and rolls to Monday; alarms do not', (t) => overEaster(t, true, '2027-05-10'))
test('R9 in a town whose terms do not roll', (t) => overEaster(t, false, '2027-05-09'))

test('R9, but nobody is found: the notice must leave by the Sunday, whether or not the term rolls', async (t) => {
  const town = await openTown(t)
  await town.at('2027-03-25T09:00')
  await declare(town, { 'istanza.dataTrasferimento': '2027-03-20' })
  await town.at('2027-03-30T17:00')
  await register(town)
  await report(town, '2027-03-30', 'NEGATIVO')
  const assess = "Valuta l'accertamento"
  assert.match(await deskOf(town, 'Ugo Ferri'), /Valuta l'accertamento.*09\/05\/2027/)
  assert.match(
    (await openTask(town, 'Ugo Ferri', assess)).text,
    /preavviso di rigetto va spedito entro il 09\/05\/2027/,
  )
  const assessed = { 'valutazione.decisione': 'PREAVVISO', 'valutazione.motivazione': 'Sconosciuto ai vicini' }
  await completeTask(town, 'Ugo Ferri', assess, assessed)
  assert.match((await openTask(town, 'Ugo Ferri', 'Scrivi il preavviso')).text, /inviato entro il 09\/05\/2027/)
})
