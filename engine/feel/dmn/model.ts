/** A decision model: what one DMN file declares, and the models that it imports. */

import type { Type } from '../compile/type.ts'
import type { Dialect } from '../dialect.ts'
import type { Encapsulated, Logic } from './boxed.ts'

/** Where an element stands: in the model itself when `namespace` is null, else in one that it imports. */
export interface Reference {
  readonly namespace: string | null
  readonly id: string
}

/** A variable that the model declares as an input. */
export interface InputData {
  readonly name: string
  readonly type: Type | null
}
export interface Decision {
  readonly id: string
  readonly name: string
  readonly versionTag?: string
  /** The name by which those who require it see its result. */
  readonly resultName: string
  readonly resultType: Type | null
  /** As it is written. */
  readonly typeRef: string | null
  readonly logic: Logic
  readonly requiredInputs: readonly Reference[]
  readonly requiredDecisions: readonly Reference[]
  readonly requiredKnowledge: readonly Reference[]
}
export interface KnowledgeModel extends Encapsulated {
  readonly id: string
  readonly name: string
  readonly requiredKnowledge: readonly Reference[]
}
/** Decisions that are called together, as a function of what is decided outside. */
export interface DecisionService {
  readonly id: string
  readonly name: string
  readonly resultType: Type | null
  readonly outputDecisions: readonly Reference[]
  readonly inputDecisions: readonly Reference[]
  readonly inputData: readonly Reference[]
}

/** Expressions see what is imported as entries of a context under `prefix`; when it is empty, as their own. */
export interface Import {
  readonly prefix: string
  readonly model: DecisionModel
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
  /** The normal names of all of these. */
  readonly declared: ReadonlySet<string>
  /** By namespace. */
  readonly imports: ReadonlyMap<string, Import>
}
