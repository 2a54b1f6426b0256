/**
 * Every page and every error state there is, of citizens, clerks and administrators: met by a crawl of a town in the middle of its work,
 * then looked at in Chromium, on a phone with script and on a desk without. A route that is added and not met fails here.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { citizenRoutes } from '../../forms/server/citizen/routes.ts'
import { deskRoutes } from '../../forms/server/desk/routes.ts'
import { documentRoutes } from '../../forms/server/documents.ts'
import { FORM, PROCESS_ID } from '../pages/declaration.ts'
import { openTown, type TownUnderTest } from '../pages/town.ts'
import { openChromium, withoutChromium } from './chromium.ts'
import { assertConformant } from './conformance.ts'
import { Crawl } from './crawl.ts'
import { liveIn } from './lived-in-town.ts'

const routes = [...documentRoutes, ...citizenRoutes, ...deskRoutes]
/** Asked by a script alone, answered with nothing to show. */
const WITHOUT_PAGE = new Set(['post /scrivania/compiti/:key/bozza'])

/** What no link and no form of one's own leads to. */
async function meetRefusals(town: TownUnderTest, crawl: Crawl): Promise<void> {
  const visitor = town.browser()
  const [citizen, newcomer, clerk, colleague] = await Promise.all(
    ['Mario Rossi', 'Lucia Bianchi', 'Piero Marini', 'Carla Leoni'].map((name) => town.browser().signIn(name)),
  )
  crawl.keep(await visitor.open('/niente'), 'an address that is none')
  crawl.keep(await visitor.open('/accedi/ritorno?code=x'), 'a sign-in that failed')
  crawl.keep(await visitor.open('/accedi'), 'the sample people')
  crawl.keep(await visitor.open(`/servizi/${PROCESS_ID}/valutazione`), 'the rating')
  crawl.asked.add('get /servizi/:key/valutazione')
  crawl.keep(await citizen!.open('/scrivania'), 'a page of others')
  crawl.keep(await citizen!.open('/scrivania/compiti/1'), 'a task of others')
  crawl.keep(await clerk!.open('/scrivania/compiti/1'), 'a task that is none')
  crawl.keep(await clerk!.open('/scrivania/pratiche/x'), 'a key that is none')
  crawl.keep(await citizen!.twin().send('POST', '/esci', new URLSearchParams({ _csrf: 'x' })), 'a forged post')
  const tooLong = new URLSearchParams({ _csrf: 'x', testo: 'x'.repeat(300_000) })
  crawl.keep(await citizen!.twin().send('POST', FORM, tooLong), 'more than is read')
  await newcomer!.open(FORM)
  for (let drafts = 0; drafts < 21; drafts++) await newcomer!.twin().press('Salva la bozza')
  crawl.keep(await newcomer!.twin().press('Salva la bozza'), 'too many drafts')

  await clerk!.open('/scrivania')
  await clerk!.follow('Accerta la dimora abituale')
  await colleague!.open(clerk!.address)
  await colleague!.press('Prendi in carico')
  crawl.keep(await clerk!.press('Completa', { 'accertamento.presenti': 'nessuno' }), 'a colleague was faster')
  await colleague!.press('Annulla')

  await clerk!.open('/scrivania')
  await clerk!.follow('Accerta la dimora abituale')
  const typed = new URLSearchParams({ 'accertamento.presenti': 'nessuno', azione: 'completa' })
  typed.set('_csrf', clerk!.values().get('_csrf')![0]!)
  const { address } = clerk!
  await town.database('session').update({ expires_at: new Date(Date.now() - 60_000) })
  crawl.keep(await clerk!.send('POST', address, typed), 'a session that ended while somebody typed')
  crawl.keep(await clerk!.press('Entra come Piero Marini'), 'what was typed, kept')
}

/** What would end the walk: a database without one of its tables, and somebody who asks for the sign-in too often. */
async function meetTrouble(town: TownUnderTest, crawl: Crawl): Promise<void> {
  const citizen = await town.browser().signIn('Mario Rossi')
  await town.database.schema.renameTable('draft', 'draft_away')
  crawl.keep(await citizen.open('/area'), 'our own trouble')
  await town.database.schema.renameTable('draft_away', 'draft')

  const hasty = town.browser()
  do await hasty.open('/accedi')
  while (hasty.status === 200)
  crawl.keep(hasty, 'too often')
}

let town: TownUnderTest
let crawl: Crawl

describe('every page', { skip: withoutChromium }, () => {
  before(async () => {
    town = await openTown({ at: '2027-03-01T09:00:00Z' })
    await liveIn(town)
    crawl = new Crawl(routes)
    const people = [
      ['Mario Rossi', '/area'],
      ['Lucia Bianchi', '/area'],
      ['Ugo Ferri', '/scrivania'],
      ['Olga Testa', '/scrivania'],
      ['Vera Luna', '/scrivania'],
      ['Cino Valli', '/scrivania'],
      ['Piero Marini', '/scrivania'],
      ['Sara Conti', '/scrivania'],
      ['Dina Greco', '/scrivania'],
      ['Anna Moro', '/scrivania'],
    ] as const
    await meetRefusals(town, crawl)
    await crawl.walk(town.browser(), 'visitor', '/')
    for (const [name, start] of people) await crawl.walk(await town.browser().signIn(name), name, start)
    await meetTrouble(town, crawl)
  })
  after(() => town?.close())

  test('no link leads anybody to where they may not go, or to nothing', () => {
    assert.deepEqual(crawl.dead, [])
  })

  test('every kind of refusal is met', () => {
    const met = new Set(crawl.shown.map(({ status }) => status))
    assert.deepEqual(
      [400, 403, 404, 409, 413, 429, 500].filter((status) => !met.has(status)),
      [],
    )
  })

  test('every route is met', () => {
    const wanted = routes.map(({ method, path }) => `${method} ${path}`).filter((one) => !WITHOUT_PAGE.has(one))
    assert.deepEqual(
      wanted.filter((one) => !crawl.asked.has(one)),
      [],
    )
  })

  for (const [width, hasScripts] of [
    [360, true],
    [1280, false],
  ] as const)
    test(`${hasScripts ? 'with script, on a phone' : 'without script, on a desk'}: axe, weight, faces, hosts, links`, async (t) => {
      const { newWindow } = await openChromium(t)
      const page = await newWindow({ viewport: { width, height: 800 } })
      const faults: string[] = []
      for (const shown of crawl.shown)
        await assertConformant(page, shown, hasScripts).catch((error: unknown) => {
          if (!(error instanceof assert.AssertionError)) throw error
          faults.push(error.message)
        })
      assert.deepEqual(faults, [], `of ${crawl.shown.length} pages`)
    })
})
