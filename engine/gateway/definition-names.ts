/** Which id and version a definition key stands for: learnt from the log as it passes, else asked once. */
import type { Query } from '../protocol/query.ts'
import type { Key } from '../protocol/records.ts'
import type { StoredRecord } from '../runtime/engine.ts'
import type { DefinitionName, DefinitionNames } from './expand.ts'

const REMEMBERED_MAX = 10_000

export function definitionNames(query: Query) {
  const known = new Map<Key, DefinitionName>()

  function remember(key: Key, name: DefinitionName): void {
    if (known.size >= REMEMBERED_MAX) known.clear()
    known.set(key, name)
  }

  async function ask(key: Key): Promise<DefinitionName | undefined> {
    const row = known.has(key) ? null : await query.get('process-definitions', String(key))
    if (row) remember(key, { bpmnProcessId: String(row.processDefinitionId), version: Number(row.version) })
    return known.get(key)
  }

  /** The names that these records need. */
  async function of(records: readonly StoredRecord[]): Promise<DefinitionNames> {
    const keys = new Set<Key>()
    for (const { record } of records) {
      if (record.valueType === 'PROCESS') {
        const { bpmnProcessId, version } = record.value
        if (bpmnProcessId !== undefined && version !== undefined) remember(record.key, { bpmnProcessId, version })
      } else if ('processDefinitionKey' in record.value && !('bpmnProcessId' in record.value)) {
        keys.add(record.value.processDefinitionKey ?? 0)
      }
    }
    for (const key of keys) if (key > 0) await ask(key)
    return (key) => known.get(key)
  }

  return { ask, of }
}
