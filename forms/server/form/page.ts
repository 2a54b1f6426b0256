/** A form filled in: what a page shows, a validation judges and a submission sends. Plain data, all expressions evaluated. */
import type { Value } from '../../../engine/feel/index.ts'
import type { Attachment } from './attachment.ts'
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
  readonly min: number
  readonly max: number
}
export interface Table {
  readonly type: 'table'
  readonly label: string
  readonly headings: readonly string[]
  /** Of the page shown, sorted. */
  readonly rows: readonly (readonly string[])[]
  readonly view: TableView
  /** At least one. */
  readonly pages: number
  /** The control that carries the view from post to post. */
  readonly control: string
}
/** How a person looks at a table. */
export interface TableView {
  /** Index of the column it is sorted by; null: as the data have it. */
  readonly column: number | null
  readonly isDescending: boolean
  /** From 0. */
  readonly page: number
}
export type Content =
  | { readonly type: 'markdown' | 'html'; readonly text: string }
  | Table
  /** `source` is null when it is none that may be shown. */
  | { readonly type: 'image'; readonly source: string | null; readonly alt: string }
  | {
      readonly type: 'frame'
      readonly label: string
      /** Null when it leads nowhere safe. */
      readonly address: string | null
      /** Whether the town lets this page stand inside its own. */
      readonly isAllowed: boolean
      readonly height: number
      readonly permissions: string
    }
  | { readonly type: 'documents'; readonly label: string; readonly documents: readonly Attachment[] }
  | { readonly type: 'spacer'; readonly height: number }
  | { readonly type: 'reset'; readonly label: string }
  | { readonly type: 'unknown'; readonly named: string }
  | { readonly type: 'separator' | 'nothing' }
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

/** Every list that a person sees, the outer before the inner. */
export function* visibleRows(nodes: readonly Node[]): Generator<Rows> {
  for (const node of nodes) {
    if (node.isHidden) continue
    if (node.kind === 'section') yield* visibleRows(node.nodes)
    if (node.kind !== 'rows') continue
    yield node
    for (const row of node.rows) yield* visibleRows(row)
  }
}
