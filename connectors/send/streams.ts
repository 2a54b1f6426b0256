/**
 * SEND's streams 2.9 of what becomes of notifications: the only way in which the platform wants to be watched.
 * Invariant: an event is asked for by the one before it, which the platform then forgets: whoever asks has kept it.
 */
import { z } from 'zod'
import { Unavailable } from '../effect.ts'
import type { HttpAnswer } from '../http.ts'
import { type AskSend, CALLED, callsTo, type SendOptions, understood } from './call.ts'
import { type EventsRead, NOTICE_STATES, type NoticeEvent, type NoticeStreams } from './types.ts'

export const STREAMS_PATH = '/delivery-progresses/v2.9/streams'

const listSchema = z.array(z.object({ streamId: z.string(), title: z.string() }))
const streamSchema = z.object({ streamId: z.string() })
const reasonSchema = z.object({ errorCode: z.string().nullish(), detail: z.string().nullish() })
const eventSchema = z.object({
  eventId: z.string(),
  notificationRequestId: z.string(),
  iun: z.string().nullish(),
  newStatus: z.enum(NOTICE_STATES).nullish(),
  element: z.object({
    timestamp: z.string().nullish(),
    eventTimestamp: z.string().nullish(),
    details: z.object({ refusalReasons: z.array(reasonSchema).nullish() }).nullish(),
  }),
})
type EventModel = z.infer<typeof eventSchema>

/** When the platform does not say. */
const RETRY_AFTER_MS = 15_000

export function noticeStreams(options: SendOptions): NoticeStreams {
  const ask = callsTo(options)
  const groups = options.gruppo === undefined ? [] : [options.gruppo]
  return {
    async open(title) {
      const there = understood(await ask({ method: 'GET', path: STREAMS_PATH }), listSchema)
      return there.find((stream) => stream.title === title)?.streamId ?? create(ask, title, groups)
    },
    async events(stream, after) {
      const path = `${STREAMS_PATH}/${encodeURIComponent(stream)}/events`
      const answer = await ask({
        method: 'GET',
        path,
        ...(after !== null && { query: { lastEventId: after } }),
        answers: [429],
      })
      const riprovaMs = retryAfterOf(answer)
      return answer.status === 429
        ? { events: [], riprovaMs: riprovaMs || RETRY_AFTER_MS }
        : eventsIn(answer, riprovaMs)
    },
  }
}

/** All states, the first of which is the judgement of the request. */
async function create(ask: AskSend, title: string, groups: readonly string[]): Promise<string> {
  const body = { title, eventType: 'STATUS', groups, filterValues: [], waitForAccepted: true }
  return understood(await ask({ method: 'POST', path: STREAMS_PATH, body }), streamSchema).streamId
}

/** Milliseconds, unlike elsewhere on the web. */
function retryAfterOf({ headers }: HttpAnswer): number {
  const told = Number(headers.get('retry-after') ?? RETRY_AFTER_MS)
  return Number.isFinite(told) && told >= 0 ? told : RETRY_AFTER_MS
}

function eventsIn(answer: HttpAnswer, riprovaMs: number): EventsRead {
  const events = understood(answer, z.array(eventSchema)).map(eventIn)
  return { events, riprovaMs }
}

function eventIn({ eventId, notificationRequestId, iun, newStatus, element }: EventModel): NoticeEvent {
  const istante = element.eventTimestamp ?? element.timestamp
  if (!newStatus || !istante) throw new Unavailable(`${CALLED}: an event of a stream of states has no state or no time`)
  const reasons = element.details?.refusalReasons ?? []
  const motivi = reasons.map(({ errorCode, detail }) => ({ codice: errorCode ?? '', dettaglio: detail ?? '' }))
  return { id: eventId, richiesta: notificationRequestId, iun: iun ?? null, stato: newStatus, istante, motivi }
}
