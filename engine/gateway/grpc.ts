/**
 * Zeebe's gateway over gRPC. Owns: the server, its bounds, who is let in, statuses, polls and streams of jobs.
 * Does not own: what a call means (grpc-calls.ts, embedded-gateway.ts). HTTP/1 on this port is closed at once by the HTTP/2
 * preface check: a modeler that tries both takes that for an answer.
 */
import * as grpc from '@grpc/grpc-js'
import type { ActivatedJob, Gateway, GatewayStatus } from '../protocol/gateway.ts'
import type { Engine } from '../runtime/engine.ts'
import type { Admission } from './admission.ts'
import { jobMessage, type UnaryCall, unaryCalls } from './grpc-calls.ts'
import type { Metrics } from './metrics.ts'
import { failureOf } from './rejection.ts'
import { jobRequest } from './requests.ts'
import { activatedJob } from './responses.ts'
import { gatewayService, healthService, toNumber } from './wire.ts'
import type { ActivateJobsRequest, StreamActivatedJobsRequest } from './wire-messages.ts'

export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024
export const STREAMS_PER_CONNECTION_MAX = 100
/** Clients refuse headers beyond 8 KB (Java) or 16 KB (Node); percent-encoding makes text longer. */
const STATUS_TEXT_MAX = 6_000
const REPLY_CHARACTERS_MAX = 1_000_000
const SHUTDOWN_GRACE_MS = 1_000
const HEALTH_WATCH_MS = 1_000

export interface GrpcOptions {
  readonly gateway: Gateway
  readonly engine: Engine
  readonly admission: Admission
  readonly metrics: Metrics
  readonly log: (line: string) => void
  readonly host: string
  readonly port: number
}

type Stream<Q> = grpc.ServerWritableStream<Q, object>
type AnyCall = grpc.ServerUnaryCall<object, object> | Stream<object>

export async function startGrpc(options: GrpcOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { host, port } = options
  const closing = new AbortController()
  const server = new grpc.Server({
    'grpc.max_receive_message_length': MESSAGE_BYTES_MAX,
    'grpc.max_concurrent_streams': STREAMS_PER_CONNECTION_MAX,
    'grpc.enable_channelz': 0,
  })
  server.addService(gatewayService, gatewayHandlers(options, closing.signal))
  server.addService(healthService, healthHandlers(options, closing.signal))
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(authority(host, port), grpc.ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    ),
  )
  return { port: bound, close: () => close(server, closing) }
}

const authority = (host: string, port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

/** Polls and streams end first, then what is under way may finish, then the rest is cut. */
function close(server: grpc.Server, closing: AbortController): Promise<void> {
  closing.abort()
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.forceShutdown(), SHUTDOWN_GRACE_MS)
    server.tryShutdown(() => {
      clearTimeout(cut)
      resolve()
    })
  })
}

async function admit({ admission }: GrpcOptions, call: AnyCall): Promise<void> {
  const text = (name: string) => call.metadata.get(name)[0]?.toString()
  const origin = text('origin')
  await admission({ host: call.getHost(), origin, authorization: text('authorization') })
}

/** The status a client sees. Text is cut to what fits the headers of the pickiest client. */
function statusOf(
  { log }: GrpcOptions,
  name: string,
  error: unknown,
): Partial<grpc.StatusObject> & { name: GatewayStatus } {
  const { answer, logged } = failureOf(error)
  if (logged !== null) log(`${name} failed: ${logged}`)
  return {
    name: answer.status,
    code: grpc.status[answer.status],
    details: answer.message.slice(0, STATUS_TEXT_MAX).toWellFormed(),
  }
}

function gatewayHandlers(options: GrpcOptions, closing: AbortSignal): grpc.UntypedServiceImplementation {
  const names = Object.keys(unaryCalls) as UnaryCall[]
  const unary = names.map((name) => [name, unaryHandler(options, name)] as const)
  return {
    ...Object.fromEntries(unary),
    ActivateJobs: (call: Stream<ActivateJobsRequest>) => activateJobs(options, call, closing),
    StreamActivatedJobs: (call: Stream<StreamActivatedJobsRequest>) => streamJobs(options, call, closing),
  }
}

function measured({ metrics }: GrpcOptions, call: string): (status: GatewayStatus | 'OK') => void {
  const started = performance.now()
  return (status) => {
    metrics.count('iter_grpc_calls_total', `call="${call}",status="${status}"`)
    metrics.observe('iter_grpc_call_seconds', `call="${call}"`, performance.now() - started)
  }
}

