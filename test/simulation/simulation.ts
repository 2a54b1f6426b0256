/**
 * One random process, one instance of it, and clients that do by chance what clients may do, until it has ended: jobs completed,
 * failed, their errors thrown, messages published, time passed, incidents resolved. The same seed gives the same story.
 */
import assert from 'node:assert/strict'
import type { Job } from '../../engine/core/state/rows.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import type { Fate, MemoryStore } from '../../engine/store/memory.ts'
import { draw } from './draw.ts'
import { rests } from './judging.ts'
import { ERROR_CODE, type Plans, SIGNAL_BESIDE } from './plan.ts'
import type { Chance } from './random.ts'
import { RandomProcess } from './random-process.ts'
import { Judge } from './reference/judge.ts'
import { type Story, storyAgain, type Trouble, tell } from './story.ts'
import { EVER_MS, hotRows, replayed, rowsOf, World } from './world.ts'

/** After so many steps clients do only what leads to the end; after so many more it must have come. */
const WILD_STEPS = 60
const CALM_STEPS = 2_000

/**
 * What became of elements and flows; null when several things fell due at one instant: of commands that come together one may have to
 * wait for its rows, and which it is depends on when the engine was started.
 */
type Trace = readonly string[] | null

/** No crash and no loss may change a trace. */
function assertSame(one: Trace, other: Trace, what: string): void {
  if (one !== null && other !== null) assert.deepEqual(one, other, what)
}

/** Plays the story and, when crashes or losses befall it, compares it with the same one undisturbed. */
export async function tryOut(story: Story, how: Trouble, witness?: Witness): Promise<void> {
  const trace = await play(story, how, witness)
  const isDisturbed = how.crashes === true || how.losses === true
  if (isDisturbed && (how.clients ?? 1) === 1)
    assertSame(trace, await play(storyAgain(tell(story, how)), {}), 'neither crash nor loss leaves a trace')
}

/** What there is to see of a story while it is told. */
export interface Witness {
  plans: Plans
  store: MemoryStore | null
}

/** Plays the story; throws what is wrong with it. */
async function play(
  story: Story,
  { crashes = false, losses = false, clients = 1 }: Trouble,
  witness: Witness = { plans: {}, store: null },
): Promise<Trace> {
  const { clients: chance, trouble } = story
  const fate = (): Fate => (losses && trouble.happens(0.1) ? 'lost' : 'written')
  await using world = await World.opened({ fate })
  const plans = new RandomProcess(story.process).plan()
  const judge = new Judge(plans)
  Object.assign(witness, { plans, store: world.store })
  await world.deploy(draw(plans))
  const variables = `{"key":"k","choice":${chance.below(12)},"again":false}`
  await world.client.createProcessInstance({ bpmnProcessId: 'main', variables })
  const isOpen = () => world.store.rows('elementInstance').length > 0
  const step = async (count: number, isWild: boolean) => {
    const does = possible(world, isWild)
    assert.ok(does.length > 0, `it waits for nothing that can come: ${JSON.stringify(open(world))}`)
    await Promise.all(Array.from({ length: clients }, () => allowed(chance.one(does)(world, chance))))
    await world.idle()
    await rests(judge, world.store)
    if (count % 8 === 0)
      assert.deepEqual(rowsOf(world.store), await replayed(world.store), 'the log says what the rows say')
    if (crashes && trouble.happens(0.2)) await world.open()
  }
  for (const count of chance.times('step', { max: WILD_STEPS, more: 0.97 })) if (isOpen()) await step(count, true)
  for (let count = 0; isOpen(); count++) {
    assert.ok(count < CALM_STEPS, `it has not ended: ${JSON.stringify(open(world))}`)
    await step(count, false)
  }
  await world.advance(EVER_MS)
  for (const { key } of world.store.rows('processDefinition')) await world.client.deleteResource(String(key))
  assert.deepEqual(rowsOf(world.store), await replayed(world.store), 'the log says what the rows say')
  assert.deepEqual(hotRows(world.store), [], 'nothing is left')
  return (await isRaced(world)) ? null : world.trace()
}

async function isRaced({ store }: World): Promise<boolean> {
  const entries = await store.read(0, Number.MAX_SAFE_INTEGER)
  const due = entries.filter(({ record: { intent } }) => intent === 'TRIGGERED' || intent === 'RECURRED_AFTER_BACKOFF')
  const fired = due.filter(({ record }) => record.valueType === 'TIMER' || record.valueType === 'JOB')
  return new Set(fired.map(({ timestamp }) => timestamp)).size < fired.length
}

const open = ({ store }: World) =>
  store
    .rows('elementInstance')
    .map(({ elementId, state, childCount, takenFlows }) => ({ elementId, state, childCount, takenFlows }))

/** A refusal is an answer as well. */
async function allowed(call: Promise<unknown>): Promise<void> {
  await call.catch((refused: unknown) => {
    if (!(refused instanceof GatewayError) || refused.status === 'INTERNAL') throw refused
  })
}

type Act = (world: World, chance: Chance) => Promise<unknown>

