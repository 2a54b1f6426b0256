/** Many random processes, on several threads. What comes out does not depend on how many. */
import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Simulated } from './simulation.ts'
import type { How } from './story.ts'
import { Counting, type Tally } from './tally.ts'

export interface Campaign {
  /** Of the first process; the others follow. */
  readonly seed: number
  readonly runs: number
  readonly paths: number
  /** Threads. */
  readonly jobs: number
  /** No other process begins when one has gone wrong. */
  readonly untilWrong?: boolean
}
/** What a thread answers for a seed. */
export type Answer = ({ readonly seed: number } & Simulated) | { readonly seed: number; readonly wrong: Wrong }
export interface Wrong {
  readonly seed: number
  readonly path: number
  readonly how: How
  /** Stack and all. */
  readonly text: string
}
export interface Outcome {
  /** By seed. */
  readonly wrong: readonly Wrong[]
  readonly happened: Tally
  readonly covered: Tally
  /** Of all logs in the order of the seeds. */
  readonly hash: string
}

/** @param done called after each process with how many are done */
export async function campaign(
  { seed: first, runs, paths, jobs, untilWrong = false }: Campaign,
  done: (count: number) => void = () => {},
): Promise<Outcome> {
  const answers: Answer[] = []
  let next = first
  const isEnough = () => next >= first + runs || (untilWrong && answers.some((answer) => 'wrong' in answer))
  const thread = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('campaign-thread.ts', import.meta.url), { workerData: paths })
      const ask = () => {
        if (isEnough()) worker.terminate().then(() => resolve(), reject)
        else worker.postMessage(next++)
      }
      worker.on('error', reject)
      worker.on('message', (answer: Answer) => {
        answers.push(answer)
        done(answers.length)
        ask()
      })
      ask()
    })
  await Promise.all(Array.from({ length: Math.min(jobs, runs) }, thread))
  return outcomeOf(answers.sort((one, other) => one.seed - other.seed))
}

function outcomeOf(answers: readonly Answer[]): Outcome {
  const happened = new Counting()
  const covered = new Counting()
  const hash = createHash('sha256')
  const wrong: Wrong[] = []
  for (const answer of answers) {
    if ('wrong' in answer) {
      wrong.push(answer.wrong)
      continue
    }
    for (const one of answer.hashes) hash.update(one)
    happened.addAll(answer.happened)
    covered.addAll(answer.covered)
  }
  return { wrong, happened, covered, hash: hash.digest('hex') }
}
