/**
 * What a processor may do: read the state, emit events (which change it at once), follow up with commands, leave notices.
 *
 * Owns: the turn, i.e. everything one client command leads to until nothing follows. Does not own: deciding.
 *
 * Invariants
 * E2 Only appliers write: `emit` appends the event *and* applies it, so that replay is the same as processing.
 * E3 A turn is a function of state, command and now: no clock, no randomness, no I/O. `random` is seeded by the next key.
 * E8 A key appears first on a record of the turn that gives it out (`newKey`, `newKeys`).
 */
import type { DecisionModel, Locality } from '../feel/index.ts'
import type {
  ElementKind,
  ElementOf,
  ExecutableElement,
  ExecutableProcess,
  MultiInstanceBody,
} from '../model/executable.ts'
import type {
  Command,
  Commands,
  CommandType,
  ErrorType,
  Event,
  Events,
  EventType,
  Instant,
  JobValue,
  Key,
  Rejection,
  RejectionType,
  Values,
} from '../protocol/records.ts'
import { apply } from './appliers/index.ts'
import type { Prepared } from './prepared.ts'
import { Miss } from './state/miss.ts'
import type { ElementInstance, Trigger } from './state/rows.ts'
import type { State } from './state/state.ts'

/** Compiled resources by definition key. A missing one is a miss on its `resource` row: the loop loads and compiles it. */
export interface Models {
  process(processDefinitionKey: Key): ExecutableProcess | undefined
  decisions(decisionRequirementsKey: Key): DecisionModel | undefined
  addProcess(key: Key, process: ExecutableProcess): void
  addDecisions(key: Key, model: DecisionModel): void
}

/** How the engine is configured: the same for as long as it runs. */
export interface Settings {
  readonly locality: Locality
  /** No two root instances of a process that are active at the same time may have the same one. */
  readonly hasUniqueBusinessIds: boolean
}

/** A worker that waits for a job of some type, as the shell knows it. */
export interface JobTarget {
  readonly id: number
  readonly worker: string
  readonly timeout: number
  readonly fetchVariables: readonly string[]
}
/** Who waits for jobs. Claims of a turn that is taken back are given back by the loop. */
export interface Workers {
  claim(tenantId: string, type: string): JobTarget | null
  /** Of a part of a turn that is taken back. */
  giveBack(targets: readonly number[]): void
}

/** A job as a worker gets it: with the variables it asked for. */
export interface HandedJob {
  readonly key: Key
  readonly value: Partial<JobValue>
}

/** What the client of a command is told. */
export type Answer =
  | { readonly ok: true; readonly event: Event }
  | { readonly ok: false; readonly rejection: Rejection }

/** Consequences outside the core, acted upon once the batch has committed. They may be lost or repeated (E6). */
export type Notice =
  | { readonly kind: 'jobHanded'; readonly target: number; readonly job: HandedJob }
  | { readonly kind: 'jobsActivated'; readonly jobs: readonly HandedJob[]; readonly truncated: boolean }
  /** The client whose command this was is answered by an `answered` of the key, perhaps in a later turn. */
  | { readonly kind: 'answerLater'; readonly key: Key }
  | { readonly kind: 'answered'; readonly key: Key; readonly answer: Answer }

/** A command inside a turn. A trigger is handed along where an event begins an instance. */
export type Follow = Command & { readonly trigger?: Trigger }

/** A recorded event with the instance whose section of the log it belongs to. */
export interface Emitted {
  readonly event: Event
  readonly processInstanceKey: Key
  readonly rootProcessInstanceKey: Key
}

/** A stop that a person must resolve: the element stays where it is. */
export interface Failure {
  readonly errorType: ErrorType
  readonly message: string
  readonly jobKey?: Key
  /** Where the fault lies, when not in the element itself. */
  readonly variableScopeKey?: Key
}
export const failure = (errorType: ErrorType, message: string): Failure => ({ errorType, message })

/** A refused command; thrown, so that a refusal anywhere in the checks leaves no event behind. */
export class Refusal {
  readonly rejection: Rejection
  constructor(rejection: Rejection) {
    this.rejection = rejection
  }
}
export function refuse(type: RejectionType, reason: string): never {
  throw new Refusal({ type, reason })
}

/** A bug in the engine must not stop it: the command is refused and nothing of it remains. */
export function rejectionOf({ valueType, intent }: Command, thrown: unknown): Rejection {
  if (thrown instanceof Refusal) return thrown.rejection
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  const what = `Expected to process command '${valueType} ${intent}' without errors`
  return { type: 'PROCESSING_ERROR', reason: `${what}, but: ${reason}` }
}

