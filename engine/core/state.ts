/**
 * The engine's memory: every table in one file. Rows are immutable; a change puts a new row, and the journal keeps the old one.
 *
 * Owns: rows, indexes, the undo journal, the key counter, what is resident. Does not own: deciding (commands, elements),
 * writing (appliers call `put` and `remove`, nobody else), durability (the store takes `changes()`).
 *
 * Invariants
 * S1 Rows are never mutated: a row handed to the store or a notice stays as it was.
 * S2 Of everything whose key was given out since memory began, memory knows all: it never asks the store for such a row, nor for the
 *    rows under such a key, and takes none from it. Of what is older it knows what it was told.
 * S3 `undo` restores rows, indexes and the key counter to the mark, whatever happened in between.
 */
import type {
  BpmnElementType,
  DecisionMetadata,
  DecisionRequirementsMetadata,
  ErrorType,
  FormMetadata,
  Instant,
  JobKind,
  JobListenerEventType,
  Json,
  Key,
  ProcessMetadata,
  UserTaskValue,
} from '../protocol/records.ts'

export type ElementState = 'ACTIVATING' | 'ACTIVATED' | 'COMPLETING' | 'COMPLETED' | 'TERMINATING' | 'TERMINATED'

/** An event that has happened to a scope and has not been taken up yet. */
export interface Trigger {
  readonly key: Key
  readonly targetElementId: string
  readonly variables: Json
}

/** An element instance; the process instance itself is the one of type PROCESS (key = processInstanceKey). */
export interface ElementInstance {
  readonly key: Key
  readonly tenantId: string
  readonly processInstanceKey: Key
  readonly rootProcessInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly elementId: string
  readonly bpmnElementType: BpmnElementType
  readonly state: ElementState
  readonly flowScopeKey: Key
  /** Of a called process: the calling instance and call activity. */
  readonly parentProcessInstanceKey: Key
  readonly parentElementInstanceKey: Key
  /** Of a call activity: the called process instance. */
  readonly calledProcessInstanceKey: Key
  readonly childCount: number
  /** Flows on their way into a child, by flow id; those that wait before a join stay here. */
  readonly takenFlows: Readonly<Record<string, number>>
  /** The terminate end event, or the start event of the event sub-process, that has interrupted this scope; '' when none has. */
  readonly interruptingElementId: string
  readonly triggers: readonly Trigger[]
  /** Of an ad-hoc sub-process: its worker has said that it is done. */
  readonly isFulfilled: boolean
  /** Of a multi-instance body: children begun so far. Of a child: which it is, from 1. Else 0. */
  readonly loopCounter: number
  /** Of a multi-instance body. */
  readonly completedChildren: number
  /** What a later turn goes on to do with the children; '' when nothing is left. */
  readonly batch: '' | 'ACTIVATE' | 'TERMINATE'
  readonly jobKey: Key
  readonly userTaskKey: Key
  readonly startedAt: Instant
  readonly endedAt: Instant
  /** PROCESS only: ids of all flows ever taken in the instance, each once. */
  readonly sequenceFlows: readonly string[]
  readonly tags: readonly string[]
  /** PROCESS only: terminate once one of these has completed. */
  readonly terminateAfter: readonly string[]
  /** PROCESS only: someone waits for the result, wanting these variables ([] = all); null when nobody does. */
  readonly awaitsResult: readonly string[] | null
}

export interface Variable {
  readonly key: Key
  readonly tenantId: string
  readonly scopeKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly name: string
  /** Null: a list in parts, which are found under this row's key (lists.ts). */
  readonly value: Json | null
}

/** A part of a list (lists.ts). */
export interface ListPart {
  readonly key: Key
  readonly tenantId: string
  /** The multi-instance body whose input, or the variable whose value the list is. */
  readonly listKey: Key
  /** Each item as JSON text. */
  readonly items: readonly Json[]
}

