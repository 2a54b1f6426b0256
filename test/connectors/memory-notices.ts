/** The inbox of notices of one process, for tests that need no database. */
import type { KnownStream, NoticeInbox, UntoldEvent } from '../../connectors/send/inbox.ts'
import { FINAL_STATES, type NoticeEvent } from '../../connectors/send/types.ts'

export function memoryNotices(): NoticeInbox {
  const streams = new Map<string, KnownStream>()
  const requests = new Map<string, { readonly practice: string; readonly isClosed: boolean }>()
  const events = new Map<string, { readonly event: NoticeEvent; readonly isTold: boolean }>()
  const nameOf = ({ richiesta, stato }: NoticeEvent) => `${richiesta} ${stato}`
  return {
    stream: async (title) => streams.get(title) ?? null,
    async begin(title, id) {
      const first = streams.get(title) ?? { id, read: null }
      streams.set(title, first)
      return first
    },
    async forget(title, id) {
      if (streams.get(title)?.id === id) streams.delete(title)
    },
    async keep(title, read) {
      for (const event of read) if (!events.has(nameOf(event))) events.set(nameOf(event), { event, isTold: false })
      const [stream, last] = [streams.get(title), read.at(-1)]
      if (stream && last) streams.set(title, { ...stream, read: last.id })
    },
    async expect(request, practice) {
      if (!requests.has(request)) requests.set(request, { practice, isClosed: false })
    },
    isAwaiting: async () => [...requests.values()].some(({ isClosed }) => !isClosed),
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
      if (FINAL_STATES.has(event.stato)) requests.set(event.richiesta, { practice: pratica, isClosed: true })
    },
  }
}
