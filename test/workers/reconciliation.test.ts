/**
 * Flows held against the payments of practices: every cent is in the account it belongs to, what only a flow knows is told once, and what
 * does not fit becomes one task, whatever happens on the way.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { flows } from '../../connectors/pagopa/flows.ts'
import { loadTown } from '../../processes/town.ts'
import { collector } from '../../workers/pagopa/incassi.ts'
import { reconcileFlows } from '../../workers/pagopa/riconcilia.ts'
import { jobWorker } from '../../workers/worker.ts'
import { memoryReconciliation } from '../connectors/memory-reconciliation.ts'
import { owedTo, type PaymentForm } from '../connectors/owed.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { exchangesWith, type Tampering } from '../connectors/recorded-exchange.ts'
import { publishing } from './publishing.ts'
import { completedWith, openWorkbench } from './workbench.ts'

let time = Date.parse('2027-05-06T08:00:00Z')
const now = () => time
const opened = await openPlatforms({ now })
const { connectors, plan, platforms } = opened
after(() => opened[Symbol.asyncDispose]())
const { accounts, awaited } = connectors
const { pay, giveBack, sendFlows, reviseFlow, payAt } = owedTo(platforms.pagopa)
const town = await loadTown()
const { jobOf, completed } = openWorkbench({ town, connectors, now })
const engine = publishing()
const watching = collector({ gateway: engine, connectors, now })

const workerWith = (changed: Partial<typeof connectors> = {}) =>
  jobWorker(reconcileFlows({ ...connectors, ...changed, gateway: engine, now }), () => {})
const reconciler = workerWith()
const run = (worker = reconciler) => worker.handle(jobOf('pagopa.riconcilia', {}))
const reconcile = async () => completedWith(await run()).riconciliazione

let element = 2251799813685301n
let practices = 0
/** A notice of a practice of its own, of 78 euro in three lines unless told otherwise. */
async function owed(changed: object = {}) {
  const id = `p-${++practices}`
  const job = jobOf(
    'pagopa.crea-posizione',
    {
      pratica: { id, tipo: 'comune.osp.richiesta' },
      debitore: { cf: 'BNCLCU90E45G999C', nome: 'Lucia', cognome: 'Bianchi' },
      ...{ oggetto: 'Occupazione di suolo pubblico', scadenza: '2027-05-21', ufficio: 'tributi.operatori' },
      voci: [
        { voce: 'Canone', importo: 26, centesimi: 2600 },
        { voce: 'Bollo', importo: 32, centesimi: 3200 },
        { voce: 'Diritti', importo: 20, centesimi: 2000 },
      ],
      ...changed,
    },
    { elementInstanceKey: String(element++) },
  )
  const { avviso } = await completed(job)
  return { id, avviso, numeroAvviso: avviso.numeroAvviso as string, iuv: avviso.iuv as string }
}
type Owed = Awaited<ReturnType<typeof owed>>

const tomorrow = async () => {
  time += 1000
  await sendFlows()
  time += 1000
}
const told = (name: string) =>
  [...engine.taken.values()]
    .filter((message) => message.name === name)
    .map(({ variables }) => JSON.parse(variables ?? '{}'))
const toldOf = ({ numeroAvviso }: Owed) =>
  ['pagamento.esito', 'pagamento.eccedente'].flatMap((name) =>
    told(name)
      .filter(({ incasso }) => incasso.numeroAvviso === numeroAvviso)
      .map(({ incasso }) => [name, incasso.centesimi]),
  )
const anomaliesOf = ({ numeroAvviso }: Owed) =>
  told('pagamento.anomalia').filter(({ anomalia }) => anomalia.numeroAvviso === numeroAvviso)
const arrived = async ({ id }: Owed) =>
  (await accounts.of(id))
    .filter(({ fonte }) => fonte.tipo === 'FLUSSO')
    .map(({ stato, centesimi }) => [stato, centesimi])
const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + one, 0)

test('no flow that day: nothing is done', async () => {
  assert.deepEqual(await reconcile(), {
    ...{ flussi: 0, pagamenti: 0, importo: 0, altri: 0, anomalie: 0, sospesi: 0 },
  })
})

