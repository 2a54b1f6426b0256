/**
 * `pagopa.riconcilia`: every flow that pagoPA has published is held against the payments of the practices.
 * Invariants
 * R1 A flow is settled when all that follows from it stands: until then it is read again, and what stood already stays as it is.
 * R2 A payment that only a flow tells of is told like any other, once; whoever is told first, it is the same receipt.
 * R3 What does not fit is kept with the flow, and told once: `pagamento.anomalia`.
 * R4 A flow that cannot be read holds up none of the others.
 * R5 A reading may outlast the lease of its job (a month of flows, one call a second): whoever is offered the job meanwhile waits for that reading.
 * R6 What was paid without pagoPA's knowledge (no RPT) nobody pays again: pagoPA would go on taking money for it, so it is withdrawn there.
 */
import { z } from 'zod'
import { type EffectClass, Refused, UnknownOutcome } from '../../connectors/effect.ts'
import type { Connectors } from '../../connectors/index.ts'
import type { UntoldAnomaly } from '../../connectors/pagopa/reconciliation.ts'
import { ALREADY_PAID, type Flow, type PublishedFlow } from '../../connectors/pagopa/types.ts'
import { publishOnce } from '../../connectors/zeebe/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { SERVICE_DOWN, type Worker } from '../worker.ts'
import {
  addsUp,
  anomaliesOf,
  arrivedOf,
  entriesOf,
  type FlowedPayment,
  isNews,
  paymentsOf,
  unfit,
  unknown,
} from './flusso.ts'

const DAY_MS = 24 * 3_600_000
/** What was published before a town began is nobody's here. */
const FIRST_LOOK_MS = 30 * DAY_MS
/** Flows need not be listed in the order in which they say they were published. */
const OVERLAP_MS = 2 * DAY_MS
const MESSAGE_LIFE_MS = 30 * DAY_MS

const input = z.object({})
const output = z.object({
  riconciliazione: z
    .object({
      flussi: z.int().meta({ title: 'Flussi', description: 'Quanti sono stati riconciliati questa volta.' }),
      pagamenti: z.int().meta({ title: 'Pagamenti', description: 'Quanti in questi flussi, delle pratiche di Iter.' }),
      importo: z.number().meta({ title: 'Importo', description: 'Quanto hanno portato, in euro.' }),
      altri: z.int().meta({ title: 'Altri', description: 'I pagamenti di altri programmi del comune.' }),
      anomalie: z.int().meta({ title: 'Anomalie', description: 'Quante sono state affidate a una persona.' }),
      sospesi: z.int().meta({ title: 'Sospesi', description: 'I flussi che non tornano, da leggere di nuovo.' }),
    })
    .meta({ title: 'Riconciliazione', description: 'Che cosa è stato riconciliato.' }),
})

export interface ReconcilerOptions
  extends Pick<Connectors, 'flows' | 'positions' | 'awaited' | 'reconciliation' | 'accounts' | 'payee'> {
  readonly gateway: Pick<Gateway, 'publishMessage'>
  /** Business time, epoch milliseconds. */
  readonly now: () => number
}

/** Whatever it does is done once, under a name of its own. */
const effect: EffectClass = 'keyed'

type Outcome = z.infer<typeof output>

export const reconcileFlows = (tools: ReconcilerOptions): Worker<z.infer<typeof input>, Outcome> => ({
  type: 'pagopa.riconcilia',
  title: 'Riconcilia i flussi di rendicontazione',
  purpose:
    'Legge da pagoPA i flussi nuovi, annota nel conto di ogni pratica ciò che è stato riversato e affida a una persona ciò che non torna.',
  effect,
  input,
  output,
  errors: { [SERVICE_DOWN]: 'i flussi, o alcuni di essi, non si sono potuti leggere' },
  handle: joined(() => readAll(tools)),
})

/** Whoever asks while it runs gets what that run finds. */
function joined<Answer>(run: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | null = null
  return () => {
    running ??= run().finally(() => {
      running = null
    })
    return running
  }
}

async function readAll(tools: ReconcilerOptions): Promise<Outcome> {
  await seeNew(tools)
  const failures: unknown[] = []
  const total = { flussi: 0, pagamenti: 0, centesimi: 0, altri: 0, sospesi: 0 }
  for (const published of await tools.reconciliation.pending()) {
    const done = await reconciled(tools, published).catch((error) => void failures.push(error))
    if (done === null) total.sospesi++
    if (!done) continue
    total.flussi++
    total.pagamenti += done.pagamenti
    total.centesimi += done.centesimi
    total.altri += done.altri
  }
  const anomalie = await tell(tools)
  if (failures.length > 0) throw failures[0]
  const { centesimi, ...counted } = total
  return { riconciliazione: { ...counted, importo: centesimi / 100, anomalie } }
}

