/**
 * A refusal served on somebody without a certified mailbox: SEND has it, tells what becomes of it and attests it. Of the two of this file
 * one opens the documents, the other is nobody whom the post can find.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '../../engine/protocol/query.ts'
import { certifiedIn, depositsIn, since } from './journals.ts'
import { type Declared, declare, FILED } from './people.ts'
import { assertNever, assertSays, deskOf, practiceAt } from './sights.ts'
import { openTown, type TownUnderTest } from './town.ts'

/** They wait for SEND. */
const WAITING = [
  'invia-send',
  'attendi-send',
  'pec-intanto',
  'stato-send',
  'notifica-messo',
  'pec-tardiva',
  'send-intanto',
]
const VOID = { 'richiedente.domicilioDigitale': '', 'istanza.titolo.tipo': 'ALTRO', 'istanza.titolo.consenso': false }
const LOOKS_MAX = 200

test('served through SEND', async (t) => {
  const town = await openTown(t)
  await town.at(FILED)
  await t.test('who opens the documents has had the notice from then on', () => opened(town))
  await t.test('whom the post cannot find the messenger looks for, until the notice has its effect', () =>
    notFound(town),
  )
})

async function opened(town: TownUnderTest): Promise<void> {
  const before = town.journals()
  const declared = await declare(town, VOID, WAITING)
  const number = '0000001/2027'
  await until(town, FILED, () => listed(town, number, 'presa in carico'))
  await until(town, '2027-03-05T10:30', () => listed(town, number, 'consegna per posta'))
  const [iun] = await noticesAt(town)
  const page = await fetch(`${town.sandbox('send')}/notifiche/${iun}/accesso`, { method: 'POST' })
  assertSays(await page.text(), ['Cambio di residenza: IRRICEVIBILE', 'avvenuto accesso', 'Esito irricevibile.pdf'])
  await until(town, '2027-03-05T13:00', () => isOver(town, declared))
  assert.ok(await listed(town, number, 'accesso del destinatario'))
  assert.ok((await served(town)).includes('SEND VIEWED'))
  const told = ['Notificato con SEND, perfezionata il 05/03/2027', 'Ha effetto dal 05/03/2027']
  assertSays((await practiceAt(town, 'Ugo Ferri', number)).text, told)
  await assertNever(town, number, ['Provvedi alla notifica'])
  const added = since(town.journals(), before)
  assert.deepEqual([certifiedIn(added), depositsIn(added).length], [[], 1])
}

async function notFound(town: TownUnderTest): Promise<void> {
  const declared = await declare(town, { ...VOID, 'istanza.indirizzo.via': 'via Irreperibile' }, WAITING)
  const number = '0000003/2027'
  await until(town, '2027-03-05T14:00', () => listed(town, number, 'presa in carico'))
  const messenger = async () => (await deskOf(town, 'Nino Serra')).includes('Notifica a mezzo messo')
  await until(town, '2027-03-09T15:00', messenger)
  assert.ok(await listed(town, number, 'mancato recapito'))
  await until(town, '2027-03-19T15:00', () => isOver(town, declared))
  assert.equal(await messenger(), false, 'their task is withdrawn')
  assert.ok((await served(town)).includes('SEND EFFECTIVE_DATE'))
}

/** Minutes go by until it is so: SEND tells in its own time, and the program asks in its own. */
async function until(town: TownUnderTest, from: string, isSo: () => Promise<boolean>): Promise<void> {
  const start = Temporal.PlainDateTime.from(from)
  for (let minutes = 0; minutes < LOOKS_MAX; minutes++) {
    await town.at(start.add({ minutes }).toString({ smallestUnit: 'minute' }), WAITING)
    if (await isSo()) return
  }
  assert.fail(`Expected it to come about within ${LOOKS_MAX} minutes of ${from}, but it did not`)
}

const listed = async (town: TownUnderTest, number: string, attested: string): Promise<boolean> =>
  (await practiceAt(town, 'Ugo Ferri', number)).text.includes(`Attestazione SEND, ${attested}.pdf`)

const isOver = async (town: TownUnderTest, { id }: Declared): Promise<boolean> =>
  (await town.outcome(id)).state === 'COMPLETED'

/** By what means, and in which state of SEND. */
async function served(town: TownUnderTest): Promise<readonly string[]> {
  const filter = { name: 'notifica' }
  const { items } = await town.rest.once<{ readonly items: readonly Row[] }>('POST', '/variables/search', { filter })
  return items.map(({ value }) => {
    const notice = JSON.parse(String(value)) as { readonly mezzo?: string; readonly stato?: string } | null
    return `${notice?.mezzo} ${notice?.stato}`
  })
}

/** Newest first. */
async function noticesAt(town: TownUnderTest): Promise<readonly string[]> {
  const page = await (await fetch(town.sandbox('send'))).text()
  return [...page.matchAll(/href="\/notifiche\/([\w-]+)"/g)].map(([, iun]) => iun ?? '')
}
