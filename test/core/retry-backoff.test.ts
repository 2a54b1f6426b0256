/** How long a failed job waits: as its worker says, else as the model says, else not at all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, extended, flow, refusal, START } from '../model/diagrams.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'
import { documented } from './documented.ts'

const PAGE = 'docs/beyond-zeebe.md'
const HEADING = 'Retry back-off in the model'
const WORK = 'protocollo.registra'
const SECOND = 1_000
const MINUTE = 60 * SECOND

async function started(content = documented(PAGE, HEADING), bpmnProcessId = 'con-attesa'): Promise<World> {
  const world = await World.deployed(content)
  await world.client.createProcessInstance({ bpmnProcessId, variables: '{}' })
  return world
}
const work = { worker: 'w', timeoutMs: 3_600_000, requestTimeoutMs: -1, maxJobsToActivate: 1 }
async function take(world: World, type = WORK): Promise<string | undefined> {
  const [job] = await world.client.activateJobs({ ...work, type })
  return job?.key
}
async function failed(world: World, retries: number, retryBackOffMs?: number, type = WORK): Promise<void> {
  const key = await take(world, type)
  assert.ok(key !== undefined, 'a job is offered')
  await world.client.failJob(key, { retries, ...(retryBackOffMs !== undefined && { retryBackOffMs }) })
}
/** What the failures so far have said. */
const backoffs = async (world: World): Promise<readonly (number | undefined)[]> =>
  (await world.events()).flatMap((event) =>
    event.valueType === 'JOB' && event.intent === 'FAILED' ? [event.value.retryBackoff] : [],
  )
/** Not before the time is over. */
async function waits(world: World, ms: number): Promise<void> {
  await world.advance(ms - 1)
  assert.equal(await take(world), undefined)
  await world.advance(1)
}

test('each failure waits as the model says, the last for all that follow, through a crash', async () => {
  await using world = await started()
  for (const [retries, wait] of [
    [9, 10 * SECOND],
    [8, MINUTE],
    [7, 10 * MINUTE],
    [7, 10 * MINUTE],
  ] as const) {
    await failed(world, retries)
    await world.open()
    await waits(world, wait)
  }
  assert.deepEqual(await backoffs(world), [10 * SECOND, MINUTE, 10 * MINUTE, 10 * MINUTE])
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  await world.client.completeJob((await take(world))!, '{}')
  assert.deepEqual(hotRows(world.store), [])
})

test('what the worker says wins, and counts as a failure', async () => {
  await using world = await started()
  await failed(world, 3, 5 * SECOND)
  await waits(world, 5 * SECOND)
  await failed(world, 2)
  assert.deepEqual(await backoffs(world), [5 * SECOND, MINUTE])
})

test('a job without retries waits for a person, and begins anew once it has some', async () => {
  await using world = await started()
  await failed(world, 1)
  await waits(world, 10 * SECOND)
  await failed(world, 0)
  const incident = (await world.events()).findLast(({ valueType }) => valueType === 'INCIDENT')
  assert.ok(incident?.valueType === 'INCIDENT' && incident.value.jobKey !== undefined)
  await world.client.updateJobRetries(String(incident.value.jobKey), 2)
  await world.client.resolveIncident(String(incident.key))
  await failed(world, 1)
  assert.deepEqual(await backoffs(world), [10 * SECOND, 0, 10 * SECOND])
})

test('listeners and each of many wait in the same way', async () => {
  const given = `<zeebe:executionListeners><zeebe:executionListener eventType="start" type="prima"/></zeebe:executionListeners>
    <zeebe:taskDefinition type="${WORK}"/><zeebe:properties><zeebe:property name="iter:retryBackoff" value="PT5S"/></zeebe:properties>`
  const loop = `<bpmn:multiInstanceLoopCharacteristics>${extended('<zeebe:loopCharacteristics inputCollection="=[1]"/>')}</bpmn:multiInstanceLoopCharacteristics>`
  const task = `<bpmn:serviceTask id="t">${extended(given)}${loop}</bpmn:serviceTask>`
  await using world = await started(Buffer.from(diagram(`${START}${flow('s', 't')}${task}`)), 'p')
  await failed(world, 2, undefined, 'prima')
  await world.advance(5 * SECOND)
  await world.client.completeJob((await take(world, 'prima'))!, '{}')
  await failed(world, 2)
  assert.deepEqual(await backoffs(world), [5 * SECOND, 5 * SECOND])
})

test('without the property nothing waits', async () => {
  const task = `<bpmn:serviceTask id="t">${extended(`<zeebe:taskDefinition type="${WORK}"/><zeebe:properties><zeebe:property name="retryBackoff" value="soon"/></zeebe:properties>`)}</bpmn:serviceTask>`
  await using world = await started(Buffer.from(diagram(`${START}${flow('s', 't')}${task}`)), 'p')
  await failed(world, 2)
  assert.deepEqual(await backoffs(world), [0])
  assert.ok(await take(world))
})

const property = (value: string) => `<zeebe:property name="iter:retryBackoff" value="${value}"/>`
const refused = (properties: string): Promise<string> =>
  refusal(
    diagram(
      `${START}${flow('s', 't')}<bpmn:serviceTask id="t">${extended(`<zeebe:taskDefinition type="w"/><zeebe:properties>${properties}</zeebe:properties>`)}</bpmn:serviceTask>`,
    ),
  )
for (const value of [
  'soon',
  '',
  'PT10S,',
  'PT10S PT1M',
  '10',
  'PT0S',
  '-PT5S',
  'P1M',
  'P400D',
  '=duration(x)',
  Array(21).fill('PT1S').join(','),
])
  test(`'${value.slice(0, 30)}' is refused by element and reason`, async () => {
    const message = await refused(property(value))
    assert.match(message, /- Element: t > extensionElements > properties/)
    assert.ok(
      message.includes(
        `ERROR: Property 'iter:retryBackoff' must be up to 20 durations of at most a year with commas between, such as 'PT10S, PT1M, PT10M', but was '${value}'`,
      ),
      message,
    )
  })
test('the property may be given once', async () => {
  assert.match(await refused(property('PT1S') + property('PT2S')), /may only be given once, but was given 2 times/)
})
test('days and parts of seconds are durations', async () =>
  assert.equal(await refused(property('PT0.5S, P1DT12H , P365D')), ''))
