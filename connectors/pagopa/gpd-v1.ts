/**
 * Positions as version 1 of GPD writes them (`gpd_v1.json`): each payment option is a notice, instalments are options that pay in part.
 * Unlike version 3 it can invalidate a position, which stays to be seen, and whose late receipt is taken.
 */
import { z } from 'zod'
import { askedFor, type GpdVersion, instalmentSchema, positionOf, totalOf, transferOf } from './gpd.ts'
import type { PositionState } from './types.ts'

const STATES = {
  ...{ DRAFT: 'APERTA', PUBLISHED: 'APERTA', VALID: 'APERTA', INVALID: 'NON_PAGABILE', EXPIRED: 'NON_PAGABILE' },
  ...{ PARTIALLY_PAID: 'PAGATA_IN_PARTE', PAID: 'PAGATA', REPORTED: 'PAGATA' },
} as const satisfies Record<string, PositionState>
type GpdState = keyof typeof STATES

const positionSchema = z.object({
  iupd: z.string(),
  status: z.enum(Object.keys(STATES) as [GpdState, ...GpdState[]]),
  paymentOption: z.array(instalmentSchema),
})

export const GPD_V1: GpdVersion = {
  path: '/gpd/debt-positions-service/v1',
  withdrawal: (iupd) => ({ method: 'POST', path: `/${iupd}/invalidate` }),
  bodyOf(asked, ente) {
    const { iupd, debitore, oggetto } = asked
    const notices = askedFor(asked)
    const paymentOption = notices.map((one) => ({
      ...{ nav: one.numeroAvviso, iuv: one.numeroAvviso.slice(1), amount: totalOf(one), description: oggetto },
      ...{ isPartialPayment: notices.length > 1, dueDate: new Date(one.scadenza).toISOString() },
      transfer: one.voci.map((voce, index) => transferOf(voce, index, ente)),
    }))
    const debtor = { type: debitore.tipo, fiscalCode: debitore.codiceFiscale, fullName: debitore.nome }
    return { iupd, ...debtor, companyName: ente.nome, switchToExpired: true, paymentOption }
  },
  positionIn(answer) {
    const { iupd, status, paymentOption } = positionSchema.parse(answer)
    return positionOf(iupd, STATES[status], paymentOption)
  },
}
