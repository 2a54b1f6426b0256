/**
 * Compiled definitions, kept as long as the program runs: there are few, and every turn leans on them.
 * A definition that is not compiled is a miss on its `resource` row; the loop loads the row and brings it here.
 */
import type { Models } from '../core/processing.ts'
import type { State } from '../core/state.ts'
import type { DecisionModel } from '../feel/index.ts'
import { compileBpmn } from '../model/compile-resource.ts'
import type { ExecutableProcess } from '../model/executable.ts'
import type { Key } from '../protocol/records.ts'
import { parseDecisionModel } from './prepare.ts'

export class CompiledModels implements Models {
  readonly #processes = new Map<Key, ExecutableProcess>()
  readonly #decisions = new Map<Key, DecisionModel>()

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
    this.#decisions.set(key, model)
  }

  /** Compiles the definition under that key from its resource row, which is in memory. What was deployed once compiles again. */
  async bring(state: State, key: Key): Promise<void> {
    const text = state.get('resource', key)?.text
    if (text === undefined) throw new Error(`Definition ${key} has no resource`)
    const definition = state.get('processDefinition', key)
    if (definition === undefined) {
      const requirements = state.get('decisionRequirements', key)
      this.addDecisions(key, parsedAgain(parseDecisionModel(requirements?.resourceName ?? '', text)))
      return
    }
    const compiled = await compileBpmn(definition.resourceName, text)
    const process = compiled.ok ? compiled.processes.find(({ id }) => id === definition.bpmnProcessId) : undefined
    if (process === undefined) throw new Error(`Definition ${key} of '${definition.bpmnProcessId}' does not compile`)
    this.addProcess(key, process)
  }
}

function parsedAgain(parsed: ReturnType<typeof parseDecisionModel>): DecisionModel {
  if (parsed.ok) return parsed.model
  throw new Error(parsed.message)
}
