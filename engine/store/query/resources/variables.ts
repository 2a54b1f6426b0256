import { VALUE_LENGTH_SHOWN } from '../../../protocol/query.ts'
import { bool, key, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'
import { byBusinessId } from './business-id.ts'

export const variables: Resource = {
  id: 'variableKey',
  rows: () => sql`engine.variable_all`,
  from: (rows) => sql`${rows} v`,
  shown: {
    variableKey: key(sql`v.key`),
    name: text(sql`v.name`),
    value: text(sql`v.value`),
    isTruncated: bool(sql`length(v.value) > ${VALUE_LENGTH_SHOWN}::int`),
    scopeKey: key(sql`v.scope_key`),
    processInstanceKey: key(sql`v.process_instance_key`),
    tenantId: text(sql`v.tenant_id`),
  },
  filters: { businessId: byBusinessId(sql`v`) },
}
