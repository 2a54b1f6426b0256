/** Signing services behind the port, by what they speak: what they promise, and what becomes of trouble. */
import assert from 'node:assert/strict'
import { type KeyObject, publicDecrypt, X509Certificate } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { signingService } from '../../connectors/firma/client.ts'
import { OID, SIGNATURE_OID, sha256 } from '../../connectors/firma/cms.ts'
import { documentSigner } from '../../connectors/firma/signer.ts'
import {
  CSC_PROTOCOLS,
  HASHES_MAX,
  type HashOutcome,
  type SigningService,
  type SignRequest,
  signingEffects,
} from '../../connectors/firma/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'
import { signatureIn, signOne } from './signed.ts'

const MINUTE = 60_000
let time = Date.parse('2027-03-01T12:00:00Z')
const opened = await openPlatforms({ now: () => time })
const { platforms, plan, journal } = opened
const { firma } = platforms
assert.ok(firma.protocollo !== 'arss')
after(() => opened[Symbol.asyncDispose]())

const hash = (text: string): Buffer => sha256(Buffer.from(text))
const signed = async () => (await journal('firma')).filter(({ kind }) => kind === 'signed')
const lastCode = async (): Promise<string> =>
  String((await journal('firma')).findLast(({ kind }) => kind === 'otp')?.code)

/** The platform's operation that sends a code. */
const SENDING = { 'csc-v1': 'credentials/sendOTP', 'csc-v2': 'credentials/getChallenge' } as const