export type JobState = 'ACTIVATABLE' | 'ACTIVATED' | 'FAILED' | 'ERROR_THROWN' | 'COMPLETED' | 'CANCELED'
export interface Job {
  readonly key: Key
  readonly tenantId: string
  readonly state: JobState
  readonly type: string
  readonly retries: number
  readonly worker: string
  /** -1 while not activated. */
  readonly deadline: Instant
  /** Back-off ends here; -1 when not backing off. */
  readonly recurringTime: Instant
  readonly retryBackoff: number
  readonly customHeaders: Readonly<Record<string, string>>
  readonly errorMessage: string
  readonly errorCode: string
  /** What a task listener has answered. */
  readonly isDenied: boolean
  readonly deniedReason: string
  readonly jobKind: JobKind
  readonly jobListenerEventType: JobListenerEventType
  /** Its place among the listeners of the event, from 0; 0 for other jobs. */
  readonly listenerIndex: number
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly tags: readonly string[]
  readonly createdAt: Instant
  readonly endedAt: Instant
}

export type OpenTaskState = 'CREATING' | 'CREATED' | 'ASSIGNING' | 'CLAIMING' | 'UPDATING' | 'COMPLETING' | 'CANCELING'
export type UserTaskState = OpenTaskState | 'COMPLETED' | 'CANCELED'
/** What people and listeners may change of a user task, in the order in which records name it. */
export const taskAttributes = [
  'assignee',
  'candidateGroupsList',
  'candidateUsersList',
  'dueDate',
  'followUpDate',
  'priority',
] as const
/** What a user task shall become once the listeners of the transition under way are done. */
export type TaskTransition = Partial<
  Pick<
    UserTaskValue,
    | (typeof taskAttributes)[number]
    | 'action'
    | 'variables'
    | 'changedAttributes'
    | 'updateSemantics'
    | 'variableDocumentKey'
  >
> & {
  /** Of a task that is being created: the assignee of the model. */
  readonly initialAssignee?: string
}
export interface UserTask {
  readonly key: Key
  readonly tenantId: string
  readonly state: UserTaskState
  readonly assignee: string
  readonly candidateGroupsList: readonly string[]
  readonly candidateUsersList: readonly string[]
  readonly dueDate: string
  readonly followUpDate: string
  readonly priority: number
  readonly formKey: Key
  readonly externalFormReference: string
  readonly customHeaders: Readonly<Record<string, string>>
  readonly action: string
  /** {} while the task is CREATED. */
  readonly transition: TaskTransition
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly creationTimestamp: Instant
  readonly endedAt: Instant
}

export interface Incident {
  readonly key: Key
  readonly tenantId: string
  readonly state: 'ACTIVE' | 'RESOLVED'
  readonly errorType: ErrorType
  readonly errorMessage: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly jobKey: Key
  readonly createdAt: Instant
  readonly endedAt: Instant
}

/** `elementInstanceKey` is -1 for start timers of a definition. */
export interface Timer {
  readonly key: Key
  readonly tenantId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly targetElementId: string
  readonly dueDate: Instant
  /** -1 = endless. */
  readonly repetitions: number
}

/** Both sides of a message subscription in one row: there is one partition, so they live and die together. */
export interface Subscription {
  readonly key: Key
  readonly tenantId: string
  readonly state: 'CREATING' | 'CREATED' | 'CORRELATING' | 'DELETING'
  /** The message side is open (MESSAGE_SUBSCRIPTION CREATED); its own key. */
  readonly messageSubscriptionKey: Key
  readonly messageName: string
  readonly correlationKey: string
  readonly interrupting: boolean
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
  /** The message being correlated; -1 when none. */
  readonly messageKey: Key
  readonly createdAt: Instant
}

export interface Message {
  readonly key: Key
  readonly tenantId: string
  readonly name: string
  readonly correlationKey: string
  readonly messageId: string
  readonly timeToLive: number
  readonly deadline: Instant
  readonly variables: Json
  /** Ids of the processes that have taken it. */
  readonly correlatedTo: readonly string[]
}

export interface MessageStart {
  readonly key: Key
  readonly tenantId: string
  readonly messageName: string
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
  readonly startEventId: string
}

/** Who hears a signal: an element instance that waits or, with `catchEventInstanceKey` -1, a start event of the definition. */
export interface SignalSubscription {
  readonly key: Key
  readonly tenantId: string
  readonly signalName: string
  readonly catchEventId: string
  readonly catchEventInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
}

/** A completed activity that can be undone, or a completed sub-process with such activities in it (`compensationHandlerId` ''). */
export interface CompensationSubscription {
  readonly key: Key
  readonly tenantId: string
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly compensableActivityId: string
  readonly compensableActivityInstanceKey: Key
  readonly compensableActivityScopeKey: Key
  readonly compensationHandlerId: string
  readonly compensationHandlerInstanceKey: Key
  /** '' until compensation is thrown. */
  readonly throwEventId: string
  readonly throwEventInstanceKey: Key
}

