/** The national exchange: what its authorization server takes and refuses, how long a voucher serves, and what our client makes of it. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { pdnd } from '../../connectors/pdnd/client.ts'
import { start } from '../../connectors/pdnd/sandbox.ts'
import { loadSigningKey } from '../../connectors/pdnd/signing-key.ts'
import type { Eservice, EserviceCall } from '../../connectors/pdnd/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'

const START = Date.parse('2026-11-30T09:00:00Z')
let real = START
const opened = await openPlatforms({ tokenNow: () => real })
const { platforms, plan, journal } = opened
after(() => opened[Symbol.asyncDispose]())

const settings = platforms.pdnd
const { inad } = platforms
const key = await loadSigningKey(settings.keyFile)
const vouchers = () => journal('pdnd')
const path = '/extract/BNCLCU90E45G999C'
const question: EserviceCall = { method: 'GET', path, query: { practicalReference: 'p-1' }, userId: 'ugo.ufficiale' }

const seconds = () => Math.floor(real / 1000)
const assertion = (claims: JWTPayload = {}, header: object = {}, signer = key.key) =>
  new SignJWT({
    ...{ iss: settings.clientId, sub: settings.clientId, aud: settings.audience, purposeId: inad.purposeId },
    ...{ jti: randomUUID(), iat: seconds(), exp: seconds() + 60, ...claims },
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT', ...header })
    .sign(signer)
const form = (client_assertion: string, more: Readonly<Record<string, string>> = {}) => ({
  client_id: settings.clientId,
  client_assertion,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  grant_type: 'client_credentials',
  ...more,
})
const ask = async (fields: Readonly<Record<string, string>>, url = settings.url) => {
  const answer = await fetch(`${url}/token.oauth2`, { method: 'POST', body: new URLSearchParams(fields) })
  const body = (await answer.json()) as { errors?: { code: string }[]; access_token?: string; expires_in?: number }
  return { status: answer.status, headers: answer.headers, body, codes: body.errors?.map(({ code }) => code) }
}
/** Past the limit of calls per second. */
const later = () => {
  real += 2000
}

describe('the authorization server', () => {
  test('gives a voucher of ten minutes for the audience of the purpose', async () => {
    const { status, body, headers } = await ask(form(await assertion()))
    const { aud, exp = 0, iat = 0, purposeId, client_id, jti } = decodeJwt(body.access_token ?? '')
    assert.deepEqual([status, body.expires_in, exp - iat, aud], [200, 600, 600, inad.audience])
    assert.deepEqual([purposeId, client_id], [inad.purposeId, settings.clientId])
    assert.equal(decodeProtectedHeader(body.access_token ?? '').typ, 'at+jwt')
    assert.equal((await vouchers()).at(-1)?.voucher, jti)
    assert.equal(headers.get('x-rate-limit-limit'), '100')
  })

  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const digest = (value: unknown) => () => assertion({ digest: value })
  const refusals: readonly (readonly [string, string, () => Promise<string>])[] = [
    ['another audience', '015-0007', () => assertion({ aud: 'elsewhere' })],
    ['no token at all', '015-0008', async () => 'nonsense'],
    ['no id', '015-0010', () => assertion({ jti: '' })],
    ['another client', '015-0015', () => assertion({ sub: randomUUID() })],
    ['a purpose that is no id', '015-0016', () => assertion({ purposeId: 'residenza' })],
    ['no kid', '015-0017', () => assertion({}, { kid: '' })],
    ['another key', '015-0018', () => assertion({}, {}, stranger)],
    ['a kid that nobody deposited', '015-0018', () => assertion({}, { kid: 'A'.repeat(43) })],
    ['an old assertion', '015-0019', () => assertion({ iat: seconds() - 120, exp: seconds() - 60 })],
    ['a purpose that is not active', '015-0022', () => assertion({ purposeId: randomUUID() })],
    ['a digest of another shape', '015-0028', digest('abc')],
    ['a digest cut short', '015-0029', digest({ alg: 'SHA256', value: 'abc' })],
    ['another algorithm of digest', '015-0030', digest({ alg: 'MD5', value: 'a'.repeat(64) })],
    ['a signature that is not RS256', '015-0032', () => assertion({}, { alg: 'ES256' }, curve)],
    ['no purpose', '015-0033', () => assertion({ purposeId: undefined })],
  ]
  for (const [what, code, made] of refusals) {
    test(`refuses ${what}`, async () => {
      later()
      const given = (await vouchers()).length
      const { status, codes } = await ask(form(await made()))
      assert.deepEqual([status, codes], [400, [code]])
      assert.equal((await vouchers()).length, given)
    })
  }

  test('refuses a purpose that is suspended, and remembers after a restart which assertions it took', async () => {
    const directory = dirname(settings.keyFile)
    const options = { directory, host: '127.0.0.1', port: 0, now: () => real, tokenNow: () => real }
    const taken = await assertion()
    assert.equal((await ask(form(taken))).status, 200)
    // The same folder: keys, client and journal are those of before.
    const restarted = await start({ ...options, purposes: [{ ...inad, isSuspended: true }] })
    assert.deepEqual((await ask(form(await assertion()), restarted.url)).codes, ['015-0022'])
    await restarted.close()
    const resumed = await start({ ...options, purposes: [inad] })
    assert.deepEqual((await ask(form(taken), resumed.url)).codes, ['015-0020'])
    assert.equal((await ask(form(await assertion()), resumed.url)).status, 200)
    await resumed.close()
  })
  test('takes an assertion once', async () => {
    later()
    const once = form(await assertion())
    assert.equal((await ask(once)).status, 200)
    assert.deepEqual((await ask(once)).codes, ['015-0020'])
  })
  test('takes no other grant', async () => {
    const other = form(await assertion(), { grant_type: 'password', client_assertion_type: 'x' })
    assert.deepEqual((await ask(other)).codes, ['015-0004', '015-0005'])
  })
  test('answers 429 above its limit, and again when the interval is over', async () => {
    later()
    const asked = await Promise.all(Array.from({ length: 101 }, () => ask(form('nonsense'))))
    assert.deepEqual(
      asked
        .map(({ status }) => status)
        .sort()
        .slice(-2),
      [400, 429],
    )
    assert.ok(asked.some(({ headers }) => headers.get('x-rate-limit-remaining') === '0'))
    later()
    assert.equal((await ask(form(await assertion()))).status, 200)
  })
})

