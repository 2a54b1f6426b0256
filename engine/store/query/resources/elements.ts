/** What element instances and process instances, which are elements too, have in common. */
import { byAnyState } from '../resource.ts'
import { type Sql, sql } from '../sql.ts'

/** `element` is an alias of the table. An instance that begins or ends is at work. */
export const instanceState = (element: Sql): Sql =>
  sql`CASE WHEN ${element}.state IN ('COMPLETED', 'TERMINATED') THEN ${element}.state ELSE 'ACTIVE' END`

export const elementRows = byAnyState('state', {
  open: { rows: sql`engine.element_instance`, states: ['ACTIVE'] },
  ended: { rows: sql`engine.element_instance_history`, states: ['COMPLETED', 'TERMINATED'] },
  all: sql`engine.element_instance_all`,
})

/** An incident concerns its element and all scopes around it, through call activities up to the root. */
const affected = sql`WITH RECURSIVE affected (key) AS (
  SELECT element_instance_key FROM engine.incident WHERE element_instance_key IS NOT NULL
  UNION SELECT coalesce(inner_one.flow_scope_key, inner_one.parent_element_instance_key)
    FROM affected JOIN engine.element_instance inner_one USING (key)
    WHERE coalesce(inner_one.flow_scope_key, inner_one.parent_element_instance_key) IS NOT NULL
) SELECT key FROM affected`

export const hasIncident = (element: Sql): Sql => sql`${element}.key IN (${affected})`

/** The same for a filter: few rows, which are found by their keys instead of being looked for among all. */
export const isAffected = (element: Sql): Sql => sql`${element}.key = ANY (ARRAY(${affected}))`

/** The process a row belongs to; `row` has a `process_definition_key`. */
export const withDefinition = (row: Sql): Sql =>
  sql`JOIN engine.process_definition d ON d.key = ${row}.process_definition_key`

export const elementName = (elementId: Sql): Sql => sql`engine.element_name(d.element_names, ${elementId})`
export const processName = sql`coalesce(d.name, d.bpmn_process_id)`