test('one ledger: each row has its source, and flows and practices say the same sums, to the cent', async () => {
  const amounts = [2605, 1, 9999]
  const practices = []
  for (const centesimi of amounts)
    practices.push(
      await owed({
        voci: [
          { voce: 'Canone', importo: centesimi / 100, centesimi },
          { voce: 'Diritti', importo: 0.29, centesimi: 29 },
        ],
      }),
    )
  const psps = ['BANCA', 'POSTE', 'BANCA'] as const
  for (const [index, { numeroAvviso }] of practices.entries()) await pay(numeroAvviso, { psp: psps[index] })
  await watching.look()
  // As `ca-pagamento` enters them.
  for (const { id, avviso, numeroAvviso } of practices) {
    const { incasso } = told('pagamento.esito').find((one) => one.incasso.numeroAvviso === numeroAvviso)
    const pratica = { id }
    const exempt = [{ voce: 'Bollo', centesimi: 0, motivo: 'Ente del Terzo settore' }]
    const decision = { tipo: 'DECISIONE', riferimento: 'dmn-canone' }
    await completed(jobOf('contabilita.annota', { pratica, voci: exempt, stato: 'ESENTE', fonte: decision }))
    const receipt = { tipo: 'RICEVUTA', riferimento: incasso.ricevuta }
    const paid = { pratica, voci: avviso.voci, stato: 'PAGATO', avviso: numeroAvviso, fonte: receipt }
    await completed(jobOf('contabilita.annota', paid))
  }
  await tomorrow()
  const total = sum(amounts) + 3 * 29
  assert.deepEqual(await reconcile(), {
    ...{ flussi: 2, pagamenti: 3, importo: total / 100, altri: 0, anomalie: 0, sospesi: 0 },
  })
  const rows = await accounts.between('2027-05-01', '2027-05-31', 0, 100)
  const sumsBy = (keyOf: (row: (typeof rows)[number]) => string, state: string) =>
    Object.fromEntries(
      [
        ...Map.groupBy(
          rows.filter(({ stato }) => stato === state),
          keyOf,
        ),
      ].map(([key, of]) => [key, sum(of.map(({ centesimi }) => centesimi))]),
    )
  const declared = []
  for (const published of await connectors.flows.published('2027-05-06T00:00:00Z'))
    declared.push((await connectors.flows.find(published))!)
  assert.deepEqual(
    sumsBy(({ fonte }) => fonte.riferimento, 'RIVERSATO'),
    Object.fromEntries(declared.map(({ fdr, importo }) => [fdr, importo])),
  )
  const byPractice = (state: string) => sumsBy(({ pratica }) => pratica, state)
  assert.deepEqual(byPractice('RIVERSATO'), byPractice('PAGATO'))
  assert.equal(sum(Object.values(byPractice('RIVERSATO'))), total)
  assert.deepEqual(
    rows.filter(({ stato }) => stato === 'ESENTE').map(({ voce, motivo, fonte }) => [voce, motivo, fonte.riferimento]),
    practices.map(() => ['Bollo', 'Ente del Terzo settore', 'dmn-canone']),
  )
  assert.ok(rows.every(({ fonte }) => fonte.riferimento !== ''))
  const { voce, motivo, giorno, avviso } = rows.find(({ stato }) => stato === 'RIVERSATO')!
  assert.deepEqual([voce, giorno, avviso], ['Riversamento', '2027-05-06', practices[0]!.numeroAvviso])
  assert.match(motivo ?? '', /^Banca di prova, bonifico TRN20270506ABI999900001, ricevuta [0-9a-f]{32}$/)
})

test('the same flows read again bring nothing', async () => {
  const before = await accounts.between('2027-05-01', '2027-05-31', 0, 100)
  assert.equal((await reconcile()).flussi, 0)
  await completedWith(await run(workerWith({ reconciliation: memoryReconciliation() })))
  assert.deepEqual(await accounts.between('2027-05-01', '2027-05-31', 0, 100), before)
})

for (const [first, form] of [
  ['the flow', { ricevuta: 'mai' }],
  ['pagoPA', {}],
] as const)
  test(`a payment is told once, when ${first} tells it first`, async () => {
    const one = await owed()
    await pay(one.numeroAvviso, form)
    if (first === 'pagoPA') await watching.look()
    await tomorrow()
    await reconcile()
    for (const _ of ['once', 'again']) await watching.look()
    assert.deepEqual(toldOf(one), [['pagamento.esito', 7800]])
    assert.deepEqual(await arrived(one), [['RIVERSATO', 7800]])
    assert.deepEqual(anomaliesOf(one), [])
  })

