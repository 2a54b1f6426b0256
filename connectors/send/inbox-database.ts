/** The inbox of notices in PostgreSQL. Owns schema `notices`; touches no other. */
import type { Knex } from 'knex'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import {
  type KnownStream,
  type NoticeInbox,
  type OpenRequest,
  SILENCE_MS,
  STRANGE_LIFE_MS,
  type UntoldEvent,
} from './inbox.ts'
import { FINAL_STATES, type NoticeEvent, type NoticeState, type RefusalReason } from './types.ts'

const NEVER = '1970-01-01T00:00:00Z'

const steps: readonly Step[] = [
  {
    name: '0001-notices',
    async up(database) {
      await database.schema.createTable('stream', (table) => {
        table.text('title').primary()
        table.text('id').notNullable()
        table.text('read').comment('The last event that is kept')
      })
      await database.schema.createTable('request', (table) => {
        table.text('id').primary()
        table.text('practice').notNullable()
        table.boolean('is_closed').notNullable().defaultTo(false).index().comment('Nothing more is to come')
      })
      await database.schema.createTable('event', (table) => {
        table.bigIncrements('place')
        table.text('request').notNullable()
        table.text('state').notNullable()
        table.text('event').notNullable().comment('Its id within the stream')
        table.text('iun')
        table.text('since').notNullable().comment('When the state began, as the platform writes it')
        table.jsonb('reasons').notNullable()
        table.boolean('is_told').notNullable().defaultTo(false)
        table.timestamp('kept_at', { useTz: true }).notNullable().index()
        table.unique(['request', 'state'])
      })
    },
  },
  {
    name: '0002-silence',
    async up(database) {
      await database.schema.alterTable('request', (table) => {
        table
          .timestamp('heard_at', { useTz: true })
          .notNullable()
          .defaultTo(NEVER)
          .comment('When the platform last told of it')
      })
    },
  },
  {
    name: '0003-cancellation',
    async up(database) {
      await database.schema.alterTable('request', (table) => {
        table.boolean('is_unwanted').notNullable().defaultTo(false).comment('It is to be cancelled')
        table.boolean('is_cancelled').notNullable().defaultTo(false).comment('The platform has taken the cancellation')
      })
    },
  },
]

/** `now`: business time, epoch milliseconds. Throws one sentence when the tables were written by a newer program. */
export const openNoticeInbox = (connectionString: string, now: () => number): Promise<OpenStore<NoticeInbox>> =>
  openStore(connectionString, { schema: 'notices', steps, storeIn: (database) => inboxIn(database, now) })

interface EventRow {
  readonly request: string
  readonly state: NoticeState
  readonly event: string
  readonly iun: string | null
  readonly since: string
  readonly reasons: readonly RefusalReason[]
}

function inboxIn(database: Knex, now: () => number): NoticeInbox {
  const stream = async (title: string): Promise<KnownStream | null> =>
    (await database<KnownStream & { readonly title: string }>('stream')
      .select('id', 'read')
      .where({ title })
      .first()) ?? null
  const open = (limit: number) =>
    database('request')
      .where({ is_closed: false })
      .orderBy(['heard_at', 'id'])
      .limit(limit)
      .select<readonly OpenRequest[]>(
        'id as richiesta',
        database('event').max('iun').whereRaw('event.request = request.id').as('iun'),
      )
  return {
    stream,
    async begin(title, id) {
      await database('stream').insert({ title, id, read: null }).onConflict('title').ignore()
      return (await stream(title)) ?? { id, read: null }
    },
    async forget(title, id) {
      await database.transaction(async (step) => {
        if ((await step('stream').where({ title, id }).delete()) === 0) return
        await step('request').where({ is_closed: false }).update({ heard_at: NEVER })
      })
    },
    keep: (title, events) => database.transaction((step) => keep(step, title, events, now())),
    silent: (limit) => open(limit).where('heard_at', '<=', new Date(now() - SILENCE_MS)),
    unwant: (practice) => database('request').where({ practice, is_closed: false }).update({ is_unwanted: true }),
    unwanted: (limit) => open(limit).where({ is_unwanted: true, is_cancelled: false }),
    async cancelled(request) {
      await database('request').where({ id: request }).update({ is_cancelled: true })
    },
    hear: (request, events) =>
      database.transaction(async (step) => {
        await insert(step, events, now())
        await step('request')
          .where({ id: request })
          .update({ heard_at: new Date(now()) })
      }),
    async expect(id, practice) {
      const row = { id, practice, heard_at: new Date(now()) }
      await database('request').insert(row).onConflict('id').ignore()
    },
    async isAwaiting() {
      return (await database('request').where({ is_closed: false }).first()) !== undefined
    },
    async judgementOf(request) {
      const judged = database<EventRow>('event').where({ request }).whereIn('state', ['ACCEPTED', 'REFUSED'])
      const row = await judged.first()
      return row ? eventIn(row) : null
    },
    async untold(limit) {
      const rows = await database('event')
        .join('request', 'request.id', 'event.request')
        .where({ is_told: false })
        .orderBy('place')
        .limit(limit)
        .select<readonly (EventRow & { readonly practice: string })[]>('event.*', 'request.practice')
      return rows.map((row): UntoldEvent => ({ ...eventIn(row), pratica: row.practice }))
    },
    async told({ richiesta, stato }) {
      await database.transaction(async (step) => {
        await step('event').where({ request: richiesta, state: stato }).update({ is_told: true })
        if (FINAL_STATES.has(stato)) await step('request').where({ id: richiesta }).update({ is_closed: true })
      })
    },
  }
}

async function keep(step: Knex.Transaction, title: string, events: readonly NoticeEvent[], now: number): Promise<void> {
  const last = events.at(-1)
  if (last === undefined) return
  await insert(step, events, now)
  const requests = events.map(({ richiesta }) => richiesta)
  await step('request')
    .whereIn('id', requests)
    .update({ heard_at: new Date(now) })
  await step('stream').where({ title }).update({ read: last.id })
  await step('event')
    .where('kept_at', '<', new Date(now - STRANGE_LIFE_MS))
    .whereNotIn('request', step('request').select('id'))
    .delete()
}

/** A state that is there already stays as it was told first. */
async function insert(step: Knex.Transaction, events: readonly NoticeEvent[], now: number): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ id, richiesta, iun, stato, istante, motivi }) => ({
    ...{ request: richiesta, state: stato, event: id, iun, since: istante, reasons: JSON.stringify(motivi) },
    kept_at: new Date(now),
  }))
  await step('event').insert(rows).onConflict(['request', 'state']).ignore()
}

const eventIn = ({ request, state, event, iun, since, reasons }: EventRow): NoticeEvent => ({
  ...{ id: event, richiesta: request, iun, stato: state, istante: since, motivi: reasons },
})
