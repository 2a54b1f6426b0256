/**
 * The client of Zeebe's protocol. In one process with the engine the `Gateway` is simply handed over; from elsewhere, or towards a
 * Zeebe cluster, `remoteGateway` is the same `Gateway` over gRPC and REST.
 */
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { type GrpcAddress, grpcCalls } from './calls.ts'
import { grpcCommands } from './grpc.ts'
import { type RestAddress, restCalls, restCommands, restQuery } from './rest.ts'

export { deployInPortions } from './deploy-in-portions.ts'
export {
  type JobGateway,
  type JobOutcome,
  type JobWorker,
  type RunningWorker,
  report,
  runWorker,
} from './job-worker.ts'
export { publishOnce } from './publish-once.ts'

export interface RemoteGateway extends Gateway {
  close(): void
}

export function remoteGateway(addresses: { readonly grpc: GrpcAddress; readonly rest: RestAddress }): RemoteGateway {
  const grpc = grpcCalls(addresses.grpc)
  const rest = restCalls(addresses.rest)
  return { ...grpcCommands(grpc), ...restCommands(rest), query: restQuery(rest), close: grpc.close }
}

/** The header of an API user. */
export const basicAuthorization = (user: string, password: string) => async (): Promise<string> =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
