/** The pages' own tables: what the protocol has no place for. Owns schema `town`; touches no other. */
import type { Knex } from 'knex'
import { openSchema } from '../../../connectors/schema.ts'
import { steps } from './migrations.ts'

/** Connects and brings the tables up to date. Throws one sentence when they were written by a newer program. */
export const openTownDatabase = (connectionString: string): Promise<Knex> => openSchema(connectionString, 'town', steps)
