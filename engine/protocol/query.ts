/**
 * The query side of the protocol: the resources of `/v2` that can be searched, in REST's own field names. One generic search,
 * because every resource is asked alike: filter, sort, page. Rows are plain JSON objects as REST answers them; instants are ISO text.
 */
import type { KeyText } from './records.ts'

export type SearchResource =
  | 'process-definitions'
  | 'process-instances'
  | 'element-instances'
  | 'jobs'
  | 'user-tasks'
  | 'variables'
  | 'incidents'
  | 'decision-definitions'
  | 'decision-requirements'
  | 'decision-instances'
  | 'message-subscriptions'
  | 'correlated-message-subscriptions'
  | 'batch-operations'
  | 'batch-operation-items'
  | 'suspensions'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue }
export type Row = { readonly [field: string]: JsonValue }

/** One comparison, as the REST body states it; a plain value means `$eq`. */
export interface Condition {
  readonly field: string
  readonly operator: '$eq' | '$neq' | '$exists' | '$in' | '$notIn' | '$like' | '$gt' | '$gte' | '$lt' | '$lte'
  readonly value: JsonValue
}
export interface Search {
  /** All must hold. */
  readonly filter: readonly Condition[]
  /** When not empty, at least one of these conjunctions must hold as well (`$or`). */
  readonly or?: readonly (readonly Condition[])[]
  /** Rows owning a variable of that name whose JSON text satisfies the condition (process instances, user tasks). */
  readonly variables?: readonly {
    readonly name: string
    readonly condition: Omit<Condition, 'field'>
    /** Only variables of the row's own scope count; else those of its process instance. */
    readonly scope?: 'local'
  }[]
  /** The fields that are asked for, all unless it is said; others may be missing then, and are not looked for. */
  readonly only?: readonly string[]
  readonly sort: readonly { readonly field: string; readonly order: 'ASC' | 'DESC' }[]
  readonly page: {
    readonly limit: number
    readonly from?: number
    readonly after?: string
    readonly before?: string
    /** Count no further than this: counting is what costs more the more rows there are. 10,000 at most, and unless it is said. */
    readonly totalMax?: number
  }
}
/** The conditions of a search alone. */
export type Conditions = Pick<Search, 'filter' | 'or' | 'variables'>
export interface Page {
  readonly items: readonly Row[]
  /** As many as were counted. */
  readonly totalItems: number
  readonly hasMoreTotalItems: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}
/** A search shows the beginning of a longer value; the variable itself has all of it. In characters. */
export const VALUE_LENGTH_SHOWN = 8_191

/** Reads what committed last; never stale. */
export interface Query {
  search(resource: SearchResource, search: Search): Promise<Page>
  /** Null when there is none. */
  get(resource: SearchResource, key: KeyText): Promise<Row | null>
  /** The XML or JSON text of a deployed definition or form; null when there is none. */
  resourceText(
    kind: 'process-definition' | 'decision-definition' | 'decision-requirements' | 'form',
    key: KeyText,
  ): Promise<string | null>
  /** The form linked to a user task or to the start event of a definition; null when none is linked. */
  form(of: 'user-task' | 'process-definition', key: KeyText): Promise<Row | null>
  /** Variables that the user task sees from its element instance outward; inner ones hide outer ones. */
  userTaskVariables(userTaskKey: KeyText, search: Search): Promise<Page>
  sequenceFlows(processInstanceKey: KeyText): Promise<readonly Row[]>
  /** Counts per element; `filter` chooses the process instances that count. */
  elementStatistics(
    of: 'process-definition' | 'process-instance',
    key: KeyText,
    filter?: Conditions,
  ): Promise<readonly Row[]>
}
