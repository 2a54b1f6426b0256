/**
 * The documents in PostgreSQL, so that a backup of the database is the backup. Owns schema `document`; touches no other: pages and
 * workers both write documents, and a schema has one owner.
 */
import type { Knex } from 'knex'
import { Unavailable } from '../effect.ts'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import { pass } from './content.ts'
import type { DocumentStore, Replaced, StoredDocument } from './store.ts'

const steps: readonly Step[] = [
  {
    name: '0001-documents',
    async up(database) {
      await database.schema.createTable('document', (table) => {
        table.uuid('id').primary()
        table.text('key').unique().comment('Of the effect that made it')
        table.text('practice').index().comment('Null while it belongs to a draft')
        table.text('name').notNullable()
        table.text('media_type').notNullable()
        table.integer('bytes').notNullable()
        table.text('sha256').notNullable()
        table.timestamp('created_at', { useTz: true }).notNullable()
      })
      await database.schema.createTable('piece', (table) => {
        table.uuid('document').notNullable()
        table.integer('index').notNullable()
        table.binary('content').notNullable()
        table.primary(['document', 'index'])
      })
    },
  },
  {
    name: '0002-versions',
    async up(database) {
      await database.schema.alterTable('document', (table) => {
        table.uuid('replaces').comment('The earlier version that it stands for')
        table.text('replaced_lacks').comment('What that one lacks: sigillo, firma')
      })
    },
  },
  {
    name: '0003-unsent',
    async up(database) {
      await database.raw('CREATE INDEX document_unsent ON document (id) WHERE practice IS NULL AND key IS NULL')
    },
  },
]

/** `now`: business time, epoch milliseconds. Throws one sentence when the tables were written by a newer program. */
export const openDocuments = (
  connectionString: string,
  now: () => number = Date.now,
): Promise<OpenStore<DocumentStore>> =>
  openStore(connectionString, { schema: 'document', steps, storeIn: (database) => documentsIn(database, now) })

interface Row {
  readonly id: string
  readonly practice: string | null
  readonly name: string
  readonly media_type: string
  readonly bytes: number
  readonly sha256: string
  readonly created_at: Date
  readonly replaces: string | null
  readonly replaced_lacks: Replaced['senza'] | null
}

const described = ({ id, practice, name, media_type, bytes, sha256, created_at, ...row }: Row): StoredDocument => ({
  ...{ id, nome: name, tipo: media_type, pratica: practice },
  ...{ byte: bytes, impronta: sha256, creato: created_at.toISOString() },
  sostituisce:
    row.replaces === null || row.replaced_lacks === null
      ? null
      : { documento: row.replaces, senza: row.replaced_lacks },
})

/** What a stranger writes where an id belongs names no document. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function documentsIn(database: Knex, now: () => number): DocumentStore {
  const found = async (where: Readonly<Record<string, string>>): Promise<StoredDocument | null> => {
    const row = await database<Row>('document').where(where).first()
    return row ? described(row) : null
  }
  const describe = async (id: string) => (UUID.test(id) ? found({ id }) : null)
  return {
    describe,
    madeBy: (key) => found({ key }),
    async put(content, { nome, tipo, pratica, sostituisce }, key) {
      const known = key === undefined ? null : await found({ key })
      if (known) return known
      const id = crypto.randomUUID()
      return database.transaction(async (transaction) => {
        const { byte, impronta } = await pass(
          content,
          async (piece, index) => void (await transaction('piece').insert({ document: id, index, content: piece })),
        )
        const row = { id, key: key ?? null, practice: pratica, name: nome, media_type: tipo, bytes: byte }
        const version = { replaces: sostituisce?.documento ?? null, replaced_lacks: sostituisce?.senza ?? null }
        const [kept] = await transaction<Row>('document')
          .insert({ ...row, ...version, sha256: impronta, created_at: new Date(now()) })
          .onConflict('key')
          .ignore()
          .returning('*')
        if (kept) return described(kept)
        // Another attempt at the same effect was faster.
        await transaction('piece').where('document', id).delete()
        const other = (await transaction('document').where({ key }).first()) as Row | undefined
        if (other) return described(other)
        throw new Unavailable('Expected the document that another attempt has kept, but it is gone. It is made again.')
      })
    },
    // In one statement: of a document that is removed meanwhile either all is read or nothing.
    async read(id) {
      if (!UUID.test(id)) return null
      const rows: readonly { readonly content: Buffer | null }[] = await database('document')
        .leftJoin('piece', 'piece.document', 'document.id')
        .where('document.id', id)
        .orderBy('piece.index')
        .select('piece.content')
      return rows.length === 0 ? null : Buffer.concat(rows.flatMap(({ content }) => content ?? []))
    },
    async ofPractice(pratica) {
      const rows = await database<Row>('document').where({ practice: pratica }).orderBy(['created_at', 'id'])
      return rows.map(described)
    },
    async assign(ids, pratica) {
      const real = ids.filter((id) => UUID.test(id))
      await database('document').whereIn('id', real).whereNull('practice').update({ practice: pratica })
    },
    async remove(id) {
      if (!UUID.test(id)) return
      await database.transaction(async (transaction) => {
        await transaction('document').where({ id }).delete()
        await transaction('piece').where('document', id).delete()
      })
    },
    ...unsentIn(database),
  }
}

/** What an effect made has its key, and belongs to whoever made it. */
const unsentIn = (database: Knex): Pick<DocumentStore, 'unsent' | 'removeUnsent'> => ({
  async unsent(before, after, limit) {
    const rows = database('document').whereNull('practice').whereNull('key').where('created_at', '<', before)
    if (after !== null) rows.where('id', '>', after)
    return rows.orderBy('id').limit(limit).pluck('id')
  },
  removeUnsent: (ids) =>
    database.transaction(async (transaction) => {
      const rows = transaction('document').whereIn('id', ids).whereNull('practice').whereNull('key')
      const removed: readonly { id: string }[] = await rows.delete().returning('id')
      await transaction('piece')
        .whereIn(
          'document',
          removed.map(({ id }) => id),
        )
        .delete()
      return removed.length
    }),
})
