/** How long the pages took, as this process sees it: from a request that has arrived to the last byte of its answer given away. */
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

interface Served {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

export interface Answered {
  readonly path: string
  readonly status: number
  readonly ms: number
}

const begun = new WeakMap<IncomingMessage, number>()
const answered: Answered[] = []

subscribe('http.server.request.start', (message) => void begun.set((message as Served).request, performance.now()))
subscribe('http.server.response.finish', (message) => {
  const { request, response } = message as Served
  const ms = performance.now() - (begun.get(request) ?? Number.NaN)
  answered.push({ path: request.url ?? '', status: response.statusCode, ms })
})

/** What one visit asked of the server, oldest first: the page or post, then where it was led. Nothing else may be under way. */
export async function serverTimes(visit: () => Promise<unknown>): Promise<readonly Answered[]> {
  answered.length = 0
  await visit()
  return [...answered]
}
