/**
 * Whose practice is which process instance. Owns rows of `practice` and of `access_log`. Does not own state or outcome: the engine does.
 */
import type { Knex } from 'knex'

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
}

interface PracticeRow {
  readonly id: string
  readonly process_id: string
  readonly channel: Practice['channel']
  readonly owner: string | null
  readonly filed_by: string
  readonly filed_at: Date
  readonly process_instance_key: string | null
}

const fromRow = (row: PracticeRow): Practice => ({
  id: row.id,
  processId: row.process_id,
  channel: row.channel,
  owner: row.owner,
  filedBy: row.filed_by,
  filedAt: row.filed_at,
  processInstanceKey: row.process_instance_key,
})

export type AccessAction = 'read' | 'download' | 'withdraw' | 'observe' | 'file' | 'claim' | 'unclaim' | 'complete'

export interface Practices {
  /** Adds the practice unless its id is known; resolves with the row that stands. */
  add(practice: Omit<Practice, 'processInstanceKey'>): Promise<Practice>
  start(id: string, processInstanceKey: string): Promise<void>
  byId(id: string): Promise<Practice | null>
  byProcessInstance(processInstanceKey: string): Promise<Practice | null>
  byProcessInstances(keys: readonly string[]): Promise<readonly Practice[]>
  /** Those that have their instance, newest first. */
  ownedBy(taxCode: string, limit: number, from: number): Promise<readonly Practice[]>
  /** Those whose filing was cut off before the key of their instance was written. */
  withoutInstance(limit: number): Promise<readonly Practice[]>
  /** Newest first. */
  ofProcesses(processIds: readonly string[], limit: number, from: number): Promise<readonly Practice[]>
  recordAccess(access: {
    readonly at: Date
    readonly person: string
    readonly action: AccessAction
    readonly practice: string
  }): Promise<void>
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
      }
      await rows().insert(row).onConflict('id').ignore()
      return fromRow((await rows().where({ id }).first())!)
    },
    async start(id, processInstanceKey) {
      await rows().where({ id }).update({ process_instance_key: processInstanceKey })
    },
    byId: (id) => found({ id }),
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
    async ofProcesses(processIds, limit, from) {
      return (
        await rows()
          .whereIn('process_id', [...processIds])
          .orderBy('filed_at', 'desc')
          .limit(limit)
          .offset(from)
      ).map(fromRow)
    },
    async recordAccess(access) {
      await database('access_log').insert({ ...access })
    },
  }
}
