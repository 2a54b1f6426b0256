/** A running Iter with a database of its own, on free ports, for clients that others wrote. */
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { startAlone } from '../embedded.ts'
import { sharedPath, without } from '../shared-data.ts'

export interface Iter {
  /** `host:port` */
  readonly grpc: string
  readonly rest: string
  readonly management: string
  close(): Promise<void>
}

export async function startIter(): Promise<Iter> {
  const home = await mkdtemp('/tmp/iter-test-')
  const engine = await startAlone(join(home, 'data'))
  return {
    grpc: engine.addresses.grpc,
    rest: `http://${engine.addresses.rest}`,
    management: `http://${engine.addresses.management}`,
    async close() {
      await engine.close()
      await rm(home, { recursive: true })
    },
  }
}

const examples = 'conformance/examples'
export const absent = without(examples)

const sdkDiagrams = 'camunda-8-js-sdk/src/__tests__/testdata'
/** A diagram of @camunda8/sdk's own tests. */
export const sdkDiagram = (name: string): string => sharedPath(join(examples, sdkDiagrams, name))
export const example = (path: string): string => sharedPath(join(examples, path))
