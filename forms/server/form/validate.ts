/** Whether a page may go on. The same rules serve every channel; only a paper at the counter may lack what the law requires. */
import { isList, type Value } from '../../../engine/feel/index.ts'
import type { Fault } from './faults.ts'
import { inputKindOf } from './inputs/index.ts'
import { isMapField } from './map-field.ts'
import { type Field, type Node, type Rows, visibleFields, visibleRows } from './page.ts'
import { type Filling, resolve } from './resolve.ts'
import type { Form } from './schema.ts'

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
  // A drawing is never asked for: whoever has no script has no way to draw.
  const isAsked = requires && component.validate.required && !isMapField(component)
  if (isEmpty(value)) return isAsked ? kind.missing : null
  return kind.check(component, value, around)
}

export function validate(nodes: readonly Node[], strictness: Strictness = { requires: true }): Faults {
  const faults = new Map<string, Fault>()
  for (const rows of visibleRows(nodes)) {
    const fault = rowsFault(rows, strictness)
    if (fault !== null) faults.set(rows.name, fault)
  }
  for (const field of visibleFields(nodes)) {
    const fault = faultOf(field, strictness)
    if (fault !== null) faults.set(field.name, fault)
  }
  return faults
}

function rowsFault({ rows, min, max }: Rows, { requires }: Strictness): Fault | null {
  if (rows.length > max) return { kind: 'rowsMax', limit: max }
  return requires && rows.length < min ? { kind: 'rowsMin', limit: min } : null
}

/** A page, and what it was made from. */
export interface Asked {
  readonly form: Form
  readonly filling: Filling
  readonly nodes: readonly Node[]
  readonly strictness?: Strictness
}

/** Why a page that was posted does not go on. */
export interface Judgement {
  readonly faults: Faults
  /** Names of controls that it did not show, because an answer on it brought the question up. Nobody is blamed for those. */
  readonly unasked: ReadonlySet<string>
}
export const UNJUDGED: Judgement = { faults: new Map(), unasked: new Set() }

export const mayGoOn = ({ faults, unasked }: Judgement): boolean => faults.size === 0 && unasked.size === 0

export function judge(asked: Asked): Judgement {
  const unasked = unaskedIn(asked)
  const faults = validate(asked.nodes, asked.strictness)
  return { faults: new Map([...faults].filter(([name]) => !unasked.has(name))), unasked }
}

/** What the first page asks needs no second one, whatever a post leaves out. */
function unaskedIn({ form, filling, nodes }: Asked): ReadonlySet<string> {
  const left = [...visibleFields(nodes)].filter(({ isReadonly, typed }) => !isReadonly && typed === null)
  if (left.length === 0) return new Set()
  const first = new Set([...visibleFields(resolve(form, { ...filling, typed: null }))].map(({ name }) => name))
  return new Set(left.map(({ name }) => name).filter((name) => !first.has(name)))
}
