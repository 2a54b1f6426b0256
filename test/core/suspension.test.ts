/** Suspending and resuming an instance, a definition, an element, a job type: what stands still, what is kept, what goes on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError, type SuspensionTarget } from '../../engine/protocol/gateway.ts'
import { calls, diagram, error, extensions, jobType, message, Scope, signal, timer } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'

const HOUR = 3_600_000
const USER_TASK = extensions('<zeebe:userTask/>')

const straight = (...parts: readonly (readonly [type: string, id: string, inner?: string])[]): Scope => {
  const scope = new Scope().add('startEvent', 's')
  for (const [type, id, inner] of parts) scope.add(type, id, inner)
  return scope.add('endEvent', 'e').path('s', ...parts.map(([, id]) => id), 'e')
}
const work = (id: string, type = id) => ['serviceTask', id, jobType(type)] as const
/** A task with a timer on it that leads to its own end. */
const limited = (duration: string) =>
  straight(work('work'))
    .add('boundaryEvent', 'late', timer('timeDuration', duration), 'attachedToRef="work"')
    .add('endEvent', 'tooLate')
    .flow('late', 'tooLate')

const opened = (processes: Readonly<Record<string, Scope>>, more: Partial<Parameters<typeof diagram>[0]> = {}) =>
  World.deployed(...Object.entries(processes).map(([id, scope]) => diagram({ ...more, processes: { [id]: scope } })))
const start = async (world: World, bpmnProcessId = 'p', variables = '{}') =>
  world.client.createProcessInstance({ bpmnProcessId, variables })
const jobs = (world: World, type: string, maxJobsToActivate = 10) =>
  world.client.activateJobs({ type, worker: 'w', timeoutMs: HOUR, maxJobsToActivate, requestTimeoutMs: -1 })
const instance = (processInstanceKey: string): SuspensionTarget => ({ kind: 'process-instance', processInstanceKey })
const refused =
  (status: string, ...words: readonly string[]) =>
  (problem: unknown) =>
    problem instanceof GatewayError &&
    problem.status === status &&
    words.every((word) => problem.message.includes(word))
const count = async (world: World, line: string) => (await world.trace()).filter((other) => other === line).length
/** What belongs to a definition stays with it. */
const ofDefinitions: ReadonlySet<string> = new Set(['suspension', 'messageStart', 'signalSubscription'])
/** Whatever happened: the log says what the rows say, and what has ended leaves nothing but periods of definitions. */
async function sound(world: World): Promise<void> {
  assert.deepEqual(rowsOf(world.store), await replayed(world.store))
  if (world.store.rows('elementInstance').length > 0) return
  const isLeft = ([table, key]: readonly [string, number]) =>
    !ofDefinitions.has(table) ||
    world.store.rows('suspension').some((row) => row.key === key && row.kind === 'PROCESS_INSTANCE')
  const left = hotRows(world.store).filter(isLeft)
  assert.deepEqual(left, [])
}

test('jobs of a suspended instance are not handed out, those of others are', async () => {
  await using world = await opened({ p: straight(work('work')) })
  const { processInstanceKey: stopped } = await start(world)
  const { processInstanceKey: other } = await start(world)
  await world.client.suspend(instance(stopped))
  const handed = await jobs(world, 'work')
  assert.deepEqual(
    handed.map((job) => job.processInstanceKey),
    [other],
  )
  await world.client.resume(instance(stopped))
  assert.deepEqual(
    (await jobs(world, 'work')).map((job) => job.processInstanceKey),
    [stopped],
  )
  await sound(world)
})

test('a worker that waits gets the job when its instance is resumed', async () => {
  await using world = await opened({ p: straight(work('work')) })
  const { processInstanceKey } = await start(world)
  await world.client.suspend(instance(processInstanceKey))
  const waiting = world.client.activateJobs({
    ...{ type: 'work', worker: 'w', timeoutMs: HOUR, maxJobsToActivate: 1, requestTimeoutMs: 60_000 },
  })
  await world.idle()
  await world.client.resume(instance(processInstanceKey))
  assert.equal((await waiting).length, 1)
})

