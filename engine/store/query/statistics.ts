import type { Query, Row } from '../../protocol/query.ts'
import { matching } from './conditions.ts'
import type { Database } from './database.ts'
import { hasIncident } from './resources/elements.ts'
import { processInstances } from './resources/process-instances.ts'
import { sql } from './sql.ts'

type Arguments = Parameters<Query['elementStatistics']>

/** One row for each element that any of the instances has reached. What stands still at an incident does not count as active. */
export async function elementCounts(
  database: Database,
  of: Arguments[0],
  key: Arguments[1],
  chosen: Arguments[2] = { filter: [] },
): Promise<readonly Row[]> {
  const field = of === 'process-instance' ? 'processInstanceKey' : 'processDefinitionKey'
  const filter = [...chosen.filter, { field, operator: '$eq', value: key } as const]
  const instances = sql`SELECT e.key FROM ${processInstances.from(processInstances.rows(filter))}
    WHERE ${matching(processInstances, { ...chosen, filter })}`
  const rows = await database.rows(
    sql`SELECT element_id, count(*) FILTER (WHERE is_open AND NOT stands), count(*) FILTER (WHERE state = 'TERMINATED'),
      count(*) FILTER (WHERE is_open AND stands), count(*) FILTER (WHERE state = 'COMPLETED')
      FROM (SELECT c.element_id, c.state, c.state NOT IN ('COMPLETED', 'TERMINATED') AS is_open, ${hasIncident(sql`c`)} AS stands
        FROM engine.element_instance_all c
        WHERE c.bpmn_element_type <> 'PROCESS' AND c.process_instance_key IN (${instances})) AS elements
      GROUP BY element_id ORDER BY element_id COLLATE "C"`,
  )
  return rows.map(([elementId, active, canceled, incidents, completed]) => ({
    elementId: elementId!,
    active: Number(active),
    canceled: Number(canceled),
    incidents: Number(incidents),
    completed: Number(completed),
  }))
}
