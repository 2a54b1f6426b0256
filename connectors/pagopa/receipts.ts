/**
 * Client of receipts: GPD's (`gpd_payments_receipts.json`), which hands out the XML that pagoPA sent it, one for each IUV; and Biz Events'
 * (`biz_events_receipts.json`), which knows every payment by its IUR.
 */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer } from '../http.ts'
import { find, findAll, parseXml, textAt, type XmlElement } from '../xml.ts'
import type { PagopaService } from './client.ts'
import { centsOf } from './euro.ts'
import { instantOf } from './instant.ts'
import type { Receipt, ReceiptEntry, Receipts } from './types.ts'

/** As pagoPA's gateway publishes them. */
export const RECEIPTS_PATH = '/gpd/payments-receipts-service/v1'
export const BIZ_EVENTS_PATH = '/bizevents/service/v1'

const PAGE_SIZE = 100
const PAGES_MAX = 1000

const pageSchema = z.object({
  totalPages: z.int().min(0),
  results: z.array(z.object({ iuv: z.string(), paymentDateTime: z.string() })),
})
const bizReceiptSchema = z.object({
  ...{ receiptId: z.string(), noticeNumber: z.string(), creditorReferenceId: z.string() },
  ...{ outcome: z.literal('OK'), paymentAmount: z.number(), paymentDateTimeFormatted: z.string() },
  pspCompanyName: z.string(),
  transferList: z.array(
    z.object({
      ...{ idTransfer: z.int(), transferAmount: z.number(), fiscalCodePA: z.string() },
      remittanceInformation: z.string(),
    }),
  ),
})

export function receipts({ url, chiave, ente, timeoutMs = 15_000 }: PagopaService): Receipts {
  const headers = { 'Ocp-Apim-Subscription-Key': chiave }
  const root = `${url}${RECEIPTS_PATH}/payments/${ente.codiceFiscale}/receipts`
  const ask = (address: string, answers: readonly number[], called = 'receipts of pagoPA') =>
    exchange({ method: 'GET', url: new URL(address), headers, timeoutMs, answers, called })
  return {
    async byIuv(iuv) {
      // 422: the receipt has come, and the position does not count as paid yet.
      const answer = await ask(`${root}/${encodeURIComponent(iuv)}`, [404, 422])
      return answer.status === 200 ? understood(answer, xmlReceipt) : null
    },
    async byIur({ iur, iuv }) {
      const [receipt, position] = [iur, iuv].map(encodeURIComponent)
      const path = `/organizations/${ente.codiceFiscale}/receipts/${receipt}/paymentoptions/${position}`
      const answer = await ask(`${url}${BIZ_EVENTS_PATH}${path}`, [404])
      return answer.status === 404 ? null : understood(answer, bizReceipt)
    },
    async list({ dal, al }) {
      const entries: ReceiptEntry[] = []
      for (let page = 0; page < PAGES_MAX; page++) {
        const query = new URLSearchParams({ from: dal, to: al, pageNum: String(page), pageSize: String(PAGE_SIZE) })
        const answer = await ask(`${root}?${query}`, [404])
        if (answer.status === 404) return entries
        const { results, totalPages } = understood(answer, (text) => pageSchema.parse(JSON.parse(text)))
        entries.push(...results.map(({ iuv, paymentDateTime }) => ({ iuv, pagatoIl: instantOf(paymentDateTime) })))
        if (page + 1 >= totalPages) return entries
      }
      throw new UnknownOutcome(`pagoPA has more than ${PAGES_MAX} pages of receipts. Ask for fewer days.`)
    },
  }
}

function xmlReceipt(text: string): Receipt {
  const receipt = find(parseXml(text), 'receipt')
  if (!receipt || textAt(receipt, 'outcome') !== 'OK') throw new SyntaxError('Expected a receipt of a payment')
  return {
    ...{ idRicevuta: written(receipt, 'receiptId'), numeroAvviso: written(receipt, 'noticeNumber') },
    ...{ iuv: written(receipt, 'creditorReferenceId'), importo: centsOf(written(receipt, 'paymentAmount')) },
    ...{ pagatoIl: instantOf(written(receipt, 'paymentDateTime')), psp: written(receipt, 'PSPCompanyName') },
    voci: findAll(receipt, 'transfer').map((transfer) => ({
      ...{ id: Number(written(transfer, 'idTransfer')), importo: centsOf(written(transfer, 'transferAmount')) },
      codiceFiscaleEnte: written(transfer, 'fiscalCodePA'),
      causale: written(transfer, 'remittanceInformation'),
    })),
  }
}

function written(element: XmlElement, name: string): string {
  const text = textAt(element, name)
  if (text === '') throw new SyntaxError(`Expected ${name} in a receipt`)
  return text
}

function bizReceipt(text: string): Receipt {
  const { transferList, ...receipt } = bizReceiptSchema.parse(JSON.parse(text))
  return {
    ...{ idRicevuta: receipt.receiptId, numeroAvviso: receipt.noticeNumber, iuv: receipt.creditorReferenceId },
    ...{ importo: centsOf(String(receipt.paymentAmount)), psp: receipt.pspCompanyName },
    pagatoIl: instantOf(receipt.paymentDateTimeFormatted),
    voci: transferList.map((transfer) => ({
      ...{ id: transfer.idTransfer, importo: centsOf(String(transfer.transferAmount)) },
      ...{ codiceFiscaleEnte: transfer.fiscalCodePA, causale: transfer.remittanceInformation },
    })),
  }
}

function understood<Shape>({ text }: HttpAnswer, read: (text: string) => Shape): Shape {
  try {
    return read(text)
  } catch {
    throw new UnknownOutcome('pagoPA answered with something that is no receipt')
  }
}
