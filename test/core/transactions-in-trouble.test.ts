/** Transactions in trouble: errors, incidents, time, cancellation from outside and operators while they are undone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, cancel, compensation, error, jobType, Scope, timer } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf } from '../simulation/world.ts'
import { around, between, complete, on, passed, request, run, undoable, waiting } from './undoing.ts'

test('an error that leaves a transaction undoes nothing', async () => {
  const inside = undoable(new Scope(), 'a')
    .add('startEvent', 'ts')
    .add('exclusiveGateway', 'choice', '', 'default="fails"')
    .add('endEvent', 'te', error('E'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'a', 'choice')
    .named('fails', 'choice', 'te')
    .flow('choice', 'stop', '=again = true')
  const scope = around(inside)
    .add('boundaryEvent', 'hazard', error('E'), on('t'))
    .add('endEvent', 'he')
    .flow('hazard', 'he')
  await using world = await run(scope)
  await complete(world, 'a')
  assert.equal(await passed(world, 'he ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'undo-a ELEMENT_ACTIVATING'), 0)
  assert.deepEqual(hotRows(world.store), [])
})

/** Cancelled as soon as `a` is done. */
const simple = (): Scope =>
  undoable(new Scope(), 'a').add('startEvent', 'ts').add('endEvent', 'stop', cancel('sd')).path('ts', 'a', 'stop')

