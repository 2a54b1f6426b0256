/**
 * Durability in memory, for tests: the same port, with the faults a database has. What was appended outlives the engine that wrote it,
 * so that a second `open` is what the next start would find.
 */

import { JOB_WINDOW } from '../core/state/activatable-jobs.ts'
import type { Changes, TableChanges } from '../core/state/journal.ts'
import { SOME_ROWS, type Want } from '../core/state/miss.ts'
import type { ElementInstance, Job } from '../core/state/rows.ts'
import type { Loaded } from '../core/state/state.ts'
import { type AnyRow, lookups, residentTables, type TableName, type Tables } from '../core/state/tables.ts'
import type { BatchOperationItem } from '../protocol/batch-operations.ts'
import { GatewayError } from '../protocol/gateway.ts'
import type { Condition, Query } from '../protocol/query.ts'
import type { Instant, Key } from '../protocol/records.ts'
import { type BatchWrite, type Due, type Entry, type Opened, type Selection, type Store, StoreError } from './store.ts'

/**
 * What becomes of one append. `unknown`: it was written, and the answer was lost until the store has looked. `refused`: it will never
 * be written.
 */
export type Fate = 'written' | 'lost' | 'unknown' | 'refused'

export interface MemoryStoreOptions {
  readonly fate?: (batch: number, write: BatchWrite) => Fate
  /** Called after each batch that was written. */
  readonly written?: (batch: number) => void
}

const FIRST_KEY = 2 ** 51 + 1

export class MemoryStore implements Store {
  readonly #tables = new Map<TableName, Map<Key, AnyRow>>()
  readonly #entries: Entry[] = []
  readonly #options: MemoryStoreOptions
  #nextKey: Key = FIRST_KEY
  #epoch = 0
  #batches = 0

  constructor(options: MemoryStoreOptions = {}) {
    this.#options = options
  }

