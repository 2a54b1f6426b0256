import type { Condition } from '../../../protocol/query.ts'
import {
  bool,
  byAnyState,
  date,
  entryOf,
  int,
  key,
  optional,
  type Relation,
  type Resource,
  text,
  texts,
  within,
} from '../resource.ts'
import { type Sql, sql } from '../sql.ts'
import {
  definitionId,
  hasIncident,
  instanceState,
  isAffected,
  processName,
  withDefinition,
  withIncident,
} from './elements.ts'
import { hasFailedWithRetriesLeft } from './jobs.ts'
import { isSuspended, mayBeSuspended } from './suspensions.ts'

const anElement: Relation = {
  joint: true,
  exists: (test) => sql`EXISTS (SELECT FROM engine.element_instance_all c
    WHERE c.process_instance_key = e.key AND c.bpmn_element_type <> 'PROCESS' AND ${test})`,
}
const anIncident: Relation = {
  joint: true,
  exists: (test) => sql`EXISTS (SELECT FROM engine.incident i WHERE i.process_instance_key = e.key AND ${test})`,
}
const aJobIsToBeRetried = sql`EXISTS (SELECT FROM engine.element_instance c JOIN engine.job j ON j.key = c.job_key
  WHERE c.process_instance_key = e.key AND ${hasFailedWithRetriesLeft})`

const aBatchOperation: Relation = {
  joint: false,
  exists: (test) => sql`e.key IN (SELECT i.process_instance_key FROM engine.batch_operation_item_all i WHERE ${test})`,
}

/** Java's `String.hashCode`, by which Operate groups incidents. */
const errorHashCode = sql`(WITH RECURSIVE hash (length, code) AS (
  SELECT 0, 0::bigint
  UNION ALL SELECT length + 1, (code * 31 + ascii(substr(i.error_message, length + 1, 1))) & 4294967295
    FROM hash WHERE length < length(i.error_message)
) SELECT (code # 2147483648) - 2147483648 FROM hash ORDER BY length DESC LIMIT 1)`

/** A state that few have. */
function narrowed(filter: readonly Condition[]): Sql | null {
  const state = filter.find(({ field, operator }) => field === 'state' && operator === '$eq')?.value
  if (state === 'SUSPENDED') return mayBeSuspended(sql`e`)
  return state === 'TERMINATED' ? sql`e.state = 'TERMINATED'` : null
}

export const processInstances: Resource = {
  id: 'processInstanceKey',
  ...byAnyState('state', {
    open: { rows: sql`engine.element_instance`, states: ['ACTIVE', 'SUSPENDED'] },
    ended: { rows: sql`engine.element_instance_history`, states: ['COMPLETED', 'TERMINATED'] },
    all: sql`engine.element_instance_all`,
  }),
  from: (rows) => sql`${rows} e ${withDefinition(sql`e`)}`,
  where: sql`e.bpmn_element_type = 'PROCESS'`,
  narrowed,
  shown: {
    processInstanceKey: key(sql`e.key`),
    processDefinitionKey: key(sql`e.process_definition_key`),
    processDefinitionId: definitionId,
    processDefinitionName: text(processName),
    processDefinitionVersion: int(sql`d.version`),
    processDefinitionVersionTag: optional(text(sql`d.version_tag`)),
    startDate: date(sql`e.started_at`),
    endDate: optional(date(sql`e.ended_at`)),
    state: text(
      sql`CASE WHEN e.ended_at IS NULL AND ${isSuspended(sql`e`)} THEN 'SUSPENDED' ELSE ${instanceState(sql`e`)} END`,
    ),
    hasIncident: withIncident(sql`e`),
    parentProcessInstanceKey: optional(key(sql`e.parent_process_instance_key`)),
    parentElementInstanceKey: optional(key(sql`e.parent_element_instance_key`)),
    tenantId: text(sql`e.tenant_id`),
    tags: texts(sql`coalesce(e.tags, '{}')`),
    businessId: optional(text(sql`e.business_id`)),
  },
  filters: {
    tags: entryOf(sql`e.tags`),
    errorMessage: within(anIncident, text(sql`i.error_message`)),
    incidentErrorHashCode: within(anIncident, int(errorHashCode)),
    hasRetriesLeft: bool(aJobIsToBeRetried),
    elementId: within(anElement, text(sql`c.element_id`)),
    elementInstanceState: within(anElement, text(instanceState(sql`c`))),
    hasElementInstanceIncident: within(anElement, bool(hasIncident(sql`c`))),
    hasIncident: bool(isAffected(sql`e`)),
    batchOperationId: within(aBatchOperation, text(sql`i.key::text`)),
  },
  variables: { instance: sql`v.process_instance_key = e.key` },
}
