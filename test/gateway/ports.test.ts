/** What reaches the ports from outside, and what of it may reach the engine: here nothing does. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import * as http2 from 'node:http2'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { apiUserLine, embeddedGateway, type RunningGateway, startGateway } from '../../engine/gateway/index.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import type { Engine } from '../../engine/runtime/engine.ts'

let reached = 0
const refuse = async (): Promise<never> => {
  reached++
  throw new GatewayError('UNAVAILABLE', 'Expected the database to answer, but it is away')
}
/** An engine whose database is away. */
const away: Engine = {
  submit: refuse,
  activateJobs: refuse,
  streamJobs: () => {},
  query: {
    search: refuse,
    get: refuse,
    resourceText: refuse,
    form: refuse,
    userTaskVariables: refuse,
    sequenceFlows: refuse,
    elementStatistics: refuse,
  },
  records: refuse,
  instanceRecords: refuse,
  clock: { now: () => 0, pin: () => {}, reset: () => {} },
  idle: async () => {},
  health: () => ({ healthy: false, detail: 'the database is away' }),
}

const log: string[] = []
const started: RunningGateway[] = []
async function start(config: { isClockControlled?: boolean; apiUsers?: string | null; host?: string } = {}) {
  const gateway = embeddedGateway(away, { host: '127.0.0.1', port: 0 })
  const running = await startGateway({
    engine: away,
    gateway,
    config: {
      host: '127.0.0.1',
      grpcPort: 0,
      restPort: 0,
      managementPort: 0,
      origins: ['http://127.0.0.1:3000'],
      apiUsers: null,
      isClockControlled: false,
      version: '0.1.0',
      ...config,
    },
    log: (line) => log.push(line),
  })
  started.push(running)
  return running.addresses
}
const ports = await start()
const guarded = await start({ apiUsers: await apiUserLine('modeler', 'segreto') })
const controlled = await start({ isClockControlled: true })
after(() => Promise.all(started.map((running) => running.close())))

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}
interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
/** Unlike fetch it may name any host. */
function ask(
  address: string,
  path: string,
  { method = 'GET', headers = {}, body = '' }: Asked = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`http://${address}${path}`, { method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
async function grpcStatus(address: string, headers: http2.OutgoingHttpHeaders = {}): Promise<string> {
  const session = http2.connect(`http://${address}`)
  const path = '/gateway_protocol.Gateway/CompleteJob'
  const sent = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...headers })
  sent.end(Buffer.alloc(5))
  const [received] = await once(sent, 'response')
  session.close()
  return String(received['grpc-status'])
}
const basic = (password: string) => `Basic ${Buffer.from(`modeler:${password}`).toString('base64')}`
const json = { 'content-type': 'application/json' }
const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
const deployment = '--x\r\nContent-Disposition: form-data; name="resources"; filename="a.bpmn"\r\n\r\n<a/>\r\n--x--'

function isProblem({ status, headers, body }: Answered, wanted: number): void {
  assert.equal(status, wanted, body)
  assert.match(headers['content-type']!, /^application\/problem\+json/)
  const problem = JSON.parse(body)
  assert.equal(problem.status, wanted)
  assert.ok(problem.title.length > 0 && problem.detail.length > 0)
  assert.doesNotMatch(body, /node_modules|\.ts:|\n +at /)
}

const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = json): Asked => ({
  method: 'POST',
  headers,
  body,
})
const hostile: Readonly<Record<string, readonly [status: number, address: string, path: string, asked?: Asked]>> = {
  'a foreign Host on REST': [403, ports.rest, '/v2/topology', { headers: { host: 'evil.example' } }],
  'a foreign Host on management': [403, ports.management, '/records', { headers: { host: 'evil.example:9600' } }],
  'a page that deploys': [
    403,
    ports.rest,
    '/v2/deployments',
    post(deployment, { ...multipart, origin: 'http://evil.example' }),
  ],
  'a sandboxed page that deploys': [
    403,
    ports.rest,
    '/v2/deployments',
    post(deployment, { ...multipart, origin: 'null' }),
  ],
  'a page that reads records': [403, ports.management, '/records', { headers: { origin: 'http://evil.example' } }],
  'a body without end': [400, ports.rest, '/v2/messages/publication', post(Buffer.alloc(5_000_000, ' '))],
  'a deployment of 10 MB': [400, ports.rest, '/v2/deployments', post(Buffer.alloc(10_000_000, 'x'), multipart)],
  'a body that unpacks without end': [
    400,
    ports.rest,
    '/v2/messages/publication',
    post(gzipSync(Buffer.alloc(10_000_000, ' ')), { ...json, 'content-encoding': 'gzip' }),
  ],
  'JSON of depth 200': [
    400,
    ports.rest,
    '/v2/jobs/1/completion',
    post(`{"variables":${'{"a":'.repeat(200)}1${'}'.repeat(201)}`),
  ],
  'broken JSON': [400, ports.rest, '/v2/jobs/1/completion', post('{"variables":')],
  'JSON of another content type': [
    400,
    ports.rest,
    '/v2/jobs/1/completion',
    post('{}', { 'content-type': 'text/plain' }),
  ],
  'a key that is none': [400, ports.rest, "/v2/jobs/1'%20or%201=1/completion", post('{}')],
  'a path that is no text': [400, ports.rest, '/v2/incidents/%ff'],
  'a NUL in a filter': [400, ports.rest, '/v2/jobs/search', post('{"filter":{"type":"a\\u0000"}}')],
  'a prototype name in a filter': [400, ports.rest, '/v2/jobs/search', post('{"filter":{"__proto__":{"$eq":"x"}}}')],
  'an address of nothing': [404, ports.rest, '/v2/../../etc/passwd'],
  'an operation of later': [501, ports.rest, '/v2/tenants', post('{}')],
  'limits that are no numbers': [400, ports.management, '/records?after=1;drop'],
  'the clock, where it is the real one': [
    404,
    ports.rest,
    '/v2/clock',
    { method: 'PUT', headers: json, body: '{"timestamp":1}' },
  ],
  'idleness, where the clock is the real one': [404, ports.management, '/idle', post('')],
  'no credentials where users are set': [401, guarded.rest, '/v2/topology'],
  'a wrong password': [401, guarded.rest, '/v2/topology', { headers: { authorization: basic('password') } }],
  'no credentials for records': [401, guarded.management, '/records'],
}
describe('refused before the engine', () => {
  for (const [what, [status, address, path, asked]] of Object.entries(hostile)) {
    test(what, async () => {
      const before = reached
      isProblem(await ask(address, path, asked), status)
      assert.equal(reached, before)
    })
  }
  test('a foreign authority, origin and missing credentials on gRPC', async () => {
    const before = reached
    assert.equal(await grpcStatus(ports.grpc, { ':authority': 'evil.example' }), '7')
    assert.equal(await grpcStatus(ports.grpc, { origin: 'http://evil.example' }), '7')
    assert.equal(await grpcStatus(guarded.grpc), '16')
    assert.equal(await grpcStatus(guarded.grpc, { authorization: basic('password') }), '16')
    assert.equal(reached, before)
  })
})

