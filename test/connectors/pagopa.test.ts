/** pagoPA, client ⇄ sandbox: a position is made once, whatever becomes of the answer; who pays, and what can no longer be undone. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { CHECKOUT_PATH, checkout } from '../../connectors/pagopa/checkout.ts'
import { debtPositions, GPD_VERSIONS } from '../../connectors/pagopa/client.ts'
import type { NewPosition } from '../../connectors/pagopa/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { owedTo } from './owed.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'

let time = Date.parse('2027-05-06T08:00:00Z')
const opened = await openPlatforms({ now: () => time })
const { plan, journal } = opened
const { positions } = opened.connectors
const { pagopa } = opened.platforms
after(() => opened[Symbol.asyncDispose]())
const { fee, newPosition, payAt } = owedTo(pagopa)

test('a position is open, then paid on the page of the tester, then it stays', async () => {
  const asked = newPosition()
  const made = await positions.create(asked)
  assert.deepEqual(made, {
    ...{ iupd: asked.iupd, numeroAvviso: asked.numeroAvviso, iuv: asked.numeroAvviso.slice(1) },
    ...{ importo: 7800, stato: 'APERTA', pagamento: null, altreRate: [] },
  })
  const page = await (await fetch(`${pagopa.url}/avvisi/${asked.numeroAvviso}`)).text()
  assert.match(page, /Paga 78,00/)
  assert.equal((await payAt(asked.numeroAvviso)).status, 303)
  const paid = await positions.find(asked.iupd)
  assert.equal(paid?.stato, 'PAGATA')
  assert.equal(paid.pagamento?.pagatoIl, new Date(time).toISOString())
  await assert.rejects(positions.cancel(asked.iupd), { name: 'Refused', code: 'GIA_PAGATA' })
})

test('of two instalments one is paid, then both', async () => {
  const { numeroAvviso } = newPosition()
  const second = { numeroAvviso, scadenza: '2027-06-21T23:59:59+02:00', voci: [fee] } as const
  const asked = newPosition({ altreRate: [second] })
  const made = await positions.create(asked)
  assert.deepEqual([made.importo, made.altreRate.map(({ importo }) => importo)], [7800, [2600]])
  await payAt(numeroAvviso)
  const part = await positions.find(asked.iupd)
  assert.equal(part?.stato, 'PAGATA_IN_PARTE')
  assert.deepEqual([part.pagamento, part.altreRate[0]?.numeroAvviso], [null, numeroAvviso])
  assert.ok(part.altreRate[0]?.pagamento)
  await assert.rejects(positions.cancel(asked.iupd), { name: 'Refused', code: 'GIA_PAGATA' })
  await payAt(asked.numeroAvviso)
  assert.equal((await positions.find(asked.iupd))?.stato, 'PAGATA')
})

describe('creating is keyed', () => {
  for (const kind of ['drop-after', 'error-after'] as const)
    test(`${kind}: a repeat finds what the first attempt left`, async () => {
      const asked = newPosition()
      const before = (await journal('pagopa')).length
      await plan('pagopa', 'crea', kind)
      await assert.rejects(positions.create(asked), UnknownOutcome)
      assert.equal((await positions.create(asked)).stato, 'APERTA')
      assert.equal((await journal('pagopa')).length, before + 1)
    })
  test('error-before: nothing was made', async () => {
    const asked = newPosition()
    await plan('pagopa', 'crea', 'error-before')
    await assert.rejects(positions.create(asked), Unavailable)
    assert.equal(await positions.find(asked.iupd), null)
  })
  test('the same number for something else is told, not taken', async () => {
    const asked = newPosition()
    await positions.create(asked)
    const other = { ...asked, voci: [fee] } as const
    await assert.rejects(positions.create(other), { name: 'Refused', code: 'NUMERO_USATO' })
    await assert.rejects(positions.create({ ...other, iupd: 'altra' }), { name: 'Refused', code: 'NUMERO_USATO' })
  })
})

test('cancelling is keyed: what is gone stays gone, and nobody can pay it', async () => {
  const asked = newPosition()
  await positions.create(asked)
  await plan('pagopa', 'annulla', 'drop-after')
  await assert.rejects(positions.cancel(asked.iupd), UnknownOutcome)
  await positions.cancel(asked.iupd)
  assert.equal(await positions.find(asked.iupd), null)
  assert.equal((await payAt(asked.numeroAvviso)).status, 404)
})

test('after its last day nobody can pay it', async () => {
  const asked = newPosition()
  await positions.create(asked)
  time = Date.parse('2027-05-21T22:00:00Z')
  assert.equal((await positions.find(asked.iupd))?.stato, 'NON_PAGABILE')
  assert.equal((await payAt(asked.numeroAvviso)).status, 409)
  time = Date.parse('2027-05-06T08:00:00Z')
})

for (const [what, changed] of [
  ['a last day that is over', { scadenza: '2027-05-05T23:59:59+02:00' }],
  ['an account that pagoPA does not know', { voci: [{ ...fee, iban: 'IT00X0000000000000000000000' }] }],
  ['a code that is none of the taxonomy', { voci: [{ ...fee, tassonomia: 'canone' }] }],
  ['six transfers', { voci: [fee, fee, fee, fee, fee, fee] }],
  ['a subject that is too long', { oggetto: 'x'.repeat(141) }],
] as const satisfies readonly (readonly [string, Partial<NewPosition>])[])
  test(`refused: ${what}`, async () => {
    const asked = newPosition(changed)
    await assert.rejects(positions.create(asked), { name: 'Refused', code: '400' })
    assert.equal(await positions.find(asked.iupd), null)
  })

test('a key of another body opens nothing', async () => {
  await assert.rejects(debtPositions({ ...pagopa, chiave: 'altra' }).create(newPosition()), {
    name: 'Refused',
    code: '401',
  })
})

const ritorno = {
  pagato: 'https://comune.example/pagato',
  annullato: 'https://comune.example/annullato',
  errore: 'https://comune.example/errore',
}
const { checkout: carts } = opened.connectors
const cartOf = ({ numeroAvviso, oggetto }: NewPosition) => ({
  avvisi: [{ numeroAvviso, importo: 7800, oggetto }],
  ritorno,
})

test('a cart opens a page; whoever pays there comes back, and so does who cannot', async () => {
  const asked = newPosition()
  await positions.create(asked)
  const page = await carts.open(cartOf(asked))
  assert.match(await (await fetch(page)).text(), /Paga 78,00/)
  assert.equal((await positions.find(asked.iupd))?.stato, 'APERTA')
  const pay = async () => (await fetch(page, { method: 'POST', redirect: 'manual' })).headers.get('location')
  assert.equal(await pay(), ritorno.pagato)
  assert.equal((await positions.find(asked.iupd))?.stato, 'PAGATA')
  const gone = await carts.open(cartOf(newPosition()))
  assert.equal((await fetch(gone, { method: 'POST', redirect: 'manual' })).headers.get('location'), ritorno.errore)
})

test('a cart leads back to pages alone', async () => {
  const asked = newPosition()
  await positions.create(asked)
  for (const pagato of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'comune'])
    await assert.rejects(carts.open({ ...cartOf(asked), ritorno: { ...ritorno, pagato } }), { code: '400' })
  const page = await carts.open({
    ...cartOf(asked),
    ritorno: { ...ritorno, pagato: 'https://comune.example/\r\nx: y' },
  })
  const paid = await fetch(page, { method: 'POST', redirect: 'manual' })
  assert.deepEqual([paid.status, paid.headers.get('location')], [303, 'https://comune.example/x:%20y'])
})

test('what is no page is none to pay on', async () => {
  for (const location of ['javascript:alert(1)', '/carrelli', ''])
    await exchangesWith(
      pagopa.url,
      (url) => assert.rejects(checkout({ ...pagopa, url }).open(cartOf(newPosition())), UnknownOutcome),
      { answer: (told) => ({ ...told, headers: { ...told.headers, location } }) },
    )
})

test('text in what is owed is text on the pages, and a strange form pays nothing', async () => {
  const asked = newPosition({ oggetto: '<script>alert(1)</script>"\'&' })
  await positions.create(asked)
  const cart = await carts.open({ ...cartOf(asked), ritorno: { ...ritorno, annullato: 'https://c.example/?"><b>' } })
  for (const page of [pagopa.url, `${pagopa.url}/avvisi/${asked.numeroAvviso}`, cart, `${pagopa.url}/flussi`]) {
    const answer = await fetch(page)
    assert.doesNotMatch(await answer.text(), /<script|"><b>/)
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  }
  const before = (await journal('pagopa')).length
  for (const form of [
    ...[{ importo: '1e9' }, { importo: '-78' }, { importo: 'NaN' }, { importo: '0' }, { importo: '9'.repeat(400) }],
    ...[{ psp: '__proto__' }, { psp: 'constructor' }, { ricevuta: '-1' }, { ricevuta: '1e9' }, { ricevuta: 'NaN' }],
  ])
    assert.equal(
      (await payAt(asked.numeroAvviso, form as Parameters<typeof payAt>[1])).status,
      400,
      JSON.stringify(form),
    )
  assert.equal((await journal('pagopa')).length, before)
})

test('a cart is what Checkout describes', { skip: withoutSpecs }, async () => {
  const api = officialApi('pagopa/checkout_ec_v1.json')
  const said = await exchangesWith(pagopa.url, async (url) => {
    await checkout({ ...pagopa, url }).open({ ...cartOf(newPosition()), email: 'lucia@posta.example' })
    await assert.rejects(checkout({ ...pagopa, url }).open({ ...cartOf(newPosition()), avvisi: [] }), { code: '400' })
  })
  assert.deepEqual(said.map((one) => ({ ...one, path: one.path.replace(CHECKOUT_PATH, '') })).flatMap(api.faults), [
    'POST /carts body.paymentNotices: too few',
  ])
})

test('what is said is what pagoPA describes', { skip: withoutSpecs }, async () => {
  const api = officialApi('pagopa/gpd_v3.json')
  const said = await exchangesWith(pagopa.url, async (url) => {
    const client = debtPositions({ ...pagopa, url })
    const impronta = Buffer.alloc(32, 7).toString('base64')
    const { iban: _, ...line } = fee
    await client.create(newPosition({ voci: [fee, { ...line, importo: 1600, bollo: { impronta, provincia: 'PO' } }] }))
    await client.create(newPosition())
    const unpaid = newPosition()
    await client.create(unpaid)
    await client.cancel(unpaid.iupd)
    await client.cancel(unpaid.iupd)
    await assert.rejects(client.create(newPosition({ scadenza: '2027-01-01T00:00:00Z' })))
  })
  const described = said.map((one) => ({ ...one, path: one.path.replace(GPD_VERSIONS.v3.path, '') }))
  assert.deepEqual(described.flatMap(api.faults), [])
})
