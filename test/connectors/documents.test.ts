/** The documents of the practices: the same promises of the database that keeps them and of the memory that stands for it in tests. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { openDocuments } from '../../connectors/documents/database.ts'
import { DOCUMENT_BYTES_MAX, DocumentTooLong } from '../../connectors/documents/store.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { memoryDocuments } from './memory-documents.ts'

const home = await mkdtemp('/tmp/iter-test-')
const server = await startEmbeddedPostgres({ dataDir: home })
const documents = await openDocuments(server.connectionString)
after(async () => {
  await documents.close()
  await server.stop()
  await rm(home, { recursive: true })
})

const planimetria = { nome: 'planimetria.pdf', tipo: 'application/pdf', pratica: null }
async function* parts(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield Buffer.alloc(size, index + 1)
}

for (const [name, store] of Object.entries({ database: documents, memory: memoryDocuments(Date.now) })) {
  describe(`documents in the ${name}`, () => {
    test('what was put is read as it was, whatever pieces it came in', async () => {
      const sizes = [1, 300_000, 0, 524_288, 7]
      const { id, byte, impronta } = await store.put(parts(...sizes), planimetria)
      const read = (await store.read(id)) as Buffer
      assert.deepEqual(read, Buffer.concat(await Array.fromAsync(parts(...sizes))))
      assert.deepEqual(await store.describe(id), {
        ...planimetria,
        id,
        byte,
        impronta,
        creato: (await store.describe(id))?.creato,
        sostituisce: null,
      })
      assert.equal(byte, read.byteLength)
      assert.equal(impronta, (await store.put(read, planimetria)).impronta)
    })

    test('a repeat of the effect that made it keeps nothing more', async () => {
      const first = await store.put(Buffer.from('uno'), planimetria, 'p-1/genera/7')
      const again = await store.put(Buffer.from('due'), planimetria, 'p-1/genera/7')
      assert.deepEqual(again, first)
      assert.equal(String(await store.read(again.id)), 'uno')
    })

    test('what is removed while it is read is read whole or not at all', async () => {
      const content = Buffer.alloc(300_000, 1)
      const empty = await store.put(Buffer.alloc(0), planimetria)
      assert.equal((await store.read(empty.id))?.byteLength, 0)
      for (let times = 0; times < 50; times++) {
        const { id } = await store.put(content, planimetria)
        const [read] = await Promise.all([store.read(id), store.remove(id)])
        assert.ok(read === null || content.equals(read), `${read?.byteLength} bytes`)
        assert.equal(await store.read(id), null)
      }
    })

    test('what is too long is refused, and nothing of it kept', async () => {
      const before = (await store.ofPractice('p-long')).length
      const tooLong = parts(...Array.from({ length: 9 }, () => DOCUMENT_BYTES_MAX / 8))
      await assert.rejects(store.put(tooLong, { ...planimetria, pratica: 'p-long' }), DocumentTooLong)
      assert.equal((await store.ofPractice('p-long')).length, before)
    })

    test('attached to a draft, then the practice’s; another practice takes nothing away', async () => {
      const [own, other] = [
        await store.put(Buffer.from('a'), planimetria),
        await store.put(Buffer.from('b'), planimetria),
      ]
      await store.assign([own.id, 'no id'], 'p-2')
      await store.assign([own.id, other.id], 'p-3')
      const ids = async (practice: string) => (await store.ofPractice(practice)).map(({ id }) => id)
      assert.deepEqual([await ids('p-2'), await ids('p-3')], [[own.id], [other.id]])
    })

    test('a later version names the one that it replaces, which stays as it was', async () => {
      const first = await store.put(Buffer.from('a'), { ...planimetria, pratica: 'p-4' })
      const sostituisce = { documento: first.id, senza: 'sigillo' as const }
      const sealed = await store.put(Buffer.from('b'), { ...planimetria, pratica: 'p-4', sostituisce })
      assert.deepEqual((await store.describe(sealed.id))?.sostituisce, sostituisce)
      assert.deepEqual(
        (await store.ofPractice('p-4')).map((one) => [one.id, one.sostituisce]),
        [
          [first.id, null],
          [sealed.id, sostituisce],
        ],
      )
      assert.equal(String(await store.read(first.id)), 'a')
    })

    test('an unknown id, or none, names no document; what was removed is gone', async () => {
      const { id } = await store.put(Buffer.from('a'), planimetria)
      await store.remove(id)
      for (const unknown of [id, crypto.randomUUID(), "' OR 1=1 --", '']) {
        assert.deepEqual([await store.describe(unknown), await store.read(unknown)], [null, null])
        await store.remove(unknown)
      }
    })
  })
}
