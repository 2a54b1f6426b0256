/**
 * What an operation of `/v2` is: an id, a method and a path, the shape of its body, and what it does. Every operation is one value,
 * listed by its resource's file; index.ts serves the list.
 */
import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import type { Gateway, KeyText } from '../../protocol/gateway.ts'
import { GatewayError } from '../../protocol/gateway.ts'
import type { SearchResource } from '../../protocol/query.ts'
import type { Reply } from '../http.ts'
import { parseJson, withVariablesAsText, writeJson } from '../json-text.ts'
import { invalid } from '../rejection.ts'
import { withoutNulls } from './fields.ts'
import { searchOf } from './search.ts'

export interface RestRequest {
  readonly gateway: Gateway
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly contentType: string
  readonly bytes: Buffer
  /** The API user, null where none are set. */
  readonly user: string | null
  /** Fires when the client has gone. */
  readonly gone: AbortSignal
}
export interface Operation {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As in the API's description, below /v2: `/jobs/{jobKey}`. */
  readonly path: string
  handle(request: RestRequest): Promise<Reply>
}

export const noContent: Reply = { status: 204 }
export const json = (value: unknown): Reply => ({ status: 200, type: 'application/json', body: writeJson(value) })
export const xml = (body: string): Reply => ({ status: 200, type: 'text/xml', body })

/** `route` is the method and the path, as in `POST /jobs/search`. */
export function operation(id: string, route: string, handle: Operation['handle']): Operation {
  const [method, path] = route.split(' ') as [Operation['method'], string]
  return { id, method, path, handle }
}

/** An operation with a JSON body of a known shape that answers nothing. */
export function command<B>(
  id: string,
  route: string,
  shape: z.ZodType<B>,
  handle: (body: B, request: RestRequest) => Promise<void>,
): Operation {
  return operation(id, route, async (request) => {
    await handle(checked(shape, bodyOf(request)), request)
    return noContent
  })
}

/** An operation with a JSON body of a known shape that answers JSON. */
export function inquiry<B>(
  id: string,
  route: string,
  shape: z.ZodType<B>,
  handle: (body: B, request: RestRequest) => Promise<unknown>,
): Operation {
  return operation(id, route, async (request) => json(await handle(checked(shape, bodyOf(request)), request)))
}

/** The body as JSON; absent, empty and `null` are the empty object. An object called `variables` stays text, digit by digit. */
export function bodyOf({ bytes, contentType }: RestRequest): unknown {
  if (!isUtf8(bytes)) throw invalid('Expected the request body to be UTF-8, but it is not')
  const text = bytes.toString('utf8')
  if (text.trim() === '') return {}
  if (!/^application\/([\w.-]+\+)?json\b/i.test(contentType)) {
    throw invalid('Expected a body of type application/json, but it is of another type')
  }
  const body = parseJson(text, 'the request body') ?? {}
  if (typeof body !== 'object' || Array.isArray(body))
    throw invalid('Expected the request body to be an object, but it is not')
  return withVariablesAsText(body, text)
}

export function checked<B>(shape: z.ZodType<B>, body: unknown): B {
  const result = shape.safeParse(body)
  if (result.success) return result.data
  const faults = result.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`)
  throw invalid(`Expected a request body as described, but found ${faults.join('; ')}`)
}

export function keyIn(request: RestRequest, name: string): KeyText {
  const key = request.path[name] ?? ''
  if (/^-?\d{1,25}$/.test(key)) return key
  throw invalid(`Expected ${name} to be a number, but it is not`)
}

/** What is missing is named by its kind and key. */
export function found<T>(value: T | null, what: string, key: KeyText): T {
  if (value !== null) return value
  throw new GatewayError('NOT_FOUND', `Expected to find ${what} with key '${key}', but none was found`)
}

export function searches(id: string, route: string, resource: SearchResource): Operation {
  return operation(id, route, async (request) => {
    const page = await request.gateway.query.search(resource, searchOf(resource, bodyOf(request)))
    return json(pageOf(page))
  })
}

export function pageOf({
  items,
  totalItems,
  hasMoreTotalItems,
  startCursor,
  endCursor,
}: Awaited<ReturnType<Gateway['query']['search']>>) {
  const cursors = { ...(startCursor && { startCursor }), ...(endCursor && { endCursor }) }
  return { items: items.map(withoutNulls), page: { totalItems, hasMoreTotalItems, ...cursors } }
}

/** `GET /jobs/{jobKey}`: the last part of the path is the key. */
export function gets(id: string, route: string, resource: SearchResource, what: string): Operation {
  const name = /\{(\w+)\}$/.exec(route)![1]!
  return operation(id, route, async (request) => {
    const key = resource === 'decision-instances' ? (request.path[name] ?? '') : keyIn(request, name)
    return json(withoutNulls(found(await request.gateway.query.get(resource, key), what, key)))
  })
}
