/** ANPR's C001, client ⇄ sandbox: who is found, which signatures are asked for, and numbers of operations that only grow. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { nationalRegister } from '../../connectors/anpr/client.ts'
import type { RegisterQuery } from '../../connectors/anpr/types.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { pdnd } from '../../connectors/pdnd/client.ts'
import { digestOf, evidenceDigest } from '../../connectors/pdnd/modi.ts'
import { memoryLedger } from './memory-ledger.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import type { Exchange } from './open-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith, type Tampering } from './recorded-exchange.ts'

const ledger = memoryLedger()
const opened = await openPlatforms({ now: () => Date.parse('2027-03-02T09:00:00Z'), ledger })
const { platforms, connectors, plan, journal, calls } = opened
const { anpr } = connectors
after(() => opened[Symbol.asyncDispose]())

const query = (codiceFiscale: string, more: Partial<RegisterQuery> = {}): RegisterQuery => ({
  ...{ codiceFiscale, riferimento: '0000001/2027', data: '2027-03-02', userId: 'ugo.ufficiale', ...more },
})
const SERIES = `anpr.C001.${platforms.anpr.purposeId}`
const MARIO = 'RSSMRA85C01G273I'
const mario = {
  ...{ codiceFiscale: MARIO, nome: 'MARIO', cognome: 'ROSSI', dataNascita: '1985-03-01', isAbroad: false },
  ...{ residenza: { comune: 'PRATO', codiceIstat: '100005' }, anomalie: [] },
}
/** What is said when a client asks through somebody in between. */
const saidWith = (ask: (register: typeof anpr) => Promise<unknown>, tampering?: Tampering) => {
  const exchange = pdnd(platforms.pdnd)
  return exchangesWith(
    platforms.anpr.url,
    async (url) => void (await ask(nationalRegister({ exchange, eservice: { ...platforms.anpr, url }, ledger }))),
    tampering,
  )
}

describe('who is there', () => {
  test('a person has name, birth and municipality of residence, and nothing more is kept', async () => {
    assert.deepEqual(await anpr.find(query(MARIO.toLowerCase())), mario)
    assert.equal((await anpr.find(query('RSSGLI18P54G999I')))?.dataNascita, '2018-09-14')
    assert.equal((await anpr.find(query('BNCLCU90E45G999C')))?.residenza?.codiceIstat, '999001')
  })
  test('who lives abroad has no residence', async () => {
    const abroad = await anpr.find(query('GLLPTR55D10G273Y'))
    assert.deepEqual([abroad?.residenza, abroad?.isAbroad], [null, true])
  })
  test('what ANPR finds wrong with a card comes along', async () => {
    const found = await anpr.find(query('NRELSE88T60H501L'))
    assert.deepEqual(found?.anomalie, ['EA030 CF di un soggetto residente in più comuni'])
  })
  test('nobody is found by an unknown tax code', async () => {
    assert.equal(await anpr.find(query('VRDGPP70A01G273X')), null)
  })
  test('what ANPR refuses is refused with its code, without the person', async () => {
    const future = anpr.find(query(MARIO, { data: '2027-03-03' }))
    await assert.rejects(
      future,
      (error: Refused) => error instanceof Refused && error.code === 'EN003' && !error.message.includes(MARIO),
    )
    await assert.rejects(anpr.find(query('X')), { name: 'Refused', code: 'EN001' })
  })
  test('ANPR is told for which practice it is asked', async () => {
    await anpr.find(query(MARIO, { riferimento: 'x'.repeat(300) }))
    assert.equal((await journal('anpr')).at(-1)?.motivoRichiesta, 'x'.repeat(100))
  })
})

