import type { Condition } from '../../../protocol/query.ts'
import { keyNamed } from '../conditions.ts'
import { date, int, key, optional, type Resource, text } from '../resource.ts'
import { all, type Sql, sql } from '../sql.ts'
import { byBusinessId } from './business-id.ts'

/** What the filter wants the field to be, one of some; null where it says more, or nothing. */
function wanted(filter: readonly Condition[], field: string): readonly string[] | null {
  const found = filter.find((one) => one.field === field && (one.operator === '$eq' || one.operator === '$in'))
  const values = found?.operator === '$in' && Array.isArray(found.value) ? found.value : [found?.value]
  return values.every((value) => typeof value === 'string') ? values.filter((value) => !value.includes('\0')) : null
}

/** Of some correlation keys in any tenant by their places: both tables have that index. Null unless the filter names message and key; no key at all has no place. */
function placed(filter: readonly Condition[]): Sql | null {
  const [names, correlationKeys] = [wanted(filter, 'messageName'), wanted(filter, 'correlationKey')]
  if (names === null || correlationKeys === null || correlationKeys.includes('')) return null
  return sql`engine.place(s.tenant_id, s.message_name, s.correlation_key) = ANY (ARRAY(
    SELECT engine.place(d.tenant_id, n, k)
    FROM (SELECT DISTINCT tenant_id FROM engine.process_definition) d, unnest(${names}::text[]) n, unnest(${correlationKeys}::text[]) k))`
}

/** Of one instance by its elements, which are few; of correlation keys by their places. */
function narrowed(filter: readonly Condition[]): Sql | null {
  const [instance, ...others] = wanted(filter, 'processInstanceKey') ?? []
  const places = placed(filter)
  const tests = [
    ...(instance !== undefined && others.length === 0
      ? [
          sql`s.element_instance_key = ANY (ARRAY(SELECT o.key FROM engine.element_instance o WHERE o.process_instance_key = ${keyNamed(instance)}))`,
        ]
      : []),
    ...(places === null ? [] : [places]),
  ]
  return tests.length === 0 ? null : all(tests)
}

/** Subscriptions that wait; what has ended keeps no row. */
export const messageSubscriptions: Resource = {
  id: 'messageSubscriptionKey',
  rows: () => sql`engine.subscription`,
  narrowed,
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

export const correlatedSubscriptions: Resource = {
  id: 'subscriptionKey',
  /** A subscription that interrupts nothing takes many messages. */
  identity: text(sql`(s.key || '-' || s.message_key)`),
  named(identity) {
    const [subscriptionKey = '', messageKey = ''] = identity.split('-')
    return [
      { field: 'subscriptionKey', operator: '$eq', value: subscriptionKey },
      { field: 'messageKey', operator: '$eq', value: messageKey },
    ]
  },
  rows: () => sql`engine.correlated_subscription`,
  narrowed: placed,
  from: (rows) => sql`${rows} s`,
  shown: {
    subscriptionKey: key(sql`s.key`),
    messageKey: key(sql`s.message_key`),
    messageName: text(sql`s.message_name`),
    correlationKey: text(sql`coalesce(s.correlation_key, '')`),
    correlationTime: date(sql`s.correlated_at`),
    elementId: text(sql`s.element_id`),
    elementInstanceKey: optional(key(sql`s.element_instance_key`)),
    partitionId: int(sql`1`),
    processDefinitionId: text(sql`s.bpmn_process_id`),
    processDefinitionKey: optional(key(sql`s.process_definition_key`)),
    processInstanceKey: key(sql`s.process_instance_key`),
    tenantId: text(sql`s.tenant_id`),
  },
}
