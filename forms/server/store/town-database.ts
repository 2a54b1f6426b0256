/** The pages' own tables: what the protocol has no place for. Owns schema `town`; touches no other. */
import knex, { type Knex } from 'knex'
import { migrationSource } from './migrations.ts'

const SCHEMA = 'town'
const CONNECTIONS_MAX = 4

/** Connects and brings the tables up to date. Throws one sentence when they were written by a newer program. */
export async function openTownDatabase(connectionString: string): Promise<Knex> {
  const database = knex({
    client: 'pg',
    connection: { connectionString },
    searchPath: [SCHEMA],
    pool: { min: 0, max: CONNECTIONS_MAX },
  })
  try {
    await database.raw('CREATE SCHEMA IF NOT EXISTS ??', [SCHEMA])
    await database.migrate.latest({ migrationSource, schemaName: SCHEMA, tableName: 'migration' })
    return database
  } catch (error) {
    await database.destroy()
    throw error instanceof Error && /migration directory is corrupt/.test(error.message) ? tooNew() : error
  }
}

const tooNew = () =>
  new Error(
    `Expected the tables of schema ${SCHEMA} to be of this program's version, but they are newer. Start the newer program.`,
  )
