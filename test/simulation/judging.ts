/** What the reference interpreter is shown of a world: its log as it grows, and what the rows wait for when it rests. */
import type { MemoryStore } from '../../engine/store/memory.ts'
import type { Judge, Waiting } from './reference/judge.ts'
import type { LogRecord } from './reference/log.ts'

export async function rests(judge: Judge, store: MemoryStore): Promise<void> {
  for (const { record, timestamp } of await store.read(judge.read, Number.MAX_SAFE_INTEGER))
    judge.observe(record as LogRecord, timestamp)
  judge.rest(waitingOf(store))
}

const waitingOf = (store: MemoryStore): Waiting => [
  // An inner instance of an ad-hoc sub-process is called after it.
  ...store.rows('elementInstance').map(({ key, elementId }) => `instance ${elementId.split('#')[0]} ${key}`),
  ...store.rows('job').map(({ jobKind, elementInstanceKey }) => `job ${jobKind} ${elementInstanceKey}`),
  ...store.rows('incident').map(({ errorType, elementInstanceKey }) => `incident ${errorType} ${elementInstanceKey}`),
  ...store.rows('userTask').map(({ state, elementInstanceKey }) => `task ${state} ${elementInstanceKey}`),
  ...store
    .rows('timer')
    .map(
      ({ targetElementId, dueDate, elementInstanceKey }) => `timer ${targetElementId} ${dueDate} ${elementInstanceKey}`,
    ),
  ...store
    .rows('signalSubscription')
    .filter(({ catchEventInstanceKey }) => catchEventInstanceKey > 0)
    .map((row) => `signal ${row.signalName} ${row.catchEventId} ${row.catchEventInstanceKey}`),
  ...store
    .rows('conditionalSubscription')
    .map((row) => `condition ${row.variableNames} ${row.catchEventId} ${row.elementInstanceKey}`),
  ...store
    .rows('subscription')
    .filter(({ state }) => state !== 'DELETING')
    .map((row) => `message ${row.messageName} ${row.correlationKey} ${row.elementId} ${row.elementInstanceKey}`),
]
