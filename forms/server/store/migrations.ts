/**
 * The tables of schema `town`, step by step. A step that was released is never changed; a change is a new step.
 * `practice`: one request of a person, from the moment it is filed. `session`: who is signed in; tokens are stored hashed.
 * `access_log`: who read or acted on whose practice; only ever appended.
 */
import type { Knex } from 'knex'

type Step = Pick<Knex.Migration, 'up'> & { readonly name: string }

async function practices({ schema }: Knex): Promise<void> {
  await schema.createTable('practice', (table) => {
    table.uuid('id').primary()
    table.text('process_id').notNullable()
    table.text('channel').notNullable()
    table.text('owner').comment('Tax code of the person the practice is about; null when the paper did not say').index()
    table.text('filed_by').notNullable()
    table.timestamp('filed_at', { useTz: true }).notNullable()
    table.bigint('process_instance_key').unique().comment('Null until the engine has acknowledged the instance')
  })
}

async function sessions({ schema }: Knex): Promise<void> {
  await schema.createTable('session', (table) => {
    table.binary('token_hash').primary()
    table.jsonb('person').notNullable()
    table.text('csrf_token').notNullable()
    table.timestamp('expires_at', { useTz: true }).notNullable().index()
  })
}

async function accessLog({ schema }: Knex): Promise<void> {
  await schema.createTable('access_log', (table) => {
    table.bigIncrements('id')
    table.timestamp('at', { useTz: true }).notNullable()
    table.text('person').notNullable()
    table.text('action').notNullable()
    table.uuid('practice').notNullable().index()
  })
}

const steps: readonly Step[] = [
  { name: '0001-practices', up: practices },
  { name: '0002-sessions', up: sessions },
  { name: '0003-access-log', up: accessLog },
]

export const migrationSource: Knex.MigrationSource<Step> = {
  getMigrations: async () => [...steps],
  getMigrationName: (step) => step.name,
  getMigration: async (step) => ({ up: step.up, down: async () => {} }),
}
