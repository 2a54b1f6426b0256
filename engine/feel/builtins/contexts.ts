/** Reading and building contexts. */
import type { Run } from '../run.ts'
import { type Context, isContext, type List, type Value } from '../value.ts'
import { alike, type Definition, fn, type Illegal, UNFIT } from './signature.ts'

/** Against an item of a list. */
const ENTRY_COST = 4

function entries(run: Run, context: Context): Value {
  run.items(context.size * ENTRY_COST * 2)
  return [...context].map(
    ([key, value]) =>
      new Map<string, Value>([
        ['key', key],
        ['value', value],
      ]),
  )
}

function valueAt(_run: Run, context: Context, keys: List): Value {
  let found: Value = keys.length === 0 ? null : context
  for (const key of keys) {
    if (typeof key !== 'string' || !isContext(found)) return null
    found = found.get(key) ?? null
  }
  return found
}

const isKeys = (keys: List): keys is readonly string[] =>
  keys.length > 0 && keys.every((key) => typeof key === 'string')

function put(run: Run, context: Context, [key, ...further]: readonly string[], value: Value): Context | null {
  run.items(context.size * ENTRY_COST)
  if (further.length === 0) return new Map(context).set(key!, value)
  const inner = context.get(key!) ?? null
  if (!isContext(inner) && inner !== null && run.dialect === 'standard') return null
  const changed = put(run, isContext(inner) ? inner : new Map(), further, value)
  return changed && new Map(context).set(key!, changed)
}

function merge(run: Run, contexts: List): Value {
  const merged = new Map<string, Value>()
  for (const context of contexts) {
    if (!isContext(context)) return null
    run.items(context.size * ENTRY_COST)
    for (const [key, value] of context) merged.set(key, value)
  }
  return merged
}

function fromEntries(run: Run, list: List): Value {
  run.items(list.length * ENTRY_COST)
  const built = new Map<string, Value>()
  for (const entry of list) {
    const key = isContext(entry) ? entry.get('key') : undefined
    const value = isContext(entry) ? entry.get('value') : undefined
    if (typeof key !== 'string' || value === undefined) return null
    if (run.dialect === 'standard' && built.has(key)) return null
    built.set(key, value)
  }
  return built
}

const putAt = (run: Run, context: Context, keys: List, value: Value): Value | Illegal =>
  isKeys(keys) ? put(run, context, keys, value) : keys.length === 0 ? null : UNFIT

export const contextFunctions: readonly Definition[] = [
  ...alike(['get entries(context: context)', 'get entries(m: context)'], entries),
  ...alike(
    ['get value(m: context, key: string)', 'get value(context: context, key: string)'],
    (_run, context, key) => context.get(key) ?? null,
  ),
  ...alike(
    [
      'get value(m: context, key: list)',
      'get value(context: context, key: list)',
      'get value(context: context, keys: list)',
    ],
    valueAt,
  ),
  fn('context put(context: context, key: string, value: any)', (run, context, key, value) =>
    put(run, context, [key], value),
  ),
  fn('context put(context: context, keys: list, value: any)', putAt),
  fn('context put(context: context, key: list, value: any)', putAt, 'camunda'),
  fn(
    'put(context: context, key: string, value: any)',
    (run, context, key, value) => put(run, context, [key], value),
    'camunda',
  ),
  fn('put(context: context, key: list, value: any)', putAt, 'camunda'),
  fn('context merge(...contexts: list)', merge),
  fn('put all(...contexts: list)', merge, 'camunda'),
  fn('context(entries: list)', fromEntries),
  // Zeebe does not warn of what holds no entries.
  fn('context(entries: any)', () => null, 'camunda'),
]
