import type { Column } from '../../../engine/store/wire.ts'
import type { ElementRow, JobRow, VariableRow } from './workload.ts'

export const elementColumns: readonly Column<ElementRow>[] = [
  { name: 'key', type: 'int8', of: (r) => r.key },
  { name: 'tenant_id', type: 'text', of: (r) => r.tenantId },
  { name: 'process_instance_key', type: 'int8', of: (r) => r.processInstanceKey },
  { name: 'process_definition_key', type: 'int8', of: (r) => r.processDefinitionKey },
  { name: 'element_id', type: 'text', of: (r) => r.elementId },
  { name: 'element_type', type: 'text', of: (r) => r.elementType },
  { name: 'state', type: 'text', of: (r) => r.state },
  { name: 'flow_scope_key', type: 'int8', of: (r) => r.flowScopeKey },
  { name: 'child_count', type: 'int4', of: (r) => r.childCount },
  { name: 'job_key', type: 'int8', of: (r) => r.jobKey },
  { name: 'started_at', type: 'int8', of: (r) => r.startedAt },
  { name: 'ended_at', type: 'int8', of: (r) => r.endedAt },
  { name: 'detail', type: 'json', of: (r) => r.detail },
]
export const jobColumns: readonly Column<JobRow>[] = [
  { name: 'key', type: 'int8', of: (r) => r.key },
  { name: 'tenant_id', type: 'text', of: (r) => r.tenantId },
  { name: 'state', type: 'text', of: (r) => r.state },
  { name: 'type', type: 'text', of: (r) => r.type },
  { name: 'retries', type: 'int4', of: (r) => r.retries },
  { name: 'worker', type: 'text', of: (r) => r.worker },
  { name: 'deadline', type: 'int8', of: (r) => r.deadline },
  { name: 'element_id', type: 'text', of: (r) => r.elementId },
  { name: 'element_instance_key', type: 'int8', of: (r) => r.elementInstanceKey },
  { name: 'process_instance_key', type: 'int8', of: (r) => r.processInstanceKey },
  { name: 'process_definition_key', type: 'int8', of: (r) => r.processDefinitionKey },
  { name: 'created_at', type: 'int8', of: (r) => r.createdAt },
  { name: 'ended_at', type: 'int8', of: (r) => r.endedAt },
  { name: 'detail', type: 'json', of: (r) => r.detail },
]
export const variableColumns: readonly Column<VariableRow>[] = [
  { name: 'key', type: 'int8', of: (r) => r.key },
  { name: 'tenant_id', type: 'text', of: (r) => r.tenantId },
  { name: 'scope_key', type: 'int8', of: (r) => r.scopeKey },
  { name: 'process_instance_key', type: 'int8', of: (r) => r.processInstanceKey },
  { name: 'process_definition_key', type: 'int8', of: (r) => r.processDefinitionKey },
  { name: 'name', type: 'text', of: (r) => r.name },
  { name: 'value', type: 'text', of: (r) => r.value },
]
export const tables = { element: elementColumns, job: jobColumns, variable: variableColumns } as const
export type TableName = keyof typeof tables

const sqlType = {
  int8: 'bigint',
  int4: 'integer',
  bool: 'boolean',
  text: 'text',
  json: 'json',
  bytea: 'bytea',
  'text[]': 'text[]',
} as const
const definition = (name: TableName, table: string) =>
  `CREATE TABLE ${table} (${tables[name].map((c) => `${c.name} ${sqlType[c.type]}${c.name === 'key' ? ' PRIMARY KEY' : ''}`).join(', ')})`

const log = `
  CREATE TABLE log (partition int, position bigint, entry bytea NOT NULL, PRIMARY KEY (partition, position));
  ALTER TABLE log ALTER entry SET STORAGE EXTERNAL;
  CREATE TABLE log_instance (process_instance_key bigint, position bigint, PRIMARY KEY (process_instance_key, position));`
const tuned = `WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000)`

/** The design of hot and history: little to search, little to vacuum. */
export const hotAndHistory = `
  DROP SCHEMA IF EXISTS spike CASCADE; CREATE SCHEMA spike; SET search_path = spike; ${log}
  ${(['element', 'job', 'variable'] as const).map((t) => `${definition(t, t)} ${tuned}; ${definition(t, `${t}_history`)};`).join('\n')}
  CREATE INDEX ON element (process_instance_key);
  CREATE INDEX ON job (tenant_id, type, key) WHERE state = 'ACTIVATABLE';
  CREATE INDEX ON variable (scope_key);
  CREATE INDEX ON element_history (process_instance_key);
  CREATE INDEX ON job_history (process_instance_key);
  CREATE INDEX ON variable_history (process_instance_key);`

/** One table per entity serves state and search; partial indexes keep the open rows findable; room for HOT updates. */
export const oneTable = `
  DROP SCHEMA IF EXISTS spike CASCADE; CREATE SCHEMA spike; SET search_path = spike; ${log}
  ${(['element', 'job', 'variable'] as const).map((t) => `${definition(t, t)} WITH (fillfactor = 70);`).join('\n')}
  CREATE INDEX ON element (process_instance_key);
  CREATE INDEX ON job (process_instance_key);
  CREATE INDEX ON job (tenant_id, type, key) WHERE state = 'ACTIVATABLE';
  CREATE INDEX ON variable (process_instance_key);`
