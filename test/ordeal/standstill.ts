/**
 * What an ordeal that failed leaves to read: which practices are open and at what, what waits, and what Iter said last. Short enough for
 * the log of a test run; never fails itself.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { IterProcess } from './iter-process.ts'
import type { Items, People } from './practices.ts'
import type { RestClient } from './rest-client.ts'

/** The program may have ended. */
const ASKING_MS_MAX = 60_000
const PRACTICES_MAX = 12
const LINE_MAX = 400
const LOG_LINES = 25

interface Place {
  readonly processInstanceKey: string
}
interface Element extends Place {
  readonly elementId: string
  readonly type: string
}
interface Job extends Place {
  readonly type: string
  readonly state: string
  readonly retries: number
  readonly errorMessage?: string | null
}
interface Incident extends Place {
  readonly errorType: string
  readonly errorMessage: string
}
interface Subscription extends Place {
  readonly messageName: string
}

export async function standstill(client: RestClient, people: People, iter: IterProcess): Promise<string> {
  const asking = new AbortController()
  const late = pause(ASKING_MS_MAX, undefined, { signal: asking.signal }).then(() => {
    throw new Error('it does not answer')
  })
  const open = await Promise.race([openIn(client, people), late]).catch((error: unknown) => [
    `What is open could not be asked: ${error instanceof Error ? error.message : error}`,
  ])
  asking.abort()
  late.catch(() => {})
  const said = iter.lastLines(LOG_LINES).map((line) => `  ${line}`)
  return [...open, 'Iter said last:', ...said].map((line) => line.slice(0, LINE_MAX)).join('\n')
}

async function openIn(client: RestClient, people: People): Promise<readonly string[]> {
  const search = async <T>(resource: string, filter: object): Promise<readonly T[]> =>
    (await client.once<Items<T>>('POST', `/${resource}/search`, { filter, page: { limit: 1_000 } })).items
  const unended = { state: { $in: ['CREATED', 'FAILED', 'RETRIES_UPDATED', 'TIMED_OUT'] } }
  const elements = await search<Element>('element-instances', { state: 'ACTIVE' })
  const found: readonly (Place & { readonly told: string })[] = [
    ...elements
      .filter(({ type }) => type !== 'PROCESS')
      .map((one) => ({ ...one, told: `at ${one.elementId} (${one.type})` })),
    ...(await search<Job>('jobs', unended)).map((one) => ({
      ...one,
      told: `job ${one.type} ${one.state}, ${one.retries} retries${one.errorMessage ? `: ${one.errorMessage}` : ''}`,
    })),
    ...(await search<Incident>('incidents', { state: 'ACTIVE' })).map((one) => ({
      ...one,
      told: `incident ${one.errorType}: ${one.errorMessage}`,
    })),
    ...(await search<Subscription>('message-subscriptions', { messageSubscriptionState: 'CREATED' })).map((one) => ({
      ...one,
      told: `awaits ${one.messageName}`,
    })),
  ]
  const byPractice = new Map<string, string[]>()
  for (const { processInstanceKey, told } of found) {
    const practice = await people.practiceOf(processInstanceKey)
    const name = practice === null ? 'no practice' : `${practice.id} (${practice.kind.name})`
    byPractice.set(name, [...(byPractice.get(name) ?? []), told])
  }
  const lines = [...byPractice].slice(0, PRACTICES_MAX).map(([name, told]) => `${name}: ${told.join('; ')}`)
  return [`${byPractice.size} practices are open:`, ...lines.map((line) => `  ${line}`)]
}
