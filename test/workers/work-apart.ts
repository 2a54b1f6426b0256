/** The town's workers as a program of its own, until it is killed. Reads where everything is from its argument. */

import { openAccounts } from '../../connectors/contabilita/database.ts'
import { openDocuments } from '../../connectors/documents/database.ts'
import { openEmergencyRegister } from '../../connectors/emergenza/database.ts'
import { type ConnectorOptions, connectors } from '../../connectors/index.ts'
import { openLedger } from '../../connectors/ledger/database.ts'
import { openAwaitedPayments } from '../../connectors/pagopa/awaited-database.ts'
import { openReconciliation } from '../../connectors/pagopa/reconciliation-database.ts'
import { openMailroom } from '../../connectors/pec/mailroom-database.ts'
import { openNoticeInbox } from '../../connectors/send/inbox-database.ts'
import { remoteGateway } from '../../connectors/zeebe/index.ts'
import { loadTown } from '../../processes/town.ts'
import { startWorkers } from '../../workers/index.ts'

export interface Apart {
  readonly grpc: string
  readonly rest: string
  readonly database: string
  readonly settleMs: number
  readonly mailPollMs: number
  readonly platforms: ConnectorOptions['platforms']
}

const { grpc, rest, database, settleMs, mailPollMs, platforms } = JSON.parse(process.argv[2] ?? '') as Apart
const sample = await loadTown()
/** Services settle as fast as the register. */
const chiamate = Object.entries(sample.chiamate).map(([name, call]) => {
  const { effetto } = call
  return [name, effetto.classe === 'findable' ? { ...call, effetto: { ...effetto, assestamentoMs: settleMs } } : call]
})
const town = { ...sample, chiamate: Object.fromEntries(chiamate) as typeof sample.chiamate }
startWorkers({
  gateway: remoteGateway({ grpc: { address: grpc }, rest: { url: rest } }),
  town,
  connectors: connectors({
    ...{ platforms, body: town },
    ...{ ledger: await openLedger(database), documents: await openDocuments(database) },
    emergency: await openEmergencyRegister(database),
    noticeInbox: await openNoticeInbox(database, Date.now),
    awaited: await openAwaitedPayments(database),
    reconciliation: await openReconciliation(database),
    ...{ mailroom: await openMailroom(database), accounts: await openAccounts(database), now: Date.now },
  }),
  now: Date.now,
  log: () => {},
  settleMs,
  mailPollMs,
})