test('a receipt that comes after the flow is the one the flow told of', async () => {
  const one = await owed()
  await pay(one.numeroAvviso, { ricevuta: '3' })
  await tomorrow()
  await reconcile()
  await watching.look()
  time += 4 * 86_400_000
  for (const _ of ['once', 'again']) await watching.look()
  await reconcile()
  time -= 4 * 86_400_000
  assert.deepEqual(toldOf(one), [['pagamento.esito', 7800]])
})

test('paid twice: only the flow knows, and the second payment is given back', async () => {
  const one = await owed()
  await pay(one.numeroAvviso)
  await watching.look()
  await pay(one.numeroAvviso, { psp: 'POSTE' })
  await watching.look()
  assert.deepEqual(toldOf(one), [['pagamento.esito', 7800]])
  await tomorrow()
  await reconcile()
  await watching.look()
  assert.deepEqual(toldOf(one), [
    ['pagamento.esito', 7800],
    ['pagamento.eccedente', 7800],
  ])
  assert.deepEqual(await arrived(one), [
    ['RIVERSATO', 7800],
    ['RIVERSATO', 7800],
  ])
  assert.deepEqual(anomaliesOf(one), [])
})

test('what was paid too much and what was given back: the account, the flows and the town’s bank transfers say the same sums', async () => {
  const one = await owed()
  const { id, avviso, numeroAvviso } = one
  const pratica = { id }
  const since = new Date(time).toISOString()
  await pay(numeroAvviso, { importo: '80,01' })
  await watching.look()
  await pay(numeroAvviso, { psp: 'POSTE' })
  await tomorrow()
  await reconcile()
  await watching.look()
  const told = await Promise.all(
    (await accounts.of(id)).map(async ({ motivo }) => await awaited.payment(/ricevuta (\w+)$/.exec(motivo ?? '')![1]!)),
  )
  const [first, second] = [false, true].map((isExcess) => told.find((payment) => payment?.isExcess === isExcess)!)
  const enter = (voci: readonly object[], stato: string, tipo: string, riferimento: string) =>
    completed(jobOf('contabilita.annota', { pratica, voci, stato, avviso: numeroAvviso, fonte: { tipo, riferimento } }))
  // As `ca-pagamento`, `comune.pagamento.rimborso` and `comune.pagamento.anomalia` enter them.
  const more = { voce: 'Pagato in più', centesimi: first!.centesimi - avviso.centesimi, stato: 'ECCEDENTE' }
  await enter([...avviso.voci, more], 'PAGATO', 'RICEVUTA', first!.idRicevuta)
  const again = { voce: 'Pagamento non dovuto', centesimi: second!.centesimi }
  await enter([again], 'ECCEDENTE', 'RICEVUTA', second!.idRicevuta)
  const transfers = { 'Mandato 1/2027': second!.centesimi, 'Mandato 2/2027': 201 }
  for (const [order, centesimi] of Object.entries(transfers))
    await enter([{ voce: 'Rimborso', centesimi }], 'RIMBORSATO', 'MANDATO', order)
  const rows = await accounts.of(id)
  const sumOf = (...states: readonly string[]) =>
    sum(rows.filter(({ stato }) => states.includes(stato)).map(({ centesimi }) => centesimi))
  const flowed = []
  for (const flow of await connectors.flows.published(since))
    flowed.push(...(await connectors.flows.payments(flow)).filter(({ iuv }) => iuv === one.iuv))
  assert.equal(sumOf('RIVERSATO'), sum(flowed.map(({ importo }) => importo)))
  assert.equal(sumOf('PAGATO', 'ECCEDENTE'), sumOf('RIVERSATO'))
  assert.equal(sumOf('RIMBORSATO'), sum(Object.values(transfers)))
  assert.equal(sumOf('ECCEDENTE'), sumOf('RIMBORSATO'))
  assert.equal(sumOf('RIVERSATO') - sumOf('RIMBORSATO'), avviso.centesimi)
  assert.deepEqual(
    anomaliesOf(one).map(({ anomalia: { tipo, atteso, trovato } }) => [tipo, atteso, trovato]),
    [['IMPORTO', 78, 80.01]],
  )
})

