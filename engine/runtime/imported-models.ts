/**
 * Decision models that import others.
 *
 * Invariant: a model is bound to what was deployed before it, for each namespace to the version with the highest key below its own.
 * Keys alone say which that is, so that every start of the engine finds the same ones, whatever was deployed or deleted since.
 */

import { Miss } from '../core/state/miss.ts'
import type { DecisionRequirements, Resource } from '../core/state/rows.ts'
import type { State } from '../core/state/state.ts'
import { IMPORTS_MAX, readDecisionHeader } from '../feel/index.ts'
import type { Key } from '../protocol/records.ts'
import type { Store } from '../store/store.ts'

/** The text under a namespace; null when there is none. */
export type FindText = (namespace: string) => Promise<string | null>

/** The texts of all models that `xml` needs, however far away. What is not found is left out, and compiling says so; of too many, too. */
export async function importedTexts(xml: string, find: FindText): Promise<readonly string[]> {
  const found = new Map<string, string>()
  const wanted = [...(readDecisionHeader(xml)?.imports ?? [])]
  for (const namespace of wanted) {
    if (found.size > IMPORTS_MAX) break
    const text = found.has(namespace) ? null : await find(namespace)
    if (text === null) continue
    found.set(namespace, text)
    wanted.push(...(readDecisionHeader(text)?.imports ?? []))
  }
  return [...found.values()]
}

/** Deleted ones too: who was bound to one stays bound. */
export function latestWithNamespace(
  state: State,
  tenantId: string,
  namespace: string,
  below = Number.POSITIVE_INFINITY,
): DecisionRequirements | undefined {
  const rows = [...state.find('requirementsWithNamespace', tenantId, namespace).values()]
  return rows.findLast(({ key }) => key < below)
}

/** The text of a definition, from memory or from the store. */
export async function textOf(state: State, store: Pick<Store, 'load'>, key: Key): Promise<string> {
  const row = resident(state, key) ?? (await stored(store, key))
  if (row === undefined) throw new Error(`Definition ${key} has no resource`)
  return row.text
}
function resident(state: State, key: Key): Resource | undefined {
  try {
    return state.get('resource', key)
  } catch (thrown) {
    if (thrown instanceof Miss) return undefined
    throw thrown
  }
}
async function stored(store: Pick<Store, 'load'>, key: Key): Promise<Resource | undefined> {
  const { rows } = await store.load([{ kind: 'row', table: 'resource', key }])
  return (rows.get('resource') as readonly Resource[] | undefined)?.find((row) => row.key === key)
}