test('a job that could not be handed out does not hide those behind it, however many there are', async () => {
  await using world = await opened({ p: straight(work('work')), q: straight(work('work')) })
  const { processInstanceKey } = await start(world)
  for (let i = 0; i < 600; i += 100) await Promise.all(Array.from({ length: 100 }, () => start(world)))
  const { processInstanceKey: behind } = await start(world, 'q')
  const [definition] = world.store.rows('processDefinition')
  const target = { kind: 'process-definition', processDefinitionKey: String(definition!.key) } as const
  await world.client.suspend(target)
  assert.deepEqual(
    (await jobs(world, 'work', 1)).map((job) => job.processInstanceKey),
    [behind],
  )
  await world.client.resume(target)
  await world.idle()
  assert.equal(world.store.rows('heldCommand').length, 0)
  const [first] = await jobs(world, 'work', 1)
  assert.equal(first?.processInstanceKey, processInstanceKey)
  await sound(world)
})

test('a job that was handed out before may be completed: its result is kept, and the element goes on at the end', async () => {
  await using world = await opened({ p: straight(work('work')) })
  const { processInstanceKey } = await start(world)
  const [job] = await jobs(world, 'work')
  await world.client.suspend(instance(processInstanceKey))
  await world.client.completeJob(job!.key, '{"paid":12345678901234567890.10}')
  assert.equal(await count(world, 'work ELEMENT_COMPLETING'), 0)
  await world.open()
  await world.client.resume(instance(processInstanceKey))
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
  const variables = (await world.events()).flatMap((event) => (event.valueType === 'VARIABLE' ? [event.value] : []))
  assert.equal(variables.find(({ name }) => name === 'paid')?.value, '12345678901234567890.10')
  await sound(world)
})

test('whichever comes first of suspend and complete, the result counts once', async () => {
  for (const isLate of [false, true]) {
    await using world = await opened({ p: straight(work('work')) })
    const { processInstanceKey } = await start(world)
    const [job] = await jobs(world, 'work')
    const calls = [() => world.client.suspend(instance(processInstanceKey)), () => world.client.completeJob(job!.key)]
    const outcomes = await Promise.allSettled((isLate ? calls.toReversed() : calls).map((call) => call()))
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      isLate ? ['fulfilled', 'rejected'] : ['fulfilled', 'fulfilled'],
    )
    if (!isLate) await world.client.resume(instance(processInstanceKey))
    assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
    await sound(world)
  }
})

test('a timer keeps the time that was left to it, to the millisecond', async () => {
  await using world = await opened({ p: limited('PT1H') })
  const { processInstanceKey } = await start(world)
  await world.advance(HOUR - 1_000)
  await world.client.suspend(instance(processInstanceKey))
  await world.advance(999)
  await world.client.resume(instance(processInstanceKey))
  await world.advance(999)
  await world.client.suspend(instance(processInstanceKey))
  await world.advance(100 * HOUR)
  await world.open()
  await world.client.resume(instance(processInstanceKey))
  assert.equal(await count(world, 'late ELEMENT_ACTIVATED'), 0, 'one millisecond is left')
  await world.advance(1)
  assert.equal(await count(world, 'tooLate ELEMENT_COMPLETED'), 1)
  await sound(world)
})

test('time that two suspensions share is counted once', async () => {
  await using world = await opened({ p: limited('PT1H') })
  const { processInstanceKey, processDefinitionKey } = await start(world)
  const definition = { kind: 'process-definition', processDefinitionKey } as const
  await world.client.suspend(definition)
  await world.advance(10_000)
  await world.client.suspend(instance(processInstanceKey))
  await world.advance(HOUR)
  await world.client.resume(definition)
  await world.advance(5_000)
  await world.client.resume(instance(processInstanceKey))
  await world.advance(HOUR - 1)
  assert.equal(await count(world, 'late ELEMENT_ACTIVATED'), 0)
  await world.advance(1)
  assert.equal(await count(world, 'late ELEMENT_ACTIVATED'), 1)
  await sound(world)
})

