/** One expression on its way to closures: its text, its dialect, and what bounds it. */
import type { SyntaxNode } from '@lezer/common'
import type { Dialect } from '../dialect.ts'
import { diagnose } from '../syntax/diagnosis.ts'
import { SyntaxFailure } from '../syntax/failure.ts'
import { nodeKinds } from '../syntax/parse.ts'
import { type Code, type Local, type Resolved, resolve, type Scope } from './code.ts'
import type { Type } from './type.ts'

/** Closures call each other this deep at most. */
const DEPTH_MAX = 500
/** A node takes about 1 µs to compile. */
const COST_MAX = 20_000
/** Scopes that are passed in the time of a node. */
const SCOPES_PER_NODE = 16

const BINDS_LESS: ReadonlySet<string> = new Set([
  'Comparison',
  'Conjunction',
  'Disjunction',
  'ForExpression',
  'IfExpression',
  'InstanceOfExpression',
  'QuantifiedExpression',
  'SimplePositiveUnaryTest',
])

/** The type of that name; null when there is none. */
export type Types = (name: string) => Type | null

export type Builder = (node: SyntaxNode, scope: Scope | null, compilation: Compilation) => Code

export class Compilation {
  readonly source: string
  readonly dialect: Dialect
  readonly types: Types
  /** Variables from outside that are read, in the order of the text. */
  readonly names = new Set<string>()
  readonly #builders: Readonly<Record<string, Builder>>
  #depth = 0
  /** In nodes. */
  #cost = 0
  #deepest = 0

  constructor(source: string, dialect: Dialect, types: Types, builders: Readonly<Record<string, Builder>>) {
    this.source = source
    this.dialect = dialect
    this.types = types
    this.#builders = builders
  }

  compile(node: SyntaxNode, scope: Scope | null): Code {
    const builder = this.#builders[node.name]
    if (builder === undefined) this.refuse(node)
    if (this.#depth >= DEPTH_MAX)
      throw new SyntaxFailure(node.from, `Expected at most ${DEPTH_MAX} levels of nesting, but found more.`)
    if (this.#cost >= COST_MAX)
      throw new SyntaxFailure(node.from, `Expected at most ${COST_MAX} parts, but found more. Split the expression.`)
    this.#cost++
    this.#depth++
    this.#deepest = Math.max(this.#deepest, this.#depth)
    const code = builder(node, scope, this)
    this.#depth--
    return code
  }

  /** Compiles a body that may run often, and says what each time costs and how deep it nests. */
  body(node: SyntaxNode, scope: Scope | null): { readonly code: Code; readonly cost: number; readonly levels: number } {
    const before = this.#cost
    const deepest = this.#deepest
    this.#deepest = this.#depth
    const code = this.compile(node, scope)
    const levels = this.#deepest - this.#depth + 1
    this.#deepest = Math.max(deepest, this.#deepest)
    return { code, cost: this.#cost - before, levels }
  }

  /** Compiles an operand of a sign; Camunda wants brackets around what binds less. */
  operand(node: SyntaxNode, scope: Scope | null): Code {
    if (this.dialect === 'camunda' && BINDS_LESS.has(node.name)) this.refuse(node)
    return this.compile(node, scope)
  }

  /** Where a name is found among the scopes; null when none can have it. A name that is far away costs more each time it is read. */
  resolve(name: string, scope: Scope | null): Local | null {
    return this.#resolved(name, scope).local
  }
  /** The same for a value; one that may come from outside is counted among `names`. */
  read(name: string, scope: Scope | null): Local | null {
    const { local, isFree } = this.#resolved(name, scope)
    if (isFree) this.names.add(name)
    return local
  }
  #resolved(name: string, scope: Scope | null): Resolved {
    const resolved = resolve(name, scope)
    this.#cost += Math.floor(resolved.steps / SCOPES_PER_NODE)
    return resolved
  }

  text(node: SyntaxNode): string {
    return this.source.slice(node.from, node.to)
  }
  /** The name as it was written, with single spaces and without back-quotes. */
  name(node: SyntaxNode): string {
    const text = this.text(node)
    return text.startsWith('`') ? text.slice(1, -1) : text.replace(/\s+/g, ' ')
  }
  /** Whether nothing but white space follows. */
  isLast(node: SyntaxNode): boolean {
    return this.source.slice(node.to).trim() === ''
  }
  refuse(node: SyntaxNode): never {
    throw new SyntaxFailure(node.from, diagnose(this.source, node.from))
  }
}

/** Without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (!isComment[child.type.id]) children.push(child)
  return children
}

/** The operands, without operators, words and brackets. */
export function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const operands: SyntaxNode[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (isOperand[child.type.id]) operands.push(child)
  return operands
}

/** By the number of the node's kind, because asking its name each time is a tenth of the work of compiling. */
const isComment: readonly boolean[] = nodeKinds.map(
  (kind) => kind.isSkipped || /^(?:Line|Block)Comment$/.test(kind.name),
)
const isOperand: readonly boolean[] = nodeKinds.map(
  ({ id, name }) => !isComment[id] && (/^[A-Z?]/.test(name) || name === 'null'),
)
