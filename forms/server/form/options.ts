/** The choices of a select, radio, checklist or taglist: from the form, from a variable, or from an expression. */
import { type Context, fromJson, isContext, isList, toJson, type Value } from '../../../engine/feel/index.ts'
import { shown } from './display.ts'
import type { Expressions } from './expressions.ts'
import type { Choice } from './schema.ts'

const OPTIONS_MAX = 1_000

export interface Option {
  readonly label: string
  readonly value: Value
  /** What the control posts: the text itself, or the JSON text of what is none. It is compared with, never parsed. */
  readonly token: string
}

export function optionsOf(component: Choice, scope: Context, expressions: Expressions): readonly Option[] {
  const entries = entriesOf(component, scope, expressions)
  return entries.slice(0, OPTIONS_MAX).flatMap(optionOf)
}

function entriesOf(component: Choice, scope: Context, expressions: Expressions): readonly Value[] {
  if (component.valuesKey !== undefined) return listOf(scope.get(component.valuesKey))
  if (component.values !== undefined) return listOf(fromJson(JSON.stringify(component.values)))
  return component.valuesExpression === undefined ? [] : listOf(expressions.value(component.valuesExpression, scope))
}

const listOf = (value: Value | undefined): readonly Value[] => (value !== undefined && isList(value) ? value : [])

/** As form-js: a primitive, `{value}`, or `{label, value}`; what has no value is dropped. */
function optionOf(entry: Value): readonly Option[] {
  const value = isContext(entry) ? (entry.get('value') ?? null) : entry
  if (value === null || value === '' || (isContext(value) && value.size === 0)) return []
  const label = isContext(entry) ? (entry.get('label') ?? value) : value
  return [{ label: shown(label), value, token: tokenOf(value) }]
}

export const tokenOf = (value: Value): string => (typeof value === 'string' ? value : toJson(value))

export const optionWithToken = (options: readonly Option[], token: string): Option | undefined =>
  options.find((option) => option.token === token)