test('a message that comes meanwhile is kept, even one without time to live', async () => {
  await using world = await opened(
    { p: straight(['intermediateCatchEvent', 'paid', message('payment')]) },
    { messages: { payment: '=key' } },
  )
  const { processInstanceKey } = await start(world, 'p', '{"key":"k1"}')
  await world.client.suspend(instance(processInstanceKey))
  await world.client.publishMessage({ name: 'payment', correlationKey: 'k1', timeToLiveMs: 0, variables: '{"euro":5}' })
  await world.advance(HOUR)
  assert.equal(await count(world, 'paid ELEMENT_COMPLETED'), 0)
  await world.open()
  await world.client.resume(instance(processInstanceKey))
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
  await sound(world)
})

test('a signal that comes meanwhile is kept for the suspended instance', async () => {
  await using world = await opened(
    { p: straight(['intermediateCatchEvent', 'hear', signal('alarm')]) },
    { signals: ['alarm'] },
  )
  const { processInstanceKey: stopped } = await start(world)
  await start(world)
  await world.client.suspend(instance(stopped))
  await world.client.broadcastSignal({ signalName: 'alarm' })
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
  await world.client.resume(instance(stopped))
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 2)
  await sound(world)
})

test('an error that a worker throws meanwhile is kept', async () => {
  const scope = straight(work('work')).add('boundaryEvent', 'failed', error('E'), 'attachedToRef="work"')
  await using world = await opened({ p: scope.add('endEvent', 'bad').flow('failed', 'bad') }, { errors: ['E'] })
  const { processInstanceKey } = await start(world)
  const [job] = await jobs(world, 'work')
  await world.client.suspend(instance(processInstanceKey))
  await world.client.throwError(job!.key, { errorCode: 'E' })
  assert.equal(await count(world, 'work ELEMENT_TERMINATING'), 0)
  await world.client.resume(instance(processInstanceKey))
  assert.equal(await count(world, 'bad ELEMENT_COMPLETED'), 1)
  await sound(world)
})

test('an incident can be raised and resolved meanwhile; its element goes on at the end', async () => {
  await using world = await opened({
    p: straight(work('work'), [
      'scriptTask',
      'sum',
      extensions('<zeebe:script expression="=if a > 0 then a else assert(a, false)" resultVariable="b"/>'),
    ]),
  })
  const { processInstanceKey } = await start(world)
  const [job] = await jobs(world, 'work')
  await world.client.suspend(instance(processInstanceKey))
  await world.client.failJob(job!.key, { retries: 0, errorMessage: 'the platform is down' })
  const [incident] = world.store.rows('incident')
  await world.client.updateJobRetries(job!.key, 1)
  await world.client.resolveIncident(String(incident!.key))
  assert.deepEqual(await jobs(world, 'work'), [])
  await world.client.setVariables(processInstanceKey, '{"a":1}', false)
  await world.client.resume(instance(processInstanceKey))
  const [again] = await jobs(world, 'work')
  await world.client.completeJob(again!.key)
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
  await sound(world)
})

test('user tasks of a suspended instance refuse, and say what to do', async () => {
  await using world = await opened({ p: straight(['userTask', 'decide', USER_TASK]) })
  const { processInstanceKey } = await start(world)
  const key = String(world.store.rows('userTask')[0]!.key)
  await world.client.suspend(instance(processInstanceKey))
  const isRefused = refused('FAILED_PRECONDITION', processInstanceKey, 'suspended', 'Resume')
  await assert.rejects(world.client.completeUserTask(key), isRefused)
  await assert.rejects(world.client.assignUserTask(key, { assignee: 'anna' }), isRefused)
  await world.client.resume(instance(processInstanceKey))
  await world.client.completeUserTask(key)
  await sound(world)
})

test('all that a suspended instance has called stands still with it, and no other', async () => {
  const processes = {
    p: straight(['callActivity', 'call', calls('q')]),
    q: straight(['callActivity', 'call', calls('r')]),
    r: limited('PT1H'),
  }
  await using world = await opened(processes)
  const { processInstanceKey } = await start(world)
  await start(world, 'r')
  await world.client.suspend(instance(processInstanceKey))
  assert.equal((await jobs(world, 'work')).length, 1)
  await world.advance(2 * HOUR)
  assert.equal(await count(world, 'late ELEMENT_ACTIVATED'), 1)
  await world.client.resume(instance(processInstanceKey))
  const [job] = await jobs(world, 'work')
  await world.client.completeJob(job!.key)
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
  await sound(world)
})