/** A running instance that was started by a message with a correlation key: no second one for the same key. Key = the instance's. */
export interface StartLock {
  readonly key: Key
  readonly tenantId: string
  readonly bpmnProcessId: string
  readonly messageName: string
  readonly correlationKey: string
}

interface Deployed {
  readonly key: Key
  /** A deleted definition keeps its row, so that its number is not used again and its history stays readable. */
  readonly deleted: boolean
}
export type ProcessDefinition = ProcessMetadata &
  Deployed & {
    readonly name: string
    /** Names of the elements that have one, by element id; what searches show beside the id. */
    readonly elementNames: Readonly<Record<string, string>>
    /** The form linked to the none start event; '' when there is none. */
    readonly startFormId: string
    readonly createdAt: Instant
  }
export type Decision = DecisionMetadata & Deployed
export type DecisionRequirements = DecisionRequirementsMetadata & Deployed
export type Form = FormMetadata & Deployed
/** The text of a deployed resource, by the key of its definition. */
export interface Resource {
  readonly key: Key
  readonly tenantId: string
  readonly text: string
}

export interface Tables {
  elementInstance: ElementInstance
  variable: Variable
  listPart: ListPart
  job: Job
  userTask: UserTask
  incident: Incident
  timer: Timer
  subscription: Subscription
  message: Message
  messageStart: MessageStart
  signalSubscription: SignalSubscription
  compensationSubscription: CompensationSubscription
  startLock: StartLock
  processDefinition: ProcessDefinition
  decision: Decision
  decisionRequirements: DecisionRequirements
  form: Form
  resource: Resource
}
export type TableName = keyof Tables
export type AnyRow = Tables[TableName]

const text = (...parts: readonly (string | number)[]) => parts.join('\u0000')

/**
 * Named lookups. Each maps a row to the text or key under which it is found, or to null when it is not to be found at all.
 */
export const lookups = {
  childrenOf: {
    table: 'elementInstance',
    of: (r: ElementInstance) => (r.flowScopeKey > 0 ? r.flowScopeKey : null),
  },
  variablesOf: { table: 'variable', of: (r: Variable) => r.scopeKey },
  partsOf: { table: 'listPart', of: (r: ListPart) => r.listKey },
  timersOf: {
    table: 'timer',
    of: (r: Timer) => (r.elementInstanceKey > 0 ? r.elementInstanceKey : r.processDefinitionKey),
  },
  incidentsOf: { table: 'incident', of: (r: Incident) => r.elementInstanceKey },
  subscriptionsOf: { table: 'subscription', of: (r: Subscription) => r.elementInstanceKey },
  subscriptionsFor: {
    table: 'subscription',
    of: (r: Subscription) =>
      r.messageSubscriptionKey > 0 && r.state !== 'DELETING' ? text(r.tenantId, r.messageName, r.correlationKey) : null,
  },
  messagesFor: { table: 'message', of: (r: Message) => text(r.tenantId, r.name, r.correlationKey) },
  messagesWithId: {
    table: 'message',
    of: (r: Message) => (r.messageId === '' ? null : text(r.tenantId, r.name, r.correlationKey, r.messageId)),
  },
  locksFor: {
    table: 'startLock',
    of: (r: StartLock) => text(r.tenantId, r.bpmnProcessId, r.correlationKey),
  },
  instancesOf: {
    table: 'elementInstance',
    of: (r: ElementInstance) => (r.bpmnElementType === 'PROCESS' ? r.processDefinitionKey : null),
  },
  signalSubscriptionsOf: {
    table: 'signalSubscription',
    of: (r: SignalSubscription) => (r.catchEventInstanceKey > 0 ? r.catchEventInstanceKey : r.processDefinitionKey),
  },
  signalSubscriptionsFor: {
    table: 'signalSubscription',
    of: (r: SignalSubscription) => text(r.tenantId, r.signalName),
  },
  compensationsOf: {
    table: 'compensationSubscription',
    of: (r: CompensationSubscription) => r.processInstanceKey,
  },
  messageStartsFor: { table: 'messageStart', of: (r: MessageStart) => text(r.tenantId, r.messageName) },
  messageStartsOf: { table: 'messageStart', of: (r: MessageStart) => r.processDefinitionKey },
  processesWithId: {
    table: 'processDefinition',
    of: (r: ProcessDefinition) => text(r.tenantId, r.bpmnProcessId),
  },
  decisionsWithId: { table: 'decision', of: (r: Decision) => text(r.tenantId, r.decisionId) },
  decisionsOf: { table: 'decision', of: (r: Decision) => r.decisionRequirementsKey },
  requirementsWithId: {
    table: 'decisionRequirements',
    of: (r: DecisionRequirements) => text(r.tenantId, r.decisionRequirementsId),
  },
  requirementsWithNamespace: {
    table: 'decisionRequirements',
    of: (r: DecisionRequirements) => text(r.tenantId, r.namespace),
  },
  formsWithId: { table: 'form', of: (r: Form) => text(r.tenantId, r.formId) },
} as const
export type LookupName = keyof typeof lookups
export type RowOf<L extends LookupName> = Tables[(typeof lookups)[L]['table']]

