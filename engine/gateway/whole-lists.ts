/**
 * The log says of a long list only which item has changed (core/lists.ts); where records are shown, the whole list stands there, as
 * in Zeebe. Owns: folding the items. Each shown record costs the length of its list, so that a page of them ends early (management.ts).
 */
import type { Json, Key, VariableValue } from '../protocol/records.ts'
import type { Engine, StoredRecord } from '../runtime/engine.ts'

/** Lists that a page leaves for the next. */
const LISTS_MAX = 100

type Lists = Map<Key, Json[]>

/** Whoever reads on where a page ended finds its lists; others begin with the instance's own log. */
export class WholeLists {
  readonly #engine: Pick<Engine, 'instanceRecords'>
  #lists: Lists = new Map()
  #position = -1

  constructor(engine: Pick<Engine, 'instanceRecords'>) {
    this.#engine = engine
  }

  /** Shows records after that position, in order. */
  page(after: number): Page {
    return new Page(this.#engine, after === this.#position ? new Map(this.#lists) : new Map())
  }
  keep(page: Page, position: number): void {
    this.#position = position
    this.#lists = new Map([...page.lists].slice(-LISTS_MAX))
  }
}

class Page {
  readonly #engine: Pick<Engine, 'instanceRecords'>
  readonly lists: Lists

  constructor(engine: Pick<Engine, 'instanceRecords'>, lists: Lists) {
    this.#engine = engine
    this.lists = lists
  }

  async whole(stored: StoredRecord): Promise<StoredRecord> {
    const { record } = stored
    if (record.recordType !== 'EVENT' || record.valueType !== 'VARIABLE') return stored
    const { item, processInstanceKey = -1 } = record.value
    if (item !== undefined && !this.lists.has(record.key))
      await this.#before(stored.position, record.key, processInstanceKey)
    const list = fold(this.lists, record.key, record.value)
    if (list === undefined) return stored
    const { nulls: _nulls, item: _item, ...value } = record.value
    return { ...stored, record: { ...record, value: { ...value, value: `[${list.join(',')}]` } } }
  }

  /** The list as it was before that position. */
  async #before(position: number, variableKey: Key, processInstanceKey: Key): Promise<void> {
    for (const stored of await this.#engine.instanceRecords(processInstanceKey)) {
      const { record } = stored
      if (stored.position >= position) break
      if (record.recordType === 'EVENT' && record.valueType === 'VARIABLE' && record.key === variableKey)
        fold(this.lists, record.key, record.value)
    }
  }
}

/** Takes up what the record says; answers the list when the record is about one. */
function fold(lists: Lists, key: Key, { nulls, item }: Readonly<Partial<VariableValue>>): readonly Json[] | undefined {
  if (nulls !== undefined) lists.set(key, new Array(nulls.length).fill('null'))
  else if (item === undefined) lists.delete(key)
  const list = lists.get(key)
  if (list !== undefined && item !== undefined) list[item.index] = item.value
  return list
}
