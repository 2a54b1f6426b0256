/**
 * Plays a scenario on its stage: does what it says, lets everything that follows happen, and holds what must be against what is.
 * Owns: what the statements mean. Does not own: how they are written (script.ts), what was covered (coverage.ts).
 */
import { type JobOutcome, report } from '../../connectors/zeebe/index.ts'
import { compileExpression, evaluate, fromJson, toJson } from '../../engine/feel/index.ts'
import { type ActivatedJob, GatewayError } from '../../engine/protocol/gateway.ts'
import type { Key } from '../../engine/protocol/records.ts'
import type { DeployableResource } from '../../processes/resources.ts'
import type { Action, Answer, Expectation, JsonObject, JsonValue, Scenario } from './script.ts'
import { openStage, type Stage, TOWN_ZONE } from './stage.ts'
import { Told, townTime } from './told.ts'

export interface Played {
  readonly scenario: Scenario
  /** Null: all held. */
  readonly fault: Fault | null
  readonly told: Told
}
export interface Fault {
  readonly line: number
  readonly message: string
}

/** No scenario does as much as this at one moment: whatever goes on longer goes round in a circle. */
const JOBS_MAX = 1_000
/** Nor does it wait for as many timers. */
const TURNS_MAX = 10_000
/** Later than any timer, so that what must never happen has had its time. */
const AFTERWARDS = { years: 3 } as const

/** `open`: on which engine; in memory, unless said. */
export async function play(
  scenario: Scenario,
  resources: readonly DeployableResource[] = [],
  open: typeof openStage = openStage,
): Promise<Played> {
  await using stage = await open(resources)
  const rehearsal = new Rehearsal(stage)
  let line = scenario.line
  try {
    for (const statement of scenario.statements) {
      line = statement.line
      if ('do' in statement) await rehearsal.act(statement)
      else rehearsal.expect(statement)
    }
    line = scenario.line
    await rehearsal.finish(scenario.never)
    return { scenario, fault: null, told: rehearsal.told }
  } catch (error) {
    if (!(error instanceof Unmet) && !(error instanceof GatewayError)) throw error
    return { scenario, fault: { line, message: error.message }, told: rehearsal.told }
  }
}

/** What must be is not, or what shall be done cannot. */
class Unmet extends Error {
  override readonly name = 'Unmet'
}

