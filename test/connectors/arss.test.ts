/** Aruba's ARSS behind the signing port: a code for one hash, a session for several, a delegate for the seal; the exchanges by its own schema. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { signingService } from '../../connectors/firma/client.ts'
import { sha256 } from '../../connectors/firma/cms.ts'
import { arssAt } from '../../connectors/firma/sandbox/arss.ts'
import { documentSigner } from '../../connectors/firma/signer.ts'
import { bodyOf } from '../../connectors/firma/soap.ts'
import { HASHES_MAX } from '../../connectors/firma/types.ts'
import { withoutSpecs } from './official-api.ts'
import { schemaOf } from './official-schema.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'
import { signatureIn, signOne } from './signed.ts'

const NOON = Date.parse('2027-03-01T12:00:00Z')
const MINUTE = 60_000
let time = NOON
/** Signatures answered to the client whose session breaks. */
let seen = 0
const opened = await openPlatforms({ now: () => time })
const { firma } = opened.platforms
const { plan, journal, calls } = opened
const settings = arssAt(firma.url)
const service = signingService(settings)
after(() => opened[Symbol.asyncDispose]())

const hash = (text: string): Buffer => sha256(Buffer.from(text))
const count = async (kind: string) => (await journal('firma')).filter((entry) => entry.kind === kind).length
async function codeFor(id: string): Promise<string> {
  await service.sendOtp(id)
  return String((await journal('firma')).findLast(({ kind }) => kind === 'otp')?.code)
}
const asked = async () => (await calls('firma')).map(({ operation }) => operation)

