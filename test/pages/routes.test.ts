/** Every route there is, asked by those whom it does not name: a route that is added is in this table by itself. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizenRoutes } from '../../forms/server/citizen/routes.ts'
import { deskRoutes } from '../../forms/server/desk/routes.ts'
import type { Browser } from './browser.ts'
import { fileOnline, PROCESS_ID } from './declaration.ts'
import { openTown, type TownUnderTest, until } from './town.ts'

let town: TownUnderTest
let citizen: Browser
let clerk: Browser
/** Of Mario's practice: its id, its instance, its open task. */
let ids: { readonly practice: string; readonly instance: string; readonly task: string }

before(async () => {
  town = await openTown()
  citizen = await town.browser().signIn('Mario Rossi')
  clerk = await town.browser().signIn('Ugo Ferri')
  const practice = await fileOnline(citizen)
  const { process_instance_key: instance } = await town.database('practice').where({ id: practice }).first()
  const queue = await until(
    async () => (await clerk.open('/scrivania')).markup,
    (markup) => markup.includes('/scrivania/compiti/'),
  )
  ids = { practice, instance: String(instance), task: /compiti\/(\d+)/.exec(queue)![1]! }
})
after(() => town.close())

const routes = [...citizenRoutes, ...deskRoutes]

function addressOf(path: string): string {
  if (path.includes('compiti')) return path.replace(':key', ids.task)
  if (path.startsWith('/scrivania/pratiche')) return path.replace(':key', ids.instance)
  return path.replace(':key', path.startsWith('/pratiche') ? ids.practice : PROCESS_ID)
}

const tokenOf = (browser: Browser): string => browser.values().get('_csrf')?.[0] ?? ''

for (const { method, path, access } of routes) {
  const verb = method === 'get' ? 'GET' : 'POST'
  const ask = async (browser: Browser, token: string): Promise<Browser> =>
    browser.twin().send(verb, addressOf(path), method === 'get' ? undefined : new URLSearchParams({ _csrf: token }))
  const changes = async (): Promise<readonly unknown[]> => [
    await town.database('practice').count('* as n'),
    await town.gateway.query.get('user-tasks', ids.task),
  ]

  test(`${verb} ${path}: ${access === 'anyone' ? 'for anyone' : 'not without signing in'}`, async () => {
    const visitor = await ask(town.browser(), '')
    if (access === 'anyone')
      assert.equal(visitor.status, method === 'post' ? 422 : 200, 'a post that says nothing is told what is missing')
    else if (method === 'post') assert.equal(visitor.status, 403)
    else assert.match(visitor.path, /^\/accedi\//)
  })

  if (access !== 'anyone') {
    test(`${verb} ${path}: not for ${access === 'citizen' ? 'clerks' : 'citizens'}`, async () => {
      const other = access === 'citizen' ? clerk : citizen
      const [token, before] = [tokenOf(await other.twin().open('/')), await changes()]
      const { status, text } = await ask(other, token)
      assert.equal(status, 403)
      assert.match(text, /Accesso negato/)
      assert.deepEqual(await changes(), before)
    })
  }

  if (method === 'post') {
    test(`POST ${path}: not without the token of this session`, async () => {
      const own = access === 'citizen' ? citizen : clerk
      const strange = tokenOf(await (access === 'citizen' ? clerk : citizen).twin().open('/'))
      const before = await changes()
      for (const token of ['', 'x', strange]) assert.equal((await ask(own, token)).status, 403)
      assert.deepEqual(await changes(), before)
    })
  }
}

test('a clerk of another office neither sees nor takes nor completes a task, nor reads the practice', async () => {
  const other = await town.browser().signIn('Tina Villa')
  const token = new URLSearchParams({ _csrf: tokenOf(other), azione: 'completa' })
  for (const rest of ['', '/prendi', '/rilascia']) {
    assert.equal((await other.twin().send('POST', `/scrivania/compiti/${ids.task}${rest}`, token)).status, 403)
  }
  for (const path of [`compiti/${ids.task}`, `pratiche/${ids.instance}`, `sportello/${PROCESS_ID}`]) {
    assert.equal((await other.twin().open(`/scrivania/${path}`)).status, 403, path)
  }
  assert.doesNotMatch((await other.open('/scrivania')).markup, /compiti\/\d/)
  const task = await town.gateway.query.get('user-tasks', ids.task)
  assert.equal(task?.state, 'CREATED')
  assert.equal(task?.assignee ?? null, null)
})

test('the map is for whoever has signed in, around an address or a position; of what nobody knows there is none', async () => {
  const sheet = async (query: string) => JSON.parse((await citizen.twin().open(`/mappa?${query}`)).markup)
  const { strade, centro } = await sheet('via=corso+Italia&civico=20')
  assert.ok(strade.some(({ nome }: { readonly nome: string }) => nome === 'corso Italia'))
  assert.deepEqual((await sheet(`punto=${centro.join(',')}`)).centro, centro)
  for (const query of ['', 'via=via+che+non+c%27%C3%A8', `via=${'x'.repeat(101)}`, 'punto=1e9,0', 'punto=a,b'])
    assert.equal(await sheet(query), null, query)
  assert.match((await town.browser().open('/mappa?via=corso+Italia')).path, /^\/accedi\//)
})
