/**
 * One turn: a client's command, and whatever follows from it, until nothing does.
 *
 * Invariants
 * E4 A command yields events or exactly one rejection; a rejection leaves no event behind.
 * E3 The same state, command and time give the same turn.
 */
import type { Command, Event, Instant, Rejection } from '../protocol/records.ts'
import { run } from './commands/index.ts'
import type { Prepared } from './prepared.ts'
import {
  type Emitted,
  type Follow,
  type Models,
  type Notice,
  Processing,
  rejectionOf,
  type Settings,
  type Workers,
} from './processing.ts'
import { Miss } from './state/miss.ts'
import type { State } from './state/state.ts'

/** How many commands may follow from one; beyond it the turn is taken back. A loop without a wait state ends here. */
const FOLLOW_UPS_MAX = 100_000
/** Zeebe's `maxCommandsInBatch`. */
const FOLLOW_UPS_IN_ROW = 100

export interface Turn {
  readonly emitted: readonly Emitted[]
  readonly notices: readonly Notice[]
  /** Length of what was emitted. */
  readonly characters: number
  readonly rejection: Rejection | null
  /** The event that answers the client. */
  readonly answer: Event | null
}
export interface Engine {
  readonly state: State
  readonly models: Models
  readonly settings: Settings
}

/** Runs a command to quiet. Throws a Miss, with the state as it was before, when a row is not in memory. */
export function step(
  { state, models, settings }: Engine,
  command: Command,
  now: Instant,
  workers: Workers,
  prepared: Prepared | null = null,
): Turn {
  const mark = state.mark()
  const isLater = command.valueType === 'PROCESS_INSTANCE_BATCH' || command.valueType === 'SUSPENSION'
  const p = new Processing({ state, models, settings, now, workers, prepared, isLater, settle: runToQuiet })
  try {
    runToQuiet(p, command)
    const { emitted, notices, characters } = p
    return { emitted, notices, characters, rejection: null, answer: answerTo(command, emitted) }
  } catch (thrown) {
    state.undo(mark)
    if (thrown instanceof Miss) throw thrown
    return { emitted: [], notices: [], characters: 0, rejection: rejectionOf(command, thrown), answer: null }
  }
}

/**
 * Runs what follows in the order in which Zeebe does: commands follow one another up to a bound; then those that wait stand in line,
 * and what follows from one comes before the next (zeebe-traces: mi-large).
 */
function runToQuiet(p: Processing, command: Follow): void {
  const line: Follow[] = [command]
  let total = 0
  for (let first = line.shift(); first !== undefined; first = line.shift()) {
    let next: Follow | undefined = first
    for (let count = 1; next !== undefined; count++) {
      if (total++ > FOLLOW_UPS_MAX) throw new Error(`More than ${FOLLOW_UPS_MAX} commands follow from one`)
      run(p, next)
      next = count < FOLLOW_UPS_IN_ROW ? p.takeFollow() : undefined
    }
    for (let left = p.takeFollow(); left !== undefined; left = p.takeFollow()) line.push(left)
  }
}

/** The event of the command's own value type; the cancelled instance's for CANCEL. */
function answerTo(command: Command, emitted: readonly Emitted[]): Event | null {
  const own = emitted.find(
    ({ event }) => event.valueType === command.valueType && (command.key <= 0 || event.key === command.key),
  )
  if (command.valueType === 'MESSAGE_CORRELATION')
    return (
      emitted.find(({ event }) => event.valueType === 'MESSAGE_CORRELATION' && event.intent === 'CORRELATED')?.event ??
      null
    )
  if (command.valueType === 'RESOURCE_DELETION')
    return emitted.find(({ event }) => event.valueType === 'RESOURCE_DELETION')?.event ?? null
  return own?.event ?? emitted[0]?.event ?? null
}
