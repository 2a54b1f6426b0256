/**
 * Workers at the speed of the engine. Owns: what real workers answered, and giving the same answers to many practices, so that these
 * leave the same rows in the engine, in the ledger and among the documents. Does not own: which practices there are (practices.ts).
 * Invariants
 * A1 An answer is found by process, element and job type; a job nobody has answered before is an error, never a guess.
 * A2 Every id and number that the answer held is another for each practice: documents, protocol numbers, messages.
 * A3 Dates are those of the day on which the answer is given.
 * Reduced: the documents of these practices have no bytes, and the sandboxes of the platforms never hear of them.
 */
import type { Knex } from 'knex'
import { type JobWorker, report } from '../../../connectors/zeebe/index.ts'
import type { ActivatedJob, Gateway } from '../../../engine/protocol/gateway.ts'
import { calculateTerms } from '../../../workers/termini/calcola.ts'
import { jobWorker } from '../../../workers/worker.ts'
import type { TownUnderTest } from '../../pages/town.ts'

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const INSTANT = /"\d{4}-\d\d-\d\dT[\d:.]+Z"/g
const JOBS_AT_ONCE = 500
const LANES = 32
const JOB_TIMEOUT_MS = 600_000

interface Answer {
  readonly type: string
  readonly variables: string
  /** Of the practice that was answered; empty for what is no practice's. */
  readonly practice: string
}

interface Effect {
  readonly operation: string
  readonly outcome: unknown
}

/** Rows beside the engine's, until they are written. */
interface Beside {
  readonly documents: { readonly from: string; readonly to: string; readonly practice: string }[]
  readonly effects: { readonly key: string; readonly effect: Effect }[]
}

