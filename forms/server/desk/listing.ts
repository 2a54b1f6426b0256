/** The parts of every list on the desk: filters, a search box, pages. */
import type { Page, Search } from '../../../engine/protocol/query.ts'
import { attributes, type Html, html, type Part } from '../html.ts'
import type { PersonVisit } from '../page.ts'

type Options = readonly (readonly [value: string, text: string])[]
export const select = (name: string, label: string, chosen: string, options: Options): Html =>
  html`<div class="col-6 col-lg"><div class="select-wrapper"><label for="filtro-${name}">${label}</label><select id="filtro-${name}" name="${name}">${options.map(
    ([value, text]) => html`<option${attributes({ value, selected: value === chosen })}>${text}</option>`,
  )}</select></div></div>`

export const searchBox = (label: string, value: string, help: string): Html =>
  html`<div class="col-12 col-lg-4"><div class="form-group"><label class="active" for="filtro-cerca">${label}</label><input type="search" class="form-control" id="filtro-cerca" name="cerca" value="${value}" maxlength="100" aria-describedby="filtro-cerca-aiuto" data-key="/"><small class="form-text" id="filtro-cerca-aiuto">${help}</small></div></div>`

export const PAGE_SIZE = 25
/** Nobody reads on through more: counting on would take the longer the larger the town. */
const COUNTED = 1_000

/** The rows of a page. It is counted past them, to the next thousand, so that there is always a way on. */
export const rowsOf = (page: number): Search['page'] => {
  const from = (page - 1) * PAGE_SIZE
  return { limit: PAGE_SIZE, from, totalMax: COUNTED * Math.ceil((from + PAGE_SIZE + 1) / COUNTED) }
}

type Total = Pick<Page, 'totalItems' | 'hasMoreTotalItems'>

/** `1000+` where nobody counted on. */
export const totalText = ({ totalItems, hasMoreTotalItems }: Total): string =>
  `${totalItems}${hasMoreTotalItems ? '+' : ''}`

export function pagination(
  say: PersonVisit['say'],
  page: number,
  { totalItems, hasMoreTotalItems }: Total,
  address: (page: number) => string,
): Part {
  const pages = Math.ceil(totalItems / PAGE_SIZE)
  if (pages <= 1) return null
  const counted = totalText({ totalItems: pages, hasMoreTotalItems })
  const link = (to: number, text: string) =>
    html`<li class="page-item"><a class="page-link" href="${address(to)}">${text}</a></li>`
  return html`<nav class="pagination-wrapper mt-3" aria-label="${say('pages')}"><ul class="pagination">${
    page > 1 && link(page - 1, say('previousPage'))
  }<li class="page-item active"><span class="page-link" aria-current="page">${say('pageOf', { page: String(page), pages: counted })}</span></li>${
    page < pages && link(page + 1, say('nextPage'))
  }</ul></nav>`
}
