/** The accounts of the practices in PostgreSQL. Owns schema `accounts`; touches no other. */
import type { Knex } from 'knex'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import type { AccountEntry, Accounts, Booked } from './accounts.ts'

const steps: readonly Step[] = [
  {
    name: '0001-accounts',
    async up(database) {
      await database.schema.createTable('entry', (table) => {
        table.bigIncrements('id')
        table.text('practice').notNullable().index()
        table.text('cause').notNullable()
        table.integer('line').notNullable()
        table.unique(['cause', 'line'])
        table.text('item').notNullable()
        table.bigInteger('cents').notNullable()
        table.text('state').notNullable()
        table.text('reason')
        table.date('day').notNullable()
        table.text('notice').comment('Number of the payment notice')
        table.text('source_kind').notNullable()
        table.text('source').notNullable()
        table.index(['day', 'id'])
      })
    },
  },
]

/** Throws one sentence when the tables were written by a newer program. */
export const openAccounts = (connectionString: string): Promise<OpenStore<Accounts>> =>
  openStore(connectionString, { schema: 'accounts', steps, storeIn: accountsIn })

interface EntryRow {
  readonly id: string
  readonly practice: string
  readonly item: string
  readonly cents: string
  readonly state: AccountEntry['stato']
  readonly reason: string | null
  readonly day: string
  readonly notice: string | null
  readonly source_kind: AccountEntry['fonte']['tipo']
  readonly source: string
}

/** `day` as text: a date that becomes an instant loses its day in another time zone. */
const COLUMNS = ['id', 'practice', 'item', 'cents', 'state', 'reason', 'notice', 'source_kind', 'source']
const DAY = "to_char(day, 'YYYY-MM-DD') AS day"

const booked = (row: EntryRow): Booked => ({
  ...{ progressivo: Number(row.id), pratica: row.practice, voce: row.item, centesimi: Number(row.cents) },
  ...{ stato: row.state, motivo: row.reason, giorno: row.day, avviso: row.notice },
  fonte: { tipo: row.source_kind, riferimento: row.source },
})

function accountsIn(database: Knex): Accounts {
  const read = () => database('entry').select<EntryRow[]>(COLUMNS).select(database.raw(DAY)).orderBy('id')
  return {
    async book(pratica, causa, entries) {
      const rows = entries.map((entry, line) => ({
        ...{ practice: pratica, cause: causa, line, item: entry.voce, cents: entry.centesimi, state: entry.stato },
        ...{ reason: entry.motivo, day: entry.giorno, notice: entry.avviso },
        ...{ source_kind: entry.fonte.tipo, source: entry.fonte.riferimento },
      }))
      if (rows.length > 0) await database('entry').insert(rows).onConflict(['cause', 'line']).ignore()
    },
    of: async (pratica) => (await read().where('practice', pratica)).map(booked),
    async between(dal, al, after, limit) {
      const rows = await read().whereBetween('day', [dal, al]).where('id', '>', after).limit(limit)
      return rows.map(booked)
    },
  }
}
