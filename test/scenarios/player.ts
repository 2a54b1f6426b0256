/**
 * Plays a recorded scenario in memory: its steps as a client would take them, on an engine that may crash between any two.
 * Owns: what the words of scenario.json mean. Does not own: comparing with Zeebe (test/conformance/traces.ts does).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import { type Gateway, GatewayError, type KeyText } from '../../engine/protocol/gateway.ts'
import type { Event, Key } from '../../engine/protocol/records.ts'
import { type RunningEngine, startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'

export const STARTED_AT = Date.UTC(2026, 0, 1)
const NOWHERE: KeyText = '1'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
interface Place {
  readonly element: string
  readonly n?: number
}
type ElementRef = string | number | Place
type JobRef = string | { readonly of: ElementRef }
interface Definition {
  readonly process?: string
  readonly decision?: string
  readonly drg?: string
  readonly form?: string
  readonly version?: number
}
type DefinitionRef = string | number | Definition
interface Creation {
  readonly process: string
  readonly key?: DefinitionRef
  readonly version?: number
  readonly variables?: Json
  readonly start?: readonly string[]
  readonly terminateAfter?: readonly string[]
  readonly tags?: readonly string[]
  readonly fetch?: readonly string[]
  readonly timeout?: number
}
interface Activation {
  readonly type: string
  readonly timeout?: number
  readonly max?: number
  readonly fetch?: readonly string[]
}
interface JobStep {
  readonly job: JobRef
  readonly variables?: Json
  readonly retries?: number
  readonly message?: string
  readonly backoff?: number
  readonly code?: string
  readonly timeout?: number
}
interface MessageStep {
  readonly name: string
  readonly key?: string
  readonly ttl?: number
  readonly id?: string
  readonly variables?: Json
}
interface UserTaskStep {
  readonly element: ElementRef
  readonly do: 'assign' | 'unassign' | 'update' | 'complete'
  readonly assignee?: string
  readonly allowOverride?: boolean
  readonly action?: string
  readonly changeset?: Readonly<Record<string, Json>>
  readonly variables?: Json
}
type ResourceRef = string | { readonly name?: string; readonly file?: string; readonly text?: string }
interface Verbs {
  readonly deploy: readonly ResourceRef[]
  readonly create: Creation
  readonly createWithResult: Creation
  readonly activate: Activation
  readonly complete: JobStep
  readonly fail: JobStep
  readonly throw: JobStep
  readonly retries: JobStep
  readonly timeout: JobStep
  readonly publish: MessageStep
  readonly correlate: MessageStep
  readonly signal: Pick<MessageStep, 'name' | 'variables'>
  readonly modify: {
    readonly instance: ElementRef
    readonly activate?: readonly {
      readonly element: string
      readonly ancestor?: ElementRef
      readonly variables?: readonly { readonly scope?: string; readonly variables: Json }[]
    }[]
    readonly terminate?: readonly ElementRef[]
  }
  readonly migrate: {
    readonly instance: ElementRef
    readonly target: DefinitionRef
    readonly map: Readonly<Record<string, string>>
  }
  readonly set: { readonly scope: ElementRef; readonly variables: Json; readonly local?: boolean }
  readonly resolve: string | { readonly element: string; readonly resolved?: boolean }
  readonly cancel: { readonly instance: ElementRef }
  readonly evaluate: { readonly decision?: string; readonly key?: DefinitionRef; readonly variables?: Json }
  readonly deleteResource: DefinitionRef
  readonly advance: string
  readonly userTask: UserTaskStep
  readonly await: string
  readonly idle: Json
}
type Verb = keyof Verbs
export type Step = { readonly [V in Verb]?: Verbs[V] } & { readonly as?: string; readonly background?: string }

/** What a reply gave a name to. */
interface Reply {
  readonly processInstanceKey?: KeyText
  readonly jobs?: readonly KeyText[]
}

const text = (json: Json | undefined): string | undefined =>
  json === undefined || typeof json === 'string' ? json : JSON.stringify(json)
