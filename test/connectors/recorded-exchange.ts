/** What a client and a server say to each other, listened to by a proxy between them, to be compared with a platform's description. */
import { createServer } from 'node:http'
import type { Exchange } from './open-api.ts'

/** Of connection and encoding: the proxy's own affair. */
const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding'])

type Sent = Pick<Exchange, 'headers' | 'body'>
/** What somebody in between changes on the way there and back. */
export interface Tampering {
  readonly request?: (sent: Sent) => Sent
  readonly answer?: (answered: Exchange['answer']) => Exchange['answer']
}

/** Lets `ask` speak with the server at `target` through an address of its own; resolves with what was said, in order. */
export async function exchangesWith(
  target: string,
  ask: (url: string) => Promise<void>,
  tampering: Tampering = {},
): Promise<readonly Exchange[]> {
  const heard: Exchange[] = []
  const proxy = createServer(async (request, response) => {
    const asked = Buffer.concat(await request.toArray()).toString('utf8')
    const named = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (HOP.has(name) ? [] : [[name, String(value)]])),
    )
    const { headers, body } = tampering.request?.({ headers: named, body: asked }) ?? { headers: named, body: asked }
    const { method = 'GET', url: path = '/' } = request
    const sent = { method, headers, redirect: 'manual', ...(body !== '' && { body }) } as const
    const answer = await fetch(new URL(path, target), sent)
    const told = { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
    const answered = tampering.answer?.(told) ?? told
    heard.push({ method, path, headers, body, answer: answered })
    const back = Object.entries(answered.headers).filter(([name]) => !HOP.has(name))
    response.writeHead(answered.status, Object.fromEntries(back)).end(answered.body)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('Expected a port, but the proxy has none')
  try {
    await ask(`http://127.0.0.1:${address.port}`)
  } finally {
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  }
  return heard
}