  /** The store as the next program opens it: same contents, no faults left over. */
  async open(): Promise<Opened> {
    this.#epoch++
    const rows = new Map([...residentTables].map((table) => [table, [...this.#rows(table).values()]] as const))
    return {
      nextKey: this.#nextKey,
      lastPosition: this.#entries.length,
      resident: { rows, answered: [], jobWindows: [] },
    }
  }
  /** The port for one program; a later one makes it fenced. */
  session(): Store {
    let epoch = 0
    return {
      open: async () => {
        const opened = await this.open()
        epoch = this.#epoch
        return opened
      },
      load: (wants) => this.load(wants),
      append: async (batch) => {
        if (epoch !== this.#epoch) throw new StoreError('fenced', 'another engine has taken over')
        return this.append(batch)
      },
      dueUntil: (horizon, limit) => this.dueUntil(horizon, limit),
      select: (selection) => this.select(selection),
      read: (after, limit) => this.read(after, limit),
      readInstance: (key) => this.readInstance(key),
      query: this.query,
      close: async () => {},
    }
  }

  #rows<T extends TableName>(table: T): Map<Key, Tables[T]> {
    const rows = this.#tables.get(table) ?? new Map<Key, AnyRow>()
    this.#tables.set(table, rows)
    return rows as Map<Key, Tables[T]>
  }

  async load(wants: readonly Want[]): Promise<Loaded> {
    const rows = new Map<TableName, AnyRow[]>()
    const jobWindows: Loaded['jobWindows'][number][] = []
    const found = (table: TableName, some: Iterable<AnyRow>) => rows.set(table, [...(rows.get(table) ?? []), ...some])
    for (const want of wants) {
      if (want.kind === 'row') {
        const row = this.#rows(want.table).get(want.key)
        if (row !== undefined) found(want.table, [row])
      } else if (want.kind === 'lookup' || want.kind === 'some') {
        const { table, of } = lookups[want.lookup] as { table: TableName; of(row: AnyRow): string | number | null }
        found(
          table,
          this.#rows(table)
            .values()
            .filter((row) => of(row) === want.at)
            .take(want.kind === 'some' ? SOME_ROWS : Number.POSITIVE_INFINITY),
        )
      } else {
        const jobs = this.#activatable(want.tenantId, want.type).filter(({ key }) => key > want.above)
        found('job', jobs.slice(0, JOB_WINDOW))
        const upTo = jobs.length > JOB_WINDOW ? jobs[JOB_WINDOW - 1]!.key : Number.POSITIVE_INFINITY
        jobWindows.push({ tenantId: want.tenantId, type: want.type, upTo })
      }
    }
    return { rows, answered: wants, jobWindows }
  }
  #activatable(tenantId: string, type: string): readonly Job[] {
    const matching = this.#rows('job')
      .values()
      .filter((job) => job.state === 'ACTIVATABLE' && job.type === type && job.tenantId === tenantId)
    return [...matching].sort((one, other) => one.key - other.key)
  }

  async append(write: BatchWrite): Promise<void> {
    const { entries, changes, nextKey } = write
    const batch = this.#batches++
    const fate = this.#options.fate?.(batch, write) ?? 'written'
    if (fate === 'refused') throw new StoreError('refused', 'the store refuses the data')
    if (fate === 'lost') throw new StoreError('unavailable', 'the store is away')
    if (entries[0] !== undefined && entries[0].position !== this.#entries.length + 1) {
      throw new StoreError('unavailable', 'a batch before this one was lost')
    }
    this.#entries.push(...entries)
    this.#nextKey = nextKey
    this.#apply(changes)
    this.#options.written?.(batch)
    if (fate === 'unknown') await this.load([])
  }
  #apply(changes: Changes): void {
    for (const [table, of] of Object.entries(changes) as [TableName, TableChanges<AnyRow>][]) {
      const rows = this.#rows(table) as Map<Key, AnyRow>
      for (const row of [...of.inserted, ...of.updated]) rows.set(row.key, row)
      for (const key of of.deleted) rows.delete(key)
    }
  }

  async dueUntil(horizon: Instant, limit: number): Promise<readonly Due[]> {
    const due: Due[] = []
    for (const { key, dueDate } of this.#rows('timer').values())
      if (dueDate >= 0) due.push({ kind: 'timer', key, at: dueDate })
    for (const { key, state } of this.#rows('suspension').values())
      if (state === 'RESUMING') due.push({ kind: 'release', key, at: 0 })
    for (const { key, batch } of this.#rows('elementInstance').values())
      if (batch !== '') due.push({ kind: batch === 'ACTIVATE' ? 'activateBatch' : 'terminateBatch', key, at: 0 })
    for (const { key, state } of this.#rows('batchOperation').values())
      if (state === 'ACTIVE' || state === 'CANCELED' || state === 'FAILED')
        due.push({ kind: 'batchOperation', key, at: 0 })
    for (const { key, deadline } of this.#rows('message').values()) due.push({ kind: 'message', key, at: deadline })
    for (const { key, state, deadline, recurringTime } of this.#rows('job').values()) {
      if (state === 'ACTIVATED') due.push({ kind: 'jobDeadline', key, at: deadline })
      if (recurringTime >= 0) due.push({ kind: 'jobBackoff', key, at: recurringTime })
    }
    return due
      .filter(({ at }) => at <= horizon)
      .sort((one, other) => one.at - other.at)
      .slice(0, limit)
  }

  async select({ of, conditions, after, before, limit }: Selection): Promise<readonly BatchOperationItem[]> {
    const instances = new Map(
      this.#rows('elementInstance')
        .values()
        .filter((row) => row.bpmnElementType === 'PROCESS' && conditions.filter.every((one) => meets(row, one)))
        .map(({ key }) => [key, { itemKey: key, processInstanceKey: key }]),
    )
    const incidents = this.#rows('incident')
      .values()
      .filter((incident) => instances.has(incident.processInstanceKey))
      .map(({ key, processInstanceKey }) => ({ itemKey: key, processInstanceKey }))
    return [...(of === 'incidents' ? incidents : instances.values())]
      .filter(({ itemKey }) => itemKey > after && itemKey < before)
      .sort((one, other) => one.itemKey - other.itemKey)
      .slice(0, limit)
  }

  async read(after: number, limit: number): Promise<readonly Entry[]> {
    const from = Math.max(after, 0)
    return this.#entries.slice(from, from + limit)
  }
  async readInstance(processInstanceKey: Key): Promise<readonly Entry[]> {
    return this.#entries.filter((entry) => entry.processInstanceKey === processInstanceKey)
  }
  /** Hot rows of a table. */
  rows<T extends TableName>(table: T): readonly Tables[T][] {
    return [...this.#rows(table).values()]
  }

  readonly query: Query = noSearch
  async close(): Promise<void> {}
}

/** The few conditions that tests ask of open instances. */
function meets(row: ElementInstance, { field, operator, value }: Condition): boolean {
  const is = {
    state: 'ACTIVE',
    processInstanceKey: String(row.key),
    processDefinitionKey: String(row.processDefinitionKey),
    parentProcessInstanceKey: row.parentProcessInstanceKey > 0 ? String(row.parentProcessInstanceKey) : null,
  }[field]
  if (is === undefined) throw new GatewayError('INVALID_ARGUMENT', `The store in memory has no field '${field}'`)
  if (operator === '$exists') return (is !== null) === value
  if (operator === '$eq') return is === value
  throw new GatewayError('INVALID_ARGUMENT', `The store in memory has no operator '${operator}'`)
}

const searches = async (): Promise<never> => {
  throw new Error('The store in memory has no search')
}
const noSearch: Query = {
  search: searches,
  get: searches,
  resourceText: searches,
  form: searches,
  userTaskVariables: searches,
  sequenceFlows: searches,
  elementStatistics: searches,
}
