/** Streams of SEND in the sandbox: what was read, or nobody has read for a week, is gone, and whoever looks too often is told to wait. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { json, type PlatformAnswer, type PlatformCall, parseJson } from '../sandbox.ts'
import { bookOf, isAccepted, type Posted, type StateEntry, type Stream } from './sandbox-book.ts'
import { at, GROUPS, invalid, problem, type Send } from './sandbox-call.ts'
import { elementOf } from './sandbox-requests.ts'
import { streamSchema } from './sandbox-rules.ts'

const STREAMS_MAX = 10

export function openStream(send: Send, { body }: PlatformCall): PlatformAnswer {
  const asked = streamSchema.safeParse(parseJson(body))
  if (!asked.success) return invalid(z.prettifyError(asked.error))
  if (!asked.data.groups.every((group) => GROUPS.includes(group)))
    return problem(403, 'FORBIDDEN', 'Not a group of the key')
  if (bookOf(send.journal).streams.length >= STREAMS_MAX) return invalid('no more than ten streams')
  const id = randomUUID()
  send.journal.append({ operazione: 'flusso', at: at(send), id, flusso: asked.data })
  return json(200, { ...asked.data, streamId: id, activationDate: at(send), version: 'v29' })
}

export function listStreams(send: Send): PlatformAnswer {
  const list = bookOf(send.journal).streams.map(({ id, flusso }) => ({ streamId: id, title: flusso.title }))
  return json(200, list)
}

const EVENTS_MAX = 50
const EVENT_ID_LENGTH = 38
const EVENT_LIFE_MS = 7 * 24 * 3_600_000
const RETRY_AFTER_MS = 1_000
const READS_PER_SECOND_MAX = 10

export function tellEvents(send: Send, { url }: PlatformCall, [id = '']: readonly string[]): PlatformAnswer {
  if (isTooOften(send, id)) return tooOften(RETRY_AFTER_MS)
  const stream = bookOf(send.journal).streams.find((one) => one.id === id)
  if (!stream) return problem(404, 'PN_STREAM_STREAMNOTFOUND', 'No such stream')
  const readTo = Number(url.searchParams.get('lastEventId') ?? 0)
  if (readTo > stream.readTo) send.journal.append({ operazione: 'letto', at: at(send), id, fino: readTo })
  const book = bookOf(send.journal)
  const after = Math.max(stream.readTo, readTo)
  const waiting = book
    .states()
    .filter(([place, entry]) => place > after && belongs(stream, book.byIun(entry.iun), entry))
    .filter(([, { dal }]) => Date.parse(dal) > send.now() - EVENT_LIFE_MS)
  const events = waiting.slice(0, EVENTS_MAX).flatMap(([place, entry]) => {
    const posted = book.byIun(entry.iun)
    return posted ? [eventOf(posted, entry, place)] : []
  })
  const wait = waiting.length > EVENTS_MAX ? 0 : RETRY_AFTER_MS
  return { ...json(200, events), headers: { 'retry-after': String(wait) } }
}

/** Milliseconds, unlike elsewhere on the web. */
export const tooOften = (retryInMs: number): PlatformAnswer => ({
  ...{ status: 429, type: 'text/plain', body: '' },
  headers: { 'retry-after': String(retryInMs) },
})

function isTooOften({ reads, tokenNow }: Send, id: string): boolean {
  const now = tokenNow()
  const lately = (reads.get(id) ?? []).filter((one) => one > now - 1_000)
  const isOver = lately.length >= READS_PER_SECOND_MAX
  reads.set(id, isOver ? lately : [...lately, now])
  return isOver
}

function belongs({ flusso }: Stream, posted: Posted | undefined, { stato }: StateEntry): boolean {
  const { groups, filterValues, waitForAccepted } = flusso
  if (stato === 'IN_VALIDATION' && waitForAccepted) return false
  if (groups.length > 0 && !groups.includes(posted?.richiesta.group ?? '')) return false
  return filterValues.length === 0 || filterValues.includes(stato)
}

function eventOf(posted: Posted, entry: StateEntry, place: number) {
  return {
    ...{ eventId: String(place).padStart(EVENT_ID_LENGTH, '0'), notificationRequestId: posted.id },
    ...(isAccepted(posted) && { iun: posted.iun }),
    ...{ newStatus: entry.stato, element: elementOf(posted, entry) },
  }
}
