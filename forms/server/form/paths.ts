/** Reading and setting values at dotted paths. Data is a FEEL context, a Map, so that `__proto__` is a name like any other. */
import { type Context, isContext, type Value } from '../../../engine/feel/index.ts'

/** Undefined where there is nothing. */
export function valueAt(data: Context, path: string): Value | undefined {
  let found: Value | undefined = data
  for (const name of path.split('.')) found = found !== undefined && isContext(found) ? found.get(name) : undefined
  return found
}

/** A copy with the value at the path; what stands in the way and is no context is replaced. */
export function withValueAt(data: Context, path: string, value: Value): Context {
  const [name, ...rest] = path.split('.') as [string, ...string[]]
  const inner = data.get(name) ?? null
  const set = rest.length === 0 ? value : withValueAt(isContext(inner) ? inner : new Map(), rest.join('.'), value)
  return new Map(data).set(name, set)
}
