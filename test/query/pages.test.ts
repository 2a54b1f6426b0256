/** Orders, pages in both directions, totals. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Search } from '../../engine/protocol/query.ts'
import { TOTAL_MAX } from '../../engine/store/query/search.ts'
import { openWorld, where } from './world.ts'

const world = await openWorld()
after(() => world[Symbol.asyncDispose]())

await world.insert('process_definition', { key: 1 })
const deadlines = [300, null, 100, 300, null, 200, 100]
for (const [i, deadline] of deadlines.entries()) {
  await world.insert('job', { key: i + 1, deadline, type: i % 2 === 0 ? 'B' : 'a', error_message: i % 3 ? 'é' : null })
}
await world.insert('job_history', { key: 8, deadline: 250, type: 'a', state: 'COMPLETED', ended_at: 1 })

type Sort = Search['sort']
const orders: Readonly<Record<string, readonly [sort: Sort, ids: string]>> = {
  'by key unless told otherwise': [[], '12345678'],
  'keys downward': [[{ field: 'jobKey', order: 'DESC' }], '87654321'],
  'upward, absent values last, then by key': [[{ field: 'deadline', order: 'ASC' }], '37681425'],
  'downward, absent values last all the same': [[{ field: 'deadline', order: 'DESC' }], '14863725'],
  'text by code point': [
    [
      { field: 'type', order: 'ASC' },
      { field: 'jobKey', order: 'DESC' },
    ],
    '75318642',
  ],
  'several fields in several directions': [
    [
      { field: 'type', order: 'DESC' },
      { field: 'deadline', order: 'ASC' },
    ],
    '68423715',
  ],
  'computed states': [
    [
      { field: 'state', order: 'ASC' },
      { field: 'errorMessage', order: 'DESC' },
    ],
    '81472356',
  ],
}

async function pagesOf(sort: Sort, limit: number) {
  const pages: { readonly ids: string; readonly start: string; readonly end: string }[] = []
  let after: string | undefined
  for (;;) {
    const page = { limit, ...(after !== undefined && { after }) }
    const { items, totalItems, startCursor, endCursor } = await world.search('jobs', { sort, page })
    assert.equal(totalItems, 8, 'the total is that of all pages')
    if (items.length === 0) return pages
    pages.push({ ids: items.map(({ jobKey }) => jobKey).join(''), start: startCursor!, end: endCursor! })
    after = endCursor!
  }
}

for (const [name, [sort, ids]] of Object.entries(orders)) {
  describe(name, () => {
    test('as a whole', async () => assert.equal((await world.ids('jobs', { sort })).join(''), ids))
    for (const limit of [1, 3, 8]) {
      test(`pages of ${limit}, forward and back`, async () => {
        const pages = await pagesOf(sort, limit)
        assert.equal(pages.map((page) => page.ids).join(''), ids)
        for (const [i, page] of pages.entries()) {
          const back = await world.ids('jobs', { sort, page: { limit, before: page.start } })
          assert.equal(back.join(''), pages[i - 1]?.ids ?? '')
        }
      })
    }
  })
}

test('an offset', async () => {
  assert.deepEqual(await world.ids('jobs', { page: { from: 6, limit: 100 } }), ['7', '8'])
  const beyond = await world.search('jobs', { page: { from: 60, limit: 100 } })
  assert.deepEqual(beyond, {
    items: [],
    totalItems: 8,
    hasMoreTotalItems: false,
    startCursor: null,
    endCursor: null,
  })
})

test('the total is the same on every page, full or not', async () => {
  for (const limit of [0, 1, 7, 8, 9])
    for (const from of [0, 1, 7, 8, 9]) {
      const { items, totalItems } = await world.search('jobs', { page: { from, limit } })
      assert.deepEqual([items.length, totalItems], [Math.max(0, Math.min(limit, 8 - from)), 8], `${limit} from ${from}`)
    }
})

test('a filter holds on every page', async () => {
  const asked = { ...where('type', '$eq', 'a'), sort: [{ field: 'deadline', order: 'DESC' }] as const }
  const first = await world.search('jobs', { ...asked, page: { limit: 2 } })
  assert.deepEqual(await world.ids('jobs', { ...asked, page: { limit: 9, after: first.endCursor! } }), ['6', '2'])
  assert.equal(first.totalItems, 4)
})

test('cursors are what the API promises', async () => {
  const { startCursor, endCursor } = await world.search('jobs', { page: { limit: 3 } })
  for (const cursor of [startCursor!, endCursor!]) assert.match(cursor, /^[A-Za-z0-9+/]{2,300}={0,2}$/)
})

const refused = { name: 'GatewayError', status: 'INVALID_ARGUMENT' }
for (const cursor of ['AAAA', 'MSBPUiAx', '', Buffer.from('1').toString('base64url')]) {
  test(`'${cursor}' is no cursor`, async () => {
    await assert.rejects(world.search('jobs', { page: { limit: 1, after: cursor } }), refused)
  })
}
test('the row of a cursor may be gone: that is said, unless its key is enough', async () => {
  const after = Buffer.from('77').toString('base64')
  assert.deepEqual(await world.ids('jobs', { page: { limit: 1, after } }), [])
  const sort = [{ field: 'deadline', order: 'ASC' }] as const
  await assert.rejects(world.search('jobs', { sort, page: { limit: 1, after } }), refused)
})

test('a page and its total are of one moment, whatever is written meanwhile', async () => {
  await world.insert('incident', { key: 0 })
  const { endCursor: after } = await world.search('incidents', { page: { limit: 1 } })
  const written = async () => {
    for (let key = 1; key < 300; key++) await world.insert('incident', { key })
  }
  // Behind a cursor the total is counted apart from the page.
  const read = async () => {
    for (let i = 0; i < 150; i++) {
      const { items, totalItems } = await world.search('incidents', { page: { limit: 1_000, after: after! } })
      assert.equal(items.length + 1, totalItems)
    }
  }
  await Promise.all([written(), read()])
})

test('what is filtered by alone cannot be sorted by', async () => {
  const sort = [{ field: 'candidateGroup', order: 'ASC' }] as const
  await assert.rejects(world.search('user-tasks', { sort }), refused)
})

test('totals are counted up to a bound', async () => {
  await world.pool.query(
    `INSERT INTO engine.variable SELECT n, 9, 9, 1, '<default>', 'x', '1' FROM generate_series(1, ${TOTAL_MAX}) AS n`,
  )
  const full = await world.search('variables', { page: { limit: 1 } })
  assert.deepEqual([full.totalItems, full.hasMoreTotalItems], [TOTAL_MAX, false])
  await world.insert('variable', { key: TOTAL_MAX + 1 })
  const more = await world.search('variables', { page: { limit: 1 } })
  assert.deepEqual([more.totalItems, more.hasMoreTotalItems], [TOTAL_MAX, true])
})

test('a search may ask for less to be counted', async () => {
  const upTo = async (totalMax: number, from = 0) => {
    const { items, totalItems, hasMoreTotalItems } = await world.search('jobs', { page: { limit: 3, from, totalMax } })
    return [items.length, totalItems, hasMoreTotalItems]
  }
  assert.deepEqual(await upTo(7), [3, 7, true])
  assert.deepEqual(await upTo(8), [3, 8, false])
  assert.deepEqual(await upTo(2 * TOTAL_MAX), [3, 8, false])
  assert.deepEqual(await upTo(4, 3), [3, 4, true], 'rows are shown whatever is counted')
})

test('a search may ask for some fields alone', async () => {
  const { items } = await world.search('jobs', { only: ['type', 'none'], page: { limit: 2 } })
  assert.deepEqual(items, [
    { jobKey: '1', type: 'B' },
    { jobKey: '2', type: 'a' },
  ])
  const { items: byDeadline } = await world.search('jobs', {
    ...{ only: [], sort: [{ field: 'deadline', order: 'ASC' }], page: { limit: 1 } },
  })
  assert.deepEqual(byDeadline, [{ jobKey: '3' }])
})
