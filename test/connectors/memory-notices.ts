/** The inbox of notices of one process, for tests that need no database. */
import { type KnownStream, type NoticeInbox, SILENCE_MS, type UntoldEvent } from '../../connectors/send/inbox.ts'
import { FINAL_STATES, type NoticeEvent } from '../../connectors/send/types.ts'

interface AwaitedRequest {
  readonly practice: string
  readonly isClosed: boolean
  readonly heardAt: number
}

export function memoryNotices(now: () => number): NoticeInbox {
  const streams = new Map<string, KnownStream>()
  const requests = new Map<string, AwaitedRequest>()
  const events = new Map<string, { readonly event: NoticeEvent; readonly isTold: boolean }>()
  const nameOf = ({ richiesta, stato }: NoticeEvent) => `${richiesta} ${stato}`
  const insert = (told: readonly NoticeEvent[]) => {
    for (const event of told) if (!events.has(nameOf(event))) events.set(nameOf(event), { event, isTold: false })
  }
  const heard = (request: string, heardAt: number) => {
    const before = requests.get(request)
    if (before) requests.set(request, { ...before, heardAt })
  }
  const open = () => [...requests].filter(([, { isClosed }]) => !isClosed)
  return {
    stream: async (title) => streams.get(title) ?? null,
    async begin(title, id) {
      const first = streams.get(title) ?? { id, read: null }
      streams.set(title, first)
      return first
    },
    async forget(title, id) {
      if (streams.get(title)?.id !== id) return
      streams.delete(title)
      for (const [request] of open()) heard(request, 0)
    },
    async keep(title, read) {
      insert(read)
      for (const { richiesta } of read) heard(richiesta, now())
      const [stream, last] = [streams.get(title), read.at(-1)]
      if (stream && last) streams.set(title, { ...stream, read: last.id })
    },
    async silent(limit) {
      const silent = open().filter(([, { heardAt }]) => heardAt <= now() - SILENCE_MS)
      const known = [...events.values()].map(({ event }) => event)
      return silent
        .toSorted(([, one], [, other]) => one.heardAt - other.heardAt)
        .slice(0, limit)
        .map(([richiesta]) => ({
          richiesta,
          iun: known.find((event) => event.richiesta === richiesta && event.iun !== null)?.iun ?? null,
        }))
    },
    async hear(request, told) {
      insert(told)
      heard(request, now())
    },
    async expect(request, practice) {
      if (!requests.has(request)) requests.set(request, { practice, isClosed: false, heardAt: now() })
    },
    isAwaiting: async () => open().length > 0,
    async judgementOf(request) {
      return (events.get(`${request} ACCEPTED`) ?? events.get(`${request} REFUSED`))?.event ?? null
    },
    async untold(limit) {
      const untold = [...events.values()].flatMap(({ event, isTold }): readonly UntoldEvent[] => {
        const ours = requests.get(event.richiesta)
        return ours && !isTold ? [{ ...event, pratica: ours.practice }] : []
      })
      return untold.slice(0, limit)
    },
    async told({ pratica, ...event }) {
      events.set(nameOf(event), { event, isTold: true })
      if (!FINAL_STATES.has(event.stato)) return
      requests.set(event.richiesta, { practice: pratica, isClosed: true, heardAt: now() })
    },
  }
}
