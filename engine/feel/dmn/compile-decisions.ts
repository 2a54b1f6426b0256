/**
 * DMN files → a decision model with all that it imports.
 *
 * Owns: which file speaks which dialect, which names its expressions know, what refuses it. Invariant: imports are no circle.
 */
import { INPUT } from '../compile/code.ts'
import { knownNames } from '../compile/compile.ts'
import type { Dialect } from '../dialect.ts'
import { DmnCompiler, listed } from './compiler.ts'
import { ItemTypes } from './item-types.ts'
import type { DecisionModel, Import } from './model.ts'
import { cycleIn, modelOf } from './requirements.ts'
import { type Element, readElements, Unreadable } from './xml.ts'

export type CompiledDecisions =
  | {
      readonly ok: true
      readonly model: DecisionModel
      /** What does not hold up the model: decisions that these stand in fail when they are evaluated. */
      readonly faults: readonly string[]
    }
  | { readonly ok: false; readonly message: string }

export interface CompileOptions {
  /** Instead of what the files say of themselves: `camunda` when made for Camunda Cloud, else `standard`. Null: as they say. */
  readonly dialect?: Dialect | null
  /** The files that it imports, and those that they import. */
  readonly imports?: readonly string[]
  /** What was deployed once is not refused any more: faults and missing imports fail the decisions that meet them. */
  readonly isDeployed?: boolean
}

/**
 * Reads a DMN file of any version.
 * Rejects: what is no DMN, goes round in circles or imports what is not there; in the `camunda` dialect every expression that is no
 * FEEL, as Zeebe does. `message` names all of them at once, with table, rule and cell.
 * In the `standard` dialect such an expression fails its own decision only: the standard makes it null and lets the others answer.
 */
export function compileDecisions(xml: string, options: CompileOptions = {}): CompiledDecisions {
  try {
    const { model, faults, missing } = new Linker(options).main(xml)
    const refusing = [...missing, ...(model.dialect === 'camunda' ? faults : [])]
    if (refusing.length > 0 && !options.isDeployed) return { ok: false, message: listed(refusing) }
    return { ok: true, model, faults }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message }
    throw error
  }
}

/** What a file says of itself and of the models that it needs. Null when it is no DMN, which compiling it will say. */
export interface DecisionHeader {
  readonly namespace: string
  /** Namespaces. */
  readonly imports: readonly string[]
}
export function readDecisionHeader(xml: string): DecisionHeader | null {
  try {
    const definitions = definitionsIn(xml)
    return { namespace: namespaceOf(definitions), imports: importsOf(definitions).map(namespaceOf) }
  } catch (error) {
    if (error instanceof Unreadable) return null
    throw error
  }
}

const CLOUD = 'Camunda Cloud'

const namespaceOf = (element: Element): string => element.attribute('namespace') ?? ''
/** Files of other kinds may be imported too; nothing here looks at them. */
const importsOf = (definitions: Element): readonly Element[] =>
  definitions.all('import').filter((one) => /\/dmn\//i.test(one.attribute('importType') ?? '/DMN/'))

function definitionsIn(xml: string): Element {
  const definitions = readElements(xml)
  if (definitions.name === 'definitions') return definitions
  throw new Unreadable(`Failed to parse DMN: Expected the element 'definitions', but found '${definitions.name}'.`)
}

interface Linked {
  readonly model: DecisionModel
  readonly types: ItemTypes
  /** Whatever is named in the file or in one that it imports. */
  readonly names: ReadonlySet<string>
}

/** Each of them is compiled again for every model that imports it. */
export const IMPORTS_MAX = 20

/** Compiles each file once, those that it imports first. */
class Linker {
  readonly #dialect: Dialect | null
  readonly #files: ReadonlyMap<string, Element>
  readonly #linked = new Map<string, Linked>()
  readonly #open = new Set<string>()
  readonly #faults: string[] = []
  readonly #missing: string[] = []

  constructor({ dialect = null, imports = [] }: CompileOptions) {
    this.#dialect = dialect
    if (imports.length > IMPORTS_MAX)
      throw new Unreadable(`Expected at most ${IMPORTS_MAX} imported models, but found more.`)
    const files = imports.map(definitionsIn)
    this.#files = new Map(files.map((definitions) => [namespaceOf(definitions), definitions]))
  }

  main(xml: string): { readonly model: DecisionModel; readonly faults: string[]; readonly missing: string[] } {
    const { model } = this.#link(definitionsIn(xml))
    return { model, faults: this.#faults, missing: this.#missing }
  }

  #link(definitions: Element): Linked {
    const namespace = namespaceOf(definitions)
    const known = this.#linked.get(namespace)
    if (known !== undefined) return known
    if (this.#open.has(namespace))
      throw new Unreadable(`Invalid DMN model: Expected imports to be no circle, but '${namespace}' imports itself.`)
    this.#open.add(namespace)
    const linked = this.#compile(definitions, this.#imported(definitions))
    this.#open.delete(namespace)
    this.#linked.set(namespace, linked)
    return linked
  }

  #imported(definitions: Element): ReadonlyMap<Element, Linked> {
    const imported = new Map<Element, Linked>()
    for (const one of importsOf(definitions)) {
      const file = this.#files.get(namespaceOf(one))
      if (file !== undefined) imported.set(one, this.#link(file))
      else
        this.#missing.push(
          `- Import '${one.attribute('name') ?? ''}': Expected the model with the namespace '${namespaceOf(one)}', but it is not there. Deploy it before, or together.`,
        )
    }
    return imported
  }

  #compile(definitions: Element, imported: ReadonlyMap<Element, Linked>): Linked {
    const dialect = this.#dialect ?? (definitions.attribute('executionPlatform') === CLOUD ? 'camunda' : 'standard')
    const names = namesIn(definitions)
    for (const linked of imported.values()) for (const name of linked.names) names.add(name)
    const prefixed = [...imported].map(([one, linked]) => [one.attribute('name') ?? '', linked] as const)
    const types = new ItemTypes(
      dialect,
      definitions.all('itemDefinition'),
      prefixed.map(([prefix, linked]) => ({ prefix, types: linked.types })),
    )
    const compiler = new DmnCompiler(dialect, knownNames(dialect, dialect === 'standard' ? names : []), types)
    types.compileTestsWith((element, place) =>
      compiler.feel(element, 'UnaryTests', `Type '${place}'`, { name: INPUT, outer: null }),
    )
    const imports = new Map<string, Import>(
      prefixed.map(([prefix, { model }]) => [model.namespace, { prefix, model }] as const),
    )
    const model = modelOf(definitions, compiler, imports)
    const cycle = cycleIn(model)
    if (cycle !== null) throw new Unreadable(`Invalid DMN model: Cyclic dependencies between ${cycle} detected.`)
    this.#faults.push(...compiler.faults)
    return { model, types, names }
  }
}

function namesIn(element: Element): Set<string> {
  const names = new Set<string>()
  const visit = (one: Element): void => {
    for (const name of [one.attribute('name'), one.attribute('iteratorVariable')])
      if (name !== undefined && name !== '') names.add(name)
    one.children.forEach(visit)
  }
  visit(element)
  return names
}
