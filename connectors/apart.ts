/**
 * Work on what strangers wrote, in a thread of its own: it may take neither the time of the engine, nor its memory, nor hold it up.
 *
 * Owns the thread and its bounds. Does not own the tasks (the module that calls `serve`).
 * Invariants
 * A1 One thread for a module, one task at a time, however many have opened it; what waits is as many as the callers are.
 * A2 A task that takes longer or needs more memory than it may is ended with its thread; the next one finds a new thread. A thread's
 *    heap has a limit of its own, what it inflates has none: so the program is watched while it works.
 * A3 An idle thread keeps no program alive.
 */
import { parentPort, Worker } from 'node:worker_threads'
import { Refused, Unavailable } from './effect.ts'

export interface ApartOptions {
  readonly timeoutMs?: number
  readonly memoryMbMax?: number
}
/** The tasks of a module: what each is given and resolves with can be cloned. */
export type Tasks<Names extends string = string> = Readonly<Record<Names, (input: never) => unknown>>
export interface Apart<Served extends Tasks> {
  /** Rejects with `Refused`, named after the error, when the task fails or needs too much, and with `Unavailable` when it takes too long. */
  run<Name extends keyof Served & string>(
    task: Name,
    input: Parameters<Served[Name]>[0],
  ): Promise<Awaited<ReturnType<Served[Name]>>>
  close(): Promise<void>
}

interface Asked {
  readonly task: string
  readonly input: unknown
}
type Answered = { readonly value: unknown } | { readonly name: string; readonly message: string }

/** One thread, for all who have opened its module with these bounds. */
interface Shared {
  thread: Worker | null
  last: Promise<unknown>
  handles: number
}
const shared = new Map<string, Shared>()

/** Opens nothing until the first task. The last to close ends the thread. */
export function openApart<Served extends Tasks>(
  module: URL,
  { timeoutMs = 20_000, memoryMbMax = 512 }: ApartOptions = {},
): Apart<Served> {
  const name = `${module.href} ${timeoutMs} ${memoryMbMax}`
  const own = shared.get(name) ?? { thread: null, last: Promise.resolve(), handles: 0 }
  shared.set(name, own)
  own.handles++
  let isOpen = true
  const started = (): Worker => {
    own.thread ??= new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: memoryMbMax } })
    return own.thread
  }
  const ended = async (): Promise<void> => {
    const old = own.thread
    own.thread = null
    await old?.terminate()
  }
  const perform = async (asked: Asked): Promise<Answered> => {
    const worker = started()
    worker.ref()
    try {
      return await answerOf(worker, asked, { timeoutMs, memoryMbMax })
    } catch (error) {
      await ended()
      throw error
    } finally {
      worker.unref()
    }
  }
  return {
    async run(task, input) {
      const turn = own.last.then(() => perform({ task, input }))
      own.last = turn.catch(() => {})
      const answer = await turn
      if ('value' in answer) return answer.value as never
      throw new Refused(answer.name, answer.message)
    },
    async close() {
      if (!isOpen) return
      isOpen = false
      own.handles--
      if (own.handles > 0) return
      shared.delete(name)
      await ended()
    },
  }
}

const WATCH_MS = 50

async function answerOf(
  worker: Worker,
  asked: Asked,
  { timeoutMs, memoryMbMax }: Required<ApartOptions>,
): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const failed = (error: Error) => reject(new Refused(error.name, tooMuch(asked.task, error)))
  const left = () => reject(new Unavailable(`Expected ${asked.task} to end, but its thread did.`))
  const tooLong = `Expected ${asked.task} to take at most ${timeoutMs} ms, but it takes longer. Try a shorter document.`
  const tooBig = `Expected ${asked.task} to need at most ${memoryMbMax} MB, but it needs more. Try a simpler document.`
  const before = process.memoryUsage.rss()
  const watch = () => {
    if (process.memoryUsage.rss() - before > memoryMbMax * 1024 * 1024) reject(new Unavailable(tooBig))
  }
  worker.on('message', resolve).on('error', failed).on('exit', left)
  const timer = setTimeout(() => reject(new Unavailable(tooLong)), timeoutMs)
  const watcher = setInterval(watch, WATCH_MS)
  try {
    worker.postMessage(asked)
    return await promise
  } finally {
    clearTimeout(timer)
    clearInterval(watcher)
    worker.off('message', resolve).off('error', failed).off('exit', left)
  }
}

const tooMuch = (task: string, { message }: Error): string =>
  `Expected ${task} to do with the memory it may use, but its thread ended: ${message}`

/** In the module of the thread: answers what is asked. */
export function serve(tasks: Tasks): void {
  parentPort?.on('message', async ({ task, input }: Asked) =>
    parentPort?.postMessage(await outcome(tasks[task], input)),
  )
}

async function outcome(task: Tasks[string] | undefined, input: unknown): Promise<Answered> {
  try {
    if (!task) throw new TypeError('Expected a task of this thread, but it has none of that name.')
    return { value: await task(input as never) }
  } catch (error) {
    return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: 'unknown' }
  }
}
