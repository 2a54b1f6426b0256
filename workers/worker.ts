/**
 * What a worker is: a job type, the shapes of what it reads and writes, the BPMN errors it may throw, and a handler that maps a job
 * to a connector. Owns what becomes of every failure. Does not own the loop (connectors/zeebe) or any platform (connectors).
 */
import { z } from 'zod'
import { type EffectClass, Refused, Unavailable, Undecidable, Unsettled } from '../connectors/effect.ts'
import type { JobOutcome, JobWorker } from '../connectors/zeebe/index.ts'
import type { ActivatedJob } from '../engine/protocol/gateway.ts'

export interface Worker<In, Out> {
  /** The job type, `area.azione`. */
  readonly type: string
  /** What an analyst reads in the Modeler: Italian, a few words. */
  readonly title: string
  /** One Italian sentence on what it does. */
  readonly purpose: string
  /** How a repeat behaves outside (F7); `configured`: as the town's description of the call declares. */
  readonly effect: EffectClass | 'configured'
  /** Each field has a title and a description (`.meta`): types, checks, the Modeler's template and the docs come from here. */
  readonly input: z.ZodType<In>
  readonly output: z.ZodType<Out>
  /** The BPMN errors it may throw: code, and when (Italian). */
  readonly errors: Readonly<Record<string, string>>
  handle(variables: In, job: ActivatedJob): Promise<Out>
}

/** What can be told of a worker without running it. */
export interface Description extends Omit<Worker<unknown, unknown>, 'handle' | 'input' | 'output'> {
  readonly input: z.ZodType
  readonly output: z.ZodType
}
export interface DescribedWorker extends JobWorker, Description {}

/**
 * A modelled outcome: what the diagram catches. `messaggio` is shown to the person who goes on; `data` are further variables for
 * whoever catches it, across call activities too, where an error end event would bring none.
 */
export class BpmnError extends Error {
  override readonly name = 'BpmnError'
  readonly code: string
  readonly data: Readonly<Record<string, unknown>>
  constructor(code: string, messaggio: string, data: Readonly<Record<string, unknown>> = {}) {
    super(messaggio)
    this.code = code
    this.data = data
  }
}

/**
 * A worker that declares this error never holds a practice up: what the platform refuses, what it may or may not have done, and
 * what still fails at the last attempt becomes this outcome, and a person of the office goes on.
 */
export const SERVICE_DOWN = 'SERVIZIO_NON_DISPONIBILE'

/** Every effectful worker reads the practice: its id makes an effect key unique beyond one engine. */
export const practiceSchema = z
  .object({
    id: z
      .string()
      .min(1)
      .meta({ title: 'Identificativo', description: 'Identificativo della pratica.', examples: ['pratica-1'] }),
  })
  .meta({ title: 'Pratica', description: 'La pratica in corso.' })

/** The same for each attempt at one job, and for no other job of any engine. */
export const effectKey = (pratica: z.infer<typeof practiceSchema>, { elementId, key }: ActivatedJob): string =>
  `${pratica.id}/${elementId}/${key}`

/** After it a failure is for a person, or for what the diagram says instead. */
export const isLastAttempt = ({ retries }: Pick<ActivatedJob, 'retries'>): boolean => retries <= 1

/** The worker as the loop runs it, still describing itself. */
export function jobWorker<In, Out>(worker: Worker<In, Out>, log: (line: string) => void): DescribedWorker {
  const { type, title, purpose, effect, input: inputSchema, output: outputSchema, errors } = worker
  return {
    ...{ type, title, purpose, effect, input: inputSchema, output: outputSchema, errors },
    async handle(job) {
      try {
        const input = worker.input.safeParse(parseExactly(job.variables))
        if (!input.success) return incident(misshapen(worker.type, input.error))
        const output = worker.output.parse(await worker.handle(input.data, job))
        return { kind: 'completed', variables: JSON.stringify(output) }
      } catch (error) {
        log(`${worker.type}: job ${job.key}: ${error instanceof Error ? error.name : 'unknown failure'}`)
        return outcomeOf(error, worker.errors, job)
      }
    },
  }
}

function outcomeOf(error: unknown, errors: Worker<unknown, unknown>['errors'], job: ActivatedJob): JobOutcome {
  if (error instanceof BpmnError) {
    if (!Object.hasOwn(errors, error.code))
      return incident(`Expected one of the declared errors, but ${error.code} was thrown.`)
    return thrown(error)
  }
  if (error instanceof Unsettled)
    return { ...incident(error.message), retries: job.retries, retryBackOffMs: error.retryInMs }
  const isFinal = error instanceof Refused || error instanceof Undecidable
  const retries = isFinal ? 0 : Math.max(job.retries - 1, 0)
  if (retries === 0 && Object.hasOwn(errors, SERVICE_DOWN)) return thrown(new BpmnError(SERVICE_DOWN, messageOf(error)))
  if (isFinal) return incident(error.message)
  return { ...incident(messageOf(error)), retries, retryBackOffMs: Math.max(backOffMs(retries), askedBackOffMs(error)) }
}

/** A platform that says when it wants to be asked again is left alone until then, within bounds. */
const askedBackOffMs = (error: unknown): number =>
  error instanceof Unavailable ? Math.min(error.retryInMs ?? 0, BACK_OFF_MAX_MS) : 0

const thrown = ({ code, message, data }: BpmnError): JobOutcome => ({
  ...{ kind: 'error', errorCode: code, errorMessage: message },
  variables: JSON.stringify({ ...data, messaggio: message }),
})

/** Without retries the engine raises an incident: only a person can go on. */
const incident = (errorMessage: string) =>
  ({ kind: 'failed', retries: 0, errorMessage, retryBackOffMs: 0 }) satisfies JobOutcome

const BACK_OFF_MAX_MS = 10 * 60_000
/** With the usual three retries: 10 seconds, then a minute. */
const backOffMs = (retriesLeft: number): number => Math.min(10_000 * 6 ** Math.max(2 - retriesLeft, 0), BACK_OFF_MAX_MS)

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : 'An unknown failure'

/** Names places, never values: they may be personal. */
function misshapen(type: string, error: z.ZodError): string {
  const faults = error.issues.map(({ path, message }) => `${path.join('.') || 'variables'}: ${message}`)
  return `Expected variables as ${type} reads them, but found ${faults.join('; ')}. Correct them and retry.`
}

declare global {
  interface JSON {
    rawJSON(text: string): unknown
    parse(
      text: string,
      reviver: (this: unknown, name: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
  }
}

/** More digits than a JavaScript number keeps. */
const LONG_NUMBER = /\d[\d.]{15,}/

/** JSON in which a number that would lose digits stays the text it is, so that what is hashed and archived is what was declared. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && LONG_NUMBER.test(source) ? JSON.rawJSON(source) : value,
  )
}
