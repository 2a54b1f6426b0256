/** Where mappings may write to, and that those of one element make one context (../mappings.ts). */
import { compileExpression } from '../../feel/index.ts'
import type { MappingDirection } from '../executable.ts'
import { contextOf, NOTHING, shownContext, TARGET_NAMES_MAX } from '../mappings.ts'
import type { InputOutput } from '../source.ts'
import { type Report, type Rule, rule, type Surroundings } from './rule.ts'

const PATH = /^[a-zA-Z_][a-zA-Z0-9_]*(\.[a-zA-Z_][a-zA-Z0-9_]*)*$/
const reservedWords = ['null', 'true', 'false', 'function', 'if', 'then', 'else', 'for', 'between', 'instance', 'of']

function pathFaults(path: string | undefined): readonly string[] {
  if (!path) return ['Expected path expression but not found.']
  const faults: string[] = []
  if (!PATH.test(path))
    faults.push(`Expected path expression '${path}' but doesn't match the pattern '${PATH.source.slice(1, -1)}'.`)
  if (reservedWords.includes(path))
    faults.push(`Expected path expression '${path}' but is one of the reserved words (${reservedWords.join(', ')}).`)
  const names = path.split('.').length
  if (names > TARGET_NAMES_MAX)
    faults.push(
      `Expected a target of at most ${TARGET_NAMES_MAX} names, but found ${names}. Build the context in FEEL.`,
    )
  return faults
}

export const inputTargetIsPath = rule('zeebe:Input', ({ target }, report) => pathFaults(target).forEach(report))
export const outputTargetIsPath = rule('zeebe:Output', ({ target }, report) => pathFaults(target).forEach(report))

/** Sources that are FEEL each may not be together: a comment up to the end of one hides the next, a fixed text may end in a backslash. */
export const mappingsMakeContexts = rule('zeebe:IoMapping', (mapping, report, surroundings) => {
  checkTogether(mapping.inputParameters, 'input', report, surroundings)
  checkTogether(mapping.outputParameters, 'output', report, surroundings)
})

function checkTogether(
  parameters: readonly InputOutput[] = [],
  direction: MappingDirection,
  report: Report,
  { expressions }: Surroundings,
): void {
  const list = parameters.flatMap(({ source, target = '' }) => {
    const parsed = expressions.parse(source || NOTHING)
    const holds = parsed.ok && (direction === 'input' || parsed.expression.kind === 'feel')
    return holds && pathFaults(target).length === 0 ? [{ source: parsed.expression, target: target.split('.') }] : []
  })
  // What is wrong with one of them is told by other rules.
  if (list.length === 0 || list.length < parameters.length) return
  const context = contextOf(list, direction)
  if (expressions.parse(`=${context}`).ok) return
  const compiled = compileExpression(context)
  const reason = compiled.ok ? '' : compiled.fault.message
  report(
    `Failed to build variable mapping expression: failed to parse expression '${shownContext({ list, direction })}': ${reason}`,
  )
}

export const mappingRules: readonly Rule[] = [inputTargetIsPath, outputTargetIsPath, mappingsMakeContexts]
