/** What both versions of GPD share. Owns transfers and payments as GPD writes them; not the calls (client.ts). */
import { z } from 'zod'
import type { HttpCall } from '../http.ts'
import { instantOf } from './instant.ts'
import type { Instalment, NewInstalment, NewPosition, PaymentMade, Position, PositionState, Transfer } from './types.ts'

/** The body that is paid. */
export interface CreditorBody {
  /** 11 digits. */
  readonly codiceFiscale: string
  readonly nome: string
}

export interface GpdVersion {
  /** As pagoPA's gateway publishes it. */
  readonly path: string
  /** How a position is taken back, by its identifier as a path holds it. */
  withdrawal(iupd: string): Pick<HttpCall, 'method'> & { readonly path: string }
  bodyOf(asked: NewPosition, ente: CreditorBody): object
  /** Throws on what is no position of ours. */
  positionIn(answer: unknown): Position
}

export const instalmentSchema = z.object({
  nav: z.string(),
  iuv: z.string(),
  amount: z.int(),
  dueDate: z.iso.datetime({ offset: true }),
  idReceipt: z.string().nullish(),
  paymentDate: z.string().nullish(),
  pspCompany: z.string().nullish(),
})
type GpdInstalment = z.infer<typeof instalmentSchema>

export const totalOf = ({ voci }: NewInstalment): number => voci.reduce((sum, { importo }) => sum + importo, 0)
export const askedFor = (asked: NewPosition): readonly NewInstalment[] => [asked, ...(asked.altreRate ?? [])]

export function transferOf(voce: Transfer, index: number, { codiceFiscale }: CreditorBody) {
  const { importo, causale, tassonomia } = voce
  return {
    ...{ idTransfer: String(index + 1), amount: importo, organizationFiscalCode: codiceFiscale },
    ...{ remittanceInformation: causale, category: tassonomia },
    ...('iban' in voce ? { iban: voce.iban } : { stamp: stampOf(voce.bollo) }),
  }
}

/** `01`: the stamp for acts and documents, the only type there is. */
const stampOf = ({ impronta, provincia }: Extract<Transfer, { bollo: unknown }>['bollo']) => ({
  ...{ hashDocument: impronta, stampType: '01', provincialResidence: provincia },
})

/** pagoPA hands instalments back in no order that it promises: ours are by their last day. */
export function positionOf(iupd: string, stato: PositionState, instalments: readonly GpdInstalment[]): Position {
  const ordered = instalments.toSorted((one, other) => Date.parse(one.dueDate) - Date.parse(other.dueDate))
  const [first, ...others] = ordered.map(instalmentIn)
  if (!first) throw new RangeError('Expected a position with a notice, but it has none')
  return { iupd, ...first, stato, altreRate: others }
}

const instalmentIn = ({ nav, iuv, amount, ...paid }: GpdInstalment): Instalment => ({
  ...{ numeroAvviso: nav, iuv, importo: amount, pagamento: paymentOf(paid) },
})

function paymentOf(paid: Pick<GpdInstalment, 'idReceipt' | 'paymentDate' | 'pspCompany'>): PaymentMade | null {
  const { idReceipt, paymentDate, pspCompany } = paid
  if (!idReceipt || !paymentDate) return null
  return { idRicevuta: idReceipt, pagatoIl: instantOf(paymentDate), psp: pspCompany ?? '' }
}