describe('what is signed', () => {
  test('body, type and evidence are, each call under a voucher of its own', async () => {
    const said = await saidWith(async (register) => {
      await register.find(query(MARIO))
      await register.find(query(MARIO))
    })
    const signed = said.map(({ headers, body }) => {
      const evidence = headers['agid-jwt-trackingevidence'] ?? ''
      const voucher = decodeJwt(headers.authorization?.replace('Bearer ', '') ?? '')
      const signature = decodeJwt(headers['agid-jwt-signature'] ?? '')
      assert.equal(headers.digest, digestOf(body))
      assert.deepEqual(signature.signed_headers, [{ digest: headers.digest }, { 'content-type': 'application/json' }])
      assert.equal(signature.aud, platforms.anpr.audience)
      assert.deepEqual(voucher.digest, evidenceDigest(evidence))
      const { userID, userLocation, LoA, purposeId } = decodeJwt(evidence)
      assert.deepEqual([userID, userLocation, LoA], ['ugo.ufficiale', 'iter', 'SUBSTANTIAL'])
      assert.equal(purposeId, platforms.anpr.purposeId)
      return [voucher.jti, signature.jti, decodeJwt(evidence).jti]
    })
    assert.equal(new Set(signed.flat()).size, 6)
  })

  const without =
    (name: string) =>
    ({ headers, body }: Pick<Exchange, 'headers' | 'body'>) => ({
      headers: Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name)),
      body,
    })
  const other =
    (name: string, value: string) =>
    ({ headers, body }: Pick<Exchange, 'headers' | 'body'>) => ({
      headers: { ...headers, [name]: value },
      body,
    })
  const refusals: readonly (readonly [string, string, Required<Tampering>['request']])[] = [
    ['no voucher', '401', without('authorization')],
    ['a voucher changed on the way', '401', other('authorization', 'Bearer a.b.c')],
    ['no signature', '400', without('agid-jwt-signature')],
    ['no digest', '400', without('digest')],
    ['the digest of another body', '400', other('digest', digestOf('{}'))],
    ['another type of content', '400', other('content-type', 'application/json; charset=utf-8')],
    ['no evidence', '400', without('agid-jwt-trackingevidence')],
    ['another body', '400', ({ headers, body }) => ({ headers, body: body.replace('C001', 'C002') })],
    [
      'signature and evidence exchanged',
      '400',
      ({ headers, body }) => {
        const { 'agid-jwt-signature': signature = '', 'agid-jwt-trackingevidence': evidence = '' } = headers
        const exchanged = { 'agid-jwt-signature': evidence, 'agid-jwt-trackingevidence': signature }
        return { headers: { ...headers, ...exchanged }, body }
      },
    ],
  ]
  for (const [what, code, request] of refusals) {
    test(`${what}: refused, and nothing is answered`, async () => {
      const answered = (await journal('anpr')).length
      await saidWith((register) => assert.rejects(register.find(query(MARIO)), { name: 'Refused', code }), { request })
      assert.equal((await journal('anpr')).length, answered)
    })
  }
  test('what was sent is not taken twice', async () => {
    const [said] = await saidWith((register) => register.find(query(MARIO)))
    assert.ok(said)
    const again = { method: said.method, headers: said.headers, body: said.body }
    assert.equal((await fetch(new URL(said.path, platforms.anpr.url), again)).status, 400)
  })
  test('evidence of one call does not serve another', async () => {
    const [first] = await saidWith((register) => register.find(query(MARIO)))
    const evidence = first?.headers['agid-jwt-trackingevidence'] ?? ''
    const request = other('agid-jwt-trackingevidence', evidence)
    await saidWith((register) => assert.rejects(register.find(query(MARIO)), Refused), { request })
  })
})

describe('answers', () => {
  const answers: readonly (readonly [string, Required<Tampering>['answer']])[] = [
    ['another body', (answer) => ({ ...answer, body: answer.body.replace('PRATO', 'FIRENZE') })],
    [
      'another body and its digest',
      (answer) => {
        const body = answer.body.replace('PRATO', 'FIRENZE')
        return { ...answer, body, headers: { ...answer.headers, digest: digestOf(body) } }
      },
    ],
    ['no signature', (answer) => ({ ...answer, headers: { ...answer.headers, 'agid-jwt-signature': '' } })],
  ]
  for (const [what, answer] of answers) {
    test(`with ${what} say nothing`, async () => {
      await saidWith((register) => assert.rejects(register.find(query(MARIO)), UnknownOutcome), { answer })
    })
  }
  test('that nobody is known must be signed as well', async () => {
    const answer = (told: Exchange['answer']) => ({ ...told, headers: { 'content-type': 'application/problem+json' } })
    await saidWith((register) => assert.rejects(register.find(query('VRDGPP70A01G273X')), Refused), { answer })
  })
})

