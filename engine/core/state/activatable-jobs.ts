/** Which jobs a worker may have next. */
import type { Key } from '../../protocol/records.ts'
import { Miss } from './miss.ts'
import type { Job } from './rows.ts'
import { text } from './tables.ts'

/** So many activatable jobs of a type the store answers at once. */
export const JOB_WINDOW = 1_000

/**
 * Activatable jobs by tenant and type, oldest key first. `keys` holds all up to `upTo`, of memory and store alike; `beyond` those
 * of memory alone that lie above it, where the store may have more between them.
 */
export class ActivatableJobs {
  readonly #queues = new Map<string, { keys: Key[]; beyond: Key[]; upTo: Key }>()
  readonly #whole: boolean
  constructor(whole: boolean) {
    this.#whole = whole
  }

  #queue(tenantId: string, type: string) {
    const name = text(tenantId, type)
    let queue = this.#queues.get(name)
    if (queue === undefined) {
      queue = { keys: [], beyond: [], upTo: this.#whole ? Number.POSITIVE_INFINITY : -1 }
      this.#queues.set(name, queue)
    }
    return queue
  }
  observe(before: Job | undefined, after: Job | undefined): void {
    const was = before?.state === 'ACTIVATABLE'
    const is = after?.state === 'ACTIVATABLE'
    if (was === is) return
    const { key, tenantId, type } = (is ? after : before)!
    const queue = this.#queue(tenantId, type)
    const keys = key <= queue.upTo ? queue.keys : queue.beyond
    if (is) insertSorted(keys, key)
    else removeSorted(keys, key)
  }
  clear(): void {
    this.#queues.clear()
  }
  /** Up to `limit` keys (at most a window of them), oldest first. Throws a Miss when the window holds fewer and the store may have more. */
  oldest(tenantId: string, type: string, limit: number): readonly Key[] {
    const queue = this.#queue(tenantId, type)
    if (queue.keys.length < Math.min(limit, JOB_WINDOW) && queue.upTo !== Number.POSITIVE_INFINITY)
      throw new Miss({ kind: 'jobs', tenantId, type, above: queue.upTo })
    return queue.keys.slice(0, Math.min(limit, JOB_WINDOW))
  }
  windowLoaded(tenantId: string, type: string, upTo: Key): void {
    const queue = this.#queue(tenantId, type)
    queue.upTo = upTo
    const within = slot(queue.beyond, upTo + 1)
    for (const key of queue.beyond.splice(0, within)) insertSorted(queue.keys, key)
  }
}

function slot(keys: readonly Key[], key: Key): number {
  if (keys.length === 0 || keys[keys.length - 1]! < key) return keys.length
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
function insertSorted(keys: Key[], key: Key): void {
  const at = slot(keys, key)
  if (keys[at] !== key) keys.splice(at, 0, key)
}
function removeSorted(keys: Key[], key: Key): void {
  const at = slot(keys, key)
  if (keys[at] === key) keys.splice(at, 1)
}