/**
 * A turn with more records leaves the rest of a batch of children to a later one, so that others get their turn. The first may be
 * longer: most loops end in it; of the later ones there may be thousands, and whoever comes meanwhile waits for one of them.
 */
const RECORDS_MANY = { first: 500, later: 100 }

/** What the records of a turn may hold, each with its envelope; Zeebe's batch ends at 4 MB. */
const TURN_CHARACTERS_MAX = 64_000_000
const ENVELOPE_CHARACTERS = 100
const TOO_MUCH = `Expected the records of one command to hold at most ${TURN_CHARACTERS_MAX} characters, but they hold more. Keep large documents outside variables.`

function lengthOf(value: object): number {
  let length = ENVELOPE_CHARACTERS
  for (const field of Object.values(value)) {
    if (typeof field === 'string') length += field.length
    else if (Array.isArray(field)) for (const item of field) if (typeof item === 'string') length += item.length
  }
  return length
}

export class Processing {
  readonly state: State
  readonly models: Models
  readonly settings: Settings
  readonly now: Instant
  readonly workers: Workers
  readonly prepared: Prepared | null
  /** What a suspension has held goes on in this turn, before all that comes now. */
  isReleasing = false
  readonly emitted: Emitted[] = []
  readonly notices: Notice[] = []
  readonly #recordsMany: number
  readonly #queue: Follow[] = []
  readonly #jumps = new Map<Key, readonly string[]>()
  readonly #roots = new Map<Key, Key>()
  readonly #settle: (p: Processing, command: Follow) => void
  #seed: number
  #characters = 0
  #batchOperationReference: Key = -1

  constructor(turn: {
    state: State
    models: Models
    settings: Settings
    now: Instant
    workers: Workers
    prepared: Prepared | null
    /** The turn goes on with what an earlier one has left. */
    isLater: boolean
    /** Runs a command and all that follows. */
    settle: (p: Processing, command: Follow) => void
  }) {
    this.#settle = turn.settle
    this.#recordsMany = turn.isLater ? RECORDS_MANY.later : RECORDS_MANY.first
    this.state = turn.state
    this.models = turn.models
    this.settings = turn.settings
    this.now = turn.now
    this.workers = turn.workers
    this.prepared = turn.prepared
    this.#seed = turn.state.nextKey % 0x1_0000_0000
  }

