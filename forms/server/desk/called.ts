/** What the procedures that a practice has called tell the desk: what is to be paid now, and the acts that were made. */
import type { Row } from '../../../engine/protocol/query.ts'
import { ACT_VARIABLES, type Act, actIn, makesActs } from '../acts.ts'
import type { TownHall } from '../page.ts'
import { type OpenNotice, openNoticeIn, PAYMENT_CALL, PAYMENT_VARIABLES } from '../payment.ts'
import { sequelsOf } from '../sequel.ts'
import type { ReadableInstance } from './may.ts'
import { contextOf, textIn, wholeRows } from './practice-of.ts'

const NAMES = [...new Set([...PAYMENT_VARIABLES, ...ACT_VARIABLES])]
/** By one instance. */
const CALLED_MAX = 500

export interface Called {
  readonly notices: readonly OpenNotice[]
  readonly acts: readonly Act[]
}

/** Of the instances that were called, whichever of them do; one search. */
export async function toldBy(hall: TownHall, called: readonly Row[]): Promise<Called> {
  const telling = called
    .map((row) => ({ row, processId: textIn(row, 'processDefinitionId') }))
    .filter(({ processId }) => processId === PAYMENT_CALL || makesActs(processId))
  const keys = telling.map(({ row }) => textIn(row, 'processInstanceKey'))
  if (keys.length === 0) return { notices: [], acts: [] }
  const { items } = await hall.gateway.query.search('variables', {
    filter: [
      { field: 'processInstanceKey', operator: '$in', value: keys },
      { field: 'scopeKey', operator: '$in', value: keys },
      { field: 'name', operator: '$in', value: NAMES },
    ],
    sort: [],
    page: { limit: keys.length * NAMES.length },
  })
  const values = Map.groupBy(await wholeRows(hall, items), ({ scopeKey }) => scopeKey)
  const told = telling.map(({ row, processId }) => {
    const isPaying = processId === PAYMENT_CALL && row.state === 'ACTIVE'
    return { isPaying, processId, context: contextOf(values.get(row.processInstanceKey ?? '') ?? []) }
  })
  return {
    notices: told.flatMap(({ isPaying, context }) => (isPaying && openNoticeIn(context)) || []),
    acts: told.flatMap(({ processId, context }) => actIn(processId, context) ?? []),
  }
}

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
