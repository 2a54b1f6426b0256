import assert from 'node:assert/strict'
import { once } from 'node:events'
import * as http2 from 'node:http2'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import * as grpc from '@grpc/grpc-js'
import {
  type Call,
  type GrpcServer,
  MESSAGE_BYTES_MAX,
  STREAMS_PER_CONNECTION_MAX,
  serveGrpc,
} from '../../engine/gateway/grpc-server.ts'
import { gatewayCodecs } from '../../engine/gateway/wire.ts'
import type { PublishMessageRequest } from '../../engine/gateway/wire-messages.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'

type Handle = (call: Call) => Promise<object | undefined>
interface Bytes {
  readonly bytes: Buffer
}
const toBytes = (message: Bytes): Buffer => message.bytes
const ofBytes = (bytes: Buffer): Bytes => ({ bytes })

const publish = gatewayCodecs.get('PublishMessage')!
const stream = gatewayCodecs.get('StreamActivatedJobs')!
const failures: unknown[] = []
const servers: GrpcServer[] = []
const clients: grpc.Client[] = []

async function serving(handles: { publish?: Handle; stream?: Handle }): Promise<number> {
  const none: Handle = async () => ({})
  const methods = [
    { ...publish, handle: handles.publish ?? none },
    { ...stream, handle: handles.stream ?? none },
  ]
  const failed = (_path: string, error: unknown) => {
    failures.push(error)
    return new GatewayError('INTERNAL', 'a bug')
  }
  const server = await serveGrpc(methods, { host: '127.0.0.1', port: 0, failed })
  servers.push(server)
  return server.port
}

/** The official client, with our own description on its side too. */
function clientOf(port: number): grpc.Client {
  const options = { 'grpc.max_send_message_length': -1, 'grpc.max_receive_message_length': -1 }
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options)
  clients.push(client)
  return client
}

const request = (length = 0) => {
  const tag = Buffer.from([0x2a]) // field 5, variables, as bytes of a length
  const size: number[] = []
  for (let rest = length; size.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    size.push((rest % 128) + (rest >= 128 ? 128 : 0))
  return { bytes: Buffer.concat([tag, Buffer.from(size), Buffer.alloc(length, 'x')]) }
}
interface Asking {
  readonly metadata?: grpc.Metadata
  readonly options?: grpc.CallOptions
}
const asked = (client: grpc.Client, path: string, body: Bytes, asking: Asking = {}): Promise<Bytes> =>
  new Promise((resolve, reject) => {
    const { metadata = new grpc.Metadata(), options = {} } = asking
    client.makeUnaryRequest(path, toBytes, ofBytes, body, metadata, options, (error, reply) =>
      error ? reject(error) : resolve(reply!),
    )
  })

after(async () => {
  for (const client of clients) client.close()
  for (const server of servers) await server.close()
  assert.deepEqual(failures.map(String), ['Error: of ours'])
})

test('a call is answered, and its metadata reach the handler', async () => {
  const port = await serving({
    async publish({ request, headers }) {
      return { key: (request as PublishMessageRequest).variables.length, tenantId: String(headers['x-name']) }
    },
  })
  const metadata = new grpc.Metadata()
  metadata.set('x-name', 'Anna')
  const reply = await asked(clientOf(port), publish.path, request(70_000), { metadata })
  assert.deepEqual(reply.bytes, Buffer.from(publish.encode({ key: 70_000, tenantId: 'Anna' })))
})

test('a refusal has its code and its text, whatever the text holds', async () => {
  const text = `100 % «così»: 'a'\n\t€ 😀 \ud800 ${'x'.repeat(10_000)}`
  const port = await serving({ publish: () => Promise.reject(new GatewayError('FAILED_PRECONDITION', text)) })
  await assert.rejects(asked(clientOf(port), publish.path, request()), (error: grpc.ServiceError) => {
    assert.equal(error.code, grpc.status.FAILED_PRECONDITION)
    assert.equal(error.details, text.slice(0, 6_000).toWellFormed())
    return true
  })
})

test('a bug answers INTERNAL without its text', async () => {
  const port = await serving({ publish: () => Promise.reject(new Error('of ours')) })
  await assert.rejects(asked(clientOf(port), publish.path, request()), { code: grpc.status.INTERNAL, details: 'a bug' })
})

test('an unknown method is UNIMPLEMENTED', async () => {
  await assert.rejects(asked(clientOf(await serving({})), '/a.B/Nope', request()), { code: grpc.status.UNIMPLEMENTED })
})

test('a message of the largest size passes, a larger one does not, and the connection lives on', async () => {
  const client = clientOf(await serving({}))
  const overhead = request(MESSAGE_BYTES_MAX).bytes.length - MESSAGE_BYTES_MAX
  await asked(client, publish.path, request(MESSAGE_BYTES_MAX - overhead))
  await assert.rejects(asked(client, publish.path, request(MESSAGE_BYTES_MAX)), {
    code: grpc.status.RESOURCE_EXHAUSTED,
  })
  await asked(client, publish.path, request())
})

test('a deadline ends the call for both sides', async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>()
  const port = await serving({
    publish: (call) => new Promise(() => call.gone.addEventListener('abort', () => resolve())),
  })
  const call = asked(clientOf(port), publish.path, request(), { options: { deadline: Date.now() + 50 } })
  await assert.rejects(call, { code: grpc.status.DEADLINE_EXCEEDED })
  await gone
})