async function seeNew({ flows, reconciliation, now }: ReconcilerOptions): Promise<void> {
  const latest = await reconciliation.latest()
  const since = latest === null ? now() - FIRST_LOOK_MS : Date.parse(latest) - OVERLAP_MS
  await reconciliation.see(await flows.published(new Date(since).toISOString()))
}

interface Reconciled {
  readonly pagamenti: number
  readonly centesimi: number
  readonly altri: number
}

/** Null when the flow does not add up: then nothing in it is believed. */
async function reconciled(tools: ReconcilerOptions, published: PublishedFlow): Promise<Reconciled | null> {
  const { flows, reconciliation, payee } = tools
  const flow = await flows.find(published)
  if (flow === null) throw new UnknownOutcome('pagoPA lists a flow that it does not have. It is asked again.')
  const lines = await flows.payments(published)
  if (!addsUp(flow, lines)) {
    await reconciliation.report(unfit(flow, lines))
    return null
  }
  const iurs = [...new Set(lines.map(({ iur }) => iur))]
  const all = paymentsOf(flow, lines, await reconciliation.settled(flow, iurs))
  const ours = all.filter(({ iuv }) => iuv.startsWith(payee.segregazione))
  const anomalies = []
  for (const payment of ours.filter(isNews)) anomalies.push(...(await held(tools, flow, payment)))
  await reconciliation.settle(flow, lines, anomalies)
  const centesimi = ours.reduce((sum, { ora }) => sum + ora.accreditati - ora.stornati, 0)
  return { pagamenti: ours.length, centesimi, altri: all.length - ours.length }
}

/** A payment held against its practice: it is told, entered in the account, and what does not fit is found. */
async function held(tools: ReconcilerOptions, flow: Flow, payment: FlowedPayment) {
  const { awaited, accounts } = tools
  const { iuv, iur, pagatoIl, ora, isUnknownToPagopa } = payment
  const numeroAvviso = `3${iuv}`
  const notice = await awaited.notice(numeroAvviso)
  if (notice === null) return [unknown(flow, payment)]
  if (ora.accreditati > 0) {
    const centesimi = arrivedOf(payment)
    await awaited.learn({ numeroAvviso, centesimi, idRicevuta: iur, pagatoIl, psp: flow.nomePsp })
    if (isUnknownToPagopa) await withdrawn(tools, notice.iupd)
  }
  const cause = ['flusso', flow.psp, flow.fdr, flow.revisione, iuv, iur].join('/')
  await accounts.book(notice.pratica.id, cause, entriesOf(flow, payment, notice))
  return anomaliesOf(flow, payment, notice, await awaited.payment(iur))
}

/** A payment that pagoPA does know of has closed it already. */
async function withdrawn({ positions }: ReconcilerOptions, iupd: string): Promise<void> {
  try {
    await positions.cancel(iupd)
  } catch (error) {
    if (!(error instanceof Refused && error.code === ALREADY_PAID)) throw error
  }
}

async function tell({ reconciliation, gateway }: ReconcilerOptions): Promise<number> {
  const untold = await reconciliation.untold()
  for (const anomaly of untold) {
    const { chiave } = anomaly
    const message = { name: 'pagamento.anomalia', correlationKey: chiave, messageId: `pagopa/${chiave}` }
    const variables = JSON.stringify(toldOf(anomaly))
    await publishOnce(gateway, { ...message, variables, timeToLiveMs: MESSAGE_LIFE_MS })
    await reconciliation.told(chiave)
  }
  return untold.length
}

const euro = (cents: number | null): number | null => (cents === null ? null : cents / 100)

function toldOf({ tipo, flusso, pagamento, atteso, trovato, pratica, oggetto, ufficio }: UntoldAnomaly) {
  const numeroAvviso = pagamento && `3${pagamento.iuv}`
  const amounts = { atteso: euro(atteso), trovato: euro(trovato) }
  return { pratica, ufficio, anomalia: { tipo, flusso, pagamento, numeroAvviso, oggetto, ...amounts } }
}
