/** The change of residence that is withdrawn: before it is registered it is as if it had not been; afterwards the registrar decides. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certifiedIn, changesIn, depositsIn, entriesIn, mailsIn, noticesIn, since } from './journals.ts'
import { CITIZEN, completeTask, declare, FILED, openTask, register, withdraw } from './people.ts'
import { assertNever, deskOf, NO_TASK, standing } from './sights.ts'
import { openTown } from './town.ts'

const WITHDRAWN = '2027-03-02T09:00'

test('R10: withdrawn before it is registered, and another one afterwards', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  const declared = await declare(town)
  const { browser, id } = declared
  assert.match(await deskOf(town, 'Ugo Ferri'), /Registra la dichiarazione/)
  await town.at(WITHDRAWN)
  await withdraw(town, declared)
  assert.match(await deskOf(town, 'Ugo Ferri'), NO_TASK)
  assert.deepEqual(await standing(browser, id), { is: 'rinunciata', since: WITHDRAWN })
  const journals = town.journals()
  assert.deepEqual(entriesIn(journals), [`IN ${FILED}`, `IN ${WITHDRAWN}`])
  assert.deepEqual(mailsIn(journals), [`${CITIZEN} ${FILED}`, `${CITIZEN} ${WITHDRAWN}`])
  assert.match(journals.mail[1]!.text, /preso atto della tua rinuncia/)
  assert.deepEqual(certifiedIn(journals), [])
  assert.deepEqual(depositsIn(journals), [`urn:sandbox:PROTOCOLLO-2027-0000001 ${WITHDRAWN}`])
  assert.deepEqual(changesIn(journals), [])
  assert.deepEqual(journals.populationCalls, [])
  assert.deepEqual(noticesIn(journals), [], 'no TARI')
  await assertNever(town, '0000001/2027', ['Registra in ANPR', 'Accerta la dimora abituale', 'Termine di 45 giorni'])
  await town.at('2027-03-04T00:00')
  assert.deepEqual(town.journals(), journals, 'no timer was left')

  const later = await declare(town)
  await register(town)
  await withdraw(town, later)
  assert.match(await deskOf(town, 'Piero Marini'), NO_TASK, 'nobody is sent there any more')
  const decide = 'Valuta la rinuncia tardiva'
  assert.match((await openTask(town, 'Ugo Ferri', decide)).text, /dopo la registrazione in ANPR \(operazione 1\)/)
  await completeTask(town, 'Ugo Ferri', decide, { 'rinunciaTardiva.provvedimenti': 'Annullata in ANPR' })
  assert.equal((await standing(later.browser, later.id)).is, 'rinunciata')
  const added = since(town.journals(), journals)
  assert.deepEqual(changesIn(added), ['registra from 2027-03-04 2027-03-04T00:00'], 'what follows is the registrar’s')
  assert.equal(depositsIn(added).length, 1)
  const all = town.journals()
  await town.at('2027-06-01T00:00')
  assert.deepEqual(town.journals(), all, 'no timer was left')
})
