/**
 * What those do who look after processes: they cancel, modify and migrate instances, one or all, and set variables, with sense or without. Where
 * they did, nothing may be left that no end can come to: they cancel that too.
 */
import type { BatchOperationRequest } from '../../engine/protocol/gateway.ts'
import type { Act, Scene } from './acts.ts'
import { draw } from './draw.ts'
import { elementsOf, type Plans } from './plan.ts'
import type { Chance } from './random.ts'
import { resuming, suspending } from './suspending.ts'

/** The same processes, each element by another name, for a version to migrate to. */
export const renamed = (plans: Plans): Plans =>
  JSON.parse(JSON.stringify(plans).replaceAll(/"n(\d+)"/g, '"v$1"')) as Plans

export function meddling(scene: Scene): readonly Act[] {
  const { fold } = scene
  const instances = fold.rows('elementInstance')
  const processes = instances.filter((row) => row.bpmnElementType === 'PROCESS')
  const idsOf = (processId: string) => elementsOf(scene.plans[processId]!).map(({ id }) => id)
  const isRenamed = fold.rows('processDefinition').some(({ version }) => version > 1)
  return [
    ...instances.map(({ key }) => setVariables(key)),
    ...suspending(scene),
    ...resuming(scene),
    ...processes.flatMap((process): readonly Act[] => {
      const ids = idsOf(process.elementId)
      const own = instances.filter((row) => row.processInstanceKey === process.key && row !== process)
      const target = fold
        .rows('processDefinition')
        .findLast((row) => row.bpmnProcessId === process.elementId && row.key !== process.processDefinitionKey)
      return [
        modify(
          process.key,
          isRenamed ? [...ids, ...ids.map(later)] : ids,
          own.map(({ key }) => key),
        ),
        ...(target === undefined ? [] : [migrate(process.key, target.key, ids)]),
      ]
    }),
    ...(isRenamed ? [] : [deployRenamed]),
    ...roots(scene).map(cancel),
    ...(processes.length > 0 ? wishesForAll(scene) : []),
    ...fold.rows('batchOperation').flatMap(({ key }) => [suspend(key), resume(key), cancelBatch(key)]),
  ]
}
const later = (id: string) => id.replace(/^n/, 'v')
const roots = ({ fold }: Scene) =>
  fold.rows('elementInstance').flatMap((row) => (row.key === row.rootProcessInstanceKey ? [row.key] : []))

/** What ends what cannot end by itself. */
export const giveUp = (scene: Scene): readonly Act[] => [
  ...roots(scene).map(cancel),
  ...scene.fold.rows('batchOperation').map(({ key }) => resume(key)),
]

/** What is done to all at once. */
function wishesForAll({ fold, plans }: Scene): readonly Act[] {
  const filter = { filter: [{ field: 'state', operator: '$eq', value: 'ACTIVE' } as const] }
  const target = fold.rows('processDefinition').findLast(({ bpmnProcessId }) => bpmnProcessId === 'main')!
  const ids = elementsOf(plans.main!).map(({ id }) => id)
  const mappingInstructions = ids.map((id) => ({ sourceElementId: id, targetElementId: later(id) }))
  const migrationPlan = { targetProcessDefinitionKey: String(target.key), mappingInstructions }
  return [
    forAll('cancel', () => ({ type: 'CANCEL_PROCESS_INSTANCE', filter })),
    forAll('resolve', () => ({ type: 'RESOLVE_INCIDENT', filter })),
    forAll('migrate', () => ({ type: 'MIGRATE_PROCESS_INSTANCE', filter, migrationPlan })),
    forAll('move', (chance) => ({
      type: 'MODIFY_PROCESS_INSTANCE',
      filter,
      moveInstructions: [{ sourceElementId: chance.one(ids), targetElementId: chance.one(ids) }],
    })),
  ]
}
const forAll = (name: string, wish: (chance: Chance) => BatchOperationRequest): Act => ({
  name: `${name} all`,
  run: ({ client }, chance) => client.createBatchOperation(wish(chance)),
})
const suspend = (key: number): Act => ({
  name: 'suspend batch operation',
  run: ({ client }) => client.suspendBatchOperation(String(key)),
})
const resume = (key: number): Act => ({
  name: 'resume batch operation',
  run: ({ client }) => client.resumeBatchOperation(String(key)),
})
const cancelBatch = (key: number): Act => ({
  name: 'cancel batch operation',
  run: ({ client }) => client.cancelBatchOperation(String(key)),
})

const cancel = (key: number): Act => ({
  name: 'cancel instance',
  run: ({ client }) => client.cancelProcessInstance(String(key)),
})
const setVariables = (key: number): Act => ({
  name: 'set variables',
  run: ({ client }, chance) => {
    const variables = chance.one(['{"choice":5}', '{"again":true}', '{"key":null}', '{"choice":"none"}', '{"item":[]}'])
    return client.setVariables(String(key), variables, chance.happens(0.5))
  },
})
const modify = (key: number, ids: readonly string[], own: readonly number[]): Act => ({
  name: 'modify instance',
  run({ client }, chance) {
    const some = <T>(of: readonly T[], often: number) =>
      of.length > 0 && chance.happens(often) ? [chance.one(of)] : []
    return client.modifyProcessInstance(String(key), {
      activateInstructions: some(ids, 0.8).map((elementId) => ({ elementId, ...withVariables(chance) })),
      terminateInstructions: some(own, 0.5).map((elementInstanceKey) => ({
        elementInstanceKey: String(elementInstanceKey),
      })),
    })
  },
})
const withVariables = (chance: Chance) =>
  chance.happens(0.3) ? { variableInstructions: [{ variables: '{"choice":2}' }] } : {}
const deployRenamed: Act = {
  name: 'deploy another version',
  run: ({ client, plans }) =>
    client.deployResources({ resources: [{ name: 'diagram.bpmn', content: draw(renamed(plans)) }] }),
}
const migrate = (key: number, target: number, ids: readonly string[]): Act => ({
  name: 'migrate instance',
  run: ({ client }) =>
    client.migrateProcessInstance(String(key), {
      targetProcessDefinitionKey: String(target),
      mappingInstructions: ids.map((id) => ({ sourceElementId: id, targetElementId: later(id) })),
    }),
})
