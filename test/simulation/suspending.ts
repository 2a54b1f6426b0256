/** Suspending the one job type by chance; it is resumed before all else once clients are calm. */
import type { SuspensionTarget } from '../../engine/protocol/gateway.ts'
import type { Act, Scene } from './acts.ts'

const work: SuspensionTarget = { kind: 'job-type', type: 'work' }

export const isSuspended = ({ fold }: Scene): boolean =>
  fold.rows('suspension').some(({ state }) => state === 'SUSPENDED')

export const suspending: readonly Act[] = [{ name: 'suspend', run: ({ client }) => client.suspend(work) }]
export const resuming: readonly Act[] = [{ name: 'resume', run: ({ client }) => client.resume(work) }]
