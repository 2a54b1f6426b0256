/**
 * What only the Orchestration Cluster API (`/v2`) has: commands on user tasks, message correlation, and all queries.
 * Owns paths and bodies. Does not own the other commands (grpc.ts).
 */
import {
  type BatchOperationRequest,
  type Gateway,
  GatewayError,
  type GatewayStatus,
  type SuspensionTarget,
} from '../../engine/protocol/gateway.ts'
import type {
  Condition,
  Conditions,
  JsonValue,
  Page,
  Query,
  Row,
  Search,
  SearchResource,
} from '../../engine/protocol/query.ts'
import type { Json } from '../../engine/protocol/records.ts'

export interface RestAddress {
  /** For example `http://127.0.0.1:8080`. */
  readonly url: string
  readonly authorization?: () => Promise<string>
}
export type RestCommands = Pick<
  Gateway,
  | 'correlateMessage'
  | 'assignUserTask'
  | 'unassignUserTask'
  | 'updateUserTask'
  | 'completeUserTask'
  | 'activateAdHocActivities'
  | 'createBatchOperation'
  | 'cancelBatchOperation'
  | 'suspendBatchOperation'
  | 'resumeBatchOperation'
  | 'suspend'
  | 'resume'
>
interface RestCalls {
  /** Resolves with the body as text; empty where there is none. */
  call(method: string, path: string, body?: string): Promise<string>
}

const TIMEOUT_MS = 30_000