test('a suspended instance can be cancelled, with all that was kept for it', async () => {
  await using world = await opened({ p: straight(['callActivity', 'call', calls('q')]), q: limited('PT1H') })
  const { processInstanceKey } = await start(world)
  const [job] = await jobs(world, 'work')
  await world.client.suspend(instance(processInstanceKey))
  await world.advance(2 * HOUR)
  await world.client.completeJob(job!.key)
  await world.client.cancelProcessInstance(processInstanceKey)
  assert.equal(await count(world, 'p ELEMENT_TERMINATED'), 1)
  await sound(world)
})

test('a suspended instance can be modified: what is to begin begins at the end', async () => {
  await using world = await opened({ p: straight(work('first'), work('second')) })
  const { processInstanceKey } = await start(world)
  await world.client.suspend(instance(processInstanceKey))
  const first = world.store.rows('elementInstance').find(({ elementId }) => elementId === 'first')!
  await world.client.modifyProcessInstance(processInstanceKey, {
    activateInstructions: [{ elementId: 'second' }],
    terminateInstructions: [{ elementInstanceKey: String(first.key) }],
  })
  assert.equal(await count(world, 'second ELEMENT_ACTIVATING'), 0)
  assert.equal(await count(world, 'p ELEMENT_TERMINATED'), 0)
  await world.client.resume(instance(processInstanceKey))
  assert.equal((await jobs(world, 'second')).length, 1)
  await sound(world)
})

test('suspending or resuming twice is refused, as is what is not there', async () => {
  await using world = await opened({ p: straight(work('work')) })
  const { processInstanceKey, processDefinitionKey } = await start(world)
  const targets: readonly SuspensionTarget[] = [
    instance(processInstanceKey),
    { kind: 'process-definition', processDefinitionKey },
    { kind: 'process-definition', processDefinitionKey, allVersions: true },
    { kind: 'element', processDefinitionKey, elementId: 'work' },
    { kind: 'job-type', type: 'work' },
  ]
  for (const target of targets) {
    await assert.rejects(world.client.resume(target), refused('FAILED_PRECONDITION', 'not suspended'))
    await world.client.suspend(target)
    await assert.rejects(world.client.suspend(target), refused('FAILED_PRECONDITION', 'suspended already'))
  }
  await world.open()
  for (const target of targets) await world.client.resume(target)
  await sound(world)
  const element = { kind: 'element', processDefinitionKey, elementId: 'nowhere' } as const
  await assert.rejects(world.client.suspend(instance('1')), refused('NOT_FOUND', "'1'"))
  await assert.rejects(world.client.suspend(element), refused('NOT_FOUND', "'nowhere'"))
  await assert.rejects(world.client.suspend({ ...element, elementId: 's' }), refused('INVALID_ARGUMENT', "'s'"))
})

test('a suspended definition stops its instances and begins no other; those of other versions go on', async () => {
  await using world = await opened({ p: straight(work('work')) })
  const { processDefinitionKey } = await start(world)
  const target = { kind: 'process-definition', processDefinitionKey } as const
  await world.client.suspend(target)
  await assert.rejects(start(world), refused('FAILED_PRECONDITION', "version 1 of 'p'", 'suspended'))
  assert.deepEqual(await jobs(world, 'work'), [])
  await world.deploy(diagram({ processes: { p: straight(work('repaired')) } }))
  await start(world)
  assert.equal((await jobs(world, 'repaired')).length, 1)
  await world.client.suspend({ ...target, allVersions: true })
  await assert.rejects(start(world), refused('FAILED_PRECONDITION', "version 2 of 'p'"))
  await world.client.resume({ ...target, allVersions: true })
  await start(world)
  await world.client.resume(target)
  assert.equal((await jobs(world, 'work')).length, 1)
  await sound(world)
})

test('a suspended definition that admits new instances lets them stand at their start', async () => {
  await using world = await opened({ p: straight(work('work')) })
  const processDefinitionKey = String(world.store.rows('processDefinition')[0]!.key)
  const target = { kind: 'process-definition', processDefinitionKey } as const
  await world.client.suspend({ ...target, admitNewInstances: true })
  await start(world)
  assert.deepEqual(await world.trace(), ['p ELEMENT_ACTIVATING', 'p ELEMENT_ACTIVATED'])
  await world.client.resume(target)
  assert.equal((await jobs(world, 'work')).length, 1)
  await sound(world)
})

