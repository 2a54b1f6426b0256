/**
 * What the engine's ports refuse, as a table: name, request, expected status. After each the engine still serves, and neither answer
 * nor log shows a stack or what the request said of a person.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { operations } from '../../engine/gateway/rest/index.ts'
import { gatewayCodecs } from '../../engine/gateway/wire.ts'
import { type Answered, askHttp, askHttp2, askRaw, framed, JSON_TYPE, refusedStreams } from './asking.ts'
import { besieged, ORIGIN } from './besieged.ts'
import { decision, definitions, input, script, serviceTask, timer, userTask, waiting } from './diagrams.ts'

const iter = await besieged()
after(iter.close)
const { rest, grpc, ports, guarded } = iter

type Case = readonly [name: string, ask: () => Promise<Answered>, status: string]

const PERSON = 'Fulvia Segreta'
const times = (count: number, text: string) => text.repeat(count)
const nested = (depth: number) => `{"persona":"${PERSON}","a":${times(depth, '{"a":')}1${times(depth + 1, '}')}`
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`modeler:${password}`).toString('base64')}`,
})
const evil = 'evil.example'
const foreignHost = { ...JSON_TYPE, host: evil }
const foreignOrigin = { ...JSON_TYPE, origin: `http://${evil}` }
const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
const part = (name: string, content: string) =>
  `--x\r\nContent-Disposition: form-data; name="resources"; filename="${name}"\r\n\r\n${content}\r\n--x--`

/** The first job of an instance started for this. */
let jobKey = ''
let instanceKey = ''
async function freshJob(): Promise<void> {
  instanceKey = (await iter.gateway.createProcessInstance({ bpmnProcessId: 'one-task' })).processInstanceKey
  const poll = { type: 'one-task', worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 1, requestTimeoutMs: 5_000 }
  jobKey = (await iter.gateway.activateJobs(poll))[0]!.key
}
/** An instance that nobody has touched runs to its end. */
async function serves(): Promise<void> {
  const health = await askHttp(ports.management, '/actuator/health')
  assert.deepEqual([health.status, JSON.parse(health.text).status], ['200', 'UP'])
  const [key, instance] = await freshJob().then(() => [jobKey, instanceKey])
  await iter.gateway.completeJob(key!)
  const ended = await iter.gateway.query.get('process-instances', instance!)
  assert.equal(ended?.state, 'COMPLETED')
}

const deploy = (name: string, content: string | Buffer) =>
  grpc('DeployResource', { resources: [{ name, content: Buffer.from(content) }] })

/** Deploys, starts, and answers with the incident's type. */
async function incidentOf(id: string, diagram: string, variables = '{}'): Promise<Answered> {
  const deployed = await deploy(`${id}.bpmn`, diagram)
  if (deployed.status !== 'OK') return { ...deployed, status: `not deployed: ${deployed.status}` }
  const created = await grpc('CreateProcessInstance', { bpmnProcessId: id, version: -1, variables })
  if (created.status !== 'OK') return created
  const processInstanceKey = JSON.parse(created.text).processInstanceKey
  const found = await rest('/v2/incidents/search', JSON.stringify({ filter: { processInstanceKey } }))
  const [incident] = JSON.parse(found.text).items
  return { status: incident?.errorType ?? 'none', text: incident?.errorMessage ?? '' }
}
async function evaluated(id: string, expression: string): Promise<Answered> {
  const deployed = await deploy(`${id}.dmn`, decision(id, expression))
  if (deployed.status !== 'OK') return deployed
  const { text } = await grpc('EvaluateDecision', { decisionId: id })
  const { failureMessage, decisionOutput } = JSON.parse(text)
  return { status: failureMessage ? 'failed' : `value ${decisionOutput}`, text }
}

