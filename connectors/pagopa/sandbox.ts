/**
 * pagoPA in the sandbox, for one body: positions of GPD 3 and 1, carts, receipts, flows, notices on paper, and pages where a tester pays
 * what is on a notice and gives it back. What a position must be like stands in sandbox-rules.ts, what has become of it in sandbox-book.ts.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { CHECKOUT_PATH } from './checkout.ts'
import { FLOWS_PATH } from './flows.ts'
import { GPD_V1 } from './gpd-v1.ts'
import { GPD_V3 } from './gpd-v3.ts'
import { NOTICES_PATH } from './notices.ts'
import { BIZ_EVENTS_PATH, RECEIPTS_PATH } from './receipts.ts'
import { SANDBOX_ACCOUNT } from './sandbox-account.ts'
import { type Answer, at, type Pagopa, problem } from './sandbox-call.ts'
import { giveBack, payCart, payNotice, reviseFlow, sendFlows } from './sandbox-counter.ts'
import { fault, listFlows, tellFlow, tellFlowPayments } from './sandbox-fdr.ts'
import { type Counted, newLimits } from './sandbox-limits.ts'
import { printNotice } from './sandbox-notices.ts'
import { cartPage, flowsPage, listPage, noticePage } from './sandbox-pages.ts'
import { createPosition, deletePosition, publishPosition, tellPosition } from './sandbox-positions.ts'
import {
  changeIban,
  createPositionV1,
  invalidatePosition,
  publishPositionV1,
  tellPositionV1,
} from './sandbox-positions-v1.ts'
import { listReceipts, tellPayment, tellReceipt } from './sandbox-receipts.ts'
import { cartSchema } from './sandbox-rules.ts'

export { SANDBOX_ACCOUNT } from './sandbox-account.ts'

export interface PagopaSandboxOptions extends SandboxOptions {
  /** By which calls are counted, epoch milliseconds. */
  readonly tokenNow: () => number
}

export function start(options: PagopaSandboxOptions): Promise<Sandbox> {
  const { now, tokenNow } = options
  return startPlatform(options, platform({ journal: journalOf(options, 'pagopa'), now }, newLimits(tokenNow)))
}

/** `body`: with the body's tax code first in the path, and its key; `key`: with its key; `people`: whoever opens the page. */
type Door = 'body' | 'key' | 'people'
interface Route {
  readonly method: string
  readonly path: RegExp
  /** The name faults and observers use. */
  readonly operation: string
  readonly door: Door
  readonly answer: Answer
  readonly counted?: Counted
}
const route = (
  door: Door,
  method: string,
  path: string,
  operation: string,
  answer: Answer,
  counted?: Counted,
): Route => ({ ...{ method, path: new RegExp(`^${path}$`), operation, door, answer }, ...(counted && { counted }) })

const POSITIONS = String.raw`${GPD_V3.path}/organizations/(\d{11})/debtpositions`
const POSITIONS_V1 = String.raw`${GPD_V1.path}/organizations/(\d{11})/debtpositions`
const RECEIPTS = String.raw`${RECEIPTS_PATH}/payments/(\d{11})/receipts`
const BIZ_RECEIPT = String.raw`${BIZ_EVENTS_PATH}/organizations/(\d{11})/receipts/([^/]+)/paymentoptions/([^/]+)`
const FLOWS = String.raw`${FLOWS_PATH}/organizations/(\d{11})/fdrs`
const FLOW = `${FLOWS}/([^/]+)/revisions/([^/]+)/psps/([^/]+)`
const NOTICE = String.raw`/avvisi/(\d{18})`
const CART = '/carrelli/([0-9a-f-]{36})'