test('what would begin an instance of a suspended definition is kept: messages, signals, timers', async () => {
  const begins = (inner: string) =>
    new Scope()
      .add('startEvent', 's', inner)
      .add('serviceTask', 'work', jobType('work'))
      .add('endEvent', 'e')
      .path('s', 'work', 'e')
  const cases = [
    {
      inner: message('filed'),
      come: (world: World) =>
        world.client.publishMessage({
          name: 'filed',
          correlationKey: 'k',
          timeToLiveMs: 0,
          variables: '{"from":"message"}',
        }),
    },
    { inner: signal('morning'), come: (world: World) => world.client.broadcastSignal({ signalName: 'morning' }) },
    { inner: timer('timeDate', '2026-01-01T01:00:00Z'), come: (world: World) => world.advance(HOUR) },
  ]
  for (const { inner, come } of cases) {
    await using world = await opened({ p: begins(inner) }, { messages: { filed: '' }, signals: ['morning'] })
    const processDefinitionKey = String(world.store.rows('processDefinition')[0]!.key)
    const target = { kind: 'process-definition', processDefinitionKey } as const
    await world.client.suspend(target)
    await come(world)
    await world.advance(HOUR)
    assert.deepEqual(world.store.rows('elementInstance'), [])
    await world.open()
    await world.client.resume(target)
    await world.idle()
    const [job, ...more] = await jobs(world, 'work')
    assert.deepEqual(more, [])
    await world.client.completeJob(job!.key)
    assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
    await sound(world)
  }
})

test('instances of a suspended version go on once they are migrated, with the time that was left', async () => {
  await using world = await opened({ p: limited('PT1H') })
  const { processInstanceKey, processDefinitionKey } = await start(world)
  const [job] = await jobs(world, 'work')
  await world.advance(HOUR / 2)
  await world.client.suspend({ kind: 'process-definition', processDefinitionKey })
  await world.advance(10 * HOUR)
  await world.deploy(diagram({ processes: { p: limited('PT9H').add('task', 'more') } }))
  const [, repaired] = world.store.rows('processDefinition')
  await world.client.migrateProcessInstance(processInstanceKey, {
    targetProcessDefinitionKey: String(repaired!.key),
    mappingInstructions: ['work', 'late'].map((id) => ({ sourceElementId: id, targetElementId: id })),
  })
  await world.idle()
  assert.equal(await count(world, 'late ELEMENT_ACTIVATED'), 0)
  await world.advance(HOUR / 2 - 1)
  assert.equal(await count(world, 'late ELEMENT_ACTIVATED'), 0)
  await world.client.completeJob(job!.key)
  assert.equal(await count(world, 'e ELEMENT_COMPLETED'), 1)
  await sound(world)
})

test('tokens wait before a suspended element, and its jobs are not handed out', async () => {
  await using world = await opened({ p: straight(work('first'), work('second'), work('third')) })
  const { processDefinitionKey } = await start(world)
  await start(world)
  const complete = async (type: string) => {
    const [job] = await jobs(world, type, 1)
    await world.client.completeJob(job!.key)
  }
  await complete('first')
  const target = { kind: 'element', processDefinitionKey, elementId: 'second' } as const
  await world.client.suspend(target)
  await complete('first')
  assert.equal(await count(world, 'second ELEMENT_ACTIVATING'), 1)
  assert.deepEqual(await jobs(world, 'second'), [])
  await world.advance(HOUR)
  await world.open()
  assert.equal(world.store.rows('elementInstance').filter(({ elementId }) => elementId === 'p').length, 2)
  await world.client.resume(target)
  assert.equal((await jobs(world, 'second')).length, 2)
  await sound(world)
})

