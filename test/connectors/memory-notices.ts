/** The inbox of notices of one process, for tests that need no database. */
import { type KnownStream, type NoticeInbox, SILENCE_MS, type UntoldEvent } from '../../connectors/send/inbox.ts'
import { FINAL_STATES, type NoticeEvent } from '../../connectors/send/types.ts'

interface AwaitedRequest {
  readonly practice: string
  readonly isClosed: boolean
  readonly heardAt: number
  readonly isUnwanted: boolean
  readonly isCancelled: boolean
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
  const iunOf = (request: string) =>
    [...events.values()].find(({ event }) => event.richiesta === request && event.iun !== null)?.event.iun ?? null
  const listed = (isListed: (request: AwaitedRequest) => boolean, limit: number) =>
    open()
      .filter(([, request]) => isListed(request))
      .toSorted(([, one], [, other]) => one.heardAt - other.heardAt)
      .slice(0, limit)
      .map(([richiesta]) => ({ richiesta, iun: iunOf(richiesta) }))
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
      return listed(({ heardAt }) => heardAt <= now() - SILENCE_MS, limit)
    },
    async unwant(practice) {
      const own = open().filter(([, one]) => one.practice === practice)
      for (const [request, one] of own) requests.set(request, { ...one, isUnwanted: true })
      return own.length
    },
    unwanted: async (limit) => listed(({ isUnwanted, isCancelled }) => isUnwanted && !isCancelled, limit),
    async cancelled(request) {
      const before = requests.get(request)
      if (before) requests.set(request, { ...before, isCancelled: true })
    },
    async hear(request, told) {
      insert(told)
      heard(request, now())
    },
    async expect(request, practice) {
      const isNew = { isClosed: false, heardAt: now(), isUnwanted: false, isCancelled: false }
      if (!requests.has(request)) requests.set(request, { practice, ...isNew })
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
    async told({ pratica: _, ...event }) {
      events.set(nameOf(event), { event, isTold: true })
      if (!FINAL_STATES.has(event.stato)) return
      const request = requests.get(event.richiesta)
      if (request) requests.set(event.richiesta, { ...request, isClosed: true })
    },
  }
}
