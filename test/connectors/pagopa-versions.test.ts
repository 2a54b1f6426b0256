/** Both versions of GPD, client ⇄ sandbox: the same port, and what is each one's own. */
import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import { Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { debtPositions, GPD_VERSIONS } from '../../connectors/pagopa/client.ts'
import type { NewPosition } from '../../connectors/pagopa/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import type { Exchange } from './open-api.ts'
import { owedTo } from './owed.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'

const MORNING = Date.parse('2027-05-06T08:00:00Z')
let time = MORNING
const opened = await openPlatforms({ now: () => time })
const { plan, journal } = opened
const { pagopa } = opened.platforms
after(() => opened[Symbol.asyncDispose]())
beforeEach(() => {
  time = MORNING
})
const { fee, newPosition, pay, payAt, sendFlows } = owedTo(pagopa)
const SECOND_IBAN = 'IT60X0542811101000000654321'

const positionsAt = (version: keyof typeof GPD_VERSIONS) =>
  `${GPD_VERSIONS[version].path}/organizations/${pagopa.ente.codiceFiscale}/debtpositions`
/** What no port asks for. */
const call = async (url: string, method: string, path: string, body?: object) => {
  const headers = { 'Ocp-Apim-Subscription-Key': pagopa.chiave, 'content-type': 'application/json' }
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return { status: answer.status, body: JSON.parse((await answer.text()) || 'null') }
}
const inInstalments = () => {
  const { numeroAvviso } = newPosition()
  return newPosition({ altreRate: [{ numeroAvviso, scadenza: '2027-06-21T23:59:59+02:00', voci: [fee] }] })
}

for (const gpd of ['v1', 'v3'] as const)
  describe(`version ${gpd.slice(1)}`, () => {
    const positions = debtPositions({ ...pagopa, gpd })

    test('open, paid in part, paid, reported', async () => {
      const asked = inInstalments()
      const [second] = asked.altreRate ?? []
      const made = await positions.create(asked)
      assert.deepEqual([made.numeroAvviso, made.importo, made.stato], [asked.numeroAvviso, 7800, 'APERTA'])
      assert.deepEqual([made.altreRate[0]?.numeroAvviso, made.altreRate[0]?.importo], [second?.numeroAvviso, 2600])
      await pay(asked.numeroAvviso)
      const part = await positions.find(asked.iupd)
      assert.deepEqual([part?.stato, part?.pagamento?.psp], ['PAGATA_IN_PARTE', 'Banca di prova'])
      assert.equal(part?.altreRate[0]?.pagamento, null)
      await assert.rejects(positions.cancel(asked.iupd), { name: 'Refused', code: 'GIA_PAGATA' })
      await pay(second!.numeroAvviso)
      assert.equal((await positions.find(asked.iupd))?.stato, 'PAGATA')
      time += 1000
      await sendFlows()
      assert.equal((await positions.find(asked.iupd))?.stato, 'PAGATA')
    })

    test('created once and cancelled once, whatever becomes of the answers', async () => {
      const asked = newPosition()
      const before = (await journal('pagopa')).length
      await plan('pagopa', 'crea', 'too-many')
      await assert.rejects(positions.create(asked), Unavailable)
      assert.equal(await positions.find(asked.iupd), null)
      await plan('pagopa', 'crea', 'drop-after')
      await assert.rejects(positions.create(asked), UnknownOutcome)
      assert.equal((await positions.create(asked)).stato, 'APERTA')
      await assert.rejects(positions.create({ ...asked, voci: [fee] }), { name: 'Refused', code: 'NUMERO_USATO' })
      await plan('pagopa', 'annulla', 'error-before')
      await assert.rejects(positions.cancel(asked.iupd), Unavailable)
      assert.equal((await positions.find(asked.iupd))?.stato, 'APERTA')
      await plan('pagopa', 'annulla', 'error-after')
      await assert.rejects(positions.cancel(asked.iupd), UnknownOutcome)
      await positions.cancel(asked.iupd)
      assert.equal((await journal('pagopa')).length, before + 2)
      assert.notEqual((await payAt(asked.numeroAvviso)).status, 303)
    })

    test('paid is not cancelled, expired may be', async () => {
      const [paid, over] = [newPosition(), newPosition({ scadenza: '2027-05-07T23:59:59+02:00' })]
      await positions.create(paid)
      await positions.create(over)
      await pay(paid.numeroAvviso)
      await assert.rejects(positions.cancel(paid.iupd), { name: 'Refused', code: 'GIA_PAGATA' })
      time = Date.parse('2027-05-08T08:00:00Z')
      assert.equal((await positions.find(over.iupd))?.stato, 'NON_PAGABILE')
      await positions.cancel(over.iupd)
      await positions.cancel(over.iupd)
    })

    test('when it was paid is an instant, in Italy where no offset is written, and nothing else', async () => {
      const asked = newPosition()
      await positions.create(asked)
      await pay(asked.numeroAvviso)
      const telling = (paymentDate: string, ask: (client: typeof positions) => Promise<unknown>) =>
        exchangesWith(pagopa.url, async (url) => void (await ask(debtPositions({ ...pagopa, gpd, url }))), {
          answer: (told) => ({
            ...told,
            body: told.body.replace(/"paymentDate":"[^"]*"/, `"paymentDate":"${paymentDate}"`),
          }),
        })
      for (const [written, instant] of [
        ['2027-05-06T10:00:00', '2027-05-06T08:00:00.000Z'],
        ['2027-05-06T10:00:00.123456+02:00', '2027-05-06T08:00:00.123Z'],
      ] as const)
        await telling(written, async (client) =>
          assert.equal((await client.find(asked.iupd))?.pagamento?.pagatoIl, instant),
        )
      for (const wrong of ['ieri', '2027-13-06T10:00:00Z', '=now()'])
        await telling(wrong, (client) => assert.rejects(client.find(asked.iupd), UnknownOutcome))
    })

    test('what is said is what pagoPA describes', { skip: withoutSpecs }, async () => {
      const said = await exchangesWith(pagopa.url, async (url) => {
        const client = debtPositions({ ...pagopa, gpd, url })
        const asked = inInstalments()
        await client.create(asked)
        await assert.rejects(client.create({ ...asked, iupd: 'altra' }))
        await pay(asked.numeroAvviso)
        time += 1000
        await sendFlows()
        await client.find(asked.iupd)
        await assert.rejects(client.cancel(asked.iupd))
        const other = newPosition()
        await client.create(other)
        await client.cancel(other.iupd)
        await client.cancel(other.iupd)
        await client.cancel('nessuna')
        const draft = { ...GPD_VERSIONS[gpd].bodyOf(newPosition(), pagopa.ente), iupd: `bozza-${gpd}` }
        await call(url, 'POST', `${positionsAt(gpd)}?toPublish=false`, draft)
        await call(url, 'POST', `${positionsAt(gpd)}/bozza-${gpd}/publish`)
        await call(url, 'POST', `${positionsAt(gpd)}/bozza-${gpd}/publish`)
      })
      const { faults } = officialApi(`pagopa/gpd_${gpd}.json`)
      assert.deepEqual(
        said.map((one) => ({ ...one, path: one.path.replace(GPD_VERSIONS[gpd].path, '') })).flatMap(faults),
        [],
      )
    })
  })

const v1 = debtPositions({ ...pagopa, gpd: 'v1' })

test('what version 1 invalidates stays to be seen, and a receipt that comes late is taken', async () => {
  const asked = newPosition()
  await v1.create(asked)
  await pay(asked.numeroAvviso, { ricevuta: '3' })
  await v1.cancel(asked.iupd)
  assert.equal((await v1.find(asked.iupd))?.stato, 'NON_PAGABILE')
  time = MORNING + 3 * 86_400_000
  assert.equal((await v1.find(asked.iupd))?.stato, 'PAGATA')
  await assert.rejects(v1.cancel(asked.iupd), { name: 'Refused', code: 'GIA_PAGATA' })
})

test('a draft is not invalidated, and nobody can pay it before it is published', async () => {
  const asked = newPosition()
  await call(pagopa.url, 'POST', positionsAt('v1'), GPD_VERSIONS.v1.bodyOf(asked, pagopa.ente))
  const at = (what: string) => call(pagopa.url, 'POST', `${positionsAt('v1')}/${asked.iupd}/${what}`)
  assert.equal((await at('invalidate')).status, 409)
  await assert.rejects(v1.cancel(asked.iupd), UnknownOutcome)
  assert.equal((await payAt(asked.numeroAvviso)).status, 409)
  assert.equal((await at('publish')).status, 200)
  await pay(asked.numeroAvviso)
  assert.equal((await at('publish')).status, 409)
})

/** One payment for all, and two plans of two instalments. */
function severalWays() {
  const iupd = newPosition().iupd
  const option = (...due: readonly string[]) => {
    const rate = due.map((scadenza) => newPosition({ scadenza, voci: [fee] }))
    const [first, ...altreRate] = rate as [NewPosition, ...NewPosition[]]
    const body = GPD_VERSIONS.v3.bodyOf({ ...first, altreRate }, pagopa.ente) as { paymentOption: [object] }
    return { notices: rate.map(({ numeroAvviso }) => numeroAvviso), paymentOption: body.paymentOption }
  }
  const whole = option('2027-05-21T12:00:00Z')
  const plans = [1, 2].map(() => option('2027-05-21T12:00:00Z', '2027-06-21T12:00:00Z'))
  const paymentOption = [whole, ...plans].flatMap((one) => one.paymentOption)
  return { iupd, whole, plans, body: { iupd, companyName: pagopa.ente.nome, paymentOption } }
}

test('several plans: version 1 does not show them, with a status that its description leaves out', async () => {
  const { iupd, body } = severalWays()
  assert.equal((await call(pagopa.url, 'POST', `${positionsAt('v3')}?toPublish=true`, body)).status, 201)
  await assert.rejects(v1.find(iupd), { name: 'Refused', code: '422' })
  if (withoutSpecs) return
  const [said] = await exchangesWith(pagopa.url, async (url) => {
    await assert.rejects(debtPositions({ ...pagopa, gpd: 'v1', url }).find(iupd))
  })
  const described = { ...said!, path: said!.path.replace(GPD_VERSIONS.v1.path, '') } satisfies Exchange
  assert.deepEqual(officialApi('pagopa/gpd_v1.json').faults(described), [
    'GET /organizations/{organizationfiscalcode}/debtpositions/{iupd} 422: not described',
  ])
})

test('who has begun one way of paying cannot go another', async () => {
  const byPlan = severalWays()
  await call(pagopa.url, 'POST', `${positionsAt('v3')}?toPublish=true`, byPlan.body)
  const [[first, second], [other]] = byPlan.plans.map(({ notices }) => notices) as [string[], string[]]
  await pay(first!)
  assert.equal((await payAt(other!)).status, 409)
  assert.equal((await payAt(byPlan.whole.notices[0]!)).status, 409)
  await pay(second!)
  const state = async (iupd: string) => (await call(pagopa.url, 'GET', `${positionsAt('v3')}/${iupd}`)).body.status
  assert.equal(await state(byPlan.iupd), 'PAID')
  const atOnce = severalWays()
  await call(pagopa.url, 'POST', `${positionsAt('v3')}?toPublish=true`, atOnce.body)
  await pay(atOnce.whole.notices[0]!)
  assert.equal(await state(atOnce.iupd), 'PAID')
  assert.equal((await payAt(atOnce.plans[0]!.notices[0]!)).status, 409)
})

test('another account takes the place of one, in what nobody has paid', async () => {
  const [paid, open] = [newPosition(), newPosition()]
  await v1.create(paid)
  await v1.create(open)
  await pay(paid.numeroAvviso)
  const change = (url: string, newIban: string) =>
    call(url, 'PATCH', `${positionsAt('v1')}/transfers?oldIban=${pagopa.iban}`, { newIban })
  assert.equal((await change(pagopa.url, 'IT00X0000000000000000000000')).status, 400)
  const said = await exchangesWith(pagopa.url, async (url) => {
    const { body } = await change(url, SECOND_IBAN)
    assert.ok(body.updatedTransfers >= 2)
    assert.equal((await change(url, SECOND_IBAN)).body.updatedTransfers, 0)
  })
  const ibans = async ({ iupd }: NewPosition) => {
    const { body } = await call(pagopa.url, 'GET', `${positionsAt('v1')}/${iupd}`)
    return body.paymentOption[0].transfer.map(({ iban }: { iban: string }) => iban)
  }
  assert.deepEqual(await ibans(open), [SECOND_IBAN, SECOND_IBAN])
  assert.deepEqual(await ibans(paid), [pagopa.iban, pagopa.iban])
  if (withoutSpecs) return
  const described = said.map((one) => ({ ...one, path: one.path.replace(GPD_VERSIONS.v1.path, '') }))
  assert.deepEqual(described.flatMap(officialApi('pagopa/gpd_v1.json').faults), [])
})
