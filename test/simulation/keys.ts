/** What a log tells by its keys. Which ones they are says nothing: a batch that was not written takes the keys it gave out along. */
import type { Key } from '../../engine/protocol/records.ts'
import type { Entry } from '../../engine/store/store.ts'

const KEY = /\b22517998\d{8}\b/g

/** The log a line for each record, keys numbered in the order in which they appear. */
export function told(log: readonly Entry[]): readonly string[] {
  const numbers = new Map<string, string>()
  const numbered = (key: string) => {
    const number = numbers.get(key) ?? `#${numbers.size + 1}`
    numbers.set(key, number)
    return number
  }
  return log.map((entry) => JSON.stringify(entry).replace(KEY, numbered))
}

/**
 * E8, as far as a log shows it: what bears a key for the first time was not named by an event of an earlier turn, which could not know
 * whose key it would be. Tells of those that were. What a suspension holds has its key from the moment at which it is held. Turns of the
 * clock that follow one another count as one.
 */
export function namedTooSoon(log: readonly Entry[]): readonly string[] {
  const named = new Map<Key, { readonly entry: Entry; readonly turn: number }>()
  const borne = new Set<Key>()
  const tooSoon: string[] = []
  let turn = 0
  let source = -1
  for (const entry of log) {
    const { record, sourceRecordPosition } = entry
    if (record.recordType === 'COMMAND' || sourceRecordPosition !== source) turn++
    source = sourceRecordPosition
    if (record.recordType !== 'EVENT') continue
    const before = named.get(record.key)
    if (before !== undefined && before.turn < turn && !borne.has(record.key))
      tooSoon.push(`${said(entry)} bears key ${record.key}, which ${said(before.entry)} has named`)
    borne.add(record.key)
    const held = record.valueType === 'SUSPENSION' && record.intent === 'HELD' ? record.value.command : undefined
    if (held !== undefined) borne.add(held.key)
    for (const [text] of JSON.stringify(record).matchAll(KEY)) {
      const key = Number(text)
      if (!named.has(key)) named.set(key, { entry, turn })
    }
  }
  return tooSoon
}
const said = ({ position, record }: Entry) => `${record.valueType} ${record.intent} at ${position}`
