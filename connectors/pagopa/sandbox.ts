/**
 * pagoPA in the sandbox, for one body: positions of GPD 3, and a page where a tester pays what is on a notice. Who pays twice is not
 * stopped: two payers may be quick. What a position must be like stands in sandbox-rules.ts, what has become of it in sandbox-book.ts.
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Journal } from '../journal.ts'
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
import { sandboxPage } from '../sandbox-page.ts'
import { escapeXml } from '../xml.ts'
import { CHECKOUT_PATH } from './checkout.ts'
import { GPD_PATH } from './client.ts'
import { bookOf, type Held, instalmentsOf, type PagopaJournalEntry, type Payable, stateOf } from './sandbox-book.ts'
import { cartSchema, faultOf, positionSchema } from './sandbox-rules.ts'

/** What pagoPA knows the body by. */
export const SANDBOX_ACCOUNT = {
  chiave: 'chiave-pagopa',
  ente: { codiceFiscale: '00337360978', nome: 'Comune di Esempio' },
  segregazione: '01',
  iban: 'IT60X0542811101000000123456',
} as const
const PSP = 'Banca di prova'

export function start(options: SandboxOptions): Promise<Sandbox> {
  return startPlatform(options, platform({ journal: journalOf(options, 'pagopa'), now: options.now }))
}

interface Pagopa {
  readonly journal: Journal<PagopaJournalEntry>
  now(): number
}

type Answer = (pagopa: Pagopa, call: PlatformCall, found: readonly string[]) => PlatformAnswer
const POSITIONS = String.raw`${GPD_PATH}/organizations/(\d{11})/debtpositions`
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string, answer: Answer])[] = [
  ['POST', new RegExp(`^${POSITIONS}$`), 'crea', create],
  ['GET', new RegExp(`^${POSITIONS}/([^/]+)$`), 'leggi', tell],
  ['DELETE', new RegExp(`^${POSITIONS}/([^/]+)$`), 'annulla', remove],
  ['POST', new RegExp(`^${CHECKOUT_PATH}/carts$`), 'carrello', openCart],
  ['GET', /^\/carrelli\/([0-9a-f-]{36})$/, 'pagina', cartPage],
  ['POST', /^\/carrelli\/([0-9a-f-]{36})$/, 'paga', payCart],
  ['GET', /^\/$/, 'pagina', listPage],
  ['GET', /^\/avvisi\/(\d{18})$/, 'pagina', noticePage],
  ['POST', /^\/avvisi\/(\d{18})$/, 'paga', pay],
]
const OPEN_TO_PEOPLE = new Set(['pagina', 'paga'])
const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find(([allowed, path]) => allowed === method && path.test(url.pathname))

const platform = (pagopa: Pagopa): Platform => ({
  name: 'pagopa',
  entries: pagopa.journal.entries,
  operationOf: (call) => routeOf(call)?.[2] ?? 'sconosciuta',
  answer(operation, call) {
    const [, path, , answer] = routeOf(call) ?? []
    if (!path || !answer) return problem(404, 'Not found', 'No such operation')
    const found = path.exec(call.url.pathname)?.slice(1) ?? []
    if (OPEN_TO_PEOPLE.has(operation)) return answer(pagopa, call, found)
    if (call.headers['ocp-apim-subscription-key'] !== SANDBOX_ACCOUNT.chiave) return { ...json(401, ''), body: '' }
    if (operation === 'carrello') return answer(pagopa, call, found)
    const [body, ...rest] = found
    // A key is bound to its body.
    if (body !== SANDBOX_ACCOUNT.ente.codiceFiscale)
      return problem(403, 'Forbidden', 'The key is of another organization')
    return answer(pagopa, call, rest)
  },
})

const problem = (status: number, title: string, detail: string): PlatformAnswer =>
  json(status, { title, status, detail })

