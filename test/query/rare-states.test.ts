/** States that few process instances have are found from the few, and no other is taken for one of them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Search } from '../../engine/protocol/query.ts'
import { openWorld, where } from './world.ts'

const world = await openWorld()
after(() => world[Symbol.asyncDispose]())

const instance = (key: number, more: object = {}) => ({
  ...{ key, process_instance_key: key, root_process_instance_key: key, bpmn_element_type: 'PROCESS' },
  ...more,
})
const suspension = { suspended_at: 1_000, admits_new_instances: true, state: 'SUSPENDED' }

await world.insert('process_definition', { key: 1 }, { key: 2, bpmn_process_id: 'pay' }, { key: 3, version: 2 })
await world.insert(
  'element_instance',
  instance(10),
  instance(20),
  instance(21, { process_definition_key: 2, parent_process_instance_key: 20, parent_element_instance_key: 25 }),
  instance(22, { process_definition_key: 2, parent_process_instance_key: 21, parent_element_instance_key: 26 }),
  instance(30, { process_definition_key: 3 }),
)
const ended = { started_at: 500, ended_at: 900, process_definition_key: 3 }
await world.insert(
  'element_instance_history',
  instance(40, { ...ended, state: 'COMPLETED' }),
  instance(50, { ...ended, state: 'TERMINATED' }),
)

const inState = async (state: string, more: NonNullable<Search['filter']> = []) =>
  (
    await world.ids('process-instances', {
      filter: [...where('state', '$eq', state).filter!, ...more],
      sort: [{ field: 'processInstanceKey', order: 'DESC' }],
    })
  ).join(' ')

test('nothing is suspended', async () => {
  assert.equal(await inState('SUSPENDED'), '')
  assert.equal(await inState('ACTIVE'), '30 22 21 20 10')
})

test('one that is suspended by itself, with all that it called', async () => {
  await world.insert('suspension', { ...suspension, key: 1, kind: 'PROCESS_INSTANCE', process_instance_key: 20 })
  assert.equal(await inState('SUSPENDED'), '22 21 20')
  assert.equal(await inState('SUSPENDED', where('parentProcessInstanceKey', '$exists', false).filter), '20')
  assert.equal(await inState('ACTIVE'), '30 10')
})

test('those of a definition and of a process that are suspended', async () => {
  await world.insert('suspension', { ...suspension, key: 2, kind: 'PROCESS_DEFINITION', process_definition_key: 3 })
  assert.equal(await inState('SUSPENDED'), '30 22 21 20')
  await world.insert('suspension', { ...suspension, key: 3, kind: 'PROCESS', bpmn_process_id: 'permit' })
  assert.equal(await inState('SUSPENDED'), '30 22 21 20 10')
  assert.equal(await inState('ACTIVE'), '')
})

test('what was stopped and what came to its end', async () => {
  assert.equal(await inState('TERMINATED'), '50')
  assert.equal(await inState('COMPLETED'), '40')
})

test('a process means all of its definitions, and one that is unknown none', async () => {
  const ofProcess = (...ids: string[]) => world.ids('process-instances', where('processDefinitionId', '$in', ids))
  assert.deepEqual(await ofProcess('permit'), ['10', '20', '30', '40', '50'])
  assert.deepEqual(await ofProcess('pay', 'nothing'), ['21', '22'])
  assert.deepEqual(await ofProcess('nothing'), [])
  assert.deepEqual(await ofProcess(), [])
})
