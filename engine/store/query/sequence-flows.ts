import type { Row } from '../../protocol/query.ts'
import { keyNamed } from './conditions.ts'
import type { Database } from './database.ts'
import { withDefinition } from './resources/elements.ts'
import { sql } from './sql.ts'

/** The flows ever taken in an instance, each once. */
export async function takenFlows(database: Database, processInstanceKey: string): Promise<readonly Row[]> {
  const rows = await database.rows(
    sql`SELECT e.key || '_' || flow, e.key, e.process_definition_key, d.bpmn_process_id, flow, e.tenant_id
      FROM engine.element_instance_all e ${withDefinition(sql`e`)}, unnest(e.sequence_flows) AS flow
      WHERE e.key = ${keyNamed(processInstanceKey)}`,
  )
  return rows.map(
    ([sequenceFlowId, processInstanceKey, processDefinitionKey, processDefinitionId, elementId, tenantId]) => ({
      ...{ sequenceFlowId: sequenceFlowId!, processInstanceKey: processInstanceKey! },
      ...{ processDefinitionKey: processDefinitionKey!, processDefinitionId: processDefinitionId! },
      ...{ elementId: elementId!, tenantId: tenantId! },
    }),
  )
}
