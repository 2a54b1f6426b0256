/** What a batch operation is to work on, by key alone: a page of it. */
import type { BatchOperationItem } from '../../protocol/batch-operations.ts'
import type { Selection } from '../store.ts'
import { matching } from './conditions.ts'
import type { Database } from './database.ts'
import { processInstances } from './resources/process-instances.ts'
import { sql } from './sql.ts'

export async function selectedItems(
  database: Database,
  { of, conditions, after, before, limit }: Selection,
): Promise<readonly BatchOperationItem[]> {
  const instances = sql`SELECT e.key AS item_key, e.key AS process_instance_key
    FROM ${processInstances.from(processInstances.rows(conditions.filter))} WHERE ${matching(processInstances, conditions)}`
  const incidents = sql`SELECT i.key AS item_key, i.process_instance_key FROM engine.incident i
    WHERE i.process_instance_key IN (SELECT item_key FROM (${instances}) AS instances)`
  const rows = await database.rows(sql`SELECT item_key, process_instance_key
    FROM (${of === 'incidents' ? incidents : instances}) AS found
    WHERE item_key > ${after}::bigint AND item_key < ${before}::bigint ORDER BY item_key LIMIT ${limit}`)
  return rows.map(([itemKey, processInstanceKey]) => ({
    itemKey: Number(itemKey),
    processInstanceKey: Number(processInstanceKey),
  }))
}
