/**
 * The REST API of the Orchestration Cluster, `/v2`. Owns: the list of operations, the way in (admission, size of bodies) and the way
 * out (problem+json). Does not own: what an operation does (the resources' files), refusals (rejection.ts).
 */
import express, { type Request, type Response } from 'express'
import type { Gateway } from '../../protocol/gateway.ts'
import { GatewayError } from '../../protocol/gateway.ts'
import type { EngineClock } from '../../runtime/engine.ts'
import type { Admission } from '../admission.ts'
import { BODY_BYTES_MAX, guard, problems, send } from '../http.ts'
import type { Metrics } from '../metrics.ts'
import { batchOperations } from './batch-operations.ts'
import { clockOperations, cluster } from './cluster.ts'
import { conditionals } from './conditionals.ts'
import { decisions } from './decisions.ts'
import { deployments } from './deployments.ts'
import { elementInstances } from './element-instances.ts'
import { incidents } from './incidents.ts'
import { jobs } from './jobs.ts'
import { later } from './later.ts'
import { messages } from './messages.ts'
import type { Operation } from './operation.ts'
import { processDefinitions } from './process-definitions.ts'
import { processInstances } from './process-instances.ts'
import { signals } from './signals.ts'
import { suspensions } from './suspensions.ts'
import { userTaskAliases, userTasks } from './user-tasks.ts'
import { variables } from './variables.ts'

export const operations: readonly Operation[] = [
  ...cluster,
  ...deployments,
  ...processDefinitions,
  ...processInstances,
  ...elementInstances,
  ...variables,
  ...jobs,
  ...userTasks,
  ...incidents,
  ...messages,
  ...signals,
  ...conditionals,
  ...decisions,
  ...batchOperations,
  ...later,
]

export interface RestOptions {
  readonly gateway: Gateway
  /** Set where the clock is controlled. */
  readonly clock: EngineClock | null
  readonly admission: Admission
  readonly metrics: Metrics
  readonly log: (line: string) => void
}

export function restApp(options: RestOptions): express.Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(guard(options.admission))
  app.use(express.raw({ type: () => true, limit: BODY_BYTES_MAX }))
  const clock = options.clock ? clockOperations(options.clock) : []
  for (const operation of [...operations, ...clock, ...userTaskAliases, ...suspensions]) {
    const path = `/v2${operation.path.replace(/\{(\w+)\}/g, ':$1')}`
    app[verbOf(operation)](path, (request, response) => serve(options, operation, request, response))
  }
  app.use(() => {
    throw new GatewayError('NOT_FOUND', 'Expected the address of an operation of this API, but it is none')
  })
  app.use(problems(options.log))
  return app
}

const verbs = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const
const verbOf = ({ method }: Operation) => verbs[method]

async function serve({ gateway, metrics }: RestOptions, operation: Operation, request: Request, response: Response) {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const started = performance.now()
  response.on('finish', () => {
    metrics.count('iter_rest_calls_total', `call="${operation.id}",status="${response.statusCode}"`)
    metrics.observe('iter_rest_call_seconds', `call="${operation.id}"`, performance.now() - started)
  })
  const reply = await operation.handle({
    gateway,
    path: request.params as Record<string, string>,
    query: new URL(request.url, 'http://localhost').searchParams,
    contentType: request.headers['content-type'] ?? '',
    bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    user: response.locals.user ?? null,
    gone: gone.signal,
  })
  send(response, reply)
}
