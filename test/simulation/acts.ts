/** What clients of a simulation may do: workers, people, whoever publishes messages, and time. */
import type { ConditionalSubscription, Incident, Job } from '../../engine/core/state/rows.ts'
import { type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'
import type { Fold } from './fold.ts'
import { ERROR_CODE, elementsOf, type Plans, SIGNAL_BESIDE } from './plan.ts'
import type { Chance } from './random.ts'

/** What clients see of the world. */
export interface Scene {
  readonly client: Gateway
  readonly fold: Fold
  readonly now: number
  /** What was deployed. */
  readonly plans: Plans
  /** Names of what may be waited for there. */
  readonly messages: readonly string[]
  advance(ms: number): void
  /** Others do something meanwhile. */
  readonly mayWait: boolean
}
/** Something a client does; whom it calls may refuse. */
export interface Act {
  readonly name: string
  run(scene: Scene, chance: Chance): Promise<unknown>
}

/** A refusal is an answer as well. */
export async function allowed(call: Promise<unknown>): Promise<'accepted' | 'refused'> {
  try {
    await call
    return 'accepted'
  } catch (refused) {
    if (!(refused instanceof GatewayError) || refused.status === 'INTERNAL') throw refused
    return 'refused'
  }
}

/** What may be done now; when clients are calm, only what brings what is open nearer to its end. */
export function possible(scene: Scene, isWild: boolean): readonly Act[] {
  const { fold, now, messages: names } = scene
  const jobs = fold
    .rows('job')
    .flatMap((job) => (job.state === 'FAILED' || job.state === 'ERROR_THROWN' ? [] : work(job, isWild)))
  const tasks = fold
    .rows('userTask')
    .flatMap(({ key, state }) => (isWild || state === 'CREATED' ? person(String(key), isWild) : []))
  const incidents = fold.rows('incident').map(resolve)
  const messages = fold
    .rows('subscription')
    .filter(({ interrupting }) => isWild || interrupting)
    .map(({ messageName, correlationKey }) => publish(messageName, correlationKey))
  const heard = fold
    .rows('signalSubscription')
    .filter((row) => isWild || (row.catchEventInstanceKey > 0 && !row.signalName.startsWith(SIGNAL_BESIDE)))
  const signals = [...new Set(heard.map(({ signalName }) => signalName))].map(broadcast)
  const conditions = fold
    .rows('conditionalSubscription')
    .filter(({ interrupting }) => isWild || interrupting)
    .map((row) => fulfil(row, isWild))
  const idle = fold
    .rows('elementInstance')
    .filter((row) => row.bpmnElementType === 'AD_HOC_SUB_PROCESS' && row.state === 'ACTIVATED' && row.jobKey < 0)
    .filter((row) => isWild || row.childCount === 0)
    .map(({ key }) => activateInside(key, isWild))
  const near = [...jobs, ...tasks, ...incidents, ...idle]
  const early = isWild ? names.map((name) => publish(name, 'k')) : []
  const far = [...messages, ...some(early), ...signals, ...conditions, ...passing(fold, now, isWild)]
  return isWild ? [...near, ...far] : near.length > 0 ? near : far
}

/** Of what nobody may wait for yet, or not any more, less than of all else. */
const some = (early: readonly Act[]): readonly Act[] =>
  early.length === 0 ? [] : [{ name: 'publish early', run: (scene, chance) => chance.one(early).run(scene, chance) }]
export const messagesIn = (plans: Plans): readonly string[] =>
  Object.values(plans)
    .flatMap(elementsOf)
    .flatMap(({ type, event, message }) => {
      if (message !== undefined) return [message]
      const isCaught = type !== 'endEvent' && type !== 'intermediateThrowEvent'
      return event?.type === 'message' && isCaught ? [event.name] : []
    })

/** Time, until something falls due. */
function passing(fold: Fold, now: number, isWild: boolean): readonly Act[] {
  const deadlines = fold.rows('job').flatMap(({ state, deadline }) => (state === 'ACTIVATED' ? [deadline] : []))
  const first = Math.min(
    ...fold.rows('timer').flatMap(({ dueDate }) => (dueDate < 0 ? [] : [dueDate])),
    ...fold.rows('job').flatMap(({ recurringTime }) => (recurringTime > 0 ? [recurringTime] : [])),
    ...(isWild ? deadlines : []),
  )
  if (!Number.isFinite(first)) return []
  // What is due and has not come was refused by the store: it comes again once the window of timers.ts has moved on.
  const ms = first > now ? first - now : LATE_MS
  return [{ name: 'time', run: async (scene) => scene.advance(ms) }]
}
const LATE_MS = 30_001
const POLL_MS = 300

function work({ key: jobKey, jobKind, elementInstanceKey }: Job, isWild: boolean): readonly Act[] {
  const key = String(jobKey)
  const complete: Act = {
    name: 'complete job',
    async run(scene, chance) {
      const { client } = scene
      if (jobKind === 'TASK_LISTENER')
        return client.completeJob(key, '{}', { type: 'userTask', denied: isWild && chance.happens(0.2) })
      const variables = `{"again":${isWild && chance.happens(0.3)},"done":${chance.below(9)}}`
      if (jobKind !== 'AD_HOC_SUB_PROCESS') return client.completeJob(key, variables)
      const isDone = !isWild || chance.happens(0.3)
      return client.completeJob(key, variables, {
        type: 'adHocSubProcess',
        activateElements: isDone ? [] : [{ elementId: chance.one(activitiesOf(scene, elementInstanceKey)) }],
        isCompletionConditionFulfilled: isDone,
        isCancelRemainingInstances: chance.happens(0.5),
      })
    },
  }
  if (!isWild) return [complete]
  const activate: Act = {
    name: 'activate jobs',
    run: ({ client, mayWait }, chance) => {
      const requestTimeoutMs = mayWait && chance.happens(0.5) ? POLL_MS : -1
      return client.activateJobs({
        type: 'work',
        worker: 'w',
        timeoutMs: 30_000,
        maxJobsToActivate: 2,
        requestTimeoutMs,
      })
    },
  }
  const fail: Act = {
    name: 'fail job',
    run: ({ client }, chance) =>
      client.failJob(key, {
        retries: chance.below(2),
        retryBackOffMs: chance.one([0, 60_000]),
        variables: '{"local":1}',
      }),
  }
  const throws: Act = { name: 'throw error', run: ({ client }) => client.throwError(key, { errorCode: ERROR_CODE }) }
  return [complete, complete, complete, activate, fail, throws]
}
/** Whoever changes a task is answered when its listeners are done: nobody waits for that here. */
function person(key: string, isWild: boolean): readonly Act[] {
  const complete: Act = {
    name: 'complete task',
    run: async ({ client }) => void allowed(client.completeUserTask(key, '{"seen":true}')),
  }
  const assign: Act = {
    name: 'assign task',
    run: async ({ client }) => void allowed(client.assignUserTask(key, { assignee: 'anna' })),
  }
  return isWild ? [complete, assign] : [complete]
}
/** What completes when `again` is false hears of it when all are calm: there may be no worker inside that says so. */
const activateInside = (key: number, isWild: boolean): Act => ({
  name: 'activate inside',
  async run(scene, chance) {
    const { client } = scene
    if (!isWild) await client.setVariables(String(key), '{"again":false}', false)
    await client.activateAdHocActivities(
      String(key),
      [{ elementId: chance.one(activitiesOf(scene, key)), variables: '{"own":1}' }],
      chance.happens(0.2),
    )
  },
})
/** Not where a link leads to: a token there may be waited for by a join that the others never reach. */
function activitiesOf({ fold, plans }: Scene, scopeKey: number): readonly string[] {
  const described = fold
    .rows('variable')
    .find((row) => row.scopeKey === scopeKey && row.name === 'adHocSubProcessElements')
  const ids = (JSON.parse(described?.value ?? '[]') as { elementId: string }[]).map(({ elementId }) => elementId)
  const planned = Object.values(plans).flatMap(elementsOf)
  return ids.filter((id) => planned.find((element) => element.id === id)?.event?.type !== 'link')
}
const publish = (name: string, correlationKey: string): Act => ({
  name: 'publish message',
  run: ({ client }, chance) =>
    client.publishMessage({
      name,
      correlationKey,
      timeToLiveMs: chance.one([0, 600_000]),
      // The same once more is refused while the first lives.
      messageId: chance.happens(0.2) ? 'once' : '',
      variables: '{"told":1,"again":false}',
    }),
})
const broadcast = (signalName: string): Act => ({
  name: 'broadcast signal',
  run: ({ client }) => client.broadcastSignal({ signalName, variables: '{"key":"told","choice":1,"again":false}' }),
})
/** When all are calm whoever waits sees a change that makes his condition true. */
const fulfil = ({ processInstanceKey, variableNames: [name] }: ConditionalSubscription, isWild: boolean): Act => ({
  name: 'fulfil condition',
  run: ({ client }, chance) => {
    const value = isWild ? chance.below(3) : 1 + chance.below(1_000)
    return client.setVariables(String(processInstanceKey), `{"${name}":${value}}`, false)
  },
})
const resolve = ({ key, jobKey, errorType, elementInstanceKey }: Incident): Act => ({
  name: 'resolve incident',
  async run({ client, fold }) {
    // Some expressions see the variables of the element, some those of its scope.
    const { flowScopeKey = -1 } = fold.rows('elementInstance').find((row) => row.key === elementInstanceKey) ?? {}
    const isOfVariables = jobKey < 0 && errorType !== 'UNHANDLED_ERROR_EVENT'
    if (jobKey > 0) await client.updateJobRetries(String(jobKey), 1)
    if (isOfVariables && flowScopeKey > 0) await client.setVariables(String(flowScopeKey), SANE, true)
    if (isOfVariables) await client.setVariables(String(elementInstanceKey), SANE, true)
    await client.resolveIncident(String(key))
  },
})
/** What every expression can do with. */
const SANE = '{"key":"k","choice":1,"again":false}'
