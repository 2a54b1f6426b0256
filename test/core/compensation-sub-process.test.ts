/** Event sub-processes that compensation starts: they decide what of their sub-process is undone, and see what it knew. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cancel, compensation, extensions, jobType, multiInstance, Scope, script } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, type World } from '../simulation/world.ts'
import { documented } from './documented.ts'
import { around, between, complete, passed, request, run, started, undoable, waiting } from './undoing.ts'

const input = (source: string, target: string) =>
  `<zeebe:ioMapping><zeebe:input source="${source}" target="${target}"/></zeebe:ioMapping>`
/** Its first element is `undo`, done by a job; after it what the path says. */
function undoing(scope: Scope, ...path: readonly string[]): string {
  return scope
    .add('startEvent', 'us', compensation('ud'))
    .add('serviceTask', 'undo', jobType('undo'))
    .add('endEvent', 'ue')
    .path('us', 'undo', ...path, 'ue').xml
}
const withUndoing = (sub: Scope, inside: string): Scope => sub.add('subProcess', 'u', inside, 'triggeredByEvent="true"')
/** `n` is undone once `after` is done. */
const thrown = (sub: string): Scope =>
  between(
    new Scope()
      .add('subProcess', 'n', sub)
      .add('serviceTask', 'after', jobType('after'))
      .add('intermediateThrowEvent', 'throw', compensation('cd')),
    'p',
    'n',
    'after',
    'throw',
  )
async function variablesOf(world: World, type: string): Promise<readonly string[]> {
  const jobs = await world.client.activateJobs({ type, ...request })
  return jobs.map(({ variables }) => variables)
}
const key = (world: World, id: string) => world.store.rows('elementInstance').find((row) => row.elementId === id)?.key

test('it runs instead of what would be undone without it, on the variables as they were when the sub-process completed', async () => {
  const sub = between(undoable(new Scope(), 'a').add('scriptTask', 'count', script('=x + 1', 'x')), 'n', 'a', 'count')
  const scope = thrown(extensions(input('=1', 'x')) + withUndoing(sub, undoing(new Scope())).xml)
  await using world = await run(scope)
  await complete(world, 'a')
  await world.client.setVariables(String(key(world, 'p')), '{"x":10}', false)
  await complete(world, 'after')
  await world.open()
  assert.deepEqual(waiting(world), ['undo'])
  assert.deepEqual(await variablesOf(world, 'undo'), ['{"x":2}'])
  await world.client.completeJob(String(world.store.rows('job')[0]!.key))
  assert.equal(await passed(world, 'undo-a ELEMENT_ACTIVATING'), 0)
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('it may undo one activity and leave another', async () => {
  const sub = between(undoable(new Scope(), 'a', 'b'), 'n', 'a', 'b')
  const one = compensation('od').replace('/>', ' activityRef="a"/>')
  const inside = undoing(new Scope().add('intermediateThrowEvent', 'one', one), 'one')
  await using world = await run(thrown(withUndoing(sub, inside).xml))
  await complete(world, 'a', 'b', 'after', 'undo')
  assert.deepEqual(waiting(world), ['undo-a'])
  await world.open()
  await complete(world, 'undo-a')
  const left = (await world.events()).filter(
    ({ valueType, intent }) => valueType === 'COMPENSATION_SUBSCRIPTION' && intent === 'DELETED',
  )
  assert.deepEqual(
    left.map(({ value }) => (value as { compensableActivityId?: string }).compensableActivityId),
    ['b'],
  )
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('it may undo all the rest, and is not asked again', async () => {
  const sub = between(undoable(new Scope(), 'a', 'b'), 'n', 'a', 'b')
  const inside = undoing(new Scope().add('intermediateThrowEvent', 'all', compensation('od')), 'all')
  const scope = thrown(withUndoing(sub, inside).xml)
  await using world = await run(scope)
  await complete(world, 'a', 'b', 'after', 'undo', 'undo-a', 'undo-b')
  assert.equal(await passed(world, 'u ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('of a multi-instance sub-process each instance is undone with its own variables', async () => {
  const sub = between(new Scope().add('task', 'a'), 'n', 'a')
  const mark = multiInstance({ items: '[1,2]' })
  await using world = await run(thrown(mark + withUndoing(sub, undoing(new Scope())).xml))
  await complete(world, 'after')
  const seen = await variablesOf(world, 'undo')
  assert.deepEqual(
    seen.map((variables) => JSON.parse(variables).item),
    [1, 2],
  )
  for (const { key: job } of world.store.rows('job')) await world.client.completeJob(String(job))
  assert.equal(await passed(world, 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('a sub-process that has not completed is not undone by it', async () => {
  const sub = between(new Scope().add('serviceTask', 'a', jobType('a')), 'n', 'a')
  await using world = await run(thrown(withUndoing(sub, undoing(new Scope())).xml))
  await world.client.cancelProcessInstance(String(key(world, 'p')))
  assert.equal(await passed(world, 'u ELEMENT_ACTIVATING'), 0)
  assert.deepEqual(hotRows(world.store), [])
})

test('a cancelled transaction undoes what has completed in it by it, one after the other', async () => {
  const sub = between(undoable(new Scope(), 'a'), 'n', 'a')
  const inside = undoing(new Scope().add('intermediateThrowEvent', 'all', compensation('od')), 'all')
  const transaction = undoable(new Scope(), 'b', 'c')
    .add('startEvent', 'ts')
    .add('subProcess', 'n', withUndoing(sub, inside).xml)
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'b', 'n', 'c', 'stop')
  await using world = await run(around(transaction))
  await complete(world, 'b', 'a', 'c')
  for (const next of ['undo-c', 'undo', 'undo-a', 'undo-b']) {
    assert.deepEqual(waiting(world), [next])
    await complete(world, next)
  }
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('it ends with its thrower, and leaves nothing', async () => {
  const sub = between(undoable(new Scope(), 'a'), 'n', 'a')
  await using world = await run(thrown(withUndoing(sub, undoing(new Scope())).xml))
  await complete(world, 'a', 'after')
  await world.client.cancelProcessInstance(String(key(world, 'p')))
  assert.equal(await passed(world, 'u ELEMENT_TERMINATED'), 1)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('the documented one warns before it gives back what its sub-process had taken', async () => {
  const content = documented('docs/beyond-zeebe.md', 'Compensation event sub-processes')
  await using world = await started(content, 'occupazione-suolo', '{"canone":120}')
  await complete(world, 'canone.riscuoti')
  assert.deepEqual(await variablesOf(world, 'revoca.avvisa'), ['{"importo":120,"canone":120}'])
  await world.client.completeJob(String(world.store.rows('job')[0]!.key))
  await complete(world, 'canone.restituisci')
  assert.equal(await passed(world, 'ritirata ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})
