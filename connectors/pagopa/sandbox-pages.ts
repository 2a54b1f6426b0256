/** The pages of pagoPA's sandbox: notices, what was paid with them, carts, flows. Owns what a tester sees; not what becomes of it. */
import type { PlatformAnswer } from '../sandbox.ts'
import { sandboxPage } from '../sandbox-page.ts'
import { escapeXml } from '../xml.ts'
import { PSPS } from './sandbox-account.ts'
import { type GpdState, stateOf } from './sandbox-book.ts'
import { type Answer, book, problem } from './sandbox-call.ts'
import { isPayable } from './sandbox-counter.ts'
import { sumOf } from './sandbox-flows.ts'
import { instalmentsOf, type MadePayment, type Payable } from './sandbox-payments.ts'
import type { FlowPaymentState } from './types.ts'

const number = new Intl.NumberFormat('it-IT', { style: 'currency', currency: 'EUR' })
const euro = (cents: number): string => number.format(cents / 100)
const clock = new Intl.DateTimeFormat('it-IT', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Europe/Rome' })
const time = (instant: string): string => clock.format(Date.parse(instant))

const html = (title: string, body: string): PlatformAnswer => ({
  ...{ status: 200, type: 'text/html', body: sandboxPage(title, body) },
})
/** Cells are written by whoever calls: text among them is escaped there. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join('')
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

const STATES: Readonly<Record<GpdState, string>> = {
  ...{ DRAFT: 'in preparazione', PUBLISHED: 'non ancora pagabile', VALID: 'da pagare', INVALID: 'annullato' },
  ...{ EXPIRED: 'scaduto', PARTIALLY_PAID: 'pagato in parte', PAID: 'pagato', REPORTED: 'rendicontato' },
}

export const listPage: Answer = (pagopa) => {
  const { all, flows } = book(pagopa)
  const rows = all.flatMap((held) =>
    instalmentsOf(held.posizione).map(({ nav, amount, description }) => [
      ...[`<a href="/avvisi/${nav}">${nav}</a>`, escapeXml(description), euro(amount)],
      STATES[stateOf(held, flows, pagopa.now())],
    ]),
  )
  const notices = table(['Numero avviso', 'Oggetto', 'Importo', 'Posizione'], rows.reverse())
  const links = '<p><a href="/flussi">Flussi di rendicontazione</a></p>'
  return html('Avvisi di pagamento', `${rows.length === 0 ? '<p>Nessun avviso.</p>' : notices}${links}`)
}

export const noticePage: Answer = (pagopa, _call, [nav = '']) => {
  const { byNotice, payments, flows } = book(pagopa)
  const found = byNotice(nav)
  if (!found) return problem(404, 'Not found', 'No such notice')
  const { held, instalment } = found
  const state = stateOf(held, flows, pagopa.now())
  const made = payments.filter(({ rata }) => rata.nav === nav).map((payment) => paymentRow(payment, pagopa.now()))
  const heads = ['Pagato', 'Importo', 'Presso', 'IUR', 'Ricevuta', 'Storno']
  const form = isPayable(held, instalment, state, pagopa.now()) ? payForm(instalment, made.length > 0) : ''
  const about = `<p>${escapeXml(instalment.description)}: ${euro(instalment.amount)}</p><p>Posizione: ${STATES[state]}</p>`
  const list = made.length === 0 ? '' : table(heads, made)
  return html(`Avviso ${nav}`, `${about}${list}${form}<p><a href="/">Tutti gli avvisi</a></p>`)
}

function paymentRow({ idReceipt, importo, psp, pagatoIl, ricevutaDal, stornataIl }: MadePayment, now: number) {
  const form = `<form method="post" action="/pagamenti/${idReceipt}/storno"><button>Storna</button></form>`
  return [
    ...[time(pagatoIl), euro(importo), PSPS[psp].nome, idReceipt, receiptWords(ricevutaDal, now)],
    stornataIl === null ? form : time(stornataIl),
  ]
}

function receiptWords(ricevutaDal: string | null, now: number): string {
  if (ricevutaDal === null) return 'nessuna'
  return Date.parse(ricevutaDal) > now ? `arriva il ${time(ricevutaDal)}` : 'arrivata'
}

function payForm({ amount }: Payable, isAgain: boolean): string {
  const pays = `<button>${isAgain ? 'Paga di nuovo' : 'Paga'} ${euro(amount)}</button>`
  const psp = Object.entries(PSPS).map(([name, { nome }]) => `<option value="${name}">${nome}</option>`)
  const days = [
    ['0', 'subito'],
    ['1', 'dopo un giorno'],
    ['3', 'dopo tre giorni'],
    ['7', 'dopo sette giorni'],
    ['mai', 'mai (pagato senza che pagoPA lo sappia)'],
  ].map(([value, words]) => `<option value="${value}">${words}</option>`)
  return `<form method="post"><p>${pays}</p>
<p><label>Importo diverso, in euro <input name="importo" inputmode="decimal" size="8"></label></p>
<p><label>Presso <select name="psp">${psp.join('')}</select></label></p>
<p><label>La ricevuta arriva <select name="ricevuta">${days.join('')}</select></label></p></form>`
}

export const cartPage: Answer = (pagopa, _call, [id = '']) => {
  const cart = book(pagopa).cart(id)
  if (!cart) return problem(404, 'Not found', 'No such cart')
  const rows = cart.paymentNotices.map(({ noticeNumber, description, amount }) => [
    ...[noticeNumber, escapeXml(description), euro(amount)],
  ])
  const total = cart.paymentNotices.reduce((sum, { amount }) => sum + amount, 0)
  const { returnCancelUrl, returnErrorUrl } = cart.returnUrls
  const links = `<p><a href="${escapeXml(returnCancelUrl)}">Annulla</a> · <a href="${escapeXml(returnErrorUrl)}">Il pagamento non riesce</a></p>`
  const pays = `<form method="post"><button>Paga ${euro(total)}</button></form>`
  const about = '<p>Pagina di prova di pagoPA: nessuno paga davvero.</p>'
  return html('Paga con pagoPA', `${about}${table(['Numero avviso', 'Oggetto', 'Importo'], rows)}${pays}${links}`)
}

const OUTCOMES: Readonly<Record<FlowPaymentState, string>> = {
  ...{ EXECUTED: 'pagato', REVOKED: 'stornato', NO_RPT: 'pagato senza ricevuta' },
  ...{ STAND_IN: 'pagato in stand-in', STAND_IN_NO_RPT: 'pagato in stand-in senza ricevuta' },
}

const withoutForm = (fdr: string, iur: string): string =>
  `<form method="post" action="/flussi/${fdr}/revisione"><input type="hidden" name="iur" value="${iur}"><button>Togli e pubblica di nuovo</button></form>`

export const flowsPage: Answer = (pagopa) => {
  const sections = book(pagopa).flows.map((flow) => {
    const about = `<p>${PSPS[flow.psp].nome}, ${time(flow.pubblicatoIl)}: ${euro(sumOf(flow))} con ${flow.regolamento}</p>`
    const rows = flow.righe.map(({ iuv, iur, idTransfer, importo, esito }) => [
      ...[iuv, iur, idTransfer, euro(importo), OUTCOMES[esito], withoutForm(flow.fdr, iur)],
    ])
    const revision = flow.revisione === 1 ? '' : `, revisione ${flow.revisione}`
    return `<h2>${flow.fdr}${revision}</h2>${about}${table(['IUV', 'IUR', 'Trasferimento', 'Importo', 'Esito', 'Rettifica'], rows)}`
  })
  const none =
    '<p>Nessun flusso. Ogni mattina alle 6 parte quello del giorno prima, uno per ogni prestatore di servizi.</p>'
  const now = '<form method="post"><button>Invia ora i pagamenti non ancora rendicontati</button></form>'
  const body = sections.length === 0 ? none : sections.reverse().join('')
  return html('Flussi di rendicontazione', `${now}${body}<p><a href="/">Tutti gli avvisi</a></p>`)
}