function unaryHandler<C extends UnaryCall>(options: GrpcOptions, name: C): grpc.handleUnaryCall<object, object> {
  const handle: (request: never, gateway: Gateway) => Promise<object> = unaryCalls[name]
  return (call, done) => {
    const ended = measured(options, name)
    admit(options, call)
      .then(() => handle(call.request as never, options.gateway))
      .then(
        (reply: object) => {
          ended('OK')
          done(null, reply)
        },
        (error) => {
          const status = statusOf(options, name, error)
          ended(status.name)
          done({ code: status.code, details: status.details })
        },
      )
  }
}

/** A signal that fires when the client has gone, its deadline has passed or the server closes. */
function goneSignal(call: { on(event: 'cancelled', heard: () => void): unknown }, closing: AbortSignal): AbortSignal {
  const gone = new AbortController()
  call.on('cancelled', () => gone.abort())
  return AbortSignal.any([gone.signal, closing])
}

async function activateJobs(
  options: GrpcOptions,
  call: Stream<ActivateJobsRequest>,
  closing: AbortSignal,
): Promise<void> {
  const ended = measured(options, 'ActivateJobs')
  const { fetchVariable, timeout, requestTimeout, ...request } = call.request
  try {
    await admit(options, call)
    const poll = {
      ...request,
      fetchVariables: fetchVariable,
      timeoutMs: toNumber(timeout),
      requestTimeoutMs: toNumber(requestTimeout),
    }
    const jobs = await options.gateway.activateJobs(poll, goneSignal(call, closing))
    if (!call.cancelled) for (const some of inMessages(jobs)) call.write({ jobs: some.map(jobMessage) })
    ended('OK')
    call.end()
  } catch (error) {
    const status = statusOf(options, 'ActivateJobs', error)
    ended(status.name)
    call.emit('error', status)
  }
}

/** Splits jobs so that no reply outgrows what clients accept. */
export function inMessages(jobs: readonly ActivatedJob[]): ActivatedJob[][] {
  const messages: ActivatedJob[][] = []
  let room = 0
  for (const job of jobs) {
    if (room < job.variables.length || messages.length === 0) {
      messages.push([])
      room = REPLY_CHARACTERS_MAX
    }
    messages.at(-1)!.push(job)
    room -= job.variables.length
  }
  return messages
}

/** Open until the client goes; jobs are pushed as long as it takes them. */
async function streamJobs(
  options: GrpcOptions,
  call: Stream<StreamActivatedJobsRequest>,
  closing: AbortSignal,
): Promise<void> {
  const { fetchVariable, timeout, ...request } = call.request
  try {
    await admit(options, call)
    const wanted = jobRequest({ ...request, fetchVariables: fetchVariable, timeoutMs: toNumber(timeout) })
    call.sendMetadata(new grpc.Metadata())
    const gone = goneSignal(call, closing)
    gone.addEventListener('abort', () => call.end(), { once: true })
    const push = (job: Parameters<typeof activatedJob>[0]): boolean => {
      if (call.writableNeedDrain) return false
      call.write(jobMessage(activatedJob(job)))
      options.metrics.count('iter_grpc_jobs_pushed_total', '')
      return true
    }
    options.engine.streamJobs(wanted, push, gone)
  } catch (error) {
    call.emit('error', statusOf(options, 'StreamActivatedJobs', error))
  }
}

const SERVING = 1
const NOT_SERVING = 2
const SERVICE_UNKNOWN = 3

function healthHandlers({ engine }: GrpcOptions, closing: AbortSignal): grpc.UntypedServiceImplementation {
  const statusFor = (service: string) => {
    if (service !== '' && service !== 'gateway_protocol.Gateway') return SERVICE_UNKNOWN
    return engine.health().healthy ? SERVING : NOT_SERVING
  }
  return {
    Check: (call: grpc.ServerUnaryCall<{ service: string }, object>, done: grpc.sendUnaryData<object>) => {
      const status = statusFor(call.request.service)
      if (status === SERVICE_UNKNOWN)
        done({ code: grpc.status.NOT_FOUND, details: 'Expected a known service, but it is not' })
      else done(null, { status })
    },
    Watch: (call: Stream<{ service: string }>) => {
      let last = -1
      const look = () => {
        const status = statusFor(call.request.service)
        if (status !== last) call.write({ status })
        last = status
      }
      look()
      const again = setInterval(look, HEALTH_WATCH_MS)
      goneSignal(call, closing).addEventListener('abort', () => {
        clearInterval(again)
        call.end()
      })
    },
  }
}
