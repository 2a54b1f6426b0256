/**
 * The engine's ports: gRPC, REST and management on one host, behind one set of doors.
 * Owns: starting and stopping them together. Does not own: the engine, which outlives them.
 */
import type { Gateway } from '../protocol/gateway.ts'
import type { Engine } from '../runtime/engine.ts'
import { admission } from './admission.ts'
import { apiUsers } from './api-users.ts'
import { doors, requireGuarded } from './doors.ts'
import { startGrpc } from './grpc.ts'
import { listen } from './http-server.ts'
import { managementApp } from './management.ts'
import { type Metrics, metricsRegistry } from './metrics.ts'
import { restApp } from './rest/index.ts'

export { apiUserLine } from './api-users.ts'
export { embeddedGateway } from './embedded-gateway.ts'
export { type Metrics, metricsRegistry } from './metrics.ts'

export interface GatewayOptions {
  readonly engine: Engine
  readonly gateway: Gateway
  readonly config: {
    readonly host: string
    /** Further names under which clients reach the host, for example in a network of containers. */
    readonly hostNames?: readonly string[]
    /** 0 picks a free port. */
    readonly grpcPort: number
    readonly restPort: number
    readonly managementPort: number
    /** Origins of our own pages, as browsers send them. */
    readonly origins?: readonly string[]
    /** Text of the API users' file; null leaves the ports open to this machine and closed to others. */
    readonly apiUsers: string | null
    readonly isClockControlled: boolean
    /** Iter's own version. */
    readonly version: string
  }
  readonly metrics?: Metrics
  readonly log?: (line: string) => void
}

export interface RunningGateway {
  readonly addresses: { readonly grpc: string; readonly rest: string; readonly management: string }
  close(): Promise<void>
}

/** Rejects when the address may not be opened without API users, or a port is taken; nothing is left listening then. */
export async function startGateway({ engine, gateway, config, ...rest }: GatewayOptions): Promise<RunningGateway> {
  const { host, isClockControlled, version } = config
  requireGuarded(host, config.apiUsers !== null)
  const users = config.apiUsers === null ? null : apiUsers(config.apiUsers)
  const admit = admission(doors(host, { names: config.hostNames, origins: config.origins }), users)
  const { metrics = metricsRegistry(), log = console.error } = rest
  const common = { admission: admit, metrics, log }
  const clock = isClockControlled ? engine.clock : null
  const starts = [
    () => startGrpc({ ...common, engine, gateway, host, port: config.grpcPort }),
    () => listen(restApp({ ...common, gateway, clock }), host, config.restPort),
    () => listen(managementApp({ ...common, engine, isClockControlled, version }), host, config.managementPort),
  ]
  const started = await Promise.allSettled(starts.map((start) => start()))
  const running = started.flatMap((port) => (port.status === 'fulfilled' ? [port.value] : []))
  const close = async () => {
    await Promise.all(running.map((port) => port.close()))
  }
  const failed = started.find((port) => port.status === 'rejected')
  if (failed) {
    await close()
    throw failed.reason
  }
  const name = host.includes(':') ? `[${host}]` : host
  const [grpc, restPort, management] = running.map(({ port }) => `${name}:${port}`) as [string, string, string]
  return { addresses: { grpc, rest: restPort, management }, close }
}
