/** A thread of campaign.ts: is told a seed, answers with what became of it, and is told the next. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Answer } from './campaign.ts'
import { simulate, WrongStory } from './simulation.ts'

const paths = workerData as number

async function answerTo(seed: number): Promise<Answer> {
  try {
    return { seed, ...(await simulate(seed, paths)) }
  } catch (error) {
    if (!(error instanceof WrongStory)) throw error
    const { path, how, cause } = error
    return { seed, wrong: { seed, path, how, text: cause instanceof Error ? String(cause.stack) : String(cause) } }
  }
}

parentPort!.on('message', async (seed: number) => parentPort!.postMessage(await answerTo(seed)))