test('a client that cancels is gone', async () => {
  const { promise: gone, resolve: left } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: came } = Promise.withResolvers<void>()
  const port = await serving({
    publish(call) {
      call.gone.addEventListener('abort', () => left())
      came()
      return new Promise(() => {})
    },
  })
  const call = clientOf(port).makeUnaryRequest(publish.path, toBytes, ofBytes, request(), () => {})
  await arrived
  call.cancel()
  await gone
})

test('a stream opens, carries messages, and ends with its status', async () => {
  const port = await serving({
    async stream(call) {
      call.open()
      for (const type of ['a', 'b', 'c']) call.write({ type })
      throw new GatewayError('UNAVAILABLE', 'enough')
    },
  })
  const call = clientOf(port).makeServerStreamRequest(stream.path, toBytes, ofBytes, request())
  const received: Buffer[] = []
  call.on('data', ({ bytes }: Bytes) => received.push(bytes))
  const [error] = await once(call, 'error')
  assert.deepEqual(
    received,
    ['a', 'b', 'c'].map((type) => Buffer.from(stream.encode({ type }))),
  )
  assert.equal(error.code, grpc.status.UNAVAILABLE)
})

test('a client that does not read makes its stream full', async () => {
  const { promise: full, resolve } = Promise.withResolvers<number>()
  const port = await serving({
    async stream(call) {
      let written = 0
      for (; !call.isFull && written < 10_000; written++) call.write({ variables: 'x'.repeat(10_000) })
      resolve(written)
      return undefined
    },
  })
  const session = http2.connect(`http://127.0.0.1:${port}`)
  const sent = session.request({ ':method': 'POST', ':path': stream.path, 'content-type': 'application/grpc' })
  sent.end(Buffer.alloc(5))
  assert.ok((await full) < 100)
  session.destroy()
})

async function raw(port: number, headers: http2.OutgoingHttpHeaders, body: Buffer): Promise<http2.IncomingHttpHeaders> {
  const session = http2.connect(`http://127.0.0.1:${port}`)
  const sent = session.request({
    ':method': 'POST',
    ':path': publish.path,
    'content-type': 'application/grpc',
    ...headers,
  })
  sent.end(body)
  const [received] = await once(sent, 'response')
  sent.resume()
  session.close()
  return received
}

