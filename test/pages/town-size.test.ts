/**
 * What a page makes the database read does not grow with the town: each page of a citizen and of a clerk is asked for in a town of few
 * practices and in one of many, and the rows that PostgreSQL looked at are compared. Rows, not time: they are the same on any machine.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { type FilledTown, filledTown } from '../bench/pages/practices.ts'
import { listenToStatements, type Reading, readingOf, SEARCH_SETTINGS, statementsOf } from '../bench/pages/rows-read.ts'
import { visitsTo } from '../bench/pages/visits.ts'

/** Enough for those who sign in to have in both towns the practices that they have in any. */
const FEW = 70
const MANY = 3 * FEW
/** What grows with the town grows three times; twice leaves room for pages that show other practices, with more or fewer steps. */
const RATIO_MAX = 2
/** Below that a few rows more are no growth. */
const ROWS_MIN = 60

/**
 * Lists of the town's work, and the press that leads back to one: in towns of this size they are not full yet, and what they count up
 * to a bound is less than it. Whether they grow beyond, `npm run bench:pages` tells; here, that an index leads to what they show.
 */
const LISTS = /^(?:queue|practices|incidents)\b|^POST release$/
/** As many as a town has deployed or holds at once. */
const SMALL = ['process_definition', 'suspension']
/** What waits for somebody: a list without a filter counts it, up to a bound. */
const COUNTED = ['user_task', 'incident']

/** To read through tables of this size is cheaper than any index: what is asked is whether an index leads to the rows. */
const SETTINGS = `${SEARCH_SETTINGS} -c enable_seqscan=off`

listenToStatements()

const towns: FilledTown[] = []
after(() => Promise.all(towns.map(({ town }) => town.close())))

/** By page. */
type Readings = ReadonlyMap<string, Reading>
let few: Readings
let many: Readings
before(async () => {
  // Side by side: much of filling is waiting.
  const filled = await Promise.allSettled([FEW, MANY].map((size) => filledTown(size, () => {})))
  for (const one of filled) if (one.status === 'fulfilled') towns.push(one.value)
  for (const one of filled) if (one.status === 'rejected') throw one.reason
  few = await readingsIn(towns[0]!)
  many = await readingsIn(towns[1]!)
})

/** Each page is asked for twice, and the second time counts: the first learns the numbers of practices. */
async function readingsIn(filled: FilledTown): Promise<Readings> {
  const observer = new pg.Client({ connectionString: filled.town.databaseUrl, options: SETTINGS })
  await observer.connect()
  const readings = new Map<string, Reading>()
  for (const isRead of [false, true])
    for (const { name, prepare, ask } of await visitsTo(filled)) {
      await prepare?.()
      const statements = [...(await statementsOf(ask))]
      if (isRead) readings.set(name, await readingOf(observer, statements))
    }
  await observer.end()
  return readings
}

/** What a statement asks, without most of the columns that it shows. */
const askedBy = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replaceAll(/SELECT (?:(?!SELECT| FROM ).)* FROM/gi, 'SELECT … FROM')
    .slice(0, 1_500)

test('a page reads no more because the town has more practices', () => {
  const told = [...many].flatMap(([name, { rows, most }]) => {
    const inFew = few.get(name)!.rows
    return LISTS.test(name) || rows <= RATIO_MAX * Math.max(inFew, ROWS_MIN)
      ? []
      : [`${name}: ${inFew} rows of ${FEW} practices, ${rows} of ${MANY}; ${most.rows} for ${askedBy(most.text)}`]
  })
  assert.equal(told.length, 0, told.join('\n'))
})

test('no page reads a table from end to end that grows with the town, lists neither', () => {
  for (const [name, { wholly }] of many) {
    const allowed = LISTS.test(name) ? [...SMALL, ...COUNTED] : SMALL
    assert.deepEqual([...wholly.difference(new Set(allowed))], [], name)
  }
})