for (const protocollo of CSC_PROTOCOLS)
  describe(`remote signature, ${protocollo}`, () => {
    const settings = { ...firma, protocollo }
    const service = signingService(settings)
    const codeFor = async (id: string): Promise<string> => {
      await service.sendOtp(id)
      return lastCode()
    }
    test('a code is good once, for five minutes, and only the last one', async () => {
      const credential = await service.credentialOf('ugo.ufficiale')
      assert.equal(credential.otp, true)
      const first = await codeFor(credential.id)
      const otp = await codeFor(credential.id)
      const wrong = { name: Refused.name, code: 'OTP_ERRATO' }
      if (first !== otp)
        await assert.rejects(signOne(service, { credential, hash: hash(`a ${protocollo}`), otp: first }), wrong)
      assert.ok((await signOne(service, { credential, hash: hash(`a ${protocollo}`), otp })).byteLength > 0)
      await assert.rejects(signOne(service, { credential, hash: hash('b'), otp }), wrong)
      const late = await codeFor(credential.id)
      time += 5 * MINUTE + 1
      await assert.rejects(signOne(service, { credential, hash: hash('b'), otp: late }), wrong)
      await signOne(service, { credential, hash: hash('b'), otp: await codeFor(credential.id) })
    })
    test('three wrong codes lock the credential for half an hour', async () => {
      const credential = await service.credentialOf('carla.comandante')
      for (let count = 0; count < 3; count++)
        await assert.rejects(signOne(service, { credential, hash: hash(`a ${protocollo}`), otp: 'no' }), {
          code: 'OTP_ERRATO',
        })
      await assert.rejects(signOne(service, { credential, hash: hash(`a ${protocollo}`), otp: 'no' }), {
        code: 'CREDENZIALE_BLOCCATA',
      })
      await assert.rejects(service.credentialOf('carla.comandante'), { code: 'CREDENZIALE_BLOCCATA' })
      await assert.rejects(service.sendOtp(credential.id), { code: 'CREDENZIALE_BLOCCATA' })
      time += 31 * MINUTE
      await signOne(service, { credential, hash: hash(`a ${protocollo}`), otp: await codeFor(credential.id) })
    })
    test('who has no credential, a disabled or an expired one', async () => {
      await assert.rejects(service.credentialOf('nessuno'), { name: Refused.name, code: 'CREDENZIALE_ASSENTE' })
      await assert.rejects(service.credentialOf('esempio.bloccato'), { code: 'CREDENZIALE_BLOCCATA' })
      await assert.rejects(service.credentialOf('esempio.scaduto'), { code: 'CERTIFICATO_SCADUTO' })
    })
    test('signing is keyed by what is signed: the same key over the same hash is the same signature, not a second one', async () => {
      assert.equal(signingEffects.sign, 'keyed')
      const credential = await service.credentialOf('ente')
      assert.equal(credential.otp, false)
      await plan('firma', 'signatures/signHash', 'drop-after')
      const before = (await signed()).length
      await assert.rejects(signOne(service, { credential, hash: hash(`sigillo ${protocollo}`) }), UnknownOutcome)
      const again = await signOne(service, { credential, hash: hash(`sigillo ${protocollo}`) })
      assert.deepEqual(await signOne(service, { credential, hash: hash(`sigillo ${protocollo}`) }), again)
      assert.equal((await signed()).length, before + 1)
    })
    test('sending a code is neither: a repeat sends another', async () => {
      assert.equal(signingEffects.sendOtp, 'neither')
      const { id } = await service.credentialOf('dina.dirigente')
      const codes = async () => (await journal('firma')).filter(({ kind }) => kind === 'otp').length
      const before = await codes()
      await plan('firma', SENDING[protocollo], 'drop-after')
      await assert.rejects(service.sendOtp(id), UnknownOutcome)
      await service.sendOtp(id)
      assert.equal(await codes(), before + 2)
    })
    test('failures say what may have been done', async () => {
      const credential = await service.credentialOf('ente')
      await plan('firma', 'credentials/authorize', 'error-before')
      await assert.rejects(signOne(service, { credential, hash: hash('x') }), Unavailable)
      await plan('firma', 'signatures/signHash', 'error-after')
      await assert.rejects(signOne(service, { credential, hash: hash('x') }), UnknownOutcome)
      const nowhere = signingService({ ...settings, url: 'http://127.0.0.1:4' })
      await assert.rejects(nowhere.credentialOf('ente'), Unavailable)
      await assert.rejects(signingService({ ...settings, token: 'altro' }).credentialOf('ente'), { code: '401' })
      const wrongPin = signingService({ ...settings, pins: { ente: '0000' } })
      await assert.rejects(signOne(wrongPin, { credential: await wrongPin.credentialOf('ente'), hash: hash('x') }), {
        code: 'invalid_pin',
      })
    })
    test('one code signs many hashes, and what was authorised are these alone', async () => {
      const credential = await service.credentialOf('dina.dirigente')
      assert.equal(credential.atOnce, HASHES_MAX)
      const hashes = Array.from({ length: HASHES_MAX }, (_, index) => hash(`atto ${index} ${protocollo}`))
      const released = async () => (await journal('firma')).filter(({ kind }) => kind === 'released').length
      const before = await released()
      const outcomes = await service.sign({ credential, hashes, otp: await codeFor(credential.id) })
      assert.equal(await released(), before + 1)
      const { publicKey } = new X509Certificate(Buffer.from(credential.certificates[0]!))
      for (const [index, outcome] of outcomes.entries()) assert.deepEqual(decrypted(publicKey, outcome), hashes[index])
      const one = await service.credentialOf('carla.comandante')
      assert.equal(one.atOnce, 1)
      const two = { credential: one, hashes: hashes.slice(0, 2), otp: await codeFor(one.id) }
      await assert.rejects(service.sign(two), { name: Refused.name, code: 'invalid_request' })
    })
    test('once a code was taken, no failure says that the call may simply be made again', async () => {
      const credential = await service.credentialOf('ugo.ufficiale')
      await plan('firma', 'signatures/signHash', 'error-before')
      const request = { credential, hash: hash('preso'), otp: await codeFor(credential.id) }
      await assert.rejects(signOne(service, request), UnknownOutcome)
      await plan('firma', 'credentials/authorize', 'error-before')
      await assert.rejects(signOne(service, { ...request, otp: await codeFor(credential.id) }), Unavailable)
    })
    test("the codes are on the sandbox's page, as on a telephone", async () => {
      const { id } = await service.credentialOf('ugo.ufficiale')
      const code = await codeFor(id)
      assert.match(await (await fetch(firma.url)).text(), new RegExp(`${id}.*${code}`))
    })
  })

