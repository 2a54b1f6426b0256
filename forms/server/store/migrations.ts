/**
 * The tables of schema `town`, step by step. A step that was released is never changed; a change is a new step.
 * `practice`: one request of a person, from the moment it is filed. `session`: who is signed in; tokens are stored hashed.
 * `access_log`: who read or acted on whose practice; only ever appended. `note`: what the office wrote about a practice; likewise.
 * `delegation`: who acted at the counter for the person a practice is about.
 * `task_draft`: what a clerk typed and did not send. `look`: when a clerk last looked, for telling what is new.
 * `draft`: what a person has typed and not sent; it has an end. `message_read`: marks on what the town wrote.
 * `rating`: what people think of a service, without who; it has an end.
 */
import type { Knex } from 'knex'
import type { Step } from '../../../connectors/schema.ts'

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

async function desk(database: Knex): Promise<void> {
  await database.schema.alterTable('practice', (table) => {
    table.text('applicant').comment('Name as people say it; null until it is known')
    table.text('protocol').comment('number/year; null until the register has given one')
    table.specificType('words', 'tsvector').comment('What the practice is found by: numbers, names, tax code')
    table.index('words', 'practice_words', { indexType: 'gin' })
    table.index(['process_id', 'filed_at'])
  })
  await database.schema.alterTable('access_log', (table) => {
    table.text('detail').comment('Of the action: to whom a task was given, which document was read')
  })
  await database.schema.createTable('delegation', (table) => {
    table.uuid('practice').primary()
    table.text('title').notNullable().comment('By which right: delega, procura, tutela …')
    table.text('name').notNullable()
    table.text('tax_code').notNullable()
    table.text('identified_by').notNullable().comment('The identity document that was shown')
    table.text('recorded_by').notNullable()
    table.timestamp('at', { useTz: true }).notNullable()
  })
  await database.schema.createTable('note', (table) => {
    table.bigIncrements('id')
    table.uuid('practice').notNullable().index()
    table.timestamp('at', { useTz: true }).notNullable()
    table.text('person').notNullable()
    table.text('text').notNullable()
  })
  await database.schema.createTable('task_draft', (table) => {
    table.bigint('task').notNullable()
    table.text('person').notNullable()
    table.jsonb('typed').notNullable()
    table.timestamp('saved_at', { useTz: true }).notNullable()
    table.primary(['task', 'person'])
  })
  await database.schema.createTable('look', (table) => {
    table.text('person').notNullable()
    table.text('subject').notNullable().comment("'queue', or the key of an instance")
    table.timestamp('at', { useTz: true }).notNullable()
    table.timestamp('before', { useTz: true }).comment('The end of the sitting before')
    table.primary(['person', 'subject'])
  })
}

async function drafts({ schema }: Knex): Promise<void> {
  await schema.createTable('draft', (table) => {
    table.uuid('id').primary().comment('Of the practice that it becomes')
    table.text('owner').notNullable().index()
    table.text('process_id').notNullable()
    table.uuid('practice').comment('That it answers; null for a new request')
    table.integer('step').notNullable()
    table.jsonb('typed').notNullable()
    table.text('known').notNullable().comment('JSON text: what registers said when it was begun')
    table.timestamp('changed_at', { useTz: true }).notNullable()
    table.timestamp('expires_at', { useTz: true }).notNullable().index()
  })
}

async function messagesRead({ schema }: Knex): Promise<void> {
  await schema.createTable('message_read', (table) => {
    table.uuid('practice').notNullable()
    table.text('message').notNullable()
    table.timestamp('read_at', { useTz: true }).notNullable()
    table.primary(['practice', 'message'])
  })
}

async function ratings({ schema }: Knex): Promise<void> {
  await schema.createTable('rating', (table) => {
    table.bigIncrements('id')
    table.text('process_id').notNullable().index()
    table.text('subject').notNullable()
    table.smallint('stars').notNullable()
    table.smallint('reason')
    table.text('details')
    table.date('given_on').notNullable().comment('The day alone: no instant that would name a visit')
  })
}

/** Of practices, those whose number or name is still to come are few. */
async function unnumbered(database: Knex): Promise<void> {
  for (const [name, unknown] of [
    ['practice_unnumbered', 'protocol'],
    ['practice_unnamed', 'applicant'],
  ])
    await database.raw(
      `CREATE INDEX ${name} ON practice (filed_at) WHERE ${unknown} IS NULL AND process_instance_key IS NOT NULL`,
    )
}

async function delegationPapers({ schema }: Knex): Promise<void> {
  await schema.alterTable('delegation', (table) => {
    table.specificType('papers', 'text[]').notNullable().defaultTo('{}').comment('Documents that give the right')
  })
}

export const steps: readonly Step[] = [
  { name: '0001-practices', up: practices },
  { name: '0002-sessions', up: sessions },
  { name: '0003-access-log', up: accessLog },
  { name: '0004-desk', up: desk },
  { name: '0005-drafts', up: drafts },
  { name: '0006-messages-read', up: messagesRead },
  { name: '0007-ratings', up: ratings },
  { name: '0008-unnumbered', up: unnumbered },
  { name: '0009-delegation-papers', up: delegationPapers },
]
