/**
 * The management port: health, metrics, the record log. Owns: these answers. Does not own: the shape of a record (expand.ts).
 * `POST /idle` exists only where the clock is controlled: it is for tests and traces.
 */
import express from 'express'
import { GatewayError } from '../protocol/gateway.ts'
import type { Engine } from '../runtime/engine.ts'
import type { Admission } from './admission.ts'
import { definitionNames } from './definition-names.ts'
import { expand } from './expand.ts'
import { guard, problems, send } from './http.ts'
import type { Metrics } from './metrics.ts'
import { invalid } from './rejection.ts'
import { WholeLists } from './whole-lists.ts'

export const RECORDS_LIMIT_MAX = 5_000
const RECORDS_LIMIT_DEFAULT = 1_000
/** A page ends with the record that goes beyond: lists are shown whole. */
const RECORDS_CHARACTERS_MAX = 64_000_000

export interface ManagementOptions {
  readonly engine: Engine
  readonly isClockControlled: boolean
  readonly admission: Admission
  readonly metrics: Metrics
  readonly version: string
  readonly log: (line: string) => void
}

function integer(given: unknown, what: string, byDefault: number): number {
  if (given === undefined) return byDefault
  if (typeof given === 'string' && /^-?\d{1,15}$/.test(given)) return Number(given)
  throw invalid(`Expected ${what} to be an integer, but it is not`)
}

export function managementApp(options: ManagementOptions): express.Express {
  const { engine, metrics, version, isClockControlled } = options
  const names = definitionNames(engine.query)
  const lists = new WholeLists(engine)
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(guard(options.admission))
  app.get('/actuator/health', (_request, response) => {
    const { healthy, detail } = engine.health()
    const status = healthy ? 'UP' : 'DOWN'
    response.status(healthy ? 200 : 503).json({ status, ...(detail && { details: { engine: detail } }) })
  })
  app.get('/actuator/info', (_request, response) => {
    response.json({ build: { name: 'Iter', version } })
  })
  app.get('/actuator/prometheus', (_request, response) =>
    send(response, { status: 200, type: 'text/plain; version=0.0.4', body: metrics.text() }),
  )
  app.get('/records', async ({ query }, response) => {
    const after = integer(query.after, 'after', -1)
    const limit = Math.min(Math.max(integer(query.limit, 'limit', RECORDS_LIMIT_DEFAULT), 1), RECORDS_LIMIT_MAX)
    const records = await engine.records(after, limit)
    const named = await names.of(records)
    const page = lists.page(after)
    let body = ''
    for (const record of records) {
      body += `${expand(await page.whole(record), named)}\n`
      lists.keep(page, record.position)
      if (body.length > RECORDS_CHARACTERS_MAX) break
    }
    send(response, { status: 200, type: 'application/x-ndjson', body })
  })
  if (isClockControlled) {
    app.post('/idle', async (_request, response) => {
      await engine.idle()
      response.json({ idle: true })
    })
  }
  app.use(() => {
    throw new GatewayError('NOT_FOUND', 'Expected the address of a management resource, but it is none')
  })
  app.use(problems(options.log))
  return app
}