class Rehearsal {
  readonly told = new Told()
  readonly #stage: Stage
  readonly #answers = new Map<string, Answer>()
  /** What each completed job had read, by type. */
  readonly #done = new Map<string, JsonObject[]>()
  /** What the decision that was asked last has given, as JSON; FEEL sees it as `decided`. */
  #decided: string | undefined
  /** Incidents that the scenario has spoken of; any other ends it. */
  readonly #expectedIncidents = new Set<Key>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  async act(action: Action): Promise<void> {
    this.#refuseIncidents()
    const { gateway } = this.#stage
    switch (action.do) {
      case 'clock':
        await this.#moveTo(action.at.toZonedDateTime(TOWN_ZONE))
        break
      case 'wait':
        await this.#moveTo(this.#now().add(action.duration))
        break
      case 'job':
        this.#answers.set(action.type, action.answer)
        break
      case 'start': {
        const variables = JSON.stringify(this.#received(action.variables))
        await gateway.createProcessInstance({ bpmnProcessId: action.process, variables })
        break
      }
      case 'decide': {
        const variables = JSON.stringify(action.variables)
        const { decisionOutput, failureMessage } = await gateway.evaluateDecision({
          decisionId: action.decision,
          variables,
        })
        if (failureMessage !== '') throw new Unmet(failureMessage)
        this.#decided = decisionOutput
        break
      }
      case 'complete':
        await gateway.completeUserTask(
          String(this.#task(action.task).key),
          JSON.stringify(action.variables),
          'complete',
        )
        break
      case 'message': {
        const correlationKey = action.key ?? this.#practiceId()
        const variables = JSON.stringify(action.variables)
        await gateway.publishMessage({ name: action.name, correlationKey, timeToLiveMs: 0, variables })
        break
      }
      case 'signal':
        await gateway.broadcastSignal({ signalName: action.name, variables: JSON.stringify(action.variables) })
        break
      case 'retry':
        for (const { key, jobKey } of this.told.incidents.values()) {
          if (jobKey > 0) await gateway.updateJobRetries(String(jobKey), 3)
          await gateway.resolveIncident(String(key))
        }
        break
      case 'cancel':
        await gateway.cancelProcessInstance(String(this.told.root ?? this.#missing('a started process')))
        break
    }
    await this.#letHappen()
  }

  expect(expectation: Expectation): void {
    same(...this.#held(expectation))
  }

  /** What is held against what. */
  #held(expectation: Expectation): readonly [what: string, expected: JsonValue, found: JsonValue] {
    const { told } = this
    switch (expectation.expect) {
      case 'open': {
        const open = [...told.tasks.values()].map(({ elementId }) => elementId)
        return ['open tasks', [...expectation.tasks].sort(), open.sort()]
      }
      case 'due': {
        const { dueDate } = this.#task(expectation.task)
        const found = dueDate === '' ? 'no due date' : townTime(Temporal.Instant.from(dueDate).epochMilliseconds)
        return [`${expectation.task} due`, minute(expectation.at), found]
      }
      case 'done': {
        const times = told.completed.filter((element) => element === expectation.element).length
        return [`times that ${expectation.element} has completed`, expectation.times, times]
      }
      case 'not':
        return ['elements and jobs seen', [], expectation.elements.filter((name) => this.#hasSeen(name))]
      case 'job': {
        const { type, times, variables } = expectation
        const done = this.#done.get(type) ?? []
        if (times === done.length) return [`variables of ${type}`, variables, within(done.at(-1), variables)]
        return [`times that ${type} was done`, times, done.length]
      }
      case 'true':
        return [expectation.expression, 'true', this.#evaluated(expectation.expression)]
      case 'running':
        return ['the process', 'running', this.#end() ?? 'running']
      case 'ended': {
        const end = this.#end() ?? 'running'
        if (expectation.at !== null) return ['the end', minute(expectation.at), end]
        return ['the process', 'ended', told.isOver ? 'ended' : end]
      }
      case 'incident': {
        for (const key of told.incidents.keys()) this.#expectedIncidents.add(key)
        const elements = [...told.incidents.values()].map(({ elementId }) => elementId)
        return ['elements with incidents', [expectation.element], elements]
      }
    }
  }

  /** Lets years pass: what must never be seen has had its time, and nothing that has ended wakes again. */
  async finish(never: readonly string[]): Promise<void> {
    this.#refuseIncidents()
    const steps = this.told.activated.length
    const wasOver = this.told.isOver
    await this.#moveTo(this.#now().add(AFTERWARDS))
    await this.#letHappen()
    same(
      'what must never be',
      [],
      never.filter((name) => this.#hasSeen(name)),
    )
    const later = this.told.activated.slice(steps)
    if (wasOver && !this.#stage.isNeverOver) same('what happens after the end', [], later)
  }

  /** In the town's time; null while the process runs. */
  #end(): string | null {
    return this.told.rootEndedAt === null ? null : townTime(this.told.rootEndedAt)
  }
  #now(): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(this.#stage.now()).toZonedDateTimeISO(TOWN_ZONE)
  }
  async #moveTo(time: Temporal.ZonedDateTime): Promise<void> {
    if (time.epochMilliseconds < this.#stage.now())
      throw new Unmet(`Expected time to go on, but it is ${townTime(this.#stage.now())} already`)
    for (let turns = 0; ; turns++) {
      const due = await this.#stage.nextDue(time.epochMilliseconds)
      if (due === null) break
      if (turns > TURNS_MAX) throw new Unmet(`Expected time to pass, but ${TURNS_MAX} timers have not sufficed`)
      await this.#stage.moveTo(Math.max(due, this.#stage.now()))
      await this.#letHappen()
    }
    await this.#stage.moveTo(time.epochMilliseconds)
  }

  /** Jobs are done as long as there are some; who does them is the scenario, or the program's own worker. */
  async #letHappen(): Promise<void> {
    for (let jobs = 0; ; ) {
      await this.#stage.settle()
      this.told.tell(await this.#stage.log(this.told.position))
      const handed = await this.#activate()
      if (handed.length === 0) break
      for (const job of handed) await this.#do(job)
      jobs += handed.length
      if (jobs > JOBS_MAX)
        throw new Unmet(`Expected the process to come to rest, but ${JOBS_MAX} jobs have not sufficed`)
    }
  }
  async #activate(): Promise<readonly ActivatedJob[]> {
    const request = { worker: 'rehearsal', timeoutMs: 60_000, maxJobsToActivate: 10, requestTimeoutMs: -1 }
    const handed = [...this.told.jobTypes].map((type) => this.#stage.gateway.activateJobs({ ...request, type }))
    return (await Promise.all(handed)).flat()
  }
  async #do(job: ActivatedJob): Promise<void> {
    const outcome = await this.#outcome(job)
    await report(this.#stage.gateway, job, outcome)
    if (outcome.kind !== 'completed') return
    this.#done.set(job.type, [...(this.#done.get(job.type) ?? []), JSON.parse(job.variables) as JsonObject])
  }
  async #outcome(job: ActivatedJob): Promise<JobOutcome> {
    const answer: Answer = this.#answers.get(job.type) ?? { kind: 'works' }
    switch (answer.kind) {
      case 'answers':
        return { kind: 'completed', variables: JSON.stringify(answer.variables) }
      case 'throws':
        return { kind: 'error', errorCode: answer.code, errorMessage: 'thrown by the scenario' }
      case 'fails': {
        const retries = Math.max(job.retries - 1, 0)
        return { kind: 'failed', retries, errorMessage: answer.message, retryBackOffMs: 0 }
      }
      case 'works': {
        const worker = this.#stage.workers.get(job.type)
        if (worker !== undefined) return worker.handle(job)
        throw new Unmet(
          `Expected a worker for ${job.type}, but there is none. Say: given job ${job.type} answers { "name": "value" }`,
        )
      }
    }
  }
  #refuseIncidents(): void {
    for (const { key, elementId, message } of this.told.incidents.values()) {
      if (this.#expectedIncidents.has(key)) continue
      throw new Unmet(
        `Expected no incident, but there is one at ${elementId}: ${message}. If it must be: then incident ${elementId}`,
      )
    }
  }

  /** What a portal says of a practice: when it was received, unless the scenario does. */
  #received(variables: JsonObject): JsonObject {
    const pratica = variables.pratica
    if (typeof pratica !== 'object' || pratica === null || Array.isArray(pratica) || 'ricevutaIl' in pratica)
      return variables
    return {
      ...variables,
      pratica: { ...pratica, ricevutaIl: this.#now().toString({ timeZoneName: 'never', smallestUnit: 'second' }) },
    }
  }
  #practiceId(): string {
    const { id } = JSON.parse(this.told.variables.get('pratica') ?? '{}') as { readonly id?: string }
    return id ?? this.#missing('a variable pratica.id, or a correlation key after the name of the message')
  }
  #task(elementId: string): { readonly key: number; readonly dueDate: string } {
    const tasks = [...this.told.tasks.values()]
    const task = tasks.find((each) => each.elementId === elementId)
    const open = tasks.map((each) => each.elementId).join(', ')
    return task ?? this.#missing(`an open task ${elementId}`, open === '' ? 'none is open' : `open are ${open}`)
  }
  #missing(what: string, found = 'there is none'): never {
    throw new Unmet(`Expected ${what}, but ${found}`)
  }
  #hasSeen(name: string): boolean {
    return this.told.activated.includes(name) || this.told.jobTypes.has(name)
  }
  #evaluated(source: string): string {
    const compiled = compileExpression(source)
    if (!compiled.ok) throw new Unmet(`Expected FEEL, but ${compiled.fault.message}: ${source}`)
    const outcome = evaluate(compiled.expression, {
      lookup: (name) => {
        const value = name === 'decided' ? this.#decided : this.told.variables.get(name)
        return value === undefined ? undefined : fromJson(value)
      },
      now: this.#stage.now(),
      random: () => 0.5,
    })
    return outcome.ok ? toJson(outcome.value) : outcome.failure.message
  }
}

const minute = (time: Temporal.PlainDateTime): string => time.toString({ smallestUnit: 'minute' })

function same(what: string, expected: JsonValue, found: JsonValue): void {
  const [wished, seen] = [JSON.stringify(expected), JSON.stringify(found)]
  if (wished !== seen) throw new Unmet(`Expected ${what} to be ${wished}, but found ${seen}`)
}

/** Of a value, only what the other names. */
function within(value: JsonValue | undefined, names: JsonValue): JsonValue {
  if (typeof names !== 'object' || names === null || Array.isArray(names)) return value ?? null
  const inner = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  return Object.fromEntries(Object.entries(names as JsonObject).map(([name, of]) => [name, within(inner[name], of)]))
}