test('an error of what undoes is a hazard of the transaction: its error boundary event goes on instead', async () => {
  const scope = around(simple())
    .add('boundaryEvent', 'hazard', error('E'), on('t'))
    .add('endEvent', 'he')
    .flow('hazard', 'he')
  await using world = await run(scope)
  await complete(world, 'a')
  const [job] = await world.client.activateJobs({ type: 'undo-a', ...request })
  await world.client.throwError(job!.key, { errorCode: 'E' })
  assert.equal(await passed(world, 'he ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 0)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('an error of what undoes passes the event sub-processes of the transaction and is caught further out', async () => {
  const caught = new Scope().add('startEvent', 'xs', error('E')).add('endEvent', 'xe').flow('xs', 'xe')
  const inside = simple().add('subProcess', 'x', caught.xml, 'triggeredByEvent="true"')
  const sub = new Scope()
    .add('startEvent', 'os')
    .add('transaction', 't', inside.xml)
    .add('boundaryEvent', 'cancelled', cancel('cd'), on('t'))
    .add('endEvent', 'ce')
    .flow('os', 't')
    .flow('cancelled', 'ce')
  const scope = new Scope()
    .add('startEvent', 's')
    .add('subProcess', 'o', sub.xml)
    .add('boundaryEvent', 'hazard', error('E'), on('o'))
    .add('endEvent', 'he')
    .flow('s', 'o')
    .flow('hazard', 'he')
  await using world = await run(scope)
  await complete(world, 'a')
  const [job] = await world.client.activateJobs({ type: 'undo-a', ...request })
  await world.client.throwError(job!.key, { errorCode: 'E' })
  assert.equal(await passed(world, 'x ELEMENT_ACTIVATING'), 0)
  assert.equal(await passed(world, 'he ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('what undoes may fail, and goes on when its incident is resolved; time does not hurry it', async () => {
  const scope = around(simple())
    .add('boundaryEvent', 'late', timer('timeDuration', 'PT1H'), on('t'))
    .add('endEvent', 'le')
    .flow('late', 'le')
  await using world = await run(scope)
  await complete(world, 'a')
  await world.advance(7_200_000)
  const [job] = await world.client.activateJobs({ type: 'undo-a', ...request })
  await world.client.failJob(job!.key, { retries: 0 })
  await world.open()
  await world.client.updateJobRetries(job!.key, 1)
  await world.client.resolveIncident(String(world.store.rows('incident')[0]!.key))
  await complete(world, 'undo-a')
  assert.equal(await passed(world, 'le ELEMENT_COMPLETED'), 0)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('what a throw event had begun to undo when its transaction was cancelled is undone again', async () => {
  const inside = undoable(new Scope(), 'a')
    .add('startEvent', 'ts')
    .add('parallelGateway', 'fork')
    .add('intermediateThrowEvent', 'undo', compensation('ud'))
    .add('serviceTask', 'last', jobType('last'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'a', 'fork', 'undo')
    .path('fork', 'last', 'stop')
  await using world = await run(around(inside))
  await complete(world, 'a')
  assert.deepEqual([...waiting(world)].sort(), ['last', 'undo-a'])
  await complete(world, 'last')
  assert.equal(await passed(world, 'undo-a ELEMENT_TERMINATED'), 1)
  await complete(world, 'undo-a')
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('an outer transaction that is cancelled undoes what an inner one was undoing', async () => {
  const scope = around(
    new Scope()
      .add('startEvent', 'os')
      .add('parallelGateway', 'fork')
      .add('transaction', 'i', simple().xml)
      .add('boundaryEvent', 'ic', cancel('icd'), on('i'))
      .add('endEvent', 'ie')
      .add('serviceTask', 'last', jobType('last'))
      .add('endEvent', 'ostop', cancel('osd'))
      .path('os', 'fork', 'i')
      .flow('ic', 'ie')
      .path('fork', 'last', 'ostop'),
  )
  await using world = await run(scope)
  await complete(world, 'a')
  assert.deepEqual([...waiting(world)].sort(), ['last', 'undo-a'])
  await complete(world, 'last', 'undo-a')
  assert.equal(await passed(world, 'ic ELEMENT_ACTIVATING'), 0)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('a called process ends with the transaction; as an activity with a handler it is undone once it has completed', async () => {
  const called = between(new Scope().add('serviceTask', 'w', jobType('w')), 'q', 'w')
  const inside = new Scope()
    .add('startEvent', 'ts')
    .add('callActivity', 'k', calls('q'))
    .add('boundaryEvent', 'k-c', compensation('kd'), on('k'))
    .add('serviceTask', 'undo-k', jobType('undo-k'), 'isForCompensation="true"')
    .association('k-c', 'undo-k')
    .add('parallelGateway', 'fork')
    .add('callActivity', 'again', calls('q'))
    .add('serviceTask', 'last', jobType('last'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'k', 'fork', 'again')
    .path('fork', 'last', 'stop')
  await using world = await run(around(inside), { q: called })
  await complete(world, 'w', 'last')
  assert.equal(await passed(world, 'q ELEMENT_TERMINATED'), 1)
  assert.deepEqual(waiting(world), ['undo-k'])
  await complete(world, 'undo-k')
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('a process instance can be cancelled while its transaction is being undone', async () => {
  await using world = await run(around(simple()))
  await complete(world, 'a')
  const root = world.store.rows('elementInstance').find(({ elementId }) => elementId === 'p')!
  await world.client.cancelProcessInstance(String(root.key))
  assert.equal(await passed(world, 'cancelled ELEMENT_ACTIVATING'), 0)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('nothing can be begun in a transaction that is being cancelled, nor can it be migrated; terminated it can be', async () => {
  await using world = await run(around(simple()))
  await complete(world, 'a')
  const keyOf = (id: string) =>
    String(world.store.rows('elementInstance').find(({ elementId }) => elementId === id)!.key)
  const begin = { activateInstructions: [{ elementId: 'a', variableInstructions: [] }], terminateInstructions: [] }
  await assert.rejects(
    world.client.modifyProcessInstance(keyOf('p'), begin),
    /an element in a transaction that is being cancelled: 't'\. Nothing begins there but what undoes it/,
  )
  const definition = String(world.store.rows('processDefinition')[0]!.key)
  const mappingInstructions = ['t', 'undo-a'].map((id) => ({ sourceElementId: id, targetElementId: id }))
  await assert.rejects(
    world.client.migrateProcessInstance(keyOf('p'), { targetProcessDefinitionKey: definition, mappingInstructions }),
    /active element with id 't' is a transaction that is being cancelled\. Migrate the process instance once/,
  )
  const end = { activateInstructions: [], terminateInstructions: [{ elementInstanceKey: keyOf('t') }] }
  await world.client.modifyProcessInstance(keyOf('p'), end)
  assert.equal(await passed(world, 'undo-a ELEMENT_TERMINATED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})
