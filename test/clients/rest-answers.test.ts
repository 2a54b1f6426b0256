/**
 * Every operation that is built, called once in one story; each answer has a status and a shape of the API's description. Every other
 * operation answers 501.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { operations } from '../../engine/gateway/rest/index.ts'
import { later } from '../../engine/gateway/rest/later.ts'
import { sharedText, without } from '../shared-data.ts'
import { faults, type Schema } from './described.ts'
import { everything } from './everything.ts'
import { startIter } from './iter.ts'

const facts = 'reference/rest-8.8.json'
const skip = without(facts)

interface Described {
  readonly operationId: string
  readonly response: Readonly<Record<string, Schema | 'problem' | null>>
}
const described = new Map<string, Described>()
if (!skip) {
  for (const entry of JSON.parse(sharedText(facts)) as Described[]) described.set(entry.operationId, entry)
}
/** What 8.9 added. */
const keyText: Schema = { type: 'string', format: 'key' }
described.set('evaluateConditionals', {
  operationId: 'evaluateConditionals',
  response: {
    200: {
      type: 'object',
      properties: {
        conditionalEvaluationKey: keyText,
        tenantId: { type: 'string' },
        processInstances: {
          type: 'array',
          items: { type: 'object', properties: { processDefinitionKey: keyText, processInstanceKey: keyText } },
        },
      },
    },
  },
})

const iter = await startIter()
after(() => iter.close())

/** Where the description is wrong or lags behind its own server. */
const known = [
  /** Clients have always been answered `''` here when nothing failed. */
  /^\.failedDecisionDefinitionId/,
  /** `<key>-<n>`, as the vendor's own tests want it. */
  /decisionEvaluationInstanceKey: a key/,
]