/** Tables that are loaded whole when the engine opens: they are small and everything leans on them. */
export const residentTables: ReadonlySet<TableName> = new Set<TableName>([
  'processDefinition',
  'decision',
  'decisionRequirements',
  'form',
  'messageStart',
])

/** What a command needed and memory does not hold: the loop loads it and runs the command again. */
export type Want =
  | { readonly kind: 'row'; readonly table: TableName; readonly key: Key }
  | { readonly kind: 'lookup'; readonly lookup: LookupName; readonly at: string | number }
  /** A window of the activatable jobs with keys above. */
  | { readonly kind: 'jobs'; readonly tenantId: string; readonly type: string; readonly above: Key }
export class Miss {
  readonly wants: readonly Want[]
  constructor(...wants: readonly Want[]) {
    this.wants = wants
  }
}
/** Reads of which none needs another's answer: what all of them miss is one miss. */
export function together<T>(reads: readonly (() => T)[]): readonly T[] {
  const results: T[] = []
  const wants: Want[] = []
  for (const read of reads) {
    try {
      results.push(read())
    } catch (thrown) {
      if (!(thrown instanceof Miss)) throw thrown
      wants.push(...thrown.wants)
    }
  }
  if (wants.length > 0) throw new Miss(...wants)
  return results
}

/** The net effect of a batch on one table. */
export interface TableChanges<R> {
  readonly inserted: readonly R[]
  readonly updated: readonly R[]
  readonly deleted: readonly Key[]
  /** Final rows of what ended; those that were also born in the batch never had a hot row. */
  readonly ended: readonly R[]
}
export type Changes = { readonly [T in TableName]?: TableChanges<Tables[T]> }

interface Entry {
  readonly table: TableName
  readonly key: Key
  readonly before: AnyRow | undefined
  readonly final: AnyRow | undefined
}
export interface Mark {
  readonly length: number
  readonly nextKey: Key
}

type Place = string | number

/** Rows in the order of their keys, however they came and went: an undo brings them back later than they were born. */
class Ordered<R extends { readonly key: Key }> {
  #rows = new Map<Key, R>()
  #highest: Key = Number.NEGATIVE_INFINITY
  #isSorted = true

