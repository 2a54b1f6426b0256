import { bool, byState, date, int, key, object, optional, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'
import { businessId, byBusinessId } from './business-id.ts'
import { definitionId, withDefinition } from './elements.ts'

/** What a worker said when it failed the job stays until the job ends, whoever has it now. */
const hasFailed = sql`(j.state = 'FAILED' OR (j.state IN ('ACTIVATABLE', 'ACTIVATED', 'SUSPENDED') AND j.error_message IS NOT NULL))`
export const hasFailedWithRetriesLeft = sql`(${hasFailed} AND j.retries > 0)`
/** A job's state is the last thing that happened to it; being handed out is not among them. */
const state = sql`CASE WHEN ${hasFailed} THEN 'FAILED' WHEN j.state IN ('ACTIVATABLE', 'ACTIVATED', 'SUSPENDED') THEN 'CREATED' ELSE j.state END`

export const jobs: Resource = {
  id: 'jobKey',
  rows: byState('state', {
    open: { rows: sql`engine.job`, states: ['CREATED', 'FAILED'] },
    ended: { rows: sql`engine.job_history`, states: ['COMPLETED', 'CANCELED'] },
    all: sql`engine.job_all`,
  }),
  from: (rows) => sql`${rows} j ${withDefinition(sql`j`)}`,
  shown: {
    jobKey: key(sql`j.key`),
    type: text(sql`j.type`),
    worker: text(sql`coalesce(j.worker, '')`),
    state: text(state),
    kind: text(sql`j.job_kind`),
    listenerEventType: text(sql`j.job_listener_event_type`),
    retries: int(sql`j.retries`),
    deadline: optional(date(sql`j.deadline`)),
    endTime: optional(date(sql`j.ended_at`)),
    errorCode: optional(text(sql`j.error_code`)),
    errorMessage: optional(text(sql`j.error_message`)),
    /** Only task listeners deny. */
    isDenied: optional(
      bool(sql`CASE WHEN j.state = 'COMPLETED' AND j.job_kind = 'TASK_LISTENER' THEN j.is_denied END`),
    ),
    deniedReason: optional(text(sql`j.denied_reason`)),
    hasFailedWithRetriesLeft: bool(hasFailedWithRetriesLeft),
    customHeaders: object(sql`coalesce(j.custom_headers, '{}')`),
    elementId: text(sql`j.element_id`),
    elementInstanceKey: key(sql`j.element_instance_key`),
    processInstanceKey: key(sql`j.process_instance_key`),
    processDefinitionKey: key(sql`j.process_definition_key`),
    processDefinitionId: definitionId,
    tenantId: text(sql`j.tenant_id`),
    businessId: businessId(sql`j`),
  },
  filters: { businessId: byBusinessId(sql`j`) },
}
