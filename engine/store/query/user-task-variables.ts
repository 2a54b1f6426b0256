import { keyNamed } from './conditions.ts'
import { type Sql, sql } from './sql.ts'

/**
 * Says of a row `v` that the user task sees it: from its element outward to the process instance, inner names before outer ones.
 * Keys are found first, within the one process instance: that is what the indexes know, so that the cost is that of the instance's
 * own variables.
 */
export function seenBy(userTaskKey: string): Sql {
  const instance = sql`(SELECT t.process_instance_key FROM engine.user_task_all t WHERE t.key = ${keyNamed(userTaskKey)})`
  return sql`v.key = ANY (ARRAY(
    WITH RECURSIVE scopes (key, distance) AS (
      SELECT t.element_instance_key, 0 FROM engine.user_task_all t WHERE t.key = ${keyNamed(userTaskKey)}
      UNION ALL SELECT e.flow_scope_key, distance + 1 FROM scopes JOIN engine.element_instance_all e USING (key)
        WHERE e.process_instance_key = ${instance} AND e.flow_scope_key IS NOT NULL
    )
    SELECT DISTINCT ON (near.name) near.key FROM scopes JOIN engine.variable_all near ON near.scope_key = scopes.key
      WHERE near.process_instance_key = ${instance} ORDER BY near.name, distance))`
}
