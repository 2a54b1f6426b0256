/**
 * A form filled in step by step: each top-level group with property `step` begins one. Owns: which steps there are, and where a
 * person stands. Does not own: moving between them (conversation.ts), their look (render/steps.ts).
 * Invariant: every node of the page belongs to exactly one step, so that nothing that was typed gets lost between them.
 */
import type { Node } from './page.ts'

export interface Step {
  /** That of the group. */
  readonly id: string
  readonly label: string
  /** With what stands around the group, and groups that are hidden now. */
  readonly nodes: readonly Node[]
}

/** The control that says which step a page shows. */
export const STEP_CONTROL = 'passo'

/** Steps that are there with these answers; none when the form is one page. */
export function stepsOf(nodes: readonly Node[]): readonly Step[] {
  const steps: { id: string; label: string; nodes: Node[] }[] = []
  const before: Node[] = []
  for (const node of nodes) {
    const label = beginsWith(node)
    if (label !== null) steps.push({ id: node.component.id, label, nodes: [node] })
    else (steps.at(-1)?.nodes ?? before).push(node)
  }
  steps[0]?.nodes.unshift(...before)
  return steps.length < 2 ? [] : steps
}

const beginsWith = (node: Node): string | null =>
  node.kind === 'section' && !node.isHidden && node.component.properties.step
    ? node.label || node.component.properties.step
    : null

/** Null when the form is one page. A step that is not there any more has become the first. */
export function stepAt(steps: readonly Step[], id: string | null | undefined): Step | null {
  return steps.find((step) => step.id === id) ?? steps[0] ?? null
}

/** The one after; null when that is the summary. */
export const stepAfter = (steps: readonly Step[], { id }: Step): Step | null =>
  steps[steps.findIndex((step) => step.id === id) + 1] ?? null

/** The one before; the first stays. */
export const stepBefore = (steps: readonly Step[], { id }: Step): Step =>
  steps[Math.max(0, steps.findIndex((step) => step.id === id) - 1)]!
