/** The mailroom in PostgreSQL. Owns schema `mailroom`; touches no other. */
import type { Knex } from 'knex'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import type { KeptLetter, Mailroom } from './mailroom.ts'

const steps: readonly Step[] = [
  {
    name: '0001-mailroom',
    async up(database) {
      await database.schema.createTable('folder', (table) => {
        table.text('name').primary()
        table.text('uid_validity').notNullable().comment('A folder that begins anew has another')
        table.bigInteger('uid').notNullable().comment('Of the last mail that was read')
      })
      await database.schema.createTable('letter', (table) => {
        table.text('key').primary()
        table.text('kind').notNullable()
        table.text('sender').notNullable()
        table.text('subject').notNullable()
        table.text('reason').comment('Why it was not believed')
        table.text('document').comment('Id in the document store')
        table.timestamp('read_at', { useTz: true }).notNullable().index()
      })
    },
  },
]

/** Throws one sentence when the tables were written by a newer program. */
export const openMailroom = (connectionString: string): Promise<OpenStore<Mailroom>> =>
  openStore(connectionString, { schema: 'mailroom', steps, storeIn: mailroomIn })

interface FolderRow {
  readonly name: string
  readonly uid_validity: string
  /** Text: bigint. */
  readonly uid: string
}
type LetterRow = Omit<KeptLetter, 'readAt'> & { readonly read_at: Date }

function mailroomIn(database: Knex): Mailroom {
  return {
    async position(name) {
      const row = await database<FolderRow>('folder').where({ name }).first()
      return row ? { uidValidity: row.uid_validity, uid: Number(row.uid) } : null
    },
    async advance(name, { uidValidity, uid }) {
      const row = { name, uid_validity: uidValidity, uid }
      await database('folder').insert(row).onConflict('name').merge()
    },
    async keep({ readAt, ...letter }) {
      await database('letter')
        .insert({ ...letter, read_at: readAt })
        .onConflict('key')
        .ignore()
    },
    async letters() {
      const rows = await database<LetterRow>('letter').select('*').orderBy(['read_at', 'key'])
      return rows.map(({ read_at, ...letter }) => ({ ...letter, readAt: read_at.toISOString() }))
    },
  }
}