test('paid without pagoPA knowing: once the flow tells of it nobody can pay it again, and the practice is told once', async () => {
  const [one, other] = [await owed(), await owed()]
  for (const { numeroAvviso } of [one, other]) await pay(numeroAvviso, { ricevuta: 'mai' })
  // Of one notice pagoPA knows another payment.
  await pay(other.numeroAvviso)
  await watching.look()
  await tomorrow()
  await plan('pagopa', 'annulla', 'drop-after')
  assert.equal((await run()).kind, 'failed')
  await reconcile()
  await watching.look()
  assert.equal((await payAt(one.numeroAvviso)).status, 404)
  assert.deepEqual(toldOf(one), [['pagamento.esito', 7800]])
  assert.deepEqual(await arrived(one), [['RIVERSATO', 7800]])
  assert.deepEqual(
    toldOf(other).map(([name]) => name),
    ['pagamento.esito', 'pagamento.eccedente'],
  )
  assert.deepEqual([one, other].flatMap(anomaliesOf), [])
  assert.equal((await connectors.positions.find(other.avviso.iupd))?.stato, 'PAGATA')
})

test('paid though it was withdrawn meanwhile: it is given back', async () => {
  const one = await owed()
  await pay(one.numeroAvviso, { ricevuta: '3' })
  const cancelled = await completed(jobOf('pagopa.annulla-posizione', { pratica: { id: one.id }, avviso: one.avviso }))
  assert.equal(cancelled.annullamento.esito, 'ANNULLATA')
  await tomorrow()
  await reconcile()
  await watching.look()
  assert.deepEqual(toldOf(one), [['pagamento.eccedente', 7800]])
})

for (const [what, form, isTold, expected] of [
  ['less than was owed, as the receipt says too', { importo: '70' }, true, []],
  ['more than was owed, as the receipt says too', { importo: '80' }, true, [['IMPORTO', 78, 80]]],
  ['more than was owed', { importo: '80', ricevuta: 'mai' }, false, [['IMPORTO', 78, 80]]],
  ['less than was owed, as the practice is told', { importo: '70', ricevuta: 'mai' }, false, []],
] as const satisfies readonly (readonly [string, PaymentForm, boolean, readonly unknown[]])[])
  test(`another amount: ${what}`, async () => {
    const one = await owed()
    await pay(one.numeroAvviso, form)
    if (isTold) await watching.look()
    await tomorrow()
    for (const _ of ['once', 'again']) await reconcile()
    const found = anomaliesOf(one)
    assert.deepEqual(
      found.map(({ anomalia: { tipo, atteso, trovato } }) => [tipo, atteso, trovato]),
      expected,
    )
    for (const { pratica, ufficio } of found)
      assert.deepEqual([pratica, ufficio], [{ id: one.id, tipo: 'comune.osp.richiesta' }, 'tributi.operatori'])
  })

test('what was given back is a row of its own and a task', async () => {
  const one = await owed()
  await pay(one.numeroAvviso)
  await tomorrow()
  await reconcile()
  await watching.look()
  await giveBack(told('pagamento.esito').at(-1).incasso.ricevuta)
  await tomorrow()
  for (const _ of ['once', 'again']) await reconcile()
  assert.deepEqual(await arrived(one), [
    ['RIVERSATO', 7800],
    ['STORNATO', 7800],
  ])
  assert.deepEqual(
    anomaliesOf(one).map(({ anomalia: { tipo, trovato } }) => [tipo, trovato]),
    [['STORNATO', 78]],
  )
})

test('a flow that is revised: what is no longer in it is taken back, the rest stays as it was', async () => {
  const [gone, stays] = [await owed(), await owed()]
  for (const { numeroAvviso } of [gone, stays]) await pay(numeroAvviso)
  await tomorrow()
  await reconcile()
  await watching.look()
  const { ricevuta } = told('pagamento.esito').find((one) => one.incasso.numeroAvviso === gone.numeroAvviso).incasso
  const { fonte } = (await accounts.of(gone.id)).at(-1)!
  await reviseFlow(fonte.riferimento, ricevuta)
  for (const _ of ['once', 'again']) await reconcile()
  assert.deepEqual(await arrived(gone), [
    ['RIVERSATO', 7800],
    ['STORNATO', 7800],
  ])
  assert.deepEqual(await arrived(stays), [['RIVERSATO', 7800]])
  assert.deepEqual(
    [gone, stays].map((one) => anomaliesOf(one).map(({ anomalia: { tipo, trovato } }) => [tipo, trovato])),
    [[['IMPORTO', 0]], []],
  )
})

