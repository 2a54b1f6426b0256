/**
 * A step an analyst can pick: a job type with its worker, or a call activity with its interface. Owns what both have in common, for
 * template and page. Does not own how either looks.
 */
import { readFile } from 'node:fs/promises'
import type { Connectors } from '../../connectors/index.ts'
import { sharedProcesses } from '../../processes/shared-processes.ts'
import { loadTown } from '../../processes/town.ts'
import { jobWorkers } from '../index.ts'
import type { DescribedWorker } from '../worker.ts'
import { type Field, fieldsOf, fieldsOfJsonSchema } from './fields.ts'

export interface Step {
  /** `job`: a job type of a service task. `process`: the id a call activity calls. */
  readonly kind: 'job' | 'process'
  readonly id: string
  /** Key of `AREAS`. */
  readonly area: string
  readonly title: string
  readonly purpose: string
  /** Null for a process: its steps have their own. */
  readonly effect: DescribedWorker['effect'] | null
  readonly inputs: readonly Field[]
  readonly outputs: readonly Field[]
  /** BPMN error codes, and when. */
  readonly errors: Readonly<Record<string, string>>
}

/** The town's workers, told but not at work: nothing is connected. */
export async function describedWorkers(): Promise<readonly DescribedWorker[]> {
  const gateway = { publishMessage: absent }
  return jobWorkers({ gateway, town: await loadTown(), connectors: nowhere, now: () => 0, log: () => {} })
}
const absent = (): never => {
  throw new Error('Expected only to tell what the workers do, but one was set to work.')
}
/** Stands for every connector until one is called. */
const nowhere = new Proxy(absent as object, { get: () => nowhere }) as Connectors

/** Every step that is delivered, by id. */
export async function everyStep(): Promise<readonly Step[]> {
  const steps = [...(await describedWorkers()).map(stepOfWorker), ...(await stepsOfProcesses())]
  return steps.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

export function stepOfWorker(worker: DescribedWorker): Step {
  const { type, title, purpose, effect, input, output, errors } = worker
  return {
    ...{ kind: 'job', id: type, area: type.slice(0, type.indexOf('.')), title, purpose, effect, errors },
    inputs: told(type, () => fieldsOf(input, 'input')),
    outputs: told(type, () => fieldsOf(output, 'output')),
  }
}

async function stepsOfProcesses(): Promise<readonly Step[]> {
  const processes = await sharedProcesses()
  return processes.map(({ id, title, scopo, ingresso, uscita, errori }) => ({
    ...{ kind: 'process', id, area: 'comuni', title, purpose: scopo, effect: null, errors: errori },
    inputs: told(id, () => fieldsOfJsonSchema(ingresso)),
    outputs: told(id, () => fieldsOfJsonSchema(uscita)),
  }))
}

function told(id: string, read: () => readonly Field[]): readonly Field[] {
  try {
    return read()
  } catch (error) {
    throw new Error(`${id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Grows with each release, so that the Modeler offers the newer template: 1.2.3 is 10203. */
export async function templateVersion(): Promise<number> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const [major = 0, minor = 0, patch = 0] = (JSON.parse(text) as { readonly version: string }).version
    .split('.')
    .map(Number)
  return major * 10_000 + minor * 100 + patch
}
