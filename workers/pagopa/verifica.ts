/** `pagopa.verifica`: whether a notice was paid, and how much of it, as pagoPA knows it now. */
import { z } from 'zod'
import type { Connectors } from '../../connectors/index.ts'
import {
  type Instalment,
  type Position,
  paymentPositionsEffects,
  type Receipts,
} from '../../connectors/pagopa/types.ts'
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
      centesimi: z.int().meta({ title: 'Centesimi', description: 'Lo stesso importo in centesimi.' }),
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
  receipts,
}: Pick<Connectors, 'positions' | 'receipts'>): Worker<z.infer<typeof input>, z.infer<typeof output>> => ({
  type: 'pagopa.verifica',
  title: 'Verifica il pagamento',
  purpose: 'Chiede a pagoPA se un avviso è stato pagato.',
  effect: paymentPositionsEffects.find,
  input,
  output,
  errors: {},
  async handle({ avviso: { iupd } }) {
    const position = await positions.find(iupd)
    if (position === null) return { pagamento: { esito: 'ANNULLATO', ...NOTHING } }
    return { pagamento: await standingOf(position, receipts) }
  },
})

const NOTHING = { importo: 0, centesimi: 0, pagatoIl: null, ricevuta: null } as const

/** A receipt may come days after the payment: what is paid is paid before it. */
async function standingOf(position: Position, receipts: Receipts): Promise<z.infer<typeof output>['pagamento']> {
  const instalments = [position, ...position.altreRate]
  const received = instalments.flatMap(({ pagamento }) => pagamento ?? [])
  const paid = position.stato === 'PAGATA' ? instalments : instalments.filter(({ pagamento }) => pagamento)
  let centesimi = 0
  for (const instalment of paid) centesimi += await paidOf(instalment, receipts)
  const last = received.at(-1)
  return {
    ...{ esito: STANDING_OF[position.stato], importo: centesimi / 100, centesimi },
    ...{ pagatoIl: last?.pagatoIl ?? null, ricevuta: last?.idRicevuta ?? null },
  }
}

/** GPD says what was owed; how much of it was paid, the receipt alone. While there is none, what was owed is the best there is to say. */
async function paidOf({ importo, iuv, pagamento }: Instalment, receipts: Receipts): Promise<number> {
  const receipt = pagamento && (await receipts.byIuv(iuv))
  return receipt ? receipt.importo : importo
}
