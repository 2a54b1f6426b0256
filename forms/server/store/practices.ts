/**
 * Whose practice is which process instance. Owns rows of `practice`, `delegation` and `access_log`. Does not own state or outcome:
 * the engine does. What a practice is found by (`words`) is kept here, so that a search reads an index and no variables.
 */
import type { Knex } from 'knex'
import { isUuid } from '../uuid.ts'
import { prefixQuery, wordsIn } from './words.ts'

export interface Practice {
  /** Also the correlation key of the practice's messages. */
  readonly id: string
  readonly processId: string
  readonly channel: 'online' | 'sportello'
  /** Tax code; null when the paper filed at the counter did not say. */
  readonly owner: string | null
  readonly filedBy: string
  readonly filedAt: Date
  readonly processInstanceKey: string | null
  /** Name as people say it; null until it is known. */
  readonly applicant: string | null
  /** `number/year`; null until the register has given one. */
  readonly protocol: string | null
}

export interface Delegation {
  /** By which right: delega, procura, tutela. */
  readonly title: string
  readonly name: string
  readonly taxCode: string
  /** The identity document that was shown. */
  readonly identifiedBy: string
  /** Ids of the documents of the practice that give the right. */
  readonly papers: readonly string[]
  readonly recordedBy: string
  readonly at: Date
}

interface PracticeRow {
  readonly id: string
  readonly process_id: string
  readonly channel: Practice['channel']
  readonly owner: string | null
  readonly filed_by: string
  readonly filed_at: Date
  readonly process_instance_key: string | null
  readonly applicant: string | null
  readonly protocol: string | null
}

const fromRow = (row: PracticeRow): Practice => ({
  id: row.id,
  processId: row.process_id,
  channel: row.channel,
  owner: row.owner,
  filedBy: row.filed_by,
  filedAt: row.filed_at,
  processInstanceKey: row.process_instance_key,
  applicant: row.applicant,
  protocol: row.protocol,
})

export type AccessAction =
  | 'prefill'
  | 'read'
  | 'download'
  | 'withdraw'
  | 'observe'
  | 'extend'
  | 'answer'
  | 'file'
  | 'claim'
  | 'unclaim'
  | 'assign'
  | 'complete'
  | 'note'
  | 'retry'
  | 'decide'
  | 'suspend'
  | 'resume'

export interface Access {
  readonly at: Date
  readonly person: string
  readonly action: AccessAction
  readonly practice: string
  /** Of the action: to whom a task was given, which document was read. */
  readonly detail?: string
}

export interface Practices {
  /** Adds the practice unless its id is known; resolves with the row that stands, and whether it is this one. */
  add(
    practice: Omit<Practice, 'processInstanceKey' | 'protocol'>,
  ): Promise<{ readonly practice: Practice; readonly isNew: boolean }>
  start(id: string, processInstanceKey: string): Promise<void>
  byId(id: string): Promise<Practice | null>
  /** What is no id of ours has none. */
  byIds(ids: readonly string[]): Promise<readonly Practice[]>
  byProcessInstance(processInstanceKey: string): Promise<Practice | null>
  byProcessInstances(keys: readonly string[]): Promise<readonly Practice[]>
  /** Those that have their instance, newest first. */
  ownedBy(taxCode: string, limit: number, from: number): Promise<readonly Practice[]>
  /** Those whose filing was cut off before the key of their instance was written. */
  withoutInstance(limit: number): Promise<readonly Practice[]>
  /** Newest first. Under way, so many at most, about which this was not known when somebody last looked. */
  without(what: 'applicant' | 'protocol', limit: number): Promise<readonly Practice[]>
  /** What the engine knows by now; null leaves what stands. What somebody else is writing at this moment is left to them. */
  learn(heads: readonly Pick<Practice, 'id' | 'applicant' | 'protocol'>[]): Promise<void>
  /** Newest first: those of these processes that have an instance and each of whose words begins one of theirs. */
  find(search: {
    readonly words: readonly string[]
    readonly processIds: readonly string[]
    readonly limit: number
    readonly from: number
  }): Promise<readonly Practice[]>
  /** The instances of those alone. */
  findInstances(search: Parameters<Practices['find']>[0]): Promise<readonly string[]>
  addDelegation(practice: string, delegation: Delegation): Promise<void>
  delegationOf(practice: string): Promise<Delegation | null>
  recordAccess(access: Access): Promise<void>
  /** Oldest first; of many the latest. */
  accessesTo(practice: string): Promise<readonly Access[]>
}

