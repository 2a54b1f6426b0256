/** One BPMN file of a deployment → its executable processes, or the text that says what is wrong with it. */
import type { Locality } from '../feel/index.ts'
import { compile } from './compile.ts'
import type { ExecutableProcess } from './executable.ts'
import { Expressions } from './expressions.ts'
import { parse } from './parse.ts'
import { straightThroughLoops } from './rules/straight-through-loops.ts'
import { is, type ProcessElement } from './source.ts'
import { Topology } from './topology.ts'
import { validate } from './validate.ts'

export type Compiled =
  | { readonly ok: true; readonly processes: readonly ExecutableProcess[] }
  | { readonly ok: false; readonly message: string }

/**
 * Compiles the executable processes of a file in file order; the others are not even looked at.
 * Rejects: `message` is one resource's part of Zeebe's text, beginning with the quoted resource name. Whoever rejects the command puts
 * `Expected to deploy new resources, but encountered the following errors:` and a line break before the parts of all resources.
 * Cost: linear in the file; a function of the text and of the place where it will run.
 */
export async function compileBpmn(resourceName: string, xml: string, locality: Locality = {}): Promise<Compiled> {
  const parsed = await parse(xml)
  if (!parsed.ok) return { ok: false, message: `'${resourceName}': ${parsed.message}` }
  const drawn = (parsed.definitions.rootElements ?? []).filter((element): element is ProcessElement =>
    is(element, 'bpmn:Process'),
  )
  const sources = drawn.filter(({ isExecutable }) => isExecutable === true)
  const topology = new Topology(drawn)
  const expressions = new Expressions()
  const faults = validate(parsed.definitions, { topology, expressions, dangling: parsed.dangling, locality })
  if (faults !== null) return { ok: false, message: `'${resourceName}': ${faults}` }
  const processes = sources.map((source) => compile(source, topology, expressions))
  const loops = straightThroughLoops(resourceName, processes)
  return loops === null ? { ok: true, processes } : { ok: false, message: loops }
}
