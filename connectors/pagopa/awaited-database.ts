/** Awaited payments in PostgreSQL. Owns schema `payments`; touches no other. */
import type { Knex } from 'knex'
import { type OpenStore, openStore, type Step } from '../schema.ts'
import type { AwaitedNotice, AwaitedPayments, KnownPayment, LearnedPayment } from './awaited.ts'

const steps: readonly Step[] = [
  {
    name: '0001-payments',
    async up(database) {
      await database.schema.createTable('notice', (table) => {
        table.text('number').primary().comment('18 digits')
        table.text('iupd').notNullable()
        table.text('practice').notNullable().index()
        table.text('procedure')
        table.text('office').comment('Candidate group that gives back what is paid too much')
        table.text('subject').notNullable()
        table.bigInteger('cents').notNullable()
        table.date('due').notNullable()
        table.timestamp('awaited_at', { useTz: true }).notNullable().defaultTo(database.raw('clock_timestamp()'))
        table.timestamp('withdrawn_at', { useTz: true })
        table.boolean('is_paid').notNullable().defaultTo(false)
      })
      await database.schema.raw(
        'CREATE INDEX open_notice ON payments.notice (awaited_at) WHERE withdrawn_at IS NULL AND NOT is_paid',
      )
      await database.schema.createTable('payment', (table) => {
        table.text('receipt').primary().comment('Payment token')
        table.text('number').notNullable().references('number').inTable('payments.notice')
        table.bigInteger('cents').notNullable()
        table.text('paid_at').notNullable().comment('As pagoPA says it')
        table.text('psp').notNullable()
        table.boolean('is_excess').notNullable()
        table.timestamp('learned_at', { useTz: true }).notNullable().defaultTo(database.raw('clock_timestamp()'))
        table.timestamp('told_at', { useTz: true })
      })
      await database.schema.raw('CREATE INDEX untold_payment ON payments.payment (learned_at) WHERE told_at IS NULL')
    },
  },
]

/** Throws one sentence when the tables were written by a newer program. */
export const openAwaitedPayments = (connectionString: string): Promise<OpenStore<AwaitedPayments>> =>
  openStore(connectionString, { schema: 'payments', steps, storeIn: awaitedIn })

interface NoticeRow {
  readonly number: string
  readonly iupd: string
  readonly practice: string
  readonly procedure: string | null
  readonly office: string | null
  readonly subject: string
  /** Text: bigint. */
  readonly cents: string
  /** `YYYY-MM-DD` */
  readonly due: string
}
interface PaymentRow extends NoticeRow {
  readonly receipt: string
  readonly paid_cents: string
  readonly paid_at: string
  readonly psp: string
  readonly is_excess: boolean
}

const NOTICE = 'notice.number, iupd, practice, procedure, office, subject, notice.cents, due::text'
const IS_OPEN = 'withdrawn_at IS NULL AND NOT is_paid'
const OPEN = `SELECT ${NOTICE} FROM notice WHERE ${IS_OPEN} AND practice = coalesce(?, practice) ORDER BY awaited_at`
const BY_NUMBER = `SELECT ${NOTICE} FROM notice WHERE number = ?`
const PAYMENT = `SELECT receipt, payment.cents AS paid_cents, paid_at, psp, is_excess, ${NOTICE}
  FROM payment JOIN notice ON notice.number = payment.number`
const UNTOLD = `${PAYMENT} WHERE told_at IS NULL ORDER BY learned_at, receipt`
const BY_RECEIPT = `${PAYMENT} WHERE receipt = ?`

function awaitedIn(database: Knex): AwaitedPayments {
  const now = database.raw('clock_timestamp()')
  return {
    async expect({ numeroAvviso, iupd, pratica, ufficio, oggetto, centesimi, scadenza }) {
      const row = {
        ...{ number: numeroAvviso, iupd, practice: pratica.id, procedure: pratica.tipo, office: ufficio },
        ...{ subject: oggetto, cents: centesimi, due: scadenza },
      }
      await database('notice').insert(row).onConflict('number').ignore()
    },
    async open(pratica) {
      const { rows } = await database.raw<{ rows: NoticeRow[] }>(OPEN, [pratica ?? null])
      return rows.map(noticeOf)
    },
    async notice(number) {
      const { rows } = await database.raw<{ rows: NoticeRow[] }>(BY_NUMBER, [number])
      return rows[0] ? noticeOf(rows[0]) : null
    },
    withdraw: async (number) =>
      void (await database('notice').where({ number }).whereNull('withdrawn_at').update({ withdrawn_at: now })),
    learn: (payment) => database.transaction((transaction) => learn(transaction, payment)),
    async payment(receipt) {
      const { rows } = await database.raw<{ rows: PaymentRow[] }>(BY_RECEIPT, [receipt])
      return rows[0] ? paymentOf(rows[0]) : null
    },
    async untold() {
      const { rows } = await database.raw<{ rows: PaymentRow[] }>(UNTOLD)
      return rows.map(paymentOf)
    },
    told: async (receipt) => void (await database('payment').where({ receipt }).update({ told_at: now })),
  }
}

/** The notice is locked: of two payments one is the first. */
async function learn(database: Knex, payment: LearnedPayment): Promise<void> {
  const { idRicevuta, numeroAvviso, centesimi, pagatoIl, psp } = payment
  const lock = `SELECT ${IS_OPEN} AS is_open FROM notice WHERE number = ? FOR UPDATE`
  const { rows } = await database.raw<{ rows: { readonly is_open: boolean }[] }>(lock, [numeroAvviso])
  const [notice] = rows
  if (!notice) return
  const row = { receipt: idRicevuta, number: numeroAvviso, cents: centesimi, paid_at: pagatoIl, psp }
  await database('payment')
    .insert({ ...row, is_excess: !notice.is_open })
    .onConflict('receipt')
    .ignore()
  await database('notice').where({ number: numeroAvviso }).update({ is_paid: true })
}

const noticeOf = ({ number, iupd, practice, procedure, office, subject, cents, due }: NoticeRow): AwaitedNotice => ({
  ...{ numeroAvviso: number, iupd, pratica: { id: practice, tipo: procedure }, ufficio: office },
  ...{ oggetto: subject, centesimi: Number(cents), scadenza: due },
})

const paymentOf = (row: PaymentRow): KnownPayment => ({
  ...{ idRicevuta: row.receipt, numeroAvviso: row.number, centesimi: Number(row.paid_cents) },
  ...{ pagatoIl: row.paid_at, psp: row.psp, avviso: noticeOf(row), isExcess: row.is_excess },
})
