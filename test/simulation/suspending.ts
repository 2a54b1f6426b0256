/** Suspending instances and the one job type, by chance; what is suspended is resumed before all else once clients are calm. */
import type { Suspension } from '../../engine/core/state/rows.ts'
import type { SuspensionTarget } from '../../engine/protocol/gateway.ts'
import type { Act, Scene } from './acts.ts'

const lasting = ({ fold }: Scene) => fold.rows('suspension').filter(({ state }) => state === 'SUSPENDED')
export const isSuspended = (scene: Scene): boolean => lasting(scene).length > 0

export const resuming = (scene: Scene): readonly Act[] =>
  lasting(scene).map((row) => ({ name: 'resume', run: ({ client }) => client.resume(targetOf(row)) }))

export const suspending = ({ fold }: Scene): readonly Act[] => [
  ...fold
    .rows('elementInstance')
    .flatMap((row) => (row.bpmnElementType === 'PROCESS' ? [suspend(instance(row.key))] : [])),
  suspend(work),
]
const suspend = (target: SuspensionTarget): Act => ({ name: 'suspend', run: ({ client }) => client.suspend(target) })

const work: SuspensionTarget = { kind: 'job-type', type: 'work' }
const instance = (key: number): SuspensionTarget => ({ kind: 'process-instance', processInstanceKey: String(key) })
const targetOf = ({ processInstanceKey }: Suspension) => (processInstanceKey > 0 ? instance(processInstanceKey) : work)
