/** A database of its own with the engine's tables, filled by hand: what a search reads is what a test wrote. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import pg from 'pg'
import type { Condition, Page, Query, Search, SearchResource } from '../../engine/protocol/query.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { postgresQuery } from '../../engine/store/query/index.ts'

type Values = Readonly<Record<string, unknown>>

/** What a row has unless the test says otherwise. */
const byDefault: Readonly<Record<string, Values>> = {
  element_instance: {
    ...{ process_instance_key: 100, root_process_instance_key: 100, process_definition_key: 1, started_at: 1_000 },
    ...{
      child_count: 0,
      held: 0,
      loop_counter: 0,
      completed_children: 0,
      is_fulfilled: false,
      element_id: 'task',
      bpmn_element_type: 'SERVICE_TASK',
      state: 'ACTIVATED',
    },
  },
  variable: { scope_key: 100, process_instance_key: 100, process_definition_key: 1, name: 'x', value: '1' },
  job: {
    ...{ element_instance_key: 110, process_instance_key: 100, process_definition_key: 1, element_id: 'task' },
    ...{ retry_backoff: 0, failures: 0, created_at: 1_000, retries: 3, state: 'ACTIVATABLE', type: 'mail' },
    ...{ job_kind: 'BPMN_ELEMENT', job_listener_event_type: 'UNSPECIFIED', listener_index: 0, is_denied: false },
  },
  user_task: {
    ...{ element_instance_key: 110, process_instance_key: 100, process_definition_key: 1, element_id: 'task' },
    ...{ created_as_element_id: 'task', creation_timestamp: 1_000, priority: 50, state: 'CREATED' },
  },
  incident: {
    ...{ element_instance_key: 110, process_instance_key: 100, process_definition_key: 1, element_id: 'task' },
    ...{ created_at: 1_000, state: 'ACTIVE', error_type: 'JOB_NO_RETRIES', error_message: 'no more' },
    root_process_instance_key: 100,
  },
  subscription: {
    ...{ element_instance_key: 110, process_instance_key: 100, process_definition_key: 1, element_id: 'task' },
    ...{ created_at: 1_000, interrupting: true, state: 'CREATED', message_name: 'paid', correlation_key: 'A-1' },
    bpmn_process_id: 'permit',
  },
  correlated_subscription: {
    ...{ message_key: 900, correlated_at: 1_000, process_instance_key: 100, process_definition_key: 1 },
    ...{ element_id: 'start', message_name: 'paid', correlation_key: 'A-1', bpmn_process_id: 'permit' },
  },
  process_definition: {
    ...{ process_definition_key: 1, deployment_key: 0, created_at: 0, version: 1, duplicate: false, deleted: false },
    ...{ bpmn_process_id: 'permit', resource_name: 'permit.bpmn', checksum: '' },
  },
  decision: {
    ...{ decision_key: 1, decision_requirements_key: 1, deployment_key: 0, version: 1, duplicate: false },
    ...{ deleted: false, decision_id: 'fee', decision_requirements_id: 'fees' },
  },
  decision_requirements: {
    ...{ decision_requirements_key: 1, decision_requirements_version: 1, duplicate: false, deleted: false },
    ...{ decision_requirements_id: 'fees', resource_name: 'fees.dmn', checksum: '' },
  },
  decision_instance: {
    ...{ evaluation_index: 1, decision_version: 1, evaluated_at: 1_000, decision_key: 1, decision_requirements_key: 1 },
    ...{ state: 'EVALUATED', decision_id: 'fee', decision_type: 'DECISION_TABLE', decision_output: '1.50' },
    ...{ evaluated_inputs: '[]', matched_rules: '[]' },
  },
  form: {
    ...{ form_key: 1, deployment_key: 0, version: 1, duplicate: false, deleted: false, form_id: 'request' },
    ...{ resource_name: 'request.form', checksum: '' },
  },
  resource: { text: '' },
}

export interface World extends AsyncDisposable {
  readonly query: Query
  readonly pool: pg.Pool
  insert(table: string, ...rows: readonly Values[]): Promise<void>
  /** With a search's defaults. */
  search(resource: SearchResource, search?: Partial<Search>): Promise<Page>
  /** The ids of the rows found, in order. */
  ids(resource: SearchResource, search?: Partial<Search>): Promise<readonly string[]>
}

export const where = (field: string, operator: Condition['operator'], value: Condition['value']): Partial<Search> => ({
  filter: [{ field, operator, value }],
})

export async function openWorld(): Promise<World> {
  const home = await mkdtemp('/tmp/iter-test-')
  const server = await startEmbeddedPostgres({ dataDir: home })
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 4 })
  // The pool is ended before its connections are: one that the server closes first has nothing more to say.
  pool.on('error', () => {})
  const schema = await readFile(new URL('../../engine/store/migrations/0001.sql', import.meta.url), 'utf8')
  await pool.query(`CREATE SCHEMA engine; ${schema}`)
  const query = postgresQuery(pool)
  const search: World['search'] = (resource, { filter = [], sort = [], page = { limit: 100 }, ...rest } = {}) =>
    query.search(resource, { filter, sort, page, ...rest })
  return {
    query,
    pool,
    search,
    async insert(table, ...rows) {
      for (const row of rows) {
        const values = { tenant_id: '<default>', ...byDefault[table.replace(/_history$/, '')], ...row }
        const names = Object.keys(values)
        const places = names.map((_, i) => `$${i + 1}`)
        await pool.query(`INSERT INTO engine.${table} (${names}) VALUES (${places})`, Object.values(values))
      }
    },
    async ids(resource, asked) {
      const { items } = await search(resource, asked)
      return items.map((row) => String(Object.values(row)[0]))
    },
    async [Symbol.asyncDispose]() {
      await pool.end()
      await server.stop()
      await rm(home, { recursive: true })
    },
  }
}
