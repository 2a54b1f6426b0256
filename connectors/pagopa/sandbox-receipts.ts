/**
 * Receipts in the sandbox: GPD's, one for each IUV, as XML in the words of `paSendRTV2`; Biz Events', one for each payment, as JSON.
 * A receipt is there from the day that the payment says.
 */
import { json } from '../sandbox.ts'
import { type XmlNode, xmlOf } from '../xml.ts'
import { euroOf } from './euro.ts'
import { PSPS, SANDBOX_ACCOUNT } from './sandbox-account.ts'
import { type Answer, book, problem } from './sandbox-call.ts'
import type { MadePayment } from './sandbox-payments.ts'

const ZONE = 'Europe/Rome'

/** Italian time without an offset, as pagoPA writes it. */
const italian = (instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE).toPlainDateTime().toString({ smallestUnit: 'second' })
const dayOf = (instant: string): string => italian(instant).slice(0, 10)

const DATE = /^\d{4}-\d\d-\d\d$/
const PAGE_SIZE_MAX = 100
/** What is looked at when nobody says which days. */
const WINDOW_MONTHS = 3

export const listReceipts: Answer = (pagopa, { url: { searchParams } }) => {
  const number = (name: string, usual: number) => Number(searchParams.get(name) ?? usual)
  const [pageNum, pageSize] = [number('pageNum', 0), number('pageSize', 20)]
  const today = Temporal.Instant.fromEpochMilliseconds(pagopa.now()).toZonedDateTimeISO(ZONE).toPlainDate()
  const to = searchParams.get('to') ?? today.toString()
  const from = searchParams.get('from') ?? today.subtract({ months: WINDOW_MONTHS }).toString()
  if (!DATE.test(from) || !DATE.test(to) || from > to) return problem(400, 'Bad request', 'Invalid date range')
  if (
    !Number.isInteger(pageNum) ||
    pageNum < 0 ||
    !(Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= PAGE_SIZE_MAX)
  )
    return problem(400, 'Bad request', 'Invalid page')
  const debtor = searchParams.get('debtor')
  const kept = book(pagopa)
    .all.flatMap(({ receipts }) => [...receipts.values()])
    .filter(({ pagatoIl }) => dayOf(pagatoIl) >= from && dayOf(pagatoIl) <= to)
    .filter((payment) => debtor === null || debtorOf(payment).fiscalCode === debtor)
  const totalPages = Math.max(Math.ceil(kept.length / pageSize), 1)
  if (pageNum >= totalPages) return problem(404, 'Not found', 'No receipts found')
  const results = kept.slice(pageNum * pageSize, (pageNum + 1) * pageSize).map(entryOf)
  return json(200, { currentPageNumber: pageNum, length: results.length, totalPages, results })
}

const entryOf = (payment: MadePayment) => ({
  ...{ organizationFiscalCode: SANDBOX_ACCOUNT.ente.codiceFiscale, iuv: payment.iuv, status: 'PAID' },
  ...{ debtor: debtorOf(payment).fiscalCode, paymentDateTime: italian(payment.pagatoIl) },
})

