/** The town's workers as a program of its own, until it is killed. Reads where everything is from its argument. */
import { type ConnectorOptions, connectors } from '../../connectors/index.ts'
import { openLedger } from '../../connectors/ledger/database.ts'
import { remoteGateway } from '../../connectors/zeebe/index.ts'
import { loadTown } from '../../processes/town.ts'
import { startWorkers } from '../../workers/index.ts'

export interface Apart {
  readonly grpc: string
  readonly rest: string
  readonly database: string
  readonly settleMs: number
  readonly platforms: Omit<ConnectorOptions, 'ledger'>
}

const { grpc, rest, database, settleMs, platforms } = JSON.parse(process.argv[2] ?? '') as Apart
startWorkers({
  gateway: remoteGateway({ grpc: { address: grpc }, rest: { url: rest } }),
  town: await loadTown(),
  connectors: connectors({ ...platforms, ledger: await openLedger(database) }),
  now: Date.now,
  log: () => {},
  settleMs,
})
