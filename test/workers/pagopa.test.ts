/**
 * The jobs of a payment: one position however often a job is tried, a new one for each notice, and the payment wins over the cancellation.
 * How a payment is learned: told once, whatever happens on the way.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type ActivatedJob, GatewayError } from '../../engine/protocol/gateway.ts'
import { loadTown } from '../../processes/town.ts'
import { collector } from '../../workers/pagopa/incassi.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { publishing } from './publishing.ts'
import { openWorkbench } from './workbench.ts'

let time = Date.parse('2027-05-06T08:00:00Z')
const now = () => time
const opened = await openPlatforms({ now, ledger: memoryLedger() })
const { connectors, journal, plan, platforms } = opened
after(() => opened[Symbol.asyncDispose]())
const town = await loadTown()
const { work, jobOf, completed } = openWorkbench({ town, connectors, now })

const owed = {
  pratica: { id: 'p-1', tipo: 'comune.osp.richiesta' },
  debitore: { cf: 'BNCLCU90E45G999C', nome: 'Lucia', cognome: 'Bianchi' },
  oggetto: 'Occupazione di suolo pubblico',
  voci: [
    { voce: 'Canone', importo: 26, centesimi: 2600, motivo: '1,30 € × 20 mq × 1 giorno' },
    { voce: 'Bollo', importo: 32, centesimi: 3200, motivo: 'Domanda e concessione' },
    { voce: 'Esenzione', importo: 0, centesimi: 0, motivo: 'Non dovuta' },
    { voce: 'Diritti', importo: 20, centesimi: 2000, motivo: 'Diritti di istruttoria' },
  ],
  scadenza: '2027-05-21',
}
let element = 2251799813685301n
const creation = (changed: object = {}): ActivatedJob =>
  jobOf('pagopa.crea-posizione', { ...owed, ...changed }, { elementInstanceKey: String(element++) })
const created = async (changed: object = {}) => (await completed(creation(changed))).avviso
const of = (type: string, avviso: object) => jobOf(type, { pratica: owed.pratica, avviso })
const standing = async (avviso: object) => (await completed(of('pagopa.verifica', avviso))).pagamento
const pay = (numeroAvviso: string, form: Readonly<Record<string, string>> = {}) =>
  fetch(`${platforms.pagopa.url}/avvisi/${numeroAvviso}`, {
    ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(form) },
  })
const positions = async () => (await journal('pagopa')).filter(({ operazione }) => operazione === 'posizione')
const lastPosition = async () => JSON.stringify((await positions()).at(-1))

test('each line is a transfer of its own, in cents, and what is owed is there until the end of the last day', async () => {
  const { numeroAvviso, iuv, ...avviso } = await created()
  assert.match(numeroAvviso, /^301\d{15}$/)
  assert.equal(iuv, numeroAvviso.slice(1))
  const { voci, scadenza, oggetto } = owed
  const { iupd, ...rest } = avviso
  assert.match(iupd, /^00337360978-\d+$/)
  assert.deepEqual(rest, {
    ...{ importo: 78, centesimi: 7800, scadenza, entro: '2027-05-21T21:59:59Z', oggetto },
    qr: `PAGOPA|002|${numeroAvviso}|00337360978|7800`,
    ente: { codiceFiscale: '00337360978', nome: 'Comune di Esempio' },
    voci: voci.filter((one) => one.importo),
  })
  const position = (await positions()).at(-1)?.posizione as {
    readonly paymentOption: readonly [
      {
        readonly debtor: object
        readonly installments: readonly [
          { amount: number; dueDate: string; transfer: readonly { amount: number; remittanceInformation: string }[] },
        ]
      },
    ]
  }
  const [option] = position.paymentOption
  assert.deepEqual(option.debtor, { type: 'F', fiscalCode: 'BNCLCU90E45G999C', fullName: 'Lucia Bianchi' })
  const [{ amount, dueDate, transfer }] = option.installments
  assert.equal(amount, 7800)
  assert.equal(dueDate, '2027-05-21T21:59:59.000Z')
  assert.deepEqual(
    transfer.map((one) => [one.remittanceInformation, one.amount]),
    [
      ['Canone', 2600],
      ['Bollo', 3200],
      ['Diritti', 2000],
    ],
  )
})

test('a repeat is the same notice, another step of the practice gives another', async () => {
  const before = (await positions()).length
  for (const fault of ['drop-after', 'error-after', 'error-before']) {
    const job = creation()
    await plan('pagopa', 'crea', fault)
    assert.equal((await work(job)).kind, 'failed', fault)
    const first = (await completed(job)).avviso
    assert.deepEqual((await completed(job)).avviso, first)
  }
  const [one, other] = [await created(), await created()]
  assert.notEqual(one.numeroAvviso, other.numeroAvviso)
  assert.equal((await positions()).length, before + 5)
})

test('more lines than pagoPA has transfers go together by kind of revenue', async () => {
  const voci = Array.from({ length: 7 }, (_, n) => ({ voce: `Voce ${n}`, importo: 0.1, centesimi: 10, motivo: null }))
  assert.equal((await created({ voci })).importo, 0.7)
  assert.match(await lastPosition(), /"remittanceInformation":"Voce 0, Voce 1, Voce 2/)
})

test('a company owes under its VAT number', async () => {
  await created({ debitore: { piva: '02109990016', nome: 'Rosso Caffè srl' } })
  assert.match(await lastPosition(), /"type":"G","fiscalCode":"02109990016","fullName":"Rosso Caffè srl"/)
})

for (const [what, changed] of [
  ['nothing owed', { voci: [{ voce: 'Canone', importo: 0, centesimi: 0 }] }],
  ['cents that are not the euros beside them', { voci: [{ voce: 'Canone', importo: 26, centesimi: 260 }] }],
  ['nobody who owes', { debitore: { nome: 'Ignoto' } }],
  ['a last day that is over', { scadenza: '2027-05-05' }],
] as const)
  test(`${what}: a person is asked, nothing is created`, async () => {
    const before = (await positions()).length
    const outcome = await work(creation(changed))
    assert.ok(outcome.kind === 'failed' && outcome.retries === 0, JSON.stringify(outcome))
    assert.doesNotMatch(outcome.errorMessage, /Ignoto|BNCLCU/)
    assert.equal((await positions()).length, before)
  })

test('what was paid is told with its receipt, and cannot be cancelled', async () => {
  const avviso = await created()
  assert.deepEqual(await standing(avviso), {
    ...{ esito: 'DA_PAGARE', importo: 0, centesimi: 0, pagatoIl: null, ricevuta: null },
  })
  await pay(avviso.numeroAvviso)
  const { ricevuta, ...paid } = await standing(avviso)
  assert.deepEqual(paid, { esito: 'PAGATO', importo: 78, centesimi: 7800, pagatoIl: '2027-05-06T08:00:00.000Z' })
  assert.match(ricevuta, /^\S+$/)
  const { annullamento } = await completed(of('pagopa.annulla-posizione', avviso))
  assert.deepEqual(annullamento, { esito: 'PAGATA' })
  assert.equal((await standing(avviso)).esito, 'PAGATO')
})

test('a cancellation is one, whatever becomes of its answer, and nobody can pay any more', async () => {
  const avviso = await created()
  const job = of('pagopa.annulla-posizione', avviso)
  await plan('pagopa', 'annulla', 'drop-after')
  assert.equal((await work(job)).kind, 'failed')
  for (const _ of ['again', 'and again']) assert.equal((await completed(job)).annullamento.esito, 'ANNULLATA')
  assert.equal((await pay(avviso.numeroAvviso)).status, 404)
  assert.equal((await standing(avviso)).esito, 'ANNULLATO')
})

test('after its last day a notice is expired', async () => {
  const avviso = await created()
  time = Date.parse('2027-05-21T21:59:58Z')
  assert.equal((await standing(avviso)).esito, 'DA_PAGARE')
  time = Date.parse('2027-05-21T22:00:00Z')
  assert.equal((await standing(avviso)).esito, 'SCADUTO')
  time = Date.parse('2027-05-06T08:00:00Z')
})

test('who gives up a practice leaves nothing to pay; what was paid is told by its number', async () => {
  const pratica = { id: 'p-2', tipo: null }
  const paid = await created({ pratica })
  const open = await created({ pratica })
  const another = await created()
  await pay(paid.numeroAvviso)
  const { annullamento } = await completed(jobOf('pagopa.annulla-avvisi', { pratica }))
  assert.deepEqual(annullamento, { esito: 'PAGATA', pagati: [paid.numeroAvviso] })
  assert.equal((await standing(open)).esito, 'ANNULLATO')
  assert.equal((await standing(another)).esito, 'DA_PAGARE')
  const other = await completed(
    jobOf('pagopa.annulla-avvisi', { pratica: { id: 'p-1' }, oggetto: 'Occupazione abusiva' }),
  )
  assert.deepEqual(other.annullamento, { esito: 'ANNULLATA', pagati: [] })
  assert.equal((await standing(another)).esito, 'DA_PAGARE')
  const nothing = await completed(jobOf('pagopa.annulla-avvisi', { pratica: { id: 'p-3' } }))
  assert.deepEqual(nothing.annullamento, { esito: 'ANNULLATA', pagati: [] })
})

const engine = publishing()
const collecting = collector({ gateway: engine, connectors, now })
/** Those of one notice. */
const toldOf = (numeroAvviso: string) =>
  [...engine.taken.values()]
    .map(({ name, correlationKey, variables }) => ({ name, correlationKey, ...JSON.parse(variables ?? '{}') }))
    .filter(({ incasso }) => incasso.numeroAvviso === numeroAvviso)

