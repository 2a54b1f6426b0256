/** The business id of the process instance to which a row belongs; `row` has a `process_instance_key`. */
import { type Column, optional, text, within } from '../resource.ts'
import { type Sql, sql } from '../sql.ts'

export const businessId = (row: Sql): Column =>
  optional(
    text(
      sql`(SELECT named.business_id FROM engine.element_instance_all named WHERE named.key = ${row}.process_instance_key)`,
    ),
  )

/** From the id, which has an index, to the rows. */
export const byBusinessId = (row: Sql): Column =>
  within(
    {
      joint: false,
      exists: (test) => sql`${row}.process_instance_key IN (SELECT named.key FROM engine.element_instance_all named
        WHERE named.bpmn_element_type = 'PROCESS' AND ${test})`,
    },
    text(sql`named.business_id`),
  )
