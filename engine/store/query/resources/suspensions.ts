import { bool, date, int, key, optional, type Resource, text } from '../resource.ts'
import { type Sql, sql } from '../sql.ts'

/** Those that are not over. */
export const suspensions: Resource = {
  id: 'suspensionKey',
  rows: () => sql`engine.suspension`,
  from: (rows) => sql`${rows} s LEFT JOIN engine.process_definition d ON d.key = s.process_definition_key`,
  where: sql`s.state <> 'RESUMED'`,
  shown: {
    suspensionKey: key(sql`s.key`),
    kind: text(sql`s.kind`),
    state: text(sql`s.state`),
    suspensionDate: date(sql`s.suspended_at`),
    processInstanceKey: optional(key(sql`s.process_instance_key`)),
    processDefinitionKey: optional(key(sql`s.process_definition_key`)),
    processDefinitionId: optional(text(sql`coalesce(s.bpmn_process_id, d.bpmn_process_id)`)),
    elementId: optional(text(sql`s.element_id`)),
    jobType: optional(text(sql`s.job_type`)),
    admitsNewInstances: bool(sql`s.admits_new_instances`),
    waitingCount: int(sql`(SELECT count(*)::int FROM engine.held_command h WHERE h.suspension_key = s.key)`),
    tenantId: text(sql`s.tenant_id`),
  },
}

/** An open process instance stands still: it, its definition, or either of whoever has called it is suspended. */
export const isSuspended = (instance: Sql): Sql => sql`(EXISTS (SELECT FROM engine.suspension WHERE state = 'SUSPENDED')
  AND EXISTS (WITH RECURSIVE outward (key, definition, parent) AS (
    SELECT ${instance}.key, ${instance}.process_definition_key, ${instance}.parent_process_instance_key
    UNION SELECT o.key, o.process_definition_key, o.parent_process_instance_key
      FROM outward JOIN engine.element_instance o ON o.key = outward.parent
  ) SELECT FROM outward JOIN engine.process_definition od ON od.key = outward.definition JOIN engine.suspension s
    ON s.state = 'SUSPENDED' AND CASE s.kind WHEN 'PROCESS_INSTANCE' THEN s.process_instance_key = outward.key
      WHEN 'PROCESS_DEFINITION' THEN s.process_definition_key = outward.definition
      WHEN 'PROCESS' THEN s.tenant_id = od.tenant_id AND s.bpmn_process_id = od.bpmn_process_id ELSE false END))`

/**
 * What of it an index knows: mostly nothing is suspended; few are by themselves, and those are found from the suspension inward; of a
 * whole definition there is no telling, and its instances are met soon.
 */
export const mayBeSuspended = (
  instance: Sql,
): Sql => sql`EXISTS (SELECT FROM engine.suspension WHERE state = 'SUSPENDED')
  AND (EXISTS (SELECT FROM engine.suspension WHERE state = 'SUSPENDED' AND kind IN ('PROCESS_DEFINITION', 'PROCESS'))
  OR ${instance}.key = ANY (ARRAY(WITH RECURSIVE inward (key) AS (
    SELECT process_instance_key FROM engine.suspension WHERE state = 'SUSPENDED' AND kind = 'PROCESS_INSTANCE'
    UNION SELECT o.key FROM inward JOIN engine.element_instance o
      ON o.parent_process_instance_key = inward.key AND o.bpmn_element_type = 'PROCESS'
  ) SELECT key FROM inward)))`
