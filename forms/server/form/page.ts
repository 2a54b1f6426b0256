/** A form filled in: what a page shows, a validation judges and a submission sends. Plain data, all expressions evaluated. */
import type { Value } from '../../../engine/feel/index.ts'
import type { Fault } from './faults.ts'
import type { Surroundings } from './inputs/index.ts'
import type { Component, Display, DynamicList, Expression, Group, Input } from './schema.ts'

interface Part<C extends Component> {
  readonly component: C
  /** By its own condition or by that of a group or list around it. */
  readonly isHidden: boolean
}

export interface Field extends Part<Input> {
  readonly kind: 'field'
  /** Where the value lies in the data of the form, or of the row. */
  readonly key: string
  /** The control's name, unique in the page: `istanza.nucleo[0].cf`. */
  readonly name: string
  readonly label: string
  readonly description: string
  /** What expressions see: the value typed, or the one stored. */
  readonly value: Value
  /** The value stored, or the default. A hidden field has no other. */
  readonly initial: Value
  /** Null when the page did not show the control. */
  readonly typed: readonly string[] | null
  readonly unreadable: Fault | null
  readonly isReadonly: boolean
  /** Whether conditions of the form look at this field. */
  readonly isWatched: boolean
  readonly around: Surroundings
  readonly prefix: string
  readonly suffix: string
}
export interface Computed extends Part<Expression> {
  readonly kind: 'computed'
  readonly key: string
  readonly value: Value
}
export interface Section extends Part<Group> {
  readonly kind: 'section'
  readonly id: string
  readonly label: string
  readonly description: string
  readonly nodes: readonly Node[]
}
export interface Rows extends Part<DynamicList> {
  readonly kind: 'rows'
  readonly key: string
  readonly name: string
  readonly label: string
  readonly rows: readonly (readonly Node[])[]
}
export type Content =
  | { readonly type: 'markdown' | 'html' | 'notice'; readonly text: string }
  | {
      readonly type: 'table'
      readonly label: string
      readonly headings: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
  | { readonly type: 'separator' | 'spacer' | 'nothing' }
export interface Shown extends Part<Display> {
  readonly kind: 'shown'
  readonly content: Content
}
export type Node = Field | Computed | Section | Rows | Shown

/** Every field that a person sees, in the order of the page. */
export function* visibleFields(nodes: readonly Node[]): Generator<Field> {
  for (const node of nodes) {
    if (node.isHidden) continue
    if (node.kind === 'field') yield node
    else if (node.kind === 'section') yield* visibleFields(node.nodes)
    else if (node.kind === 'rows') for (const row of node.rows) yield* visibleFields(row)
  }
}
