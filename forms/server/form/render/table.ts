/** A table → HTML. Headings sort and pages turn by posts of the form around it, so that nothing typed is lost and no script is needed. */
import { attributes, type Html, html, type Part } from '../../html.ts'
import type { Table, TableView } from '../page.ts'
import { viewText } from '../table.ts'
import { words } from '../words.ts'
import type { Look } from './look.ts'

export function renderTable(table: Table, look: Look): Html {
  const { label, headings, rows, view, control } = table
  const word = words[look.language]
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)
  const none = html`<tr><td colspan="${Math.max(1, headings.length)}">${word.noTableRows}</td></tr>`
  // Before the buttons of the same name: of two texts the last counts.
  const kept = !look.isStill && html`<input type="hidden" name="${control}" value="${viewText(view)}">`
  return html`${kept}<div class="table-responsive mb-4" role="region" aria-label="${label || word.table}" tabindex="0"><table class="table"><caption>${label || word.table}</caption><thead><tr>${headings.map(
    (heading, index) => headingOf(table, heading, index, look),
  )}</tr></thead><tbody>${rows.length === 0 ? none : body}</tbody></table></div>${pager(table, look)}`
}

function headingOf({ view, control, rows }: Table, text: string, index: number, look: Look): Html {
  const isSorted = view.column === index
  const order = isSorted ? (view.isDescending ? 'descending' : 'ascending') : null
  if (look.isStill || rows.length < 2) return html`<th scope="col"${attributes({ 'aria-sort': order })}>${text}</th>`
  const next = { column: index, isDescending: isSorted && !view.isDescending, page: 0 }
  const mark = isSorted && html` <span aria-hidden="true">${view.isDescending ? '▼' : '▲'}</span>`
  return html`<th scope="col"${attributes({ 'aria-sort': order })}>${press(control, next, html`${text}${mark}<span class="visually-hidden">: ${words[look.language].sort}</span>`)}</th>`
}

const press = (control: string, view: TableView, inner: Part): Html =>
  html`<button type="submit" class="btn btn-link p-0" formnovalidate${attributes({ name: control, value: viewText(view) })}>${inner}</button>`

function pager({ view, pages, control, label }: Table, look: Look): Part {
  if (pages === 1) return null
  const word = words[look.language]
  const turn = (page: number, text: string): Part =>
    page >= 0 &&
    page < pages &&
    !look.isStill &&
    press(control, { ...view, page }, html`${text}<span class="visually-hidden"> – ${label || word.table}</span>`)
  return html`<p class="d-flex gap-3 mb-4">${turn(view.page - 1, word.pageBefore)}<span>${word.page(view.page + 1, pages)}</span>${turn(view.page + 1, word.pageAfter)}</p>`
}
