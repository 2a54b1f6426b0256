/**
 * Compiled definitions, kept as long as the program runs: there are few, and every turn leans on them.
 * A definition that is not compiled is a miss on its `resource` row; the loop loads the row and brings it here.
 */
import type { Models } from '../core/processing.ts'
import type { State } from '../core/state/state.ts'
import { compileDecisions, type DecisionModel, type Dialect } from '../feel/index.ts'
import type { compileBpmn } from '../model/compile-resource.ts'
import type { ExecutableProcess } from '../model/executable.ts'
import type { Key } from '../protocol/records.ts'
import type { Store } from '../store/store.ts'
import { importedTexts, latestWithNamespace, textOf } from './imported-models.ts'

export interface Compiling {
  /** Of all decision models; null: each says its own. */
  readonly dialect: Dialect | null
  readonly compile: typeof compileBpmn
}

export class CompiledModels implements Models {
  readonly #store: Pick<Store, 'load'>
  readonly #dialect: Dialect | null
  readonly #compile: typeof compileBpmn
  readonly #processes = new Map<Key, ExecutableProcess>()
  readonly #decisions = new Map<Key, DecisionModel>()

  constructor(store: Pick<Store, 'load'>, { dialect, compile }: Compiling) {
    this.#store = store
    this.#dialect = dialect
    this.#compile = compile
  }

  process(key: Key): ExecutableProcess | undefined {
    return this.#processes.get(key)
  }
  decisions(key: Key): DecisionModel | undefined {
    return this.#decisions.get(key)
  }
  addProcess(key: Key, process: ExecutableProcess): void {
    this.#processes.set(key, process)
  }
  addDecisions(key: Key, model: DecisionModel): void {
    // What it imports is bound by its key, which the turn may not keep: such a model is brought when it is needed.
    if (model.imports.size === 0) this.#decisions.set(key, model)
    else this.#decisions.delete(key)
  }

  /** Compiles the definition under that key from its resource row, which is in memory. What was deployed once compiles again. */
  async bring(state: State, key: Key): Promise<void> {
    const text = state.get('resource', key)?.text
    if (text === undefined) throw new Error(`Definition ${key} has no resource`)
    const definition = state.get('processDefinition', key)
    if (definition === undefined) {
      this.#decisions.set(key, await this.#decisionModel(state, key, text))
      return
    }
    const compiled = await this.#compile(definition.resourceName, text)
    const process = compiled.ok ? compiled.processes.find(({ id }) => id === definition.bpmnProcessId) : undefined
    if (process === undefined) throw new Error(`Definition ${key} of '${definition.bpmnProcessId}' does not compile`)
    this.addProcess(key, process)
  }

  async #decisionModel(state: State, key: Key, text: string): Promise<DecisionModel> {
    const tenantId = state.get('decisionRequirements', key)?.tenantId ?? '<default>'
    const imports = await importedTexts(text, async (namespace) => {
      const row = latestWithNamespace(state, tenantId, namespace, key)
      return row === undefined ? null : textOf(state, this.#store, row.key)
    })
    const compiled = compileDecisions(text, { dialect: this.#dialect, imports, isDeployed: true })
    if (compiled.ok) return compiled.model
    throw new Error(`Definition ${key} does not compile: ${compiled.message}`)
  }
}
