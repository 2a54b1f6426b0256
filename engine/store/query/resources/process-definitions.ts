import { bool, int, key, optional, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'

/** A deleted definition stays readable, but is no longer the latest. */
const isLatest = sql`NOT (d.deleted OR EXISTS (SELECT FROM engine.process_definition later WHERE later.tenant_id = d.tenant_id
  AND later.bpmn_process_id = d.bpmn_process_id AND later.version > d.version AND NOT later.deleted))`

export const processDefinitions: Resource = {
  id: 'processDefinitionKey',
  rows: () => sql`engine.process_definition`,
  from: (rows) => sql`${rows} d`,
  shown: {
    processDefinitionKey: key(sql`d.key`),
    processDefinitionId: text(sql`d.bpmn_process_id`),
    name: optional(text(sql`d.name`)),
    version: int(sql`d.version`),
    versionTag: optional(text(sql`d.version_tag`)),
    resourceName: text(sql`d.resource_name`),
    tenantId: text(sql`d.tenant_id`),
    hasStartForm: bool(sql`d.start_form_id IS NOT NULL`),
  },
  filters: { isLatestVersion: bool(isLatest) },
}