export function restCalls({ url, authorization }: RestAddress): RestCalls {
  return {
    async call(method, path, body) {
      const headers = {
        accept: 'application/json, text/xml',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(authorization && { authorization: await authorization() }),
      }
      const response = await fetch(new URL(`/v2${path}`, url), {
        method,
        headers,
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => {
        throw new GatewayError('UNAVAILABLE', `Expected ${url} to answer, but it did not`)
      })
      const text = await response.text()
      if (response.ok) return text
      throw new GatewayError(STATUS_OF[response.status] ?? 'UNKNOWN', detailOf(text) ?? `${method} ${path} failed`)
    },
  }
}

const STATUS_OF: Readonly<Record<number, GatewayStatus>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'FAILED_PRECONDITION',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function detailOf(problem: string): string | undefined {
  try {
    return String((JSON.parse(problem) as { readonly detail?: unknown }).detail)
  } catch {
    return undefined
  }
}

/** Variables go out as the text they are, so that no number loses a digit. */
function bodyWith(fields: object, variables: Json | undefined): string {
  const members = JSON.stringify(fields)
  if (variables === undefined) return members
  return `{"variables":${variables}${members === '{}' ? '' : `,${members.slice(1, -1)}`}}`
}

export function restCommands({ call }: RestCalls): RestCommands {
  const batch = (key: string) => `/batch-operations/${encodeURIComponent(key)}`
  const task = (key: string) => `/user-tasks/${encodeURIComponent(key)}`
  return {
    async correlateMessage({ variables, ...message }) {
      return JSON.parse(await call('POST', '/messages/correlation', bodyWith(message, variables)))
    },
    async activateAdHocActivities(key, elements, cancelRemainingInstances) {
      const path = `/element-instances/ad-hoc-activities/${encodeURIComponent(key)}/activation`
      const wanted = elements.map(({ elementId, variables }) => bodyWith({ elementId }, variables)).join(',')
      await call('POST', path, `{"elements":[${wanted}],"cancelRemainingInstances":${cancelRemainingInstances}}`)
    },
    async createBatchOperation({ type, filter, ...plan }) {
      const body = { filter: filterOf(filter, 'process-instances'), ...plan }
      return JSON.parse(await call('POST', `/process-instances/${BATCH_PATHS[type]}`, JSON.stringify(body)))
    },
    async cancelBatchOperation(key) {
      await call('POST', `${batch(key)}/cancellation`)
    },
    async suspendBatchOperation(key) {
      await call('POST', `${batch(key)}/suspension`)
    },
    async resumeBatchOperation(key) {
      await call('POST', `${batch(key)}/resumption`)
    },
    async suspend(target) {
      await call('POST', `${placeOf(target)}/suspension`, detailsOf(target))
    },
    async resume(target) {
      await call('POST', `${placeOf(target)}/resumption`, detailsOf(target))
    },
    async assignUserTask(key, assignment) {
      await call('POST', `${task(key)}/assignment`, JSON.stringify(assignment))
    },
    async unassignUserTask(key) {
      await call('DELETE', `${task(key)}/assignee`)
    },
    async updateUserTask(key, changeset, action) {
      await call('PATCH', task(key), JSON.stringify({ changeset, action }))
    },
    async completeUserTask(key, variables, action) {
      await call('POST', `${task(key)}/completion`, bodyWith({ action }, variables))
    },
  }
}

const BATCH_PATHS: Readonly<Record<BatchOperationRequest['type'], string>> = {
  CANCEL_PROCESS_INSTANCE: 'cancellation',
  RESOLVE_INCIDENT: 'incident-resolution',
  MIGRATE_PROCESS_INSTANCE: 'migration',
  MODIFY_PROCESS_INSTANCE: 'modification',
}

function placeOf(target: SuspensionTarget): string {
  if (target.kind === 'process-instance') return `/process-instances/${encodeURIComponent(target.processInstanceKey)}`
  if (target.kind === 'job-type') return '/jobs'
  const definition = `/process-definitions/${encodeURIComponent(target.processDefinitionKey)}`
  return target.kind === 'element' ? `${definition}/elements/${encodeURIComponent(target.elementId)}` : definition
}
function detailsOf(target: SuspensionTarget): string {
  if (target.kind === 'process-instance' || target.kind === 'element') return '{}'
  if (target.kind === 'job-type') return JSON.stringify({ type: target.type, tenantId: target.tenantId })
  return JSON.stringify({ allVersions: target.allVersions, admitNewInstances: target.admitNewInstances })
}

/** Resources that `/v2` can only search; their key's field. */
const ONLY_SEARCHED: Partial<Record<SearchResource, string>> = {
  jobs: 'jobKey',
  suspensions: 'suspensionKey',
  'message-subscriptions': 'messageSubscriptionKey',
  'batch-operation-items': 'itemKey',
  'correlated-message-subscriptions': 'subscriptionKey',
}
const ONE_PAGE: Search = { filter: [], sort: [], page: { limit: 1 } }

export function restQuery({ call }: RestCalls): Query {
  const search = async (path: string, asked: Search, resource: SearchResource): Promise<Page> =>
    pageIn(await call('POST', `${path}/search`, JSON.stringify(bodyOf(asked, resource))))
  const optional = async (path: string): Promise<string | null> => {
    try {
      return (await call('GET', path)) || null
    } catch (error) {
      if (error instanceof GatewayError && error.status === 'NOT_FOUND') return null
      throw error
    }
  }
  const row = async (path: string): Promise<Row | null> => {
    const text = await optional(path)
    return text === null ? null : (JSON.parse(text) as Row)
  }
  const items = (text: string) => (JSON.parse(text) as { readonly items: readonly Row[] }).items
  return {
    search: (resource, asked) => search(`/${resource}`, asked, resource),
    async get(resource, key) {
      const field = ONLY_SEARCHED[resource]
      if (field === undefined) return row(`/${resource}/${encodeURIComponent(key)}`)
      const filter: readonly Condition[] = [{ field, operator: '$eq', value: key }]
      return (await search(`/${resource}`, { ...ONE_PAGE, filter }, resource)).items[0] ?? null
    },
    async resourceText(kind, key) {
      if (kind === 'form')
        throw new GatewayError('UNIMPLEMENTED', 'Expected a form by its user task or process: /v2 has no other')
      return optional(`/${kind === 'decision-requirements' ? kind : `${kind}s`}/${encodeURIComponent(key)}/xml`)
    },
    form: (of, key) => row(`/${of}s/${encodeURIComponent(key)}/form`),
    userTaskVariables: (key, asked) => search(`/user-tasks/${encodeURIComponent(key)}/variables`, asked, 'variables'),
    sequenceFlows: async (key) =>
      items(await call('GET', `/process-instances/${encodeURIComponent(key)}/sequence-flows`)),
    async elementStatistics(of, key, filter) {
      const path = `/${of}s/${encodeURIComponent(key)}/statistics/element-instances`
      if (of === 'process-instance') return items(await call('GET', path))
      const body = filter && { filter: filterOf(filter, 'process-instances') }
      return items(await call('POST', path, JSON.stringify(body ?? {})))
    },
  }
}

function pageIn(text: string): Page {
  const { items, page } = JSON.parse(text) as {
    readonly items: readonly Row[]
    readonly page: Partial<Omit<Page, 'items'>>
  }
  const { totalItems = items.length, hasMoreTotalItems = false, startCursor = null, endCursor = null } = page
  return { items, totalItems, hasMoreTotalItems, startCursor, endCursor }
}

/** How far is counted, and what rows show, `/v2` decides by itself. */
const bodyOf = ({ sort, only: _, page: { totalMax: __, ...page }, ...filter }: Search, resource: SearchResource) => ({
  filter: filterOf(filter, resource),
  sort,
  page,
})

type Operators = { readonly [operator: string]: JsonValue }

function filterOf({ filter, or, variables = [] }: Conditions, resource: SearchResource): object {
  const named = (scope?: 'local') =>
    variables
      .filter((variable) => variable.scope === scope)
      .map(({ name, condition }) => ({ name, value: { [condition.operator]: condition.value } }))
  const ofVariables =
    resource === 'user-tasks'
      ? { processInstanceVariables: named(), localVariables: named('local') }
      : { variables: named() }
  return { ...conditions(filter), ...(or && { $or: or.map(conditions) }), ...(variables.length > 0 && ofVariables) }
}

/** Conditions on one field are the operators of one object. */
function conditions(all: readonly Condition[]): Readonly<Record<string, Operators>> {
  const fields: Record<string, Operators> = {}
  for (const { field, operator, value } of all) fields[field] = { ...fields[field], [operator]: value }
  return fields
}
