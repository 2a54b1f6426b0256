/** The engine that a benchmark measures. */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Embedded, startAlone } from '../embedded.ts'

export type { Embedded }

/** The option of each: where the engine's data lies meanwhile. */
export const data = { type: 'string', default: join(tmpdir(), `iter-bench-${process.pid}`) } as const

/** Starts it, and removes it with its data when it has been measured. */
export async function measured(dataDir: string, measure: (engine: Embedded) => Promise<void>): Promise<void> {
  const engine = await startAlone(dataDir, { version: 'bench', log: console.error })
  try {
    await measure(engine)
  } finally {
    await engine.close()
    await rm(dataDir, { recursive: true, force: true })
  }
}
