/**
 * What must hold of debts, by pagoPA's journal and the accounts of the practices: no second position for one debt, each payment that
 * pagoPA knows of entered once and to the cent of what was owed, none invented; what was not owed is given back once, whichever way it was
 * not; nothing is left to be paid when all is over.
 */
import type { Booked } from '../../connectors/contabilita/accounts.ts'
import type { Journals } from './journals.ts'
import type { Known } from './traces.ts'

export interface DebtEvidence {
  readonly people: readonly Known[]
  readonly journals: Pick<Journals, 'pagopa'>
  /** Of all practices. */
  readonly accounts: readonly Booked[]
  /** What the office was asked to give back: a whole payment, or what of it was too much. One for each time. */
  readonly refunds: readonly Entrusted[]
  readonly anomalies: readonly Entrusted[]
}
/** A payment, by its receipt, and whether a person has dealt with it. */
export interface Entrusted {
  readonly receipt: string
  readonly isDone: boolean
}

export const wrongDebts = (evidence: DebtEvidence): readonly string[] => [
  ...positionsOf(evidence),
  ...paymentsOf(evidence),
  ...invented(evidence),
  ...returned(evidence),
]

/** A debt has one position at a time that can be paid, and none in the end. */
function positionsOf({ journals, people }: DebtEvidence): readonly string[] {
  const open = new Map<string, string>()
  const found: string[] = []
  for (const line of journals.pagopa) {
    if (line.operazione === 'posizione') {
      const { iupd, paymentOption } = line.posizione
      const debtor = paymentOption[0]?.debtor?.fiscalCode
      const practice = people.find(({ cf }) => cf === debtor)?.id ?? 'nobody'
      const other = [...open].find(([, of]) => of === practice)
      if (other) found.push(`${practice}: a second position ${iupd}, while ${other[0]} could be paid`)
      open.set(iupd, practice)
    } else if ('iupd' in line && line.operazione !== 'pubblicata') open.delete(line.iupd)
  }
  return [...found, ...[...open].map(([iupd, practice]) => `${practice}: position ${iupd} was left to be paid`)]
}

interface Judged {
  readonly iuv: string
  readonly idReceipt: string
  /** Whether pagoPA tells of it otherwise than by a flow, sooner or later. */
  readonly hasReceipt: boolean
  /** Cents of it that were owed, and that were not. */
  readonly owed: number
  readonly excess: number
}

/** Of two payments of one notice GPD keeps the first that it hears of; of what was taken back before, none was owed. */
function paymentsIn({ pagopa }: Pick<Journals, 'pagopa'>): readonly Judged[] {
  const kept = new Set<string>()
  return pagopa.flatMap((line) => {
    if (line.operazione !== 'pagata') return []
    const { iupd, iuv, idReceipt, importo, ricevutaDal } = line
    const cancelled = pagopa.find((other) => other.operazione === 'annullata' && other.iupd === iupd)
    const isTakenBack = cancelled !== undefined && (ricevutaDal === null || cancelled.at < ricevutaDal)
    const isOwed = kept.size !== kept.add(iuv).size && !isTakenBack
    const owed = isOwed ? Math.min(importo, amountOf(pagopa, iuv)) : 0
    return [{ iuv, idReceipt, hasReceipt: ricevutaDal !== null, owed, excess: importo - owed }]
  })
}

function amountOf(pagopa: Journals['pagopa'], iuv: string): number {
  const instalments = pagopa.flatMap((line) =>
    line.operazione === 'posizione' ? line.posizione.paymentOption.flatMap(({ installments }) => installments) : [],
  )
  return instalments.find((one) => one.iuv === iuv)?.amount ?? 0
}

function paymentsOf({ journals, accounts }: DebtEvidence): readonly string[] {
  return paymentsIn(journals).flatMap(({ iuv, idReceipt, owed, hasReceipt }) => {
    if (!hasReceipt) return []
    const booked = accounts.filter(({ stato, fonte }) => stato === 'PAGATO' && fonte.riferimento === idReceipt)
    const cents = booked.reduce((sum, { centesimi }) => sum + centesimi, 0)
    return cents === owed ? [] : [`payment ${idReceipt} of ${iuv}: ${cents} cents in the accounts, expected ${owed}`]
  })
}

function invented({ journals, accounts }: DebtEvidence): readonly string[] {
  const paid = new Set(journals.pagopa.flatMap((line) => (line.operazione === 'pagata' ? [line.idReceipt] : [])))
  return accounts
    .filter(({ fonte }) => fonte.tipo === 'RICEVUTA' && !paid.has(fonte.riferimento))
    .map(({ pratica, fonte }) => `${pratica}: the account has a receipt ${fonte.riferimento} that pagoPA never gave`)
}

/** All of it as a refund when none of it was owed; else what was too much, as something that does not fit in a flow. */
function returned({ journals, refunds, anomalies }: DebtEvidence): readonly string[] {
  const payments = paymentsIn(journals)
  const whole = payments.filter(({ owed }) => owed === 0)
  const part = payments.filter(({ owed, excess }) => owed > 0 && excess > 0)
  return [
    ...entrustedOnce('given back', whole, refunds),
    ...entrustedOnce('told to be too much', part, anomalies),
    ...[...refunds, ...anomalies]
      .filter(({ isDone }) => !isDone)
      .map(({ receipt }) => `payment ${receipt}: nobody has dealt with what was not owed`),
  ]
}

function entrustedOnce(what: string, expected: readonly Judged[], found: readonly Entrusted[]): readonly string[] {
  const times = Map.groupBy(found, ({ receipt }) => receipt)
  const receipts = new Set(expected.map(({ idReceipt }) => idReceipt))
  return [...receipts.union(new Set(times.keys()))].flatMap((receipt) => {
    const [count, due] = [times.get(receipt)?.length ?? 0, Number(receipts.has(receipt))]
    return count === due ? [] : [`payment ${receipt} is ${what} ${count} times, expected ${due}`]
  })
}
