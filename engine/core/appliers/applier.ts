/** How an applier is written: a plain change of rows, no decision. `at` is the record's timestamp. */
import type { Events, EventType, Instant, Key, Values } from '../../protocol/records.ts'
import type { State } from '../state/state.ts'

export type Applier<V extends EventType> = (
  state: State,
  key: Key,
  value: Readonly<Partial<Values[V]>>,
  at: Instant,
) => void
export type Appliers<V extends EventType> = Readonly<Record<Events[V], Applier<V>>>

/** Where a migrated row belongs from now on. */
export const migrated = (value: { readonly processDefinitionKey?: Key; readonly elementId?: string }) => ({
  processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
  elementId: given(value.elementId, 'elementId'),
})

/** For events that leave no trace in the rows. */
export const unchanged = (): void => {}

/** A field an event always carries; its absence is a bug of the emitter. */
export function given<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new Error(`An event lacks its field '${field}'`)
  return value
}
