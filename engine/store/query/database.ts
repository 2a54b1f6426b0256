/** The way to the database: rows as lists of values, faults in the protocol's words. */
import pg from 'pg'
import { GatewayError } from '../../protocol/gateway.ts'
import type { JsonValue } from '../../protocol/query.ts'
import type { Sql } from './sql.ts'

export interface Database {
  rows(query: Sql): Promise<readonly (readonly JsonValue[])[]>
}

/** Classes of SQLSTATE: connection lost, resources short, operator's intervention (a shutdown). */
const AWAY = /^(08|53|57P)/
const CANCELED = '57014'

export function databaseOf(pool: pg.Pool): Database {
  return {
    async rows({ text, values }) {
      try {
        return (await pool.query<JsonValue[]>({ text, values: [...values], rowMode: 'array' })).rows
      } catch (error) {
        throw refusal(error)
      }
    },
  }
}

function refusal(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || AWAY.test(error.code ?? '')) {
    return new GatewayError('UNAVAILABLE', 'Expected to reach the database, but it is away. Try again')
  }
  if (error.code !== CANCELED) return error
  return new GatewayError('RESOURCE_EXHAUSTED', 'Expected the search to end in time, but it did not. Narrow its filter')
}