export function practicesIn(database: Knex): Practices {
  const rows = () => database<PracticeRow>('practice')
  const found = async (where: Partial<PracticeRow>) => {
    const row = await rows().where(where).first()
    return row ? fromRow(row) : null
  }
  return {
    async add(practice) {
      const { id, channel, owner } = practice
      const row = {
        id,
        process_id: practice.processId,
        channel,
        owner,
        filed_by: practice.filedBy,
        filed_at: practice.filedAt,
        applicant: practice.applicant,
        words: database.raw('array_to_tsvector(?::text[])', [[...wordsOf(practice)]]),
      }
      const added = await rows().insert(row).onConflict('id').ignore().returning('id')
      return { practice: fromRow((await rows().where({ id }).first())!), isNew: added.length > 0 }
    },
    async start(id, processInstanceKey) {
      await rows().where({ id }).update({ process_instance_key: processInstanceKey })
    },
    byId: (id) => found({ id }),
    async byIds(ids) {
      return (await rows().whereIn('id', ids.filter(isUuid))).map(fromRow)
    },
    byProcessInstance: (key) => found({ process_instance_key: key }),
    async byProcessInstances(keys) {
      return (await rows().whereIn('process_instance_key', [...keys])).map(fromRow)
    },
    async ownedBy(taxCode, limit, from) {
      const owned = rows().where({ owner: taxCode }).whereNotNull('process_instance_key')
      return (await owned.orderBy('filed_at', 'desc').limit(limit).offset(from)).map(fromRow)
    },
    async withoutInstance(limit) {
      return (await rows().whereNull('process_instance_key').orderBy('filed_at').limit(limit)).map(fromRow)
    },
    ...headsIn(database),
    async find(search) {
      return (await wanted(rows(), search)).map(fromRow)
    },
    async findInstances(search) {
      const keys = await wanted(rows(), search).pluck('process_instance_key')
      return keys.filter((key) => key !== null)
    },
    ...recordsIn(database),
  }
}

function wanted(
  practices: Knex.QueryBuilder<PracticeRow, PracticeRow[]>,
  { words, processIds, limit, from }: Parameters<Practices['find']>[0],
) {
  const found = practices.whereIn('process_id', [...processIds]).whereNotNull('process_instance_key')
  if (words.length > 0) found.whereRaw('words @@ ?::tsquery', [prefixQuery(words)])
  return found.orderBy('filed_at', 'desc').limit(limit).offset(from)
}

/** Of practices under way: what the pages do not know yet. */
function headsIn(database: Knex): Pick<Practices, 'without' | 'learn'> {
  const rows = () => database<PracticeRow>('practice')
  return {
    async without(what, limit) {
      const unknown = rows().whereNull(what).whereNotNull('process_instance_key')
      return (await unknown.orderBy('filed_at', 'desc').limit(limit)).map(fromRow)
    },
    async learn(heads) {
      if (heads.length === 0) return
      const news = new Map(heads.map((head) => [head.id, head]))
      const known = await rows().whereIn('id', [...news.keys()])
      const learned = known.map((row) => {
        const { applicant = null, protocol = null } = news.get(row.id) ?? {}
        return { ...row, applicant: applicant ?? row.applicant, protocol: protocol ?? row.protocol }
      })
      await database.raw(
        `WITH mine AS (SELECT id FROM practice WHERE id = ANY (?::uuid[]) FOR UPDATE SKIP LOCKED)
         UPDATE practice SET applicant = nullif(new.applicant, ''), protocol = nullif(new.protocol, ''),
           words = array_to_tsvector(string_to_array(new.words, ' '))
         FROM mine JOIN unnest(?::uuid[], ?::text[], ?::text[], ?::text[]) AS new (id, applicant, protocol, words) USING (id)
         WHERE practice.id = mine.id`,
        [
          learned.map(({ id }) => id),
          learned.map(({ id }) => id),
          learned.map(({ applicant }) => applicant ?? ''),
          learned.map(({ protocol }) => protocol ?? ''),
          learned.map((row) => wordsOf(row).join(' ')),
        ],
      )
    },
  }
}

/** What was done to a practice, beside its row. */
function recordsIn(database: Knex): Pick<Practices, 'addDelegation' | 'delegationOf' | 'recordAccess' | 'accessesTo'> {
  return {
    async addDelegation(practice, { title, name, taxCode, identifiedBy, papers, recordedBy, at }) {
      const known = { tax_code: taxCode, identified_by: identifiedBy, recorded_by: recordedBy, papers: [...papers] }
      const row = { practice, title, name, at, ...known }
      await database('delegation').insert(row).onConflict('practice').ignore()
    },
    async delegationOf(practice) {
      const row = await database('delegation').where({ practice }).first()
      if (!row) return null
      const { title, name, at, papers } = row
      const [taxCode, identifiedBy, recordedBy] = [row.tax_code, row.identified_by, row.recorded_by]
      return { title, name, at, papers, taxCode, identifiedBy, recordedBy }
    },
    async recordAccess(access) {
      await database('access_log').insert({ ...access })
    },
    async accessesTo(practice) {
      const latest = database<Access & { readonly id: string }>('access_log').where({ practice })
      return (await latest.orderBy('id', 'desc').limit(ACCESSES_MAX)).toReversed()
    },
  }
}

const ACCESSES_MAX = 1_000

/** What somebody may type to find it. */
const wordsOf = (
  practice: Pick<Practice, 'owner' | 'applicant' | 'id'> & { protocol?: string | null },
): readonly string[] => {
  const { owner, applicant, protocol, id } = practice
  return [...new Set([owner, applicant, protocol, id.slice(0, 8)].flatMap((text) => wordsIn(text ?? '')))]
}