  get rows(): ReadonlyMap<Key, R> {
    if (!this.#isSorted) {
      this.#rows = new Map([...this.#rows].sort(([one], [other]) => one - other))
      this.#isSorted = true
    }
    return this.#rows
  }
  put(row: R): void {
    if (row.key > this.#highest) this.#highest = row.key
    else if (!this.#rows.has(row.key)) this.#isSorted = false
    this.#rows.set(row.key, row)
  }
  /** Answers whether rows are left. */
  remove(key: Key): boolean {
    this.#rows.delete(key)
    return this.#rows.size > 0
  }
}

/** One lookup's sets. A set may be partial; `complete` says where it is not. */
class Index<R extends { readonly key: Key }> {
  readonly #lookup: { of(row: R): Place | null }
  readonly #sets = new Map<Place, Ordered<R>>()
  readonly #complete = new Set<Place>()
  constructor(lookup: { of(row: R): Place | null }) {
    this.#lookup = lookup
  }
  at(place: Place): ReadonlyMap<Key, R> {
    return this.#sets.get(place)?.rows ?? none
  }
  isComplete(place: Place): boolean {
    return this.#complete.has(place)
  }
  get completeCount(): number {
    return this.#complete.size
  }
  clear(): void {
    this.#sets.clear()
    this.#complete.clear()
  }
  /** The store has answered for this place. */
  complete(place: Place): void {
    this.#complete.add(place)
  }
  move(before: R | undefined, after: R | undefined): void {
    const from = before === undefined ? null : this.#lookup.of(before)
    const to = after === undefined ? null : this.#lookup.of(after)
    if (from !== null && from !== to && this.#sets.get(from)?.remove(before!.key) === false) this.#sets.delete(from)
    if (to === null) return
    const set = this.#sets.get(to) ?? new Ordered<R>()
    this.#sets.set(to, set)
    set.put(after!)
  }
}
const none: ReadonlyMap<Key, never> = new Map<Key, never>()

type Rows = { readonly [T in TableName]: Map<Key, Tables[T]> }
type Absent = { readonly [T in TableName]: Set<Key> }
type IndexesOf = { readonly [T in TableName]: readonly Index<Tables[T]>[] }
type Indexes = { readonly [L in LookupName]: Index<RowOf<L>> }
const lookupNames = Object.keys(lookups) as LookupName[]
const tableNames: readonly TableName[] = [
  'elementInstance',
  'variable',
  'listPart',
  'job',
  'userTask',
  'incident',
  'timer',
  'subscription',
  'message',
  'messageStart',
  'signalSubscription',
  'compensationSubscription',
  'startLock',
  'processDefinition',
  'decision',
  'decisionRequirements',
  'form',
  'resource',
]

export class State {
  /** True when all rows are in memory, so that nothing is ever missing (the in-memory store, and replay). */
  readonly #whole: boolean
  readonly #rows: Rows
  readonly #indexes: Indexes
  readonly #indexesOf: IndexesOf
  /** S2: keys from here on were given out by this memory. */
  #youngFrom: Key
  /** Older keys that the store does not have, or that it still has because the batch that removed them has not committed. */
  readonly #absent: Absent
  readonly activatable: ActivatableJobs
  #journal: Entry[] = []
  #nextKey: Key

  constructor(options: { readonly firstKey: Key; readonly whole: boolean }) {
    this.#whole = options.whole
    this.#nextKey = options.firstKey
    this.#youngFrom = options.firstKey
    this.activatable = new ActivatableJobs(options.whole)
    this.#rows = Object.fromEntries(tableNames.map((name) => [name, new Map()])) as Rows
    this.#absent = Object.fromEntries(tableNames.map((name) => [name, new Set()])) as Absent
    this.#indexes = Object.fromEntries(lookupNames.map((name) => [name, new Index<AnyRow>(lookups[name])])) as Indexes
    const indexesOf = (table: TableName): readonly Index<AnyRow>[] =>
      lookupNames.filter((name) => lookups[name].table === table).map((name) => this.#indexes[name])
    this.#indexesOf = Object.fromEntries(tableNames.map((table) => [table, indexesOf(table)])) as IndexesOf
  }

  get nextKey(): Key {
    return this.#nextKey
  }
  takeKey(): Key {
    const key = this.#nextKey
    this.#nextKey = key + 1
    return key
  }
  /** Replay takes keys from records: the counter follows. */
  seenKey(key: Key): void {
    if (key >= this.#nextKey) this.#nextKey = key + 1
  }

  get<T extends TableName>(table: T, key: Key): Tables[T] | undefined {
    const row = this.#rows[table].get(key)
    if (row !== undefined || this.#knows(table, key)) return row
    throw new Miss({ kind: 'row', table, key })
  }

  /** All rows under that place, in the order of their keys. */
  find<L extends LookupName>(lookup: L, ...at: readonly Place[]): ReadonlyMap<Key, RowOf<L>> {
    const place = at.length === 1 ? at[0]! : text(...at)
    if (!this.#isComplete(lookup, place)) throw new Miss({ kind: 'lookup', lookup, at: place })
    return this.#indexes[lookup].at(place)
  }
  /** The store could say no more of that key than memory does. */
  #knows(table: TableName, key: Key): boolean {
    return this.#whole || key < 0 || key >= this.#youngFrom || residentTables.has(table) || this.#absent[table].has(key)
  }
  #isComplete(lookup: LookupName, place: Place): boolean {
    if (this.#whole || residentTables.has(lookups[lookup].table)) return true
    return (typeof place === 'number' && place >= this.#youngFrom) || this.#indexes[lookup].isComplete(place)
  }

  put<T extends TableName>(table: T, row: Tables[T]): void {
    const before = this.#set(table, row.key, row)
    this.#journal.push({ table, key: row.key, before, final: undefined })
  }

  /** Ends a row. `final` is what history keeps of it; without it nothing is kept. */
  remove<T extends TableName>(table: T, key: Key, final?: Tables[T]): void {
    const before = this.#set(table, key, undefined)
    if (key < this.#youngFrom && !this.#whole) this.#absent[table].add(key)
    this.#journal.push({ table, key, before, final })
  }

  #set<T extends TableName>(table: T, key: Key, row: Tables[T] | undefined): Tables[T] | undefined {
    const rows: Map<Key, Tables[T]> = this.#rows[table]
    const before = rows.get(key)
    if (row === undefined) rows.delete(key)
    else rows.set(key, row)
    for (const index of this.#indexesOf[table]) index.move(before, row)
    if (table === 'job') this.activatable.observe(before as Job | undefined, row as Job | undefined)
    return before
  }

  mark(): Mark {
    return { length: this.#journal.length, nextKey: this.#nextKey }
  }
  /** Takes back everything since the mark. */
  undo(mark: Mark): void {
    for (let i = this.#journal.length - 1; i >= mark.length; i--) {
      const { table, key, before } = this.#journal[i]!
      this.#set(table, key, before as never)
      if (before !== undefined) this.#absent[table].delete(key)
    }
    this.#journal.length = mark.length
    this.#nextKey = mark.nextKey
  }
  /** Cuts the journal: what was written so far is a batch of its own, to be taken back by `restore` or closed by `settle`. */
  cut(): Batch {
    const entries = this.#journal
    this.#journal = []
    return new Batch(entries, (table, key) => this.#rows[table].get(key))
  }
  /** Takes back a batch whose commit failed; later batches must have been taken back before. */
  restore(batch: Batch): void {
    this.#journal = [...batch.entries]
    this.undo({ length: 0, nextKey: this.#nextKey })
  }
  /** The batch has committed: the store answers for what it removed, so memory forgets it. */
  settle(batch: Batch): void {
    for (const { table, key } of batch.entries) {
      if (this.#rows[table].has(key)) continue
      this.#absent[table].delete(key)
    }
  }

  /** Adds what the store answered. Wants that had no row are known to be absent from now on. */
  load(loaded: Loaded): void {
    for (const { tenantId, type, upTo } of loaded.jobWindows) this.activatable.windowLoaded(tenantId, type, upTo)
    for (const [table, rows] of loaded.rows) {
      for (const row of rows)
        if (row.key < this.#youngFrom && !this.#rows[table].has(row.key) && !this.#absent[table].has(row.key))
          this.#set(table, row.key, row as never)
    }
    for (const want of loaded.answered) {
      if (want.kind === 'lookup') this.#indexes[want.lookup].complete(want.at)
      if (want.kind === 'row' && !this.#rows[want.table].has(want.key)) this.#absent[want.table].add(want.key)
    }
  }

  /** What memory holds beside the resident tables: rows, and places known to be complete. */
  get residentRows(): number {
    let count = 0
    for (const table of tableNames)
      if (!residentTables.has(table)) count += this.#rows[table].size + this.#absent[table].size
    for (const name of lookupNames) count += this.#indexes[name].completeCount
    return count
  }
  /** Memory starts afresh: everything but the resident tables is loaded again when it is needed. Nothing may be uncommitted. */
  forget(): void {
    for (const table of tableNames) {
      if (residentTables.has(table)) continue
      this.#rows[table].clear()
      this.#absent[table].clear()
    }
    for (const name of lookupNames) if (!residentTables.has(lookups[name].table)) this.#indexes[name].clear()
    this.#youngFrom = this.#nextKey
    this.activatable.clear()
  }

  /** Every row of a table that is in memory. For tests and for the in-memory store. */
  rows<T extends TableName>(table: T): IterableIterator<Tables[T]> {
    return this.#rows[table].values()
  }
}

export interface Loaded {
  readonly rows: ReadonlyMap<TableName, readonly AnyRow[]>
  readonly answered: readonly Want[]
  /** For a `jobs` want: all activatable jobs above it with keys up to `upTo` are among the rows (Infinity: all there are). */
  readonly jobWindows: readonly { readonly tenantId: string; readonly type: string; readonly upTo: Key }[]
}

/** A batch's share of the journal. */
export class Batch {
  readonly entries: readonly Entry[]
  readonly changes: Changes
  constructor(entries: readonly Entry[], current: (table: TableName, key: Key) => AnyRow | undefined) {
    this.entries = entries
    this.changes = netEffect(entries, current)
  }
}

function netEffect(entries: readonly Entry[], current: (table: TableName, key: Key) => AnyRow | undefined): Changes {
  const seen = new Map<TableName, Map<Key, { before: AnyRow | undefined; final: AnyRow | undefined }>>()
  for (const { table, key, before, final } of entries) {
    const rows = seen.get(table) ?? new Map<Key, { before: AnyRow | undefined; final: AnyRow | undefined }>()
    seen.set(table, rows)
    const known = rows.get(key)
    if (known === undefined) rows.set(key, { before, final })
    else known.final = final ?? known.final
  }
  const changes: Partial<Record<TableName, TableChanges<AnyRow>>> = {}
  for (const [table, rows] of seen) {
    const net = { inserted: [] as AnyRow[], updated: [] as AnyRow[], deleted: [] as Key[], ended: [] as AnyRow[] }
    for (const [key, { before, final }] of rows) {
      const after = current(table, key)
      if (after !== undefined) (before === undefined ? net.inserted : net.updated).push(after)
      else if (before !== undefined) net.deleted.push(key)
      if (after === undefined && final !== undefined) net.ended.push(final)
    }
    changes[table] = net
  }
  return changes as Changes
}

/** So many activatable jobs of a type the store answers at once. */
export const JOB_WINDOW = 1_000

/**
 * Activatable jobs by tenant and type, oldest key first. `keys` holds all up to `upTo`, of memory and store alike; `beyond` those
 * of memory alone that lie above it, where the store may have more between them.
 */
export class ActivatableJobs {
  readonly #queues = new Map<string, { keys: Key[]; beyond: Key[]; upTo: Key }>()
  readonly #whole: boolean
  constructor(whole: boolean) {
    this.#whole = whole
  }

  #queue(tenantId: string, type: string) {
    const name = text(tenantId, type)
    let queue = this.#queues.get(name)
    if (queue === undefined) {
      queue = { keys: [], beyond: [], upTo: this.#whole ? Number.POSITIVE_INFINITY : -1 }
      this.#queues.set(name, queue)
    }
    return queue
  }
  observe(before: Job | undefined, after: Job | undefined): void {
    const was = before?.state === 'ACTIVATABLE'
    const is = after?.state === 'ACTIVATABLE'
    if (was === is) return
    const { key, tenantId, type } = (is ? after : before)!
    const queue = this.#queue(tenantId, type)
    const keys = key <= queue.upTo ? queue.keys : queue.beyond
    if (is) insertSorted(keys, key)
    else removeSorted(keys, key)
  }
  clear(): void {
    this.#queues.clear()
  }
  /** Up to `limit` keys (at most a window of them), oldest first. Throws a Miss when the window holds fewer and the store may have more. */
  oldest(tenantId: string, type: string, limit: number): readonly Key[] {
    const queue = this.#queue(tenantId, type)
    if (queue.keys.length < Math.min(limit, JOB_WINDOW) && queue.upTo !== Number.POSITIVE_INFINITY)
      throw new Miss({ kind: 'jobs', tenantId, type, above: queue.upTo })
    return queue.keys.slice(0, Math.min(limit, JOB_WINDOW))
  }
  windowLoaded(tenantId: string, type: string, upTo: Key): void {
    const queue = this.#queue(tenantId, type)
    queue.upTo = upTo
    const within = slot(queue.beyond, upTo + 1)
    for (const key of queue.beyond.splice(0, within)) insertSorted(queue.keys, key)
  }
}

function slot(keys: readonly Key[], key: Key): number {
  if (keys.length === 0 || keys[keys.length - 1]! < key) return keys.length
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
function insertSorted(keys: Key[], key: Key): void {
  const at = slot(keys, key)
  if (keys[at] !== key) keys.splice(at, 0, key)
}
function removeSorted(keys: Key[], key: Key): void {
  const at = slot(keys, key)
  if (keys[at] === key) keys.splice(at, 1)
}
