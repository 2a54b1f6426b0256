/** What a clerk has typed into the form of a task and not sent. Owns rows of `task_draft`: one for each person and task. */
import type { Knex } from 'knex'
import type { Typed } from '../form/typed.ts'

export interface TaskDraft {
  readonly typed: Typed
  readonly savedAt: Date
}

export interface TaskDrafts {
  /** Replaces what was kept. */
  keep(task: string, person: string, draft: TaskDraft): Promise<void>
  find(task: string, person: string): Promise<TaskDraft | null>
  /** Of a task that is done, or when the person wants none of it. */
  drop(task: string, person: string): Promise<void>
  /** Of everybody; resolves with how many. */
  dropAll(tasks: readonly string[]): Promise<number>
  /** Tasks for which something was typed and nothing since that instant; after a key, in their order. */
  tasksBefore(instant: Date, after: string | null, limit: number): Promise<readonly string[]>
  /** Those of the beginnings with which something typed begins. */
  naming(beginnings: readonly string[]): Promise<readonly string[]>
}

interface Row {
  readonly task: string
  readonly person: string
  readonly typed: readonly (readonly [string, readonly string[]])[]
  readonly saved_at: Date
}

const NAMING = `
  SELECT DISTINCT beginning FROM task_draft, jsonb_array_elements(typed) control, jsonb_array_elements_text(control -> 1) text
  JOIN unnest(CAST(:beginnings AS text[])) beginning ON left(text, length(beginning)) = beginning`

export function taskDraftsIn(database: Knex): TaskDrafts {
  return {
    async keep(task, person, { typed, savedAt }) {
      const row = { task, person, typed: JSON.stringify([...typed]), saved_at: savedAt }
      await database('task_draft').insert(row).onConflict(['task', 'person']).merge()
    },
    async find(task, person) {
      const row = await database<Row>('task_draft').where({ task, person }).first()
      return row ? { typed: new Map(row.typed), savedAt: row.saved_at } : null
    },
    async drop(task, person) {
      await database('task_draft').where({ task, person }).delete()
    },
    dropAll: (tasks) => database('task_draft').whereIn('task', tasks).delete(),
    async tasksBefore(instant, after, limit) {
      const rows = database('task_draft').groupBy('task').orderBy('task').limit(limit)
      if (after !== null) rows.where('task', '>', after)
      return (await rows.havingRaw('max(saved_at) < ?', [instant]).pluck('task')).map(String)
    },
    async naming(beginnings) {
      const found = await database.raw<{ readonly rows: readonly { readonly beginning: string }[] }>(NAMING, {
        beginnings: [...beginnings],
      })
      return found.rows.map(({ beginning }) => beginning)
    },
  }
}
