/** The emergency register in PostgreSQL. Owns schema `emergency`; touches no other. */
import type { Knex } from 'knex'
import type { Entry, ProtocolNumber } from '../protocollo/types.ts'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import {
  type Authorisation,
  EMERGENCY_REGISTER,
  type EmergencyEntry,
  type EmergencyRegister,
  emergencyNumber,
  type Interruption,
  type Restored,
} from './register.ts'

const steps: readonly Step[] = [
  {
    name: '0001-emergency-register',
    async up(database) {
      await database.schema.createTable('interruption', (table) => {
        table.uuid('id').primary()
        table.text('cause').notNullable()
        table.timestamp('began_at', { useTz: true }).notNullable()
        table.timestamp('restored_at', { useTz: true })
      })
      await database.raw('CREATE UNIQUE INDEX one_open ON interruption ((true)) WHERE restored_at IS NULL')
      await database.schema.createTable('authorisation', (table) => {
        table.uuid('interruption').notNullable().references('interruption.id')
        table.text('authorised_by').notNullable()
        table.text('act').notNullable()
        table.timestamp('from_at', { useTz: true }).notNullable()
        table.timestamp('until_at', { useTz: true }).notNullable()
      })
      await database.schema.createTable('entry', (table) => {
        table.integer('year').notNullable()
        table.integer('number').notNullable()
        table.primary(['year', 'number'])
        table.uuid('interruption').notNullable().references('interruption.id')
        table.text('reference').notNullable().unique()
        table.text('practice').notNullable()
        table.timestamp('entered_at', { useTz: true }).notNullable()
        table.jsonb('registration').notNullable()
        table.jsonb('documents').notNullable()
        table.boolean('is_first').notNullable()
        table.jsonb('final').comment('The ordinary number; null until the protocol is back')
      })
    },
  },
]

/** Throws one sentence when the tables were written by a newer program. */
export const openEmergencyRegister = (connectionString: string): Promise<OpenStore<EmergencyRegister>> =>
  openStore(connectionString, { schema: 'emergency', steps, storeIn: registerIn })

interface InterruptionRow {
  readonly id: string
  readonly cause: string
  readonly began_at: Date
  readonly restored_at: Date | null
}
interface EntryRow {
  readonly year: number
  readonly number: number
  readonly interruption: string
  readonly practice: string
  readonly entered_at: Date
  readonly registration: Entry
  readonly documents: readonly string[]
  readonly is_first: boolean
  readonly final: ProtocolNumber | null
}

const interruptionOf = ({ id, cause, began_at, restored_at }: InterruptionRow): Interruption => ({
  ...{ id, causa: cause, inizio: began_at.toISOString(), ripristino: restored_at?.toISOString() ?? null },
})
const entryOf = (row: EntryRow): EmergencyEntry => ({
  ...{ numero: emergencyNumber(row.number), anno: row.year, registro: EMERGENCY_REGISTER },
  ...{ data: row.entered_at.toISOString(), interruzione: row.interruption, pratica: row.practice },
  ...{ registrazione: row.registration, documenti: row.documents, definitivo: row.final, prima: row.is_first },
})
const authorisationRow = (interruption: string, { autorizzatoDa, estremi, dal, fino }: Authorisation) => ({
  ...{ interruption, authorised_by: autorizzatoDa, act: estremi, from_at: dal, until_at: fino },
})
const place = (anno: number, numero: string) => ({ year: anno, number: Number(/^E(\d{7,9})$/.exec(numero)?.[1] ?? 0) })

function registerIn(database: Knex): EmergencyRegister {
  const openOne = (on: Knex) => on<InterruptionRow>('interruption').whereNull('restored_at').forUpdate().first()
  return {
    open: ({ causa, inizio }, authorisation) =>
      database.transaction(async (on) => {
        const [opened] = await on<InterruptionRow>('interruption')
          .insert({ id: crypto.randomUUID(), cause: causa, began_at: new Date(inizio) })
          .onConflict(on.raw('((true)) WHERE restored_at IS NULL'))
          .ignore()
          .returning('*')
        if (!opened) return interruptionOf((await openOne(on)) as InterruptionRow)
        await on('authorisation').insert(authorisationRow(opened.id, authorisation))
        return interruptionOf(opened)
      }),
    extend: (authorisation) =>
      database.transaction(async (on) => {
        const open = await openOne(on)
        if (!open) return null
        await on('authorisation').insert(authorisationRow(open.id, authorisation))
        return interruptionOf(open)
      }),
    enter: (entry, at) =>
      database.transaction(async (on) => {
        const reference = entry.registrazione.riferimento
        // The open interruption's lock lets one number be taken at a time.
        const open = await openOne(on)
        const known = await on<EntryRow>('entry').where('reference', reference).first()
        if (known) return entryOf(known)
        if (!open || !(await isAuthorised(on, open.id, at))) return null
        const year = Temporal.Instant.from(at).toZonedDateTimeISO('Europe/Rome').year
        const last = await on('entry').where({ year }).max<{ max: number | null }>({ max: 'number' }).first()
        const first = await on('entry').where({ interruption: open.id }).first()
        const [row] = await on<EntryRow>('entry')
          .insert({
            ...{ year, number: (last?.max ?? 0) + 1, interruption: open.id, reference, practice: entry.pratica },
            ...{ entered_at: at, registration: JSON.stringify(entry.registrazione) },
            ...{ documents: JSON.stringify(entry.documenti), is_first: first === undefined },
          } as never)
          .returning('*')
        return entryOf(row as EntryRow)
      }),
    async find(anno, numero) {
      const row = await database<EntryRow>('entry').where(place(anno, numero)).first()
      return row ? entryOf(row) : null
    },
    async pending(interruzione, limit) {
      const rows = await database<EntryRow>('entry')
        .where({ interruption: interruzione })
        .whereNull('final')
        .orderBy(['year', 'number'])
        .limit(limit)
      return rows.map(entryOf)
    },
    async settle(anno, numero, definitivo) {
      const final = JSON.stringify(definitivo)
      await database('entry').where(place(anno, numero)).whereNull('final').update({ final })
    },
    restore: (interruzione, ripristino) => database.transaction((on) => restored(on, interruzione, ripristino)),
  }
}

async function isAuthorised(on: Knex, interruption: string, at: string): Promise<boolean> {
  const running = on('authorisation').where({ interruption }).where('from_at', '<=', at).where('until_at', '>', at)
  return (await running.first()) !== undefined
}

async function restored(on: Knex, id: string, ripristino: string): Promise<Restored | null> {
  const row = await on<InterruptionRow>('interruption').where({ id }).forUpdate().first()
  if (!row) throw new Error(`Expected to close interruption ${id}, but there is none. Check the variable interruzione.`)
  if (await on('entry').where({ interruption: id }).whereNull('final').first()) return null
  await on('interruption').where({ id }).whereNull('restored_at').update({ restored_at: ripristino })
  const now = (await on<InterruptionRow>('interruption').where({ id }).first()) as InterruptionRow
  const { rows } = await on.raw<{ rows: { giorno: string; registrazioni: number }[] }>(DAYS, [id])
  return { interruzione: interruptionOf(now), giornate: rows }
}

const DAYS = `SELECT to_char(entered_at AT TIME ZONE 'Europe/Rome', 'YYYY-MM-DD') AS giorno, count(*)::int AS registrazioni
  FROM entry WHERE interruption = ? GROUP BY 1 ORDER BY 1`
