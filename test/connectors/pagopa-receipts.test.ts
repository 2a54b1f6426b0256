/** pagoPA's receipts, client ⇄ sandbox: what was paid, twice, in part, with a receipt that comes late or never. */
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { BIZ_EVENTS_PATH, RECEIPTS_PATH, receipts } from '../../connectors/pagopa/receipts.ts'
import type { Receipts } from '../../connectors/pagopa/types.ts'
import { parseXml } from '../../connectors/xml.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { schemaOf } from './official-schema.ts'
import type { Exchange } from './open-api.ts'
import { owedTo } from './owed.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith, type Tampering } from './recorded-exchange.ts'

const MORNING = Date.parse('2027-05-06T08:00:00Z')
const DAY = 86_400_000
let time = MORNING
let tokenTime = MORNING
const opened = await openPlatforms({ now: () => time, tokenNow: () => tokenTime })
const { plan } = opened
const { positions, receipts: client } = opened.connectors
const { pagopa } = opened.platforms
after(() => opened[Symbol.asyncDispose]())
const { fee, newPosition, pay, payAt } = owedTo(pagopa)
beforeEach(() => {
  time = MORNING
  tokenTime += 60_000
})
const saidWith = (speak: (client: Receipts) => Promise<unknown>, tampering?: Tampering) =>
  exchangesWith(pagopa.url, async (url) => void (await speak(receipts({ ...pagopa, url }))), tampering)
const idOf = async (iupd: string) => (await positions.find(iupd))?.pagamento?.idRicevuta ?? assert.fail('unpaid')

test('who pays gets a receipt, which says what for', async () => {
  const asked = newPosition()
  await positions.create(asked)
  const iuv = asked.numeroAvviso.slice(1)
  assert.equal(await client.byIuv(iuv), null)
  await pay(asked.numeroAvviso)
  const receipt = await client.byIuv(iuv)
  const ours = { codiceFiscaleEnte: pagopa.ente.codiceFiscale }
  assert.deepEqual(receipt, {
    ...{ idRicevuta: await idOf(asked.iupd), numeroAvviso: asked.numeroAvviso, iuv, importo: 7800 },
    ...{ pagatoIl: '2027-05-06T08:00:00.000Z', psp: 'Banca di prova' },
    voci: [
      { id: 1, importo: 2600, causale: 'Canone unico', ...ours },
      { id: 2, importo: 5200, causale: 'Bollo e diritti', ...ours },
    ],
  })
  assert.deepEqual(await client.byIur({ iur: receipt.idRicevuta, iuv }), receipt)
})

test('a notice paid twice: GPD keeps the first receipt, the second is known by its IUR alone', async () => {
  const asked = newPosition()
  const iuv = asked.numeroAvviso.slice(1)
  await positions.create(asked)
  await pay(asked.numeroAvviso)
  const first = await client.byIuv(iuv)
  await pay(asked.numeroAvviso, { importo: '80,5', psp: 'POSTE' })
  assert.deepEqual(await client.byIuv(iuv), first)
  const entries = await opened.journal('pagopa')
  const iur = String(entries.findLast(({ operazione }) => operazione === 'pagata')?.idReceipt)
  const second = await client.byIur({ iur, iuv })
  assert.deepEqual([second?.importo, second?.psp, second?.voci[0]?.importo], [8050, 'Poste di prova', 2850])
  assert.equal((await positions.find(asked.iupd))?.pagamento?.idRicevuta, first?.idRicevuta)
})

test('a receipt that comes days later: until then nobody knows, and the notice may be paid again', async () => {
  const asked = newPosition()
  const iuv = asked.numeroAvviso.slice(1)
  await positions.create(asked)
  await pay(asked.numeroAvviso, { ricevuta: '3' })
  assert.equal((await positions.find(asked.iupd))?.stato, 'APERTA')
  assert.equal(await client.byIuv(iuv), null)
  const period = { dal: '2027-05-06', al: '2027-05-06' }
  const before = (await client.list(period)).length
  time = MORNING + 3 * DAY
  assert.equal((await positions.find(asked.iupd))?.stato, 'PAGATA')
  assert.equal((await client.byIuv(iuv))?.pagatoIl, '2027-05-06T08:00:00.000Z')
  assert.equal((await client.list(period)).length, before + 1)
})

test('a receipt comes for a position that nobody can pay any more', async () => {
  const asked = newPosition({ scadenza: '2027-05-07T23:59:59+02:00' })
  await positions.create(asked)
  await pay(asked.numeroAvviso, { ricevuta: '7' })
  time = MORNING + 2 * DAY
  assert.equal((await positions.find(asked.iupd))?.stato, 'NON_PAGABILE')
  time = MORNING + 7 * DAY
  assert.equal((await positions.find(asked.iupd))?.stato, 'PAGATA')
})

test('paid without pagoPA knowing: there is no receipt, ever', async () => {
  const asked = newPosition()
  await positions.create(asked)
  await pay(asked.numeroAvviso, { ricevuta: 'mai' })
  time = MORNING + 10 * DAY
  assert.equal(await client.byIuv(asked.numeroAvviso.slice(1)), null)
  assert.equal((await positions.find(asked.iupd))?.stato, 'APERTA')
})

test('each instalment has its receipt', async () => {
  const { numeroAvviso } = newPosition()
  const asked = newPosition({ altreRate: [{ numeroAvviso, scadenza: '2027-06-21T23:59:59+02:00', voci: [fee] }] })
  await positions.create(asked)
  await pay(numeroAvviso)
  assert.equal((await client.byIuv(numeroAvviso.slice(1)))?.importo, 2600)
  assert.equal(await client.byIuv(asked.numeroAvviso.slice(1)), null)
})

