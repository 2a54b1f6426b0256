import { date, key, optional, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'
import { byBusinessId } from './business-id.ts'
import { definitionId, elementName, elementRows, instanceState, withDefinition, withIncident } from './elements.ts'

/** What has ended has none. */
const openIncident = sql`CASE WHEN e.ended_at IS NULL THEN
  (SELECT max(i.key) FROM engine.incident i WHERE i.element_instance_key = e.key) END`

export const elementInstances: Resource = {
  id: 'elementInstanceKey',
  ...elementRows,
  from: (rows) => sql`${rows} e ${withDefinition(sql`e`)}`,
  where: sql`e.bpmn_element_type <> 'PROCESS'`,
  shown: {
    elementInstanceKey: key(sql`e.key`),
    processInstanceKey: key(sql`e.process_instance_key`),
    processDefinitionKey: key(sql`e.process_definition_key`),
    processDefinitionId: definitionId,
    elementId: text(sql`e.element_id`),
    elementName: text(elementName(sql`e.element_id`)),
    type: text(sql`e.bpmn_element_type`),
    state: text(instanceState(sql`e`)),
    startDate: date(sql`e.started_at`),
    endDate: optional(date(sql`e.ended_at`)),
    hasIncident: withIncident(sql`e`),
    incidentKey: optional(key(openIncident)),
    tenantId: text(sql`e.tenant_id`),
  },
  filters: { elementInstanceScopeKey: optional(key(sql`e.flow_scope_key`)), businessId: byBusinessId(sql`e`) },
}
