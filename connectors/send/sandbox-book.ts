/**
 * What SEND in the sandbox has: files, notifications with the states they have come to, streams. A fold over its journal, so that it
 * outlives a kill. Owns the passing of states into the journal; not when they come (sandbox-course.ts), nor shapes (sandbox-rules.ts).
 * Invariants
 * B1 A reference stands for one notification for ever; so does the number of a payment notice, unless its request was refused.
 * B2 A state is written when somebody looks, with the time at which it began; once.
 * B3 What was read or cancelled goes no further; a notice that had its effect by time may still be read, one that was read be cancelled.
 */
import type { Journal } from '../journal.ts'
import { cancelledAt, courseOf, readAt, type Step } from './sandbox-course.ts'
import type { Refusal, RequestModel, StoredFile, StreamModel } from './sandbox-rules.ts'

/** One line of the journal; `at`: when it was written. */
export type SendJournalEntry = { readonly at: string } & (
  | {
      readonly operazione: 'prenotato'
      readonly chiave: string
      readonly segreto: string
      readonly impronta: string
      readonly tipo: string
    }
  | ({ readonly operazione: 'caricato'; readonly chiave: string; readonly base64: string } & StoredFile)
  | {
      readonly operazione: 'richiesta'
      readonly id: string
      readonly iun: string
      readonly richiesta: RequestModel
      readonly rifiuti: readonly Refusal[]
    }
  | ({ readonly operazione: 'stato'; readonly iun: string; readonly dal: string } & Omit<Step, 'at'>)
  | { readonly operazione: 'accesso' | 'annullamento'; readonly iun: string }
  | { readonly operazione: 'flusso'; readonly id: string; readonly flusso: StreamModel }
  | { readonly operazione: 'letto'; readonly id: string; readonly fino: number }
)
type EntryOf<Operation extends SendJournalEntry['operazione']> = Extract<SendJournalEntry, { operazione: Operation }>
export type StateEntry = EntryOf<'stato'>

export interface Posted {
  readonly id: string
  readonly iun: string
  readonly richiesta: RequestModel
  readonly rifiuti: readonly Refusal[]
  readonly requestedAt: number
  /** Oldest first, as far as the journal knows. */
  readonly stati: readonly StateEntry[]
  readonly accesso: number | null
  readonly annullamento: number | null
}
export interface Stream {
  readonly id: string
  readonly flusso: StreamModel
  readonly createdAt: string
  /** Its events are behind this place of the journal. */
  readonly from: number
  /** What was read up to here is gone. */
  readonly readTo: number
}
export interface Book {
  readonly posted: readonly Posted[]
  readonly streams: readonly Stream[]
  booking(chiave: string): EntryOf<'prenotato'> | undefined
  file(chiave: string): EntryOf<'caricato'> | undefined
  byIun(iun: string): Posted | undefined
  byReference(protocollo: string, token: string | undefined): Posted | undefined
  /** Places in the journal and what stands there. */
  states(): readonly (readonly [place: number, entry: StateEntry])[]
}

export function bookOf({ entries }: Journal<SendJournalEntry>): Book {
  const bookings = new Map<string, EntryOf<'prenotato'>>()
  const files = new Map<string, EntryOf<'caricato'>>()
  const posted = new Map<string, Posted>()
  const streams = new Map<string, Stream>()
  const states: (readonly [number, StateEntry])[] = []
  const change = (iun: string, changed: (before: Posted) => Partial<Posted>) => {
    const before = posted.get(iun)
    if (before) posted.set(iun, { ...before, ...changed(before) })
  }
  for (const [place, entry] of entries.entries()) {
    switch (entry.operazione) {
      case 'prenotato':
        bookings.set(entry.chiave, entry)
        break
      case 'caricato':
        files.set(entry.chiave, entry)
        break
      case 'richiesta': {
        const { id, iun, richiesta, rifiuti } = entry
        const fresh = { stati: [], accesso: null, annullamento: null }
        posted.set(iun, { id, iun, richiesta, rifiuti, requestedAt: Date.parse(entry.at), ...fresh })
        break
      }
      case 'stato':
        states.push([place, entry])
        change(entry.iun, ({ stati }) => ({ stati: [...stati, entry] }))
        break
      case 'accesso':
      case 'annullamento':
        change(entry.iun, (before) => ({ [entry.operazione]: before[entry.operazione] ?? Date.parse(entry.at) }))
        break
      case 'flusso': {
        const { id, flusso, at } = entry
        streams.set(id, { id, flusso, createdAt: at, from: place, readTo: place })
        break
      }
      case 'letto': {
        const stream = streams.get(entry.id)
        if (stream) streams.set(entry.id, { ...stream, readTo: Math.max(stream.readTo, entry.fino) })
        break
      }
    }
  }
  const all = [...posted.values()]
  return {
    ...{ posted: all, streams: [...streams.values()] },
    booking: (chiave) => bookings.get(chiave),
    file: (chiave) => files.get(chiave),
    byIun: (iun) => posted.get(iun),
    byReference: (protocollo, token) =>
      all.find(
        ({ richiesta: { paProtocolNumber, idempotenceToken } }) =>
          paProtocolNumber === protocollo && idempotenceToken === token,
      ),
    states: () => states,
  }
}

/** All that has happened by now, whether or not anybody has looked. */
function stepsBy({ richiesta, rifiuti, requestedAt, accesso, annullamento }: Posted, now: number): readonly Step[] {
  const ends = [
    ...(accesso === null ? [] : [readAt(accesso)]),
    ...(annullamento === null ? [] : [cancelledAt(annullamento)]),
  ].toSorted((one, other) => one.at - other.at)
  const [first] = ends
  const planned = courseOf(richiesta, rifiuti, requestedAt)
  const steps = first ? [...planned.filter(({ at }) => at <= first.at), ...ends] : planned
  return steps.filter(({ at }) => at <= now)
}

/** Writes down what has come to pass since anybody looked. */
export function passTime(journal: Journal<SendJournalEntry>, now: number): void {
  const due = bookOf(journal).posted.flatMap((one) =>
    stepsBy(one, now)
      .slice(one.stati.length)
      .map((step) => ({ iun: one.iun, step })),
  )
  for (const { iun, step } of due.toSorted((one, other) => one.step.at - other.step.at)) {
    const { at, ...rest } = step
    journal.append({
      operazione: 'stato',
      at: new Date(now).toISOString(),
      iun,
      dal: new Date(at).toISOString(),
      ...rest,
    })
  }
}

export const isAccepted = ({ stati }: Posted): boolean => stati.some(({ stato }) => stato === 'ACCEPTED')

/** By its recipient, for the first time. */
export const canBeRead = (posted: Posted): boolean => {
  const { stati, accesso, annullamento } = posted
  const isBack = stati.at(-1)?.stato === 'RETURNED_TO_SENDER'
  return isAccepted(posted) && accesso === null && annullamento === null && !isBack
}
