/**
 * Where a test ends and the expression goes on. The grammar takes `x in [1..3] and y` for a test of `[1..3] and y`; Zeebe ends a test
 * that is a range, a comparison or in brackets before `and`, and so would whoever reads it.
 */
import type { SyntaxNode } from '@lezer/common'
import type { Code, Scope } from './code.ts'
import { type Compilation, childrenOf, operandsOf } from './compilation.ts'
import { both, either } from './logic.ts'
import { comparedInput, inputIn, testOf } from './tests.ts'

type Clause =
  | { readonly kind: 'expression'; readonly node: SyntaxNode }
  | { readonly kind: 'in'; readonly value: SyntaxNode; readonly test: Clause }
  | { readonly kind: 'compare'; readonly operator: SyntaxNode; readonly operand: SyntaxNode }

interface Clauses {
  readonly clauses: readonly Clause[]
  /** `and` or `or`, one less than clauses. */
  readonly words: readonly string[]
}

/** Null when the grammar has read it as it is meant. */
export function joinedClauses(node: SyntaxNode, scope: Scope | null, c: Compilation): Code | null {
  const { clauses, words } = clausesOf(node)
  if (clauses.every(({ kind }) => kind === 'expression')) return null
  // `and` binds more than `or`.
  const any: Code[] = []
  clauses.forEach((clause, at) => {
    const code = compileClause(clause, scope, c)
    any.push(at > 0 && words[at - 1] === 'and' ? both(any.pop()!, code) : code)
  })
  return any.reduce(either)
}

function clausesOf(node: SyntaxNode): Clauses {
  switch (node.name) {
    case 'Conjunction':
    case 'Disjunction': {
      const [first, word, last] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode]
      const [left, right] = [clausesOf(first), clausesOf(last)]
      return { clauses: [...left.clauses, ...right.clauses], words: [...left.words, word.name, ...right.words] }
    }
    case 'Comparison':
      return clausesOfIn(node) ?? alone(node)
    case 'SimplePositiveUnaryTest':
      return clausesOfTest(node) ?? alone(node)
    default:
      return alone(node)
  }
}
const alone = (node: SyntaxNode): Clauses => ({ clauses: [{ kind: 'expression', node }], words: [] })

/** `x in test and …` */
function clausesOfIn(node: SyntaxNode): Clauses | null {
  const [value, word, test, ...more] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode, ...SyntaxNode[]]
  if (word.name !== 'in' || test.name !== 'PositiveUnaryTest' || more.length > 0) return null
  const { clauses, words } = clausesOf(operandsOf(test)[0]!)
  const [first, ...further] = clauses as [Clause, ...Clause[]]
  if (words.length === 0 || !endsBefore(first)) return null
  return { clauses: [{ kind: 'in', value, test: first }, ...further], words }
}
const endsBefore = (test: Clause): boolean =>
  test.kind === 'compare' ||
  (test.kind === 'expression' &&
    (test.node.name === 'SimplePositiveUnaryTest' || test.node.name === 'ParenthesizedExpression'))

/** `> 3 and …` */
function clausesOfTest(node: SyntaxNode): Clauses | null {
  const [operator, operand] = childrenOf(node) as [SyntaxNode, SyntaxNode?]
  if (operand === undefined) return null
  const { clauses, words } = clausesOf(operand)
  const [first, ...further] = clauses as [Clause, ...Clause[]]
  if (words.length === 0 || first.kind !== 'expression') return null
  return { clauses: [{ kind: 'compare', operator, operand: first.node }, ...further], words }
}

function compileClause(clause: Clause, scope: Scope | null, c: Compilation): Code {
  switch (clause.kind) {
    case 'expression':
      return c.compile(clause.node, scope)
    case 'compare':
      return comparedInput(clause.operator, clause.operand, scope, c)
    case 'in':
      return inputIn(clause.value, scope, c, (inner) => testOfClause(clause.test, inner, c))
  }
}

const testOfClause = (test: Clause, scope: Scope, c: Compilation): Code =>
  test.kind === 'expression' ? testOf(test.node, scope, c) : compileClause(test, scope, c)
