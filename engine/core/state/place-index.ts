/** Rows by the place under which a lookup finds them. */
import type { Key } from '../../protocol/records.ts'

export type Place = string | number

/** Rows in the order of their keys, however they came and went: an undo brings them back later than they were born. */
class Ordered<R extends { readonly key: Key }> {
  #rows = new Map<Key, R>()
  #highest: Key = Number.NEGATIVE_INFINITY
  #isSorted = true

  get rows(): ReadonlyMap<Key, R> {
    if (!this.#isSorted) {
      this.#rows = new Map([...this.#rows].sort(([one], [other]) => one - other))
      this.#isSorted = true
    }
    return this.#rows
  }
  put(row: R): void {
    if (row.key > this.#highest) this.#highest = row.key
    else if (!this.#rows.has(row.key)) this.#isSorted = false
    this.#rows.set(row.key, row)
  }
  /** Answers whether rows are left. */
  remove(key: Key): boolean {
    this.#rows.delete(key)
    return this.#rows.size > 0
  }
}

/** One lookup's sets. A set may be partial; `complete` says where it is not. */
export class Index<R extends { readonly key: Key }> {
  readonly #lookup: { of(row: R): Place | null }
  readonly #sets = new Map<Place, Ordered<R>>()
  readonly #complete = new Set<Place>()
  readonly #crowded = new Set<Place>()
  constructor(lookup: { of(row: R): Place | null }) {
    this.#lookup = lookup
  }
  at(place: Place): ReadonlyMap<Key, R> {
    return this.#sets.get(place)?.rows ?? none
  }
  isComplete(place: Place): boolean {
    return this.#complete.has(place)
  }
  get completeCount(): number {
    return this.#complete.size
  }
  clear(): void {
    this.#sets.clear()
    this.#complete.clear()
    this.#crowded.clear()
  }
  /** The store has more rows there than it showed: when those are gone, only all of them tell whether one is left. */
  crowded(place: Place): void {
    this.#crowded.add(place)
  }
  isCrowded(place: Place): boolean {
    return this.#crowded.has(place)
  }
  /** The store has answered for this place. */
  complete(place: Place): void {
    this.#complete.add(place)
  }
  move(before: R | undefined, after: R | undefined): void {
    const from = before === undefined ? null : this.#lookup.of(before)
    const to = after === undefined ? null : this.#lookup.of(after)
    if (from !== null && from !== to && this.#sets.get(from)?.remove(before!.key) === false) this.#sets.delete(from)
    if (to === null) return
    const set = this.#sets.get(to) ?? new Ordered<R>()
    this.#sets.set(to, set)
    set.put(after!)
  }
}
const none: ReadonlyMap<Key, never> = new Map<Key, never>()
