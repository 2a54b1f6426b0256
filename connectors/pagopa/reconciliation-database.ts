/** What is remembered of flows, in PostgreSQL. Owns schema `flows`; touches no other. */
import type { Knex } from 'knex'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import { type Anomaly, keyOf, type Reconciliation, type SettledPayment, type UntoldAnomaly } from './reconciliation.ts'
import type { FlowId, FlowPayment, PublishedFlow } from './types.ts'

const steps: readonly Step[] = [
  {
    name: '0001-flows',
    async up(database) {
      await database.schema.createTable('flow', (table) => {
        table.text('psp')
        table.text('name').comment('Identifier that the transfer on the account bears')
        table.integer('revision')
        table.primary(['psp', 'name', 'revision'])
        table.timestamp('published_at', { useTz: true }).notNullable().index()
        table.timestamp('settled_at', { useTz: true })
      })
      await database.schema.createTable('payment', (table) => {
        table.text('psp')
        table.text('name')
        table.integer('revision')
        table.integer('line')
        table.primary(['psp', 'name', 'revision', 'line'])
        table.text('iuv').notNullable()
        table.text('iur').notNullable().index()
        table.integer('transfer').notNullable()
        table.bigInteger('cents').notNullable()
        table.text('state').notNullable()
        table.text('paid_at').notNullable().comment('As pagoPA says it')
        table.foreign(['psp', 'name', 'revision']).references(['psp', 'name', 'revision']).inTable('flows.flow')
      })
      await database.schema.createTable('anomaly', (table) => {
        table.text('key').primary()
        table.jsonb('anomaly').notNullable()
        table.timestamp('found_at', { useTz: true }).notNullable().defaultTo(database.raw('clock_timestamp()'))
        table.timestamp('told_at', { useTz: true })
      })
    },
  },
]

/** Throws one sentence when the tables were written by a newer program. */
export const openReconciliation = (connectionString: string): Promise<OpenStore<Reconciliation>> =>
  openStore(connectionString, { schema: 'flows', steps, storeIn: reconciliationIn })

interface FlowRow {
  readonly psp: string
  readonly name: string
  readonly revision: number
  readonly published_at: Date
}
interface PaymentRow extends Omit<FlowRow, 'published_at'> {
  readonly line: number
  readonly iuv: string
  readonly iur: string
  readonly transfer: number
  /** Text: bigint. */
  readonly cents: string
  readonly state: FlowPayment['esito']
  readonly paid_at: string
}

const PENDING = `SELECT psp, name, revision, published_at FROM flow WHERE settled_at IS NULL AND NOT EXISTS
  (SELECT FROM flow later WHERE (later.psp, later.name) = (flow.psp, flow.name) AND later.revision > flow.revision)
  ORDER BY published_at, psp, name`
/** What a later revision of its flow has replaced counts no more. */
const SETTLED = `SELECT payment.* FROM payment JOIN flow USING (psp, name, revision)
  WHERE (iur = ANY (:iurs) OR (psp, name) = (:psp, :fdr)) AND settled_at IS NOT NULL AND NOT EXISTS
  (SELECT FROM flow later WHERE (later.psp, later.name) = (flow.psp, flow.name) AND later.revision > flow.revision
    AND later.settled_at IS NOT NULL)
  ORDER BY psp, name, line`

function reconciliationIn(database: Knex): Reconciliation {
  const now = database.raw('clock_timestamp()')
  return {
    async latest() {
      const [row] = await database('flow').max<{ max: Date | null }[]>('published_at')
      return row?.max?.toISOString() ?? null
    },
    async see(flows) {
      const rows = flows.map((flow) => ({ ...idOf(flow), published_at: flow.pubblicatoIl }))
      if (rows.length > 0) await database('flow').insert(rows).onConflict(['psp', 'name', 'revision']).ignore()
    },
    async pending() {
      const { rows } = await database.raw<{ rows: FlowRow[] }>(PENDING)
      return rows.map(publishedOf)
    },
    async settled({ psp, fdr }, iurs) {
      const { rows } = await database.raw<{ rows: PaymentRow[] }>(SETTLED, { iurs: [...iurs], psp, fdr })
      return rows.map(settledOf)
    },
    settle: (flow, payments, anomalies) =>
      database.transaction(async (transaction) => {
        const isFirst = await transaction('flow').where(idOf(flow)).whereNull('settled_at').update({ settled_at: now })
        if (isFirst === 0) return
        await transaction.batchInsert(
          'payment',
          payments.map((payment) => rowOf(flow, payment)),
          BATCH,
        )
        for (const anomaly of anomalies) await keep(transaction, anomaly)
      }),
    report: (anomaly) => keep(database, anomaly),
    async untold() {
      const rows = await database('anomaly')
        .whereNull('told_at')
        .orderBy(['found_at', 'key'])
        .select<{ key: string; anomaly: Anomaly }[]>('key', 'anomaly')
      return rows.map(({ key, anomaly }): UntoldAnomaly => ({ ...anomaly, chiave: key }))
    },
    told: async (key) => void (await database('anomaly').where({ key }).update({ told_at: now })),
  }
}

/** A statement has room for 65,535 values. */
const BATCH = 1000

async function keep(database: Knex, anomaly: Anomaly): Promise<void> {
  const row = { key: keyOf(anomaly), anomaly: JSON.stringify(anomaly) }
  await database('anomaly').insert(row).onConflict('key').ignore()
}

const idOf = ({ psp, fdr, revisione }: FlowId) => ({ psp, name: fdr, revision: revisione })

const rowOf = (flow: FlowId, { indice, iuv, iur, idTransfer, importo, esito, pagatoIl }: FlowPayment) => ({
  ...idOf(flow),
  ...{ line: indice, iuv, iur, transfer: idTransfer, cents: importo, state: esito, paid_at: pagatoIl },
})

const publishedOf = ({ psp, name, revision, published_at }: FlowRow): PublishedFlow => ({
  ...{ fdr: name, revisione: revision, psp, pubblicatoIl: published_at.toISOString() },
})

const settledOf = ({ psp, name, line, iuv, iur, transfer, cents, state, paid_at }: PaymentRow): SettledPayment => ({
  ...{ indice: line, iuv, iur, idTransfer: transfer, importo: Number(cents), esito: state, pagatoIl: paid_at },
  flusso: { psp, fdr: name },
})
