/**
 * What a shared call activity takes and gives: `processes/comuni/<id>/interfaccia.json`, beside its diagram. A call activity has no
 * schema in BPMN; this is where an analyst and the tools look it up. Owns reading the files. Does not own what is made of them.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { processesOf, readDiagram, text } from './diagram.ts'

/** A JSON Schema of named variables, each with `title` and `description`. */
const variablesSchema = z.looseObject({ type: z.literal('object'), properties: z.record(z.string(), z.unknown()) })

const interfaceSchema = z.strictObject({
  /** What it does: Italian, one or two sentences. */
  scopo: z.string().min(1),
  ingresso: variablesSchema,
  uscita: variablesSchema,
  /** BPMN errors it throws: code, and when. */
  errori: z.record(z.string(), z.string()),
})

export interface SharedProcess extends z.infer<typeof interfaceSchema> {
  /** Of the process. */
  readonly id: string
  /** The name of the process in its diagram. */
  readonly title: string
}

const SHARED = new URL('./comuni/', import.meta.url)

/** Every process in `processes/comuni/`, by id. Throws an `Error` that names the folder whose interface is missing or wrong. */
export async function sharedProcesses(): Promise<readonly SharedProcess[]> {
  const found = globSync('*/ca-*.bpmn', { cwd: fileURLToPath(SHARED) }).sort()
  const described = found.map(async (path) => {
    const [process] = processesOf(await readDiagram(readFileSync(new URL(path, SHARED), 'utf8')))
    if (process?.id === undefined) throw new Error(`Expected a process in processes/comuni/${path}, but there is none.`)
    return { id: process.id, title: text(process, 'name'), ...interfaceBeside(path) }
  })
  return Promise.all(described)
}

function interfaceBeside(diagram: string): z.infer<typeof interfaceSchema> {
  const path = `${diagram.slice(0, diagram.lastIndexOf('/'))}/interfaccia.json`
  const read = interfaceSchema.safeParse(jsonIn(path))
  if (read.success) return read.data
  throw new Error(
    `Expected processes/comuni/${path} to tell what its call activity takes and gives, but:\n${z.prettifyError(read.error)}`,
  )
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(new URL(path, SHARED), 'utf8'))
  } catch (error) {
    throw new Error(
      `Expected processes/comuni/${path} to tell what its call activity takes and gives, but ${error instanceof Error ? error.message : String(error)}. Write it like the one in processes/comuni/preavviso.`,
    )
  }
}