function create(pagopa: Pagopa, { body, url }: PlatformCall): PlatformAnswer {
  const asked = positionSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  const { journal, now } = pagopa
  const fault = faultOf(asked.data, { ibans: new Set([SANDBOX_ACCOUNT.iban]), now: now() })
  if (fault !== null) return problem(400, 'Bad request', fault)
  const book = bookOf(journal)
  const position = { posizione: asked.data, insertedAt: at(now), isPublished: true, receipts: [] }
  const isTaken = instalmentsOf(position).some(({ nav }) => book.byNotice(nav) !== undefined)
  if (isTaken || book.byIupd(asked.data.iupd)) return problem(409, 'Conflict', 'iupd, iuv or nav is there already')
  const isPublished = url.searchParams.get('toPublish') === 'true'
  journal.append({ operazione: 'posizione', at: at(now), posizione: asked.data, isPublished })
  return json(201, asked.data)
}

function tell({ journal, now }: Pagopa, _call: PlatformCall, [iupd = '']: readonly string[]): PlatformAnswer {
  const held = bookOf(journal).byIupd(decodeURIComponent(iupd))
  return held ? json(200, shown(held, now())) : problem(404, 'Not found', 'No such position')
}

function remove({ journal, now }: Pagopa, _call: PlatformCall, [iupd = '']: readonly string[]): PlatformAnswer {
  const held = bookOf(journal).byIupd(decodeURIComponent(iupd))
  if (!held) return problem(404, 'Not found', 'No such position')
  if (held.receipts.length > 0) return problem(409, 'Conflict', 'The position has been paid')
  journal.append({ operazione: 'annullata', at: at(now), iupd: held.posizione.iupd })
  return json(200, 'Position deleted')
}

const at = (now: () => number): string => new Date(now()).toISOString()

function shown(held: Held, now: number) {
  const { posizione, insertedAt, receipts } = held
  const instalment = (one: Payable) => {
    const receipt = receipts.find(({ iuv }) => iuv === one.iuv)
    const paid = receipt && { paymentDate: receipt.pagatoIl, idReceipt: receipt.idReceipt, pspCompany: PSP }
    const transfer = one.transfer.map((part) => ({ ...part, status: 'T_UNREPORTED', insertedDate: insertedAt }))
    return {
      ...one,
      organizationFiscalCode: SANDBOX_ACCOUNT.ente.codiceFiscale,
      status: receipt ? 'PAID' : 'UNPAID',
      ...paid,
      transfer,
    }
  }
  return {
    ...{
      iupd: posizione.iupd,
      organizationFiscalCode: SANDBOX_ACCOUNT.ente.codiceFiscale,
      companyName: posizione.companyName,
    },
    ...{
      insertedDate: insertedAt,
      lastUpdatedDate: receipts.at(-1)?.pagatoIl ?? insertedAt,
      status: stateOf(held, now),
    },
    paymentOption: posizione.paymentOption.map(({ description: _, installments, ...option }) => ({
      ...option,
      insertedDate: insertedAt,
      installments: installments.map((one) => instalment({ ...one, nav: one.nav ?? `3${one.iuv}` })),
    })),
  }
}

const euro = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR' })
const html = (title: string, body: string): PlatformAnswer => ({
  ...{ status: 200, type: 'text/html', body: sandboxPage(title, body) },
})

function listPage({ journal, now }: Pagopa): PlatformAnswer {
  const rows = bookOf(journal).all.flatMap((held) =>
    instalmentsOf(held).map(
      ({ nav, amount, description }) =>
        `<tr><td><a href="/avvisi/${nav}">${nav}</a></td><td>${escapeXml(description)}</td><td>${euro.format(amount / 100)}</td><td>${WORDS[stateOf(held, now())]}</td></tr>`,
    ),
  )
  const heads = ['Numero avviso', 'Oggetto', 'Importo', 'Stato'].map((head) => `<th scope="col">${head}</th>`).join('')
  const table = `<table><thead><tr>${heads}</tr></thead><tbody>${rows.reverse().join('')}</tbody></table>`
  return html('Avvisi di pagamento', rows.length === 0 ? '<p>Nessun avviso.</p>' : table)
}

const WORDS = {
  ...{ DRAFT: 'in preparazione', PUBLISHED: 'non ancora pagabile', VALID: 'da pagare' },
  ...{ UNPAYABLE: 'non più pagabile', PARTIALLY_PAID: 'pagato in parte', PAID: 'pagato' },
} as const