test('a payment is told once to who waits for it, though the engine is away before or after it has heard', async () => {
  await collecting.look()
  const avviso = await created()
  await pay(avviso.numeroAvviso)
  engine.fail('before', 'after')
  for (const _ of ['before', 'after']) await assert.rejects(collecting.look(), GatewayError)
  assert.equal(await collecting.look(), 1)
  assert.equal(await collecting.look(), 0)
  const [told, ...more] = toldOf(avviso.numeroAvviso)
  assert.deepEqual(more, [])
  const { ricevuta, ...incasso } = told.incasso
  assert.deepEqual([told.name, told.correlationKey], ['pagamento.esito', avviso.numeroAvviso])
  assert.deepEqual(incasso, {
    ...{ numeroAvviso: avviso.numeroAvviso, importo: 78, centesimi: 7800 },
    ...{ pagatoIl: '2027-05-06T08:00:00.000Z', psp: 'Banca di prova' },
  })
  assert.equal((await standing(avviso)).ricevuta, ricevuta)
})

test('a notice that cannot be asked after holds up none of the others', async () => {
  const [one, other] = [await created(), await created()]
  for (const { numeroAvviso } of [one, other]) await pay(numeroAvviso)
  const open = (await connectors.awaited.open()).length
  await plan('pagopa', 'leggi', 'error-before', open - 1)
  await assert.rejects(collecting.look())
  assert.equal(toldOf(one.numeroAvviso).length, 0)
  assert.equal(toldOf(other.numeroAvviso).length, 1)
  assert.equal(await collecting.look(), 1)
  assert.equal(toldOf(one.numeroAvviso).length, 1)
})

