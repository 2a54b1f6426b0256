/** A town with its own identity provider, what it takes to start without one, and what outlives a restart. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { Browser } from './browser.ts'
import { FORM } from './declaration.ts'
import { openIssuer } from './issuer.ts'
import { openTown, type TownUnderTest } from './town.ts'

const NEW_CITIZEN = { sub: 'spid-1', given_name: 'Elena', family_name: 'Verdi', fiscalNumber: 'TINIT-VRDLNE80A41F205X' }

let town: TownUnderTest
before(async () => {
  town = await openTown()
})
after(() => town.close())

test('a citizen whom SPID vouches for, a clerk by user name, and nobody else', async () => {
  let redirectUri = ''
  const issuer = await openIssuer(() => redirectUri)
  const { address } = await town.openPages({ identity: issuer.identity })
  redirectUri = `${address}/accedi/ritorno`
  try {
    issuer.be(NEW_CITIZEN)
    const citizen = await new Browser(address).open(FORM)
    assert.equal(citizen.path, FORM, citizen.text)
    assert.match((await citizen.open('/area')).text, /Elena Verdi.*VRDLNE80A41F205X/)
    assert.doesNotMatch(citizen.markup, /Ambiente di prova/)
    await citizen.press('Esci')
    assert.equal(new URL(citizen.address).origin, issuer.identity.issuer, 'the provider’s session ends as well')
    issuer.be({ sub: 'ugo', preferred_username: 'ugo.ufficiale' })
    assert.equal((await new Browser(address).open('/scrivania')).path, '/scrivania')
    const strangers = [{ preferred_username: 'mario.rossi' }, { fiscalNumber: 'TINIT-123' }, {}, { fiscalNumber: 5 }]
    for (const stranger of strangers) {
      issuer.be({ sub: 'x', ...stranger })
      assert.equal((await new Browser(address).open('/pratiche')).status, 403, JSON.stringify(stranger))
    }
  } finally {
    await issuer.close()
  }
})

test('while the provider is away the pages serve what is public, and say so when one signs in', async () => {
  const identity = { issuer: 'http://127.0.0.1:1', clientId: 'iter', clientSecret: null }
  const { address } = await town.openPages({ identity })
  const browser = new Browser(address)
  assert.equal((await browser.open('/')).status, 200)
  await browser.open('/accedi')
  assert.equal(browser.status, 500)
  assert.match(browser.text, /Servizio non disponibile/)
  assert.doesNotMatch(browser.markup, /ECONNREFUSED|\n\s+at /)
})

test('sample people are offered on this machine alone; a taken port is refused in one sentence', async () => {
  await assert.rejects(town.openPages({ host: '0.0.0.0' }), /ITER_OIDC_ISSUER/)
  await assert.rejects(town.openPages({ publicUrl: 'https://servizi.comune.example' }), /ITER_OIDC_ISSUER/)
  await assert.rejects(town.openPages({ port: Number(new URL(town.url).port) }), /EADDRINUSE/)
})

test('behind HTTPS cookies are Secure, browsers are told to stay there, and the address is the public one', async () => {
  const issuer = await openIssuer(() => 'https://servizi.comune.example/accedi/ritorno')
  const port = await freePort()
  const publicUrl = 'https://servizi.comune.example'
  try {
    assert.equal((await town.openPages({ port, publicUrl, identity: issuer.identity })).address, publicUrl)
    const { headers } = await answerTo(port, '/accedi', 'servizi.comune.example')
    assert.match(String(headers['set-cookie']), /Secure/)
    assert.match(String(headers['strict-transport-security']), /max-age=\d{7,}/)
    const to = new URL(String(headers.location))
    assert.equal(to.searchParams.get('redirect_uri'), `${publicUrl}/accedi/ritorno`)
    assert.equal(to.searchParams.get('code_challenge_method'), 'S256')
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.ok((to.searchParams.get(name) ?? '').length >= 32, name)
    assert.equal((await answerTo(port, '/', `127.0.0.1:${port}`)).statusCode, 403)
  } finally {
    await issuer.close()
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answerTo(port: number, path: string, host: string): Promise<IncomingMessage> {
  const [answer] = await once(get({ port, path, host: '127.0.0.1', headers: { host } }), 'response')
  return (answer as IncomingMessage).resume()
}

test('who is signed in stays so over a restart', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  const { address } = await town.openPages()
  const later = new Browser(address)
  for (const [name, value] of browser.cookies) later.cookies.set(name, value)
  assert.equal((await later.open('/pratiche')).path, '/pratiche')
  await town.database('session').update({ expires_at: new Date(0) })
  assert.notEqual((await later.open('/pratiche')).path, '/pratiche', 'until the session is over')
})

test('in English on request; what the law names stays Italian', async () => {
  const browser = await town.browser().open('/')
  await browser.follow('English')
  assert.match(browser.markup, /<html lang="en">/)
  assert.match(browser.text, /Online services|Services/i)
  await browser.signIn('Mario Rossi')
  assert.match(browser.text, /My requests/)
  await browser.open('/niente')
  assert.match(browser.text, /Page not found/)
})

test('what a page names is there: sheets, faces, icons, scripts', async () => {
  const browser = await town.browser().signIn('Ugo Ferri')
  const named = [...browser.markup.matchAll(/(?:<link[^>]* href|<script[^>]* src|<use href)="(\/[^"#]+)/g)].map(
    ([, to]) => to!,
  )
  assert.ok(named.length >= 2)
  const sheet = named.find((address) => address.endsWith('iter.css'))!
  const faces = [...(await (await fetch(town.url + sheet)).text()).matchAll(/url\("?([^")]+)/g)].map(
    ([, face]) => face!,
  )
  const addresses = [...named, ...faces.map((face) => new URL(face, town.url + sheet).pathname)]
  addresses.push('/script/questions.js')
  for (const address of addresses) {
    const { status, headers } = await fetch(town.url + address)
    assert.equal(status, 200, address)
    // The entry of our scripts is asked for each time, what it loads never.
    assert.match(headers.get('cache-control') ?? '', /max-age=[1-9]|^no-cache$/, address)
  }
  assert.equal((await fetch(`${town.url}/script/..%2f..%2fpackage.json`)).status, 404)
})
