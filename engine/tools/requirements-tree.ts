/** What decisions require, as a tree of lines for a terminal. Owns the tree; does not own what a decision gives. */
import type { Decision, DecisionModel } from '../feel/index.ts'

/** Under each decision what it requires: decisions first, then inputs. One that stood above is not unfolded again. */
export function requirementsTree(model: DecisionModel, of: readonly Decision[]): readonly string[] {
  const unfolded = new Set<string>()
  const own = (references: Decision['requiredInputs']): readonly string[] =>
    references.flatMap(({ namespace, id }) => (namespace === null ? [id] : []))
  const elsewhere = (references: Decision['requiredInputs']): readonly string[] =>
    references.flatMap(({ namespace, id }) => (namespace === null ? [] : [`${namespace}#${id}`]))

  const lines = (decision: Decision, indent: string): readonly string[] => {
    const { id, name, logic, requiredDecisions, requiredInputs, requiredKnowledge } = decision
    const head = `${indent}${titleOf(id, name, logic.type)}`
    if (unfolded.has(id)) return [`${head}, as above`]
    unfolded.add(id)
    const inner = `${indent}  `
    const required = own(requiredDecisions).flatMap((other) => model.decisions.find((one) => one.id === other) ?? [])
    const inputs = own(requiredInputs).map((input) => `${inner}input ${model.inputs.get(input)?.name ?? input}`)
    const functions = own(requiredKnowledge).map(
      (used) => `${inner}function ${model.knowledge.get(used)?.name ?? used}`,
    )
    const imported = [requiredDecisions, requiredInputs, requiredKnowledge].flatMap(elsewhere)
    return [
      head,
      ...required.flatMap((one) => lines(one, inner)),
      ...inputs,
      ...functions,
      ...imported.map((one) => `${inner}imported ${one}`),
    ]
  }
  return of.flatMap((decision) => lines(decision, ''))
}

/** By its name and, where it has another, the id by which it is asked. */
export function titleOf(id: string, name: string, type: string): string {
  return `${name} (${name === id ? '' : `${id}, `}${type.toLowerCase().replaceAll('_', ' ')})`
}