test('what was paid in part is told as it was paid, not as it was owed', async () => {
  const avviso = await created()
  await pay(avviso.numeroAvviso, { importo: '60,50' })
  await collecting.look()
  const [{ name, incasso }] = toldOf(avviso.numeroAvviso)
  assert.deepEqual([name, incasso.importo, incasso.centesimi], ['pagamento.esito', 60.5, 6050])
})

for (const [what, importo, cents] of [
  ['less', '60,50', 6050],
  ['more', '80,01', 8001],
] as const)
  test(`${what} than was owed, learned when the notice is over, is what was paid`, async () => {
    const avviso = await created()
    await pay(avviso.numeroAvviso, { importo })
    assert.equal((await completed(of('pagopa.annulla-posizione', avviso))).annullamento.esito, 'PAGATA')
    const { esito, importo: told, centesimi } = await standing(avviso)
    assert.deepEqual([esito, told, centesimi], ['PAGATO', cents / 100, cents])
  })

test('while receipts cannot be read nobody says what was paid', async () => {
  const avviso = await created()
  await pay(avviso.numeroAvviso, { importo: '60,50' })
  await plan('pagopa', 'ricevuta', 'error-before')
  assert.equal((await work(of('pagopa.verifica', avviso))).kind, 'failed')
  assert.equal((await standing(avviso)).centesimi, 6050)
})

test('what is paid though nobody should have paid it is told to who gives it back', async () => {
  const avviso = await created({ ufficio: 'tributi.operatori' })
  await connectors.awaited.withdraw(avviso.numeroAvviso)
  const { numeroAvviso, oggetto, scadenza } = avviso
  await connectors.awaited.learn({
    ...{ numeroAvviso, centesimi: 7800, idRicevuta: 'late', pagatoIl: '2027-05-22T00:00:00Z', psp: 'Banca' },
  })
  await collecting.look()
  const [{ name, correlationKey, pratica, ufficio, incasso, avviso: told }] = toldOf(numeroAvviso)
  assert.deepEqual([name, correlationKey, ufficio], ['pagamento.eccedente', 'late', 'tributi.operatori'])
  assert.deepEqual(pratica, owed.pratica)
  assert.deepEqual(told, { numeroAvviso, oggetto, scadenza, centesimi: 7800, importo: 78 })
  assert.equal(incasso.ricevuta, 'late')
})

test('long after its last day a notice that nobody has paid is asked after no more', async () => {
  const avviso = await created()
  const isAwaited = async () =>
    (await connectors.awaited.open()).some(({ numeroAvviso }) => numeroAvviso === avviso.numeroAvviso)
  time = Date.parse('2027-05-31T12:00:00Z')
  await collecting.look()
  assert.ok(await isAwaited())
  time = Date.parse('2027-06-01T12:00:00Z')
  await collecting.look()
  assert.ok(!(await isAwaited()))
  time = Date.parse('2027-05-06T08:00:00Z')
})
