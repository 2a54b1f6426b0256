/** How the sandbox tells of flows (`fdr_organization.json`). Owns the answers; what is in a flow stands in sandbox-flows.ts. */
import { z } from 'zod'
import { json, type PlatformAnswer } from '../sandbox.ts'
import { PSPS, SANDBOX_ACCOUNT } from './sandbox-account.ts'
import { type Answer, book } from './sandbox-call.ts'
import { type SentFlow, sumOf } from './sandbox-flows.ts'

export const fault = (status: number, description: string, code: string, message: string): PlatformAnswer =>
  json(status, {
    ...{ httpStatusCode: status, httpStatusDescription: description, appErrorCode: code },
    errors: [{ message }],
  })
const noFlow = () => fault(404, 'Not Found', 'FDR-0701', 'No such flow')

const PAGE_SIZE_MAX = 1000
const querySchema = z.object({
  page: z.coerce.number().int().min(1).default(1),
  size: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_MAX),
  publishedGt: z.iso.datetime({ offset: true }).optional(),
  pspId: z.string().optional(),
})

export const listFlows: Answer = (pagopa, { url }) =>
  paged(url, ({ publishedGt, pspId }) =>
    book(pagopa)
      .flows.filter(({ pubblicatoIl }) => !publishedGt || Date.parse(pubblicatoIl) > Date.parse(publishedGt))
      .filter(({ psp }) => !pspId || PSPS[psp].id === pspId)
      .map(({ fdr, revisione, psp, pubblicatoIl }) => ({
        ...{ fdr, pspId: PSPS[psp].id, revision: revisione, published: pubblicatoIl, flowDate: pubblicatoIl },
      })),
  )

function paged(
  { searchParams }: URL,
  all: (query: z.infer<typeof querySchema>) => readonly object[] | null,
): PlatformAnswer {
  const query = querySchema.safeParse(Object.fromEntries(searchParams))
  if (!query.success) return fault(400, 'Bad Request', 'FDR-0400', z.prettifyError(query.error))
  const { page, size } = query.data
  const items = all(query.data)
  if (items === null) return noFlow()
  const data = items.slice((page - 1) * size, page * size)
  const metadata = { pageSize: size, pageNumber: page, totPage: Math.ceil(items.length / size) }
  return json(200, { metadata, count: data.length, data })
}

const named = (flows: readonly SentFlow[], [fdr, revision, pspId]: readonly string[]): SentFlow | undefined =>
  flows.find((one) => one.fdr === fdr && String(one.revisione) === revision && PSPS[one.psp].id === pspId)

export const tellFlow: Answer = (pagopa, _call, found) => {
  const flow = named(book(pagopa).flows, found)
  if (!flow) return noFlow()
  const { fdr, revisione, pubblicatoIl, giorno, regolamento, righe } = flow
  const psp = PSPS[flow.psp]
  const { codiceFiscale, nome } = SANDBOX_ACCOUNT.ente
  const channel = { pspBrokerId: psp.codiceFiscale, channelId: `${psp.codiceFiscale}_01` }
  const [count, sum] = [righe.length, sumOf(flow) / 100]
  return json(200, {
    ...{ status: 'PUBLISHED', revision: revisione, created: pubblicatoIl, updated: pubblicatoIl },
    ...{ published: pubblicatoIl, fdr, fdrDate: pubblicatoIl, regulation: regolamento, regulationDate: giorno },
    sender: { type: 'ABI_CODE', id: psp.id, pspId: psp.id, pspName: psp.nome, ...channel },
    receiver: { id: codiceFiscale, organizationId: codiceFiscale, organizationName: nome },
    ...{ computedTotPayments: count, computedSumPayments: sum, totPayments: count, sumPayments: sum },
  })
}

export const tellFlowPayments: Answer = (pagopa, { url }, found) =>
  paged(url, () => {
    const flow = named(book(pagopa).flows, found)
    if (!flow) return null
    return flow.righe.map(({ iuv, iur, idTransfer, importo, esito, pagatoIl }, index) => ({
      ...{ index: index + 1, iuv, iur, idTransfer: Number(idTransfer), pay: importo / 100 },
      ...{ payStatus: esito, payDate: pagatoIl },
    }))
  })
