/** Reads that memory cannot answer. */
import type { Key } from '../../protocol/records.ts'
import type { LookupName, TableName } from './tables.ts'

/** What a command needed and memory does not hold: the loop loads it and runs the command again. */
export type Want =
  | { readonly kind: 'row'; readonly table: TableName; readonly key: Key }
  | { readonly kind: 'lookup'; readonly lookup: LookupName; readonly at: string | number }
  /** Some rows of that place, if there are any: all of them, when they are fewer than SOME_ROWS. */
  | { readonly kind: 'some'; readonly lookup: LookupName; readonly at: string | number }
  /** A window of the activatable jobs with keys above. */
  | { readonly kind: 'jobs'; readonly tenantId: string; readonly type: string; readonly above: Key }
export const SOME_ROWS = 100

export class Miss {
  readonly wants: readonly Want[]
  constructor(...wants: readonly Want[]) {
    this.wants = wants
  }
}
/** Reads of which none needs another's answer: what all of them miss is one miss. */
export function together<T>(reads: readonly (() => T)[]): readonly T[] {
  const results: T[] = []
  const wants: Want[] = []
  for (const read of reads) {
    try {
      results.push(read())
    } catch (thrown) {
      if (!(thrown instanceof Miss)) throw thrown
      wants.push(...thrown.wants)
    }
  }
  if (wants.length > 0) throw new Miss(...wants)
  return results
}
