/** Compensation beyond the recorded scenarios, as Zeebe 8.8.0 was seen to do it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adHoc, calls, compensation, diagram, error, jobType, Scope, signal } from '../simulation/diagram.ts'
import { hotRows } from '../simulation/world.ts'
import { between, complete, passed, request, run, started, undoable, waiting } from './undoing.ts'

const throwing = (scope: Scope): Scope => scope.add('intermediateThrowEvent', 'throw', compensation('td'))

test('it reaches what has completed in an ad-hoc sub-process', async () => {
  const inside = adHoc('[&quot;a&quot;,&quot;b&quot;]') + undoable(new Scope(), 'a', 'b').xml
  await using world = await run(between(throwing(new Scope().add('adHocSubProcess', 'h', inside)), 'p', 'h', 'throw'))
  await complete(world, 'a', 'b')
  assert.deepEqual([...waiting(world)].sort(), ['undo-a', 'undo-b'])
  await complete(world, 'undo-a', 'undo-b')
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('it does not reach into a called process', async () => {
  const scope = between(throwing(new Scope().add('callActivity', 'k', calls('q'))), 'p', 'k', 'throw')
  await using world = await run(scope, { q: between(undoable(new Scope(), 'a'), 'q', 'a') })
  await complete(world, 'a')
  assert.equal(await passed(world, 'undo-a ELEMENT_ACTIVATING'), 0)
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
})

test('what has completed in an ad-hoc sub-process that is left is not undone any more', async () => {
  const inside = `${adHoc('[&quot;a&quot;,&quot;w&quot;]')}${undoable(new Scope(), 'a').add('serviceTask', 'w', jobType('w')).xml}`
  const scope = throwing(new Scope())
    .add('startEvent', 's')
    .add('adHocSubProcess', 'h', inside)
    .add('boundaryEvent', 'b', error('E'), 'attachedToRef="h"')
    .add('endEvent', 'e')
    .add('endEvent', 'never')
    .path('s', 'h', 'never')
    .path('b', 'throw', 'e')
  await using world = await run(scope)
  await complete(world, 'a')
  const [job] = await world.client.activateJobs({ type: 'w', ...request })
  await world.client.throwError(job!.key, { errorCode: 'E' })
  assert.equal(await passed(world, 'undo-a ELEMENT_ACTIVATING'), 0)
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  const forgotten = (await world.events()).findIndex(
    ({ valueType, intent }) => valueType === 'COMPENSATION_SUBSCRIPTION' && intent === 'DELETED',
  )
  const left = (await world.events()).findIndex(
    ({ valueType, intent, value }) =>
      valueType === 'PROCESS_INSTANCE' &&
      intent === 'ELEMENT_TERMINATED' &&
      (value as { elementId?: string }).elementId === 'h',
  )
  assert.ok(forgotten > 0 && forgotten < left, 'it is forgotten with its scope')
})

test('what a throw event had begun to undo, and an event sub-process ended, keeps nobody waiting', async () => {
  const ending = new Scope().add('startEvent', 'es', signal('stop')).add('endEvent', 'ee').path('es', 'ee')
  const inside = between(
    undoable(new Scope(), 'a', 'b').add('intermediateThrowEvent', 'begin', compensation('bd')),
    'h',
    'a',
    'b',
    'begin',
  ).add('subProcess', 'ends', ending.xml, 'triggeredByEvent="true"')
  const scope = between(throwing(new Scope().add('subProcess', 'h', inside.xml)), 'p', 'h', 'throw')
  await using world = await started(diagram({ processes: { p: scope }, signals: ['stop'] }), 'p', '{}')
  await complete(world, 'a', 'b', 'undo-b')
  assert.deepEqual([...waiting(world)], ['undo-a'])
  await world.client.broadcastSignal({ signalName: 'stop' })
  await world.idle()
  assert.equal(await passed(world, 'undo-a ELEMENT_TERMINATED'), 1)
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})
