/** INAD, client ⇄ sandbox: which address counts, who has none, and how it is asked. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { digitalDomiciles } from '../../connectors/inad/client.ts'
import { pdnd } from '../../connectors/pdnd/client.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import type { Exchange } from './open-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith, type Tampering } from './recorded-exchange.ts'

const now = () => Date.parse('2027-03-01T09:00:00Z')
const opened = await openPlatforms({ now })
const { platforms, plan, journal, calls } = opened
const { domiciles, eservices } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const query = (codiceFiscale: string) => ({ codiceFiscale, riferimento: '0000001/2027', userId: 'ugo.ufficiale' })
const LUCIA = 'BNCLCU90E45G999C'
const saidWith = (ask: (index: typeof domiciles) => Promise<unknown>, tampering?: Tampering) => {
  const exchange = pdnd(platforms.pdnd)
  const through = (url: string) => digitalDomiciles({ exchange, eservice: { ...platforms.inad, url }, now })
  return exchangesWith(platforms.inad.url, async (url) => void (await ask(through(url))), tampering)
}

for (const [who, codiceFiscale, address] of [
  ['who has elected an address', LUCIA, 'lucia.bianchi@pec.example'],
  ['a tax code in small letters', LUCIA.toLowerCase(), 'lucia.bianchi@pec.example'],
  ['a professional with an address of her own', 'VRDNNA78M52G999V', 'anna.verdi@pec.example'],
  ['a professional who has elected no other', 'MRNTMS92B07G999Z', 'geom.marini@ordine.example'],
  ['who has given it up', 'NRELSE88T60H501L', null],
  ['who never elected one', 'RSSMRA85C01G273I', null],
  ['a tax code with replaced digits, which INAD does not take', 'RSSMRA85CLMG273L', null],
] as const) {
  test(`${who}: ${address ?? 'no address'}`, async () => {
    assert.equal(await domiciles.find(query(codiceFiscale)), address)
  })
}

test('a tax code that is none is refused, without being repeated', async () => {
  await assert.rejects(
    domiciles.find(query('X')),
    (error: Refused) => error instanceof Refused && error.code === '400' && !error.message.includes('X'),
  )
})

test('INAD is told for which proceeding it is asked', async () => {
  await domiciles.find(query(LUCIA))
  assert.equal((await journal('inad')).at(-1)?.practicalReference, '0000001/2027')
})

test('one voucher serves many questions, none is answered without', async () => {
  const before = (await calls('pdnd')).length
  const said = await saidWith(async (index) => {
    await index.find(query(LUCIA))
    await index.find(query(LUCIA))
  })
  assert.equal((await calls('pdnd')).length, before + 1)
  assert.equal(new Set(said.map(({ headers }) => headers.authorization)).size, 1)
  const request = ({ body }: Pick<Exchange, 'headers' | 'body'>) => ({ headers: {}, body })
  await saidWith((index) => assert.rejects(index.find(query(LUCIA)), { name: 'Refused', code: '401' }), { request })
})

test('a voucher for another e-service is not taken', async () => {
  const misdirected = { ...platforms.inad, purposeId: platforms.anpr.purposeId }
  const index = digitalDomiciles({ exchange: pdnd(platforms.pdnd), eservice: misdirected, now })
  await assert.rejects(index.find(query(LUCIA)), { name: 'Refused', code: '401' })
})

test('reading has no effect: whatever became of a call, the next one is answered', async () => {
  for (const [kind, failure] of [
    ['error-before', Unavailable],
    ['error-after', UnknownOutcome],
    ['drop-after', UnknownOutcome],
  ] as const) {
    await plan('inad', 'extract', kind)
    const failed = (error: Error) => error instanceof failure && !error.message.includes(LUCIA)
    await assert.rejects(domiciles.find(query(LUCIA)), failed, 'of its kind, and without the tax code')
    assert.equal(await domiciles.find(query(LUCIA)), 'lucia.bianchi@pec.example')
  }
})

test('an answer of another shape says nothing', async () => {
  const answer = (told: Exchange['answer']) => ({ ...told, body: '{"digitalAddress":[{"digitalAddress":"nowhere"}]}' })
  await saidWith((index) => assert.rejects(index.find(query(LUCIA)), UnknownOutcome), { answer })
})

/** Whether an address was someone's on a day: as the town's queries ask it. */
const verify = (digital_address: string, since: string) =>
  eservices.ask({
    ...{ eservice: 'inad', method: 'GET', path: `/verify/${LUCIA}`, userId: 'ugo.ufficiale', answers: [400, 404] },
    query: { digital_address, since, practicalReference: 'p-1' },
  })

test('whether an address was elected on a day', async () => {
  const outcome = async (address: string, since: string) => JSON.parse((await verify(address, since)).text).outcome
  assert.equal(await outcome('lucia.bianchi@pec.example', '2025-01-01'), true)
  assert.equal(await outcome('lucia.bianchi@pec.example', '2023-01-01'), false)
  assert.equal(await outcome('altra@pec.example', '2025-01-01'), false)
  assert.equal((await verify('nowhere', '2025-01-01')).status, 400)
})

test('an e-service that nobody has described is named', async () => {
  const unknown = eservices.ask({ eservice: 'toString', method: 'GET', path: '/', userId: 'x' })
  await assert.rejects(
    unknown,
    /^Error: Expected the e-service toString to be among those of the PDND, but it is not\./,
  )
})

test('exchanges are as inad_extraction.yaml says: found, not found, refused, verified', {
  skip: withoutSpecs,
}, async () => {
  const api = officialApi('inad/inad_extraction.yaml')
  const said = await saidWith(async (index) => {
    for (const code of [LUCIA, 'VRDNNA78M52G999V', 'RSSMRA85C01G273I']) await index.find(query(code))
  })
  const exchange = pdnd(platforms.pdnd)
  const asked = { method: 'GET', userId: 'ugo.ufficiale', answers: [400] } as const
  const verified = await exchangesWith(platforms.inad.url, async (url) => {
    const eservice = { ...platforms.inad, url }
    const rest = { digital_address: 'lucia.bianchi@pec.example', since: '2025-01-01', practicalReference: 'p-1' }
    await exchange.call(eservice, { ...asked, path: `/verify/${LUCIA}`, query: rest })
    await exchange.call(eservice, { ...asked, path: `/extract/${LUCIA}`, query: { practicalReference: '' } })
  })
  const all = [...said, ...verified]
  assert.deepEqual(
    all.map(({ answer }) => answer.status),
    [200, 200, 404, 200, 400],
  )
  assert.deepEqual(all.flatMap(api.faults), [])
  const [first] = all
  assert.ok(first)
  assert.deepEqual(api.faults({ ...first, path: '/extract/X' }), [
    'GET /extract/{codice_fiscale} path codice_fiscale: not of the pattern',
    'GET /extract/{codice_fiscale} query practicalReference: missing',
  ])
})
