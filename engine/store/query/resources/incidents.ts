import { byState, date, key, optional, type Relation, type Resource, text, within } from '../resource.ts'
import { sql } from '../sql.ts'
import { businessId, byBusinessId } from './business-id.ts'
import { definitionId, withDefinition } from './elements.ts'

/**
 * From an instance down to all that it called, at whatever distance. Step by step by the index of callers: joined otherwise, all that
 * a town ever did would be read.
 */
const aCallingInstance: Relation = {
  joint: false,
  exists: (test) => sql`i.process_instance_key = ANY (ARRAY(WITH RECURSIVE called (key) AS (
    SELECT caller.key FROM engine.element_instance_all caller WHERE caller.bpmn_element_type = 'PROCESS' AND ${test}
    UNION SELECT inner_one.key FROM called CROSS JOIN LATERAL (
      SELECT e.key FROM engine.element_instance_all e
      WHERE e.bpmn_element_type = 'PROCESS' AND e.parent_process_instance_key = called.key OFFSET 0) AS inner_one
  ) SELECT key FROM called))`,
}

export const incidents: Resource = {
  id: 'incidentKey',
  rows: byState('state', {
    open: { rows: sql`engine.incident`, states: ['ACTIVE'] },
    ended: { rows: sql`engine.incident_history`, states: ['RESOLVED'] },
    all: sql`engine.incident_all`,
  }),
  from: (rows) => sql`${rows} i ${withDefinition(sql`i`)}`,
  shown: {
    incidentKey: key(sql`i.key`),
    errorType: text(sql`i.error_type`),
    errorMessage: text(sql`coalesce(i.error_message, '')`),
    state: text(sql`i.state`),
    creationTime: date(sql`i.created_at`),
    elementId: optional(text(sql`i.element_id`)),
    elementInstanceKey: optional(key(sql`i.element_instance_key`)),
    jobKey: optional(key(sql`i.job_key`)),
    processInstanceKey: key(sql`i.process_instance_key`),
    processDefinitionKey: key(sql`i.process_definition_key`),
    processDefinitionId: definitionId,
    tenantId: text(sql`i.tenant_id`),
    businessId: businessId(sql`i`),
  },
  filters: {
    callingProcessInstanceKey: within(aCallingInstance, key(sql`caller.key`)),
    businessId: byBusinessId(sql`i`),
  },
}
