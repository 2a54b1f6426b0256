/**
 * What was begun and never sent goes when its time is over: drafts, what clerks typed into tasks that are over, files of forms that were
 * abandoned. Personal data stay only as long as they are needed (Reg. UE 2016/679 art. 5 par. 1 lett. e).
 *
 * Owns: how long a file waits, when it is looked for. Does not own: the life of a draft (store/drafts.ts), files of practices.
 * Invariants
 * W1 A file that a practice, a draft of anybody or a variable names is never removed; whether a practice has it is asked once more by
 *    the statement that removes it.
 * W2 One run looks at so many at most; the next goes on where it ended, so that what is kept hides nothing.
 * W3 Time is the town's. That somebody looks now and then is real time.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { forgetExpired } from './citizen/drafts.ts'
import { startOfToken } from './form/upload/token.ts'
import type { TownHall } from './page.ts'

/** A page that was left open is sent within a few days or not at all; a draft keeps its files as long as it lives. */
export const UNSENT_FILE_DAYS = 7
const ENDED_TASK_DAYS = 7
const DAY_MS = 86_400_000
/** Of one run. */
const FILES_MAX = 100
const TASKS_MAX = 100
const DRAFT_ROUNDS_MAX = 10
/** Variables that name some of the files of one run; when there are more, none of the files is removed. */
const NAMING_MAX = 1_000
export const SWEEP_MS = 3_600_000

type Swept = Pick<TownHall, 'gateway' | 'documents' | 'attachments' | 'drafts' | 'taskDrafts' | 'now'>

/** How many were removed. */
export interface Removed {
  readonly drafts: number
  readonly taskDrafts: number
  readonly files: number
}

export interface Sweeper {
  run(): Promise<Removed>
}

export function sweeper(hall: Swept): Sweeper {
  let lastFile: string | null = null
  let lastTask: string | null = null
  return {
    async run() {
      const drafts = await sweepDrafts(hall)
      const tasks = await hall.taskDrafts.tasksBefore(daysAgo(hall, ENDED_TASK_DAYS), lastTask, TASKS_MAX)
      lastTask = tasks.length < TASKS_MAX ? null : tasks.at(-1)!
      const taskDrafts = await hall.taskDrafts.dropAll(await overAmong(hall, tasks))
      const files = await hall.documents.unsent(daysAgo(hall, UNSENT_FILE_DAYS), lastFile, FILES_MAX)
      lastFile = files.length < FILES_MAX ? null : files.at(-1)!
      return { drafts, taskDrafts, files: await hall.documents.removeUnsent(await namedByNobody(hall, files)) }
    },
  }
}

const daysAgo = ({ now }: Swept, days: number): Date => new Date(now() - days * DAY_MS)

async function sweepDrafts(hall: Swept): Promise<number> {
  let removed = 0
  for (let round = 0; round < DRAFT_ROUNDS_MAX; round++) {
    const found = await forgetExpired(hall)
    removed += found
    if (found === 0) break
  }
  return removed
}

/** Those that nobody can complete any more. */
async function overAmong({ gateway }: Swept, tasks: readonly string[]): Promise<readonly string[]> {
  if (tasks.length === 0) return []
  const { items } = await gateway.query.search('user-tasks', {
    filter: [
      { field: 'userTaskKey', operator: '$in', value: tasks },
      { field: 'state', operator: '$in', value: ['CREATED', 'ASSIGNING', 'UPDATING', 'COMPLETING', 'CREATING'] },
    ],
    sort: [],
    page: { limit: tasks.length },
  })
  const open = new Set(items.map((row) => row.userTaskKey))
  return tasks.filter((task) => !open.has(task))
}

async function namedByNobody(hall: Swept, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  // What a page carries for a file: its token, or its id where the file was there before.
  const texts = new Map(ids.flatMap((id) => [[startOfToken(id), id] as const, [id, id] as const]))
  const typed = [...(await hall.drafts.naming([...texts.keys()])), ...(await hall.taskDrafts.naming([...texts.keys()]))]
  const drafted = new Set(typed.map((text) => texts.get(text)))
  return notInVariables(
    hall,
    ids.filter((id) => !drafted.has(id)),
  )
}

async function notInVariables({ gateway }: Swept, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const { items, totalItems } = await gateway.query.search('variables', {
    filter: [],
    or: ids.map((id) => [{ field: 'value', operator: '$like' as const, value: `*${id}*` }]),
    sort: [],
    page: { limit: NAMING_MAX },
  })
  if (totalItems > items.length) return []
  const values = await Promise.all(
    items.map(async (row) =>
      row.isTruncated === true ? ((await gateway.query.get('variables', String(row.variableKey))) ?? row) : row,
    ),
  )
  return ids.filter((id) => !values.some(({ value }) => String(value).includes(id)))
}

export interface SweepLoop {
  close(): Promise<void>
}

/** Runs at once and then again and again until it is closed; what fails is tried the next time. */
export function startSweeping(
  sweep: Sweeper,
  { log, everyMs = SWEEP_MS }: { readonly log: (line: string) => void; readonly everyMs?: number | undefined },
): SweepLoop {
  const closing = new AbortController()
  const { signal } = closing
  const running = (async () => {
    while (!signal.aborted) {
      try {
        const { drafts, taskDrafts, files } = await sweep.run()
        if (drafts + taskDrafts + files > 0)
          log(
            `pages: removed what was never sent (drafts: ${drafts}, of tasks that are over: ${taskDrafts}, files: ${files})`,
          )
      } catch (error) {
        log(`pages: what was never sent was not swept: ${error instanceof Error ? error.name : 'unknown failure'}`)
      }
      await pause(everyMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async close() {
      closing.abort()
      await running
    },
  }
}
