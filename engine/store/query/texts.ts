/** The texts of what was deployed. */
import type { JsonValue, Query, Row } from '../../protocol/query.ts'
import { keyNamed } from './conditions.ts'
import type { Database } from './database.ts'
import { type Sql, sql } from './sql.ts'

type Kind = Parameters<Query['resourceText']>[0]

/** The decisions of a diagram share its text. */
const textsOf: Readonly<Record<Kind, Sql>> = {
  'process-definition': sql`engine.process_definition d JOIN engine.resource r ON r.key = d.key`,
  'decision-definition': sql`engine.decision d JOIN engine.resource r ON r.key = d.decision_requirements_key`,
  'decision-requirements': sql`engine.decision_requirements d JOIN engine.resource r ON r.key = d.key`,
  form: sql`engine.form d JOIN engine.resource r ON r.key = d.key`,
}

export async function textOf(database: Database, kind: Kind, key: string): Promise<string | null> {
  const [row] = await database.rows(sql`SELECT r.text FROM ${textsOf[kind]} WHERE d.key = ${keyNamed(key)}`)
  return row ? String(row[0]) : null
}

/** A task is bound to a version of its form; a definition's start shows the latest. */
const linked: Readonly<Record<Parameters<Query['form']>[0], Sql>> = {
  'user-task': sql`engine.user_task_all o JOIN engine.form f ON f.key = o.form_key`,
  'process-definition': sql`engine.process_definition o
    JOIN engine.form f ON f.form_id = o.start_form_id AND f.tenant_id = o.tenant_id AND NOT f.deleted`,
}

export async function formOf(database: Database, of: keyof typeof linked, key: string): Promise<Row | null> {
  const [row] = await database.rows(
    sql`SELECT f.key, f.form_id, f.version, f.tenant_id, r.text FROM ${linked[of]} JOIN engine.resource r ON r.key = f.key
      WHERE o.key = ${keyNamed(key)} ORDER BY f.version DESC LIMIT 1`,
  )
  if (!row) return null
  const [formKey, formId, version, tenantId, text] = row
  const schema: JsonValue = JSON.parse(String(text))
  return { formKey: formKey!, formId: formId!, version: version!, tenantId: tenantId!, schema }
}
