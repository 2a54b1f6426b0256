/** What the workers themselves declare of their effects: the list by which an ordeal is judged. */
import type { EffectClass } from '../../connectors/effect.ts'
import { loadTown } from '../../processes/town.ts'
import { describedWorkers } from '../../workers/kit/step.ts'
import { type DescribedWorker, SERVICE_DOWN } from '../../workers/worker.ts'

export interface DeclaredEffect {
  readonly type: string
  readonly class: Exclude<EffectClass, 'none'>
  /**
   * What becomes of an unknown outcome that nothing can tell (class `neither`): it is said and left at that, a person gets a task, or a
   * person gets an incident.
   */
  readonly unknown: 'told' | 'task' | 'incident'
}

/** Every job type that does something outside its job. A configured one is what the sample town's configuration says. */
export async function declaredEffects(): Promise<readonly DeclaredEffect[]> {
  const { chiamate } = await loadTown()
  return (await describedWorkers()).flatMap((worker) => {
    const { type, effect } = worker
    const declared = effect === 'configured' ? (chiamate[type]?.effetto.classe ?? 'neither') : effect
    return declared === 'none' ? [] : [{ type, class: declared, unknown: unknownOutcomeOf(worker) }]
  })
}

/** A configured call that the town does not name may be any: it is judged as the worst. */
function unknownOutcomeOf({ output, errors }: DescribedWorker): DeclaredEffect['unknown'] {
  if (Object.hasOwn(errors, SERVICE_DOWN)) return 'task'
  return JSON.stringify(output.toJSONSchema()).includes('"IGNOTO"') ? 'told' : 'incident'
}
