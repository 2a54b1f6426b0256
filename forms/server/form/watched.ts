/** Which fields the conditions of a form look at: beside those the page offers to refresh, for browsers without script. */
import type { Component } from './schema.ts'

/** By the key of the field: a name that appears in an expression is looked at. Too many is harmless. */
export function watchedBy(components: readonly Component[]): (key: string) => boolean {
  const sources = [...expressionsOf(components)].join('\n')
  return (key) => new RegExp(`(?<![\\w.])(?:this\\.)?${key.replaceAll('.', '\\.')}(?!\\w)`).test(sources)
}

function* expressionsOf(components: readonly Component[]): Generator<string> {
  for (const component of components) {
    if (component.conditional?.hide) yield component.conditional.hide
    if ('readonly' in component && typeof component.readonly === 'string') yield component.readonly
    if ('valuesExpression' in component && component.valuesExpression) yield component.valuesExpression
    if ('components' in component) yield* expressionsOf(component.components)
  }
}
