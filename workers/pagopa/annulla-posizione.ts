/** `pagopa.annulla-posizione`: nobody can pay the notice any more. Whoever has paid it has paid: then nothing is cancelled, and it says so. */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { ALREADY_PAID, paymentPositionsEffects } from '../../connectors/pagopa/types.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { noticeInputSchema } from './notice.ts'

const input = z.object({ pratica: practiceSchema, avviso: noticeInputSchema })
const cancellationSchema = z.object({
  esito: z.enum(['ANNULLATA', 'PAGATA']).meta({
    title: 'Esito',
    description: 'Che cosa ne è stato.',
    choices: { ANNULLATA: 'non si può più pagare', PAGATA: 'qualcuno aveva già pagato' },
  }),
})
const output = z.object({
  annullamento: cancellationSchema.meta({ title: 'Annullamento', description: 'Che cosa ne è stato della posizione.' }),
})

export const cancelPosition = ({
  positions,
  ledger,
}: Pick<Connectors, 'positions' | 'ledger'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pagopa.annulla-posizione',
  title: 'Annulla la posizione debitoria',
  purpose: 'Toglie da pagoPA un avviso che nessuno deve più pagare; se è già stato pagato lo dice e non tocca nulla.',
  effect: paymentPositionsEffects.cancel,
  input,
  output,
  errors: {},
  async handle({ pratica, avviso: { iupd } }, job) {
    return {
      annullamento: await perform(ledger, {
        ...{ key: effectKey(pratica, job), operation: 'pagopa.annulla-posizione', outcome: cancellationSchema },
        class: paymentPositionsEffects.cancel,
        call: () => cancelled(positions, iupd),
      }),
    }
  },
})

async function cancelled(
  positions: Connectors['positions'],
  iupd: string,
): Promise<z.infer<typeof cancellationSchema>> {
  try {
    await positions.cancel(iupd)
    return { esito: 'ANNULLATA' }
  } catch (error) {
    if (error instanceof Refused && error.code === ALREADY_PAID) return { esito: 'PAGATA' }
    throw error
  }
}