export const tellReceipt: Answer = (pagopa, _call, [iuv = '']) => {
  const [payment] = book(pagopa).all.flatMap(({ receipts }) => receipts.get(iuv) ?? [])
  if (!payment) return problem(404, 'Not found', 'No receipt found')
  return {
    status: 200,
    type: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${xmlOf(sent(payment))}`,
  }
}

/** The call with which pagoPA brought it. */
function sent(payment: MadePayment): XmlNode {
  const { codiceFiscale } = SANDBOX_ACCOUNT.ente
  const station: readonly XmlNode[] = [
    ['idPA', codiceFiscale],
    ['idBrokerPA', codiceFiscale],
    ['idStation', `${codiceFiscale}_01`],
  ]
  return ['PaSendRTV2Request', [...station, ['receipt', receiptOf(payment)]]]
}

function receiptOf(payment: MadePayment): readonly XmlNode[] {
  const { idReceipt, rata, importo, posizione, pagatoIl } = payment
  const { codiceFiscale, nome } = SANDBOX_ACCOUNT.ente
  const psp = PSPS[payment.psp]
  const debtor = debtorOf(payment)
  return [
    ...texts({ receiptId: idReceipt, noticeNumber: rata.nav, fiscalCode: codiceFiscale, outcome: 'OK' }),
    ...texts({ creditorReferenceId: rata.iuv, paymentAmount: euroOf(importo), description: rata.description }),
    ...texts({ companyName: nome, ...(posizione.officeName && { officeName: posizione.officeName }) }),
    ['debtor', [identifierOf(debtor), ['fullName', debtor.fullName]]],
    ['transferList', rata.transfer.map((part) => ['transfer', transferOf(part)])],
    ...texts({ idPSP: psp.id, pspFiscalCode: psp.codiceFiscale, PSPCompanyName: psp.nome }),
    ...texts({ idChannel: `${psp.codiceFiscale}_01`, channelDescription: 'NA', paymentMethod: psp.metodo }),
    ...texts({ fee: '1.50', paymentDateTime: italian(pagatoIl), applicationDate: dayOf(pagatoIl) }),
    ...texts({ transferDate: dayOf(pagatoIl) }),
  ]
}

const texts = (fields: Readonly<Record<string, string>>): readonly XmlNode[] => Object.entries(fields)

const identifierOf = ({ type, fiscalCode }: ReturnType<typeof debtorOf>): XmlNode => [
  'uniqueIdentifier',
  texts({ entityUniqueIdentifierType: type, entityUniqueIdentifierValue: fiscalCode }),
]

type Part = MadePayment['rata']['transfer'][number]
const bodyOf = ({ organizationFiscalCode }: Part): string =>
  organizationFiscalCode ?? SANDBOX_ACCOUNT.ente.codiceFiscale

/** The stamp itself is what the Revenue Agency issues: here only its fingerprint. */
const stampOf = ({ stamp }: Part): string => Buffer.from(stamp?.hashDocument ?? '').toString('base64')

function transferOf(part: Part): readonly XmlNode[] {
  const { idTransfer, amount, iban, remittanceInformation, category } = part
  return texts({
    ...{ idTransfer, transferAmount: euroOf(amount), fiscalCodePA: bodyOf(part) },
    ...(iban === undefined ? { MBDAttachment: stampOf(part) } : { IBAN: iban }),
    ...{ remittanceInformation, transferCategory: category },
  })
}

function debtorOf({ posizione, iuv }: MadePayment) {
  const option = posizione.paymentOption.find(({ installments }) => installments.some((one) => one.iuv === iuv))
  return option?.debtor ?? { type: 'F', fiscalCode: 'ANONIMO', fullName: 'ANONIMO' }
}

/** What Biz Events knows: every payment that went through pagoPA, the second of one notice too. */
export const tellPayment: Answer = (pagopa, _call, [iur, iuv]) => {
  const payment = book(pagopa).payments.find((one) => one.idReceipt === iur && one.iuv === iuv)
  if (!payment || payment.ricevutaDal === null || Date.parse(payment.ricevutaDal) > pagopa.now())
    return problem(404, 'Not found', 'No such receipt')
  const { rata, importo, pagatoIl, idReceipt } = payment
  const { codiceFiscale, nome } = SANDBOX_ACCOUNT.ente
  const psp = PSPS[payment.psp]
  const { type, fiscalCode, fullName } = debtorOf(payment)
  return json(200, {
    ...{ receiptId: idReceipt, noticeNumber: rata.nav, fiscalCode: codiceFiscale, outcome: 'OK' },
    ...{ creditorReferenceId: rata.iuv, paymentAmount: importo / 100, description: rata.description },
    companyName: nome,
    debtor: { entityUniqueIdentifierType: type, entityUniqueIdentifierValue: fiscalCode, fullName },
    transferList: rata.transfer.map((part) => ({
      ...{ idTransfer: Number(part.idTransfer), transferAmount: part.amount / 100, fiscalCodePA: bodyOf(part) },
      ...{ iban: part.iban ?? '', mbdAttachment: part.iban === undefined ? stampOf(part) : '' },
      ...{ remittanceInformation: part.remittanceInformation, transferCategory: part.category },
    })),
    ...{ idPSP: psp.id, pspFiscalCode: psp.codiceFiscale, pspCompanyName: psp.nome },
    ...{ idChannel: `${psp.codiceFiscale}_01`, paymentMethod: psp.metodo, fee: 1.5 },
    ...{ paymentDateTime: dayOf(pagatoIl), paymentDateTimeFormatted: pagatoIl, applicationDate: dayOf(pagatoIl) },
    transferDate: dayOf(pagatoIl),
  })
}
