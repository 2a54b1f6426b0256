/**
 * gRPC over HTTP/2, the server's side of the protocol and nothing more: unary and server-streaming calls.
 * Half the CPU of @grpc/grpc-js's server, measured by a gateway that does no work (one-task instance, two cores): 0.06 against 0.13 ms.
 *
 * Owns: framing, statuses, deadlines, cancellation, bounds, shutdown. Does not own: which calls there are, who may call.
 * Invariants: each call ends with exactly one status; an error before the first message is sent as headers alone; nothing is buffered
 * beyond MESSAGE_BYTES_MAX for a request, and `isFull` tells when a reply piles up. HTTP/1 fails the connection preface and is
 * closed at once: a modeler that tries both takes that for an answer.
 * Source: grpc/doc/PROTOCOL-HTTP2.md.
 */
import * as http2 from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync, inflateSync } from 'node:zlib'
import { GatewayError, type GatewayStatus } from '../protocol/gateway.ts'

export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024
export const STREAMS_PER_CONNECTION_MAX = 100
/** Clients refuse headers beyond 8 KB (Java). */
const STATUS_TEXT_MAX = 6_000
const PREFIX_BYTES = 5
const SESSION_MEMORY_MB = 32
const WINDOW_BYTES = 1024 * 1024
const SHUTDOWN_GRACE_MS = 1_000

const codes: Readonly<Record<GatewayStatus | 'OK', number>> = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
}

/** How a method's messages are read and written. */
export interface Codec {
  readonly path: string
  decode(bytes: Buffer): object
  encode(message: object): Uint8Array
}
export interface Call {
  readonly headers: http2.IncomingHttpHeaders
  readonly request: object
  /** Fires when the client has gone, its deadline has passed or the server closes. */
  readonly gone: AbortSignal
  /** The client reads slower than we write: it should get no more for now. */
  readonly isFull: boolean
  /** Sends a message of a streamed reply. */
  write(message: object): void
  /** Lets the client know that its stream is open, before the first message. */
  open(): void
}
export interface Method extends Codec {
  /** The single reply, or nothing when the reply was streamed. A thrown GatewayError is the status; anything else is `failed`'s. */
  handle(call: Call): Promise<object | undefined>
}
export interface GrpcServer {
  readonly port: number
  close(): Promise<void>
}

export async function serveGrpc(
  methods: readonly Method[],
  { host, port, failed }: { host: string; port: number; failed: (path: string, error: unknown) => GatewayError },
): Promise<GrpcServer> {
  const byPath = new Map(methods.map((method) => [method.path, method]))
  const closing = new AbortController()
  const sessions = new Set<http2.ServerHttp2Session>()
  const sockets = new Set<Socket>()
  const server = http2.createServer({
    maxSessionMemory: SESSION_MEMORY_MB,
    settings: { maxConcurrentStreams: STREAMS_PER_CONNECTION_MAX, initialWindowSize: WINDOW_BYTES, enablePush: false },
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => session.destroy())
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream: http2.ServerHttp2Stream, headers) =>
    receive(stream, headers, byPath, closing.signal, failed),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  /** Streams end first, then what is under way may finish, then the rest is cut. */
  const close = async () => {
    closing.abort()
    const closed = new Promise((resolve) => server.close(resolve))
    for (const session of sessions) session.close()
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, SHUTDOWN_GRACE_MS)
    await closed
    clearTimeout(cut)
  }
  return { port: (server.address() as AddressInfo).port, close }
}

function receive(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  methods: ReadonlyMap<string, Method>,
  closing: AbortSignal,
  failed: (path: string, error: unknown) => GatewayError,
): void {
  stream.on('error', () => {}) // the close that follows says all there is to say
  if (headers[':method'] !== 'POST' || !headers['content-type']?.startsWith('application/grpc')) {
    stream.respond({ ':status': 415 }, { endStream: true })
    return
  }
  const path = headers[':path'] ?? ''
  const method = methods.get(path)
  const exchange = new Exchange(stream, headers, method, closing)
  if (method === undefined)
    exchange.end(new GatewayError('UNIMPLEMENTED', 'Expected a method of this service, but it is none'))
  else
    exchange.read(
      (call) => method.handle(call),
      (error) => failed(path, error),
    )
}

/** One call from its headers to its status. */
class Exchange implements Call {
  readonly headers: http2.IncomingHttpHeaders
  readonly #stream: http2.ServerHttp2Stream
  readonly #codec: Codec | undefined
  readonly #closing: AbortSignal
  #request: object = {}
  #gone: AbortController | undefined
  #deadline: NodeJS.Timeout | undefined
  #isOpen = false
  #isOver = false

