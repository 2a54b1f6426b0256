/** A DMN file → a decision model: its decisions, what each requires, and their compiled logic. */
import type { Code } from '../compile/code.ts'
import { INPUT } from '../compile/code.ts'
import { knownNames } from '../compile/compile.ts'
import type { Dialect } from '../dialect.ts'
import { compileFunction, compileLogic, type Encapsulated, type Logic } from './boxed.ts'
import { DmnCompiler } from './compiler.ts'
import { type Coercion, ItemTypes } from './item-types.ts'
import { type Element, readElements, Unreadable } from './xml.ts'
import { inZeebesOrder } from './zeebe-order.ts'

/** A variable that the model declares as an input. */
export interface InputData {
  readonly name: string
  readonly type: Coercion | null
}
export interface Decision {
  readonly id: string
  readonly name: string
  readonly versionTag?: string
  /** The name by which those who require it see its result. */
  readonly resultName: string
  readonly resultType: Coercion | null
  readonly logic: Logic
  readonly requiredDecisions: readonly string[]
  readonly requiredKnowledge: readonly string[]
}
export interface KnowledgeModel extends Encapsulated {
  readonly id: string
  readonly name: string
  readonly requiredKnowledge: readonly string[]
}
/** Decisions that are called together, as a function of what is decided outside. */
export interface DecisionService {
  readonly id: string
  readonly name: string
  readonly outputDecisions: readonly string[]
  readonly inputDecisions: readonly string[]
  readonly inputData: readonly string[]
}

/** All that is declared in one file. */
export interface DecisionModel {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly dialect: Dialect
  readonly decisions: readonly Decision[]
  readonly inputs: ReadonlyMap<string, InputData>
  readonly knowledge: ReadonlyMap<string, KnowledgeModel>
  readonly services: ReadonlyMap<string, DecisionService>
}

export type CompiledDecisions =
  | { readonly ok: true; readonly model: DecisionModel }
  | { readonly ok: false; readonly message: string }

export interface CompileOptions {
  /** Instead of what the file says of itself: `camunda` when it is made for Camunda Cloud, else `standard`. */
  readonly dialect?: Dialect
  /** The files that it imports. */
  readonly imports?: readonly string[]
}

/**
 * Reads a DMN file of any version.
 * Rejects: `message` names table, rule and cell of every expression that is no FEEL.
 */
export function compileDecisions(xml: string, { dialect }: CompileOptions = {}): CompiledDecisions {
  try {
    return compileDefinitions(readElements(xml), dialect)
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: `Failed to parse DMN: ${error.message}` }
    throw error
  }
}

const CLOUD = 'Camunda Cloud'

function compileDefinitions(definitions: Element, wanted: Dialect | undefined): CompiledDecisions {
  if (definitions.name !== 'definitions')
    return {
      ok: false,
      message: `Failed to parse DMN: Expected the element 'definitions', but found '${definitions.name}'.`,
    }
  const dialect = wanted ?? (definitions.attribute('executionPlatform') === CLOUD ? 'camunda' : 'standard')
  const types = new ItemTypes(dialect, definitions.all('itemDefinition'))
  const names = knownNames(dialect, dialect === 'standard' ? namesIn(definitions) : [])
  const compiler = new DmnCompiler(dialect, names, types)
  types.compileTestsWith(
    (element, place): Code => compiler.feel(element, 'UnaryTests', `Type '${place}'`, { name: INPUT, outer: null }),
  )
  const model = modelOf(definitions, compiler)
  const cycle = cycleIn(model)
  const faults =
    cycle === null ? compiler.faults : [`Invalid DMN model: Cyclic dependencies between ${cycle} detected.`]
  return faults.length === 0 ? { ok: true, model } : { ok: false, message: faults.join('\n') }
}

/** Whatever is named anywhere in the file. */
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

