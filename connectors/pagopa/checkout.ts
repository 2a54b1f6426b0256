/** Client of Checkout's carts (`checkout_ec_v1.json`), which answers with the address of a page and no body. */
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { PagopaService } from './client.ts'
import type { Checkout } from './types.ts'

/** As pagoPA's gateway publishes it. */
export const CHECKOUT_PATH = '/checkout/ec/v1'

export function checkout({ url, chiave, ente, timeoutMs = 15_000 }: PagopaService): Checkout {
  const headers = { 'Ocp-Apim-Subscription-Key': chiave, 'content-type': 'application/json' }
  return {
    async open({ avvisi, ritorno, email }) {
      const paymentNotices = avvisi.map(({ numeroAvviso, importo, oggetto }) => ({
        ...{ noticeNumber: numeroAvviso, fiscalCode: ente.codiceFiscale, amount: importo },
        ...{ companyName: ente.nome, description: oggetto },
      }))
      const { pagato, annullato, errore } = ritorno
      const returnUrls = { returnOkUrl: pagato, returnCancelUrl: annullato, returnErrorUrl: errore }
      const body = JSON.stringify({ paymentNotices, returnUrls, ...(email !== undefined && { emailNotice: email }) })
      const call = {
        method: 'POST',
        url: new URL(`${url}${CHECKOUT_PATH}/carts`),
        headers,
        body,
        timeoutMs,
        answers: [302],
      } as const
      const location = (await exchange(call)).headers.get('location')
      const page = URL.parse(location ?? '')
      if (location === null || !page || !/^https?:$/.test(page.protocol))
        throw new UnknownOutcome('Checkout named no page to pay on')
      return location
    },
  }
}
