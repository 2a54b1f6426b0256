/** What the log of a scenario tells so far: tasks, jobs, incidents and variables as they stand, and every step that was taken. */
import type { EvaluatedDecisionValue, Event, EventOf, Json, Key } from '../../engine/protocol/records.ts'
import type { Entry } from '../../engine/store/store.ts'
import { TOWN_ZONE } from './stage.ts'

export interface OpenTask {
  readonly key: Key
  readonly elementId: string
  readonly groups: readonly string[]
  /** An ISO instant, or '' when it has none. */
  readonly dueDate: string
}
export interface OpenIncident {
  readonly key: Key
  readonly elementId: string
  readonly jobKey: Key
  readonly message: string
}
export class Told {
  readonly tasks = new Map<Key, OpenTask>()
  readonly incidents = new Map<Key, OpenIncident>()
  /** Job types with jobs that may be handed out, or were and have not been reported. */
  readonly jobTypes = new Set<string>()
  /** Element ids, in order; a multi-instance appears once for each child and once for its body. */
  readonly activated: string[] = []
  readonly completed: string[] = []
  /** Flows taken and elements entered, of each process: `process/id`. */
  readonly taken = new Set<string>()
  readonly rules = new Set<string>()
  /** A line for each step, for people. */
  readonly trace: string[] = []
  readonly #variables = new Map<Key, Map<string, Json>>()
  root: Key | null = null
  readonly #processes = new Map<Key, string>()
  rootEndedAt: number | null = null
  #position = 0

  /** Position of the last entry that has been told. */
  get position(): number {
    return this.#position
  }
  get isOver(): boolean {
    return this.rootEndedAt !== null
  }
  /** Of the instance that was started first, by name, as JSON. */
  get variables(): ReadonlyMap<string, Json> {
    return this.#variables.get(this.root ?? -1) ?? new Map<string, Json>()
  }

  tell(entries: readonly Entry[]): void {
    for (const { position, timestamp, record } of entries) {
      this.#position = position
      if (record.recordType === 'EVENT') this.#event(record, timestamp)
    }
  }

  #event(event: Event, timestamp: number): void {
    switch (event.valueType) {
      case 'PROCESS':
        this.#processes.set(event.key, event.value.bpmnProcessId ?? '')
        return
      case 'PROCESS_INSTANCE':
        this.#step(event, timestamp)
        return
      case 'USER_TASK':
        this.#task(event, timestamp)
        return
      case 'JOB':
        this.#job(event, timestamp)
        return
      case 'INCIDENT':
        this.#incident(event, timestamp)
        return
      case 'VARIABLE': {
        const { scopeKey = -1, name = '', value = 'null' } = event.value
        const scope = this.#variables.get(scopeKey) ?? new Map<string, Json>()
        this.#variables.set(scopeKey, scope.set(name, value))
        return
      }
      case 'DECISION_EVALUATION':
        for (const decision of event.value.evaluatedDecisions ?? []) this.#decision(decision)
        return
      default:
        return
    }
  }

  #step({ intent, key, value }: EventOf<'PROCESS_INSTANCE'>, timestamp: number): void {
    const { elementId = '', bpmnElementType, processDefinitionKey = -1 } = value
    if (bpmnElementType === 'PROCESS' && intent === 'ELEMENT_ACTIVATING') this.root ??= key
    if (intent === 'SEQUENCE_FLOW_TAKEN' || intent === 'ELEMENT_ACTIVATED')
      this.taken.add(`${this.#processes.get(processDefinitionKey)}/${elementId}`)
    if (intent === 'ELEMENT_ACTIVATED') {
      this.activated.push(elementId)
      this.#line(timestamp, elementId)
    }
    if (intent === 'ELEMENT_COMPLETED') this.completed.push(elementId)
    if (intent === 'ELEMENT_TERMINATED') this.#line(timestamp, `${elementId} terminated`)
    if (key === this.root && (intent === 'ELEMENT_COMPLETED' || intent === 'ELEMENT_TERMINATED'))
      this.rootEndedAt = timestamp
  }

  #task({ intent, key, value }: EventOf<'USER_TASK'>, timestamp: number): void {
    const { elementId = '', candidateGroupsList: groups = [], dueDate = '' } = value
    if (intent === 'COMPLETED' || intent === 'CANCELED') {
      this.tasks.delete(key)
      this.#line(timestamp, `  task ${elementId} ${intent.toLowerCase()}`)
    } else if (intent === 'CREATED' || this.tasks.has(key)) this.tasks.set(key, { key, elementId, groups, dueDate })
  }

  #job({ intent, value }: EventOf<'JOB'>, timestamp: number): void {
    const { type = '', elementId, errorMessage, errorCode } = value
    if (intent === 'CREATED') this.jobTypes.add(type)
    if (intent === 'FAILED') this.#line(timestamp, `  job ${type} at ${elementId} failed: ${errorMessage}`)
    if (intent === 'ERROR_THROWN') this.#line(timestamp, `  job ${type} at ${elementId} threw ${errorCode}`)
  }

  #incident({ intent, key, value }: EventOf<'INCIDENT'>, timestamp: number): void {
    const { elementId = '', jobKey = -1, errorMessage: message = '' } = value
    if (intent === 'RESOLVED') {
      this.incidents.delete(key)
      return
    }
    this.incidents.set(key, { key, elementId, jobKey, message })
    this.#line(timestamp, `! incident at ${elementId}: ${message}`)
  }

  #decision({ decisionId, matchedRules }: EvaluatedDecisionValue): void {
    this.rules.add(decisionId)
    for (const { ruleId } of matchedRules) this.rules.add(`${decisionId}/${ruleId}`)
  }

  #line(timestamp: number, text: string): void {
    this.trace.push(`${townTime(timestamp)}  ${text}`)
  }
}

/** As people in the town tell it, to the minute. */
export const townTime = (instant: number): string =>
  Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(TOWN_ZONE)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