test('a flow that comes late, after others, is read all the same', async () => {
  const late = await owed()
  await pay(late.numeroAvviso)
  const until = time
  await tomorrow()
  const [one] = await connectors.flows.published(new Date(until).toISOString())
  // pagoPA lists it only now, though it was published before the latest that was seen.
  await connectors.reconciliation.see([
    { ...one!, fdr: 'other', pubblicatoIl: new Date(time + 86_400_000).toISOString() },
  ])
  const other = { fdr: 'other', revisione: 1, psp: one!.psp }
  await connectors.reconciliation.settle(other, [], [])
  assert.equal((await reconcile()).flussi, 1)
  assert.deepEqual(await arrived(late), [['RIVERSATO', 7800]])
})

test('a number of ours that nobody has given out is a task; those of other programs are theirs', async () => {
  const positions = owedTo(platforms.pagopa)
  const [unknown, foreign] = [positions.newPosition(), positions.newPosition()]
  const numeroAvviso = '302000000000000135'
  await connectors.positions.create(unknown)
  await connectors.positions.create({ ...foreign, numeroAvviso })
  await pay(unknown.numeroAvviso)
  await pay(numeroAvviso)
  await tomorrow()
  const { altri, anomalie, pagamenti } = await reconcile()
  assert.deepEqual([altri, anomalie, pagamenti], [1, 1, 1])
  const { anomalia, pratica, ufficio } = told('pagamento.anomalia').at(-1)
  const { tipo, numeroAvviso: number, atteso, trovato } = anomalia
  assert.deepEqual([tipo, number, atteso, trovato], ['SCONOSCIUTO', unknown.numeroAvviso, null, 78])
  assert.deepEqual([pratica, ufficio], [null, null])
})

/** A reconciler to whom pagoPA's answers come changed. */
const through = (answer: Tampering['answer'], speak: (worker: typeof reconciler) => Promise<void>) =>
  exchangesWith(
    platforms.pagopa.url,
    (url) => speak(workerWith({ flows: flows({ ...platforms.pagopa, url }, opened.pause) })),
    {
      answer,
    },
  )

test('a job that is offered again while its flows are being read waits for that reading: each flow is read once', async () => {
  const one = await owed()
  await pay(one.numeroAvviso)
  await tomorrow()
  const said = await through(
    (answer) => answer,
    async (worker) => {
      const [first, again] = await Promise.all([run(worker), run(worker)])
      assert.deepEqual(completedWith(again), completedWith(first))
    },
  )
  const asked = said.map(({ path }) => path)
  assert.ok(asked.length > 0)
  assert.deepEqual(asked, [...new Set(asked)])
})

test('a flow that does not add up is not believed, is one task, and is read again until it does', async () => {
  const one = await owed()
  await pay(one.numeroAvviso)
  await tomorrow()
  await through(
    (answer) => ({ ...answer, body: answer.body.replace('"sumPayments":78', '"sumPayments":79') }),
    async (worker) => {
      for (const _ of ['once', 'again']) assert.equal(completedWith(await run(worker)).riconciliazione.sospesi, 1)
    },
  )
  assert.deepEqual(await arrived(one), [])
  const { tipo, pagamento, atteso, trovato } = told('pagamento.anomalia').at(-1).anomalia
  assert.deepEqual([tipo, pagamento, atteso, trovato], ['FLUSSO', null, 79, 78])
  const count = told('pagamento.anomalia').length
  assert.deepEqual(await reconcile(), {
    ...{ flussi: 1, pagamenti: 1, importo: 78, altri: 0, anomalie: 0, sospesi: 0 },
  })
  assert.deepEqual(await arrived(one), [['RIVERSATO', 7800]])
  assert.equal(told('pagamento.anomalia').length, count)
})

