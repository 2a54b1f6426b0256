/** What a client and a server say to each other, listened to by a proxy between them, to be compared with a platform's description. */
import { createServer } from 'node:http'
import type { Exchange } from './open-api.ts'

/** Of connection and encoding: the proxy's own affair. */
const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'accept-encoding'])

/** Lets `ask` speak with the server at `target` through an address of its own; resolves with what was said, in order. */
export async function exchangesWith(target: string, ask: (url: string) => Promise<void>): Promise<readonly Exchange[]> {
  const heard: Exchange[] = []
  const proxy = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (HOP.has(name) ? [] : [[name, String(value)]])),
    )
    const { method = 'GET', url: path = '/' } = request
    const sent = { method, headers, redirect: 'manual', ...(body.length > 0 && { body }) } as const
    const answer = await fetch(new URL(path, target), sent)
    const answered = { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
    heard.push({ method, path, headers, body: body.toString('utf8'), answer: answered })
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
