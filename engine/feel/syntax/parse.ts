/** Text → syntax tree, or the place where it stops being FEEL. Stops at the first fault, so that the work is linear in the text. */
import { parser } from '@bpmn-io/lezer-feel'
import type { NodeType, SyntaxNode } from '@lezer/common'
import { diagnose } from './diagnosis.ts'
import { SyntaxFailure } from './failure.ts'
import { type Names, NameTracker } from './names.ts'

/** Longer texts are no expression a person wrote. */
export const SOURCE_MAX = 64 * 1024

/** The grammar does not know `range<…>`; of the same length, `list <…>` has the same form. */
const RANGE_TYPE = /(\bof\s+)range(?=\s*<)/g

/** Nor `function` as a type without parameters; a name of the same length stands for it. */
const FUNCTION_TYPE = /(\bof\s+)function(?!\w|\s*<)/g

/** Camunda's functions `and(…)` and `or(…)` stand where a value does; to the grammar these words are operators only. */
const FUNCTION_WORD = /(^|[([{,:=<>+*/-]|\b(?:and|or|if|then|else|return|satisfies|in))(\s*)(?:a(nd)|o(r))(?=\s*\()/g

/** Names go over the ends of lines. The places stay the same, and texts are read from the source. */
const parsable = (source: string): string => {
  const known = source
    .replace(RANGE_TYPE, '$1list ')
    .replace(FUNCTION_TYPE, '$1functio_')
    .replace(FUNCTION_WORD, asName)
  return known.includes('//') ? known : known.replace(/[\r\n]/g, ' ')
}

const asName = (_all: string, before: string, space: string, and?: string): string =>
  `${before}${space}${and === undefined ? 'o_' : 'an_'}`

export type Top = 'Expression' | 'UnaryTests'

export type Parsed =
  | { readonly ok: true; readonly top: SyntaxNode }
  | { readonly ok: false; readonly fault: SyntaxFault }

/** Where and why a text is not FEEL; `at` counts from 0. */
export interface SyntaxFault {
  readonly at: number
  readonly message: string
}

/** A kind of node stands at its number. */
export const nodeKinds: readonly NodeType[] = parser.nodeSet.types

type Parser = ReturnType<typeof parser.configure>

interface Reader {
  readonly tracker: NameTracker
  readonly parsers: Readonly<Record<Top, Parser>>
}
const readers = new WeakMap<Names, Reader>()

function readerFor(names: Names): Reader {
  const known = readers.get(names)
  if (known !== undefined) return known
  const tracker = new NameTracker(names)
  const parserOf = (top: Top): Parser =>
    parser.configure({ top, strict: true, dialect: 'camunda', contextTracker: tracker.tracker })
  const reader = { tracker, parsers: { Expression: parserOf('Expression'), UnaryTests: parserOf('UnaryTests') } }
  readers.set(names, reader)
  return reader
}

export function parse(source: string, top: Top, names: Names): Parsed {
  if (source.length > SOURCE_MAX)
    return fault(0, `Expected at most ${SOURCE_MAX} characters, but found ${source.length}.`)
  const { tracker, parsers } = readerFor(names)
  try {
    tracker.restart()
    const tree = parsers[top].parse(parsable(source))
    return { ok: true, top: tree.topNode }
  } catch (error) {
    if (error instanceof SyntaxFailure) return fault(error.at, error.message)
    const at = /^No parse at (\d+)$/.exec(error instanceof Error ? error.message : '')?.[1]
    if (at === undefined) throw error
    return fault(Number(at), diagnose(source, Number(at)))
  }
}

const fault = (at: number, message: string): Parsed => ({ ok: false, fault: { at, message } })
