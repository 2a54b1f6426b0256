/**
 * The order in which Zeebe tells the decisions of a file: that of the hash table it keeps them in (Scala's `mutable.HashMap`). Clients
 * see it in the reply to a deployment and in the keys.
 */
const TABLE_MIN = 16
const LOAD = 0.75

export function inZeebesOrder<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  let size = TABLE_MIN
  while (items.length >= size * LOAD) size *= 2
  return items
    .map((item) => ({ item, hash: spread(javaHash(nameOf(item))) }))
    .toSorted((a, b) => (a.hash & (size - 1)) - (b.hash & (size - 1)) || a.hash - b.hash)
    .map(({ item }) => item)
}

function javaHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0
  return hash
}
const spread = (hash: number): number => hash ^ (hash >>> 16)
