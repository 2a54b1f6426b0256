/** The emergency register: the same promises of the database that keeps it and of the memory that stands for it in tests. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { openEmergencyRegister } from '../../connectors/emergenza/database.ts'
import type { NewEmergencyEntry } from '../../connectors/emergenza/register.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryEmergencyRegister } from './memory-emergency.ts'

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const database = await openEmergencyRegister(server.connectionString)
after(async () => {
  await database.close()
  await server.stop()
  await rm(home, { recursive: true })
})

const entry = (riferimento: string, pratica = 'p-1'): NewEmergencyEntry => ({
  pratica,
  documenti: ['d-1'],
  registrazione: {
    riferimento,
    verso: 'IN',
    oggetto: 'Dichiarazione',
    corrispondente: { nome: 'Mario Rossi' },
    documenti: [{ nome: 'a.pdf', tipo: 'application/pdf', byte: 1, impronta: 'AAAA' }],
  },
})
const authorised = (dal: string, fino: string) => ({ autorizzatoDa: 'aldo.archivista', estremi: 'det. 1', dal, fino })
const final = (numero: string) => ({ numero, anno: 2028, registro: 'PROTOCOLLO', data: '2028-01-01T12:00:00.000Z' })

for (const [name, register] of Object.entries({ database, memory: memoryEmergencyRegister() })) {
  describe(`emergency register in the ${name}`, () => {
    let interruption = ''
    test('nothing is entered unless it is authorised, at that time', async () => {
      assert.equal(await register.enter(entry('a'), '2027-12-31T20:00:00.000Z'), null)
      assert.equal(await register.extend(authorised('2027-12-31T20:00:00.000Z', '2028-01-01T20:00:00.000Z')), null)
      const opened = await register.open(
        { causa: 'guasto', inizio: '2027-12-31T20:00:00.000Z' },
        authorised('2027-12-31T20:00:00.000Z', '2028-01-01T20:00:00.000Z'),
      )
      assert.deepEqual(opened, { ...opened, causa: 'guasto', inizio: '2027-12-31T20:00:00.000Z', ripristino: null })
      interruption = opened.id
      assert.equal(await register.enter(entry('a'), '2027-12-31T19:59:59.000Z'), null)
      assert.equal(await register.enter(entry('a'), '2028-01-01T20:00:00.000Z'), null)
    })
    test('of two that open it at once, one does', async () => {
      const instants = authorised('2027-12-31T21:00:00.000Z', '2030-01-01T00:00:00.000Z')
      const asked = [1, 2, 3].map(() => register.open({ causa: 'altro', inizio: instants.dal }, instants))
      assert.deepEqual([...new Set((await Promise.all(asked)).map(({ id }) => id))], [interruption])
      assert.equal(await register.enter(entry('late'), '2028-01-01T20:00:00.000Z'), null)
    })
    test('numbers have no gap however many ask at once, and start again each year in Rome', async () => {
      const asked = ['a', 'b', 'c', 'd'].map((riferimento) =>
        register.enter(entry(riferimento), '2027-12-31T22:59:00.000Z'),
      )
      const entered = await Promise.all(asked)
      assert.deepEqual(entered.map((each) => `${each?.numero}/${each?.anno} ${each?.registro}`).sort(), [
        'E0000001/2027 EMERGENZA',
        'E0000002/2027 EMERGENZA',
        'E0000003/2027 EMERGENZA',
        'E0000004/2027 EMERGENZA',
      ])
      assert.deepEqual(
        entered.filter((each) => each?.prima).map((each) => each?.numero),
        ['E0000001'],
      )
      const next = await register.enter(entry('e', 'p-2'), '2027-12-31T23:00:00.000Z')
      assert.deepEqual([next?.numero, next?.anno, next?.pratica, next?.prima], ['E0000001', 2028, 'p-2', false])
    })
    test('a reference has one number, whenever it is asked for', async () => {
      const [first] = await register.pending(interruption, 1)
      const riferimento = first?.registrazione.riferimento ?? ''
      assert.deepEqual(await register.enter(entry(riferimento), '2028-01-05T10:00:00.000Z'), first)
      assert.deepEqual(await register.find(2027, 'E0000001'), first)
      for (const numero of ['E0000009', '0000001', 'E1', "E0000001' OR 1=1"])
        assert.equal(await register.find(2027, numero), null)
    })
    test('a longer trouble needs a further authorisation', async () => {
      assert.equal(await register.enter(entry('f'), '2028-01-02T10:00:00.000Z'), null)
      const extended = await register.extend(authorised('2028-01-02T09:00:00.000Z', '2028-01-09T09:00:00.000Z'))
      assert.equal(extended?.id, interruption)
      assert.equal((await register.enter(entry('f'), '2028-01-02T10:00:00.000Z'))?.numero, 'E0000002')
    })
    test('entries wait in order for their final number, and keep it', async () => {
      const numbers = async () =>
        (await register.pending(interruption, 9)).map(({ numero, anno }) => `${numero}/${anno}`)
      const waiting = [
        'E0000001/2027',
        'E0000002/2027',
        'E0000003/2027',
        'E0000004/2027',
        'E0000001/2028',
        'E0000002/2028',
      ]
      assert.deepEqual(await numbers(), waiting)
      assert.equal((await register.pending(interruption, 2)).length, 2)
      await register.settle(2027, 'E0000001', final('0000001'))
      await register.settle(2027, 'E0000001', final('0000099'))
      assert.deepEqual((await register.find(2027, 'E0000001'))?.definitivo, final('0000001'))
      assert.deepEqual(await numbers(), waiting.slice(1))
    })
    test('it ends when nothing waits, with how many were entered each day; a new trouble goes on with the numbers', async () => {
      assert.equal(await register.restore(interruption, '2028-01-02T12:00:00.000Z'), null)
      for (const { anno, numero } of await register.pending(interruption, 9))
        await register.settle(anno, numero, final(`00000${numero.slice(-2)}`))
      const restored = await register.restore(interruption, '2028-01-02T13:00:00.000Z')
      assert.equal(restored?.interruzione.ripristino, '2028-01-02T13:00:00.000Z')
      assert.deepEqual(restored?.giornate, [
        { giorno: '2027-12-31', registrazioni: 4 },
        { giorno: '2028-01-01', registrazioni: 1 },
        { giorno: '2028-01-02', registrazioni: 1 },
      ])
      assert.deepEqual(await register.restore(interruption, '2028-02-02T13:00:00.000Z'), restored)
      assert.equal(await register.enter(entry('g'), '2028-01-02T14:00:00.000Z'), null)
      const day = authorised('2028-01-03T10:00:00.000Z', '2028-01-04T10:00:00.000Z')
      assert.notEqual((await register.open({ causa: 'guasto', inizio: day.dal }, day)).id, interruption)
      const next = await register.enter(entry('g'), '2028-01-03T11:00:00.000Z')
      assert.deepEqual([next?.numero, next?.prima], ['E0000003', true])
    })
  })
}
