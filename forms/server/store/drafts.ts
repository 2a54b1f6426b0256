/**
 * What a person has typed and not sent yet: requests, and answers to the office. Owns rows of `draft`.
 * Does not own: attached documents (connectors/documents); what is typed names them.
 * Invariants
 * D1 A draft is its owner's: by another's name it is not there, neither to read nor to write.
 * D2 What one page sends replaces what that page had shown and nothing else, in one statement: two windows lose nothing.
 * D3 Every draft has an end, and a person at most DRAFTS_MAX.
 */
import type { Knex } from 'knex'
import type { Typed } from '../form/typed.ts'

/** From the last change on; said on the page. */
export const DRAFT_DAYS = 60
export const DRAFTS_MAX = 20
const DAY_MS = 86_400_000
const EXPIRED_MAX = 100

export interface Draft {
  /** Of the practice that it becomes. */
  readonly id: string
  /** Tax code. */
  readonly owner: string
  readonly processId: string
  /** Id of the practice that it answers; null for a new request. */
  readonly practice: string | null
  /** Index of the step on which it was left. */
  readonly step: number
  readonly typed: Typed
  /** JSON text of what was known without asking the person, so that registers are asked once. */
  readonly known: string
  readonly changedAt: Date
  readonly expiresAt: Date
}

export interface DraftChange
  extends Pick<Draft, 'id' | 'owner' | 'processId' | 'practice' | 'step' | 'typed' | 'known'> {
  /** Names of controls whose earlier texts go. */
  readonly replaced: readonly string[]
  readonly at: Date
}

export interface Drafts {
  /** Null when the id is another's or the person has as many drafts as one may have. */
  save(change: DraftChange): Promise<Draft | null>
  /** What is known from now on; a draft that has gone meanwhile stays gone. */
  learn(id: string, owner: string, known: string): Promise<void>
  find(id: string, owner: string, at: Date): Promise<Draft | null>
  /** The draft of the answer to a practice. */
  answerTo(practice: string, owner: string, at: Date): Promise<Draft | null>
  /** The one changed last first. */
  ownedBy(owner: string, at: Date): Promise<readonly Draft[]>
  /** Resolves with what was removed. */
  remove(id: string, owner: string): Promise<Draft | null>
  /** Resolves with some of those whose time was over. */
  removeExpired(at: Date): Promise<readonly Draft[]>
  /** Those of the beginnings with which something in a draft begins. */
  naming(beginnings: readonly string[]): Promise<readonly string[]>
}

interface DraftRow {
  readonly id: string
  readonly owner: string
  readonly process_id: string
  readonly practice: string | null
  readonly step: number
  readonly typed: Readonly<Record<string, readonly string[]>>
  readonly known: string
  readonly changed_at: Date
  readonly expires_at: Date
}

const fromRow = (row: DraftRow): Draft => ({
  ...{ id: row.id, owner: row.owner, processId: row.process_id, practice: row.practice, step: row.step },
  ...{ typed: new Map(Object.entries(row.typed)), known: row.known },
  ...{ changedAt: row.changed_at, expiresAt: row.expires_at },
})

/** PostgreSQL keeps neither of these in JSON; nobody can type them. */
const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

const jsonOf = (typed: Typed): string =>
  JSON.stringify(Object.fromEntries([...typed].map(([name, texts]) => [storable(name), texts.map(storable)])))

const SAVE = `
  INSERT INTO draft (id, owner, process_id, practice, step, typed, known, changed_at, expires_at)
  SELECT CAST(:id AS uuid), :owner, :processId, CAST(:practice AS uuid), CAST(:step AS integer), CAST(:typed AS jsonb),
    :known, CAST(:at AS timestamptz), CAST(:expires AS timestamptz)
  WHERE EXISTS (SELECT FROM draft WHERE id = :id) OR (SELECT count(*) FROM draft WHERE owner = :owner) < :most
  ON CONFLICT (id) DO UPDATE SET
    step = excluded.step, changed_at = excluded.changed_at, expires_at = excluded.expires_at,
    typed = (draft.typed - CAST(:replaced AS text[])) || excluded.typed
  WHERE draft.owner = excluded.owner AND draft.process_id = excluded.process_id
    AND draft.practice IS NOT DISTINCT FROM excluded.practice
  RETURNING *`

const NAMING = `
  SELECT DISTINCT beginning FROM draft, jsonb_each(typed) control, jsonb_array_elements_text(control.value) text
  JOIN unnest(CAST(:beginnings AS text[])) beginning ON left(text, length(beginning)) = beginning`

export function draftsIn(database: Knex): Drafts {
  const rows = () => database<DraftRow>('draft')
  const alive = (owner: string, at: Date) => rows().where({ owner }).where('expires_at', '>', at)
  const first = async (query: Knex.QueryBuilder<DraftRow, DraftRow[]>): Promise<Draft | null> => {
    const [row] = await query.limit(1)
    return row ? fromRow(row) : null
  }
  return {
    async save({ id, owner, processId, practice, step, typed, known, replaced, at }) {
      const expires = new Date(at.getTime() + DRAFT_DAYS * DAY_MS)
      const { rows: saved } = await database.raw<{ readonly rows: readonly DraftRow[] }>(SAVE, {
        ...{ id, owner, processId, practice, step, at, expires, known, most: DRAFTS_MAX, typed: jsonOf(typed) },
        ...{ replaced: replaced.map(storable) },
      })
      return saved[0] === undefined ? null : fromRow(saved[0])
    },
    async learn(id, owner, known) {
      await rows().where({ id, owner }).update({ known })
    },
    find: (id, owner, at) => first(alive(owner, at).where({ id })),
    answerTo: (practice, owner, at) => first(alive(owner, at).where({ practice })),
    async ownedBy(owner, at) {
      return (await alive(owner, at).orderBy('changed_at', 'desc').limit(DRAFTS_MAX)).map(fromRow)
    },
    async remove(id, owner) {
      const [row] = await rows().where({ id, owner }).delete().returning('*')
      return row ? fromRow(row) : null
    },
    async removeExpired(at) {
      const over = rows().select('id').where('expires_at', '<=', at).limit(EXPIRED_MAX)
      return (await rows().whereIn('id', over).delete().returning('*')).map(fromRow)
    },
    async naming(beginnings) {
      const found = await database.raw<{ readonly rows: readonly { readonly beginning: string }[] }>(NAMING, {
        beginnings: [...beginnings],
      })
      return found.rows.map(({ beginning }) => beginning)
    },
  }
}
