/**
 * Which diagrams are refused, and in which words.
 *
 * Owns: walking the file, running every rule on every element it concerns, and Zeebe's form of the report. Does not own: the rules
 * (rules/*.ts) or XML (parse.ts).
 * Invariants: V1 all faults of a file are reported at once. V2 a file without faults compiles. V3 a rule looks, it never changes.
 */
import type { ModdleElement } from 'bpmn-moddle'
import { activityRules } from './rules/activities.ts'
import { adHocRules } from './rules/ad-hoc.ts'
import { conditionRules } from './rules/conditions.ts'
import { eventRules } from './rules/events.ts'
import { expressionRules } from './rules/expressions.ts'
import { extensionRules } from './rules/extensions.ts'
import { constantRules } from './rules/fixed-values.ts'
import { gatewayRules } from './rules/gateways.ts'
import { listenerRules } from './rules/listeners.ts'
import { mappingRules } from './rules/mappings.ts'
import { messageRules } from './rules/messages.ts'
import type { Rule, Surroundings } from './rules/rule.ts'
import { scopeRules } from './rules/scopes.ts'
import { thrownEventRules } from './rules/thrown-events.ts'
import { transactionRules } from './rules/transactions.ts'
import { unsupportedRules } from './rules/unsupported.ts'
import { children, type Definitions, is, tagOf } from './source.ts'

/** As in Zeebe, the rules on the drawing report before those on expressions. A new rule is one entry in the table of its family. */
const drawingRules: readonly Rule[] = [
  ...unsupportedRules,
  ...scopeRules,
  ...adHocRules,
  ...activityRules,
  ...eventRules,
  ...messageRules,
  ...thrownEventRules,
  ...transactionRules,
  ...conditionRules,
  ...gatewayRules,
  ...extensionRules,
  ...listenerRules,
]
const textRules: readonly Rule[] = [...expressionRules, ...mappingRules, ...constantRules]

/** As Zeebe's report: enough for a person, bounded for the log. */
const REPORT_LENGTH_MAX = 12 * 1024

/** One element with the way to it, as the report names it. */
interface Visited {
  readonly element: ModdleElement
  readonly path: string
}

/** Null when the file can be executed, else the report: one `- Element:` line for each faulty element, its errors below it. */
export function validate(definitions: Definitions, surroundings: Surroundings): string | null {
  const visited = [...visit(definitions, '')]
  const drawn = faultyElements(visited, new RuleTable(drawingRules), surroundings)
  const written = faultyElements(visited, new RuleTable(textRules), surroundings)
  // Of an element with faults of both kinds Zeebe reports those of the second.
  const parts = [...[...drawn].filter(([element]) => !written.has(element)), ...written].map(([, part]) => part)
  return parts.length === 0 ? null : shortened(parts)
}

class RuleTable {
  readonly #rules: readonly Rule[]
  readonly #byType = new Map<string, readonly Rule[]>()

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
  }

  on(element: ModdleElement): readonly Rule[] {
    let rules = this.#byType.get(element.$type)
    if (rules === undefined) {
      rules = this.#rules.filter(({ type }) => is(element, type))
      this.#byType.set(element.$type, rules)
    }
    return rules
  }
}

/** Their parts of the report. */
function faultyElements(
  visited: readonly Visited[],
  table: RuleTable,
  surroundings: Surroundings,
): ReadonlyMap<ModdleElement, string> {
  const parts = new Map<ModdleElement, string>()
  for (const { element, path } of visited) {
    const messages: string[] = []
    for (const { check } of table.on(element))
      check(element as never, (message) => messages.push(message), surroundings)
    if (messages.length === 0) continue
    parts.set(element, `- Element: ${path}\n${messages.map((message) => `    - ERROR: ${message}\n`).join('')}`)
  }
  return parts
}

function shortened(parts: readonly string[]): string {
  const text = parts.join('')
  if (text.length <= REPORT_LENGTH_MAX) return text
  return `${text.slice(0, REPORT_LENGTH_MAX)}...\n(${parts.length} elements in all)\n`
}

/** Everything but the content of processes that are not executed. An id begins the path anew; the file's own is not one, as in Zeebe. */
function* visit(element: ModdleElement, parentPath: string, tag: string = tagOf(element)): Generator<Visited> {
  const path = is(element, 'bpmn:Definitions') ? tag : (element.id ?? `${parentPath} > ${tag}`)
  yield { element, path }
  for (const { tag: childTag, child } of children(element)) {
    if (is(child, 'bpmn:Process') && child.isExecutable !== true) continue
    yield* visit(child, path, childTag)
  }
}