describe('let in', () => {
  test('clients, our pages and users with their password reach the engine', async () => {
    const before = reached
    const completion = post('{}')
    isProblem(await ask(ports.rest, '/v2/jobs/1/completion', completion), 503)
    const fromPage = { ...completion, headers: { ...json, origin: 'http://127.0.0.1:3000' } }
    isProblem(await ask(ports.rest, '/v2/jobs/1/completion', fromPage), 503)
    const byUser = { ...completion, headers: { ...json, authorization: basic('segreto') } }
    isProblem(await ask(guarded.rest, '/v2/jobs/1/completion', byUser), 503)
    assert.equal(await grpcStatus(ports.grpc), '14')
    assert.equal(await grpcStatus(guarded.grpc, { authorization: basic('segreto') }), '14')
    assert.equal(reached, before + 5)
  })

  test('who one is', async () => {
    isProblem(await ask(ports.rest, '/v2/authentication/me', { headers: { authorization: basic('any') } }), 401)
    const me = await ask(guarded.rest, '/v2/authentication/me', { headers: { authorization: basic('segreto') } })
    assert.equal(JSON.parse(me.body).username, 'modeler')
  })

  test('the version that clients choose by, and our own', async () => {
    const topology = JSON.parse((await ask(ports.rest, '/v2/topology')).body)
    assert.equal(topology.gatewayVersion, '8.8.0')
    assert.equal(topology.brokers[0].version, '8.8.0')
    const info = JSON.parse((await ask(ports.management, '/actuator/info')).body)
    assert.equal(info.build.version, '0.1.0')
  })

  test('an engine that is away is down, unhealthy and not serving', async () => {
    isProblem(await ask(ports.rest, '/v2/status'), 503)
    const health = await ask(ports.management, '/actuator/health')
    assert.deepEqual([health.status, JSON.parse(health.body).status], [503, 'DOWN'])
  })

  test('a controlled clock can be set, and idleness awaited', async () => {
    const pin = { method: 'PUT', headers: json, body: '{"timestamp":"1767225600000"}' }
    assert.equal((await ask(controlled.rest, '/v2/clock', pin)).status, 204)
    assert.equal((await ask(controlled.rest, '/v2/clock/reset', post(''))).status, 204)
    assert.equal((await ask(controlled.management, '/idle', post(''))).status, 200)
    isProblem(await ask(controlled.rest, '/v2/clock', { ...pin, body: '{"timestamp":-1}' }), 400)
  })

  test('calls are counted by operation and status', async () => {
    const { body } = await ask(ports.management, '/actuator/prometheus')
    assert.match(body, /^iter_rest_calls_total\{call="completeJob",status="503"\} \d+$/m)
    assert.match(body, /^iter_grpc_call_seconds_bucket\{call="CompleteJob",le="\+Inf"\} \d+$/m)
  })
})

test('another address than a loopback one is refused without users', async () => {
  await assert.rejects(start({ host: '0.0.0.0' }), /ITER_API_USERS/)
})

test('when one port is taken, none stays open', async () => {
  const taken = Number(ports.rest.split(':')[1])
  const gateway = embeddedGateway(away, { host: '127.0.0.1', port: 0 })
  const config = {
    host: '127.0.0.1',
    grpcPort: 0,
    restPort: taken,
    managementPort: 0,
    apiUsers: null,
    isClockControlled: false,
    version: '',
  }
  await assert.rejects(startGateway({ engine: away, gateway, config }), { code: 'EADDRINUSE' })
})

test('nothing of all this was a bug', () => assert.deepEqual(log, []))
