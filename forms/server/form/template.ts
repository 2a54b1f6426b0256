/**
 * Texts with `{{expression}}`, `{{#if expression}}…{{/if}}` and `{{#loop list}}…{{/loop}}`, as form-js understands them.
 *
 * Owns: the blocks and their scopes. Does not own: evaluation, or how a value is written and escaped (the caller's `write`).
 * Inside a loop: `this`, the item's own fields, and `parent`; outer names only by `parent`.
 * Invariants: a missing value is empty, a broken expression or block is "⚠"; loops end at LOOP_MAX, texts at TEXT_MAX.
 */
import { type Context, isContext, isList, type Value } from '../../../engine/feel/index.ts'

export const BROKEN = '⚠'
const LOOP_MAX = 1_000
const TEXT_MAX = 200_000
const NESTING_MAX = 10

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly source: string }
  | { readonly kind: 'if' | 'loop'; readonly source: string; readonly parts: readonly Part[] }

export interface Writing {
  /** Undefined when the expression is broken. */
  evaluate(source: string, scope: Context): Value | undefined
  write(value: Value): string
}

export const hasTemplate = (text: string): boolean => text.includes('{{')

export function fill(template: string, scope: Context, writing: Writing): string {
  const parts = parse(template)
  return parts === null ? BROKEN : write(parts, scope, writing).slice(0, TEXT_MAX)
}

/** Null when blocks do not match. */
function parse(template: string): readonly Part[] | null {
  const open: { kind: 'if' | 'loop'; source: string; parts: Part[] }[] = []
  const root: Part[] = []
  let parts = root
  for (const token of template.split(/(\{\{.*?\}\})/s)) {
    const [, sign, word, source] = /^\{\{\s*(?:([#/])(if|loop)\b)?(.*?)\}\}$/s.exec(token) ?? []
    if (source === undefined) parts.push({ kind: 'text', text: token })
    else if (sign === '#') {
      if (open.length === NESTING_MAX) return null
      const block = { kind: word as 'if' | 'loop', source: source.trim(), parts: [] }
      parts.push(block)
      open.push(block)
      parts = block.parts
    } else if (sign === '/') {
      if (open.pop()?.kind !== word) return null
      parts = open.at(-1)?.parts ?? root
    } else parts.push({ kind: 'value', source: source.trim() })
  }
  return open.length === 0 ? root : null
}

function write(parts: readonly Part[], scope: Context, writing: Writing): string {
  let text = ''
  for (const part of parts) {
    text += writePart(part, scope, writing)
    if (text.length > TEXT_MAX) break
  }
  return text
}

function writePart(part: Part, scope: Context, writing: Writing): string {
  if (part.kind === 'text') return part.text
  const value = writing.evaluate(part.source, scope)
  if (value === undefined) return BROKEN
  if (part.kind === 'value') return writing.write(value)
  if (part.kind === 'if') return isNothing(value) ? '' : write(part.parts, scope, writing)
  return isList(value) ? writeLoop(part.parts, value, scope, writing) : ''
}

const isNothing = (value: Value): boolean => value === null || value === false || value === '' || value === 0

function writeLoop(parts: readonly Part[], items: readonly Value[], outer: Context, writing: Writing): string {
  let text = ''
  for (const item of items.slice(0, LOOP_MAX)) {
    const own = isContext(item) ? item : new Map<string, Value>()
    text += write(parts, new Map([...own, ['this', item], ['parent', outer]]), writing)
    if (text.length > TEXT_MAX) break
  }
  return text
}