test('a token that waits before a suspended element is mapped when its instance is migrated', async () => {
  await using world = await opened({ p: straight(work('first'), work('faulty')) })
  const { processInstanceKey, processDefinitionKey } = await start(world)
  await world.client.suspend({ kind: 'element', processDefinitionKey, elementId: 'faulty' })
  await world.client.completeJob((await jobs(world, 'first'))[0]!.key)
  await world.deploy(diagram({ processes: { p: straight(work('first'), work('repaired')) } }))
  const [, target] = world.store.rows('processDefinition')
  const migrate = (...ids: readonly (readonly [string, string])[]) =>
    world.client.migrateProcessInstance(processInstanceKey, {
      targetProcessDefinitionKey: String(target!.key),
      mappingInstructions: ids.map(([sourceElementId, targetElementId]) => ({ sourceElementId, targetElementId })),
    })
  await assert.rejects(migrate(), refused('INVALID_ARGUMENT', "'faulty'"))
  await migrate(['faulty', 'repaired'], ['first.faulty.2', 'first.repaired.2'])
  assert.equal((await jobs(world, 'repaired')).length, 1)
  await sound(world)
})

test('a suspended job type is not handed out, whoever asks and however the job comes about; timers go on', async () => {
  await using world = await opened({ p: straight(work('work', 'pagopa.check')), q: limited('PT1H') })
  await start(world)
  const type = { kind: 'job-type', type: 'pagopa.*' } as const
  await world.client.suspend(type)
  const waiting = world.client.activateJobs({
    ...{ type: 'pagopa.check', worker: 'w', timeoutMs: HOUR, maxJobsToActivate: 5, requestTimeoutMs: 60_000 },
  })
  const stopped = new AbortController()
  const stream = world.client.streamJobs({ type: 'pagopa.check', worker: 's', timeoutMs: HOUR }, stopped.signal)
  const pushed: string[] = []
  const streaming = (async () => {
    for await (const job of stream) pushed.push(job.key)
  })()
  await start(world)
  await start(world, 'q')
  assert.equal((await jobs(world, 'work')).length, 1)
  await world.advance(HOUR)
  assert.equal(await count(world, 'tooLate ELEMENT_COMPLETED'), 1)
  assert.deepEqual(pushed, [])
  await world.client.resume(type)
  await world.idle()
  stopped.abort()
  await streaming
  const polled = (await Promise.race([waiting, Promise.resolve([])])).length
  assert.equal(pushed.length + polled, 2)
  assert.deepEqual(
    world.store.rows('job').map(({ retries, state }) => [retries, state]),
    [
      [3, 'ACTIVATED'],
      [3, 'ACTIVATED'],
    ],
  )
  await sound(world)
})

test('a large definition is resumed in many turns, between which others go on, and through a crash', async () => {
  await using world = await opened({ p: straight(work('work')), other: straight(work('beside')) })
  const created = await Promise.all(Array.from({ length: 150 }, () => start(world)))
  const { processDefinitionKey } = created[0]!
  const handed = await jobs(world, 'work', 150)
  const target = { kind: 'process-definition', processDefinitionKey } as const
  await world.client.suspend(target)
  await Promise.all(handed.map(({ key }) => world.client.completeJob(key)))
  assert.equal(world.store.rows('heldCommand').length, 150)
  await world.client.resume(target)
  assert.ok(world.store.rows('heldCommand').length > 0, 'one turn does not do all')
  await world.open()
  assert.equal(world.store.rows('heldCommand').length, 0)
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 150)
  await sound(world)
})

test('an ad-hoc sub-process whose worker has said that it is done waits for what people have begun in it since', async () => {
  const inner = new Scope().add('serviceTask', 'inside', jobType('inside'))
  const scope = straight(['adHocSubProcess', 'adHoc', jobType('plan') + inner.xml])
  await using world = await opened({ p: scope })
  const { processInstanceKey } = await start(world)
  const [plan] = await jobs(world, 'plan')
  await world.client.suspend(instance(processInstanceKey))
  const adHoc = world.store.rows('elementInstance').find(({ elementId }) => elementId === 'adHoc')!
  await world.client.completeJob(plan!.key, '{}', { type: 'adHocSubProcess', isCompletionConditionFulfilled: true })
  await world.client.activateAdHocActivities(String(adHoc.key), [{ elementId: 'inside' }], false)
  await world.client.resume(instance(processInstanceKey))
  assert.equal(await count(world, 'adHoc ELEMENT_COMPLETING'), 0)
  const [inside] = await jobs(world, 'inside')
  await world.client.completeJob(inside!.key)
  assert.equal(await count(world, 'p ELEMENT_COMPLETED'), 1)
  await sound(world)
})
