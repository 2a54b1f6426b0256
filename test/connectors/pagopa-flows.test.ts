/** pagoPA's flows, client ⇄ sandbox: the money of a day, what it is for, and that no cent is lost on the way. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { centsOf, euroOf } from '../../connectors/pagopa/euro.ts'
import { FLOWS_PATH, flows } from '../../connectors/pagopa/flows.ts'
import type { Flows } from '../../connectors/pagopa/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import type { Exchange } from './open-api.ts'
import { owedTo } from './owed.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith, type Tampering } from './recorded-exchange.ts'

const MORNING = Date.parse('2027-05-06T08:00:00Z')
const DAY = 86_400_000
let time = MORNING
const opened = await openPlatforms({ now: () => time, tokenNow: () => MORNING })
const { plan } = opened
const { positions, receipts, flows: client } = opened.connectors
const { pagopa } = opened.platforms
after(() => opened[Symbol.asyncDispose]())
const { fee, newPosition, pay, giveBack, reviseFlow, sendFlows } = owedTo(pagopa)
const saidWith = (speak: (client: Flows) => Promise<unknown>, tampering?: Tampering) =>
  exchangesWith(pagopa.url, async (url) => void (await speak(flows({ ...pagopa, url }, opened.pause))), tampering)
const owed = async (...changed: Parameters<typeof newPosition>) => {
  const asked = newPosition(...changed)
  await positions.create(asked)
  return { ...asked, iuv: asked.numeroAvviso.slice(1) }
}

test('the money of a day is sent the next morning, one flow from each provider, and the position is reported', async () => {
  time = MORNING
  const since = new Date(time).toISOString()
  const [one, two, three] = [await owed(), await owed(), await owed()]
  await pay(one.numeroAvviso)
  await pay(two.numeroAvviso, { psp: 'POSTE' })
  await pay(three.numeroAvviso, { ricevuta: 'mai', importo: '78,01' })
  assert.deepEqual(await client.published(since), [])
  time = Date.parse('2027-05-07T04:00:00Z')
  const published = await client.published(since)
  assert.deepEqual(published, [
    {
      ...{ fdr: '2027-05-07ABI99990-0001', revisione: 1, psp: 'ABI99990' },
      pubblicatoIl: '2027-05-07T04:00:00.000Z',
    },
    {
      ...{ fdr: '2027-05-07ABI99991-0001', revisione: 1, psp: 'ABI99991' },
      pubblicatoIl: '2027-05-07T04:00:00.000Z',
    },
  ])
  const [bank, post] = published
  assert.deepEqual(await client.find(bank!), {
    ...{ ...bank, nomePsp: 'Banca di prova', regolamento: 'TRN20270507ABI999900001' },
    ...{ dataRegolamento: '2027-05-07', numeroPagamenti: 4, importo: 7800 + 7801 },
  })
  const lines = await client.payments(bank!)
  const { idRicevuta: iur } = (await receipts.byIuv(one.iuv))!
  assert.deepEqual(lines[0], {
    ...{ indice: 1, iuv: one.iuv, iur, idTransfer: 1, importo: 2600, esito: 'EXECUTED' },
    pagatoIl: since,
  })
  assert.deepEqual(
    lines.map(({ iuv, idTransfer, importo, esito }) => [iuv, idTransfer, importo, esito]),
    [
      [one.iuv, 1, 2600, 'EXECUTED'],
      [one.iuv, 2, 5200, 'EXECUTED'],
      [three.iuv, 1, 2601, 'NO_RPT'],
      [three.iuv, 2, 5200, 'NO_RPT'],
    ],
  )
  assert.deepEqual(new Set((await client.payments(post!)).map(({ iuv }) => iuv)), new Set([two.iuv]))
  assert.deepEqual(await client.published(bank!.pubblicatoIl), [])
  assert.equal((await positions.find(one.iupd))?.stato, 'PAGATA')
})

test('a notice paid twice is in the flow twice, each time with its own IUR', async () => {
  const asked = await owed()
  await pay(asked.numeroAvviso)
  await pay(asked.numeroAvviso, { importo: '80' })
  const since = new Date(time).toISOString()
  time += 1000
  await sendFlows()
  const [flow] = await client.published(since)
  const lines = await client.payments(flow!)
  const first = await receipts.byIuv(asked.iuv)
  const second = lines.find(({ iur }) => iur !== first?.idRicevuta)!
  assert.equal(lines.length, 4)
  assert.deepEqual([second.iuv, second.importo], [asked.iuv, 2800])
  assert.equal((await receipts.byIur(second))?.importo, 8000)
})

test('what is given back is in a later flow', async () => {
  const asked = await owed()
  await pay(asked.numeroAvviso)
  const { idRicevuta } = (await receipts.byIuv(asked.iuv))!
  time += 1000
  await sendFlows()
  const since = new Date(time).toISOString()
  time += 1000
  await giveBack(idRicevuta)
  time += DAY
  const [flow] = await client.published(since)
  const lines = await client.payments(flow!)
  assert.deepEqual(
    lines.map(({ iur, importo, esito }) => [iur, importo, esito]),
    [
      [idRicevuta, 2600, 'REVOKED'],
      [idRicevuta, 5200, 'REVOKED'],
    ],
  )
})

test('a flow that is published again is a further revision, which takes the place of the one before', async () => {
  const [gone, stays] = [await owed(), await owed()]
  for (const { numeroAvviso } of [gone, stays]) await pay(numeroAvviso)
  const since = new Date(time).toISOString()
  time += 1000
  await sendFlows()
  const [flow] = await client.published(since)
  const { idRicevuta } = (await receipts.byIuv(gone.iuv))!
  time += 1000
  await reviseFlow(flow!.fdr, idRicevuta)
  const [revised, ...more] = await client.published(since)
  assert.deepEqual(more, [])
  assert.deepEqual(revised, { ...flow!, revisione: 2, pubblicatoIl: new Date(time).toISOString() })
  assert.deepEqual(new Set((await client.payments(revised!)).map(({ iuv }) => iuv)), new Set([stays.iuv]))
  assert.equal((await client.find(revised!))?.importo, 7800)
  assert.equal(await client.find(flow!), null)
})

test("a stamp's money is the Revenue Agency's, and what was cancelled after it was paid is in the flow all the same", async () => {
  const since = new Date(time).toISOString()
  const { iban: _, ...line } = fee
  const bollo = { impronta: Buffer.alloc(32, 7).toString('base64'), provincia: 'PO' }
  const stamped = await owed({ voci: [fee, { ...line, importo: 1600, bollo }] })
  const gone = await owed()
  await pay(stamped.numeroAvviso)
  await pay(gone.numeroAvviso, { ricevuta: '3' })
  await positions.cancel(gone.iupd)
  time += 1000
  await sendFlows()
  const [flow] = await client.published(since)
  const lines = await client.payments(flow!)
  assert.deepEqual(
    lines.map(({ iuv, importo }) => [iuv, importo]),
    [
      [stamped.iuv, 2600],
      [gone.iuv, 2600],
      [gone.iuv, 5200],
    ],
  )
  assert.match(await (await fetch(`${pagopa.url}/flussi`)).text(), new RegExp(flow!.fdr))
})

test('no cent is lost: euro to cents and back', () => {
  for (const cents of [1, 10, 29, 58, 100, 7801, 110_007, 99_999_999_999, 12_345_678_901_25])
    assert.equal(centsOf(String(cents / 100)), cents)
  for (const [text, cents] of [
    ['0.1', 10],
    ['1.15', 115],
    ['8.2', 820],
    ['19', 1900],
  ] as const) {
    assert.equal(centsOf(text), cents)
    assert.equal(centsOf(euroOf(cents)), cents)
  }
  for (const wrong of ['', '-1', '1e21', '0.001', '1,5', '.5', '1.', '١'])
    assert.throws(() => centsOf(wrong), RangeError)
})

test('one call in a second: ours keep that distance, after a failure too; who does not is told when to come again', async () => {
  const since = new Date(MORNING).toISOString()
  const passed: number[] = []
  const patient = flows(pagopa, async (ms) => {
    passed.push(ms)
    await opened.pause(ms)
  })
  await plan('pagopa', 'flussi', 'error-before')
  const asked = Array.from({ length: 5 }, () => patient.published(since))
  const kept = (await Promise.allSettled(asked)).map(({ status }) => status)
  assert.deepEqual(kept, ['rejected', ...Array.from({ length: 4 }, () => 'fulfilled')])
  const none = { fdr: '2027-01-01ABI99990-0001', revisione: 1, psp: 'ABI99990' }
  await Promise.all([patient.find(none), patient.payments(none)])
  assert.ok(passed.every((ms) => ms >= 1000))
  const impatient = flows(pagopa, async () => {})
  await impatient.published(since)
  for (const ask of [() => impatient.published(since), () => impatient.find(none), () => impatient.payments(none)])
    await assert.rejects(ask(), { name: 'Unavailable', retryInMs: 1000 })
  await opened.pause(1000)
  await impatient.published(since)
  await opened.pause(1000)
})

test('there is no such flow', async () => {
  const none = { fdr: '2027-01-01ABI99990-0001', revisione: 1, psp: 'ABI99990' }
  assert.equal(await client.find(none), null)
  assert.deepEqual(await client.payments(none), [])
})

test('pages are joined, and a line that comes twice is not believed', async () => {
  const [flow] = await client.published('2027-05-06T00:00:00Z')
  const paged = (told: Exchange['answer'], data: (page: number) => unknown[]) => {
    const { metadata, ...rest } = JSON.parse(told.body)
    const pages = { ...metadata, totPage: 2 }
    return { ...told, body: JSON.stringify({ ...rest, metadata: pages, data: data(metadata.pageNumber) }) }
  }
  const line = { iuv: '1', iur: '2', idTransfer: 1, pay: 0.29, payStatus: 'EXECUTED', payDate: '2027-05-06T08:00:00Z' }
  const answer = (index: (page: number) => number) => ({
    answer: (told: Exchange['answer']) => paged(told, (page) => [{ index: index(page), ...line }]),
  })
  await saidWith(
    async (one) =>
      assert.deepEqual(
        (await one.payments(flow!)).map(({ indice, importo }) => [indice, importo]),
        [
          [1, 29],
          [2, 29],
        ],
      ),
    answer((page) => 3 - page),
  )
  await saidWith(
    (one) => assert.rejects(one.payments(flow!), UnknownOutcome),
    answer(() => 1),
  )
})

test('an amount that is none, and a state that nobody knows, are not taken for something else', async () => {
  const [flow] = await client.published('2027-05-06T00:00:00Z')
  for (const [right, wrong] of [
    ['"pay":26,', '"pay":26.001,'],
    ['"pay":26,', '"pay":-26,'],
    ['EXECUTED', 'PERHAPS'],
  ] as const) {
    const answer = (told: Exchange['answer']) => ({ ...told, body: told.body.replace(right, wrong) })
    const said = await saidWith((one) => assert.rejects(one.payments(flow!), UnknownOutcome), { answer })
    assert.ok(said[0]?.answer.body.includes(wrong))
  }
})

test('reading has no effect, whatever becomes of it', async () => {
  for (const [kind, failure] of [
    ['error-before', Unavailable],
    ['error-after', UnknownOutcome],
    ['drop-after', UnknownOutcome],
    ['too-many', Unavailable],
  ] as const) {
    await plan('pagopa', 'flussi', kind)
    await assert.rejects(client.published('2027-05-06T00:00:00Z'), failure)
  }
  assert.ok((await client.published('2027-05-06T00:00:00Z')).length > 0)
})

test('what is said is what pagoPA describes', { skip: withoutSpecs }, async () => {
  const said = await saidWith(async (one) => {
    const [flow] = await one.published('2027-05-06T10:00:00+02:00')
    await one.find(flow!)
    await one.payments(flow!)
    await one.find({ ...flow!, revisione: 2 })
    await one.payments({ ...flow!, revisione: 2 })
  })
  const wrong = await exchangesWith(pagopa.url, async (url) => {
    const address = `${url}${FLOWS_PATH}/organizations/${pagopa.ente.codiceFiscale}/fdrs?publishedGt=ieri`
    await fetch(address, { headers: { 'Ocp-Apim-Subscription-Key': pagopa.chiave } })
  })
  const described = [...said, ...wrong].map((one) => ({ ...one, path: one.path.replace(FLOWS_PATH, '') }))
  assert.deepEqual(described.flatMap(officialApi('pagopa/fdr_organization.json').faults), [
    'GET /organizations/{organizationId}/fdrs query publishedGt: no date-time',
  ])
  assert.deepEqual(
    described.map(({ answer }) => answer.status),
    [200, 200, 200, 404, 404, 400],
  )
})
