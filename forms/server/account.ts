/**
 * The account of a practice: what was paid, is exempt or is still to be settled, each row with what it rests on. As a part of a page,
 * and as a file. Owns: how it is shown. Does not own: what is entered (connectors/contabilita), who may read the practice.
 */
import type { Booked } from '../../connectors/contabilita/accounts.ts'
import type { Say } from './catalogue.ts'
import { shown } from './form/display.ts'
import { type Html, html, type Part } from './html.ts'
import type { Answer } from './page.ts'
import { stackedTable } from './stacked-table.ts'

const stateKeys = {
  PAGATO: 'accountPaid',
  ECCEDENTE: 'accountExcess',
  ESENTE: 'accountExempt',
  DA_REGOLARIZZARE: 'accountUnsettled',
  RIMBORSATO: 'accountRefunded',
  TRATTENUTO: 'accountKept',
  CREDITO: 'accountOwed',
  RIVERSATO: 'accountArrived',
  STORNATO: 'accountRevoked',
} as const satisfies Record<Booked['stato'], string>
const sourceKeys = {
  RICEVUTA: 'sourceReceipt',
  DOCUMENTO: 'sourceDocument',
  DECISIONE: 'sourceDecision',
  MANDATO: 'sourceOrder',
  FLUSSO: 'sourceFlow',
} as const satisfies Record<Booked['fonte']['tipo'], string>

/** `2600` is `26,00`. */
export const euros = (cents: number): string =>
  `${Math.trunc(cents / 100)},${String(Math.abs(cents % 100)).padStart(2, '0')}`

/** Why it is this amount, under what it is for. */
export const renderReason = (reason: string | null | undefined): Part =>
  reason ? html`<span class="d-block small fw-normal">${reason}</span>` : null

/** With its heading; nothing while the account is empty. `file`: address of the same as a file; `receipt`: of what was paid. */
export function renderAccount(say: Say, rows: readonly Booked[], file: string, receipt?: string): Part {
  if (rows.length === 0) return null
  const paid = sumOf(rows.filter(isPaid))
  const heads = [say('accountItem'), say('accountAmount'), say('state'), say('accountDay'), say('accountSource')]
  const caption = say('accountCaption', { paid: euros(paid) })
  const table = stackedTable(
    caption,
    heads,
    rows.map((row) => renderRow(say, row)),
  )
  return html`<h2 class="h4" id="conto">${say('account')}</h2>${table}${
    receipt !== undefined && rows.some(isPaid) && html`<p><a href="${receipt}">${say('downloadPaid')}</a></p>`
  }<p><a href="${file}">${say('accountFile')}</a></p>`
}

function renderRow(say: Say, { voce, motivo, centesimi, stato, giorno, avviso, fonte }: Booked): Html {
  const source = html`${say(sourceKeys[fonte.tipo])} ${fonte.riferimento}${avviso !== null && html`<span class="d-block small">${say('accountNotice', { number: avviso })}</span>`}`
  return html`<tr role="row"><th scope="row" role="rowheader">${voce}${renderReason(motivo)}</th><td role="cell" data-label="${say('accountAmount')}">${euros(centesimi)} €</td><td role="cell" data-label="${say('state')}">${say(stateKeys[stato])}</td><td role="cell" data-label="${say('accountDay')}"><time datetime="${giorno}">${shown(giorno)}</time></td><td role="cell" data-label="${say('accountSource')}">${source}</td></tr>`
}

/** What was paid, notice by notice with its receipt, as lines of text; none while nothing is. */
export const paidLines = (say: Say, rows: readonly Booked[]): readonly string[] =>
  [...Map.groupBy(rows.filter(isPaid), ({ avviso, fonte }) => `${avviso ?? ''} ${fonte.riferimento}`).values()].flatMap(
    (paid) => paidOnce(say, paid),
  )

function paidOnce(say: Say, paid: readonly Booked[]): readonly string[] {
  const { avviso, fonte, giorno } = paid[0]!
  const lines = paid.map(
    ({ voce, centesimi, motivo }) => `- ${voce}: ${euros(centesimi)} €${motivo === null ? '' : ` (${motivo})`}`,
  )
  return [
    '',
    ...(avviso === null ? [] : [say('accountNotice', { number: avviso })]),
    `${say(sourceKeys[fonte.tipo])} ${fonte.riferimento}`,
    `${say('accountDay')}: ${shown(giorno)}`,
    ...lines,
    say('accountTotal', { paid: euros(sumOf(paid)) }),
  ]
}

const isPaid = ({ stato }: Booked): boolean => stato === 'PAGATO'
const sumOf = (rows: readonly Booked[]): number => rows.reduce((sum, { centesimi }) => sum + centesimi, 0)

const COLUMNS = ['progressivo', 'giorno', 'voce', 'importo', 'stato', 'avviso', 'fonte', 'riferimento', 'motivo']
const BOM = '﻿'

/** As Italian spreadsheets open it (RFC 4180 with semicolons): a cell that would be taken for a formula is told as text. */
export function accountFile(practice: string, rows: readonly Booked[]): Answer {
  const lines = rows.map((row) =>
    [
      ...[String(row.progressivo), row.giorno, row.voce, euros(row.centesimi), row.stato, row.avviso ?? ''],
      ...[row.fonte.tipo, row.fonte.riferimento, row.motivo ?? ''],
    ].map(cell),
  )
  const text = [COLUMNS, ...lines].map((line) => `${line.join(';')}\r\n`).join('')
  const content = new TextEncoder().encode(BOM + text)
  return { kind: 'file', name: `conto-${practice}.csv`, mediaType: 'text/csv; charset=utf-8', content }
}

function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[";\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
