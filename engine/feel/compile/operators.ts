/** Arithmetic, logic and comparison. */
import type { SyntaxNode } from '@lezer/common'
import { expected, minus, negated, type Operation, over, plus, raised, times } from '../arithmetic.ts'
import { isBetween, relations } from '../relations.ts'
import type { Run } from '../run.ts'
import type { Value } from '../value.ts'
import type { Code, Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf } from './compilation.ts'
import { inTest } from './tests.ts'

const operations: Readonly<Record<string, Operation>> = {
  '+': plus,
  '-': minus,
  '*': times,
  '/': over,
  '**': raised,
  '^': raised,
}

export const arithmetic: Builder = (node, scope, c) => {
  const [first, second, third] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode?]
  if (third === undefined) {
    const operand = c.compile(second, scope)
    return (run, environment) => negated(run, operand(run, environment))
  }
  const operation = operations[c.text(second)] ?? c.refuse(second)
  const left = c.compile(first, scope)
  const right = c.compile(third, scope)
  return (run, environment) => operation(run, left(run, environment), right(run, environment))
}

/** A value that is neither true nor false counts as unknown. */
const truth = (run: Run, value: Value, operator: string): boolean | null =>
  typeof value === 'boolean' ? value : expected(run, 'boolean', value, operator)

/** `decisive` settles the outcome whatever the other operand is; only a right operand that can still matter is evaluated. */
const logic =
  (decisive: boolean): Builder =>
  (node, scope, c) => {
    const [first, , last] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode]
    const left = c.compile(first, scope)
    const right = c.compile(last, scope)
    const operator = decisive ? 'or' : 'and'
    return (run, environment) => {
      const a = truth(run, left(run, environment), operator)
      if (a === decisive) return a
      const b = truth(run, right(run, environment), operator)
      if (b === decisive) return b
      return a === null || b === null ? null : !decisive
    }
  }

export const disjunction = logic(true)
export const conjunction = logic(false)

export const comparison: Builder = (node, scope, c) => {
  const [left, operator, ...right] = childrenOf(node) as [SyntaxNode, SyntaxNode, ...SyntaxNode[]]
  switch (operator.name) {
    case 'between':
      return between(c.compile(left, scope), c.compile(right[0]!, scope), c.compile(right[2]!, scope))
    case 'in':
      return inTest(left, right, scope, c)
    default:
      return compared(left, operator, right[0]!, scope, c)
  }
}

function compared(
  left: SyntaxNode,
  operator: SyntaxNode,
  right: SyntaxNode,
  scope: Scope | null,
  c: Compilation,
): Code {
  for (const operand of [left, right])
    if (operand.name === 'SimplePositiveUnaryTest' && operand.firstChild?.name === 'CompareOp') c.refuse(operator)
  // Zeebe's types have no parameters: what follows one is not `<`.
  if (c.dialect === 'camunda' && left.name === 'InstanceOfExpression') c.refuse(operator)
  const operation = relations[c.text(operator)] ?? c.refuse(operator)
  const a = c.compile(left, scope)
  const b = c.compile(right, scope)
  return (run, environment) => operation(run, a(run, environment), b(run, environment))
}

function between(value: Code, low: Code, high: Code): Code {
  return (run, environment) => isBetween(run, value(run, environment), low(run, environment), high(run, environment))
}
