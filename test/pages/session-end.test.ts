/** A session that ends while somebody types: nothing typed is lost, and nothing is let in. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from './browser.ts'
import { fileOnline } from './declaration.ts'
import { openTown, type TownUnderTest, until } from './town.ts'

let town: TownUnderTest
let page = ''
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
  await fileOnline(await town.browser().signIn('Mario Rossi'))
  const clerk = await town.browser().signIn('Ugo Ferri')
  const queue = await until(
    async () => (await clerk.open('/scrivania')).markup,
    (markup) => markup.includes('/scrivania/compiti/'),
  )
  page = /\/scrivania\/compiti\/\d+/.exec(queue)![0]
})
after(() => town.close())

const typed = (browser: Browser, text: string) =>
  new URLSearchParams({
    _csrf: browser.values().get('_csrf')![0]!,
    'registrazione.codiceFamiglia': text,
    azione: 'completa',
  })
const ended = (agoMs: number) => town.database('session').update({ expires_at: new Date(Date.now() - agoMs) })
const drafts = async () => (await town.database('task_draft')).map(({ person }) => person)

test('what was sent after the end is kept for its person, who signs in and finds it', async () => {
  const clerk = await (await town.browser().signIn('Ugo Ferri')).open(page)
  await ended(60_000)
  await clerk.send('POST', page, typed(clerk, 'SCADUTA77'))
  assert.match(clerk.path, /^\/accedi/)
  assert.equal((await town.gateway.query.get('user-tasks', page.split('/').at(-1)!))?.state, 'CREATED')
  assert.deepEqual(await drafts(), ['ugo.ufficiale'])
  await clerk.press('Entra come Ugo Ferri')
  assert.equal(clerk.path, page)
  assert.match(clerk.markup, /SCADUTA77/)
})

test('without the token of that session, or long after it, nothing is kept', async () => {
  await town.database('task_draft').delete()
  const clerk = await (await town.browser().signIn('Ugo Ferri')).open(page)
  const body = typed(clerk, 'x')
  await ended(60_000)
  const forged = new URLSearchParams(body)
  forged.set('_csrf', 'x')
  assert.equal((await clerk.twin().send('POST', page, forged)).status, 403)
  await ended(25 * 3_600_000)
  assert.equal((await clerk.twin().send('POST', page, body)).status, 403)
  assert.deepEqual(await drafts(), [])
})

test('a session that has ended opens nothing', async () => {
  const clerk = await town.browser().signIn('Ugo Ferri')
  await ended(60_000)
  assert.match((await clerk.open(page)).path, /^\/accedi/)
})
