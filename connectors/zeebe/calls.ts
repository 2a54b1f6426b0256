/** The transport of the client: gRPC calls by name, made from the wire's description, failures as GatewayErrors. */
import { fileURLToPath } from 'node:url'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { GatewayError, type GatewayStatus } from '../../engine/protocol/gateway.ts'

export interface GrpcAddress {
  /** `host:port`. */
  readonly address: string
  readonly tls?: boolean
  /** The Authorization header of each call, for example `Basic …` or `Bearer …`. */
  readonly authorization?: () => Promise<string>
}

export type Message = Readonly<Record<string, unknown>>
export interface GrpcCalls {
  /** Waits `deadlineMs` at most. */
  unary(name: string, request: Message, deadlineMs?: number): Promise<Message>
  /** Messages until the server ends or the signal fires. */
  stream(name: string, request: Message, signal?: AbortSignal): AsyncIterable<Message>
  close(): void
}

const DESCRIPTION = fileURLToPath(new URL('../../engine/gateway/gateway.proto', import.meta.url))
const DEADLINE_MS = 30_000
/** As Zeebe's own clients: a message is at most 4 MB, a reply may carry several jobs. */
const REPLY_BYTES_MAX = 16 * 1024 * 1024
/**
 * Half of what a server takes at once on one connection (HTTP/2 proposes a hundred). A worker keeps two open, a stream and a poll: the
 * sixty of a town on one connection would leave no place for what they report.
 */
const STREAMS_PER_CONNECTION = 50

export function grpcCalls({ address, tls = false, authorization }: GrpcAddress): GrpcCalls {
  const description = loadSync(DESCRIPTION, {
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
    oneofs: true,
  })
  const service = description['gateway_protocol.Gateway'] as grpc.ServiceDefinition
  const credentials = tls ? grpc.credentials.createSsl() : grpc.credentials.createInsecure()
  const connections = connectionsTo(address, credentials)
  const metadata = async () => {
    const headers = new grpc.Metadata()
    if (authorization) headers.set('authorization', await authorization())
    return headers
  }
  const method = (name: string) => {
    const found = service[name]
    if (found) return found
    throw new GatewayError('UNIMPLEMENTED', `Expected ${name} to be a call of the gateway, but it is none`)
  }
  return {
    async unary(name, request, deadlineMs = DEADLINE_MS) {
      const { path, requestSerialize, responseDeserialize } = method(name)
      const headers = await metadata()
      return new Promise((resolve, reject) => {
        const deadline = new Date(Date.now() + deadlineMs)
        const done = (error: grpc.ServiceError | null, reply?: Message) =>
          error ? reject(gatewayError(error)) : resolve(reply ?? {})
        connections.commands.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          headers,
          { deadline },
          done,
        )
      })
    },
    async *stream(name, request, signal) {
      const { path, requestSerialize, responseDeserialize } = method(name)
      const headers = await metadata()
      const connection = connections.toWaitOn()
      connection.streams++
      const { client } = connection
      const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, headers, {})
      const cancel = () => call.cancel()
      if (signal?.aborted) cancel()
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        yield* call as AsyncIterable<Message>
      } catch (error) {
        if (!signal?.aborted) throw gatewayError(error)
      } finally {
        connection.streams--
        signal?.removeEventListener('abort', cancel)
        cancel()
      }
    },
    close: connections.close,
  }
}

/** What waits long has connections of its own: a command never waits behind it. */
function connectionsTo(address: string, credentials: grpc.ChannelCredentials) {
  const connect = () =>
    new grpc.Client(address, credentials, {
      'grpc.max_receive_message_length': REPLY_BYTES_MAX,
      'grpc.use_local_subchannel_pool': 1,
    })
  const commands = connect()
  const waiting: { readonly client: grpc.Client; streams: number }[] = []
  return {
    commands,
    toWaitOn() {
      const free = waiting.find(({ streams }) => streams < STREAMS_PER_CONNECTION)
      if (free) return free
      const added = { client: connect(), streams: 0 }
      waiting.push(added)
      return added
    },
    close() {
      for (const { client } of waiting) client.close()
      commands.close()
    },
  }
}

const STATUSES: ReadonlySet<string> = new Set<GatewayStatus>([
  'INVALID_ARGUMENT',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
  'UNAVAILABLE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'CANCELLED',
])

const isStatus = (name: string | undefined): name is GatewayStatus => name !== undefined && STATUSES.has(name)

function gatewayError(error: unknown): GatewayError {
  const { code, details } = error as Partial<grpc.ServiceError>
  const name = code === undefined ? undefined : grpc.status[code]
  return new GatewayError(isStatus(name) ? name : 'UNKNOWN', details ?? 'The call failed')
}
