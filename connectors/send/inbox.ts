/**
 * What is remembered of SEND's stream: how far it was read, what it told of notifications of ours, and what of that the processes do not know
 * yet. Owns the port; not the reading (workers/send).
 * Invariant: an event is kept in the same step in which the stream is marked as read up to it.
 */
import type { NoticeEvent } from './types.ts'

export interface KnownStream {
  readonly id: string
  /** The last event that is kept; null before the first. */
  readonly read: string | null
}
/** Of a notification of ours, told to no process yet. */
export interface UntoldEvent extends NoticeEvent {
  /** Id of the practice. */
  readonly pratica: string
}

/** To which something is still to come. */
export interface OpenRequest {
  readonly richiesta: string
  /** Null as long as nobody has told that it was accepted. */
  readonly iun: string | null
}

/** What the stream has told and nobody has read, the platform forgets after so long: then it must be asked. */
export const SILENCE_MS = 7 * 24 * 3_600_000
/** What came of requests that are not ours, or not yet, is forgotten after this long: the platform forgets it after seven days. */
export const STRANGE_LIFE_MS = 8 * 24 * 3_600_000

export interface NoticeInbox {
  stream(title: string): Promise<KnownStream | null>
  /** The first to begin wins; resolves with the stream that is read. */
  begin(title: string, id: string): Promise<KnownStream>
  /** It is no longer there. What another tells begins with it: whatever is awaited counts as silent. */
  forget(title: string, id: string): Promise<void>
  /** Keeps what was read, oldest first, and moves on. A state of a request that is kept already changes nothing. */
  keep(title: string, events: readonly NoticeEvent[]): Promise<void>
  /** Of which nothing has been heard for `SILENCE_MS`, or since a stream that is gone; those longest silent first. */
  silent(limit: number): Promise<readonly OpenRequest[]>
  /** Keeps what the platform said of a silent request when it was asked, oldest first: it has been heard of, whatever was said. */
  hear(request: string, events: readonly NoticeEvent[]): Promise<void>
  /** The request is one of ours. */
  expect(request: string, practice: string): Promise<void>
  /** Nobody is to be notified any more by the open requests of the practice; resolves with how many they are. */
  unwant(practice: string): Promise<number>
  /** Open requests that nobody wants and whose cancellation the platform has not taken. */
  unwanted(limit: number): Promise<readonly OpenRequest[]>
  /** The platform has taken the cancellation, or never will. */
  cancelled(request: string): Promise<void>
  /** Whether anything is still to come of a request of ours. */
  isAwaiting(): Promise<boolean>
  /** Whether the stream has told that the request was accepted or refused. */
  judgementOf(request: string): Promise<NoticeEvent | null>
  /** Oldest first. */
  untold(limit: number): Promise<readonly UntoldEvent[]>
  /** The process knows, or need not. */
  told(event: UntoldEvent): Promise<void>
}
