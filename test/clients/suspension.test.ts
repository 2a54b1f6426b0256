/** Suspending and resuming over REST, on PostgreSQL: paths, answers, and what searches show. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { documented } from '../core/documented.ts'
import { startIter } from './iter.ts'

const iter = await startIter()
after(() => iter.close())

type Fields = Readonly<Record<string, unknown>>
async function post(path: string, body?: object): Promise<{ readonly status: number; readonly body: Fields }> {
  const response = await fetch(`${iter.rest}/v2${path}`, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Fields) }
}
const found = async (resource: string, filter: Fields = {}) =>
  (await post(`/${resource}/search`, { filter })).body.items as readonly Fields[]
const activate = async () => {
  const request = { type: 'pagopa.paga', timeout: 60_000, maxJobsToActivate: 10, requestTimeout: -1 }
  return (await post('/jobs/activation', request)).body.jobs as readonly Fields[]
}

const form = new FormData()
form.append(
  'resources',
  new Blob([new Uint8Array(documented('docs/beyond-zeebe.md', 'Suspend and resume'))]),
  'pratica.bpmn',
)
await fetch(`${iter.rest}/v2/deployments`, { method: 'POST', body: form })
const create = async () => (await post('/process-instances', { processDefinitionId: 'pratica-sospesa' })).body
const first = await create()
const definition = `/process-definitions/${first.processDefinitionKey}`

for (const [kind, path, body, shown] of [
  [
    'PROCESS_INSTANCE',
    `/process-instances/${first.processInstanceKey}`,
    undefined,
    { processInstanceKey: first.processInstanceKey },
  ],
  [
    'PROCESS_DEFINITION',
    definition,
    { admitNewInstances: true },
    {
      processDefinitionKey: first.processDefinitionKey,
      processDefinitionId: 'pratica-sospesa',
      admitsNewInstances: true,
    },
  ],
  ['PROCESS', definition, { allVersions: true }, { processDefinitionId: 'pratica-sospesa', admitsNewInstances: false }],
  ['ELEMENT', `${definition}/elements/paga`, undefined, { elementId: 'paga' }],
  ['JOB_TYPE', '/jobs', { type: 'pagopa.*' }, { jobType: 'pagopa.*' }],
] as const)
  test(`${kind}: suspended once, shown, resumed once; its jobs come after that`, async () => {
    assert.equal((await post(`${path}/resumption`, body)).status, 409)
    assert.equal((await post(`${path}/suspension`, body)).status, 204)
    const again = await post(`${path}/suspension`, body)
    assert.deepEqual([again.status, again.body.title], [409, 'INVALID_STATE'])
    assert.deepEqual(await activate(), [])
    const [row, ...others] = await found('suspensions')
    assert.deepEqual(others, [])
    const { suspensionKey, suspensionDate, waitingCount, ...same } = row!
    assert.match(String(suspensionKey), /^\d+$/)
    assert.ok(Date.parse(String(suspensionDate)) <= Date.now())
    assert.ok(Number(waitingCount) >= 1)
    assert.partialDeepStrictEqual(same, { kind, state: 'SUSPENDED', tenantId: '<default>', ...shown })
    const stops = ['PROCESS_INSTANCE', 'PROCESS_DEFINITION', 'PROCESS'].includes(kind)
    const [instance] = await found('process-instances')
    assert.equal(instance?.state, stops ? 'SUSPENDED' : 'ACTIVE')
    assert.equal((await found('process-instances', { state: 'ACTIVE' })).length, stops ? 0 : 1)
    assert.equal((await found('process-instances', { state: 'SUSPENDED' })).length, stops ? 1 : 0)
    assert.equal((await found('jobs'))[0]?.state, 'CREATED')
    assert.equal((await post(`${path}/resumption`, body)).status, 204)
    assert.deepEqual(await found('suspensions'), [])
    assert.equal((await found('process-instances'))[0]?.state, 'ACTIVE')
    const [job] = await activate()
    assert.equal((await post(`/jobs/${job?.jobKey}/failure`, { retries: 3 })).status, 204)
  })

test('a result that comes meanwhile is kept; the task is refused until the end', async () => {
  const [job] = await activate()
  const path = `/process-instances/${first.processInstanceKey}`
  await post(`${path}/suspension`)
  assert.equal((await post(`/jobs/${job?.jobKey}/completion`, { variables: { iuv: '01' } })).status, 204)
  assert.deepEqual(await found('user-tasks'), [])
  await post(`${path}/resumption`)
  const [task] = await found('user-tasks')
  await post(`${path}/suspension`)
  const refused = await post(`/user-tasks/${task?.userTaskKey}/completion`, {})
  assert.equal(refused.status, 409)
  assert.match(String(refused.body.detail), new RegExp(`process instance '${first.processInstanceKey}' is suspended`))
  await post(`${path}/resumption`)
  assert.equal((await post(`/user-tasks/${task?.userTaskKey}/completion`, {})).status, 204)
  assert.equal((await found('process-instances'))[0]?.state, 'COMPLETED')
})

test('what is not there or cannot be suspended is told by its name', async () => {
  assert.equal((await post('/process-instances/1/suspension')).status, 404)
  assert.equal((await post('/process-definitions/1/suspension')).status, 404)
  assert.equal((await post(`${definition}/elements/nowhere/suspension`)).status, 404)
  const start = await post(`${definition}/elements/ricevuta/suspension`)
  assert.equal(start.status, 400)
  assert.match(String(start.body.detail), /none leads to 'ricevuta'/)
  assert.equal((await post('/jobs/suspension', {})).status, 400)
  await post(`${definition}/suspension`)
  assert.equal((await post('/process-instances', { processDefinitionId: 'pratica-sospesa' })).status, 409)
  await post(`${definition}/resumption`)
})