test('the list is read to its last page, and no day twice', async () => {
  time = Date.parse('2027-04-01T08:00:00Z')
  const paid = await Promise.all(
    Array.from({ length: 103 }, async () => {
      const asked = newPosition()
      await positions.create(asked)
      await pay(asked.numeroAvviso)
      return asked.numeroAvviso.slice(1)
    }),
  )
  const listed = await client.list({ dal: '2027-04-01', al: '2027-04-02' })
  assert.deepEqual(listed.map(({ iuv }) => iuv).sort(), paid.sort())
  assert.deepEqual(listed[0]?.pagatoIl, '2027-04-01T08:00:00.000Z')
  assert.deepEqual(await client.list({ dal: '2027-03-01', al: '2027-03-31' }), [])
  await assert.rejects(client.list({ dal: '2027-04-02', al: '2027-04-01' }), { name: 'Refused', code: '400' })
})

test('a receipt that does not count yet, and what is none', async () => {
  const asked = newPosition()
  await positions.create(asked)
  await pay(asked.numeroAvviso)
  const iuv = asked.numeroAvviso.slice(1)
  const answering = (changed: Partial<Exchange['answer']>) => ({
    answer: (told: Exchange['answer']) => ({ ...told, ...changed }),
  })
  await saidWith(async (one) => assert.equal(await one.byIuv(iuv), null), answering({ status: 422 }))
  for (const body of ['', '<a/>', '<!DOCTYPE a []><a/>', '<a><receipt><outcome>KO</outcome></receipt></a>'])
    await saidWith((one) => assert.rejects(one.byIuv(iuv), UnknownOutcome), answering({ body }))
  const wrong = (told: Exchange['answer']) => ({ ...told, body: told.body.replace('>78.00<', '>78.005<') })
  await saidWith((one) => assert.rejects(one.byIuv(iuv), UnknownOutcome), { answer: wrong })
})

test('reading has no effect, whatever becomes of it', async () => {
  for (const [kind, failure] of [
    ['error-before', Unavailable],
    ['error-after', UnknownOutcome],
    ['drop-after', UnknownOutcome],
  ] as const) {
    await plan('pagopa', 'ricevuta', kind)
    await assert.rejects(client.byIuv('01000000000000144'), failure)
    assert.equal(await client.byIuv('01000000000000144'), null)
  }
})

test('a hundred calls in ten seconds, of payments one in five: the next says when to come again', async () => {
  for (let call = 0; call < 100; call++) await client.byIuv('01000000000000144')
  tokenTime += 3000
  await assert.rejects(client.byIuv('01000000000000144'), { name: 'Unavailable', retryInMs: 7000 })
  tokenTime += 7000
  await client.byIuv('01000000000000144')
  const payment = { iur: 'a'.repeat(32), iuv: '01000000000000144' }
  assert.equal(await client.byIur(payment), null)
  await assert.rejects(client.byIur(payment), { name: 'Unavailable', retryInMs: 5000 })
})

test('what is no amount, and what is no notice, is not paid', async () => {
  const asked = newPosition()
  await positions.create(asked)
  assert.equal((await payAt(asked.numeroAvviso, { importo: '0.01' })).status, 400)
  assert.equal((await payAt(asked.numeroAvviso, { importo: 'molto' })).status, 400)
  assert.equal((await payAt('3'.repeat(18))).status, 404)
})

test('what is said is what pagoPA describes', { skip: withoutSpecs }, async () => {
  const asked = newPosition({
    voci: [fee, { ...stampOf(fee), bollo: { impronta: Buffer.alloc(32, 7).toString('base64'), provincia: 'PO' } }],
  })
  await positions.create(asked)
  await pay(asked.numeroAvviso)
  const iuv = asked.numeroAvviso.slice(1)
  const iur = await idOf(asked.iupd)
  const gpd = await saidWith(async (one) => {
    await one.byIuv(iuv)
    await one.byIuv('01000000000000144')
    await one.list({ dal: '2027-05-01', al: '2027-05-31' })
    await assert.rejects(one.list({ dal: '2027-05-31', al: '2027-05-01' }))
  })
  const described = (said: readonly Exchange[], path: string) =>
    said.map((one) => ({ ...one, path: one.path.replace(path, '') }))
  assert.deepEqual(
    described(gpd, RECEIPTS_PATH).flatMap(officialApi('pagopa/gpd_payments_receipts.json').faults),
    // A range that is none: the service answers 400, which its description leaves out.
    ['GET /payments/{organizationfiscalcode}/receipts 400: not described'],
  )
  const sent = parseXml(gpd[0]?.answer.body ?? '')
  const { faults } = schemaOf('pagopa/soap/wsdl/xsd/paForNode.xsd')
  assert.deepEqual(faults({ ...sent, name: 'paSendRTV2Request' }), [])
  const biz = await saidWith(async (one) => {
    await one.byIur({ iur, iuv })
    tokenTime += 5000
    await one.byIur({ iur: 'a'.repeat(32), iuv })
  })
  assert.deepEqual(described(biz, BIZ_EVENTS_PATH).flatMap(officialApi('pagopa/biz_events_receipts.json').faults), [])
})

function stampOf({ causale, tassonomia }: typeof fee) {
  return { importo: 1600, causale, tassonomia }
}
