/** What element instances and process instances, which are elements too, have in common. */
import { bool, byAnyState, type Column, text } from '../resource.ts'
import { type Sql, sql } from '../sql.ts'

/** `element` is an alias of the table. An instance that begins or ends is at work. */
export const instanceState = (element: Sql): Sql =>
  sql`CASE WHEN ${element}.state IN ('COMPLETED', 'TERMINATED') THEN ${element}.state ELSE 'ACTIVE' END`

export const elementRows = byAnyState('state', {
  open: { rows: sql`engine.element_instance`, states: ['ACTIVE'] },
  ended: { rows: sql`engine.element_instance_history`, states: ['COMPLETED', 'TERMINATED'] },
  all: sql`engine.element_instance_all`,
})

/**
 * An incident concerns its element and all scopes around it, through call activities up to the root. Each is found by its key: joined
 * otherwise, a town with many incidents would have all its open elements read.
 */
const affectedBy = (incidents: Sql): Sql => sql`WITH RECURSIVE affected (key) AS (
  SELECT i.element_instance_key FROM engine.incident i WHERE i.element_instance_key IS NOT NULL AND ${incidents}
  UNION SELECT around.key FROM affected CROSS JOIN LATERAL (
    SELECT coalesce(e.flow_scope_key, e.parent_element_instance_key) AS key FROM engine.element_instance e
    WHERE e.key = affected.key OFFSET 0) AS around
  WHERE around.key IS NOT NULL
) SELECT key FROM affected`

const affected = affectedBy(sql`true`)

export const hasIncident = (element: Sql): Sql => sql`${element}.key IN (${affected})`

/** The same for a filter: few rows, which are found by their keys instead of being looked for among all. */
export const isAffected = (element: Sql): Sql => sql`${element}.key = ANY (ARRAY(${affected}))`

/** Of a page the incidents of its own trees are looked at alone, however many a town has. */
export const withIncident = (element: Sql): Column => ({
  ...bool(hasIncident(element)),
  atOnce: {
    along: { row_key: sql`${element}.key`, row_root: sql`${element}.root_process_instance_key` },
    is: sql`page.row_key IN (${affectedBy(sql`i.root_process_instance_key = ANY (ARRAY(SELECT row_root FROM page))`)})`,
  },
})

/** The process a row belongs to; `row` has a `process_definition_key`. */
export const withDefinition = (row: Sql): Sql =>
  sql`JOIN engine.process_definition d ON d.key = ${row}.process_definition_key`

/** Of a row that `withDefinition` has joined: a filter by it is one by the keys of the definitions (search.ts). */
export const definitionId: Column = text(sql`d.bpmn_process_id`)

export const elementName = (elementId: Sql): Sql => sql`engine.element_name(d.names, ${elementId})`
export const processName = sql`coalesce(d.name, d.bpmn_process_id)`
