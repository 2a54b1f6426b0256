/** What the procedures that a practice has called tell the desk, and what goes on after it. */
import type { Row } from '../../../engine/protocol/query.ts'
import type { Act } from '../acts.ts'
import { actsIn, CALL_VARIABLES, callOf, noticesIn, tells } from '../calls.ts'
import type { TownHall } from '../page.ts'
import type { OpenNotice } from '../payment.ts'
import { sequelsOf } from '../sequel.ts'
import type { ReadableInstance } from './may.ts'
import { textIn, variablesOf } from './practice-of.ts'

/** By one instance. */
const CALLED_MAX = 500

export interface Called {
  readonly notices: readonly OpenNotice[]
  readonly acts: readonly Act[]
}

/** Of the instances that were called, whichever of them do; one search. */
export async function toldBy(hall: TownHall, called: readonly Row[]): Promise<Called> {
  const telling = called.filter(tells)
  const variables = await variablesOf(hall, telling.map(keyOf), CALL_VARIABLES)
  const calls = telling.map((row) => callOf(row, variables.get(keyOf(row)) ?? new Map()))
  return { notices: noticesIn(calls), acts: actsIn(calls) }
}
const keyOf = (row: Row): string => textIn(row, 'processInstanceKey')

export interface GoingOn {
  readonly row: Row
  readonly called: readonly Row[]
}

/** What goes on after the practice whose own instance this is, with what it has called; null when nothing does. */
export async function sequelOf(hall: TownHall, { row, practice }: ReadableInstance): Promise<GoingOn | null> {
  if (practice === null || practice.processInstanceKey !== row.processInstanceKey) return null
  const key = (await sequelsOf(hall, [practice])).get(practice.id)
  if (key === undefined) return null
  const { query } = hall.gateway
  const [sequel, { items: called }] = await Promise.all([
    query.get('process-instances', key),
    query.search('process-instances', {
      filter: [{ field: 'parentProcessInstanceKey', operator: '$eq', value: key }],
      sort: [{ field: 'startDate', order: 'ASC' }],
      page: { limit: CALLED_MAX },
    }),
  ])
  return sequel === null ? null : { row: sequel, called }
}