describe('the client', () => {
  test('keeps a voucher until shortly before it ends', async () => {
    later()
    const exchange = pdnd(settings, () => real)
    const given = (await vouchers()).length
    for (const passed of [0, 300_000, 269_000]) {
      real += passed
      assert.equal((await exchange.call(inad, question)).status, 200)
    }
    assert.equal((await vouchers()).length, given + 1)
    real += 2000
    await exchange.call(inad, question)
    assert.equal((await vouchers()).length, given + 2)
  })
  test('calls that come together share one voucher', async () => {
    const exchange = pdnd(settings, () => real)
    const given = (await vouchers()).length
    await Promise.all([1, 2, 3, 4].map(() => exchange.call(inad, question)))
    assert.equal((await vouchers()).length, given + 1)
  })
  for (const [clock, ahead] of [
    ['ahead by nine seconds', 9000],
    ['behind by half a minute', -30_000],
  ] as const) {
    test(`works with a clock that is ${clock}`, async () => {
      later()
      assert.equal((await pdnd(settings, () => real + ahead).call(inad, question)).status, 200)
    })
  }
  test('a voucher that is not taken any more is replaced at the next attempt', async () => {
    let ours = real
    const exchange = pdnd(settings, () => ours)
    await exchange.call(inad, question)
    // Meanwhile, and unknown to us, it has ended.
    real += 700_000
    await assert.rejects(exchange.call(inad, question), Unavailable)
    ours = real
    assert.equal((await exchange.call(inad, question)).status, 200)
  })
  test('without a voucher nothing was done, whatever became of the request', async () => {
    for (const kind of ['error-before', 'error-after', 'drop-after']) {
      const exchange = pdnd(settings, () => real)
      await plan('pdnd', 'voucher', kind)
      await assert.rejects(exchange.call(inad, question), Unavailable, kind)
      assert.equal((await exchange.call(inad, question)).status, 200, 'what failed is not kept')
    }
  })
  test('a refusal has the code of the exchange, and neither token nor key', async () => {
    const unknown = { ...inad, purposeId: randomUUID() }
    await assert.rejects(pdnd(settings, () => real).call(unknown, question), (error: Refused) => {
      assert.equal(error.code, '015-0022')
      return error instanceof Refused && !/eyJ|PRIVATE/.test(error.message)
    })
  })
  test('an address without slash at its end is the same, and the path below it is kept', async () => {
    const [exchanged] = await exchangesWith(inad.url, async (url) => {
      const below = { ...inad, url: `${url}/rest/v1` }
      await pdnd(settings, () => real).call(below, { ...question, answers: [404] })
    })
    assert.equal(exchanged?.path, `/rest/v1${path}?practicalReference=p-1`)
  })
})

