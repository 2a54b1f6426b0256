/**
 * Zeebe's gateway over gRPC. Owns: which calls there are, who is let in, polls and streams of jobs, health.
 * Does not own: the protocol (grpc-server.ts), what a call means (grpc-calls.ts, embedded-gateway.ts).
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type ActivatedJob, type Gateway, GatewayError } from '../protocol/gateway.ts'
import type { Engine, HandedJob } from '../runtime/engine.ts'
import type { Admission } from './admission.ts'
import { jobMessage, type UnaryCall, unaryCalls } from './grpc-calls.ts'
import { type Call, type GrpcServer, type Method, serveGrpc } from './grpc-server.ts'
import type { Metrics } from './metrics.ts'
import { failureOf } from './rejection.ts'
import { jobRequest } from './requests.ts'
import { activatedJob } from './responses.ts'
import { gatewayCodecs, healthCodecs, toNumber } from './wire.ts'
import type { ActivateJobsRequest, StreamActivatedJobsRequest } from './wire-messages.ts'

/** Clients accept replies of 4 MB; most of a job is its variables. */
const REPLY_CHARACTERS_MAX = 1_000_000
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

export function startGrpc(options: GrpcOptions): Promise<GrpcServer> {
  const { host, port, log } = options
  const unary = (Object.keys(unaryCalls) as UnaryCall[]).map((name) => unaryMethod(options, name))
  const jobs = [
    gatewayMethod(options, 'ActivateJobs', (call) => activateJobs(options, call)),
    gatewayMethod(options, 'StreamActivatedJobs', (call) => streamJobs(options, call)),
  ]
  return serveGrpc([...unary, ...jobs, ...healthMethods(options)], {
    host,
    port,
    failed(path, error) {
      const { answer, logged } = failureOf(error)
      if (logged !== null) log(`${path} failed: ${logged}`)
      return answer
    },
  })
}

function unaryMethod<C extends UnaryCall>(options: GrpcOptions, name: C): Method {
  const handle: (request: never, gateway: Gateway) => Promise<object> = unaryCalls[name]
  return gatewayMethod(options, name, ({ request }) => handle(request as never, options.gateway))
}

/** A method of the gateway: admitted, then measured. */
function gatewayMethod({ admission, metrics }: GrpcOptions, name: string, handle: Method['handle']): Method {
  const measure = (status: string, started: number) => {
    metrics.count('iter_grpc_calls_total', `call="${name}",status="${status}"`)
    metrics.observe('iter_grpc_call_seconds', `call="${name}"`, performance.now() - started)
  }
  return {
    ...gatewayCodecs.get(name)!,
    async handle(call) {
      const started = performance.now()
      try {
        const { ':authority': host, origin, authorization } = call.headers
        await admission({ host, origin, authorization })
        const reply = await handle(call)
        measure('OK', started)
        return reply
      } catch (error) {
        measure(error instanceof GatewayError ? error.status : 'INTERNAL', started)
        throw error
      }
    },
  }
}

async function activateJobs({ gateway }: GrpcOptions, call: Call): Promise<undefined> {
  const { fetchVariable, timeout, requestTimeout, ...request } = call.request as ActivateJobsRequest
  const times = { timeoutMs: toNumber(timeout), requestTimeoutMs: toNumber(requestTimeout) }
  const jobs = await gateway.activateJobs({ ...request, ...times, fetchVariables: fetchVariable }, call.gone)
  for (const some of inReplies(jobs)) call.write({ jobs: some.map(jobMessage) })
}

/** Splits jobs so that no reply outgrows what clients accept. */
function inReplies(jobs: readonly ActivatedJob[]): ActivatedJob[][] {
  const replies: ActivatedJob[][] = []
  let room = 0
  for (const job of jobs) {
    if (replies.length === 0 || room < job.variables.length) {
      replies.push([])
      room = REPLY_CHARACTERS_MAX
    }
    replies.at(-1)!.push(job)
    room -= job.variables.length
  }
  return replies
}

/** Open until the client goes; jobs are pushed as long as it takes them. */
async function streamJobs({ engine, metrics }: GrpcOptions, call: Call): Promise<undefined> {
  const { fetchVariable, timeout, ...request } = call.request as StreamActivatedJobsRequest
  const wanted = jobRequest({ ...request, fetchVariables: fetchVariable, timeoutMs: toNumber(timeout) })
  const { gone } = call
  call.open()
  const push = (job: HandedJob): boolean => {
    if (call.isFull) return false
    metrics.count('iter_grpc_jobs_pushed_total', `call="StreamActivatedJobs"`)
    call.write(jobMessage(activatedJob(job)))
    return true
  }
  engine.streamJobs(wanted, push, gone)
  await aborted(gone)
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const SERVING = 1
const NOT_SERVING = 2
const SERVICE_UNKNOWN = 3

/** Asked by probes, before they have credentials. */
function healthMethods({ engine }: GrpcOptions): Method[] {
  const statusOf = (call: Call) => {
    const { service } = call.request as { readonly service: string }
    if (service !== '' && service !== 'gateway_protocol.Gateway') return SERVICE_UNKNOWN
    return engine.health().healthy ? SERVING : NOT_SERVING
  }
  return [
    {
      ...healthCodecs.get('Check')!,
      async handle(call) {
        const status = statusOf(call)
        if (status !== SERVICE_UNKNOWN) return { status }
        throw new GatewayError('NOT_FOUND', 'Expected the name of a service of this server, but it is none')
      },
    },
    {
      ...healthCodecs.get('Watch')!,
      async handle(call) {
        const { gone } = call
        for (let last = -1; !gone.aborted; await pause(HEALTH_WATCH_MS, undefined, { signal: gone }).catch(() => {})) {
          const status = statusOf(call)
          if (status !== last) call.write({ status })
          last = status
        }
        return undefined
      },
    },
  ]
}