describe('a batch', () => {
  test('a signature that is of another document, or of another key, is not taken for one', async () => {
    const service = signingService(firma)
    const { signer } = opened.connectors
    const credential = await service.credentialOf('ente')
    const documents = [hash('uno'), hash('due')]
    const crossed = {
      ...service,
      sign: async (request: SignRequest) => (await service.sign(request)).toReversed(),
    } satisfies SigningService
    const mistaken = documentSigner({ service: crossed, trusted: [] })
    const foreign = { kind: 'refused', code: 'FIRMA_ESTRANEA' }
    assert.deepEqual(await mistaken.sign(documents, credential), [foreign, foreign])
    const other = { ...(await service.credentialOf('ugo.ufficiale')), id: (await signer.credentialOf('ente')).id }
    assert.deepEqual(await signer.sign(documents, other), [foreign, foreign])
    await mistaken.close()
    const outcomes = await signer.sign(documents, credential)
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['signed', 'signed'],
    )
  })
})

describe('CSC v1', () => {
  test('an activation is good for its hashes, for five minutes, once', async () => {
    const { id: credentialID } = await signingService(firma).credentialOf('ente')
    const post = async (path: string, body: object) => {
      const headers = { authorization: 'Bearer sandbox', 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify({ credentialID, ...body }) }
      return (await fetch(`${firma.url}/csc/v1/${path}`, init)).json() as Promise<Record<string, unknown>>
    }
    const [a, b] = [hash('a'), hash('b')].map((each) => each.toString('base64'))
    const authorise = async (hashes: readonly unknown[], numSignatures = hashes.length) =>
      post('credentials/authorize', { PIN: firma.pins.ente, hash: hashes, numSignatures })
    const sign = (SAD: unknown, hashes: readonly unknown[]) =>
      post('signatures/signHash', { SAD, hash: hashes, signAlgo: SIGNATURE_OID.RSA })
    assert.match(String((await authorise([a], 2)).error_description), /hash/)
    const { SAD } = await authorise([a])
    assert.match(String((await sign(SAD, [a, b])).error_description), /not authorized/)
    assert.match(String((await sign(SAD, [a])).error_description), /SAD/)
    const { SAD: late } = await authorise([a])
    time += 5 * MINUTE + 1
    assert.match(String((await sign(late, [a])).error_description), /expired/)
    const { SAD: good } = await authorise([a, b])
    assert.equal(((await sign(good, [a, b])).signatures as unknown[]).length, 2)
    assert.match(String((await sign(good, [a, b])).error_description), /SAD/)
  })
  test('the exchanges are as the CSC describes them', { skip: withoutSpecs }, async () => {
    const api = officialApi('firma/csc/csc_openapi_v1.0.3.0.json')
    const heard = await exchangesWith(firma.url, async (url) => {
      const client = signingService({ ...firma, url })
      const credential = await client.credentialOf('ugo.ufficiale')
      await client.sendOtp(credential.id)
      await client.sign({ credential, hashes: [hash('csc'), hash('csc 2')], otp: await lastCode() })
    })
    assert.equal(heard.length, 5)
    const faults = heard.flatMap((exchange) => api.faults({ ...exchange, path: exchange.path.replace('/csc/v1', '') }))
    // Of the file's own: it gives sendOTP no 204, and a field's length as text.
    assert.deepEqual(
      faults.filter((fault) => !/sendOTP.*204/.test(fault)),
      [],
    )
  })
})

describe('CSC v2', () => {
  test('the exchanges are as the text has them: there is no machine-readable file of this version', async () => {
    const heard = await exchangesWith(firma.url, async (url) => {
      const client = signingService({ ...firma, protocollo: 'csc-v2', url })
      const credential = await client.credentialOf('ugo.ufficiale')
      await client.sendOtp(credential.id)
      await client.sign({ credential, hashes: [hash('csc'), hash('csc 2')], otp: await lastCode() })
      await signOne(client, { credential: await client.credentialOf('ente'), hash: hash('csc 3') })
    })
    const said = heard.map(({ method, path, body, answer }) => {
      assert.deepEqual([method, path.slice(0, 8)], ['POST', '/csc/v2/'])
      const { asked, answered, statuses } = RULES[path.slice(8)]!
      assert.ok(statuses.includes(answer.status), path)
      asked.parse(JSON.parse(body))
      answered.parse(answer.body === '' ? undefined : JSON.parse(answer.body))
      return `${path.slice(8)} ${answer.status}`
    })
    assert.deepEqual(said, [
      ...[
        'credentials/list 200',
        'credentials/getChallenge 204',
        'credentials/authorize 200',
        'signatures/signHash 200',
      ],
      ...[
        'credentials/list 200',
        'credentials/authorize 202',
        'credentials/authorizeCheck 200',
        'signatures/signHash 200',
      ],
    ])
  })
})

