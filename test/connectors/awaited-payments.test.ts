/** Awaited payments: what is kept in the database is what the memory of tests keeps, in the same order. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import type { AwaitedNotice, AwaitedPayments, LearnedPayment } from '../../connectors/pagopa/awaited.ts'
import { openAwaitedPayments } from '../../connectors/pagopa/awaited-database.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryPayments } from './memory-payments.ts'

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const database = await openAwaitedPayments(server.connectionString)
after(async () => {
  await database.close()
  await server.stop()
  await rm(home, { recursive: true })
})

const notice = (numeroAvviso: string, practice = 'p-1'): AwaitedNotice => ({
  ...{ numeroAvviso, iupd: `iupd-${numeroAvviso}`, pratica: { id: practice, tipo: null } },
  ...{ ufficio: 'tributi.operatori', oggetto: 'Canone', centesimi: 7800, scadenza: '2027-05-21' },
})
const payment = (idRicevuta: string, numeroAvviso: string): LearnedPayment => ({
  ...{ idRicevuta, numeroAvviso, centesimi: 7800, pagatoIl: '2027-05-07T10:00:00Z', psp: 'Banca' },
})
const stores: Readonly<Record<string, AwaitedPayments>> = { 'in memory': memoryPayments(), 'in PostgreSQL': database }

for (const [where, awaited] of Object.entries(stores))
  describe(where, () => {
    const numbers = async (pratica?: string) => (await awaited.open(pratica)).map(({ numeroAvviso }) => numeroAvviso)
    const untold = async () => (await awaited.untold()).map(({ idRicevuta, isExcess }) => [idRicevuta, isExcess])

    test('a notice is awaited once, until it is paid or withdrawn', async () => {
      for (const number of ['301', '301', '302']) await awaited.expect(notice(number))
      await awaited.expect(notice('303', 'p-2'))
      assert.deepEqual(await awaited.open('p-2'), [notice('303', 'p-2')])
      assert.deepEqual(await numbers(), ['301', '302', '303'])
      await awaited.withdraw('302')
      await awaited.learn(payment('a', '301'))
      assert.deepEqual(await numbers(), ['303'])
      assert.deepEqual(await numbers('p-1'), [])
      assert.deepEqual(await awaited.notice('302'), notice('302'))
      assert.equal(await awaited.notice('999'), null)
    })

    test('the first payment is what was awaited; a second one, or one of what was withdrawn, is too much', async () => {
      for (const [receipt, number] of [
        ['a', '301'],
        ['b', '301'],
        ['c', '302'],
        ['d', '999'],
      ] as const)
        await awaited.learn(payment(receipt, number))
      assert.deepEqual(await untold(), [
        ['a', false],
        ['b', true],
        ['c', true],
      ])
      assert.deepEqual((await awaited.untold())[0], {
        ...payment('a', '301'),
        avviso: notice('301'),
        isExcess: false,
      })
    })

    test('what was told is not told again, though it is learned again', async () => {
      await awaited.told('a')
      await awaited.told('b')
      await awaited.learn(payment('a', '301'))
      assert.deepEqual(await untold(), [['c', true]])
      assert.deepEqual(await awaited.payment('b'), { ...payment('b', '301'), avviso: notice('301'), isExcess: true })
      assert.equal(await awaited.payment('d'), null)
    })
  })
