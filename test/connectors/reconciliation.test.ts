/** What is remembered of flows: the same promises of the database that keeps it and of the memory that stands for it in tests. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { type Anomaly, keyOf, type Reconciliation } from '../../connectors/pagopa/reconciliation.ts'
import { openReconciliation } from '../../connectors/pagopa/reconciliation-database.ts'
import type { FlowPayment, PublishedFlow } from '../../connectors/pagopa/types.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryReconciliation } from './memory-reconciliation.ts'

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const database = await openReconciliation(server.connectionString)
after(async () => {
  await database.close()
  await server.stop()
  await rm(home, { recursive: true })
})

const flow = (fdr: string, revisione = 1, day = '07'): PublishedFlow => ({
  ...{ fdr, revisione, psp: 'ABI99990', pubblicatoIl: `2027-05-${day}T04:00:00.000Z` },
})
const line = (iur: string, idTransfer: number, importo: number): FlowPayment => ({
  ...{ indice: idTransfer, iuv: '01000000000000144', iur, idTransfer, importo, esito: 'EXECUTED' },
  pagatoIl: '2027-05-06T10:00:00.000Z',
})
const anomaly = (fdr: string): Anomaly => ({
  tipo: 'FLUSSO',
  flusso: { ...flow(fdr), regolamento: 'TRN1', dataRegolamento: '2027-05-07', nomePsp: 'Banca di prova' },
  ...{ pagamento: null, atteso: 2, trovato: 1, pratica: null, oggetto: null, ufficio: null },
})
const stores: Readonly<Record<string, Reconciliation>> = {
  'in memory': memoryReconciliation(),
  'in PostgreSQL': database,
}

for (const [where, kept] of Object.entries(stores))
  describe(where, () => {
    const pending = async () => (await kept.pending()).map(({ fdr, revisione }) => `${fdr} ${revisione}`)
    const settled = async (fdr: string, ...iurs: string[]) =>
      (await kept.settled(flow(fdr), iurs)).map(({ flusso, iur, importo }) => [flusso.fdr, iur, importo])
    const untold = async () => (await kept.untold()).map(({ chiave }) => chiave)

    test('a flow is seen once and waits until it is settled; the latest of all says where to go on', async () => {
      assert.equal(await kept.latest(), null)
      await kept.see([])
      await kept.see([flow('b', 1, '08'), flow('a')])
      await kept.see([flow('a')])
      assert.deepEqual(await kept.pending(), [flow('a'), flow('b', 1, '08')])
      assert.equal(await kept.latest(), '2027-05-08T04:00:00.000Z')
    })

    test('what is settled is settled once, with its transfers and what did not fit', async () => {
      await kept.settle(flow('a'), [line('x', 1, 2600), line('x', 2, 5200), line('y', 3, 100)], [anomaly('a')])
      await kept.settle(flow('a'), [line('z', 1, 1)], [anomaly('z')])
      assert.deepEqual(await pending(), ['b 1'])
      assert.deepEqual(await settled('b', 'x'), [
        ['a', 'x', 2600],
        ['a', 'x', 5200],
      ])
      assert.deepEqual(await settled('b', 'z'), [])
      assert.deepEqual(await untold(), [keyOf(anomaly('a'))])
      const { flusso, ...rest } = (await kept.settled(flow('b'), ['y']))[0]!
      assert.deepEqual(rest, line('y', 3, 100))
      assert.deepEqual(flusso, { psp: 'ABI99990', fdr: 'a' })
    })

    test('a later revision takes the place of what was not read yet, and once it is settled of what was', async () => {
      await kept.see([flow('a', 2, '09'), flow('b', 2, '09'), flow('b', 3, '10')])
      assert.deepEqual(await pending(), ['a 2', 'b 3'])
      const before = ['x', 'x', 'y'].map((iur, index) => ['a', iur, [2600, 5200, 100][index]])
      assert.deepEqual(await settled('a'), before)
      await kept.settle(flow('a', 2), [line('x', 1, 2600)], [])
      assert.deepEqual(await settled('a'), [['a', 'x', 2600]])
      assert.deepEqual(await settled('b', 'y'), [])
    })

    test('what was told is not told again, though it is found again', async () => {
      await kept.report(anomaly('b'))
      await kept.told(keyOf(anomaly('a')))
      for (const one of ['a', 'b']) await kept.report(anomaly(one))
      assert.deepEqual(await untold(), [keyOf(anomaly('b'))])
      assert.deepEqual((await kept.untold())[0], { ...anomaly('b'), chiave: keyOf(anomaly('b')) })
    })
  })
