/**
 * A number of the protocol, taken once however often it is asked for: what `protocollo.registra` does, and what re-registers an entry
 * of the emergency register. The register's own trouble after the last attempt is a modelled outcome, so that nothing is held up.
 */
import { Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { protocolEffects } from '../../connectors/protocollo/types.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { BpmnError, isLastAttempt } from '../worker.ts'
import { contentsOf, numberOf, type PreparedEntry, protocolSchema } from './entry.ts'

export const PROTOCOL_DOWN = 'PROTOCOLLO_NON_DISPONIBILE'
export const protocolDownWhen = 'Il protocollo non risponde nemmeno all’ultimo tentativo'

export type ProtocolTools = Pick<Connectors, 'protocol' | 'ledger' | 'documents'>

/** The reference of the entry is the key of the effect: whoever asks again with it, in another job too, gets the same number. */
export async function takeNumber(
  { protocol, ledger, documents }: ProtocolTools,
  entry: PreparedEntry,
  settleMs: number,
): Promise<ReturnType<typeof numberOf>> {
  const { registrazione } = entry
  return perform(ledger, {
    key: registrazione.riferimento,
    operation: 'protocollo.registra',
    outcome: protocolSchema,
    class: protocolEffects.register,
    settleMs,
    find: async () => {
      const [found] = await protocol.find(registrazione.riferimento)
      return found ? numberOf(found) : null
    },
    call: async () => numberOf(await protocol.register(registrazione, await contentsOf(documents, entry))),
  })
}

/** `data` go with the error that the diagram catches. */
export async function unlessDown<T>(
  job: Pick<ActivatedJob, 'retries'>,
  data: BpmnError['data'],
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const isDown = error instanceof Unavailable || error instanceof UnknownOutcome
    if (!isDown || !isLastAttempt(job)) throw error
    throw new BpmnError(PROTOCOL_DOWN, 'Il protocollo non è raggiungibile', data)
  }
}
