/** Which of the town's messages a person has read. Owns rows of `message_read`; the messages are told from the practice itself. */
import type { Knex } from 'knex'

export interface MessageMarks {
  mark(practice: string, message: string, at: Date): Promise<void>
  /** `practice message` of each that was read. */
  readAmong(practices: readonly string[]): Promise<ReadonlySet<string>>
}

interface Row {
  readonly practice: string
  readonly message: string
}

export const markOf = (practice: string, message: string): string => `${practice} ${message}`

export const messageMarksIn = (database: Knex): MessageMarks => ({
  async mark(practice, message, at) {
    await database('message_read')
      .insert({ practice, message, read_at: at })
      .onConflict(['practice', 'message'])
      .ignore()
  },
  async readAmong(practices) {
    const rows = await database<Row>('message_read').whereIn('practice', [...practices])
    return new Set(rows.map(({ practice, message }) => markOf(practice, message)))
  },
})
