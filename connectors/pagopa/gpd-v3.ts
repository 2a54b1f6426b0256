/** Positions as version 3 of GPD writes them (`gpd_v3.json`): payment options hold instalments, ours is one option. */
import { z } from 'zod'
import { askedFor, type GpdVersion, instalmentSchema, positionOf, totalOf, transferOf } from './gpd.ts'
import type { PositionState } from './types.ts'

const STATES = {
  ...{ DRAFT: 'APERTA', PUBLISHED: 'APERTA', VALID: 'APERTA' },
  ...{ PARTIALLY_PAID: 'PAGATA_IN_PARTE', PAID: 'PAGATA', UNPAYABLE: 'NON_PAGABILE' },
} as const satisfies Record<string, PositionState>
type GpdState = keyof typeof STATES

const positionSchema = z.object({
  iupd: z.string(),
  status: z.enum(Object.keys(STATES) as [GpdState, ...GpdState[]]),
  paymentOption: z.tuple([z.object({ installments: z.array(instalmentSchema) })]),
})

export const GPD_V3: GpdVersion = {
  path: '/gpd/debt-positions-service/v3',
  withdrawal: (iupd) => ({ method: 'DELETE', path: `/${iupd}` }),
  bodyOf(asked, ente) {
    const { iupd, debitore, oggetto } = asked
    const installments = askedFor(asked).map((one) => ({
      ...{ nav: one.numeroAvviso, iuv: one.numeroAvviso.slice(1), amount: totalOf(one), description: oggetto },
      dueDate: new Date(one.scadenza).toISOString(),
      transfer: one.voci.map((voce, index) => transferOf(voce, index, ente)),
    }))
    const debtor = { type: debitore.tipo, fiscalCode: debitore.codiceFiscale, fullName: debitore.nome }
    const option = { description: oggetto, switchToExpired: true, debtor, installments }
    return { iupd, companyName: ente.nome, paymentOption: [option] }
  },
  positionIn(answer) {
    const { iupd, status, paymentOption } = positionSchema.parse(answer)
    return positionOf(iupd, STATES[status], paymentOption[0].installments)
  },
}
