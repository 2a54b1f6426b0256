/**
 * The mappings of one element as one FEEL context, which is how Zeebe evaluates them: `x → a`, `y → b.c` is `{a: x, b: {c: y}}`.
 *
 * Owns: which source each entry has in the end, and what surrounds it. Does not own: refusing (rules/mappings.ts), evaluating (core).
 *
 * So a source sees what stands before it in its own context and in those around it, by their bare names, before any variable: after
 * `x → notice.outcome` a source for `notice.reason` reads that x where it says `outcome`. A target given twice has its last source at
 * its first place; of `a` and `a.b` the later drops the earlier. Outputs keep the other entries of a context that is there already;
 * what is there and is no context gives null.
 * Source: Camunda docs › Variables › Input/output variable mappings; test/conformance/variants/mappings.
 */
import type { Expression, Mapping, MappingDirection, Mappings } from './executable.ts'
import type { Expressions } from './expressions.ts'
import type { InputOutput } from './source.ts'

/** Names in one target. Of an output the text grows with their square: each context says by its whole path what is there already. */
export const TARGET_NAMES_MAX = 16
/** Of the text that a failure reports, which doubles with every name of an output's target. */
const SHOWN_MAX = 16 * 1024

/** Of a parameter without a source. */
export const NOTHING = '=null'

type Entries = Map<string, Entries | Expression>
type Surround = (inner: string, path: string) => string

/** Of parameters that have passed validation, in file order; null when there are none. */
export function mappingsOf(
  expressions: Expressions,
  parameters: readonly InputOutput[] = [],
  direction: MappingDirection,
): Mappings | null {
  if (parameters.length === 0) return null
  const list = parameters.map(({ source, target = '' }) => ({
    source: expressions.of(source || NOTHING),
    target: target.split('.'),
  }))
  const context = expressions.of(`=${contextOf(list, direction)}`)
  if (context.kind === 'static') throw new Error('Expected mappings to make an expression')
  return { direction, list, context: context.feel }
}

/** FEEL without the leading `=`. Its length grows with the texts alone, unlike that of what Zeebe evaluates. */
export function contextOf(list: readonly Mapping[], direction: MappingDirection): string {
  return written(entriesOf(list), direction === 'input' ? plain : merging)
}

/** The text as Zeebe tells it in incidents, cut off where it is very long. */
export function shownContext({ list, direction }: Pick<Mappings, 'list' | 'direction'>): string {
  return written(entriesOf(list), direction === 'input' ? plain : shownMerging)
}

const plain: Surround = (inner) => inner
const merging: Surround = (inner, path) => `context merge(if (${path} != null) then ${path} else {},${inner})`
const shownMerging: Surround = (inner, path) => {
  const entries = inner.length > SHOWN_MAX ? `${inner.slice(0, SHOWN_MAX)}…` : inner
  return `if (${path} != null) then context merge(${path},${entries}) else ${entries}`
}

function entriesOf(list: readonly Mapping[]): Entries {
  const all: Entries = new Map()
  for (const { source, target } of list) {
    let at = all
    for (const name of target.slice(0, -1)) at = contextAt(at, name)
    at.set(target.at(-1) ?? '', source)
  }
  return all
}
/** What is no context makes way for one, in its place. */
function contextAt(entries: Entries, name: string): Entries {
  const known = entries.get(name)
  if (known instanceof Map) return known
  const context: Entries = new Map()
  entries.set(name, context)
  return context
}

function written(entries: Entries, surround: Surround, path: readonly string[] = []): string {
  const each = [...entries].map(([name, entry]) => {
    if (!(entry instanceof Map)) return `${name}:${sourceText(entry)}`
    const inner = [...path, name]
    return `${name}:${surround(written(entry, surround, inner), inner.join('.'))}`
  })
  return `{${each.join(',')}}`
}

/** Fixed text is a FEEL string of which only the quotes are escaped: `\n` in it is a line break. */
const sourceText = (source: Expression): string =>
  source.kind === 'feel' ? source.source : `"${source.text.replaceAll('"', '\\"')}"`
