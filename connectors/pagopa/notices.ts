/** Client of the service that draws payment notices (`print_payment_notice.json`), one at a time. */
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { PagopaService } from './client.ts'
import type { Notices, NoticeToPrint } from './types.ts'

/** As pagoPA's gateway publishes it. */
export const NOTICES_PATH = '/print-payment-notice-service/external/v1'

/** pagoPA's templates for one payment: without, and with, the slip on which it is paid at a post office. */
export const TEMPLATES = ['TemplateSingleInstalment', 'TemplateSingleInstalmentPoste'] as const

export function notices({ url, chiave, ente, timeoutMs = 30_000 }: PagopaService): Notices {
  const headers = { 'Ocp-Apim-Subscription-Key': chiave, 'content-type': 'application/json' }
  return {
    async print(notice) {
      const { bytes } = await exchange({
        ...{ method: 'POST', url: new URL(`${url}${NOTICES_PATH}/notices/generate`), headers, timeoutMs },
        ...{ body: JSON.stringify(bodyOf(notice, ente)), called: 'the printing of notices of pagoPA' },
      })
      if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-')
        throw new UnknownOutcome('pagoPA answered with something that is no PDF')
      return bytes
    },
  }
}

function bodyOf(notice: NoticeToPrint, { codiceFiscale }: PagopaService['ente']) {
  const { numeroAvviso, importo, oggetto, scadenza, debitore, bollettino = false } = notice
  const { via, civico, cap, comune, provincia } = debitore.indirizzo
  const address = { address: via, buildingNumber: civico, postalCode: cap, city: comune, province: provincia }
  return {
    templateId: TEMPLATES[bollettino ? 1 : 0],
    data: {
      notice: { subject: oggetto, paymentAmount: importo, dueDate: italianDay(scadenza), code: numeroAvviso },
      creditorInstitution: { taxCode: codiceFiscale },
      debtor: { taxCode: debitore.codiceFiscale, fullName: debitore.nome, ...address },
    },
  }
}

/** As it is printed. */
const italianDay = (day: string): string => day.split('-').reverse().join('/')
