import { byState, date, int, key, object, optional, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'

export const batchOperations: Resource = {
  id: 'batchOperationKey',
  /** One that was cancelled lies with the open ones until its items are dropped. */
  rows: byState('state', {
    open: { rows: sql`engine.batch_operation`, states: ['CREATED', 'ACTIVE', 'SUSPENDED'] },
    ended: { rows: sql`engine.batch_operation_history`, states: ['COMPLETED'] },
    all: sql`engine.batch_operation_all`,
  }),
  from: (rows) => sql`${rows} b`,
  shown: {
    batchOperationKey: key(sql`b.key`),
    state: text(sql`b.state`),
    batchOperationType: text(sql`b.batch_operation_type`),
    startDate: optional(date(sql`b.started_at`)),
    endDate: optional(date(sql`b.ended_at`)),
    operationsTotalCount: int(sql`b.total_count`),
    operationsFailedCount: int(sql`b.failed_count`),
    operationsCompletedCount: int(sql`b.completed_count`),
    errors: object(sql`coalesce(b.errors, '[]')`),
  },
  filters: { operationType: text(sql`b.batch_operation_type`) },
}

export const batchOperationItems: Resource = {
  id: 'itemKey',
  /** The same instance may be an item of several. */
  identity: text(sql`(i.key || '-' || i.item_key)`),
  named(identity) {
    const [batchOperationKey = '', itemKey = ''] = identity.split('-')
    return [
      { field: 'batchOperationKey', operator: '$eq', value: batchOperationKey },
      { field: 'itemKey', operator: '$eq', value: itemKey },
    ]
  },
  rows: () => sql`engine.batch_operation_item_all`,
  from: (rows) => sql`${rows} i`,
  shown: {
    itemKey: key(sql`i.item_key`),
    batchOperationKey: key(sql`i.key`),
    processInstanceKey: key(sql`i.process_instance_key`),
    operationType: text(sql`i.batch_operation_type`),
    state: text(sql`i.state`),
    processedDate: optional(date(sql`i.processed_at`)),
    errorMessage: optional(text(sql`i.error_message`)),
  },
}
