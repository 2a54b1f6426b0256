/** The ledger in PostgreSQL. Owns schema `ledger`; touches no other. */
import type { Knex } from 'knex'
import { type OpenStore, openStore, type Step } from '../schema.ts'
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
  {
    name: '0003-decisions',
    async up(database) {
      await database.schema.alterTable('effect', (table) => {
        table.boolean('decided').notNullable().defaultTo(false).comment('A person has said what became of it')
      })
      await database.schema.raw('CREATE INDEX effect_key_beginning ON ledger.effect (key text_pattern_ops)')
    },
  },
]

/** What a person decides who has asked the recipient, where the outcome of an effect is unknown and cannot be found out. */
export interface Decisions {
  /** Effects whose key begins so, oldest first. */
  startingWith(prefix: string): Promise<readonly KnownEffect[]>
  /** It was not done, and may be. A decision may be changed; what the platform has answered is left as it is. */
  decideNotDone(key: string): Promise<void>
  /** It was done, with this outcome (JSON). A decision may be changed; what the platform has answered is left as it is. */
  decideDone(key: string, outcome: unknown): Promise<void>
}

export interface KnownEffect {
  readonly key: string
  readonly operation: string
  /** ISO instant of the last call. */
  readonly calledAt: string
  readonly isSettled: boolean
  /** By a person. */
  readonly isDecided: boolean
}

/** Throws one sentence when the table was written by a newer program. */
export const openLedger = (connectionString: string): Promise<OpenStore<Ledger & Decisions>> =>
  openStore(connectionString, {
    schema: 'ledger',
    steps,
    storeIn: (database) => ({ ...ledgerIn(database), ...decisionsIn(database) }),
  })

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

function decisionsIn(database: Knex): Decisions {
  /** Not what the platform has answered. */
  const undecided = (key: string) =>
    database<Row>('effect')
      .where({ key })
      .where((open) => void open.whereNull('settled_at').orWhere({ decided: true }))
  return {
    async startingWith(prefix) {
      const pattern = `${prefix.replace(/[\\%_]/g, '\\$&')}%`
      const rows = await database<Row>('effect').whereLike('key', pattern).orderBy('called_at')
      return rows.map(({ key, operation, called_at, settled_at, decided }) => ({
        ...{ key, operation, calledAt: called_at.toISOString() },
        ...{ isSettled: settled_at !== null, isDecided: decided },
      }))
    },
    decideNotDone: async (key) => void (await undecided(key).delete()),
    async decideDone(key, outcome) {
      await undecided(key).update({ outcome: JSON.stringify(outcome), settled_at: database.fn.now(), decided: true })
    },
  }
}
interface Row {
  readonly key: string
  readonly operation: string
  readonly called_at: Date
  readonly settled_at: Date | Knex.Raw | null
  readonly outcome: string
  readonly decided: boolean
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
