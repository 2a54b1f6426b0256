/**
 * What must hold of debts, by pagoPA's journal and the accounts of the practices: no second position for one debt, each payment that
 * pagoPA knows of entered once and to the cent, none invented, no refund twice, nothing left to be paid when all is over.
 */
import type { Booked } from '../../connectors/contabilita/accounts.ts'
import type { Journals } from './journals.ts'
import type { Known } from './traces.ts'

export interface DebtEvidence {
  readonly people: readonly Known[]
  readonly journals: Pick<Journals, 'pagopa'>
  /** Of all practices. */
  readonly accounts: readonly Booked[]
  /** Receipts for which a refund was started; one for each time. */
  readonly refunds: readonly string[]
}

export const wrongDebts = (evidence: DebtEvidence): readonly string[] => [
  ...positionsOf(evidence),
  ...paymentsOf(evidence),
  ...invented(evidence),
  ...refundedTwice(evidence),
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

/** Of two payments of one notice GPD keeps the first that it hears of. */
function paymentsOf({ journals, accounts }: DebtEvidence): readonly string[] {
  const kept = new Set<string>()
  return journals.pagopa.flatMap((line) => {
    if (line.operazione !== 'pagata' || line.ricevutaDal === null) return []
    const { iuv, idReceipt, importo } = line
    const isKept = kept.size !== kept.add(iuv).size
    const booked = accounts.filter(({ stato, fonte }) => stato === 'PAGATO' && fonte.riferimento === idReceipt)
    const cents = booked.reduce((sum, { centesimi }) => sum + centesimi, 0)
    const due = isKept ? importo : 0
    return cents === due ? [] : [`payment ${idReceipt} of ${iuv}: ${cents} cents in the accounts, expected ${due}`]
  })
}

function invented({ journals, accounts }: DebtEvidence): readonly string[] {
  const paid = new Set(journals.pagopa.flatMap((line) => (line.operazione === 'pagata' ? [line.idReceipt] : [])))
  return accounts
    .filter(({ fonte }) => fonte.tipo === 'RICEVUTA' && !paid.has(fonte.riferimento))
    .map(({ pratica, fonte }) => `${pratica}: the account has a receipt ${fonte.riferimento} that pagoPA never gave`)
}

const refundedTwice = ({ refunds }: DebtEvidence): readonly string[] =>
  [...Map.groupBy(refunds, (receipt) => receipt)].flatMap(([receipt, times]) =>
    times.length === 1 ? [] : [`payment ${receipt} is given back ${times.length} times`],
  )
