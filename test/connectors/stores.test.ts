/** What is remembered in the database, opened together. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, test } from 'node:test'
import pg from 'pg'
import { openStores } from '../../connectors/stores.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const client = new pg.Client(server.connectionString)
await client.connect()
after(async () => {
  await client.end()
  await server.stop()
  await rm(home, { recursive: true })
})

const connected = async (): Promise<number> => {
  const { rows } = await client.query(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'`)
  return rows.length
}
const before = await connected()
const ASKED_MAX = 1_000

/** The server takes a moment to see that a client has gone. */
async function noneIsLeft(): Promise<void> {
  for (let asked = 0; asked < ASKED_MAX && (await connected()) > before; asked++);
  assert.equal(await connected(), before)
}

test('all are opened at once in an empty database, each with its tables; closed, no connection is left', async () => {
  const stores = await openStores(server.connectionString)
  assert.equal(await stores.documents.describe(crypto.randomUUID()), null)
  assert.equal(await stores.mailroom.position('a/INBOX'), null)
  assert.equal(await stores.noticeInbox.isAwaiting(), false)
  assert.deepEqual(await stores.ledger.startingWith('x'), [])
  await stores.close()
  await noneIsLeft()
})

test('what was opened before is opened again', async () => {
  const stores = await openStores(server.connectionString)
  const { id } = await stores.documents.put(Buffer.from('a'), { nome: 'a.pdf', tipo: 'application/pdf', pratica: null })
  await stores.close()
  const again = await openStores(server.connectionString)
  assert.equal((await again.documents.describe(id))?.nome, 'a.pdf')
  await again.close()
})

test('one that a newer program wrote is named, and none is left open', async () => {
  await client.query(`INSERT INTO mailroom.migration (name, batch, migration_time) VALUES ('9999-newer', 9, now())`)
  await assert.rejects(openStores(server.connectionString), /tables of schema mailroom .* newer/)
  await noneIsLeft()
})
