/** A running Iter under attack: engine on a database of its own with open ports, and beside them ports that want a password. */
import { mkdtemp, rm } from 'node:fs/promises'
import { grpcCalls } from '../../connectors/zeebe/calls.ts'
import { apiUserLine, embeddedGateway, startGateway } from '../../engine/gateway/index.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { openPostgresStore } from '../../engine/store/postgres.ts'
import { type Answered, askGrpc, askHttp } from './asking.ts'
import { oneTask } from './diagrams.ts'

const HOST = '127.0.0.1'
const SECRET = Buffer.alloc(32, 7)
export const ORIGIN = 'http://127.0.0.1:3000'

export type Besieged = Awaited<ReturnType<typeof besieged>>

export async function besieged() {
  const home = await mkdtemp('/tmp/iter-test-')
  const server = await startEmbeddedPostgres({ dataDir: home })
  const log: string[] = []
  const note = (line: string) => void log.push(line)
  const store = openPostgresStore({ connectionString: server.connectionString, secret: SECRET, log: note })
  const engine = await startEngine({ store, log: note })
  const gateway = embeddedGateway(engine, { host: HOST, port: 0 })
  const start = (apiUsers: string | null) => {
    const config = {
      host: HOST,
      grpcPort: 0,
      restPort: 0,
      managementPort: 0,
      origins: [ORIGIN],
      isClockControlled: false,
    }
    return startGateway({ engine, gateway, config: { ...config, apiUsers, version: '0.0.0' }, log: note })
  }
  const open = await start(null)
  const guarded = await start(await apiUserLine('modeler', 'segreto'))
  const grpc = grpcCalls({ address: open.addresses.grpc })
  await gateway.deployResources({ resources: [{ name: 'one-task.bpmn', content: Buffer.from(oneTask) }] })
  return {
    gateway,
    log,
    /** Ports without a password. */
    ports: open.addresses,
    guarded: guarded.addresses,
    rest: (path: string, body?: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<Answered> =>
      askHttp(open.addresses.rest, path, { method: body === undefined ? 'GET' : 'POST', body, headers }),
    grpc: (name: string, request: Readonly<Record<string, unknown>>): Promise<Answered> => askGrpc(grpc, name, request),
    async close() {
      grpc.close()
      await Promise.all([open.close(), guarded.close()])
      await engine.close()
      await server.stop()
      await rm(home, { recursive: true })
    },
  }
}
