/** A schema of one owner in the program's database: opened, and brought up to date step by step. */
import knex, { type Knex } from 'knex'

const CONNECTIONS_MAX = 4

/** A step that was released is never changed; a change is a new step. */
export type Step = Pick<Knex.Migration, 'up'> & { readonly name: string }

/** Connects and brings the tables up to date. Throws one sentence when they were written by a newer program. */
export async function openSchema(connectionString: string, schema: string, steps: readonly Step[]): Promise<Knex> {
  const database = knex({
    client: 'pg',
    connection: { connectionString },
    searchPath: [schema],
    pool: { min: 0, max: CONNECTIONS_MAX },
  })
  const migrationSource: Knex.MigrationSource<Step> = {
    getMigrations: async () => [...steps],
    getMigrationName: ({ name }) => name,
    getMigration: async ({ up }) => ({ up, down: async () => {} }),
  }
  try {
    await database.raw('CREATE SCHEMA IF NOT EXISTS ??', [schema])
    await database.migrate.latest({ migrationSource, schemaName: schema, tableName: 'migration' })
    return database
  } catch (error) {
    await database.destroy()
    throw error instanceof Error && /migration directory is corrupt/.test(error.message) ? tooNew(schema) : error
  }
}

/** A store that goes with its own connections. */
export type OpenStore<Store> = Store & { close(): Promise<void> }

export interface StoreTables<Store> {
  readonly schema: string
  readonly steps: readonly Step[]
  readonly storeIn: (database: Knex) => Store
}

/** Opens one owner's schema as what it keeps there. Throws as openSchema. */
export async function openStore<Store extends object>(
  connectionString: string,
  { schema, steps, storeIn }: StoreTables<Store>,
): Promise<OpenStore<Store>> {
  const database = await openSchema(connectionString, schema, steps)
  return { ...storeIn(database), close: () => database.destroy() }
}

const tooNew = (schema: string) =>
  new Error(
    `Expected the tables of schema ${schema} to be of this program's version, but they are newer. Start the newer program.`,
  )
