/** FEEL in the description of a call: compiled when the town starts, evaluated over JSON text, so that no number loses a digit. */
import {
  compileExpression,
  type Evaluation,
  type Expression,
  evaluate,
  fromJson,
  isContext,
  toJson,
  type Value,
} from '../../engine/feel/index.ts'
import type { Mapping } from './types.ts'

export type Feel = Expression & { readonly place: string }

/** Throws an `Error` that names the place when the text is no FEEL. */
export function feelIn(place: string, source: string): Feel {
  const compiled = compileExpression(source)
  if (compiled.ok) return { ...compiled.expression, place }
  throw new Error(`Expected ${place} to hold FEEL, but ${compiled.fault.message}. Correct it in the town's calls.`)
}

/** What an expression says as text; null when it says nothing. Throws on a list, a context or a failure. */
export function valueText(feel: Feel, values: string): string | null {
  const value = JSON.parse(jsonTextOf(feel, values)) as unknown
  if (value === null) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return jsonTextOf(feel, values)
  throw new Error(`Expected ${feel.place} to be a text or a number, but it is more. Correct it in the town's calls.`)
}

/** JSON text of a mapping over JSON text. */
export function mappingIn(place: string, mapping: Mapping): (values: string) => string {
  if (typeof mapping === 'string') {
    if (!mapping.startsWith('=')) return () => JSON.stringify(mapping)
    const feel = feelIn(place, mapping.slice(1))
    return (values) => jsonTextOf(feel, values)
  }
  if (mapping === null || typeof mapping !== 'object') return () => JSON.stringify(mapping)
  if (Array.isArray(mapping)) {
    const items = mapping.map((item: Mapping) => mappingIn(place, item))
    return (values) => `[${items.map((item) => item(values)).join(',')}]`
  }
  const entries = Object.entries(mapping).map(([name, one]) => [name, mappingIn(`${place}.${name}`, one)] as const)
  return (values) => `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${one(values)}`).join(',')}}`
}

function jsonTextOf(feel: Feel, values: string): string {
  const outcome = evaluate(feel, evaluationOf(fromJson(values)))
  if (outcome.ok) return toJson(outcome.value)
  throw new Error(`Expected ${feel.place} to have a value, but it has none. Correct it in the town's calls.`)
}

/** Of a context, no clock and no chance: the same values give the same request. */
const evaluationOf = (values: Value): Evaluation => ({
  lookup: (name) => (isContext(values) ? values.get(name) : undefined),
  now: 0,
  random: () => 0,
})