const record = (value: object): Event['value'] & Readonly<Record<string, unknown>> => ({ ...value })

export class Player {
  readonly store = new MemoryStore()
  readonly #directory: string
  readonly #replies = new Map<string, Reply>()
  readonly #pending = new Map<string, Promise<Reply>>()
  #engine: RunningEngine | null = null
  #gateway: Gateway | null = null
  #now = STARTED_AT
  #events: readonly Event[] = []

  constructor(directory: string) {
    this.#directory = directory
  }

  get steps(): readonly Step[] {
    return (JSON.parse(readFileSync(join(this.#directory, 'scenario.json'), 'utf8')) as { steps: readonly Step[] })
      .steps
  }
  /** Nobody waits for an answer that a crash would lose. */
  get isAlone(): boolean {
    return this.#pending.size === 0
  }

  /** Starts an engine on what the store holds; the one before, if any, is left as if it had been killed. */
  async open(): Promise<void> {
    const crashed = this.#engine
    this.#engine = await startEngine({ store: this.store.session(), isClockControlled: true })
    this.#engine.clock.pin(this.#now)
    this.#gateway = embeddedGateway(this.#engine, { host: '127.0.0.1', port: 0 })
    await crashed?.close()
    await this.settle()
  }
  async close(): Promise<void> {
    await this.#engine?.close()
  }

  async settle(): Promise<void> {
    await this.#engine!.idle()
    const entries = await this.store.read(0, Number.MAX_SAFE_INTEGER)
    this.#events = entries.flatMap(({ record }) => (record.recordType === 'EVENT' ? [record] : []))
  }

  async play(step: Step): Promise<void> {
    const verb = (Object.keys(step) as (keyof Step)[]).find((key): key is Verb => key in this.#verbs)
    if (verb === undefined) throw new Error(`Unknown step ${JSON.stringify(step)}`)
    const run = this.#verbs[verb] as (of: Step[Verb]) => Promise<Reply | undefined>
    const reply = run(step[verb]).then(
      (given) => given ?? {},
      (error: unknown) => {
        if (error instanceof GatewayError) return {}
        throw error
      },
    )
    if (step.background !== undefined) this.#pending.set(step.background, reply)
    else if (step.as === undefined) await reply
    else this.#replies.set(step.as, await reply)
    await this.settle()
  }

  readonly #verbs: { readonly [V in Verb]: (of: Verbs[V]) => Promise<Reply | undefined> } = {
    deploy: async (list) => {
      await this.#client.deployResources({ resources: list.map((resource) => this.#resource(resource)) })
      return {}
    },
    create: async (of) => this.#client.createProcessInstance(this.#creation(of)),
    createWithResult: async (of) =>
      this.#client.createProcessInstanceWithResult(this.#creation(of), of.fetch ?? [], of.timeout ?? 20_000),
    activate: async ({ type, timeout = 300_000, max = 10, fetch = [] }) => {
      const request = { type, worker: 'player', timeoutMs: timeout, maxJobsToActivate: max, fetchVariables: fetch }
      const jobs = await this.#client.activateJobs({ ...request, requestTimeoutMs: -1 })
      return { jobs: jobs.map(({ key }) => key) }
    },
    complete: async ({ job, variables }) => done(this.#client.completeJob(this.#jobKey(job), text(variables))),
    fail: async ({ job, retries = 0, message, backoff, variables }) => {
      const failure = { retries, errorMessage: message, retryBackOffMs: backoff, variables: text(variables) }
      return done(this.#client.failJob(this.#jobKey(job), failure))
    },
    throw: async ({ job, code = '', message, variables }) => {
      const error = { errorCode: code, errorMessage: message, variables: text(variables) }
      return done(this.#client.throwError(this.#jobKey(job), error))
    },
    retries: async ({ job, retries = 0 }) => done(this.#client.updateJobRetries(this.#jobKey(job), retries)),
    timeout: async ({ job, timeout = 0 }) => done(this.#client.updateJobTimeout(this.#jobKey(job), timeout)),
    publish: async ({ ttl = 0, id, ...message }) =>
      done(this.#client.publishMessage({ ...this.#message(message), timeToLiveMs: ttl, messageId: id })),
    correlate: async (message) => done(this.#client.correlateMessage(this.#message(message))),
    signal: async ({ name, variables }) =>
      done(this.#client.broadcastSignal({ signalName: name, variables: text(variables) })),
    modify: async ({ instance, activate = [], terminate = [] }) => {
      const modification = {
        activateInstructions: activate.map(({ element, ancestor, variables: given = [] }) => ({
          elementId: element,
          ...(ancestor !== undefined && { ancestorElementInstanceKey: this.#elementKey(ancestor) }),
          variableInstructions: given.map((one) => ({ variables: text(one.variables) ?? '{}', scopeId: one.scope })),
        })),
        terminateInstructions: terminate.map((ref) => ({ elementInstanceKey: this.#elementKey(ref) })),
      }
      return done(this.#client.modifyProcessInstance(this.#elementKey(instance), modification))
    },
    migrate: async ({ instance, target, map }) =>
      done(
        this.#client.migrateProcessInstance(this.#elementKey(instance), {
          targetProcessDefinitionKey: this.#definitionKey(target),
          mappingInstructions: Object.entries(map).map(([from, to]) => ({
            sourceElementId: from,
            targetElementId: to,
          })),
        }),
      ),
    set: async ({ scope, variables, local = false }) =>
      done(this.#client.setVariables(this.#elementKey(scope), text(variables) ?? '{}', local)),
    resolve: async (of) => done(this.#client.resolveIncident(this.#incidentKey(of))),
    cancel: async ({ instance }) => done(this.#client.cancelProcessInstance(this.#elementKey(instance))),
    evaluate: async ({ decision, key, variables }) => {
      const decisionKey = key === undefined ? undefined : this.#definitionKey(key)
      return done(this.#client.evaluateDecision({ decisionId: decision, decisionKey, variables: text(variables) }))
    },
    deleteResource: async (of) => done(this.#client.deleteResource(this.#definitionKey(of))),
    advance: async (duration) => this.advance(Temporal.Duration.from(duration).total('milliseconds')),
    userTask: (of) => this.#userTask(of),
    await: async (name) => {
      await this.#pending.get(name)
      this.#pending.delete(name)
      return {}
    },
    idle: async () => ({}),
  }

  async advance(ms: number): Promise<undefined> {
    this.#now += ms
    this.#engine!.clock.pin(this.#now)
    await this.settle()
  }

  get #client(): Gateway {
    return this.#gateway!
  }

  /** Ends what is open and deletes what was deployed, as the recording did. */
  async leaveNothing(): Promise<void> {
    const open = this.store.rows('elementInstance')
    const roots = open.filter((row) => row.bpmnElementType === 'PROCESS' && row.parentProcessInstanceKey < 0)
    for (const { key } of roots) await this.#client.cancelProcessInstance(String(key))
    const definitions = [
      ...this.store.rows('processDefinition'),
      ...this.store.rows('decisionRequirements'),
      ...this.store.rows('form'),
    ]
    for (const { key, deleted } of definitions) if (!deleted) await this.#client.deleteResource(String(key))
    await this.settle()
  }

  #resource(of: ResourceRef): { name: string; content: Uint8Array } {
    if (typeof of === 'string') return { name: of, content: readFileSync(join(this.#directory, of)) }
    const file = of.file ?? of.name ?? ''
    const content = of.text === undefined ? readFileSync(join(this.#directory, file)) : Buffer.from(of.text)
    return { name: of.name ?? file, content }
  }
  #creation({ process, key, version, variables, start = [], terminateAfter = [], tags = [] }: Creation) {
    return {
      ...(key === undefined ? { bpmnProcessId: process } : { processDefinitionKey: this.#definitionKey(key) }),
      version,
      variables: text(variables),
      startInstructions: start.map((elementId) => ({ elementId })),
      runtimeInstructions: terminateAfter.map((afterElementId) => ({ afterElementId })),
      tags,
    }
  }
  #message({ name, key = '', variables }: MessageStep) {
    return { name, correlationKey: key, variables: text(variables) }
  }
  async #userTask(of: UserTaskStep): Promise<Reply> {
    const key = this.#userTaskKey(of.element)
    const { assignee = '', allowOverride, action, changeset = {}, variables } = of
    switch (of.do) {
      case 'assign':
        return done(this.#client.assignUserTask(key, { assignee, allowOverride, action }))
      case 'unassign':
        return done(this.#client.unassignUserTask(key))
      case 'update':
        return done(this.#client.updateUserTask(key, changeset, action))
      case 'complete':
        return done(this.#client.completeUserTask(key, text(variables), action))
    }
  }

  /** Keys of events of that kind which say so, oldest first. */
  #keys(valueType: Event['valueType'], intent: string, where: Readonly<Record<string, unknown>>): readonly Key[] {
    return this.#events
      .filter((event) => event.valueType === valueType && event.intent === intent)
      .filter((event) => Object.entries(where).every(([field, value]) => record(event.value)[field] === value))
      .map((event) => event.key)
  }
  #elementKey(ref: ElementRef): KeyText {
    if (typeof ref === 'number') return String(ref)
    if (typeof ref === 'string' && /^\d+$/.test(ref)) return ref
    const named = typeof ref === 'string' ? this.#replies.get(ref)?.processInstanceKey : undefined
    if (named !== undefined) return named
    const { element, n } = typeof ref === 'string' ? { element: ref, n: undefined } : ref
    const keys = this.#keys('PROCESS_INSTANCE', 'ELEMENT_ACTIVATING', { elementId: element })
    return String(keys[(n ?? keys.length) - 1] ?? NOWHERE)
  }
  #jobKey(ref: JobRef): KeyText {
    if (typeof ref === 'string') {
      const [name = '', index = '0'] = ref.split('.')
      return this.#replies.get(name)?.jobs?.[Number(index)] ?? (/^\d+$/.test(name) ? name : NOWHERE)
    }
    const elementInstanceKey = Number(this.#elementKey(ref.of))
    return String(this.#keys('JOB', 'CREATED', { elementInstanceKey }).at(-1) ?? NOWHERE)
  }
  #userTaskKey(ref: ElementRef): KeyText {
    const elementInstanceKey = Number(this.#elementKey(ref))
    return String(this.#keys('USER_TASK', 'CREATING', { elementInstanceKey }).at(-1) ?? NOWHERE)
  }
  #incidentKey(ref: Verbs['resolve']): KeyText {
    if (typeof ref === 'string') return ref
    const created = this.#keys('INCIDENT', 'CREATED', { elementId: ref.element })
    const resolved = new Set(this.#keys('INCIDENT', 'RESOLVED', { elementId: ref.element }))
    const open = created.filter((key) => ref.resolved === true || !resolved.has(key))
    return String(open.at(-1) ?? NOWHERE)
  }
  #definitionKey(ref: DefinitionRef): KeyText {
    if (typeof ref !== 'object') return String(ref)
    const { process, decision, drg, form, version = 1 } = ref
    const found =
      (process !== undefined && this.#keys('PROCESS', 'CREATED', { bpmnProcessId: process, version })) ||
      (decision !== undefined && this.#keys('DECISION', 'CREATED', { decisionId: decision, version })) ||
      (form !== undefined && this.#keys('FORM', 'CREATED', { formId: form, version })) ||
      this.#keys('DECISION_REQUIREMENTS', 'CREATED', {
        decisionRequirementsId: drg,
        decisionRequirementsVersion: version,
      })
    return String(found[0] ?? NOWHERE)
  }
}

async function done(call: Promise<unknown>): Promise<Reply> {
  await call
  return {}
}
