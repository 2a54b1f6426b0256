/** From a page back to data: what expressions see, and what is submitted. */
import { type Context, toJson, type Value } from '../../../engine/feel/index.ts'
import type { Node, Rows } from './page.ts'
import { withValueAt } from './paths.ts'

/** Undefined leaves the data as they are. */
type Read = (node: Extract<Node, { kind: 'field' | 'computed' }>) => Value | undefined
type Counts = (node: Node) => boolean

function collect(nodes: readonly Node[], into: Context, read: Read, counts: Counts): Context {
  let data = into
  for (const node of nodes) {
    if (!counts(node)) continue
    switch (node.kind) {
      case 'field':
      case 'computed': {
        const value = read(node)
        if (value !== undefined) data = withValueAt(data, node.key, value)
        break
      }
      case 'section':
        data = collect(node.nodes, data, read, counts)
        break
      case 'rows':
        data = withValueAt(data, node.key, itemsOf(node, read, counts))
        break
      case 'shown':
        break
    }
  }
  return data
}

const itemsOf = (node: Rows, read: Read, counts: Counts): readonly Context[] =>
  node.rows.map((row) => collect(row, new Map(), read, counts))

/** The variables with what is typed in its place. A hidden field has its initial value, whatever was typed before. */
export const dataOf = (nodes: readonly Node[], variables: Context): Context =>
  collect(
    nodes,
    variables,
    (node) => (node.kind === 'field' && node.isHidden ? node.initial : node.value),
    () => true,
  )

/**
 * Variables to complete the task with, as JSON text: the fields that are bound, visible and not disabled, at their paths. A list
 * without rows is sent as `[]`, unlike form-js, so that removing the last row removes it.
 */
export const submissionOf = (nodes: readonly Node[]): string =>
  toJson(
    collect(
      nodes,
      new Map(),
      (node) => node.value,
      (node) => !node.isHidden && !(node.kind === 'field' && node.component.disabled),
    ),
  )
