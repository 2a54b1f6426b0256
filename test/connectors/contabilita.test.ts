/** The accounts of practices: the same promises of the database that keeps them and of the memory that stands for it in tests. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import type { AccountEntry } from '../../connectors/contabilita/accounts.ts'
import { openAccounts } from '../../connectors/contabilita/database.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryAccounts } from './memory-accounts.ts'

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const database = await openAccounts(server.connectionString)
after(async () => {
  await database.close()
  await server.stop()
  await rm(home, { recursive: true })
})

const paid = (voce: string, centesimi: number, giorno = '2027-05-07'): AccountEntry => ({
  ...{ voce, centesimi, stato: 'PAGATO', motivo: 'di prova', giorno, avviso: '301000000000000144' },
  fonte: { tipo: 'RICEVUTA', riferimento: 'r-1' },
})
const exempt: AccountEntry = {
  ...{ voce: 'Imposta di bollo', centesimi: 0, stato: 'ESENTE', motivo: 'ente del Terzo settore', avviso: null },
  ...{ giorno: '2027-05-31', fonte: { tipo: 'DECISIONE', riferimento: 'dmn-canone' } },
}

for (const [name, accounts] of Object.entries({ database, memory: memoryAccounts() })) {
  describe(`accounts in the ${name}`, () => {
    test('what was entered is read as it was, in its order; another practice has nothing', async () => {
      await accounts.book('p-1', 'j-1', [paid('Canone', 2600), paid('Diritti', 2000)])
      const rows = await accounts.of('p-1')
      assert.deepEqual(
        rows.map(({ progressivo, ...row }) => row),
        [
          { ...paid('Canone', 2600), pratica: 'p-1' },
          { ...paid('Diritti', 2000), pratica: 'p-1' },
        ],
      )
      assert.ok(rows[0]!.progressivo < rows[1]!.progressivo)
      assert.deepEqual(await accounts.of('p-2'), [])
    })
    test('the same cause is entered once, however often and by however many it is told', async () => {
      const told = [1, 2, 3].map(() => accounts.book('p-2', 'j-2', [paid('Canone', 1), exempt]))
      await Promise.all(told)
      await accounts.book('p-2', 'j-2', [paid('Canone', 999)])
      assert.deepEqual(
        (await accounts.of('p-2')).map(({ centesimi }) => centesimi),
        [1, 0],
      )
    })
    test('the town’s rows of some days come page by page, both days included', async () => {
      const amount = async (dal: string, al: string, after = 0, limit = 10) =>
        (await accounts.between(dal, al, after, limit)).map(({ pratica, centesimi }) => `${pratica} ${centesimi}`)
      assert.deepEqual(await amount('2027-05-07', '2027-05-07'), ['p-1 2600', 'p-1 2000', 'p-2 1'])
      assert.deepEqual(await amount('2027-05-08', '2027-05-31'), ['p-2 0'])
      assert.deepEqual(await amount('2027-06-01', '2027-06-30'), [])
      const [first] = await accounts.between('2027-05-01', '2027-05-31', 0, 1)
      assert.deepEqual(await amount('2027-05-01', '2027-05-31', first!.progressivo, 2), ['p-1 2000', 'p-2 1'])
    })
  })
}