const doors: readonly Case[] = [
  ['a foreign Host on REST', () => rest('/v2/topology', undefined, foreignHost), '403'],
  [
    'a foreign Host that creates',
    () => rest('/v2/process-instances', '{"processDefinitionId":"one-task"}', foreignHost),
    '403',
  ],
  [
    'a foreign Origin on REST',
    () => rest('/v2/process-instances', '{"processDefinitionId":"one-task"}', foreignOrigin),
    '403',
  ],
  [
    'a page that deploys by a plain form',
    () => rest('/v2/deployments', part('a.bpmn', oneLine()), { ...multipart, origin: 'null' }),
    '403',
  ],
  ['a foreign Host on management', () => askHttp(ports.management, '/records', { headers: foreignHost }), '403'],
  ['a foreign Origin on management', () => askHttp(ports.management, '/records', { headers: foreignOrigin }), '403'],
  [
    'a foreign Origin that reads health',
    () => askHttp(ports.management, '/actuator/health', { headers: foreignOrigin }),
    '403',
  ],
  ['a foreign authority on gRPC', () => askHttp2(ports.grpc, { ':authority': evil }, framed(Buffer.alloc(0))), '7'],
  ['a foreign Origin on gRPC', () => askHttp2(ports.grpc, { origin: `http://${evil}` }, framed(Buffer.alloc(0))), '7'],
  ['a Host of two names', () => rest('/v2/topology', undefined, { host: `127.0.0.1, ${evil}` }), '403'],
  ['our Host as a prefix', () => rest('/v2/topology', undefined, { host: `127.0.0.1.${evil}` }), '403'],
  ['an Origin that begins like ours', () => rest('/v2/topology', undefined, { origin: `${ORIGIN}.${evil}` }), '403'],
  ['a wrong password on REST', () => askHttp(guarded.rest, '/v2/topology', { headers: basic('wrong') }), '401'],
  ['a wrong password on management', () => askHttp(guarded.management, '/records', { headers: basic('wrong') }), '401'],
  ['a wrong password on gRPC', () => askHttp2(guarded.grpc, basic('wrong'), framed(Buffer.alloc(0))), '16'],
  [
    'credentials without end',
    () => askHttp(guarded.rest, '/v2/topology', { headers: { authorization: `Basic ${times(8_000, 'A')}` } }),
    '401',
  ],
  [
    'an unknown user',
    () => askHttp(guarded.rest, '/v2/topology', { headers: { authorization: `Basic ${btoa('__proto__:x')}` } }),
    '401',
  ],
  ['records without a password', () => askHttp(guarded.management, '/records'), '401'],
  ['metrics without a password', () => askHttp(guarded.management, '/actuator/prometheus'), '401'],
  ['a path out of the API', () => rest('/v2/../../../etc/passwd'), '404'],
  ['an encoded path out of the API', () => rest('/v2/%2e%2e%2f%2e%2e%2fetc%2fpasswd'), '404'],
  ['a path that is no text', () => rest('/v2/incidents/%ff'), '400'],
  ['a path out of management', () => askHttp(ports.management, '/../../etc/passwd'), '404'],
]
const oneLine = () => serviceTask('another', 'another')

/** Each call that takes variables. */
const takingVariables = (what: string, variables: string): readonly Case[] =>
  (
    [
      ['CreateProcessInstance', { bpmnProcessId: 'one-task', version: -1, variables }],
      ['CreateProcessInstanceWithResult', { request: { bpmnProcessId: 'one-task', version: -1, variables } }],
      ['PublishMessage', { name: 'm', correlationKey: 'k', variables }],
      ['EvaluateDecision', { decisionId: 'd', variables }],
      ['CompleteJob', { variables }],
      ['FailJob', { retries: 1, variables }],
      ['ThrowError', { errorCode: 'e', variables }],
      ['SetVariables', { variables }],
    ] as const
  ).map(([call, request]) => [
    `${what} in ${call}`,
    () => grpc(call, { jobKey, elementInstanceKey: instanceKey, ...request }),
    'INVALID_ARGUMENT',
  ])
const bodies = [
  'process-instances',
  'messages/publication',
  'messages/correlation',
  'decision-definitions/evaluation',
  'jobs/activation',
  'jobs/1/completion',
  'user-tasks/1/completion',
]

