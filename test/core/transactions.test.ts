/** Transactions: what a cancel end event ends and undoes, in which order, and what an error does instead. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  adHoc,
  cancel,
  compensation,
  diagram,
  extensions,
  jobType,
  multiInstance,
  Scope,
  timer,
} from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf } from '../simulation/world.ts'
import { documented } from './documented.ts'
import { around, between, complete, on, passed, run, started, undoable, waiting } from './undoing.ts'

test('what has completed is undone one after the other, youngest first, before the cancel boundary event goes on', async () => {
  const inside = undoable(new Scope(), 'a', 'b')
    .add('startEvent', 'ts')
    .add('parallelGateway', 'fork')
    .add('userTask', 'open', extensions('<zeebe:userTask/>'))
    .add('serviceTask', 'plain', jobType('plain'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'fork', 'a', 'b', 'plain', 'stop')
    .flow('fork', 'open')
  await using world = await run(around(inside))
  await complete(world, 'a', 'b', 'plain')
  assert.deepEqual(waiting(world), ['undo-b'], 'nothing else runs, and a waits for its turn')
  assert.equal(await passed(world, 'open ELEMENT_TERMINATED'), 1)
  assert.equal(await passed(world, 'stop ELEMENT_TERMINATED'), 1)
  await world.open()
  await complete(world, 'undo-b')
  assert.deepEqual(waiting(world), ['undo-a'])
  assert.equal(await passed(world, 'cancelled ELEMENT_ACTIVATED'), 0)
  await complete(world, 'undo-a')
  assert.equal(await passed(world, 't ELEMENT_TERMINATED'), 1)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'e ELEMENT_ACTIVATED'), 0)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('a cancelled transaction in which nothing can be undone ends at once', async () => {
  const inside = new Scope().add('startEvent', 'ts').add('endEvent', 'stop', cancel('sd')).flow('ts', 'stop')
  await using world = await run(around(inside))
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('a transaction that is not cancelled completes, and is undone as a sub-process is', async () => {
  const inside = undoable(new Scope(), 'a')
    .add('startEvent', 'ts')
    .add('exclusiveGateway', 'choice', '', 'default="fine"')
    .add('endEvent', 'te')
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'a', 'choice')
    .named('fine', 'choice', 'te')
    .flow('choice', 'stop', '=again = true')
  const scope = new Scope()
    .add('startEvent', 's')
    .add('transaction', 't', inside.xml)
    .add('boundaryEvent', 'cancelled', cancel('cd'), on('t'))
    .add('endEvent', 'ce')
    .add('intermediateThrowEvent', 'undo', compensation('ud'))
    .add('endEvent', 'after')
    .path('s', 't', 'undo', 'after')
    .flow('cancelled', 'ce')
  await using world = await run(scope)
  await complete(world, 'a', 'undo-a')
  assert.equal(await passed(world, 't ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'after ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('a cancel end event in a sub-process undoes what has completed there and in what encloses it', async () => {
  const nested = undoable(new Scope(), 'b')
    .add('startEvent', 'ns')
    .add('endEvent', 'stop', cancel('sd'))
    .path('ns', 'b', 'stop')
  const inside = between(undoable(new Scope(), 'a').add('subProcess', 'n', nested.xml), 't', 'a', 'n')
  await using world = await run(around(inside))
  await complete(world, 'a', 'b')
  assert.deepEqual(waiting(world), ['undo-b'])
  await complete(world, 'undo-b', 'undo-a')
  assert.equal(await passed(world, 'n ELEMENT_TERMINATED'), 1)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('whatever scopes hold it, what has completed in a transaction is undone, in the opposite order of its completion', async () => {
  const sub = between(undoable(new Scope(), 'a'), 'n', 'a')
  const loop = between(undoable(new Scope(), 'b'), 'l', 'b')
  const beside = undoable(new Scope(), 'c')
    .add('startEvent', 'xs', timer('timeDuration', 'PT1H'), 'isInterrupting="false"')
    .path('xs', 'c')
  const inside = undoable(new Scope(), 'd')
    .add('startEvent', 'ts')
    .add('subProcess', 'n', sub.xml)
    .add('subProcess', 'l', multiInstance({ isSequential: true, items: '[1,2]' }) + loop.xml)
    .add('adHocSubProcess', 'h', adHoc('[&quot;f&quot;]') + undoable(new Scope(), 'f').xml)
    .add('subProcess', 'x', beside.xml, 'triggeredByEvent="true"')
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'n', 'l', 'h', 'd', 'stop')
  await using world = await run(around(inside))
  await world.advance(3_600_000)
  await complete(world, 'c', 'a', 'b', 'b', 'f', 'd')
  const order = ['undo-d', 'undo-f', 'undo-b', 'undo-b', 'undo-a', 'undo-c']
  for (const next of order) {
    assert.deepEqual(waiting(world), [next])
    await world.open()
    await complete(world, next)
  }
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('scopes that are under way when their transaction is cancelled are undone as far as they had come', async () => {
  const sub = between(undoable(new Scope(), 'a').add('userTask', 'w', extensions('<zeebe:userTask/>')), 'n', 'a', 'w')
  const loop = between(undoable(new Scope(), 'b').add('serviceTask', 'v', jobType('v')), 'l', 'b', 'v')
  const inside = new Scope()
    .add('startEvent', 'ts')
    .add('parallelGateway', 'fork')
    .add('subProcess', 'n', sub.xml)
    .add('subProcess', 'l', multiInstance({ items: '[1]' }) + loop.xml)
    .add('serviceTask', 'last', jobType('last'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'fork', 'n')
    .path('fork', 'l')
    .path('fork', 'last', 'stop')
  await using world = await run(around(inside))
  await complete(world, 'a', 'b', 'last', 'undo-b', 'undo-a')
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('a transaction with thousands of activities under way is cancelled', async () => {
  const inside = undoable(new Scope(), 'a')
    .add('startEvent', 'ts')
    .add('parallelGateway', 'fork')
    .add('serviceTask', 'many', jobType('many') + multiInstance({ items: 'for i in 1..3000 return i' }))
    .add('serviceTask', 'last', jobType('last'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'a', 'fork', 'many')
    .path('fork', 'last', 'stop')
  await using world = await run(around(inside))
  await complete(world, 'a')
  await world.idle()
  await complete(world, 'last')
  await world.idle()
  await complete(world, 'undo-a')
  assert.equal(await passed(world, 'many ELEMENT_TERMINATED'), 3001)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('the documented transaction completes or is undone from its end', async () => {
  const content = documented('docs/beyond-zeebe.md', 'Transactions')
  await using kept = await started(content, 'sala-comunale', '{}')
  await complete(kept, 'sala.blocca', 'cauzione.incassa')
  assert.equal(await passed(kept, 'consegna ELEMENT_COMPLETED'), 1)
  await using given = await started(content, 'sala-comunale', '{"rinuncia":true}')
  await complete(given, 'sala.blocca', 'cauzione.incassa', 'cauzione.rimborsa', 'sala.libera')
  assert.equal(await passed(given, 'avvisata ELEMENT_COMPLETED'), 1)
  assert.deepEqual([...hotRows(kept.store), ...hotRows(given.store)], [])
})

test('what undoes may wait for a message', async () => {
  const inside = new Scope()
    .add('startEvent', 'ts')
    .add('task', 'a')
    .add('boundaryEvent', 'a-c', compensation('ad'), on('a'))
    .add('receiveTask', 'hear', '', 'isForCompensation="true" messageRef="M"')
    .association('a-c', 'hear')
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'a', 'stop')
  await using world = await started(diagram({ processes: { p: around(inside) }, messages: { M: '=1' } }), 'p', '{}')
  await world.client.publishMessage({ name: 'M', correlationKey: '1', timeToLiveMs: 0, variables: '{}' })
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('hundreds of activities are undone in several turns, each once', async () => {
  const sub = between(
    new Scope()
      .add('task', 'a')
      .add('boundaryEvent', 'a-c', compensation('ad'), on('a'))
      .add('task', 'undo-a', '', 'isForCompensation="true"')
      .association('a-c', 'undo-a'),
    'l',
    'a',
  )
  const inside = new Scope()
    .add('startEvent', 'ts')
    .add('subProcess', 'l', multiInstance({ items: 'for i in 1..300 return i' }) + sub.xml)
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'l', 'stop')
  await using world = await run(around(inside))
  await world.idle()
  assert.equal(await passed(world, 'undo-a ELEMENT_COMPLETED'), 300)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  const turns = (await world.events()).filter(
    ({ valueType, intent }) => valueType === 'PROCESS_INSTANCE_BATCH' && intent === 'TERMINATING',
  )
  assert.ok(turns.length > 3, `${turns.length} later turns`)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})
