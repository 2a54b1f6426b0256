/** `pagopa.verifica`: whether a notice was paid, as pagoPA knows it now. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import { type Position, paymentPositionsEffects } from '../../connectors/pagopa/types.ts'
import type { Worker } from '../worker.ts'
import { noticeInputSchema } from './notice.ts'

const STANDINGS = ['DA_PAGARE', 'PAGATO', 'PARZIALE', 'SCADUTO', 'ANNULLATO'] as const
type Standing = (typeof STANDINGS)[number]
const STANDING_OF = {
  ...{ APERTA: 'DA_PAGARE', PAGATA: 'PAGATO', PAGATA_IN_PARTE: 'PARZIALE', NON_PAGABILE: 'SCADUTO' },
} as const satisfies Record<Position['stato'], Standing>

const input = z.object({ avviso: noticeInputSchema })
const output = z.object({
  pagamento: z
    .object({
      esito: z.enum(STANDINGS).meta({
        title: 'Esito',
        description: 'Come sta l’avviso.',
        choices: {
          ...{ DA_PAGARE: 'si può pagare', PAGATO: 'pagato', PARZIALE: 'pagate solo alcune rate' },
          ...{ SCADUTO: 'non pagato in tempo', ANNULLATO: 'non c’è, o non c’è più' },
        },
      }),
      importo: z.number().meta({ title: 'Importo', description: 'Quanto è stato pagato, in euro.' }),
      pagatoIl: z.string().nullable().meta({
        title: 'Pagato il',
        description: 'Quando, ISO 8601; manca finché non è pagato, o se la ricevuta non è ancora arrivata.',
      }),
      ricevuta: z
        .string()
        .nullable()
        .meta({ title: 'Ricevuta', description: 'Identificativo della ricevuta telematica, quando è arrivata.' }),
    })
    .meta({ title: 'Pagamento', description: 'Come sta l’avviso.' }),
})

export const verifyPayment = ({
  positions,
}: Pick<Connectors, 'positions'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pagopa.verifica',
  title: 'Verifica il pagamento',
  purpose: 'Chiede a pagoPA se un avviso è stato pagato.',
  effect: paymentPositionsEffects.find,
  input,
  output,
  errors: {},
  async handle({ avviso: { iupd } }) {
    const position = await positions.find(iupd)
    if (position === null) return { pagamento: { esito: 'ANNULLATO', importo: 0, pagatoIl: null, ricevuta: null } }
    return { pagamento: standingOf(position) }
  },
})

/** A receipt may come days after the payment: what is paid is paid before it. */
function standingOf(position: Position): z.infer<typeof output>['pagamento'] {
  const instalments = [position, ...position.altreRate]
  const receipts = instalments.flatMap(({ importo, pagamento }) => (pagamento ? [{ importo, ...pagamento }] : []))
  const paid = position.stato === 'PAGATA' ? instalments : receipts
  const last = receipts.at(-1)
  return {
    esito: STANDING_OF[position.stato],
    importo: paid.reduce((sum, { importo }) => sum + importo, 0) / 100,
    ...{ pagatoIl: last?.pagatoIl ?? null, ricevuta: last?.idRicevuta ?? null },
  }
}
