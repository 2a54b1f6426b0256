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
}

interface Row {
  readonly task: string
  readonly person: string
  readonly typed: readonly (readonly [string, readonly string[]])[]
  readonly saved_at: Date
}

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
  }
}
