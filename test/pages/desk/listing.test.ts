/** How far a list is counted, and what it says where nobody counted on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayIn } from '../../../forms/server/catalogue.ts'
import { pagination, rowsOf, totalText } from '../../../forms/server/desk/listing.ts'
import { html } from '../../../forms/server/html.ts'

const links = (page: number, totalItems: number, hasMoreTotalItems: boolean): string =>
  String(html`${pagination(sayIn('it'), page, { totalItems, hasMoreTotalItems }, (to) => `?pagina=${to}`)}`)

test('what was counted to its end says its number, the rest that there is more', () => {
  assert.equal(totalText({ totalItems: 999, hasMoreTotalItems: false }), '999')
  assert.equal(totalText({ totalItems: 1_000, hasMoreTotalItems: true }), '1000+')
  assert.match(links(1, 999, false), /Pagina 1 di 40</)
  assert.match(links(1, 1_000, true), /Pagina 1 di 40\+</)
  assert.equal(links(1, 25, false), '')
})

test('however far one has read, more is counted than was read: there is a way on', () => {
  for (const page of [1, 39, 40, 41, 80, 120]) {
    const { limit, from = 0, totalMax = 0 } = rowsOf(page)
    assert.equal(from, (page - 1) * limit)
    assert.ok(totalMax > page * limit && totalMax <= page * limit + 1_000)
    assert.match(links(page, totalMax, true), new RegExp(`href="\\?pagina=${page + 1}"`))
  }
  assert.doesNotMatch(links(40, 1_000, false), /pagina=41/)
})
