/**
 * Client of GPD's debt positions, version 3, where payment options hold instalments: ours is one option.
 * Invariants
 * G1 A repeat makes no second position: 409 is answered by looking at what is there and comparing it with what was asked.
 * G2 A tax code is in no message.
 */
import { z } from 'zod'
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer, type HttpCall } from '../http.ts'
import {
  ALREADY_PAID,
  type Instalment,
  type NewInstalment,
  type NewPosition,
  type PaymentMade,
  type PaymentPositions,
  type Position,
  type PositionState,
  TAKEN,
  type Transfer,
} from './types.ts'

/** As pagoPA's gateway publishes it. */
export const GPD_PATH = '/gpd/debt-positions-service/v3'

export interface PagopaService {
  /** pagoPA's gateway: origin alone. */
  readonly url: string
  /** `Ocp-Apim-Subscription-Key`, bound to the body and its segregation code. */
  readonly chiave: string
  /** Of the body that is paid: tax code, 11 digits, and name. */
  readonly ente: { readonly codiceFiscale: string; readonly nome: string }
  readonly timeoutMs?: number
}

const STATES = {
  ...{ DRAFT: 'APERTA', PUBLISHED: 'APERTA', VALID: 'APERTA' },
  ...{ PARTIALLY_PAID: 'PAGATA_IN_PARTE', PAID: 'PAGATA', UNPAYABLE: 'NON_PAGABILE' },
} as const satisfies Record<string, PositionState>
type GpdState = keyof typeof STATES

const instalmentSchema = z.object({
  nav: z.string(),
  iuv: z.string(),
  amount: z.int(),
  dueDate: z.iso.datetime({ offset: true }),
  idReceipt: z.string().nullish(),
  paymentDate: z.string().nullish(),
  pspCompany: z.string().nullish(),
})
const positionSchema = z.object({
  iupd: z.string(),
  status: z.enum(Object.keys(STATES) as [GpdState, ...GpdState[]]),
  paymentOption: z.tuple([z.object({ installments: z.array(instalmentSchema) })]),
})

export function debtPositions({ url, chiave, ente, timeoutMs = 15_000 }: PagopaService): PaymentPositions {
  const headers = { 'Ocp-Apim-Subscription-Key': chiave, 'content-type': 'application/json' }
  const root = `${url}${GPD_PATH}/organizations/${ente.codiceFiscale}/debtpositions`
  const ask = (call: Pick<HttpCall, 'method' | 'body' | 'answers'>, path = '') =>
    exchange({ ...call, url: new URL(`${root}${path}`), headers, timeoutMs, called: 'a position of pagoPA' })
  const find = async (iupd: string): Promise<Position | null> => {
    const answer = await ask({ method: 'GET', answers: [404] }, `/${encodeURIComponent(iupd)}`)
    return answer.status === 404 ? null : positionIn(answer)
  }
  return {
    find,
    async create(asked) {
      const body = JSON.stringify(bodyOf(asked, ente))
      const answer = await ask({ method: 'POST', body, answers: [409] }, '?toPublish=true')
      // What a creation answers with is what was sent: state and receipt stand in what is asked for afterwards.
      const position = await find(asked.iupd)
      if (position !== null && isWhatWasAsked(position, asked)) return position
      if (answer.status === 409)
        throw new Refused(TAKEN, 'Expected a number for this position, but it stands for another.')
      throw new UnknownOutcome('pagoPA took a position and does not show it')
    },
    async cancel(iupd) {
      const answer = await ask({ method: 'DELETE', answers: [404, 409] }, `/${encodeURIComponent(iupd)}`)
      if (answer.status === 409) throw new Refused(ALREADY_PAID, 'Expected an unpaid position, but it has been paid.')
    },
  }
}

const totalOf = ({ voci }: NewInstalment): number => voci.reduce((sum, { importo }) => sum + importo, 0)

const askedFor = (asked: NewPosition): readonly NewInstalment[] => [asked, ...(asked.altreRate ?? [])]

function isWhatWasAsked(position: Position, asked: NewPosition): boolean {
  const there = new Map([position, ...position.altreRate].map(({ numeroAvviso, importo }) => [numeroAvviso, importo]))
  const wanted = askedFor(asked)
  return there.size === wanted.length && wanted.every((one) => there.get(one.numeroAvviso) === totalOf(one))
}

function bodyOf(asked: NewPosition, ente: PagopaService['ente']) {
  const { iupd, debitore, oggetto } = asked
  const installments = askedFor(asked).map((one) => ({
    ...{ nav: one.numeroAvviso, iuv: one.numeroAvviso.slice(1), amount: totalOf(one), description: oggetto },
    dueDate: new Date(one.scadenza).toISOString(),
    transfer: one.voci.map((voce, index) => transferOf(voce, index, ente)),
  }))
  const debtor = { type: debitore.tipo, fiscalCode: debitore.codiceFiscale, fullName: debitore.nome }
  const option = { description: oggetto, switchToExpired: true, debtor, installments }
  return { iupd, companyName: ente.nome, paymentOption: [option] }
}

function transferOf(voce: Transfer, index: number, { codiceFiscale }: PagopaService['ente']) {
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
function positionIn({ text }: HttpAnswer): Position {
  const { iupd, status, paymentOption } = understood(text)
  const [{ installments }] = paymentOption
  const [first, ...others] = installments.toSorted((one, other) => Date.parse(one.dueDate) - Date.parse(other.dueDate))
  if (!first) throw notOurs()
  return { iupd, ...instalmentIn(first), stato: STATES[status], altreRate: others.map(instalmentIn) }
}

const instalmentIn = ({ nav, iuv, amount, ...paid }: z.infer<typeof instalmentSchema>): Instalment => ({
  ...{ numeroAvviso: nav, iuv, importo: amount, pagamento: paymentOf(paid) },
})

function paymentOf(
  paid: Pick<z.infer<typeof instalmentSchema>, 'idReceipt' | 'paymentDate' | 'pspCompany'>,
): PaymentMade | null {
  const { idReceipt, paymentDate, pspCompany } = paid
  return idReceipt && paymentDate ? { idRicevuta: idReceipt, pagatoIl: paymentDate, psp: pspCompany ?? '' } : null
}

function understood(text: string): z.infer<typeof positionSchema> {
  try {
    return positionSchema.parse(JSON.parse(text))
  } catch {
    throw notOurs()
  }
}

const notOurs = () => new UnknownOutcome('pagoPA answered with something that is no position of ours')
