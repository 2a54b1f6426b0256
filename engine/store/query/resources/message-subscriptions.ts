import { date, key, optional, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'
import { byBusinessId } from './business-id.ts'

/** Subscriptions that wait; what has ended keeps no row. */
export const messageSubscriptions: Resource = {
  id: 'messageSubscriptionKey',
  rows: () => sql`engine.subscription`,
  from: (rows) => sql`${rows} s`,
  shown: {
    messageSubscriptionKey: key(sql`s.key`),
    messageName: text(sql`s.message_name`),
    correlationKey: text(sql`s.correlation_key`),
    messageSubscriptionState: text(sql`'CREATED'`),
    lastUpdatedDate: date(sql`s.created_at`),
    elementId: text(sql`s.element_id`),
    elementInstanceKey: optional(key(sql`nullif(s.element_instance_key, -1)`)),
    processInstanceKey: key(sql`s.process_instance_key`),
    processDefinitionKey: key(sql`s.process_definition_key`),
    processDefinitionId: text(sql`s.bpmn_process_id`),
    tenantId: text(sql`s.tenant_id`),
  },
  filters: { businessId: byBusinessId(sql`s`) },
}
