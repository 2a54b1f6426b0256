/** Iter on free ports with a clock that can be set, in this process: on a database of its own, or in memory. */

import { embeddedGateway, startGateway } from '../../engine/gateway/index.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'

export interface Ports {
  readonly grpc: string
  readonly rest: string
  readonly management: string
}
export interface UnderTest {
  readonly ports: Ports
  close(): Promise<void>
}

const host = '127.0.0.1'
const freePorts = { grpcPort: 0, restPort: 0, managementPort: 0 } as const
const log = (line: string) => console.error(line)

export async function startInMemory(): Promise<UnderTest> {
  const engine = await startEngine({ store: new MemoryStore(), isClockControlled: true, log })
  const gateway = embeddedGateway(engine, { host, port: 0 })
  const config = { host, ...freePorts, apiUsers: null, isClockControlled: true, version: 'test' }
  const running = await startGateway({ engine, gateway, config, log })
  return {
    ports: running.addresses,
    async close() {
      await running.close()
      await engine.close()
    },
  }
}

export async function startOnPostgres(dataDir: string): Promise<UnderTest> {
  const { startAlone } = await import('../embedded.ts')
  const { addresses, close } = await startAlone(dataDir, { isClockControlled: true, log })
  return { ports: addresses, close }
}