describe('numbers of operations', () => {
  const idsIn = (said: readonly Exchange[]) => said.map(({ body }) => Number(JSON.parse(body).idOperazioneClient))
  test('grow from call to call, also when many ask at once', async () => {
    const said = await saidWith((register) => Promise.all([1, 2, 3, 4, 5].map(() => register.find(query(MARIO)))))
    const ids = idsIn(said)
    assert.equal(ids.length, 5)
    assert.deepEqual(
      ids,
      ids.toSorted((one, other) => one - other),
    )
    assert.equal(new Set(ids).size, 5)
  })
  const numbered = (nextNumber: () => Promise<string>) =>
    nationalRegister({ exchange: pdnd(platforms.pdnd), eservice: platforms.anpr, ledger: { nextNumber } })
  test('where another program was faster, the question is put again under a new number', async () => {
    let asked = 0
    const late = numbered(async () => (asked++ === 0 ? '0' : ledger.nextNumber(SERIES)))
    const before = (await calls('anpr')).length
    assert.deepEqual(await late.find(query(MARIO)), mario)
    assert.equal((await calls('anpr')).length, before + 2)
  })
  test('a number used before gets the answer given then: two questions never share one', async () => {
    const number = await ledger.nextNumber(SERIES)
    const repeating = numbered(async () => number)
    const answered = (await journal('anpr')).length
    assert.deepEqual(await repeating.find(query(MARIO)), mario)
    assert.deepEqual(await repeating.find(query('BNCLCU90E45G999C')), mario)
    assert.equal((await journal('anpr')).length, answered + 1)
  })
  test('a number that stays too low ends in a refusal, after three attempts', async () => {
    const register = numbered(async () => '0')
    const before = (await calls('anpr')).length
    await assert.rejects(register.find(query(MARIO)), { name: 'Refused', code: 'EN002' })
    assert.equal((await calls('anpr')).length, before + 3)
  })
})

test('who would wait too long behind others is sent away, and may come again', async () => {
  const exchange = pdnd(platforms.pdnd)
  const impatient = nationalRegister({ exchange, eservice: platforms.anpr, ledger, waitMs: 100 })
  const body = JSON.stringify({ operation: 'c001', kind: 'delay-before', delayMs: 500 })
  await fetch(`${platforms.anpr.url}/_sandbox/faults`, { method: 'POST', body })
  const [first, second] = await Promise.allSettled([impatient.find(query(MARIO)), impatient.find(query(MARIO))])
  assert.equal(first.status, 'fulfilled')
  assert.ok(second.status === 'rejected' && second.reason instanceof Unavailable)
  assert.deepEqual(await impatient.find(query(MARIO)), mario)
})

test('reading has no effect: whatever became of a call, the next one is answered', async () => {
  for (const [kind, failure] of [
    ['error-before', Unavailable],
    ['error-after', UnknownOutcome],
    ['drop-after', UnknownOutcome],
  ] as const) {
    await plan('anpr', 'c001', kind)
    await assert.rejects(anpr.find(query(MARIO)), failure)
    assert.deepEqual(await anpr.find(query(MARIO)), mario)
  }
})

test('exchanges are as C001-servizioNotifica.yaml says: found, unknown, refused', { skip: withoutSpecs }, async () => {
  const api = officialApi('anpr/C001-servizioNotifica.yaml')
  const said = await saidWith(async (register) => {
    for (const code of [MARIO, 'NRELSE88T60H501L', 'GLLPTR55D10G273Y', 'VRDGPP70A01G273X'])
      await register.find(query(code))
    await register.find(query('X')).catch(() => {})
  })
  assert.deepEqual(
    said.map(({ answer }) => answer.status),
    [200, 200, 200, 404, 400],
  )
  assert.deepEqual(said.flatMap(api.faults), [])
  const [first] = said
  assert.ok(first)
  assert.deepEqual(api.faults({ ...first, body: '{}' }), [
    'POST /anpr-service-e002 body: idOperazioneClient missing',
    'POST /anpr-service-e002 body: datiRichiesta missing',
  ])
})
