/** What is remembered of a certified mailbox, in the database and in memory alike. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openMailroom } from '../../connectors/pec/mailroom-database.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryMailroom } from './memory-mailroom.ts'

const directory = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: join(directory, 'database') })
const inDatabase = await openMailroom(server.connectionString)
after(async () => {
  await inDatabase.close()
  await server.stop()
  await rm(directory, { recursive: true })
})

const letter = {
  ...{ key: 'k', kind: 'ANOMALIA' as const, sender: 'a@posta.example', subject: 'Oggetto; DROP TABLE letter' },
  ...{ reason: null, document: 'd', readAt: '2027-03-01T09:00:00.000Z' },
}

for (const [where, mailroom] of [
  ['in memory', memoryMailroom()],
  ['in the database', inDatabase],
] as const) {
  test(`${where}: a folder has one position, each mail is kept once`, async () => {
    assert.equal(await mailroom.position('a/INBOX'), null)
    await mailroom.advance('a/INBOX', { uidValidity: '4294967295', uid: 4_294_967_295 })
    await mailroom.advance('a/INBOX', { uidValidity: '7', uid: 3 })
    await mailroom.advance('b/INBOX', { uidValidity: '7', uid: 9 })
    assert.deepEqual(await mailroom.position('a/INBOX'), { uidValidity: '7', uid: 3 })
    await mailroom.keep(letter)
    await mailroom.keep({ ...letter, subject: 'altro' })
    await mailroom.keep({ ...letter, key: 'l', readAt: '2027-02-01T09:00:00.000Z' })
    const kept = await mailroom.letters()
    assert.deepEqual(kept.map(({ key, subject }) => [key, subject]).sort(), [
      ['k', letter.subject],
      ['l', letter.subject],
    ])
    assert.deepEqual(
      kept.find(({ key }) => key === 'k'),
      letter,
    )
  })
}

test('what was remembered is there after a restart', async () => {
  const again = await openMailroom(server.connectionString)
  assert.deepEqual(await again.position('b/INBOX'), { uidValidity: '7', uid: 9 })
  await again.close()
})
