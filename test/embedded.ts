/** The engine with a PostgreSQL of its own, reached from this machine alone, on free ports. */
import { type Embedded, type EmbeddedOptions, startEmbedded } from '../engine/index.ts'

export type { Embedded }

export const startAlone = (dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<Embedded> =>
  startEmbedded({
    dataDir,
    databaseUrl: null,
    host: '127.0.0.1',
    hostNames: [],
    grpcPort: 0,
    restPort: 0,
    managementPort: 0,
    origins: [],
    apiUsers: null,
    isClockControlled: false,
    version: 'test',
    log: () => {},
    ...more,
  })
