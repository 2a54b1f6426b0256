/** The ledger in PostgreSQL. Owns schema `ledger`; touches no other. */
import type { Knex } from 'knex'
import { openSchema, type Step } from '../schema.ts'
import type { Ledger, Standing } from './ledger.ts'

const steps: readonly Step[] = [
  {
    name: '0001-effects',
    async up({ schema }) {
      await schema.createTable('effect', (table) => {
        table.text('key').primary()
        table.text('operation').notNullable()
        table.timestamp('called_at', { useTz: true }).notNullable()
        table.integer('attempt').notNullable().defaultTo(1).comment('How often the call was made')
        table.jsonb('outcome').comment('Null while nobody knows whether the call was done')
        table.timestamp('settled_at', { useTz: true })
      })
    },
  },
  {
    name: '0002-series',
    async up({ schema }) {
      await schema.createTable('series', (table) => {
        table.text('name').primary()
        table.bigInteger('last').notNullable().comment('The highest number given out')
      })
    },
  },
]

export interface OpenLedger extends Ledger {
  close(): Promise<void>
}

/** Throws one sentence when the table was written by a newer program. */
export async function openLedger(connectionString: string): Promise<OpenLedger> {
  const database = await openSchema(connectionString, 'ledger', steps)
  return { ...ledgerIn(database), close: () => database.destroy() }
}

/** Ages are measured by the database's clock: what a platform needs to settle is real time, not the procedures'. */
function ledgerIn(database: Knex): Ledger {
  return {
    async intend(key, operation) {
      const { rows } = await database.raw<{ rows: Found[] }>(INTEND, [key, operation])
      return standingOf(rows[0] ?? (await standing(database, key)))
    },
    async renew(key, attempt) {
      const again = { called_at: database.fn.now(), attempt: attempt + 1 }
      return (await database('effect').where({ key, attempt }).whereNull('settled_at').update(again)) === 1
    },
    async settle(key, outcome) {
      const settled = { outcome: JSON.stringify(outcome), settled_at: database.fn.now() }
      await database('effect').where({ key }).update(settled)
    },
    async withdraw(key, attempt) {
      const own = attempt === undefined ? { key } : { key, attempt }
      await database('effect').where(own).whereNull('settled_at').delete()
    },
    async nextNumber(series) {
      const { rows } = await database.raw<{ rows: { last: string }[] }>(NEXT_NUMBER, [series])
      return rows[0]!.last
    },
  }
}

interface Found {
  readonly fresh: boolean
  readonly settled: boolean
  readonly outcome: unknown
  readonly age_ms: number
  readonly attempt: number
}

const INTEND = `INSERT INTO effect (key, operation, called_at) VALUES (?, ?, clock_timestamp()) ON CONFLICT (key) DO NOTHING
  RETURNING true AS fresh, false AS settled, NULL AS outcome, 0 AS age_ms, attempt`
/** The row is locked until the statement has committed: two that ask at once get two numbers. */
const NEXT_NUMBER = `INSERT INTO series (name, last) VALUES (?, floor(extract(epoch FROM clock_timestamp()) * 1000))
  ON CONFLICT (name) DO UPDATE SET last = greatest(series.last + 1, excluded.last) RETURNING last::text`
const STANDING = `SELECT false AS fresh, settled_at IS NOT NULL AS settled, outcome,
  extract(epoch FROM clock_timestamp() - called_at)::float8 * 1000 AS age_ms, attempt FROM effect WHERE key = ?`

async function standing(database: Knex, key: string): Promise<Found> {
  const { rows } = await database.raw<{ rows: Found[] }>(STANDING, [key])
  if (rows[0]) return rows[0]
  throw new Error('Expected to find an intention in the ledger, but it was just taken back. Try again.')
}

function standingOf({ fresh, settled, outcome, age_ms, attempt }: Found): Standing {
  if (fresh) return { state: 'new' }
  return settled ? { state: 'settled', outcome } : { state: 'open', ageMs: age_ms, attempt }
}