test('CSC v2: a service that lists credentials without describing them is asked for each', async () => {
  const withoutInfos = {
    answer: (answered: { status: number; headers: Record<string, string>; body: string }) => {
      const { credentialInfos: _, ...rest } = answered.body === '' ? {} : JSON.parse(answered.body)
      return { ...answered, body: JSON.stringify(rest) }
    },
  }
  const heard = await exchangesWith(
    firma.url,
    async (url) => {
      const client = signingService({ ...firma, protocollo: 'csc-v2', url })
      const { certificates, otp, atOnce } = await client.credentialOf('ugo.ufficiale')
      assert.deepEqual([certificates.length, otp, atOnce], [2, true, HASHES_MAX])
    },
    withoutInfos,
  )
  assert.deepEqual(
    heard.map(({ path }) => path),
    ['/csc/v2/credentials/list', '/csc/v2/credentials/info'],
  )
})

/** What the text of version 2 says of each method that is used: its parameters, and nothing of version 1. */
const digests = { hashes: z.array(z.base64()).min(1), hashAlgorithmOID: z.literal(OID.sha256) }
const credentialID = z.string()
const activation = z.strictObject({ SAD: z.string(), expiresIn: z.number().optional() })
const described = z.strictObject({
  credentialID,
  key: z.strictObject({ status: z.enum(['enabled', 'disabled']), algo: z.array(z.string()), len: z.number() }),
  cert: z.strictObject({ status: z.string(), certificates: z.array(z.base64()) }),
  auth: z.strictObject({
    mode: z.enum(['explicit', 'oauth2code']),
    expression: z.string(),
    objects: z.array(z.looseObject({ type: z.string(), id: z.string() })),
  }),
  SCAL: z.enum(['1', '2']),
  multisign: z.int().min(1),
  lang: z.string(),
})
const RULES: Readonly<
  Record<string, { readonly asked: z.ZodType; readonly answered: z.ZodType; readonly statuses: readonly number[] }>
> = {
  'credentials/list': {
    asked: z.strictObject({
      userID: z.string(),
      credentialInfo: z.boolean(),
      certificates: z.enum(['none', 'single', 'chain']),
      authInfo: z.boolean(),
    }),
    answered: z.strictObject({ credentialIDs: z.array(credentialID), credentialInfos: z.array(described) }),
    statuses: [200],
  },
  'credentials/getChallenge': {
    asked: z.strictObject({ credentialID, authObjectID: z.string() }),
    answered: z.undefined(),
    statuses: [204],
  },
  'credentials/authorize': {
    asked: z.strictObject({
      ...{ credentialID, ...digests, numSignatures: z.int().min(1) },
      authData: z.array(z.strictObject({ id: z.string(), value: z.string() })),
    }),
    answered: z.union([activation, z.strictObject({ handle: z.string() })]),
    statuses: [200, 202],
  },
  'credentials/authorizeCheck': {
    asked: z.strictObject({ handle: z.string() }),
    answered: activation,
    statuses: [200],
  },
  'signatures/signHash': {
    asked: z.strictObject({ ...{ credentialID, ...digests, SAD: z.string() }, signAlgo: z.string() }),
    answered: z.strictObject({ signatures: z.array(z.base64()) }),
    statuses: [200],
  },
}

/** The digest that an RSA signature is over. */
const decrypted = (key: KeyObject, outcome: HashOutcome): Buffer =>
  publicDecrypt(key, Buffer.from(signatureIn(outcome))).subarray(-32)