describe('DPoP', () => {
  const bound: Eservice = { ...inad, patterns: ['DPOP'] }
  test('the voucher is bound to a key, and taken with its proof', async () => {
    later()
    assert.equal((await pdnd(settings, () => real).call(bound, question)).status, 200)
    assert.equal((await vouchers()).at(-1)?.bound, true)
  })
  test('stolen, it is worth nothing', async () => {
    let stolen = ''
    // What comes through a proxy is not what the proof was made for: only the voucher is of interest here.
    await exchangesWith(inad.url, async (url) => {
      await pdnd(settings, () => real)
        .call({ ...bound, url }, question)
        .catch(() => {})
    }).then(([exchanged]) => {
      stolen = exchanged?.headers.authorization ?? ''
    })
    assert.match(stolen, /^DPoP ey/)
    for (const authorization of [stolen, stolen.replace('DPoP', 'Bearer')]) {
      const { status } = await fetch(`${inad.url}${path}?practicalReference=p-1`, { headers: { authorization } })
      assert.equal(status, 401)
    }
  })
  test('a proof from the past is refused', async () => {
    later()
    await assert.rejects(pdnd(settings, () => real - 100_000).call(bound, question), Refused)
  })
})

describe('keys', () => {
  const directory = dirname(settings.keyFile)
  test('those of the sandbox are for its owner alone', async () => {
    assert.equal((await stat(settings.keyFile)).mode & 0o077, 0)
  })
  test('the name of a key is its thumbprint', () => assert.match(key.kid, /^[\w-]{43}$/))
  test('P-256 signs ES256, under the name the settings give it', async () => {
    const file = join(directory, 'p256.pem')
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const { alg, kid } = await loadSigningKey(file, 'ours')
    assert.deepEqual([alg, kid], ['ES256', 'ours'])
  })
  test('a file that holds none, or one of another kind, is named and not quoted', async () => {
    const secret = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const [name, text] of [
      ['none.pem', 'segreto'],
      ['other.pem', secret],
    ] as const) {
      const keyFile = join(directory, name)
      await writeFile(keyFile, text)
      const called = pdnd({ ...settings, keyFile }, () => real).call(inad, question)
      await assert.rejects(called, ({ message }: Error) => message.includes(name) && !/segreto|MC4C/.test(message))
    }
    await assert.rejects(loadSigningKey(join(directory, 'absent.pem')), /absent\.pem to hold a private key/)
  })
  test('what is printed of the sandboxes holds no key', async () => {
    const pem = await readFile(settings.keyFile, 'utf8')
    assert.ok(!JSON.stringify(platforms).includes(pem.split('\n')[1] ?? ''))
  })
})

describe('settings', () => {
  for (const [what, wrong, named] of [
    ['a pattern written wrongly', { ...inad, patterns: ['INTEGRITY_REST_2'] }, /eservices\.inad\.patterns\[0\]/],
    ['an address without TLS', { ...inad, url: 'http://api.inad.example/' }, /https[\s\S]*eservices\.inad\.url/],
    ['a purpose that is no id', { ...inad, purposeId: 'residenza' }, /eservices\.inad\.purposeId/],
    ['a field that nobody knows', { ...inad, porpuse: 'x' }, /porpuse/],
  ] as const) {
    test(`${what} is refused at the start`, () => {
      const given = { ...settings, eservices: { inad: wrong } } as typeof settings
      assert.throws(() => pdnd(given), named)
    })
  }
  test('an authorization server without TLS gets no assertion', () => {
    assert.throws(() => pdnd({ ...settings, url: 'http://auth.example' }), /at url/)
    assert.doesNotThrow(() => pdnd({ ...settings, url: 'https://auth.example' }))
  })
})

test('exchanges are as authorizationServerApi.yml says: given, refused, too many', { skip: withoutSpecs }, async () => {
  const api = officialApi('pdnd/authorizationServerApi.yml')
  later()
  const exchanges = await exchangesWith(settings.url, async (url) => {
    const through = pdnd({ ...settings, url }, () => real)
    await through.call(inad, question)
    await through.call({ ...inad, patterns: ['DPOP'] }, question).catch(() => {})
    await through.call({ ...inad, purposeId: randomUUID() }, question).catch(() => {})
    for (let more = 0; more < 110; more++) await ask(form('a.b.c'), url)
  })
  assert.deepEqual([...new Set(exchanges.map(({ answer }) => answer.status))].sort(), [200, 400, 429])
  assert.deepEqual(exchanges.flatMap(api.faults), [])
  const [first] = exchanges
  assert.ok(first)
  assert.deepEqual(api.faults({ ...first, body: first.body.replace('client_credentials', 'password') }), [
    'POST /token.oauth2 body.grant_type: none of the values',
  ])
})

test('an unknown failure of an e-service is an unknown outcome', async () => {
  later()
  await plan('inad', 'extract', 'error-after')
  await assert.rejects(pdnd(settings, () => real).call(inad, question), UnknownOutcome)
})
