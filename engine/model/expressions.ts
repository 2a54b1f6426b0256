/** Attributes that are FEEL when they begin with `=` and plain text otherwise. Each text of a file is parsed once. */
import { compileExpression } from '../feel/index.ts'
import type { Expression } from './executable.ts'
import { syntaxFailure } from './syntax-failure.ts'

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string }

const FEEL = /^=(.+)$/s

export class Expressions {
  readonly #known = new Map<string, ParsedExpression>()

  parse(text: string): ParsedExpression {
    let parsed = this.#known.get(text)
    if (parsed === undefined) {
      parsed = parseExpression(text)
      this.#known.set(text, parsed)
    }
    return parsed
  }

  /** For texts that have passed validation. */
  of(text: string): Expression {
    const parsed = this.parse(text)
    if (!parsed.ok) throw new Error(parsed.message)
    return parsed.expression
  }
}

function parseExpression(text: string): ParsedExpression {
  const source = FEEL.exec(text)?.[1]
  if (source === undefined) return { ok: true, expression: Object.freeze({ kind: 'static', text }) }
  const compiled = compileExpression(source)
  if (compiled.ok) return { ok: true, expression: Object.freeze({ kind: 'feel', source, feel: compiled.expression }) }
  return { ok: false, message: `failed to parse expression '${source}': ${syntaxFailure(source)}` }
}