function noticePage(pagopa: Pagopa, _call: PlatformCall, [nav = '']: readonly string[]): PlatformAnswer {
  const found = bookOf(pagopa.journal).byNotice(nav)
  if (!found) return problem(404, 'Not found', 'No such notice')
  const { held, instalment } = found
  const state = stateOf(held, pagopa.now())
  const receipts = held.receipts.map(({ idReceipt, pagatoIl }) => `<li>${idReceipt}, ${pagatoIl}</li>`).join('')
  const canPay = state === 'VALID' || state === 'PAID'
  const form = `<form method="post"><button>${state === 'PAID' ? 'Paga di nuovo' : 'Paga'} ${euro.format(instalment.amount / 100)}</button></form>`
  return html(
    `Avviso ${nav}`,
    `<p>${escapeXml(instalment.description)}</p><p>Stato: ${WORDS[state]}</p><ul>${receipts}</ul>${canPay ? form : ''}<p><a href="/">Tutti gli avvisi</a></p>`,
  )
}

function pay(pagopa: Pagopa, _call: PlatformCall, [nav = '']: readonly string[]): PlatformAnswer {
  return paid(pagopa, nav) ?? goTo(`/avvisi/${nav}`)
}

const goTo = (location: string): PlatformAnswer => ({
  ...{ status: 303, type: 'text/plain', body: '' },
  headers: { location },
})

/** Null when it went well. */
function paid({ journal, now }: Pagopa, nav: string): PlatformAnswer | null {
  const found = bookOf(journal).byNotice(nav)
  if (!found) return problem(404, 'Not found', 'No such notice')
  const { held, instalment } = found
  const state = stateOf(held, now())
  if (state !== 'VALID' && state !== 'PAID' && state !== 'PARTIALLY_PAID')
    return problem(409, 'Conflict', 'The notice cannot be paid')
  const { iuv, amount: importo } = instalment
  const receipt = { idReceipt: randomUUID().replaceAll('-', ''), iuv, importo, pagatoIl: at(now) }
  journal.append({ operazione: 'pagata', at: at(now), iupd: held.posizione.iupd, ...receipt })
  return null
}

function openCart({ journal, now }: Pagopa, { headers, body }: PlatformCall): PlatformAnswer {
  const asked = cartSchema.safeParse(parseJson(body))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  const id = randomUUID()
  journal.append({ operazione: 'carrello', at: at(now), id, carrello: asked.data })
  const location = `http://${headers.host}/carrelli/${id}`
  return { ...{ status: 302, type: 'text/plain', body: '' }, headers: { location } }
}

function cartPage({ journal }: Pagopa, _call: PlatformCall, [id = '']: readonly string[]): PlatformAnswer {
  const cart = bookOf(journal).cart(id)
  if (!cart) return problem(404, 'Not found', 'No such cart')
  const rows = cart.paymentNotices.map(
    ({ noticeNumber, description, amount }) =>
      `<tr><td>${noticeNumber}</td><td>${escapeXml(description)}</td><td>${euro.format(amount / 100)}</td></tr>`,
  )
  const total = cart.paymentNotices.reduce((sum, { amount }) => sum + amount, 0)
  const { returnCancelUrl, returnErrorUrl } = cart.returnUrls
  const links = `<p><a href="${escapeXml(returnCancelUrl)}">Annulla</a> · <a href="${escapeXml(returnErrorUrl)}">Il pagamento non riesce</a></p>`
  const pays = `<form method="post"><button>Paga ${euro.format(total / 100)}</button></form>`
  return html('Carrello', `<table><tbody>${rows.join('')}</tbody></table>${pays}${links}`)
}

/** Whoever cannot pay one of them comes back with an error; those before it stay paid, as with the real page. */
function payCart(pagopa: Pagopa, _call: PlatformCall, [id = '']: readonly string[]): PlatformAnswer {
  const cart = bookOf(pagopa.journal).cart(id)
  if (!cart) return problem(404, 'Not found', 'No such cart')
  const { returnOkUrl, returnErrorUrl } = cart.returnUrls
  const isRefused = cart.paymentNotices.some(({ noticeNumber }) => paid(pagopa, noticeNumber) !== null)
  return goTo(isRefused ? returnErrorUrl : returnOkUrl)
}