test('one transfer in two flows is a task', async () => {
  const one = await owed()
  await pay(one.numeroAvviso)
  const since = new Date(time).toISOString()
  await tomorrow()
  const [flow] = await connectors.flows.published(since)
  const lines = await connectors.flows.payments(flow!)
  const other = { ...flow!, fdr: 'another' }
  await connectors.reconciliation.see([other])
  await connectors.reconciliation.settle(other, lines, [])
  await reconcile()
  assert.deepEqual(
    anomaliesOf(one).map(({ anomalia: { tipo, trovato } }) => [tipo, trovato]),
    [['DOPPIO_ACCREDITO', 78]],
  )
})

test('pagoPA that does not answer, or answers too late, leaves nothing double and nothing lost', async () => {
  const [one, other] = [await owed(), await owed()]
  await pay(one.numeroAvviso, { psp: 'BANCA' })
  await pay(other.numeroAvviso, { psp: 'POSTE' })
  await tomorrow()
  for (const [operation, fault] of [
    ['flussi', 'error-before'],
    ['flussi', 'drop-after'],
    ['flusso', 'error-after'],
    ['righe', 'too-many'],
  ] as const) {
    await plan('pagopa', operation, fault, operation === 'flussi' ? 1 : 2)
    const outcome = await run()
    assert.ok(outcome.kind === 'failed' && outcome.retries > 0, `${operation} ${fault}: ${JSON.stringify(outcome)}`)
    assert.deepEqual(await arrived(one), [])
  }
  await plan('pagopa', 'righe', 'error-before')
  assert.equal((await run()).kind, 'failed')
  // The one that could not be read has held up only itself.
  assert.deepEqual((await Promise.all([arrived(one), arrived(other)])).flat(), [['RIVERSATO', 7800]])
  assert.equal((await reconcile()).flussi, 1)
  for (const each of [one, other]) assert.deepEqual(await arrived(each), [['RIVERSATO', 7800]])
})

test('at the last attempt the diagram is told', async () => {
  await plan('pagopa', 'flussi', 'error-before')
  const outcome = await reconciler.handle(jobOf('pagopa.riconcilia', {}, { retries: 1 }))
  assert.ok(outcome.kind === 'error' && outcome.errorCode === 'SERVIZIO_NON_DISPONIBILE', JSON.stringify(outcome))
})

test('a kill at any step leaves nothing double and nothing lost', async () => {
  const [paid, wrong] = [await owed(), await owed()]
  await pay(paid.numeroAvviso, { ricevuta: 'mai' })
  await pay(wrong.numeroAvviso, { importo: '80', ricevuta: 'mai' })
  await tomorrow()
  const dying =
    <Given extends unknown[]>(step: (...given: Given) => Promise<void>, dies: 'before' | 'after') =>
    async (...given: Given): Promise<void> => {
      if (dies === 'after') await step(...given)
      throw new Error('killed')
    }
  const { reconciliation } = connectors
  for (const dies of ['before', 'after'] as const)
    for (const killed of [
      { awaited: { ...awaited, learn: dying(awaited.learn, dies) } },
      { accounts: { ...accounts, book: dying(accounts.book, dies) } },
      { reconciliation: { ...reconciliation, see: dying(reconciliation.see, dies) } },
    ])
      assert.equal((await run(workerWith(killed))).kind, 'failed')
  const settling = workerWith({ reconciliation: { ...reconciliation, settle: dying(reconciliation.settle, 'after') } })
  for (const [worker, away] of [
    [settling, 'before'],
    [reconciler, 'after'],
  ] as const) {
    engine.fail(away)
    assert.equal((await run(worker)).kind, 'failed')
  }
  await reconcile()
  await watching.look()
  assert.deepEqual(await arrived(paid), [['RIVERSATO', 7800]])
  assert.deepEqual(await arrived(wrong), [['RIVERSATO', 8000]])
  assert.deepEqual(toldOf(paid), [['pagamento.esito', 7800]])
  assert.deepEqual(toldOf(wrong), [['pagamento.esito', 8000]])
  assert.equal(anomaliesOf(wrong).length, 1)
})

test('nobody pays what is withdrawn or over', async () => {
  const one = await owed()
  time = Date.parse('2027-05-21T22:00:00Z')
  assert.equal((await payAt(one.numeroAvviso)).status, 409)
})