/** What clients may do now; when they are calm, only what brings the instance nearer to its end. */
function possible(world: World, isWild: boolean): readonly Act[] {
  const { store } = world
  const jobs = store
    .rows('job')
    .flatMap((job) => (job.state === 'FAILED' || job.state === 'ERROR_THROWN' ? [] : work(world, job, isWild)))
  const tasks = store
    .rows('userTask')
    .flatMap(({ key, state }) => (isWild || state === 'CREATED' ? person(String(key), isWild) : []))
  const incidents = store.rows('incident').map(({ key, jobKey }): Act => resolve(String(key), jobKey))
  const messages = store
    .rows('subscription')
    .filter(({ interrupting }) => isWild || interrupting)
    .map(({ messageName, correlationKey }): Act => publish(messageName, correlationKey))
  const heard = store
    .rows('signalSubscription')
    .filter((row) => isWild || (row.catchEventInstanceKey > 0 && !row.signalName.startsWith(SIGNAL_BESIDE)))
  const signals = [...new Set(heard.map(({ signalName }) => signalName))].map((name): Act => broadcast(name))
  const first = Math.min(
    ...store.rows('timer').map(({ dueDate }) => dueDate),
    ...store.rows('job').flatMap(({ recurringTime }) => (recurringTime > 0 ? [recurringTime] : [])),
  )
  const time: Act[] = Number.isFinite(first) ? [() => world.advance(Math.max(0, first - world.now))] : []
  const idle = store
    .rows('elementInstance')
    .filter((row) => row.bpmnElementType === 'AD_HOC_SUB_PROCESS' && row.state === 'ACTIVATED' && row.jobKey < 0)
    .filter((row) => isWild || row.childCount === 0)
    .map(({ key }): Act => activateInside(world, key, isWild))
  const near = [...jobs, ...tasks, ...incidents, ...idle]
  if (isWild) return [...near, ...messages, ...signals, ...time]
  return near.length > 0 ? near : [...messages, ...signals, ...time]
}

function work(world: World, { key: jobKey, jobKind, elementInstanceKey }: Job, isWild: boolean): readonly Act[] {
  const key = String(jobKey)
  const complete: Act = ({ client }, chance) => {
    if (jobKind === 'TASK_LISTENER')
      return client.completeJob(key, '{}', { type: 'userTask', denied: isWild && chance.happens(0.2) })
    const variables = `{"again":${isWild && chance.happens(0.3)},"done":${chance.below(9)}}`
    if (jobKind !== 'AD_HOC_SUB_PROCESS') return client.completeJob(key, variables)
    const isDone = !isWild || chance.happens(0.3)
    return client.completeJob(key, variables, {
      type: 'adHocSubProcess',
      activateElements: isDone ? [] : [{ elementId: chance.one(activitiesOf(world, elementInstanceKey)) }],
      isCompletionConditionFulfilled: isDone,
      isCancelRemainingInstances: chance.happens(0.5),
    })
  }
  if (!isWild) return [complete]
  const activate: Act = ({ client }) =>
    client.activateJobs({ type: 'work', worker: 'w', timeoutMs: 30_000, maxJobsToActivate: 2, requestTimeoutMs: -1 })
  const fail: Act = ({ client }, chance) =>
    client.failJob(key, { retries: chance.below(2), retryBackOffMs: chance.one([0, 60_000]), variables: '{"local":1}' })
  const throws: Act = ({ client }) => client.throwError(key, { errorCode: ERROR_CODE })
  return [complete, complete, complete, activate, fail, throws]
}
/** Whoever changes a task is answered when its listeners are done: nobody waits for that here. */
function person(key: string, isWild: boolean): readonly Act[] {
  const complete: Act = async ({ client }) => void allowed(client.completeUserTask(key, '{"seen":true}'))
  const assign: Act = async ({ client }) => void allowed(client.assignUserTask(key, { assignee: 'anna' }))
  return isWild ? [complete, assign] : [complete]
}
/** What completes when `again` is false hears of it when all are calm: there may be no worker inside that says so. */
const activateInside =
  (world: World, key: number, isWild: boolean): Act =>
  async ({ client }, chance) => {
    if (!isWild) await client.setVariables(String(key), '{"again":false}', false)
    await client.activateAdHocActivities(
      String(key),
      [{ elementId: chance.one(activitiesOf(world, key)), variables: '{"own":1}' }],
      chance.happens(0.2),
    )
  }
function activitiesOf({ store }: World, scopeKey: number): readonly string[] {
  const described = store
    .rows('variable')
    .find((row) => row.scopeKey === scopeKey && row.name === 'adHocSubProcessElements')
  return (JSON.parse(described?.value ?? '[]') as { elementId: string }[]).map(({ elementId }) => elementId)
}
const publish =
  (name: string, correlationKey: string): Act =>
  ({ client }, chance) =>
    client.publishMessage({
      name,
      correlationKey,
      timeToLiveMs: chance.one([0, 600_000]),
      variables: '{"told":1,"again":false}',
    })
const broadcast =
  (signalName: string): Act =>
  ({ client }) =>
    client.broadcastSignal({ signalName, variables: '{"key":"told","choice":1,"again":false}' })
const resolve =
  (key: string, jobKey: number): Act =>
  async ({ client }) => {
    if (jobKey > 0) await client.updateJobRetries(String(jobKey), 1)
    await client.resolveIncident(key)
  }
