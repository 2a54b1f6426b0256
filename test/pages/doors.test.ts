/** Who is let in: sign-in and its limit, other people's practices, forged posts, foreign sites, markup as text. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { draftIn, FORM, fileOnline, fillIn, PROCESS_ID } from './declaration.ts'
import { openTown, type TownUnderTest, untilShown } from './town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
})
after(() => town.close())

test('a citizen lands on the own practices, a clerk on the desk; signed out, neither is known', async () => {
  const citizen = town.browser()
  await citizen.signIn('Lucia Bianchi')
  assert.equal(citizen.path, '/area')
  assert.match(citizen.markup, /Lucia Bianchi/)
  const clerk = town.browser()
  await clerk.signIn('Ugo Ferri')
  assert.equal(clerk.path, '/scrivania')
  const thief = clerk.twin()
  await clerk.press('Esci')
  await clerk.open('/scrivania')
  assert.notEqual(clerk.path, '/scrivania')
  await thief.open('/scrivania')
  assert.notEqual(thief.path, '/scrivania', 'the session has ended on the server')
})

test('the sign-in page says that it is for trying out, and leads nowhere but to our own pages', async () => {
  const browser = town.browser()
  await browser.open('/accedi')
  assert.match(browser.text, /ambiente di prova/i)
  for (const target of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
    const led = town.browser()
    await led.signIn('Mario Rossi', `/accedi?poi=${encodeURIComponent(target)}`)
    assert.equal(new URL(led.address).origin, town.url)
  }
})

test('an answer that was not asked for signs nobody in', async () => {
  const browser = town.browser()
  await browser.open('/accedi/ritorno?code=abc&state=abc')
  assert.ok(browser.status >= 400 && browser.status < 500, String(browser.status))
  await browser.open('/pratiche')
  assert.notEqual(browser.path, '/pratiche')
})

test('without a sign-in nothing but the public pages is there', async () => {
  for (const path of ['/', `/servizi/${PROCESS_ID}`]) assert.equal((await town.browser().open(path)).status, 200)
  for (const path of ['/pratiche', FORM, '/scrivania', `/scrivania/sportello/${PROCESS_ID}`]) {
    assert.notEqual((await town.browser().open(path)).path, path)
  }
  for (const path of [FORM, '/esci', '/scrivania/compiti/1', '/scrivania/compiti/1/prendi']) {
    const browser = await town.browser().send('POST', path, new URLSearchParams(), { origin: town.url })
    assert.equal(browser.status, 403, path)
  }
  assert.equal((await town.browser().open('/niente')).status, 404)
})

test('another person’s practice is not there, whatever one does with it; pages of other roles are refused', async () => {
  const mario = town.browser()
  await mario.signIn('Mario Rossi')
  const id = await fileOnline(mario)
  const key = String((await town.database('practice').where({ id }).first()).process_instance_key)
  const lucia = town.browser()
  await lucia.signIn('Lucia Bianchi')
  for (const name of [id, key, `${id}'`, 'x']) {
    for (const rest of ['', '/ricevuta', '/ricevuta.txt', '/rinuncia']) {
      const path = `/pratiche/${encodeURIComponent(name)}${rest}`
      assert.equal((await lucia.open(path)).status, 404, path)
    }
  }
  await lucia.open(FORM)
  const token = new URLSearchParams({ _csrf: lucia.values().get('_csrf')![0]! })
  assert.equal((await lucia.send('POST', `/pratiche/${id}/rinuncia`, token)).status, 404)
  assert.equal((await lucia.open('/scrivania')).status, 403)
  assert.equal((await lucia.open(`/scrivania/pratiche/${key}`)).status, 403)
  await fillIn(lucia)
  const [own, filed] = [draftIn(lucia), (await town.database('practice')).length]
  lucia.markup = lucia.markup.replaceAll(own, id)
  lucia.address = lucia.address.replace(own, id)
  assert.equal((await lucia.press('Conferma e invia')).status, 404, 'a borrowed id files nothing')
  assert.equal((await town.database('practice')).length, filed)
  const clerk = town.browser()
  await clerk.signIn('Ugo Ferri')
  assert.equal((await clerk.open(FORM)).status, 403)
  assert.equal((await clerk.open(`/pratiche/${id}`)).status, 403)
  await untilShown(mario, `/pratiche/${id}`, /in lavorazione/)
})

test('a post without its token, or with another session’s, changes nothing', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi')
  const before = (await town.database('practice')).length
  await fillIn(browser)
  const summary = browser.markup
  for (const forged of ['', 'x', 'A'.repeat(43)]) {
    browser.markup = summary.replace(/(name="_csrf" value=")[^"]*/g, `$1${forged}`)
    assert.equal((await browser.press('Conferma e invia')).status, 403)
    browser.address = town.url + FORM
  }
  assert.equal((await town.database('practice')).length, before)
})

