/** Requests as an attacker makes them, byte by byte where a client library would not, and their answers as a status and a text. */
import { once } from 'node:events'
import { request } from 'node:http'
import * as http2 from 'node:http2'
import { connect } from 'node:net'
import type { GrpcCalls, Message } from '../../connectors/zeebe/calls.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'

const PATIENCE_MS = 20_000

/** `status`: of HTTP a number, of gRPC a name. */
export interface Answered {
  readonly status: string
  readonly text: string
}

interface Asked {
  readonly method?: string
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}
export const JSON_TYPE = { 'content-type': 'application/json' }

/** Unlike fetch it may name any host and any path. */
export function askHttp(
  address: string,
  path: string,
  { method = 'GET', body = '', headers = JSON_TYPE }: Asked = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}`, { path, method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ status: String(response.statusCode), text: Buffer.concat(chunks).toString() })
    })
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}

export async function askGrpc(calls: GrpcCalls, name: string, asked: Message): Promise<Answered> {
  try {
    return { status: 'OK', text: JSON.stringify(await calls.unary(name, asked, PATIENCE_MS)) }
  } catch (error) {
    if (error instanceof GatewayError) return { status: error.status, text: error.message }
    throw error
  }
}

/** Any headers and any bytes; answers the number of the gRPC status, or of HTTP where there is none. */
export async function askHttp2(address: string, headers: http2.OutgoingHttpHeaders, bytes: Buffer): Promise<Answered> {
  const session = http2.connect(`http://${address}`)
  session.on('error', () => {}) // the request hears of it
  try {
    const path = '/gateway_protocol.Gateway/PublishMessage'
    const sent = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...headers })
    sent.end(bytes)
    const [received] = (await once(sent, 'response')) as [http2.IncomingHttpHeaders]
    sent.resume()
    const status = String(received['grpc-status'] ?? received[':status'])
    return { status, text: decodeURIComponent(String(received['grpc-message'] ?? '')) }
  } finally {
    session.destroy()
  }
}
export function framed(message: Buffer, isPacked = false): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt8(isPacked ? 1 : 0)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** Plain bytes to a port; answers what comes back until the server closes. */
export async function askRaw(address: string, bytes: string | Buffer): Promise<Answered> {
  const [host, port] = address.split(':') as [string, string]
  const socket = connect(Number(port), host)
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {}) // a reset closes too
  socket.write(bytes)
  await new Promise((resolve) => socket.on('close', resolve))
  return { status: /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'closed', text }
}

const frame = { headers: 1, reset: 3, settings: 4, ping: 6 } as const
const END_HEADERS = 4
function http2Frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}
const literal = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])

/** Opens streams as fast as they can be written, whatever the server allows; answers how many it refuses. */
export async function refusedStreams(address: string, count: number): Promise<Answered> {
  // POST, http, then path, authority and content type as literals (HPACK).
  const path = literal('/gateway_protocol.Gateway/StreamActivatedJobs')
  const fields = [[0x83, 0x86, 0x04], path, [0x01], literal(address), [0x0f, 0x10], literal('application/grpc')]
  const headers = Buffer.concat(fields.map((field) => Buffer.from(field)))
  const ping = http2Frame(frame.ping, 0, 0, Buffer.alloc(8))
  const bytes = [
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    http2Frame(frame.settings, 0, 0, Buffer.alloc(0)),
    ...Array.from({ length: count }, (_, i) => http2Frame(frame.headers, END_HEADERS, 2 * i + 1, headers)),
    ping,
  ]
  const [host, port] = address.split(':') as [string, string]
  const socket = connect(Number(port), host)
  socket.write(Buffer.concat(bytes))
  let received = Buffer.alloc(0)
  let refused = 0
  let pings = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    received = Buffer.concat([received, chunk])
    while (received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
      const type = received.readUInt8(3)
      if (type === frame.reset && received.readUInt32BE(9) === http2.constants.NGHTTP2_REFUSED_STREAM) refused++
      // Pings overtake; the second is asked when everything before the first is on its way.
      if (type === frame.ping && ++pings === 2) return { status: `${refused} refused`, text: '' }
      if (type === frame.ping) socket.write(ping)
      received = received.subarray(9 + received.readUIntBE(0, 3))
    }
  }
  return { status: 'closed', text: '' }
}