  emit<V extends EventType>(valueType: V, intent: Events[V], key: Key, value: Readonly<Partial<Values[V]>>): Event {
    const event = this.#eventOf(valueType, intent, key, value)
    this.#characters += lengthOf(value)
    if (this.#characters > TURN_CHARACTERS_MAX) refuse('EXCEEDED_BATCH_RECORD_SIZE', TOO_MUCH)
    const processInstanceKey = (value as { readonly processInstanceKey?: Key }).processInstanceKey ?? -1
    this.emitted.push({ event, processInstanceKey, rootProcessInstanceKey: this.#rootOf(processInstanceKey) })
    apply(this.state, event, this.now)
    return event
  }
  #eventOf(valueType: EventType, intent: string, key: Key, value: object): Event {
    const event = { recordType: 'EVENT', valueType, intent, key, value }
    const batchOperationReference = this.#batchOperationReference
    return (batchOperationReference < 0 ? event : { ...event, batchOperationReference }) as Event
  }
  /**
   * Runs a command and all that follows from it, while nothing else waits to follow. A refusal takes that back, and nothing that was
   * before it; it is answered.
   * @param begin runs first, and is taken back with the rest
   */
  attempt(command: Follow, batchOperationReference: Key = -1, begin: () => void = () => {}): Rejection | null {
    const mark = this.state.mark()
    const { length: emitted } = this.emitted
    const { length: notices } = this.notices
    const characters = this.#characters
    this.#batchOperationReference = batchOperationReference
    try {
      begin()
      this.#settle(this, command)
      return null
    } catch (thrown) {
      this.state.undo(mark)
      this.#queue.length = 0
      this.emitted.length = emitted
      this.#characters = characters
      this.workers.giveBack(
        this.notices.splice(notices).flatMap((one) => (one.kind === 'jobHanded' ? [one.target] : [])),
      )
      for (const key of this.#roots.keys()) if (key >= mark.nextKey) this.#roots.delete(key)
      if (thrown instanceof Miss) throw thrown
      return rejectionOf(command, thrown)
    } finally {
      this.#batchOperationReference = -1
    }
  }
  /** Length of all records emitted. */
  get characters(): number {
    return this.#characters
  }
  /** Time to leave the rest to a later turn. */
  get isLong(): boolean {
    return this.emitted.length > this.#recordsMany
  }
  follow<V extends CommandType>(
    valueType: V,
    intent: Commands[V],
    key: Key,
    value: Readonly<Partial<Values[V]>>,
    trigger?: Trigger,
  ): void {
    this.#queue.push({ valueType, intent, key, value, ...(trigger && { trigger }) } as Follow)
  }
  takeFollow(): Follow | undefined {
    return this.#queue.shift()
  }
  /** A token is on its way to that element of the scope, and no flow says so. */
  jump(scopeKey: Key, elementId: string): void {
    this.#jumps.set(scopeKey, [...this.jumpsIn(scopeKey), elementId])
  }
  /** Where tokens of that scope are on their way to by links. */
  jumpsIn(scopeKey: Key): readonly string[] {
    return this.#jumps.get(scopeKey) ?? []
  }
  landed(scopeKey: Key, elementId: string): void {
    const left = [...this.jumpsIn(scopeKey)]
    const at = left.indexOf(elementId)
    if (at >= 0) left.splice(at, 1)
    this.#jumps.set(scopeKey, left)
  }
  notice(notice: Notice): void {
    this.notices.push(notice)
  }
  newKey(): Key {
    return this.state.takeKey()
  }
  /** The first of so many keys, one after the other; -1 for none, because the next key is another's. */
  newKeys(count: number): Key {
    if (count === 0) return -1
    const first = this.state.nextKey
    for (let i = 0; i < count; i++) this.state.takeKey()
    return first
  }

  /** Announces an instance that is about to be born, so that events before its first row find their root. */
  begin(processInstanceKey: Key, rootProcessInstanceKey: Key): void {
    this.#roots.set(processInstanceKey, rootProcessInstanceKey)
  }
  #rootOf(processInstanceKey: Key): Key {
    if (processInstanceKey < 0) return -1
    const known = this.#roots.get(processInstanceKey)
    if (known !== undefined) return known
    const root = this.state.get('elementInstance', processInstanceKey)?.rootProcessInstanceKey ?? processInstanceKey
    this.#roots.set(processInstanceKey, root)
    return root
  }
  rootOf(processInstanceKey: Key): Key {
    return this.#rootOf(processInstanceKey)
  }

  /** The compiled process of a definition. */
  process(processDefinitionKey: Key): ExecutableProcess {
    return this.models.process(processDefinitionKey) ?? missing(processDefinitionKey)
  }
  decisions(decisionRequirementsKey: Key): DecisionModel {
    return this.models.decisions(decisionRequirementsKey) ?? missing(decisionRequirementsKey)
  }
  element(instance: ElementInstance): ExecutableElement {
    const element = this.elementOf(instance.processDefinitionKey, instance.elementId)
    const isInner = element.kind === 'multi-instance-body' && instance.bpmnElementType !== 'MULTI_INSTANCE_BODY'
    return isInner ? element.inner : element
  }
  /** The multi-instance body that the instance is one of; null for all others. */
  bodyOf(instance: ElementInstance | undefined): MultiInstanceBody | null {
    const element = instance?.bpmnElementType === 'MULTI_INSTANCE_BODY' ? this.element(instance) : null
    return element?.kind === 'multi-instance-body' ? element : null
  }
  elementOf(processDefinitionKey: Key, elementId: string): ExecutableElement {
    const element = this.process(processDefinitionKey).elements.get(elementId)
    if (element === undefined) throw new Error(`Definition ${processDefinitionKey} has no element '${elementId}'`)
    return element
  }
  /** The element with that id, known to be of that kind. */
  elementOfKind<K extends ElementKind>(kind: K, processDefinitionKey: Key, elementId: string): ElementOf<K> {
    const element = this.elementOf(processDefinitionKey, elementId)
    if (element.kind !== kind) throw new Error(`Element '${elementId}' is ${element.kind}, not ${kind}`)
    return element as ElementOf<K>
  }
  /** The row, which the caller knows to be there. */
  instance(key: Key): ElementInstance {
    const row = this.state.get('elementInstance', key)
    if (row === undefined) throw new Error(`No element instance ${key}`)
    return row
  }

  /** Uniform in [0, 1); the same for the same position in the engine's life. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

function missing(definitionKey: Key): never {
  throw new Miss({ kind: 'row', table: 'resource', key: definitionKey })
}
