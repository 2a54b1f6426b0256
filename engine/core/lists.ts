/**
 * Long lists that change item by item, kept in parts: a change writes one part, however long the list.
 *
 * Owns: the rows of `listPart`. A list lies under one key; its parts have keys one after the other, each but the last as long as a
 * part may be. Writing is for appliers alone (E2).
 */
import type { Json, Key } from '../protocol/records.ts'
import type { Variable } from './state/rows.ts'
import type { State } from './state/state.ts'

/** Items of a part. An update copies so many references, and a batch writes the parts that changed in it. */
const PART_ITEMS = 128

/** How many keys the parts of such a list need. */
export const partsOf = (length: number): number => Math.ceil(length / PART_ITEMS)

export function lengthOf(state: State, listKey: Key): number {
  const parts = state.find('partsOf', listKey)
  const first = firstOf(parts)
  return first === undefined ? 0 : (parts.size - 1) * PART_ITEMS + parts.get(first + parts.size - 1)!.items.length
}
export function itemAt(state: State, listKey: Key, index: number): Json | undefined {
  const parts = state.find('partsOf', listKey)
  const first = firstOf(parts)
  return first === undefined ? undefined : parts.get(first + Math.floor(index / PART_ITEMS))?.items[index % PART_ITEMS]
}
export function itemsOf(state: State, listKey: Key): readonly Json[] {
  return [...state.find('partsOf', listKey).values()].flatMap(({ items }) => items)
}
const firstOf = (parts: ReadonlyMap<Key, unknown>): Key | undefined => parts.keys().next().value

export function putList(
  state: State,
  list: { key: Key; tenantId: string; partsFrom: Key },
  items: readonly Json[],
): void {
  for (let part = 0; part < partsOf(items.length); part++) {
    state.put('listPart', {
      key: list.partsFrom + part,
      tenantId: list.tenantId,
      listKey: list.key,
      items: items.slice(part * PART_ITEMS, (part + 1) * PART_ITEMS),
    })
  }
}
export function putItem(state: State, listKey: Key, index: number, value: Json): void {
  const parts = state.find('partsOf', listKey)
  const part = parts.get(firstOf(parts)! + Math.floor(index / PART_ITEMS))!
  state.put('listPart', { ...part, items: part.items.with(index % PART_ITEMS, value) })
}
export function removeList(state: State, listKey: Key): void {
  for (const { key } of [...state.find('partsOf', listKey).values()]) state.remove('listPart', key)
}

/** A variable with its value in one piece. */
export type WholeVariable = Variable & { readonly value: Json }

export function whole(state: State, variable: Variable): WholeVariable {
  if (variable.value !== null) return variable as WholeVariable
  return { ...variable, value: `[${itemsOf(state, variable.key).join(',')}]` }
}
/** The variables of a scope, each in one piece. */
export function wholeVariablesOf(state: State, scopeKey: Key): readonly WholeVariable[] {
  return [...state.find('variablesOf', scopeKey).values()].map((variable) => whole(state, variable))
}
