/** What a rule is: one check on one type of element, and the words for those that break it. */

import type { Locality } from '../../feel/index.ts'
import type { Expressions } from '../expressions.ts'
import type { DanglingReferences } from '../parse.ts'
import type { ElementTypes, TypeName } from '../source.ts'
import type { Topology } from '../topology.ts'

export interface Surroundings {
  readonly topology: Topology
  readonly expressions: Expressions
  readonly dangling: DanglingReferences
  /** Where what is deployed will run. */
  readonly locality: Locality
}
export type Report = (message: string) => void
type Check<T extends TypeName> = (element: ElementTypes[T], report: Report, surroundings: Surroundings) => void

/** A rule with its type forgotten, so that rules of all types fit one table; `check` is called with elements of `type` only. */
export interface Rule {
  readonly type: TypeName
  readonly check: (element: never, report: Report, surroundings: Surroundings) => void
}

export const rule = <T extends TypeName>(type: T, check: Check<T>): Rule => ({ type, check })

export const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === ''

/** What occurs more than once, each once. */
export function duplicates<T>(values: readonly T[]): readonly T[] {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].flatMap(([value, count]) => (count > 1 ? [value] : []))
}
