/** A configured call as an outside effect: at most once, as far as the class its configuration declares allows. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import type { RestAnswer, RestValues } from '../../connectors/rest/types.ts'

export type RestTools = Pick<Connectors, 'rest' | 'ledger'>

const outcome: z.ZodType<RestAnswer> = z.record(z.string(), z.json())

/** Rejects as `perform` does. Throws an `Error` when the town has no call of that name. */
export async function performCall(
  { rest, ledger }: RestTools,
  name: string,
  values: RestValues,
  key: string,
): Promise<RestAnswer> {
  const call = () => rest.call(name, values, key)
  const effect = rest.effectOf(name)
  const common = { key, operation: name, outcome, call }
  switch (effect) {
    case null:
    case 'none':
      return call()
    case 'keyed':
    case 'neither':
      return perform(ledger, { ...common, class: effect })
    case 'findable': {
      const find = () => rest.find(name, values, key)
      return perform(ledger, { ...common, class: effect, find, settleMs: rest.settleMs(name) })
    }
  }
}
