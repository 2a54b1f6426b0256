/** What is wrong with a page. The same rules serve every channel; only a paper at the counter may lack what the law requires. */
import { isList, type Value } from '../../../engine/feel/index.ts'
import type { Fault } from './faults.ts'
import { inputKindOf } from './inputs/index.ts'
import { type Field, type Node, visibleFields } from './page.ts'

/** By the name of the control. */
export type Faults = ReadonlyMap<string, Fault>

export interface Strictness {
  /** False: what is missing is for the procedure to judge, not for the page. */
  readonly requires: boolean
}

const isEmpty = (value: Value): boolean =>
  value === null || value === '' || value === false || (isList(value) && value.length === 0)

function faultOf(field: Field, { requires }: Strictness): Fault | null {
  const { component, value, around, unreadable } = field
  if (component.disabled) return null
  if (unreadable !== null) return unreadable
  const kind = inputKindOf(component)
  if (isEmpty(value)) return requires && component.validate.required ? kind.missing : null
  return kind.check(component, value, around)
}

export function validate(nodes: readonly Node[], strictness: Strictness = { requires: true }): Faults {
  const faults = new Map<string, Fault>()
  for (const field of visibleFields(nodes)) {
    const fault = faultOf(field, strictness)
    if (fault !== null) faults.set(field.name, fault)
  }
  return faults
}
