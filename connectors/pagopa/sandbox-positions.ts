/** GPD 3 in the sandbox: positions are taken, told, published and deleted by its rules. */
import { z } from 'zod'
import { json, type PlatformAnswer, type PlatformCall, parseJson } from '../sandbox.ts'
import { PSPS, SANDBOX_ACCOUNT, SANDBOX_IBANS } from './sandbox-account.ts'
import { type Book, flowWith, type GpdState, type Held, isReported, stateOf } from './sandbox-book.ts'
import { type Answer, at, book, noPosition, type Pagopa, problem } from './sandbox-call.ts'
import { instalmentsOf, type Payable, payable } from './sandbox-payments.ts'
import { faultOf, type PositionModel, positionSchema } from './sandbox-rules.ts'

export const createPosition: Answer = (pagopa, { body, url }) => {
  const asked = positionSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  return take(pagopa, asked.data, url) ?? json(201, asked.data)
}

/** Null when it was taken. */
export function take(pagopa: Pagopa, posizione: PositionModel, url: PlatformCall['url']): PlatformAnswer | null {
  const fault = faultOf(posizione, { ibans: SANDBOX_IBANS, now: pagopa.now() })
  if (fault !== null) return problem(400, 'Bad request', fault)
  const { byNotice, byIupd } = book(pagopa)
  const isTaken = instalmentsOf(posizione).some(({ nav }) => byNotice(nav) !== undefined)
  if (isTaken || byIupd(posizione.iupd)) return problem(409, 'Conflict', 'iupd, iuv or nav is there already')
  const isPublished = url.searchParams.get('toPublish') === 'true'
  pagopa.journal.append({ operazione: 'posizione', at: at(pagopa), posizione, isPublished })
  return null
}

export const tellPosition: Answer = (pagopa, _call, [iupd = '']) => {
  const known = book(pagopa)
  const held = known.byIupd(iupd)
  return held ? json(200, shown(held, known, pagopa.now())) : noPosition()
}

export const deletePosition: Answer = (pagopa, _call, [iupd = '']) => {
  const held = book(pagopa).byIupd(iupd)
  if (!held) return noPosition()
  if (held.receipts.size > 0) return problem(409, 'Existing related payment found', 'The position has been paid')
  pagopa.journal.append({ operazione: 'annullata', at: at(pagopa), iupd })
  return json(200, 'Debt position deleted')
}

/** `told`: how the version that is asked shows a position. */
export const publishing =
  (told: (held: Held, known: Book, now: number) => unknown): Answer =>
  (pagopa, _call, [iupd = '']) => {
    const known = book(pagopa)
    const held = known.byIupd(iupd)
    if (!held) return noPosition()
    const refused = publishFault(held, known, pagopa.now())
    if (refused !== null) return problem(409, 'Not in publishable state', refused)
    pagopa.journal.append({ operazione: 'pubblicata', at: at(pagopa), iupd })
    return json(200, told({ ...held, isPublished: true }, known, pagopa.now()))
  }

export const publishPosition = publishing(({ posizione }) => posizione)

function publishFault(held: Held, { flows }: Book, now: number): string | null {
  if (stateOf(held, flows, now) !== 'DRAFT') return 'The position is no draft'
  if (instalmentsOf(held.posizione).some(({ dueDate }) => Date.parse(dueDate) < now)) return 'A due date has passed'
  const isLate = held.posizione.paymentOption.some(({ validityDate }) => Date.parse(validityDate ?? '') < now)
  return isLate ? 'The validity date has passed' : null
}

/** Version 3 has fewer words. */
const STATES_V3 = {
  ...{ DRAFT: 'DRAFT', PUBLISHED: 'PUBLISHED', VALID: 'VALID', PARTIALLY_PAID: 'PARTIALLY_PAID' },
  ...{ INVALID: 'UNPAYABLE', EXPIRED: 'UNPAYABLE', PAID: 'PAID', REPORTED: 'PAID' },
} as const satisfies Record<GpdState, string>

function shown(held: Held, known: Book, now: number) {
  const { posizione, insertedAt, updatedAt } = held
  const { codiceFiscale } = SANDBOX_ACCOUNT.ente
  return {
    ...{ iupd: posizione.iupd, organizationFiscalCode: codiceFiscale, companyName: posizione.companyName },
    ...{ insertedDate: insertedAt, lastUpdatedDate: updatedAt },
    status: STATES_V3[stateOf(held, known.flows, now)],
    paymentOption: posizione.paymentOption.map(({ description: _, installments, ...option }) => ({
      ...option,
      insertedDate: insertedAt,
      installments: installments.map((one) => {
        const instalment = payable(one)
        return {
          ...instalment,
          ...paymentOf(instalment, held, known),
          organizationFiscalCode: codiceFiscale,
          status: instalmentState(instalment, option.switchToExpired, held, known, now),
          transfer: transfersOf(instalment, held, known),
        }
      }),
    })),
  }
}

/** What both versions say of a payment; nothing when there is none. */
export function paymentOf({ iuv, transfer }: Payable, { receipts }: Held, { flows }: Book) {
  const receipt = receipts.get(iuv)
  if (!receipt) return {}
  const { idReceipt, pagatoIl, psp } = receipt
  const [flow] = transfer.flatMap(({ idTransfer }) => flowWith(flows, idReceipt, idTransfer) ?? [])
  return {
    ...{ idReceipt, paymentDate: pagatoIl, pspCompany: PSPS[psp].nome, paymentMethod: PSPS[psp].metodo },
    ...(flow && { idFlowReporting: flow.fdr, reportingDate: flow.pubblicatoIl }),
  }
}

/** What both versions say of transfers. */
export const transfersOf = ({ iuv, transfer }: Payable, { receipts, insertedAt }: Held, { flows }: Book) =>
  transfer.map((part) => {
    const flow = flowWith(flows, receipts.get(iuv)?.idReceipt, part.idTransfer)
    return { ...part, status: flow ? 'T_REPORTED' : 'T_UNREPORTED', insertedDate: insertedAt }
  })

function instalmentState(
  instalment: Payable,
  canExpire: boolean,
  held: Held,
  { flows }: Book,
  now: number,
): 'UNPAID' | 'PAID' | 'PARTIALLY_REPORTED' | 'REPORTED' | 'UNPAYABLE' | 'EXPIRED' {
  const receipt = held.receipts.get(instalment.iuv)
  if (receipt) {
    if (isReported(instalment, held.receipts, flows)) return 'REPORTED'
    const isBegun = instalment.transfer.some(({ idTransfer }) => flowWith(flows, receipt.idReceipt, idTransfer))
    return isBegun ? 'PARTIALLY_REPORTED' : 'PAID'
  }
  if (held.isInvalid) return 'UNPAYABLE'
  return canExpire && Date.parse(instalment.dueDate) <= now ? 'EXPIRED' : 'UNPAID'
}
