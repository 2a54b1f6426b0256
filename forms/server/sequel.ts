/**
 * What goes on after a practice: the instance that a message of its procedure has started, as the service's sheet says. Owns: finding
 * it from the practice, and the practice from it. Does not own: what either page tells of it.
 * Invariant: it belongs to the practice whose id was the message's correlation key, and to no other.
 */
import type { Condition, Row } from '../../engine/protocol/query.ts'
import type { ServiceSheet } from '../../processes/service-sheets.ts'
import type { TownHall } from './page.ts'
import type { Practice } from './store/practices.ts'

type Sources = Pick<TownHall, 'gateway' | 'sheets'>

/** Keys by id of the practice, the newest where there are several; of many practices one search. */
export async function sequelsOf(
  hall: Sources,
  practices: readonly Pick<Practice, 'id' | 'processId'>[],
): Promise<ReadonlyMap<string, string>> {
  const going = practices.filter(({ processId }) => hall.sheets.get(processId)?.seguito !== undefined)
  const ids = going.map(({ id }) => id)
  const rows = await started(hall, { field: 'correlationKey', operator: '$in', value: ids }, ids.length)
  return new Map(
    rows.map(({ correlationKey, processInstanceKey }) => [String(correlationKey), String(processInstanceKey)]),
  )
}

/** Practices by key of the instance that goes on after them; what none has started is not among them. */
export async function practicesBefore(
  hall: Sources & Pick<TownHall, 'practices'>,
  instances: readonly string[],
): Promise<ReadonlyMap<string, Practice>> {
  const field = 'processInstanceKey'
  const rows = await started(hall, { field, operator: '$in', value: instances }, instances.length)
  const known = await hall.practices.byIds(rows.map(({ correlationKey }) => String(correlationKey)))
  const byId = new Map(known.map((practice) => [practice.id, practice]))
  return new Map(
    rows.flatMap((row): [string, Practice][] => {
      const practice = byId.get(String(row.correlationKey))
      const isIts = practice !== undefined && sequelIn(hall, practice)?.processo === row.processDefinitionId
      return isIts ? [[String(row.processInstanceKey), practice]] : []
    }),
  )
}

const sequelIn = ({ sheets }: Sources, { processId }: Practice): ServiceSheet['seguito'] =>
  sheets.get(processId)?.seguito

/** Instances that the messages of the sheets have started, oldest first. */
async function started({ gateway, sheets }: Sources, of: Condition, most: number): Promise<readonly Row[]> {
  const sequels = [...sheets.values()].flatMap(({ seguito }) => seguito ?? [])
  if (most === 0 || sequels.length === 0) return []
  const { items } = await gateway.query.search('correlated-message-subscriptions', {
    filter: [
      of,
      { field: 'messageName', operator: '$in', value: sequels.map(({ messaggio }) => messaggio) },
      { field: 'processDefinitionId', operator: '$in', value: sequels.map(({ processo }) => processo) },
    ],
    sort: [{ field: 'correlationTime', order: 'ASC' }],
    page: { limit: most * STARTED_EACH },
  })
  return items
}

/** A practice that is granted again after its end starts another. */
const STARTED_EACH = 5
