/** The repository as the house rules see it: its files, and its TypeScript as syntax trees. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { fileURLToPath } from 'node:url'
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast'
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
} from 'typescript/unstable/ast/is'
import { API } from 'typescript/unstable/sync'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const LEFT_ALONE = new Set(['node_modules', '.git', 'data', 'build'])

/** Paths matching the patterns, relative to the root, in order. What is installed or generated is not ours. */
export const filesLike = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: root, exclude: (name) => LEFT_ALONE.has(name) }).sort()

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')

export interface Source {
  readonly path: string
  readonly ast: SourceFile
}

/** Every TypeScript file that tsconfig.json covers. */
export const sources: readonly Source[] = parseAll()

function parseAll(): Source[] {
  const api = new API({ cwd: root })
  try {
    const [project] = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] }).getProjects()
    return project!.rootFiles.map((file) => ({
      path: file.slice(root.length),
      ast: project!.program.getSourceFile(file)!,
    }))
  } finally {
    api.close()
  }
}

/** The node and all below it, outermost first. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node
  const children: Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) yield* nodesOf(child)
}

const moduleNamedBy = (node: Node): Node | undefined => {
  if (isImportDeclaration(node) || isExportDeclaration(node)) return node.moduleSpecifier
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument)) return node.argument.literal
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) return node.arguments[0]
  return undefined
}

/** What a file imports: paths of ours relative to the root, other modules by name; type-only and dynamic imports too. */
export const importsOf = ({ path, ast }: Source): string[] =>
  [...nodesOf(ast)]
    .map(moduleNamedBy)
    .filter((name) => name !== undefined && isStringLiteral(name))
    .map(({ text }) => (text.startsWith('.') ? join(dirname(path), text) : text))

/** "path:line" of a node, for messages. */
export const placeOf = ({ path, ast }: Source, node: Node): string =>
  `${path}:${ast.text.slice(0, node.end).split('\n').length}`
