/** Arithmetic, logic and comparison. */
import type { SyntaxNode } from '@lezer/common'
import { minus, negated, type Operation, over, plus, raised, times } from '../arithmetic.ts'
import { isBetween, relations } from '../relations.ts'
import { joinedClauses } from './clauses.ts'
import type { Code, Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf } from './compilation.ts'
import { both, either } from './logic.ts'
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
    if (c.text(first) !== '-') c.refuse(first)
    const operand = c.operand(second, scope)
    return (run, environment) => negated(run, operand(run, environment))
  }
  const operation = operations[c.text(second)] ?? c.refuse(second)
  const left = c.operand(first, scope)
  const right = c.operand(third, scope)
  return (run, environment) => operation(run, left(run, environment), right(run, environment))
}

const junction =
  (join: (left: Code, right: Code) => Code): Builder =>
  (node, scope, c) => {
    const joined = joinedClauses(node, scope, c)
    if (joined !== null) return joined
    const [first, , last] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode]
    return join(c.compile(first, scope), c.compile(last, scope))
  }

export const disjunction = junction(either)
export const conjunction = junction(both)

export const comparison: Builder = (node, scope, c) => {
  const joined = joinedClauses(node, scope, c)
  if (joined !== null) return joined
  const [left, operator, ...right] = childrenOf(node) as [SyntaxNode, SyntaxNode, ...SyntaxNode[]]
  switch (operator.name) {
    case 'between':
      return between(c.operand(left, scope), c.operand(right[0]!, scope), c.operand(right[2]!, scope), c)
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
  const operation = relations[c.text(operator)] ?? c.refuse(operator)
  const a = c.operand(left, scope)
  const b = c.operand(right, scope)
  return (run, environment) => operation(run, a(run, environment), b(run, environment))
}

const related =
  (sign: '>=' | '<=', left: Code, right: Code): Code =>
  (run, environment) =>
    relations[sign]!(run, left(run, environment), right(run, environment))

/** To Zeebe this is `value >= low and value <= high`, word by word. */
function between(value: Code, low: Code, high: Code, { dialect }: Compilation): Code {
  if (dialect === 'camunda') return both(related('>=', value, low), related('<=', value, high))
  return (run, environment) => isBetween(run, value(run, environment), low(run, environment), high(run, environment))
}
