/**
 * Client of the flows that say what a transfer of money is for (`fdr_organization.json`): their list, what is in one.
 * Amounts are euro there, in JSON numbers: the shortest text of such a number is what was written, and is read as cents.
 * pagoPA takes one call in a second: ours keep that distance, however many ask.
 */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import type { PagopaService } from './client.ts'
import { centsOf } from './euro.ts'
import { callsApart, type Pause, realPause } from './pace.ts'
import { FLOW_PAYMENT_STATES, type Flow, type FlowId, type Flows } from './types.ts'

/** As pagoPA's gateway publishes it. */
export const FLOWS_PATH = '/fdr-org/service/v1'

/** A second, and what two clocks may differ by. */
const GAP_MS = 1050
const PAGE_SIZE = 1000
/** A million lines: more than a town sees in a flow. */
const PAGES_MAX = 1000

const euro = z.number().transform((amount, context) => {
  try {
    return centsOf(String(amount))
  } catch {
    context.addIssue('no amount in euro')
    return z.NEVER
  }
})
/** Always UTC with the same digits, so that the latest of them is the last of their order. */
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())

const publishedSchema = z
  .object({ fdr: z.string(), revision: z.int(), pspId: z.string(), published: instant })
  .transform(({ fdr, revision, pspId, published }) => ({
    ...{ fdr, revisione: revision, psp: pspId, pubblicatoIl: published },
  }))
const flowSchema = z.object({
  ...{ fdr: z.string(), revision: z.int(), published: instant, regulation: z.string(), regulationDate: z.iso.date() },
  sender: z.object({ pspId: z.string(), pspName: z.string() }),
  ...{ totPayments: z.int(), sumPayments: euro },
})
const paymentSchema = z
  .object({
    ...{ index: z.int().min(1), iuv: z.string(), iur: z.string(), idTransfer: z.int(), pay: euro },
    ...{ payStatus: z.enum(FLOW_PAYMENT_STATES), payDate: instant },
  })
  .transform(({ index, iuv, iur, idTransfer, pay, payStatus, payDate }) => ({
    ...{ indice: index, iuv, iur, idTransfer, importo: pay, esito: payStatus, pagatoIl: payDate },
  }))
const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ metadata: z.object({ totPage: z.int().min(0) }), data: z.array(item) })

export function flows({ url, chiave, ente, timeoutMs = 15_000 }: PagopaService, pause: Pause = realPause): Flows {
  const inTurn = callsApart(GAP_MS, pause)
  const headers = { 'Ocp-Apim-Subscription-Key': chiave }
  const root = `${url}${FLOWS_PATH}/organizations/${ente.codiceFiscale}/fdrs`
  const ask = (path: string, query: Readonly<Record<string, string>> = {}) =>
    inTurn(() =>
      exchange({
        ...{ method: 'GET', url: new URL(`${root}${path}?${new URLSearchParams(query)}`), headers, timeoutMs },
        ...{ answers: [404], called: 'flows of pagoPA' },
      }),
    )
  /** All pages; none when there is no such thing. */
  const pages = async <Item extends z.ZodType>(item: Item, path: string, query: Readonly<Record<string, string>>) => {
    const schema = pageOf(item)
    const read: z.infer<Item>[] = []
    for (let page = 1; page <= PAGES_MAX; page++) {
      const answer = await ask(path, { ...query, page: String(page), size: String(PAGE_SIZE) })
      if (answer.status === 404) return read
      const { data, metadata } = understood(answer.text, schema)
      read.push(...data)
      if (page >= metadata.totPage) return read
    }
    throw new UnknownOutcome(`pagoPA has more than ${PAGES_MAX} pages of flows`)
  }
  return {
    async published(since) {
      const found = await pages(publishedSchema, '', { publishedGt: new Date(since).toISOString() })
      return found.toSorted((one, other) => Date.parse(one.pubblicatoIl) - Date.parse(other.pubblicatoIl))
    },
    async find(flow) {
      const answer = await ask(pathOf(flow))
      return answer.status === 404 ? null : flowIn(answer.text)
    },
    async payments(flow) {
      const found = await pages(paymentSchema, `${pathOf(flow)}/payments`, {})
      const ordered = found.toSorted((one, other) => one.indice - other.indice)
      if (ordered.some(({ indice }, index) => ordered[index + 1]?.indice === indice))
        throw new UnknownOutcome('pagoPA gave a line of a flow twice. It is asked again.')
      return ordered
    },
  }
}

const pathOf = ({ fdr, revisione, psp }: FlowId): string =>
  `/${encodeURIComponent(fdr)}/revisions/${revisione}/psps/${encodeURIComponent(psp)}`

function flowIn(text: string): Flow {
  const { fdr, revision, published, sender, ...rest } = understood(text, flowSchema)
  return {
    ...{ fdr, revisione: revision, psp: sender.pspId, pubblicatoIl: published, nomePsp: sender.pspName },
    ...{ regolamento: rest.regulation, dataRegolamento: rest.regulationDate },
    ...{ numeroPagamenti: rest.totPayments, importo: rest.sumPayments },
  }
}

function understood<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UnknownOutcome('pagoPA answered with something that is no flow')
  }
}
