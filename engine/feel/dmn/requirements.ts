/** The elements of a decision requirements graph: XML → decisions, inputs, knowledge and services, each with what it requires. */

import type { Type } from '../compile/type.ts'
import { normalName } from '../syntax/names.ts'
import { compileFunction, compileLogic, type Logic } from './boxed.ts'
import type { DmnCompiler } from './compiler.ts'
import type { Decision, DecisionModel, DecisionService, Import, InputData, KnowledgeModel, Reference } from './model.ts'
import type { Element } from './xml.ts'
import { inZeebesOrder } from './zeebe-order.ts'

export function modelOf(definitions: Element, c: DmnCompiler, imports: ReadonlyMap<string, Import>): DecisionModel {
  const namespace = definitions.attribute('namespace') ?? ''
  const graph = new Graph(namespace, c)
  const decisions = definitions.all('decision').map((decision) => graph.decision(decision))
  const inputs = new Map(definitions.all('inputData').map((input) => [idOf(input), graph.input(input)]))
  const knowledge = new Map(definitions.all('businessKnowledgeModel').map((bkm) => [idOf(bkm), graph.knowledge(bkm)]))
  const services = new Map(definitions.all('decisionService').map((service) => [idOf(service), graph.service(service)]))
  return {
    id: definitions.attribute('id') ?? '',
    name: definitions.attribute('name') ?? '',
    namespace,
    dialect: c.dialect,
    decisions: c.dialect === 'camunda' ? inZeebesOrder(decisions, ({ id }) => id) : decisions,
    inputs,
    knowledge,
    services,
    declared: new Set(
      [
        ...decisions.map(({ resultName }) => resultName),
        ...[...inputs.values(), ...knowledge.values(), ...services.values()].map(({ name }) => name),
      ].map(normalName),
    ),
    imports,
  }
}

const idOf = (element: Element): string => element.attribute('id') ?? element.attribute('name') ?? ''
const nameOf = (element: Element): string => element.attribute('name') ?? idOf(element)
const variableName = (element: Element): string => element.child('variable')?.attribute('name') ?? nameOf(element)
const variableType = (element: Element): string | undefined => element.child('variable')?.attribute('typeRef')

/** By its id and, where it has another, the name that its author sees. */
const placeOf = (what: string, element: Element): string =>
  `${what} '${idOf(element)}'${nameOf(element) === idOf(element) ? '' : ` (${nameOf(element)})`}`

const NONE: Logic = { type: 'UNKNOWN', code: () => null }

class Graph {
  readonly #namespace: string
  readonly #c: DmnCompiler
  constructor(namespace: string, c: DmnCompiler) {
    this.#namespace = namespace
    this.#c = c
  }

  decision(element: Element): Decision {
    const c = this.#c
    const id = idOf(element)
    const versionTag = element.child('extensionElements')?.child('versionTag')?.attribute('value')
    return {
      id,
      name: nameOf(element),
      ...(versionTag !== undefined && { versionTag }),
      resultName: element.child('variable')?.attribute('name') ?? (c.dialect === 'camunda' ? id : nameOf(element)),
      resultType: this.#standardType(element),
      typeRef: variableType(element) ?? null,
      logic: this.#logic(element, placeOf('Decision', element)),
      requiredInputs: this.#required(element, 'informationRequirement', 'requiredInput'),
      requiredDecisions: this.#required(element, 'informationRequirement', 'requiredDecision'),
      requiredKnowledge: this.#required(element, 'knowledgeRequirement', 'requiredKnowledge'),
    }
  }
  #logic(element: Element, place: string): Logic {
    const c = this.#c
    const compile = (): Logic => {
      const logic = compileLogic(element, place, null, c)
      if (logic === null && c.dialect === 'camunda') c.fault(place, 'Expected an expression, but found none.')
      return logic ?? NONE
    }
    return c.whole(compile, ({ type }, code) => ({ type, code }))
  }

  input(element: Element): InputData {
    return { name: variableName(element), type: this.#standardType(element) }
  }
  #standardType(element: Element): Type | null {
    return this.#c.dialect === 'standard' ? this.#c.types.of(variableType(element)) : null
  }

  knowledge(element: Element): KnowledgeModel {
    const c = this.#c
    const logic = element.child('encapsulatedLogic')
    const place = placeOf('Business knowledge model', element)
    const encapsulated =
      logic === undefined
        ? { parameters: [], code: () => null, resultType: null }
        : c.whole(
            () => compileFunction(logic, place, null, c),
            (compiled, code) => ({ ...compiled, code }),
          )
    return {
      ...encapsulated,
      resultType: encapsulated.resultType ?? this.#resultType(element),
      id: idOf(element),
      name: variableName(element),
      requiredKnowledge: this.#required(element, 'knowledgeRequirement', 'requiredKnowledge'),
    }
  }
  /** The variable of what can be called has a function type, or that of the result. */
  #resultType(element: Element): Type | null {
    return this.#c.dialect === 'standard' ? this.#c.types.ofResult(variableType(element)) : null
  }

  service(element: Element): DecisionService {
    return {
      id: idOf(element),
      name: variableName(element),
      resultType: this.#resultType(element),
      outputDecisions: this.#targets(element, 'outputDecision'),
      inputDecisions: this.#targets(element, 'inputDecision'),
      inputData: this.#targets(element, 'inputData'),
    }
  }

  #required(element: Element, requirement: string, what: string): readonly Reference[] {
    return element.all(requirement).flatMap((one) => this.#targets(one, what))
  }
  /** `href` is `#id`, or `namespace#id`. */
  #targets(element: Element, what: string): readonly Reference[] {
    return element.all(what).map((one) => {
      const href = one.attribute('href') ?? ''
      const at = href.lastIndexOf('#')
      const namespace = href.slice(0, Math.max(at, 0))
      return { namespace: namespace === '' || namespace === this.#namespace ? null : namespace, id: href.slice(at + 1) }
    })
  }
}

/** What goes round in circles; null when nothing does. Imports are no circle, so that no other model can lead back. */
export function cycleIn({ decisions, knowledge }: DecisionModel): 'decisions' | 'BKMs' | null {
  const own = (references: readonly Reference[]): readonly string[] =>
    references.flatMap(({ namespace, id }) => (namespace === null ? [id] : []))
  if (isCyclic(decisions.map(({ id, requiredDecisions }) => [id, own(requiredDecisions)]))) return 'decisions'
  // A function may call itself.
  const others = [...knowledge.values()].map(
    ({ id, requiredKnowledge }) => [id, own(requiredKnowledge).filter((other) => other !== id)] as const,
  )
  return isCyclic(others) ? 'BKMs' : null
}

/** Takes away what requires nothing that is left, until nothing more can be taken; a model may be a very long chain. */
function isCyclic(entries: readonly (readonly [string, readonly string[]])[]): boolean {
  const edges = new Map(entries)
  const requiring = new Map<string, string[]>()
  const left = new Map<string, number>()
  for (const [id, required] of edges) {
    const known = required.filter((one) => edges.has(one))
    left.set(id, known.length)
    for (const one of known) {
      const others = requiring.get(one) ?? []
      requiring.set(one, others)
      others.push(id)
    }
  }
  const free = [...left].flatMap(([id, count]) => (count === 0 ? [id] : []))
  for (const id of free)
    for (const other of requiring.get(id) ?? []) {
      const count = left.get(other)! - 1
      left.set(other, count)
      if (count === 0) free.push(other)
    }
  return free.length < edges.size
}
