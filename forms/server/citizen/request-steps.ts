/**
 * The positions of a request as people see them, from 1: the privacy notice, the steps of the form (one when it has none), the summary.
 * Does not own: what the steps of a form are (form/steps.ts).
 */
import type { Say } from '../catalogue.ts'
import type { Turn } from '../form/conversation.ts'
import type { Node } from '../form/page.ts'
import { STEP_CONTROL } from '../form/steps.ts'
import { rowsControl, type Typed } from '../form/typed.ts'

export const PRIVACY_STEP = 1
/** The box on the privacy step; no form has a key of that shape. */
export const PRIVACY_CONTROL = 'informativa-letta'

type Steps = Pick<Turn, 'steps' | 'nodes'>

const formPages = ({ steps }: Steps): number => Math.max(1, steps.length)
export const summaryPosition = (turn: Steps): number => formPages(turn) + 2

/** Of the page of the form at that position. */
export const nodesAt = (turn: Steps, position: number): readonly Node[] =>
  turn.steps.length === 0 ? turn.nodes : (turn.steps[position - 2]?.nodes ?? [])

/** Where a turn stands in the form. */
export const positionOf = ({ steps, step }: Pick<Turn, 'steps' | 'step'>): number =>
  Math.max(
    0,
    steps.findIndex(({ id }) => id === step?.id),
  ) + 2

/** The same as the form's pages carry it; null when the form is one page. */
export const stepIdAt = ({ steps }: Steps, position: number): string | null => steps[position - 2]?.id ?? null

export const titlesOf = ({ steps }: Steps, name: string, say: Say): readonly string[] => [
  say('privacy'),
  ...(steps.length === 0 ? [name] : steps.map(({ label }) => label)),
  say('summary'),
]

/** Controls that a page with these nodes shows: its fields, and whole rows of its lists. */
export function namesOn(nodes: readonly Node[]): (name: string) => boolean {
  const names = new Set<string>()
  const lists: string[] = []
  const look = (inner: readonly Node[]): void => {
    for (const node of inner) {
      if (node.kind === 'field') names.add(node.name)
      else if (node.kind === 'section') look(node.nodes)
      else if (node.kind === 'rows') {
        names.add(rowsControl(node.name))
        lists.push(`${node.name}[`)
      } else if (node.kind === 'shown' && node.content.type === 'table') names.add(node.content.control)
    }
  }
  look(nodes)
  return (name) => names.has(name) || lists.some((list) => name.startsWith(list))
}

/** As a post of the page at that step has it. */
export const withStep = (typed: Typed, id: string | null): Typed =>
  id === null ? typed : new Map(typed).set(STEP_CONTROL, [id])