test('a foreign Origin or Host is refused, on every address', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi')
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
    for (const path of [FORM, '/esci', '/oidc/token']) {
      assert.equal(
        (await browser.send('POST', path, new URLSearchParams(), { origin })).status,
        403,
        `${path} ${origin}`,
      )
    }
  }
  for (const host of ['evil.example', 'evil.example:3000', 'localhost.evil.example']) {
    for (const path of ['/', '/accedi', '/oidc/.well-known/openid-configuration']) {
      assert.ok([400, 403].includes(await statusUnder(host, path)), `${path} ${host}`)
    }
  }
})

const statusUnder = (host: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, town.url), { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.on('error', reject).end()
  })

test('headers: no script or style in a page, no frame, cookies that scripts do not see', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi')
  const policy = browser.headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'|default-src 'self'/)
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.equal(browser.headers.get('x-content-type-options'), 'nosniff')
  assert.equal(browser.headers.get('x-powered-by'), null)
  assert.match(browser.headers.get('cache-control') ?? '', /no-store/)
  assert.doesNotMatch(browser.markup, / style="| on\w+="/)
  const answer = await fetch(`${town.url}/accedi`, { redirect: 'manual' })
  for (const cookie of answer.headers.getSetCookie())
    assert.match(cookie, /HttpOnly; SameSite=Lax|SameSite=Lax.*HttpOnly/i)
})

test('markup that somebody types comes back as text on every page', async () => {
  const hostile = `"><script>alert(1)</script><img src=x onerror='x'>{{7*7}}\${1}`
  const browser = town.browser()
  await browser.signIn('Lucia Bianchi')
  const changes = {
    'istanza.indirizzo.via': hostile,
    'istanza.comuneProvenienza': hostile,
    'istanza.titolo.estremi': hostile,
  }
  const check = () => assert.doesNotMatch(browser.markup, /<script>alert|<img src=x/)
  await fillIn(browser, { ...changes, 'istanza.indirizzo.civico': '' })
  check()
  const id = await fileOnline(browser, changes)
  await untilShown(browser, `/pratiche/${id}`, /in lavorazione/)
  check()
  assert.match(browser.text, /<script>alert\(1\)<\/script>/)
  const clerk = town.browser()
  await clerk.signIn('Ugo Ferri')
  await clerk.open('/scrivania')
  assert.doesNotMatch(clerk.markup, /<script>alert/)
})

test('too much, too strange: refused with a page, still serving, no stack and nothing typed in the log', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi')
  const token = (await browser.open(FORM)).values().get('_csrf')![0]!
  const large = new URLSearchParams({ _csrf: token, 'istanza.indirizzo.via': 'x'.repeat(300_000) })
  assert.equal((await browser.send('POST', FORM, large)).status, 413)
  const prototype = new URLSearchParams({
    _csrf: token,
    __proto__: 'x',
    'constructor.prototype': 'x',
    azione: 'avanti',
  })
  assert.equal((await browser.send('POST', FORM, prototype)).status, 422)
  const answer = await fetch(`${town.url}/%E0%A4%A`)
  assert.ok(answer.status === 400 || answer.status === 404)
  assert.doesNotMatch(await answer.text(), /\n\s+at |node_modules/)
  assert.equal((await browser.open('/')).status, 200)
  assert.doesNotMatch(town.log.join('\n'), /RSSMRA|Libertà|\n\s+at /)
})

test('the sign-in is limited for each address, and only the sign-in', async () => {
  const statuses: number[] = []
  for (let attempts = 0; attempts < 200 && !statuses.includes(429); attempts++) {
    statuses.push((await fetch(`${town.url}/accedi`, { redirect: 'manual' })).status)
  }
  assert.ok(statuses.includes(429))
  assert.equal((await fetch(`${town.url}/`)).status, 200)
})
