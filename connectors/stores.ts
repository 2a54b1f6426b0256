/** What the connectors and workers remember in the program's database. Owns how their schemas are opened and closed together. */
import { openAccounts } from './contabilita/database.ts'
import { openDocuments } from './documents/database.ts'
import type { DocumentStore } from './documents/store.ts'
import { openEmergencyRegister } from './emergenza/database.ts'
import type { ConnectorOptions } from './index.ts'
import { type Decisions, openLedger } from './ledger/database.ts'
import type { Ledger } from './ledger/ledger.ts'
import { openAwaitedPayments } from './pagopa/awaited-database.ts'
import { openReconciliation } from './pagopa/reconciliation-database.ts'
import { openMailroom } from './pec/mailroom-database.ts'
import { openNoticeInbox } from './send/inbox-database.ts'

export interface OpenStores
  extends Pick<ConnectorOptions, 'emergency' | 'mailroom' | 'noticeInbox' | 'accounts' | 'awaited' | 'reconciliation'> {
  readonly ledger: Ledger & Decisions
  readonly documents: DocumentStore
  close(): Promise<void>
}

/**
 * `now`: business time, epoch milliseconds. All at once: each schema has an owner of its own, tables, a record of its steps and a lock of its own, so that none waits for
 * another. Rejects with the first sentence of those that could not be opened, and leaves none open.
 */
export async function openStores(connectionString: string, now: () => number = Date.now): Promise<OpenStores> {
  const opening = [
    openLedger(connectionString),
    openDocuments(connectionString, now),
    openEmergencyRegister(connectionString),
    openMailroom(connectionString),
    openNoticeInbox(connectionString, now),
    openAccounts(connectionString),
    openAwaitedPayments(connectionString),
    openReconciliation(connectionString),
  ] as const
  const closeAll = async () => {
    const opened = (await Promise.allSettled(opening)).filter((one) => one.status === 'fulfilled')
    await Promise.all(opened.map(({ value }) => value.close()))
  }
  try {
    const [ledger, documents, emergency, mailroom, noticeInbox, accounts, awaited, reconciliation] =
      await Promise.all(opening)
    return { ledger, documents, emergency, mailroom, noticeInbox, accounts, awaited, reconciliation, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}