const malformed: Readonly<Record<string, readonly [body: Buffer, code: number]>> = {
  'no message': [Buffer.alloc(0), grpc.status.INTERNAL],
  'a cut message': [Buffer.from([0, 0, 0, 0, 9, 1]), grpc.status.INTERNAL],
  'two messages': [Buffer.alloc(10), grpc.status.INTERNAL],
  'a message packed in no known way': [Buffer.from([1, 0, 0, 0, 0]), grpc.status.UNIMPLEMENTED],
  'bytes that are no message': [Buffer.from([0, 0, 0, 0, 2, 0x0a, 0xff]), grpc.status.INTERNAL],
}
test('malformed requests are answered, with headers alone', async () => {
  const port = await serving({})
  for (const [what, [body, code]] of Object.entries(malformed)) {
    assert.equal((await raw(port, {}, body))['grpc-status'], String(code), what)
  }
  assert.equal((await raw(port, { 'content-type': 'text/plain' }, Buffer.alloc(5)))[':status'], 415)
})

const packings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { gzip: gzipSync, deflate: deflateSync }
for (const [encoding, pack] of Object.entries(packings)) {
  test(`requests may be packed by ${encoding}, but not to unpack without end`, async () => {
    const port = await serving({})
    const statusOf = async (message: Buffer) => {
      const prefix = Buffer.from([1, 0, 0, 0, 0])
      prefix.writeUInt32BE(message.length, 1)
      const received = await raw(port, { 'grpc-encoding': encoding }, Buffer.concat([prefix, message]))
      return received['grpc-status'] ?? grpc.status.OK
    }
    assert.equal(await statusOf(pack(request(1_000).bytes)), grpc.status.OK)
    assert.equal(await statusOf(pack(request(2 * MESSAGE_BYTES_MAX).bytes)), String(grpc.status.RESOURCE_EXHAUSTED))
    assert.equal(await statusOf(Buffer.from('not packed')), String(grpc.status.INTERNAL))
  })
}

test('HTTP/1 is closed at once', async () => {
  const socket = connect(await serving({}), '127.0.0.1')
  socket.write('GET /v2/topology HTTP/1.1\r\nHost: localhost\r\n\r\n')
  socket.resume()
  await once(socket, 'close')
})

test('a connection has a bounded number of calls under way', async () => {
  let underWay = 0
  let most = 0
  const { promise: filled, resolve: fill } = Promise.withResolvers<void>()
  const port = await serving({
    async publish() {
      most = Math.max(most, ++underWay)
      if (underWay === STREAMS_PER_CONNECTION_MAX) fill()
      await filled
      underWay--
      return {}
    },
  })
  const client = clientOf(port)
  await Promise.all(
    Array.from({ length: 3 * STREAMS_PER_CONNECTION_MAX }, () => asked(client, publish.path, request())),
  )
  assert.equal(most, STREAMS_PER_CONNECTION_MAX)
})

test('closing ends streams and lets what is under way finish', async () => {
  const { promise: arrived, resolve: came } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const handle: Handle = async ({ gone }) => {
    gone.addEventListener('abort', () => release())
    came()
    await released
    return { key: 1 }
  }
  const failed = () => new GatewayError('INTERNAL', '')
  const server = await serveGrpc([{ ...publish, handle }], { host: '127.0.0.1', port: 0, failed })
  const call = asked(clientOf(server.port), publish.path, request())
  await arrived
  await server.close()
  await call
})

test('closing does not wait for a client that never reads', async () => {
  const failed = () => new GatewayError('INTERNAL', '')
  const server = await serveGrpc([{ ...publish, handle: async () => ({}) }], { host: '127.0.0.1', port: 0, failed })
  const session = http2.connect(`http://127.0.0.1:${server.port}`)
  session.on('error', () => {})
  const sent = session.request({ ':method': 'POST', ':path': publish.path, 'content-type': 'application/grpc' })
  sent.on('error', () => {})
  sent.end(Buffer.alloc(5))
  await once(sent, 'response')
  await server.close()
})

test('a port that is taken is reported', async () => {
  const port = await serving({})
  const failed = () => new GatewayError('INTERNAL', '')
  await assert.rejects(serveGrpc([], { host: '127.0.0.1', port, failed }), { code: 'EADDRINUSE' })
})