  constructor(
    stream: http2.ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
    codec: Codec | undefined,
    closing: AbortSignal,
  ) {
    this.#stream = stream
    this.headers = headers
    this.#codec = codec
    this.#closing = closing
    stream.on('close', () => this.#finish())
    const ms = timeoutMs(headers['grpc-timeout'])
    if (ms !== undefined) this.#deadline = setTimeout(() => this.end(tooLate()), ms)
  }

  get #canAnswer(): boolean {
    return !this.#isOver && !this.#stream.closed && !this.#stream.destroyed
  }
  get request(): object {
    return this.#request
  }
  get gone(): AbortSignal {
    if (this.#gone === undefined) {
      this.#gone = new AbortController()
      if (this.#isOver) this.#gone.abort()
    }
    return AbortSignal.any([this.#gone.signal, this.#closing])
  }

  /** Collects the one message of the request, then has it handled. */
  read(handle: (call: Call) => Promise<object | undefined>, failed: (error: unknown) => GatewayError): void {
    const chunks: Buffer[] = []
    let size = 0
    this.#stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MESSAGE_BYTES_MAX + PREFIX_BYTES) chunks.push(chunk)
      else this.end(tooLarge())
    })
    this.#stream.on('end', () => {
      if (!this.#isOver) void this.#handle(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), handle, failed)
    })
  }

  async #handle(
    bytes: Buffer,
    handle: (call: Call) => Promise<object | undefined>,
    failed: (error: unknown) => GatewayError,
  ): Promise<void> {
    try {
      this.#request = this.#decoded(bytes)
      const reply = await handle(this)
      if (reply !== undefined) this.write(reply)
      this.end(null)
    } catch (error) {
      this.end(error instanceof GatewayError ? error : failed(error))
    }
  }

  #decoded(bytes: Buffer): object {
    const isWhole = bytes.length >= PREFIX_BYTES && bytes.readUInt32BE(1) === bytes.length - PREFIX_BYTES
    if (!isWhole) throw new GatewayError('INTERNAL', 'Expected exactly one whole message, but found another number')
    const message = bytes.subarray(PREFIX_BYTES)
    const plain = bytes[0] === 0 ? message : unpacked(message, this.headers['grpc-encoding'])
    try {
      return this.#codec!.decode(plain)
    } catch {
      throw new GatewayError('INTERNAL', 'Expected a message of this method, but it could not be read')
    }
  }

  open(): void {
    if (this.#isOpen || !this.#canAnswer) return
    this.#isOpen = true
    this.#stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
  }

  get isFull(): boolean {
    return !this.#canAnswer || this.#stream.writableNeedDrain
  }

  write(message: object): void {
    this.open()
    if (this.#canAnswer) this.#stream.write(framed(this.#codec!.encode(message)))
  }

  /** The status, once; null is OK. */
  end(error: GatewayError | null): void {
    if (this.#canAnswer) this.#sendStatus(statusHeaders(error))
    this.#finish()
  }

  #sendStatus(status: http2.OutgoingHttpHeaders): void {
    if (this.#isOpen) {
      this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(status))
      this.#stream.end()
    } else {
      this.#stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true })
    }
    this.#stream.resume() // what is still being sent is not read any more
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#deadline)
    this.#gone?.abort()
  }
}

/** @camunda8/sdk packs every request; other clients do when asked to. Replies are never packed. */
function unpacked(message: Buffer, encoding: string | string[] | undefined): Buffer {
  const unpack = { gzip: gunzipSync, deflate: inflateSync }[String(encoding)]
  if (!unpack) throw new GatewayError('UNIMPLEMENTED', 'Expected a message packed by gzip or deflate, but it is not')
  try {
    return unpack(message, { maxOutputLength: MESSAGE_BYTES_MAX })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge()
    throw new GatewayError('INTERNAL', 'Expected a packed message, but it could not be unpacked')
  }
}

const tooLate = () =>
  new GatewayError('DEADLINE_EXCEEDED', 'Expected to answer before the deadline of the call, but it has passed')
const tooLarge = () =>
  new GatewayError('RESOURCE_EXHAUSTED', `Expected a message of at most ${MESSAGE_BYTES_MAX} bytes, but it is larger`)

function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length)
  frame[0] = 0
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, PREFIX_BYTES)
  return frame
}

function statusHeaders(error: GatewayError | null): http2.OutgoingHttpHeaders {
  if (error === null) return { 'grpc-status': '0' }
  const text = error.message.slice(0, STATUS_TEXT_MAX).toWellFormed()
  const encoded = text.replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent)
  return { 'grpc-status': String(codes[error.status]), 'grpc-message': encoded }
}

const unitsMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 }
const TIMER_MAX_MS = 2 ** 31 - 1

function timeoutMs(header: string | string[] | undefined): number | undefined {
  const found = /^(\d{1,8})([HMSmun])$/.exec(String(header))
  return found ? Math.min(Number(found[1]) * unitsMs[found[2]!]!, TIMER_MAX_MS) : undefined
}