const sizes: readonly Case[] = [
  ['a deployment of 10 MB over gRPC', () => deploy('a.bpmn', Buffer.alloc(10_000_000, 'x')), 'RESOURCE_EXHAUSTED'],
  [
    'a deployment of 10 MB over REST',
    () => rest('/v2/deployments', part('a.bpmn', times(10_000_000, 'x')), multipart),
    '400',
  ],
  [
    'a message that unpacks without end',
    () => askHttp2(ports.grpc, { 'grpc-encoding': 'gzip' }, framed(gzipSync(Buffer.alloc(50_000_000)), true)),
    '8',
  ],
  [
    'a body that unpacks without end',
    () =>
      rest('/v2/jobs/search', gzipSync(Buffer.alloc(50_000_000, ' ')), { ...JSON_TYPE, 'content-encoding': 'gzip' }),
    '400',
  ],
  ['a message that ends early', () => askHttp2(ports.grpc, {}, framed(Buffer.alloc(10)).subarray(0, 9)), '13'],
  ['a message that is none', () => askHttp2(ports.grpc, {}, framed(Buffer.alloc(10, 0xff))), '13'],
  [
    'more parts than a deployment has',
    () => rest('/v2/deployments', `${times(200, `${part('a.bpmn', '').slice(0, -5)}\r\n`)}--x--`, multipart),
    '400',
  ],
  ...takingVariables('JSON of depth 200', nested(200)),
  ...takingVariables('no object', `["${PERSON}"]`),
  ...takingVariables('a NUL in a name', `{"a\\u0000b":"${PERSON}"}`),
  ...takingVariables('half a surrogate pair in a name', `{"a\\ud800b":"${PERSON}"}`),
  ...bodies.map(
    (path): Case => [`JSON of depth 200 to ${path}`, () => rest(`/v2/${path}`, `{"variables":${nested(200)}}`), '400'],
  ),
  [
    'depth in a search',
    () => rest('/v2/jobs/search', `{"filter":{"$or":${times(200, '[')}${times(200, ']')}}}`),
    '400',
  ],
  [
    'a form of depth 200',
    () => deploy('a.form', `{"id":"f","components":${times(200, '[')}${times(200, ']')}}`),
    'INVALID_ARGUMENT',
  ],
  [
    'a message whose text is no UTF-8',
    () => askHttp2(ports.grpc, {}, framed(Buffer.from([0x0a, 2, 0xc3, 0x28]))),
    '13',
  ],
  [
    'a body that is no UTF-8',
    () => rest('/v2/messages/publication', Buffer.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')])),
    '400',
  ],
]

const xml: readonly Case[] = [
  [
    'a DOCTYPE',
    () => deploy('a.bpmn', `<!DOCTYPE a SYSTEM "file:///etc/passwd">${definitions('')}`),
    'INVALID_ARGUMENT',
  ],
  [
    'an external entity',
    () => deploy('a.bpmn', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`),
    'INVALID_ARGUMENT',
  ],
  [
    'an entity bomb',
    () =>
      deploy('a.bpmn', `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;</a>`),
    'INVALID_ARGUMENT',
  ],
  [
    'an entity bomb in a decision',
    () => deploy('a.dmn', `<!DOCTYPE a [<!ENTITY b "b">]><definitions>&b;</definitions>`),
    'INVALID_ARGUMENT',
  ],
  ['more nodes than a diagram has', () => deploy('a.bpmn', definitions(times(100_001, '<a/>'))), 'INVALID_ARGUMENT'],
  [
    'more nodes than a decision has',
    () => deploy('a.dmn', `<definitions>${times(100_001, '<a/>')}</definitions>`),
    'INVALID_ARGUMENT',
  ],
  [
    'elements in elements',
    () => deploy('a.bpmn', definitions(times(10_000, '<bpmn:documentation>'))),
    'INVALID_ARGUMENT',
  ],
  [
    'a hundred thousand attributes',
    () => deploy('a.bpmn', `<a ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
    'INVALID_ARGUMENT',
  ],
  ['a NUL by reference', () => deploy('a.bpmn', definitions('<bpmn:process id="a&#0;b"/>')), 'INVALID_ARGUMENT'],
  [
    'half a surrogate pair by reference',
    () => deploy('a.bpmn', definitions('<bpmn:process id="a&#xD800;b"/>')),
    'INVALID_ARGUMENT',
  ],
  ['a diagram that is no UTF-8', () => deploy('a.bpmn', Buffer.from([0x3c, 0xff, 0xfe])), 'INVALID_ARGUMENT'],
  ['a form with a NUL in its id', () => deploy('a.form', '{"id":"a\\u0000b"}'), 'INVALID_ARGUMENT'],
  ['a form whose id is a prototype', () => deploy('a.form', '{"__proto__":{"id":"x"}}'), 'INVALID_ARGUMENT'],
  ['a resource named like a path', () => deploy('../../etc/passwd', 'x'), 'INVALID_ARGUMENT'],
  ['a resource with a long name', () => deploy(`${times(5_000, 'a')}.bpmn`, 'x'), 'INVALID_ARGUMENT'],
]

const texts: readonly Case[] = [
  [
    'a correlation key of 1 MB',
    () => grpc('PublishMessage', { name: 'm', correlationKey: times(1_000_000, 'k') }),
    'INVALID_ARGUMENT',
  ],
  ['a message name of 1 MB', () => grpc('PublishMessage', { name: times(1_000_000, 'm') }), 'INVALID_ARGUMENT'],
  [
    'a message id of 1 MB',
    () => grpc('PublishMessage', { name: 'm', messageId: times(1_000_000, 'm') }),
    'INVALID_ARGUMENT',
  ],
  ['a job type of 1 MB', () => grpc('ActivateJobs', { type: times(1_000_000, 't') }), 'INVALID_ARGUMENT'],
  [
    'a process id of 1 MB',
    () => grpc('CreateProcessInstance', { bpmnProcessId: times(1_000_000, 'p') }),
    'INVALID_ARGUMENT',
  ],
  ['an error code of 1 MB', () => grpc('ThrowError', { jobKey, errorCode: times(1_000_000, 'e') }), 'INVALID_ARGUMENT'],
  [
    'a NUL in a correlation key',
    () => grpc('PublishMessage', { name: 'm', correlationKey: 'a\0b' }),
    'INVALID_ARGUMENT',
  ],
  ['a NUL in a message name', () => rest('/v2/messages/publication', '{"name":"a\\u0000b"}'), '400'],
  ['half a surrogate pair in a message name', () => rest('/v2/messages/publication', '{"name":"a\\ud800"}'), '400'],
  ['a NUL in an assignee', () => rest('/v2/user-tasks/1/assignment', '{"assignee":"a\\u0000"}'), '400'],
  ['a NUL in an error code', () => grpc('ThrowError', { jobKey, errorCode: 'a\0b' }), 'INVALID_ARGUMENT'],
  ['a NUL in a filter', () => rest('/v2/jobs/search', '{"filter":{"type":"a\\u0000"}}'), '400'],
  ['a filter on a prototype', () => rest('/v2/jobs/search', '{"filter":{"__proto__":{"$eq":"x"}}}'), '400'],
  ['a filter on a constructor', () => rest('/v2/process-instances/search', '{"filter":{"constructor":"x"}}'), '400'],
  ['a sort by SQL', () => rest('/v2/jobs/search', '{"sort":[{"field":"key; DROP TABLE engine.job"}]}'), '400'],
  ['a key of SQL', () => rest("/v2/jobs/1'%20or%20'1'='1/completion", '{}'), '400'],
  [
    'tags with line breaks',
    () => rest('/v2/process-instances', '{"processDefinitionId":"one-task","tags":["a\\r\\nb"]}'),
    '400',
  ],
  [
    'another tenant',
    () => grpc('CreateProcessInstance', { bpmnProcessId: 'one-task', tenantId: '../other' }),
    'INVALID_ARGUMENT',
  ],
]

const patch = (path: string, body: string) => askHttp(ports.rest, path, { method: 'PATCH', body })
const LONG_MAX = '9223372036854775807'
const numbers: readonly Case[] = [
  ['a negative page', () => rest('/v2/jobs/search', '{"page":{"limit":-1}}'), '400'],
  ['a page beyond all numbers', () => rest('/v2/jobs/search', '{"page":{"limit":1e400}}'), '400'],
  ['a page of another type', () => rest('/v2/jobs/search', '{"page":{"from":"1; DROP"}}'), '400'],
  ['a cursor of nothing', () => rest('/v2/jobs/search', '{"page":{"after":"////"}}'), '400'],
  ['records from no number', () => askHttp(ports.management, '/records?after=1e9'), '400'],
  [
    'a negative timeout of a job',
    () => grpc('ActivateJobs', { type: 't', timeout: -1, maxJobsToActivate: 1 }),
    'INVALID_ARGUMENT',
  ],
  ['no jobs at all', () => grpc('ActivateJobs', { type: 't', timeout: 1, maxJobsToActivate: -1 }), 'INVALID_ARGUMENT'],
  ['retries beyond all numbers', () => rest('/v2/jobs/1/failure', '{"retries":4294967296}'), '400'],
  ['retries that are a fraction', () => rest('/v2/jobs/1/failure', '{"retries":1.5}'), '400'],
  [
    'a version beyond all numbers',
    () => rest('/v2/process-instances', '{"processDefinitionId":"one-task","processDefinitionVersion":99999999999}'),
    '400',
  ],
  ['a priority beyond all numbers', () => patch('/v2/user-tasks/1', '{"changeset":{"priority":1e9}}'), '400'],
  ['a key beyond all numbers', () => grpc('CompleteJob', { jobKey: LONG_MAX }), 'NOT_FOUND'],
  ['the smallest key', () => grpc('CompleteJob', { jobKey: '-9223372036854775808' }), 'NOT_FOUND'],
  ['a key that wraps around', () => rest(`/v2/jobs/${2n ** 64n + BigInt(jobKey || 0)}/completion`, '{}'), '404'],
  ['an instance that nobody has', () => grpc('CancelProcessInstance', { processInstanceKey: LONG_MAX }), 'NOT_FOUND'],
  ['a time to live beyond all time', () => grpc('PublishMessage', { name: 'm', timeToLive: LONG_MAX }), 'OK'],
  [
    'a time to live before all time',
    () => grpc('PublishMessage', { name: 'm', timeToLive: '-9223372036854775808' }),
    'OK',
  ],
  ['a timeout beyond all time', () => grpc('UpdateJobTimeout', { jobKey, timeout: LONG_MAX }), 'OK'],
  [
    'a back-off beyond all time',
    () => grpc('FailJob', { jobKey, retries: 2_147_483_647, retryBackOff: LONG_MAX }),
    'OK',
  ],
  [
    'a number of a thousand digits',
    () => grpc('SetVariables', { elementInstanceKey: instanceKey, variables: `{"n":${times(1_000, '9')}}` }),
    'OK',
  ],
  [
    'a number beyond decimals',
    () => grpc('SetVariables', { elementInstanceKey: instanceKey, variables: '{"n":1e400,"m":-1e-99999}' }),
    'OK',
  ],
]

const names: readonly Case[] = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].flatMap((name): Case[] => [
  [
    `a variable named ${name}`,
    () => grpc('SetVariables', { elementInstanceKey: instanceKey, variables: `{"${name}":{"${name}":1}}` }),
    'OK',
  ],
  [
    `a message named ${name}`,
    () => grpc('PublishMessage', { name, correlationKey: name, messageId: name, timeToLive: 1_000 }),
    'OK',
  ],
  [
    `a job type named ${name}`,
    () => incidentOf(name, serviceTask(name, name, input(`=${name}`)), `{"${name}":1}`),
    'none',
  ],
  [
    `a process that nobody deployed, named ${name}`,
    () => grpc('CreateProcessInstance', { bpmnProcessId: `${name}2`, version: -1 }),
    'NOT_FOUND',
  ],
  [`a decision named ${name}`, () => evaluated(`d${name}`, `{${name}: 1}.${name}`), 'value 1'],
])

const bombs: readonly Case[] = [
  [
    'a loop without end',
    () => incidentOf('b1', script('b1', '=count(for i in 1..1000000000000 return i)')),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'loops in loops',
    () => incidentOf('b2', script('b2', '=for a in 1..1000, b in 1..1000, c in 1..1000 return a')),
    'EXTRACT_VALUE_ERROR',
  ],
  ['a catastrophic pattern', () => evaluated('p1', `matches("${times(40, 'a')}b", "^(a+)+$")`), 'failed'],
  [
    'a pattern of back-references',
    () => evaluated('p2', `matches("${times(60, 'ab')}", "(.*)(.*)(.*)\\\\1\\\\2\\\\3x")`),
    'failed',
  ],
  [
    'a function that calls itself',
    () => evaluated('p3', '{f: function(g, n) g(g, n), r: f(function(h, n) h(h, n + 1), 0)}'),
    'failed',
  ],
  ['a power of powers', () => evaluated('p4', '10 ** 7000'), 'value null'],
  [
    'a text that doubles',
    () =>
      incidentOf(
        'b3',
        serviceTask(
          'b3',
          'x',
          input(
            `={${Array.from({ length: 60 }, (_, i) => `b${i}: ${i ? `b${i - 1} + b${i - 1}` : '"xxxxxxxx"'}`).join(', ')}}`,
          ),
        ),
      ),
    'IO_MAPPING_ERROR',
  ],
  [
    'a job type with a NUL',
    () => incidentOf('n1', serviceTask('n1', '=a'), '{"a":"a\\u0000b"}'),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'an assignee with half a surrogate pair',
    () => incidentOf('n2', userTask('n2', '=a'), '{"a":"a\\ud800"}'),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'a correlation key with a NUL',
    () => incidentOf('n3', waiting('n3', '=a'), '{"a":"a\\u0000b"}'),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'a correlation key of 1 MB',
    () => incidentOf('n4', waiting('n4', '=k'), `{"k":"${times(1_000_000, 'k')}"}`),
    'none',
  ],
  [
    'an assignee with line breaks',
    () => incidentOf('n5', userTask('n5', '=a'), '{"a":"x\\r\\nBcc: all@example.org"}'),
    'none',
  ],
  [
    'retries beyond all numbers',
    () => incidentOf('r1', serviceTask('r1', 'x', '', '=10 ** 100')),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'a duration beyond all time',
    () => incidentOf('t1', timer('t1', '=d'), '{"d":"P999999999999Y"}'),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'a duration of a thousand digits',
    () => incidentOf('t2', timer('t2', '=d'), `{"d":"PT${times(1_000, '9')}S"}`),
    'EXTRACT_VALUE_ERROR',
  ],
  [
    'an expression of 3 MB',
    () => incidentOf('b4', script('b4', `=${times(1_500_000, '-')}1`)),
    'not deployed: INVALID_ARGUMENT',
  ],
  [
    'an element id of 500 kB',
    () => incidentOf('i1', serviceTask('i1', 'x').replaceAll('"it"', `"${times(500_000, 'i')}"`)),
    'not deployed: INVALID_ARGUMENT',
  ],
  [
    'a document of 20,000 variables',
    () =>
      grpc('SetVariables', {
        elementInstanceKey: instanceKey,
        variables: `{${Array.from({ length: 20_000 }, (_, i) => `"v${i}":1`).join()}}`,
      }),
    'OK',
  ],
]

async function tooManyPolls(): Promise<Answered> {
  const end = new AbortController()
  const poll = { type: 'nobody', worker: 'w', timeoutMs: 1_000, maxJobsToActivate: 1, requestTimeoutMs: 60_000 }
  const polls = Array.from({ length: 10_000 }, () => iter.gateway.activateJobs(poll, end.signal))
  const answer = await grpc('ActivateJobs', { type: 'nobody', worker: 'w', timeout: 1_000, maxJobsToActivate: 1 })
  end.abort()
  await Promise.all(polls)
  return answer
}
/** Requests that never end, while another is served. */
async function unfinished(address: string, begun: string): Promise<Answered> {
  const pending = Array.from({ length: 200 }, () => askRaw(address, begun))
  await serves()
  return { status: pending.length === 200 ? 'served' : '', text: '' }
}
const connections: readonly Case[] = [
  ['sixteen documents of 3 MB at once', crowd, 'OK'],
  ['HTTP/1 to the gRPC port', () => askRaw(ports.grpc, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), 'closed'],
  ['no protocol at all', () => askRaw(ports.grpc, Buffer.alloc(1_000, 0xff)), 'closed'],
  ['no HTTP on REST', () => askRaw(ports.rest, '\0\0\0\r\n\r\n'), '400'],
  [
    'two lengths',
    () =>
      askRaw(
        ports.rest,
        'POST /v2/jobs/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ),
    '400',
  ],
  ['no Host', () => askRaw(ports.rest, 'GET /v2/topology HTTP/1.0\r\n\r\n'), '403'],
  [
    'headers of 1 MB',
    () => askRaw(ports.rest, `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${times(1_000_000, 'a')}\r\n\r\n`),
    '431',
  ],
  ['110 streams on a connection', () => refusedStreams(ports.grpc, 110), '10 refused'],
  ['more than 10,000 waiting polls', tooManyPolls, 'RESOURCE_EXHAUSTED'],
  [
    'requests that never end',
    () => unfinished(ports.rest, 'POST /v2/jobs/search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{'),
    'served',
  ],
  ['gRPC that never begins', () => unfinished(ports.grpc, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 'served'],
]

async function crowd(): Promise<Answered> {
  const variables = JSON.stringify({ persona: PERSON, a: times(3_000_000, 'a') })
  const calls = Array.from({ length: 16 }, () => grpc('PublishMessage', { name: 'm', variables }))
  const statuses = new Set((await Promise.all(calls)).map(({ status }) => status))
  return { status: [...statuses].join(), text: '' }
}

const tables = { doors, sizes, xml, texts, numbers, names, bombs, connections }
for (const [table, cases] of Object.entries(tables)) {
  describe(table, () => {
    for (const [name, ask, status] of cases)
      test(name, async () => {
        await freshJob()
        const answer = await ask()
        assert.equal(answer.status, status, answer.text.slice(0, 500))
        assert.doesNotMatch(answer.text, /node_modules|\.ts:\d|\n +at /)
        await serves()
      })
  })
}

describe('without a password nothing is open', () => {
  for (const { method, path } of operations)
    test(`${method} /v2${path}`, async () => {
      const answer = await askHttp(guarded.rest, `/v2${path.replaceAll(/\{\w+\}/g, '1')}`, {
        method,
        body: method === 'GET' || method === 'DELETE' ? '' : '{}',
      })
      assert.equal(answer.status, '401')
    })
  for (const path of ['/actuator/health', '/actuator/info', '/actuator/prometheus', '/records', '/idle', '/nothing'])
    test(path, async () => assert.equal((await askHttp(guarded.management, path)).status, '401'))
  for (const [name, { path }] of gatewayCodecs)
    test(name, async () => {
      assert.equal((await askHttp2(guarded.grpc, { ':path': path }, framed(Buffer.alloc(0)))).status, '16')
    })
})

test('what was stored can be read to its end', async () => {
  let last = -1
  for (let lines: string[] = ['']; lines.length > 0; ) {
    const { status, text } = await askHttp(ports.management, `/records?after=${last}&limit=5000`)
    assert.equal(status, '200')
    lines = text.split('\n').filter((line) => line !== '')
    for (const line of lines) last = JSON.parse(line).position
  }
  assert.ok(last > 1_000)
})

test('the log tells neither stacks nor persons', () => {
  assert.doesNotMatch(iter.log.join('\n'), /\n +at |Segreta|segreto/)
  assert.deepEqual(iter.log, [])
})
