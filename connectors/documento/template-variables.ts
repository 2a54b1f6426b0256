/** What a template reads of its data, told without filling it: for the docs, and for whoever draws the diagram that calls it. */
import { partOf, TemplateError, type TemplateSource, treeOf } from './template.ts'

/** A path of names from the data: `motivi[]` is each of a list. */
type Path = string
interface Scope {
  readonly own: Path
  readonly outer: Scope | null
}

/** Sorted; what stands inside a list is told as `list[].name`. Throws `TemplateError`. */
export function variablesOf({ text, parts }: TemplateSource): readonly Path[] {
  const found = new Set<Path>()
  const read = (source: string, scope: Scope, depth: number): void => {
    if (depth > PARTS_DEEP)
      throw new TemplateError('Expected parts that end, but they take each other in. Cut the circle.')
    const walk = (statements: readonly hbs.AST.Statement[], here: Scope): void => {
      for (const node of statements) {
        if (isMustache(node)) expressions(node.params.length > 0 ? node.params : [node.path], here)
        else if (isPart(node)) read(partOf(parts, node), here, depth + 1)
        else if (isBlock(node)) walkBlock(node, here)
      }
    }
    const walkBlock = (node: hbs.AST.BlockStatement, here: Scope): void => {
      expressions(node.params, here)
      const [over] = node.params
      const path = over && isPath(over) ? pathOf(over, here) : here.own
      const name = isPath(node.path) ? node.path.original : ''
      const inside =
        name === 'each' || name === 'with' ? { own: name === 'each' ? `${path}[]` : path, outer: here } : here
      walk(node.program?.body ?? [], inside)
      walk(node.inverse?.body ?? [], here)
    }
    walk(treeOf(source).body, scope)
  }
  const expressions = (nodes: readonly hbs.AST.Expression[], here: Scope): void => {
    for (const node of nodes) {
      if (isCall(node)) expressions(node.params, here)
      else if (isPath(node) && (node.parts.length > 0 || here.own.endsWith('[]'))) found.add(pathOf(node, here))
    }
  }
  read(text, { own: '', outer: null }, 0)
  return [...found].filter((path) => path !== '').sort()
}

const PARTS_DEEP = 10
const isMustache = (node: hbs.AST.Statement): node is hbs.AST.MustacheStatement => node.type === 'MustacheStatement'
const isBlock = (node: hbs.AST.Statement): node is hbs.AST.BlockStatement => node.type === 'BlockStatement'
const isPart = (node: hbs.AST.Statement): node is hbs.AST.PartialStatement => node.type === 'PartialStatement'
const isPath = (node: hbs.AST.Expression): node is hbs.AST.PathExpression => node.type === 'PathExpression'
const isCall = (node: hbs.AST.Expression): node is hbs.AST.SubExpression => node.type === 'SubExpression'

function pathOf({ depth, parts }: hbs.AST.PathExpression, scope: Scope): Path {
  let at = scope
  for (let up = 0; up < depth && at.outer; up++) at = at.outer
  return [at.own, ...parts].filter((name) => name !== '').join('.')
}
