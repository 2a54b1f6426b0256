/** What a town is owed, for tests: positions of its own, and payers at pagoPA's sandbox. */
import assert from 'node:assert/strict'
import { noticeNumberOf } from '../../connectors/pagopa/notice.ts'
import type { NewPosition, Transfer } from '../../connectors/pagopa/types.ts'
import type { Platforms } from '../../connectors/platforms.ts'

/** As the form of the sandbox's page says it: see `payNotice` there. */
export type PaymentForm = Readonly<Partial<Record<'importo' | 'psp' | 'ricevuta', string>>>

export function owedTo({ url, iban, ente, segregazione }: Platforms['pagopa']) {
  let key = 2251799813685249n
  const fee = {
    ...{ importo: 2600, causale: 'Canone unico', tassonomia: '9/0201102AP/', iban },
  } satisfies Transfer
  const post = (path: string, form: PaymentForm = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
  return {
    fee,
    /** Of 78 euro in two transfers, until 21 May 2027, unless told otherwise. */
    newPosition(changed: Partial<NewPosition> = {}): NewPosition {
      const { numeroAvviso } = noticeNumberOf(String(key++), segregazione)
      return {
        iupd: `${ente.codiceFiscale}-${key}`,
        numeroAvviso,
        debitore: { tipo: 'F', codiceFiscale: 'BNCLCU90E45G999C', nome: 'Lucia Bianchi' },
        oggetto: 'Occupazione di suolo pubblico',
        scadenza: '2027-05-21T23:59:59+02:00',
        voci: [fee, { ...fee, importo: 5200, causale: 'Bollo e diritti' }],
        ...changed,
      }
    },
    payAt: (numeroAvviso: string, form?: PaymentForm) => post(`/avvisi/${numeroAvviso}`, form),
    async pay(numeroAvviso: string, form?: PaymentForm) {
      assert.equal((await post(`/avvisi/${numeroAvviso}`, form)).status, 303)
    },
    async giveBack(idRicevuta: string) {
      assert.equal((await post(`/pagamenti/${idRicevuta}/storno`)).status, 303)
    },
    async reviseFlow(fdr: string, without: string) {
      const form = new URLSearchParams({ iur: without })
      const asked = { method: 'POST', body: form, redirect: 'manual' } as const
      assert.equal((await fetch(`${url}/flussi/${fdr}/revisione`, asked)).status, 303)
    },
    async sendFlows() {
      assert.equal((await post('/flussi')).status, 303)
    },
  }
}