/** Calls for each, so many at once. */
export async function forEachOf<T>(all: Iterable<T>, lanes: number, call: (one: T) => Promise<unknown>): Promise<void> {
  const rest = all[Symbol.iterator]()
  const lane = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await call(next.value)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

export class StandIns {
  readonly #town: TownUnderTest
  readonly #gateway: Gateway
  readonly #database: Knex
  /** Dates are of the day: that worker is a pure function, which works itself. */
  readonly #terms: JobWorker
  readonly #answers = new Map<string, Answer>()
  readonly #effects = new Map<string, Effect>()
  readonly #documents = new Set<string>()
  /** New ids of a practice by those of the practice that was answered. */
  readonly #ids = new Map<string, Map<string, string>>()
  #number = 0

  private constructor(town: TownUnderTest) {
    this.#town = town
    this.#gateway = town.gateway
    this.#database = town.database
    this.#terms = jobWorker(calculateTerms(town.town.calendario), () => {})
  }

  /** Listens to what the workers answer while `work` lasts; afterwards they should rest. */
  static async learn(town: TownUnderTest, work: () => Promise<void>): Promise<StandIns> {
    const standIns = new StandIns(town)
    const { gateway } = town
    const { completeJob } = gateway
    const heard: Gateway['completeJob'] = async (key, variables = '{}', result) => {
      const job = await gateway.query.get('jobs', key)
      const practice = await practiceOf(gateway, String(job?.processInstanceKey))
      standIns.#answers.set(placeOf(job?.processDefinitionId, job?.elementId, job?.type), {
        type: String(job?.type),
        variables,
        practice,
      })
      return completeJob.call(gateway, key, variables, result)
    }
    Object.assign(gateway, { completeJob: heard })
    try {
      await work()
    } finally {
      Object.assign(gateway, { completeJob })
    }
    await standIns.#readBeside()
    return standIns
  }

  async #readBeside(): Promise<void> {
    const documents: { id: string }[] = await this.#database('document.document').select('id')
    for (const { id } of documents) this.#documents.add(id)
    const effects: { key: string; operation: string; outcome: unknown }[] = await this.#database(
      'ledger.effect',
    ).select('key', 'operation', 'outcome')
    for (const { key, operation, outcome } of effects)
      this.#effects.set(key.split('/')[1] ?? '', { operation, outcome })
  }

  /** Answers until no job is left. `isTroubled`: whose job fails for good, so that an incident stands. */
  async work(isTroubled: (practice: string, elementId: string) => boolean): Promise<void> {
    const beside: Beside = { documents: [], effects: [] }
    const types = [...new Set([...this.#answers.values()].map(({ type }) => type))]
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (const type of types) {
        const jobs = await this.#gateway.activateJobs({
          ...{
            type,
            worker: 'stand-in',
            timeoutMs: JOB_TIMEOUT_MS,
            maxJobsToActivate: JOBS_AT_ONCE,
            requestTimeoutMs: -1,
          },
          ...(type !== this.#terms.type && { fetchVariables: ['pratica'] }),
        })
        isBusy ||= jobs.length > 0
        await forEachOf(jobs, LANES, (job) => this.#do(job, beside, isTroubled))
      }
    }
    await this.#write(beside)
  }

  async #do(job: ActivatedJob, beside: Beside, isTroubled: (practice: string, elementId: string) => boolean) {
    if (job.type === this.#terms.type) return report(this.#gateway, job, await this.#terms.handle(job))
    const place = placeOf(job.bpmnProcessId, job.elementId, job.type)
    const answer = this.#answers.get(place)
    if (answer?.practice === '') return this.#gateway.completeJob(job.key, answer.variables)
    const practice = (JSON.parse(job.variables) as { pratica?: { id?: string } }).pratica?.id
    if (practice === undefined) throw new Error(`Expected job ${job.type} to know its practice, but it does not`)
    if (isTroubled(practice, job.elementId))
      return this.#gateway.failJob(job.key, {
        retries: 0,
        errorMessage: 'Expected the platform to answer, but it is away',
      })
    if (answer === undefined)
      throw new Error(`Expected an answer to ${place}, but no worker was heard there. Let a learned practice pass it.`)
    const effect = this.#effects.get(job.elementId)
    if (effect) beside.effects.push({ key: `${practice}/${job.elementId}/${job.key}`, effect })
    return this.#gateway.completeJob(job.key, this.#retold(answer, practice, beside))
  }

  #retold({ variables, practice: told }: Answer, practice: string, beside: Beside): string {
    const ids = this.#ids.get(practice) ?? new Map([[told, practice]])
    this.#ids.set(practice, ids)
    const others = variables.replace(UUID, (from) => {
      const to = ids.get(from) ?? crypto.randomUUID()
      if (!ids.has(from) && this.#documents.has(from)) beside.documents.push({ from, to, practice })
      ids.set(from, to)
      return to
    })
    const dated = others.replace(INSTANT, `"${new Date(this.#town.now()).toISOString()}"`)
    return dated.replace(
      /("numero":")\d{7}"/g,
      (_, name: string) => `${name}${String(++this.#number + 100).padStart(7, '0')}"`,
    )
  }

  async #write({ documents, effects }: Beside): Promise<void> {
    await this.#database.raw(
      `INSERT INTO document.document (id, practice, name, media_type, bytes, sha256, created_at)
       SELECT copy.id, copy.practice, name, media_type, bytes, sha256, created_at
       FROM unnest(?::uuid[], ?::uuid[], ?::text[]) AS copy (of, id, practice) JOIN document.document d ON d.id = copy.of`,
      [documents.map(({ from }) => from), documents.map(({ to }) => to), documents.map(({ practice }) => practice)],
    )
    await this.#database.raw(
      `INSERT INTO ledger.effect (key, operation, outcome, called_at, settled_at)
       SELECT key, operation, outcome, now(), now() FROM unnest(?::text[], ?::text[], ?::jsonb[]) AS e (key, operation, outcome)`,
      [
        effects.map(({ key }) => key),
        effects.map(({ effect }) => effect.operation),
        effects.map(({ effect }) => JSON.stringify(effect.outcome)),
      ],
    )
  }
}

const placeOf = (process: unknown, element: unknown, type: unknown): string => `${process}/${element}/${type}`

async function practiceOf(gateway: Gateway, processInstanceKey: string): Promise<string> {
  const filter = [
    { field: 'processInstanceKey', operator: '$eq' as const, value: processInstanceKey },
    { field: 'name', operator: '$eq' as const, value: 'pratica' },
  ]
  const [row] = (await gateway.query.search('variables', { filter, sort: [], page: { limit: 1 } })).items
  return (JSON.parse(String(row?.value ?? '{}')) as { id?: string }).id ?? ''
}