function modelOf(definitions: Element, c: DmnCompiler): DecisionModel {
  const decisions = definitions.all('decision').map((decision) => decisionOf(decision, c))
  return {
    id: definitions.attribute('id') ?? '',
    name: definitions.attribute('name') ?? '',
    namespace: definitions.attribute('namespace') ?? '',
    dialect: c.dialect,
    decisions: c.dialect === 'camunda' ? inZeebesOrder(decisions, ({ id }) => id) : decisions,
    inputs: byId(definitions.all('inputData').map((input) => [idOf(input), inputOf(input, c)])),
    knowledge: byId(definitions.all('businessKnowledgeModel').map((bkm) => [idOf(bkm), knowledgeOf(bkm, c)])),
    services: byId(definitions.all('decisionService').map((service) => [idOf(service), serviceOf(service)])),
  }
}

const byId = <T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> => new Map(entries)
const idOf = (element: Element): string => element.attribute('id') ?? element.attribute('name') ?? ''
const nameOf = (element: Element): string => element.attribute('name') ?? idOf(element)
const typeOf = (element: Element, c: DmnCompiler): Coercion | null =>
  c.types.of(element.child('variable')?.attribute('typeRef'))

/** The ids behind `<requirement><required href="#id"/></requirement>`. */
const required = (element: Element, requirement: string, what: string): readonly string[] =>
  element.all(requirement).flatMap((one) => one.all(what).map(target))
const targets = (element: Element, what: string): readonly string[] => element.all(what).map(target)
const target = (element: Element): string => (element.attribute('href') ?? '').replace(/^.*#/, '')

const NONE: Logic = { type: 'UNKNOWN', code: () => null }

function decisionOf(element: Element, c: DmnCompiler): Decision {
  const id = idOf(element)
  const place = `Decision '${id}'`
  const logic = compileLogic(element, place, null, c)
  if (logic === null && c.dialect === 'camunda') c.fault(place, 'Expected an expression, but found none.')
  const versionTag = element.child('extensionElements')?.child('versionTag')?.attribute('value')
  return {
    id,
    name: nameOf(element),
    ...(versionTag !== undefined && { versionTag }),
    resultName: element.child('variable')?.attribute('name') ?? (c.dialect === 'camunda' ? id : nameOf(element)),
    resultType: typeOf(element, c),
    logic: logic ?? NONE,
    requiredDecisions: required(element, 'informationRequirement', 'requiredDecision'),
    requiredKnowledge: required(element, 'knowledgeRequirement', 'requiredKnowledge'),
  }
}

const inputOf = (element: Element, c: DmnCompiler): InputData => ({
  name: element.child('variable')?.attribute('name') ?? nameOf(element),
  type: c.dialect === 'standard' ? typeOf(element, c) : null,
})

function knowledgeOf(element: Element, c: DmnCompiler): KnowledgeModel {
  const logic = element.child('encapsulatedLogic')
  const place = `Business knowledge model '${idOf(element)}'`
  const encapsulated =
    logic === undefined ? { parameters: [], code: () => null } : compileFunction(logic, place, null, c)
  return {
    ...encapsulated,
    id: idOf(element),
    name: element.child('variable')?.attribute('name') ?? nameOf(element),
    requiredKnowledge: required(element, 'knowledgeRequirement', 'requiredKnowledge'),
  }
}

const serviceOf = (element: Element): DecisionService => ({
  id: idOf(element),
  name: element.child('variable')?.attribute('name') ?? nameOf(element),
  outputDecisions: targets(element, 'outputDecision'),
  inputDecisions: targets(element, 'inputDecision'),
  inputData: targets(element, 'inputData'),
})

/** What goes round in circles; null when nothing does. */
function cycleIn({ decisions, knowledge }: DecisionModel): string | null {
  const between = (edges: ReadonlyMap<string, readonly string[]>): boolean => {
    const done = new Set<string>()
    const open = new Set<string>()
    const visit = (id: string): boolean => {
      if (open.has(id)) return true
      if (done.has(id)) return false
      open.add(id)
      const found = (edges.get(id) ?? []).some(visit)
      open.delete(id)
      done.add(id)
      return found
    }
    return [...edges.keys()].some(visit)
  }
  if (between(byId(decisions.map(({ id, requiredDecisions }) => [id, requiredDecisions])))) return 'decisions'
  const others = [...knowledge.values()].map(
    ({ id, requiredKnowledge }) => [id, requiredKnowledge.filter((other) => other !== id)] as const,
  )
  return between(byId(others)) ? 'BKMs' : null
}