/** Visits that an official chooses while the case is open. */
const visits = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="Definitions" targetNamespace="iter"><process id="visits" isExecutable="true"><startEvent id="start"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="open"/><adHocSubProcess id="open"><userTask id="visit"><extensionElements>
  <zeebe:userTask/></extensionElements></userTask></adHocSubProcess></process></definitions>`

const called = new Set<string>()
type Json = Readonly<Record<string, string>> & {
  readonly items: readonly Json[]
  readonly jobs: readonly Json[]
  readonly page: { readonly totalItems: number }
}

async function call(id: string, names: Readonly<Record<string, string>> = {}, body?: object | FormData): Promise<Json> {
  const { method, path } = operations.find((operation) => operation.id === id)!
  const address = `${iter.rest}/v2${path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '1')}`
  const isForm = body instanceof FormData
  const json = body && !isForm ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}
  const response = await fetch(address, { method, ...json, ...(isForm && { body }) })
  called.add(id)
  const text = await response.text()
  const shape = described.get(id)?.response[String(response.status)]
  assert.notEqual(shape, undefined, `${id} may not answer ${response.status}: ${text}`)
  assert.ok(response.ok, `${id}: ${text}`)
  if (shape === null || text === '') {
    assert.equal(text, '', `${id} answers nothing`)
    return JSON.parse('{}')
  }
  if (response.headers.get('content-type')?.startsWith('text/xml')) return JSON.parse(JSON.stringify({ xml: text }))
  const answer = JSON.parse(text)
  const wrong = [...faults(shape as Schema, answer)].filter((fault) => !known.some((one) => one.test(fault)))
  assert.deepEqual(wrong, [], id)
  return answer
}

async function jobOf(type: string): Promise<Json> {
  const poll = { type, worker: 'w', timeout: 60_000, maxJobsToActivate: 1, requestTimeout: 10_000 }
  const { jobs } = await call('activateJobs', {}, poll)
  return jobs[0]!
}

/** Asked with all there is at that moment, so that rows of every state are checked. */
async function look(processInstanceKey: string): Promise<void> {
  const all = { filter: {}, page: { limit: 1_000 } }
  for (const { id, path } of operations) {
    const isLater = later.some((operation) => operation.id === id)
    if (!isLater && id.startsWith('search') && !path.includes('{')) await call(id, {}, all)
  }
  await call('getProcessInstance', { processInstanceKey })
  await call('getProcessInstanceSequenceFlows', { processInstanceKey })
  await call('getProcessInstanceStatistics', { processInstanceKey })
  await call('getProcessInstanceCallHierarchy', { processInstanceKey })
  await call('searchProcessInstanceIncidents', { processInstanceKey }, {})
}

/** Many instances at once: every kind of wish, and each of its states. */
async function many(): Promise<void> {
  const keys: string[] = []
  for (let i = 0; i < 3; i++)
    keys.push((await call('createProcessInstance', {}, { processDefinitionId: 'permit' })).processInstanceKey!)
  const filter = { processInstanceKey: { $in: keys } }
  const wishes = {
    resolveIncidentsBatchOperation: { filter },
    modifyProcessInstancesBatchOperation: {
      filter,
      moveInstructions: [{ sourceElementId: 'nobody', targetElementId: 'check' }],
    },
    migrateProcessInstancesBatchOperation: {
      filter,
      migrationPlan: {
        targetProcessDefinitionKey: '1',
        mappingInstructions: [{ sourceElementId: 'a', targetElementId: 'b' }],
      },
    },
    cancelProcessInstancesBatchOperation: { filter },
  }
  for (const [id, wish] of Object.entries(wishes)) {
    const { batchOperationKey } = await call(id, {}, wish)
    const names = { batchOperationKey: batchOperationKey! }
    for (;;) {
      const { state } = await call('getBatchOperation', names)
      if (state === 'COMPLETED') break
      await call('searchBatchOperationItems', {}, { filter: names })
    }
    const { items } = await call('searchBatchOperationItems', {}, { filter: names })
    for (const { state } of items) assert.equal(state, id.startsWith('migrate') ? 'FAILED' : 'COMPLETED')
  }
  const { batchOperationKey } = await call(
    'cancelProcessInstancesBatchOperation',
    {},
    { filter: { tags: ['none:such'] } },
  )
  assert.ok(batchOperationKey)
  await look(keys[0]!)
}

describe('REST', { skip, timeout: 120_000 }, () => {
  test('the story', async () => {
    for (const id of ['getTopology', 'getStatus', 'getLicense']) await call(id)
    const files = new FormData()
    for (const [name, text] of Object.entries(everything)) files.append('resources', new Blob([text]), name)
    files.append('resources', new Blob([visits]), 'visits.bpmn')
    await call('createDeployment', {}, files)

    const { items: definitions } = await call(
      'searchProcessDefinitions',
      {},
      { filter: { processDefinitionId: 'permit' } },
    )
    const { processDefinitionKey } = definitions[0]!
    await call('getProcessDefinition', { processDefinitionKey: processDefinitionKey! })
    assert.equal(
      (await call('getProcessDefinitionXML', { processDefinitionKey: processDefinitionKey! })).xml,
      everything['permit.bpmn'],
    )
    assert.equal((await call('getStartProcessForm', { processDefinitionKey: processDefinitionKey! })).formId, 'request')

    const variables = { kind: 'shop', ref: 'r1', long: 'x'.repeat(10_000) }
    const started = await call('createProcessInstance', {}, { processDefinitionId: 'permit', variables, tags: ['a:b'] })
    const processInstanceKey = started.processInstanceKey!
    await look(processInstanceKey)

    const job = await jobOf('check')
    await call('updateJob', { jobKey: job.jobKey! }, { changeset: { timeout: 90_000 } })
    await look(processInstanceKey)
    await call('failJob', { jobKey: job.jobKey! }, { retries: 0, errorMessage: 'no' })
    await look(processInstanceKey)
    const { items: incidents } = await call('searchIncidents', {}, { filter: { processInstanceKey } })
    const incidentKey = incidents[0]!.incidentKey!
    await call('getIncident', { incidentKey })
    await call('updateJob', { jobKey: job.jobKey! }, { changeset: { retries: 3 } })
    await call('resolveIncident', { incidentKey }, {})
    await call('completeJob', { jobKey: (await jobOf('check')).jobKey! }, { variables: { checked: true } })

    const { items: decided } = await call('searchDecisionInstances', {}, { filter: { processInstanceKey } })
    const { decisionEvaluationInstanceKey, decisionDefinitionKey } = decided[0]!
    assert.equal(decided[0]!.result, '16')
    await call('getDecisionInstance', { decisionEvaluationInstanceKey: decisionEvaluationInstanceKey! })
    const definition = await call('getDecisionDefinition', { decisionDefinitionKey: decisionDefinitionKey! })
    await call('getDecisionDefinitionXML', { decisionDefinitionKey: decisionDefinitionKey! })
    const decisionRequirementsKey = definition.decisionRequirementsKey!
    await call('getDecisionRequirements', { decisionRequirementsKey })
    await call('getDecisionRequirementsXML', { decisionRequirementsKey })
    await call('evaluateDecision', {}, { decisionDefinitionId: 'fee', variables: { kind: 'shop' } })

    const { items: tasks } = await call('searchUserTasks', {}, { filter: { processInstanceKey, state: 'CREATED' } })
    const userTaskKey = tasks[0]!.userTaskKey!
    await call('getUserTask', { userTaskKey })
    assert.equal((await call('getUserTaskForm', { userTaskKey })).formId, 'request')
    await call('searchUserTaskVariables', { userTaskKey }, {})
    await call('assignUserTask', { userTaskKey }, { assignee: 'anna' })
    await look(processInstanceKey)
    await call('unassignUserTask', { userTaskKey })
    await call('updateUserTask', { userTaskKey }, { changeset: { priority: 70, dueDate: '2031-01-01T00:00:00Z' } })
    await call('completeUserTask', { userTaskKey }, { variables: { signed: true } })
    await look(processInstanceKey)

    const { items: elements } = await call(
      'searchElementInstances',
      {},
      { filter: { processInstanceKey, elementId: 'pay' } },
    )
    const elementInstanceKey = elements[0]!.elementInstanceKey!
    await call('getElementInstance', { elementInstanceKey })
    await call('createElementInstanceVariables', { elementInstanceKey }, { variables: { own: 1 }, local: true })
    const { items: found } = await call('searchVariables', {}, { filter: { scopeKey: elementInstanceKey } })
    await call('getVariable', { variableKey: found[0]!.variableKey! })
    await call('broadcastSignal', {}, { signalName: 'alert', variables: { level: 1 } })
    await call('evaluateConditionals', {}, { variables: { level: 1 } })
    await call('publishMessage', {}, { name: 'paid', correlationKey: 'other', timeToLive: 1_000 })
    await call('correlateMessage', {}, { name: 'paid', correlationKey: 'r1' })
    const { items: taken } = await call('searchCorrelatedMessageSubscriptions', {}, { filter: { messageName: 'paid' } })
    assert.equal(taken.length, 1, 'the message that nobody waited for was not taken')
    const { correlationKey, elementInstanceKey: takenBy, processInstanceKey: taker } = taken[0]!
    assert.equal(correlationKey, 'r1')
    const { processInstanceKey: owner } = await call('getElementInstance', { elementInstanceKey: takenBy! })
    assert.equal(taker, owner)
    await look(processInstanceKey)
    const ended = await call('getProcessInstance', { processInstanceKey })
    assert.equal(ended.state, 'COMPLETED')
    await call('getProcessDefinitionStatistics', { processDefinitionKey: processDefinitionKey! }, {})

    const second = await call('createProcessInstance', {}, { processDefinitionId: 'permit', variables: { ref: 'r2' } })
    await call('modifyProcessInstance', { processInstanceKey: second.processInstanceKey! }, {})
    const migration = {
      targetProcessDefinitionKey: processDefinitionKey!,
      mappingInstructions: [{ sourceElementId: 'check', targetElementId: 'check' }],
    }
    await call('migrateProcessInstance', { processInstanceKey: second.processInstanceKey! }, migration)
    await call('cancelProcessInstance', { processInstanceKey: second.processInstanceKey! })
    const third = await call('createProcessInstance', {}, { processDefinitionId: 'permit' })
    await call('throwJobError', { jobKey: (await jobOf('check')).jobKey! }, { errorCode: 'E' })
    await look(third.processInstanceKey!)
    await call('cancelProcessInstance', { processInstanceKey: third.processInstanceKey! })

    await call('createProcessInstance', {}, { processDefinitionId: 'visits' })
    const { items: open } = await call('searchElementInstances', {}, { filter: { elementId: 'open' } })
    const adHocSubProcessInstanceKey = open[0]!.elementInstanceKey!
    const activation = { elements: [{ elementId: 'visit', variables: { at: 9 } }] }
    await call('activateAdHocSubProcessActivities', { adHocSubProcessInstanceKey }, activation)
    await look(open[0]!.processInstanceKey!)
    await call('cancelProcessInstance', { processInstanceKey: open[0]!.processInstanceKey! })
    await many()
    await call('deleteResource', { resourceKey: decisionRequirementsKey }, {})
  })

  test('nothing that is built was left out', () => {
    // batch-operations.test.ts
    const lifecycle = ['cancelBatchOperation', 'suspendBatchOperation', 'resumeBatchOperation']
    const others = ['getAuthentication', 'getResource', 'getResourceContent']
    const elsewhere = new Set([...later.map(({ id }) => id), ...lifecycle, ...others])
    const built = operations.map(({ id }) => id).filter((id) => !elsewhere.has(id))
    assert.deepEqual(
      built.filter((id) => !called.has(id)),
      [],
    )
  })

  test('what is not built answers 501 with a problem', async () => {
    for (const { id, method, path } of later) {
      const response = await fetch(`${iter.rest}/v2${path.replace(/\{\w+\}/g, '1')}`, { method })
      assert.equal(response.status, 501, id)
      const { title, detail } = (await response.json()) as { title: string; detail: string }
      assert.ok(title && detail, id)
    }
  })
})