describe('ARSS', () => {
  test('one hash is signed with the code, once, whichever was sent last, within five minutes', async () => {
    const credential = await service.credentialOf('ugo.ufficiale')
    assert.deepEqual([credential.otp, credential.atOnce, credential.algorithm], [true, HASHES_MAX, 'RSA'])
    const wrong = { name: Refused.name, code: 'OTP_ERRATO' }
    const otp = await codeFor(credential.id)
    assert.ok((await signOne(service, { credential, hash: hash('a'), otp })).byteLength > 0)
    await assert.rejects(signOne(service, { credential, hash: hash('b'), otp }), wrong)
    const late = await codeFor(credential.id)
    time += 5 * MINUTE + 1
    await assert.rejects(signOne(service, { credential, hash: hash('b'), otp: late }), wrong)
    await signOne(service, { credential, hash: hash('b'), otp: await codeFor(credential.id) })
  })
  test('several are signed in a session that one code opens, and which is closed', async () => {
    const credential = await service.credentialOf('dina.dirigente')
    const before = [await count('released'), await count('signed'), (await asked()).length] as const
    const hashes = ['c', 'd', 'e'].map(hash)
    const outcomes = await service.sign({ credential, hashes, otp: await codeFor(credential.id) })
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['signed', 'signed', 'signed'],
    )
    assert.deepEqual([await count('released'), await count('signed')], [before[0] + 1, before[1] + 3])
    assert.deepEqual((await asked()).slice(before[2]), [
      ...['sendCredential', 'opensession', 'signhash', 'signhash', 'signhash', 'closesession'],
    ])
    const request = { credential, hashes: ['f', 'g'].map(hash) }
    await assert.rejects(service.sign({ ...request, otp: 'no' }), { name: Refused.name, code: 'OTP_ERRATO' })
  })
  test('what was signed before a session broke is not lost, and the code is not tried again', async () => {
    const credential = await service.credentialOf('dina.dirigente')
    const request = { credential, hashes: ['h', 'i', 'l'].map(hash) }
    const otp = await codeFor(credential.id)
    const broken = signingService({ ...settings, url: firma.url })
    await assert.rejects(broken.credentialOf('dina.dirigente'), { code: '401' })
    await plan('firma', 'opensession', 'error-before')
    await assert.rejects(service.sign({ ...request, otp }), Unavailable)
    await plan('firma', 'signhash', 'error-before')
    await assert.rejects(service.sign({ ...request, otp }), UnknownOutcome)
    const heard: string[] = []
    await exchangesWith(
      firma.url,
      async (url) => {
        const client = signingService(arssAt(url))
        await client.credentialOf('dina.dirigente')
        const outcomes = await client.sign({ ...request, otp: await codeFor(credential.id) })
        for (const outcome of outcomes) heard.push(outcome.kind === 'refused' ? outcome.code : outcome.kind)
      },
      // The second signature's answer is cut to something that is none.
      {
        answer: (answered) => {
          const isSecond = answered.body.includes('signhashResponse') && ++seen === 2
          return isSecond ? { ...answered, body: '<niente/>' } : answered
        },
      },
    )
    assert.deepEqual(heard, ['signed', 'SENZA_RISPOSTA', 'SENZA_RISPOSTA'])
  })
  test('three wrong codes lock for half an hour; who has no account, another password or domain is refused', async () => {
    const credential = await service.credentialOf('carla.comandante')
    const sign = (otp: string) => signOne(service, { credential, hash: hash('m'), otp })
    for (let wrong = 0; wrong < 3; wrong++) await assert.rejects(sign('no'), { code: 'OTP_ERRATO' })
    await assert.rejects(sign('no'), { code: 'CREDENZIALE_BLOCCATA' })
    await assert.rejects(service.sendOtp(credential.id), { code: 'CREDENZIALE_BLOCCATA' })
    time += 31 * MINUTE
    await sign(await codeFor(credential.id))
    await assert.rejects(service.credentialOf('nessuno'), { name: Refused.name, code: 'CREDENZIALE_ASSENTE' })
    const utenze = { 'carla.comandante': { utente: 'carla.comandante', password: 'altra' } }
    await assert.rejects(signingService({ ...settings, utenze }).sendOtp(credential.id), { code: 'CREDENZIALI_ERRATE' })
    const elsewhere = signingService({ ...settings, dominio: 'altro' })
    await assert.rejects(elsewhere.credentialOf('ugo.ufficiale'), { name: Refused.name, code: 'RIFIUTATO' })
  })
  test('the seal is made by a delegate: the same hash is the same signature, and the PDF is good', async () => {
    const issuer = (await signingService(firma).credentialOf('ente')).certificates[1]!
    const signer = documentSigner({ service, trusted: [issuer] })
    const credential = await signer.credentialOf('ente')
    assert.equal(credential.otp, false)
    const content = Buffer.from('un atto')
    const prepared = signer.prepareEnvelope(content, credential, NOON)
    const toSign = [signer.toSign(prepared, credential)]
    await plan('firma', 'signhash', 'drop-after')
    await assert.rejects(signer.sign(toSign, credential), UnknownOutcome)
    const before = await count('signed')
    const [outcome] = await signer.sign(toSign, credential)
    assert.equal(await count('signed'), before)
    const { firme } = await signer.verify(await signer.complete(prepared, credential, signatureIn(outcome)), NOON)
    assert.deepEqual([firme[0]?.esito, firme[0]?.firmatario], ['VALIDA', 'Comune di Esempio'])
    await signer.close()
    const { ente } = settings.delegati
    const wrong = signingService({ ...settings, delegati: { ente: { ...ente!, password: '0000' } } })
    const own = await wrong.credentialOf('ente')
    await assert.rejects(signOne(wrong, { credential: own, hash: hash('n') }), {
      code: 'CREDENZIALI_ERRATE',
    })
  })
  test('every request and every answer is as the schema of its WSDL has it', { skip: withoutSpecs }, async () => {
    const schema = schemaOf('firma/aruba-arss/ArubaSignService.xsd')
    const heard = await exchangesWith(firma.url, async (url) => {
      const client = signingService(arssAt(url))
      const credential = await client.credentialOf('ugo.ufficiale')
      const code = async () => {
        await client.sendOtp(credential.id)
        return String((await journal('firma')).findLast(({ kind }) => kind === 'otp')?.code)
      }
      await signOne(client, { credential, hash: hash('o'), otp: await code() })
      await client.sign({ credential, hashes: [hash('p'), hash('q')], otp: await code() })
      await assert.rejects(signOne(client, { credential, hash: hash('r'), otp: 'no' }), Refused)
      const seal = await client.credentialOf('ente')
      await client.sign({ credential: seal, hashes: [hash('s'), hash('t')] })
    })
    assert.ok(heard.length >= 14, String(heard.length))
    for (const { path, headers, body, answer } of heard) {
      assert.equal(path, '/ArubaSignService/ArubaSignService')
      assert.equal(headers.soapaction, '""')
      for (const text of [body, answer.body]) {
        const element = bodyOf(text)
        assert.deepEqual(schema.faults(element), [], element.name)
        assert.match(text, /<arss:\w+ xmlns:arss="http:\/\/arubasignservice\.arubapec\.it\/">/)
      }
      assert.equal(bodyOf(answer.body).name, `${bodyOf(body).name}Response`)
    }
  })
  test('what its service does not have is a fault, and no outcome', async () => {
    const text = '<s:Envelope xmlns:s="x"><s:Body><altro/></s:Body></s:Envelope>'
    const answer = await fetch(settings.url, { method: 'POST', body: text })
    assert.equal(answer.status, 500)
    assert.match(await answer.text(), /faultstring/)
  })
})
