import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failureOf, httpOf, refused } from '../../engine/gateway/rejection.ts'
import * as requests from '../../engine/gateway/requests.ts'
import type { Command, RejectionType } from '../../engine/protocol/records.ts'

const long = 'x'.repeat(requests.NAME_LENGTH_MAX + 1)
const job = { type: 'mail', worker: '', timeoutMs: 1_000 }
const message = { name: 'm', correlationKey: 'k', timeToLiveMs: 0 }
const poll = { ...job, maxJobsToActivate: 1 }

const invalid: Readonly<Record<string, () => unknown>> = {
  'a blank job type': () => requests.jobRequest({ ...job, type: ' ' }),
  'a timeout of nothing': () => requests.jobRequest({ ...job, timeoutMs: 0 }),
  'a negative timeout': () => requests.jobRequest({ ...job, timeoutMs: -1 }),
  'no jobs to activate': () => requests.maxJobs({ ...poll, maxJobsToActivate: 0 }),
  'another tenant for jobs': () => requests.jobRequest({ ...job, tenantIds: ['<default>', 'other'] }),
  'another tenant for an instance': () => requests.createInstance({ bpmnProcessId: 'p', tenantId: 'other' }),
  'another tenant for a message': () => requests.publishMessage({ ...message, tenantId: 'other' }),
  'another tenant for a decision': () => requests.evaluateDecision({ decisionId: 'd', tenantId: 'other' }),
  'another tenant for a deployment': () => requests.deployResources({ resources: [], tenantId: 'other' }),
  'variables that are no JSON': () => requests.completeJob('1', 'x'),
  'variables that are a list': () => requests.createInstance({ bpmnProcessId: 'p', variables: '[]' }),
  'variables that are too deep': () => requests.completeJob('1', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`),
  'a key that is no number': () => requests.completeJob('one'),
  'a key with a fraction': () => requests.resolveIncident('1.5'),
  'eleven tags': () => requests.createInstance({ bpmnProcessId: 'p', tags: Array(11).fill('a') }),
  'a tag that begins with a digit': () => requests.createInstance({ bpmnProcessId: 'p', tags: ['1a'] }),
  'a tag without letters': () => requests.createInstance({ bpmnProcessId: 'p', tags: [''] }),
  'a message name without end': () => requests.publishMessage({ ...message, name: long }),
  'a correlation key without end': () => requests.publishMessage({ ...message, correlationKey: long }),
  'a NUL in a message id': () => requests.publishMessage({ ...message, messageId: 'a\0' }),
  'a NUL in a process id': () => requests.createInstance({ bpmnProcessId: 'a\0' }),
  'a NUL in a variable name to fetch': () => requests.jobRequest({ ...job, fetchVariables: ['\0'] }),
  'a NUL in a resource name': () =>
    requests.deployResources({ resources: [{ name: '\0', content: new Uint8Array() }] }),
  'an assignee that is blank': () => requests.assignUserTask('1', { assignee: '' }),
  'a candidate group without end': () => requests.updateUserTask('1', { candidateGroups: [long] }),
}
describe('INVALID_ARGUMENT before the engine', () => {
  for (const [what, ask] of Object.entries(invalid)) {
    test(what, () => assert.throws(ask, { name: 'GatewayError', status: 'INVALID_ARGUMENT' }))
  }
})

const content = new TextEncoder().encode('<a/>')
const commands: Readonly<Record<string, readonly [asked: () => Command, intent: string, value: object]>> = {
  'a completion keeps every digit': [
    () => requests.completeJob('2251799813685250', '{"n":12345678901234567890.10}'),
    'COMPLETE',
    { variables: '{"n":12345678901234567890.10}' },
  ],
  'a failure': [
    () => requests.failJob('1', { retries: 2, errorMessage: 'a\0b', retryBackOffMs: -5 }),
    'FAIL',
    { retries: 2, errorMessage: 'a\ufffdb', retryBackoff: 0, variables: '{}' },
  ],
  'an endless error message is cut': [
    () => requests.throwError('1', { errorCode: 'E', errorMessage: 'x'.repeat(20_000) }),
    'THROW_ERROR',
    { errorCode: 'E', errorMessage: 'x'.repeat(requests.ERROR_MESSAGE_LENGTH_MAX), variables: '{}' },
  ],
  'a deployment': [
    () => requests.deployResources({ resources: [{ name: 'a.bpmn', content }], tenantId: '' }),
    'CREATE',
    { resources: [{ resourceName: 'a.bpmn', resource: 'PGEvPg==' }], tenantId: '<default>' },
  ],
  'local variables': [
    () => requests.setVariables('7', '{}', true),
    'UPDATE',
    { scopeKey: 7, updateSemantics: 'LOCAL', variables: '{}' },
  ],
  'an assignment that overrides': [
    () => requests.assignUserTask('7', { assignee: 'anna' }),
    'ASSIGN',
    { assignee: 'anna', action: 'assign' },
  ],
  'an assignment that does not': [
    () => requests.assignUserTask('7', { assignee: 'anna', allowOverride: false, action: '' }),
    'CLAIM',
    { assignee: 'anna', action: 'claim' },
  ],
  'an unassignment': [() => requests.unassignUserTask('7'), 'ASSIGN', { assignee: '', action: 'unassign' }],
  'a changeset keeps what it does not name and clears what it empties': [
    () => requests.updateUserTask('7', { candidateGroups: [], candidateUsers: null, dueDate: '', priority: 0 }, 'x'),
    'UPDATE',
    {
      candidateGroupsList: [],
      dueDate: '',
      priority: 0,
      changedAttributes: ['candidateGroupsList', 'dueDate', 'priority'],
      action: 'x',
    },
  ],
}
describe('requests become commands', () => {
  for (const [what, [asked, intent, value]] of Object.entries(commands)) {
    test(what, () => {
      const command = asked()
      assert.equal(command.intent, intent)
      assert.deepEqual(command.value, value)
    })
  }
})

test('waiting is bounded, and zero means the default', () => {
  assert.deepEqual([-1, 0, 5, 1e12].map(requests.pollWaitMs), [0, 10_000, 5, 86_400_000])
  assert.deepEqual([-1, 0, 5, 1e12].map(requests.resultWaitMs), [15_000, 15_000, 5, 86_400_000])
})

const wires: Readonly<Record<RejectionType, readonly [grpc: string, http: number, title: string]>> = {
  INVALID_ARGUMENT: ['INVALID_ARGUMENT', 400, 'INVALID_ARGUMENT'],
  NOT_FOUND: ['NOT_FOUND', 404, 'NOT_FOUND'],
  ALREADY_EXISTS: ['ALREADY_EXISTS', 409, 'ALREADY_EXISTS'],
  INVALID_STATE: ['FAILED_PRECONDITION', 409, 'INVALID_STATE'],
  PROCESSING_ERROR: ['INTERNAL', 500, 'INTERNAL'],
  EXCEEDED_BATCH_RECORD_SIZE: ['UNKNOWN', 500, 'INTERNAL'],
}
for (const [type, [grpc, http, title]] of Object.entries(wires)) {
  test(`a rejection ${type} is ${grpc} over gRPC and ${http} over REST`, () => {
    const error = refused('CREATE', { type: type as RejectionType, reason: 'why' })
    assert.equal(error.message, `Command 'CREATE' rejected with code '${type}': why`)
    assert.deepEqual([error.status, ...httpOf[error.status]], [grpc, http, title])
  })
}

test('of a bug the client learns nothing and the log its place', () => {
  const { answer, logged } = failureOf(new TypeError('Anna Rossi, RSSNNA80A01H501U'))
  assert.equal(answer.status, 'INTERNAL')
  assert.doesNotMatch(`${answer.message} ${logged}`, /Rossi|RSSNNA/)
  assert.match(logged!, /^TypeError at gateway\/requests\.test\.ts:\d+$/)
})
