/**
 * What was begun and never sent goes when its time is over: drafts, what clerks typed into tasks that are over, files of forms that were
 * abandoned. Personal data stay only as long as they are needed (Reg. UE 2016/679 art. 5 par. 1 lett. e).
 *
 * Owns: how long a file waits, when it is looked for. Does not own: the life of a draft (store/drafts.ts), files of practices.
 * Invariants
 * W1 A file that a practice, a draft of anybody or a variable names is never removed; whether a practice has it is asked once more by
 *    the statement that removes it.
 * W2 One run looks at so many at most; the next goes on where it ended, so that what is kept hides nothing.
 * Cost: what is sent here belongs to a practice or an instance before the engine hears of it, so that a file of neither can be named
 * by a foreign client's variable alone. Only an instance that lived after the file came can name it: what was over before, which is
 * most of what a town has, is not read. What is found named is not looked for again for a while.
 * W3 Time is the town's. That somebody looks now and then is real time.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Condition, Page } from '../../engine/protocol/query.ts'
import { forgetExpired } from './citizen/drafts.ts'
import { startOfToken } from './form/upload/token.ts'
import type { TownHall } from './page.ts'

/** A page that was left open is sent within a few days or not at all; a draft keeps its files as long as it lives. */
export const UNSENT_FILE_DAYS = 7
const ENDED_TASK_DAYS = 7
const DAY_MS = 86_400_000
/** Of one run. Each file is one more pattern for every variable of the instances that are looked at. */
const FILES_MAX = 25
const TASKS_MAX = 100
const NAMED_DAYS = 30
/** Of one search. */
const INSTANCES_LISTED = 5_000
const INSTANCES_READ = 500
const DRAFT_ROUNDS_MAX = 10
/** Variables of so many instances that name some of the files of one run; when there are more, none of the files is removed. */
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
  const named = namedFiles(hall)
  return {
    async run() {
      const drafts = await sweepDrafts(hall)
      const tasks = await hall.taskDrafts.tasksBefore(daysAgo(hall, ENDED_TASK_DAYS), lastTask, TASKS_MAX)
      lastTask = tasks.length < TASKS_MAX ? null : tasks.at(-1)!
      const taskDrafts = await hall.taskDrafts.dropAll(await overAmong(hall, tasks))
      const files = await hall.documents.unsent(daysAgo(hall, UNSENT_FILE_DAYS), lastFile, FILES_MAX)
      lastFile = files.length < FILES_MAX ? null : files.at(-1)!
      return { drafts, taskDrafts, files: await hall.documents.removeUnsent(await named.among(files)) }
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

/** Files that something names stay; whether one is still named is asked again after a while. */
function namedFiles(hall: Swept) {
  const askedAgainAt = new Map<string, number>()
  return {
    /** Those that nobody and nothing names. */
    async among(files: readonly string[]): Promise<readonly string[]> {
      for (const [id, at] of askedAgainAt) if (at <= hall.now()) askedAgainAt.delete(id)
      const unasked = await inNoDraft(
        hall,
        files.filter((id) => !askedAgainAt.has(id)),
      )
      const unnamed = await inNoVariable(hall, unasked)
      if (unnamed === null) return []
      const free = new Set(unnamed)
      for (const id of unasked) if (!free.has(id)) askedAgainAt.set(id, hall.now() + NAMED_DAYS * DAY_MS)
      return unnamed
    },
  }
}

async function inNoDraft(hall: Swept, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  // What a page carries for a file: its token, or its id where the file was there before.
  const texts = new Map(ids.flatMap((id) => [[startOfToken(id), id] as const, [id, id] as const]))
  const typed = [...(await hall.drafts.naming([...texts.keys()])), ...(await hall.taskDrafts.naming([...texts.keys()]))]
  const drafted = new Set(typed.map((text) => texts.get(text)))
  return ids.filter((id) => !drafted.has(id))
}

/** Null when more variables name them than one looks at. */
async function inNoVariable(hall: Swept, ids: readonly string[]): Promise<readonly string[] | null> {
  if (ids.length === 0) return []
  const files = await Promise.all(ids.map((id) => hall.documents.describe(id)))
  const since = files.flatMap((file) => file?.creato ?? []).toSorted()[0]
  if (since === undefined) return []
  let unnamed = ids
  for await (const instances of livingSince(hall, since)) {
    if (unnamed.length === 0) break
    const values = await valuesNaming(hall, instances, unnamed)
    if (values === null) return null
    unnamed = unnamed.filter((id) => !values.some((value) => value.includes(id)))
  }
  return unnamed
}

/** Keys of the instances that run, then of those that ended since: one that ends meanwhile is among these. `since`: ISO instant. */
async function* livingSince({ gateway }: Swept, since: string): AsyncGenerator<readonly string[]> {
  const sides: readonly (readonly Condition[])[] = [
    [{ field: 'state', operator: '$in', value: ['ACTIVE', 'SUSPENDED'] }],
    [
      { field: 'state', operator: '$in', value: ['COMPLETED', 'TERMINATED'] },
      { field: 'endDate', operator: '$gte', value: since },
    ],
  ]
  for (const filter of sides)
    for (let after: string | null = null, isMore = true; isMore; ) {
      const page: Page = await gateway.query.search('process-instances', {
        ...{ filter, sort: [] },
        page: { limit: INSTANCES_LISTED, ...(after !== null && { after }) },
      })
      const keys = page.items.map((row) => String(row.processInstanceKey))
      for (let from = 0; from < keys.length; from += INSTANCES_READ) yield keys.slice(from, from + INSTANCES_READ)
      after = page.endCursor
      isMore = after !== null && keys.length === INSTANCES_LISTED
    }
}

async function valuesNaming(
  { gateway }: Swept,
  instances: readonly string[],
  ids: readonly string[],
): Promise<readonly string[] | null> {
  const { items, totalItems } = await gateway.query.search('variables', {
    filter: [{ field: 'processInstanceKey', operator: '$in', value: instances }],
    or: ids.map((id) => [{ field: 'value', operator: '$like' as const, value: `*${id}*` }]),
    sort: [],
    page: { limit: NAMING_MAX },
  })
  if (totalItems > items.length) return null
  return Promise.all(
    items.map(async (row) => {
      const whole = row.isTruncated === true ? await gateway.query.get('variables', String(row.variableKey)) : row
      return String((whole ?? row).value)
    }),
  )
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