export const ROUTES: readonly Route[] = [
  route('body', 'POST', POSITIONS, 'crea', createPosition),
  route('body', 'GET', `${POSITIONS}/([^/]+)`, 'leggi', tellPosition),
  route('body', 'DELETE', `${POSITIONS}/([^/]+)`, 'annulla', deletePosition),
  route('body', 'POST', `${POSITIONS}/([^/]+)/publish`, 'pubblica', publishPosition),
  route('body', 'POST', POSITIONS_V1, 'crea', createPositionV1),
  route('body', 'PATCH', `${POSITIONS_V1}/transfers`, 'cambia-iban', changeIban),
  route('body', 'GET', `${POSITIONS_V1}/([^/]+)`, 'leggi', tellPositionV1),
  route('body', 'DELETE', `${POSITIONS_V1}/([^/]+)`, 'annulla', deletePosition),
  route('body', 'POST', `${POSITIONS_V1}/([^/]+)/publish`, 'pubblica', publishPositionV1),
  route('body', 'POST', `${POSITIONS_V1}/([^/]+)/invalidate`, 'annulla', invalidatePosition),
  route('body', 'GET', RECEIPTS, 'ricevute', listReceipts, 'ricevute'),
  route('body', 'GET', `${RECEIPTS}/([^/]+)`, 'ricevuta', tellReceipt, 'ricevute'),
  route('body', 'GET', BIZ_RECEIPT, 'pagamento', tellPayment, 'biz-events'),
  route('body', 'GET', FLOWS, 'flussi', listFlows, 'flussi'),
  route('body', 'GET', FLOW, 'flusso', tellFlow, 'flussi'),
  route('body', 'GET', `${FLOW}/payments`, 'righe', tellFlowPayments, 'flussi'),
  route('key', 'POST', `${CHECKOUT_PATH}/carts`, 'carrello', openCart, 'carrelli'),
  route('key', 'POST', `${NOTICES_PATH}/notices/generate`, 'stampa', printNotice),
  route('people', 'GET', CART, 'pagina', cartPage),
  route('people', 'POST', CART, 'paga', payCart),
  route('people', 'GET', '/', 'pagina', listPage),
  route('people', 'GET', NOTICE, 'pagina', noticePage),
  route('people', 'POST', NOTICE, 'paga', payNotice),
  route('people', 'POST', '/pagamenti/([0-9a-f]{32})/storno', 'storna', giveBack),
  route('people', 'GET', '/flussi', 'pagina', flowsPage),
  route('people', 'POST', '/flussi', 'rendiconta', sendFlows),
  route('people', 'POST', '/flussi/([^/]+)/revisione', 'rivedi', reviseFlow),
]

const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find((one) => one.method === method && one.path.test(url.pathname))

const platform = (pagopa: Pagopa, limited: ReturnType<typeof newLimits>): Platform => ({
  name: 'pagopa',
  entries: pagopa.journal.entries,
  operationOf: (call) => routeOf(call)?.operation ?? 'sconosciuta',
  answer(_operation, call) {
    const found = routeOf(call)
    if (!found) return problem(404, 'Not found', 'No such operation')
    const { path, door, answer, counted } = found
    const held = (path.exec(call.url.pathname) ?? []).slice(1).map(decodeURIComponent)
    if (door === 'people') return answer(pagopa, call, held)
    if (call.headers['ocp-apim-subscription-key'] !== SANDBOX_ACCOUNT.chiave) return { ...json(401, ''), body: '' }
    // A key is bound to its body.
    if (door === 'body' && held.shift() !== SANDBOX_ACCOUNT.ente.codiceFiscale)
      return problem(403, 'Forbidden', 'The key is of another organization')
    const answered = () => answer(pagopa, call, held)
    return counted ? limited(counted, answered) : answered()
  },
  broken: ({ url }) => ({
    after: url.pathname.startsWith(FLOWS_PATH)
      ? fault(500, 'Internal Server Error', 'FDR-0500', 'Internal error')
      : problem(500, 'Internal Server Error', 'Internal error'),
    unprocessable: problem(422, 'Unprocessable', 'Not processable'),
  }),
})

function openCart(pagopa: Pagopa, { headers, body }: PlatformCall): PlatformAnswer {
  const asked = cartSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  const id = randomUUID()
  pagopa.journal.append({ operazione: 'carrello', at: at(pagopa), id, carrello: asked.data })
  const location = `http://${headers.host}/carrelli/${id}`
  return { ...{ status: 302, type: 'text/plain', body: '' }, headers: { location } }
}
