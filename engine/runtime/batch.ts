/**
 * Turns of one batch on their way to the store: what each command led to, and what is owed once it has committed.
 * Owns: positions, which records are stored and under which instance. Does not own: deciding, committing.
 */
import type { Prepared } from '../core/prepared.ts'
import type { HandedJob } from '../core/processing.ts'
import type { Batch } from '../core/state/journal.ts'
import type { Turn } from '../core/step.ts'
import type { GatewayError } from '../protocol/gateway.ts'
import type { Command, Instant, Key, LogRecord } from '../protocol/records.ts'
import type { Entry } from '../store/store.ts'

/** A command in the queue. */
export interface Pending {
  readonly command: Command
  /** The resources of a deployment, parsed. */
  readonly prepared: Prepared | null
  /** Clients' commands stand in the log, the clock's and the workers' do not. */
  readonly isStored: boolean
  /** An activation that finds no job leaves no trace. */
  readonly dropsEmpty: boolean
  /** Called once, after the commit. */
  settle(turn: Turn): void
  /** Called once, instead of `settle`: nothing of the command remains. */
  fail(error: GatewayError): void
}

export interface Finished {
  readonly pending: Pending
  readonly turn: Turn
}

export interface Computed {
  readonly finished: readonly Finished[]
  readonly entries: readonly Entry[]
  readonly journal: Batch
  readonly nextKey: Key
  /** Targets of claimed jobs, for the case that the batch fails. */
  readonly claims: readonly number[]
}

/** What a refused command keeps: a refusal belongs to no instance whose erasure would take the data along. */
function bare({ value, ...command }: Command): Command {
  const { variables: _, resources: __, ...rest } = value as { variables?: unknown; resources?: unknown }
  return { ...command, value: rest } as Command
}
/** The content of resources stands in the events that follow. */
const withoutContent = (command: Command): Command =>
  command.valueType === 'DEPLOYMENT' ? { ...command, value: { ...command.value, resources: [] } } : command

function recordsOf({ pending, turn }: Finished): readonly LogRecord[] {
  const { command, isStored } = pending
  if (turn.rejection !== null) {
    if (!isStored) return []
    const refused = bare(command)
    return [
      { ...refused, recordType: 'COMMAND' },
      { ...refused, recordType: 'COMMAND_REJECTION', rejection: turn.rejection },
    ]
  }
  const events = turn.emitted.map(({ event }) => event)
  return isStored ? [{ ...withoutContent(command), recordType: 'COMMAND' }, ...events] : events
}

/** Entries with positions from `first` on. */
export function entriesOf(finished: readonly Finished[], first: number, timestamp: Instant): readonly Entry[] {
  const entries: Entry[] = []
  for (const one of finished) {
    const { emitted } = one.turn
    const commandPosition = one.pending.isStored ? first + entries.length : -1
    // The command stands in the section of the instance it led to.
    const sections = one.pending.isStored ? [emitted[0], ...emitted] : emitted
    for (const [index, record] of recordsOf(one).entries()) {
      const { processInstanceKey = -1, rootProcessInstanceKey = -1 } = sections[index] ?? {}
      const sourceRecordPosition = record.recordType === 'COMMAND' ? -1 : commandPosition
      const position = first + entries.length
      entries.push({ position, sourceRecordPosition, timestamp, processInstanceKey, rootProcessInstanceKey, record })
    }
  }
  return entries
}

/** Jobs handed out in a batch, by the worker that claimed them. */
export function handedJobs(finished: readonly Finished[]): ReadonlyMap<number, readonly HandedJob[]> {
  const handed = new Map<number, HandedJob[]>()
  for (const { turn } of finished) {
    for (const notice of turn.notices) {
      if (notice.kind !== 'jobHanded') continue
      const jobs = handed.get(notice.target)
      if (jobs) jobs.push(notice.job)
      else handed.set(notice.target, [notice.job])
    }
  }
  return handed
}
