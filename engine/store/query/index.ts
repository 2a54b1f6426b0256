/**
 * The query side of the protocol on PostgreSQL. Owns: reading what the engine's tables say, in REST's fields. Does not own: the
 * tables (migrations), who may ask. Every call reads what the last commit wrote; nothing is cached.
 *
 * Invariants
 * Q1 No text of a client becomes SQL: values are parameters, names are looked up in the descriptions of `resources/`.
 * Q2 A page, its total and its rows come from one snapshot.
 */
import type pg from 'pg'
import type { Query } from '../../protocol/query.ts'
import { databaseOf } from './database.ts'
import { resources } from './resources/index.ts'
import { rowWith, searchRows } from './search.ts'
import { takenFlows } from './sequence-flows.ts'
import { elementCounts } from './statistics.ts'
import { formOf, textOf } from './texts.ts'
import { seenBy } from './user-task-variables.ts'

/** The pool's `statement_timeout` bounds the time of a search. */
export function postgresQuery(pool: pg.Pool): Query {
  const database = databaseOf(pool)
  return {
    search: (resource, search) => searchRows(database, resources[resource], search),
    get: (resource, key) => rowWith(database, resources[resource], key),
    resourceText: (kind, key) => textOf(database, kind, key),
    form: (of, key) => formOf(database, of, key),
    userTaskVariables: (userTaskKey, search) => searchRows(database, resources.variables, search, seenBy(userTaskKey)),
    sequenceFlows: (processInstanceKey) => takenFlows(database, processInstanceKey),
    elementStatistics: (of, key, chosen) => elementCounts(database, of, key, chosen),
  }
}
