/**
 * `pagopa.annulla-posizione` and `pagopa.annulla-avvisi`: nobody can pay a notice any more, or any of a practice. Whoever has paid has
 * paid: then nothing is cancelled, and it says so.
 */
import { z } from 'zod'
import { Refused } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import { perform } from '../../connectors/ledger/perform.ts'
import { ALREADY_PAID, paymentPositionsEffects } from '../../connectors/pagopa/types.ts'
import { effectKey, practiceSchema, type Worker } from '../worker.ts'
import { noticeInputSchema, noticeSchema } from './notice.ts'

const input = z.object({
  pratica: practiceSchema,
  avviso: noticeInputSchema.extend({ numeroAvviso: noticeSchema.shape.numeroAvviso }).meta({
    ...{ title: 'Avviso', description: 'L’avviso, come lo dà la creazione della posizione.', feel: 'avviso' },
  }),
})
const inputOfPractice = z.object({
  pratica: practiceSchema,
  oggetto: z
    .string()
    .nullish()
    .meta({
      title: 'Oggetto',
      description: 'Solo gli avvisi emessi con questo oggetto; senza, tutti.',
      examples: ['Occupazione di suolo pubblico'],
    }),
})
const cancellationSchema = z.object({
  esito: z.enum(['ANNULLATA', 'PAGATA']).meta({
    title: 'Esito',
    description: 'Che cosa ne è stato.',
    choices: { ANNULLATA: 'non si può più pagare', PAGATA: 'qualcuno aveva già pagato' },
  }),
})
type Cancellation = z.infer<typeof cancellationSchema>
const output = z.object({
  annullamento: cancellationSchema.meta({ title: 'Annullamento', description: 'Che cosa ne è stato della posizione.' }),
})
const outputOfPractice = z.object({
  annullamento: z
    .object({
      esito: z.enum(['ANNULLATA', 'PAGATA']).meta({
        title: 'Esito',
        description: 'Che cosa ne è stato.',
        choices: { ANNULLATA: 'non si può più pagare nulla', PAGATA: 'qualcuno aveva già pagato' },
      }),
      pagati: z
        .array(z.string())
        .meta({ title: 'Pagati', description: 'Numeri degli avvisi che qualcuno aveva già pagato.' }),
    })
    .meta({ title: 'Annullamento', description: 'Che cosa ne è stato degli avvisi aperti.' }),
})

type Tools = Pick<Connectors, 'positions' | 'awaited' | 'ledger'>

export const cancelPosition = (tools: Tools): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pagopa.annulla-posizione',
  title: 'Annulla la posizione debitoria',
  purpose: 'Toglie da pagoPA un avviso che nessuno deve più pagare; se è già stato pagato lo dice e non tocca nulla.',
  effect: paymentPositionsEffects.cancel,
  input,
  output,
  errors: {},
  handle: async ({ pratica, avviso }, job) => ({
    annullamento: await cancelOnce(tools, avviso, effectKey(pratica, job)),
  }),
})

/** For who gives up a practice: whatever its steps have left open, in whatever state they were. */
export const cancelNotices = (
  tools: Tools,
): Worker<z.infer<typeof inputOfPractice>, z.infer<typeof outputOfPractice>> => ({
  type: 'pagopa.annulla-avvisi',
  title: 'Annulla gli avvisi della pratica',
  purpose:
    'Toglie da pagoPA ogni avviso aperto della pratica, come quando il richiedente rinuncia; dice quali erano già pagati.',
  effect: paymentPositionsEffects.cancel,
  input: inputOfPractice,
  output: outputOfPractice,
  errors: {},
  async handle({ pratica, oggetto }, job) {
    const pagati: string[] = []
    const open = await tools.awaited.open(pratica.id)
    for (const notice of open.filter((one) => (oggetto ?? one.oggetto) === one.oggetto)) {
      const { esito } = await cancelOnce(tools, notice, `${effectKey(pratica, job)}/${notice.numeroAvviso}`)
      if (esito === 'PAGATA') pagati.push(notice.numeroAvviso)
    }
    return { annullamento: { esito: pagati.length > 0 ? 'PAGATA' : 'ANNULLATA', pagati } }
  },
})

interface Cancelled {
  readonly iupd: string
  readonly numeroAvviso: string
}

async function cancelOnce(
  { positions, awaited, ledger }: Tools,
  { iupd, numeroAvviso }: Cancelled,
  key: string,
): Promise<Cancellation> {
  const done = await perform(ledger, {
    ...{ key, operation: 'pagopa.annulla-posizione', outcome: cancellationSchema },
    class: paymentPositionsEffects.cancel,
    call: () => cancelled(positions, iupd),
  })
  if (done.esito === 'ANNULLATA') await awaited.withdraw(numeroAvviso)
  return done
}

async function cancelled(positions: Connectors['positions'], iupd: string): Promise<Cancellation> {
  try {
    await positions.cancel(iupd)
    return { esito: 'ANNULLATA' }
  } catch (error) {
    if (error instanceof Refused && error.code === ALREADY_PAID) return { esito: 'PAGATA' }
    throw error
  }
}
