/**
 * GPD 1 in the sandbox: the same positions, each payment option a notice of its own, those that pay in part one plan together. What only
 * this version has: invalidating, and another account in the place of one. What it cannot show, several plans, is 422, which its
 * description leaves out.
 */
import { z } from 'zod'
import { json, parseJson } from '../sandbox.ts'
import { SANDBOX_ACCOUNT, SANDBOX_IBANS } from './sandbox-account.ts'
import { type Book, type Held, isReported, stateOf } from './sandbox-book.ts'
import { type Answer, at, book, noPosition, problem } from './sandbox-call.ts'
import { instalmentsOf, type Payable, payable } from './sandbox-payments.ts'
import { paymentOf, publishing, take, transfersOf } from './sandbox-positions.ts'
import { type PositionModel, type PositionModelV1, positionSchemaV1 } from './sandbox-rules.ts'

export const createPositionV1: Answer = (pagopa, { body, url }) => {
  const asked = positionSchemaV1.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  return take(pagopa, kept(asked.data), url) ?? json(201, asked.data)
}

/** As version 3 keeps it: what pays in part is one plan, anything else an option by itself. */
function kept(asked: PositionModelV1): PositionModel {
  const { type, fiscalCode, fullName, switchToExpired, validityDate, ...position } = asked
  const debtor = { type, fiscalCode, fullName }
  const plan = asked.paymentOption.filter(({ isPartialPayment }) => isPartialPayment)
  const whole = asked.paymentOption.filter(({ isPartialPayment }) => !isPartialPayment)
  const options = [...whole.map((one) => [one]), ...(plan.length > 0 ? [plan] : [])]
  const paymentOption = options.map((installments) => ({
    ...{ switchToExpired, debtor, ...(validityDate !== undefined && { validityDate }) },
    installments: installments.map(({ isPartialPayment: _, paymentOptionMetadata, ...one }) => ({
      ...one,
      installmentMetadata: paymentOptionMetadata,
    })),
  }))
  return { ...position, paymentOption }
}

export const tellPositionV1: Answer = (pagopa, _call, [iupd = '']) => {
  const known = book(pagopa)
  const held = known.byIupd(iupd)
  if (!held) return noPosition()
  const plans = held.posizione.paymentOption.filter(({ installments }) => installments.length > 1)
  if (plans.length > 1)
    return problem(422, 'MULTI_INSTALLMENT_NOT_SUPPORTED_IN_V1', 'Positions of several plans are not shown')
  return json(200, shown(held, known, pagopa.now()))
}

function shown(held: Held, known: Book, now: number) {
  const { posizione, insertedAt, updatedAt } = held
  const { codiceFiscale } = SANDBOX_ACCOUNT.ente
  const [first] = posizione.paymentOption
  return {
    ...{ iupd: posizione.iupd, organizationFiscalCode: codiceFiscale, companyName: posizione.companyName },
    ...{ type: first?.debtor.type, insertedDate: insertedAt, lastUpdatedDate: updatedAt },
    ...(first?.validityDate !== undefined && { validityDate: first.validityDate }),
    status: stateOf(held, known.flows, now),
    paymentOption: posizione.paymentOption.flatMap(({ installments }) =>
      installments.map((one) => optionOf(payable(one), installments.length > 1, held, known)),
    ),
  }
}

function optionOf(instalment: Payable, isPartialPayment: boolean, held: Held, known: Book) {
  const { installmentMetadata, ...option } = instalment
  const isPaid = held.receipts.has(instalment.iuv)
  const transfer = transfersOf(instalment, held, known)
  const isBegun = transfer.some(({ status }) => status === 'T_REPORTED')
  const paid = isReported(instalment, held.receipts, known.flows)
    ? 'PO_REPORTED'
    : isBegun
      ? 'PO_PARTIALLY_REPORTED'
      : 'PO_PAID'
  return {
    ...{ ...option, isPartialPayment, organizationFiscalCode: SANDBOX_ACCOUNT.ente.codiceFiscale },
    ...paymentOf(instalment, held, known),
    ...{ insertedDate: held.insertedAt, paymentOptionMetadata: installmentMetadata },
    ...{ status: isPaid ? paid : 'PO_UNPAID', transfer },
  }
}

/** What a change answers with: the position as it was sent. */
function sent({ posizione }: Held) {
  const { paymentOption, ...position } = posizione
  const [first] = paymentOption
  return {
    ...position,
    ...first?.debtor,
    switchToExpired: paymentOption.every((option) => option.switchToExpired),
    paymentOption: paymentOption.flatMap(({ installments }) =>
      installments.map(({ installmentMetadata, ...one }) => ({
        ...{ ...one, isPartialPayment: installments.length > 1, paymentOptionMetadata: installmentMetadata },
      })),
    ),
  }
}

export const publishPositionV1 = publishing(sent)

export const invalidatePosition: Answer = (pagopa, _call, [iupd = '']) => {
  const { byIupd, flows } = book(pagopa)
  const held = byIupd(iupd)
  if (!held) return noPosition()
  const state = stateOf(held, flows, pagopa.now())
  if (state !== 'PUBLISHED' && state !== 'VALID')
    return problem(409, 'Existing related payment found or not in invalidable state', `The position is ${state}`)
  pagopa.journal.append({ operazione: 'invalidata', at: at(pagopa), iupd })
  return json(200, { ...sent(held), status: 'INVALID' })
}

const TRANSFERS_MAX = 1000
const ibanSchema = z.object({ newIban: z.string().min(1) })

/** In what nobody has paid yet. `limit` counts notices here, transfers there. */
export const changeIban: Answer = (pagopa, { body, url: { searchParams } }) => {
  const asked = ibanSchema.safeParse(parseJson(body))
  const [da, limit] = [searchParams.get('oldIban'), Number(searchParams.get('limit') ?? TRANSFERS_MAX)]
  if (!asked.success || da === null || !(limit >= 1 && limit <= TRANSFERS_MAX))
    return problem(400, 'Bad request', 'oldIban, newIban and a limit of up to 1000 are needed')
  const { newIban: a } = asked.data
  if (!SANDBOX_IBANS.has(a)) return problem(400, 'Bad request', 'newIban is not registered')
  const { all, flows } = book(pagopa)
  const open = all.filter((held) => CHANGEABLE.has(stateOf(held, flows, pagopa.now())))
  const unpaid = open
    .flatMap((held) => instalmentsOf(held.posizione).filter((one) => !held.receipts.has(one.iuv)))
    .map((one) => ({ iuv: one.iuv, count: one.transfer.filter(({ iban }) => iban === da).length }))
    .filter(({ count }) => count > 0)
    .slice(0, limit)
  const updatedTransfers = unpaid.reduce((sum, { count }) => sum + count, 0)
  if (unpaid.length > 0)
    pagopa.journal.append({ operazione: 'iban', at: at(pagopa), da, a, iuv: unpaid.map(({ iuv }) => iuv) })
  return json(200, { description: `Updated IBAN on ${updatedTransfers} transfers`, updatedTransfers })
}
const CHANGEABLE: ReadonlySet<string> = new Set(['DRAFT', 'PUBLISHED', 'VALID', 'PARTIALLY_PAID'])
