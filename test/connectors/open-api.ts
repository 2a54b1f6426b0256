/**
 * A platform's OpenAPI file (3.0, 3.1 or Swagger 2.0; YAML or JSON), read where it lies, against which exchanges are checked.
 * Owns: paths, parameters, bodies and the JSON Schema words such files use. Does not own: what is sent (recorded-exchange.ts).
 * Invariant: what a schema says in a word that is not known here is a fault of the schema, never passed over.
 */
import { parse } from 'yaml'

/** One call and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string
  /** Path and query as the platform knows them, without the address of its server. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly answer: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

export interface OpenApi {
  /** What in the exchange is not as described, with its place; empty when all is. */
  faults(exchange: Exchange): readonly string[]
  /** Of what was asked alone. */
  faultsOfRequest(exchange: Exchange): readonly string[]
  /** Of the answer alone, and that there is no such operation. */
  faultsOfAnswer(exchange: Exchange): readonly string[]
  /** The same of one value against a schema by its name. */
  faultsOf(schema: string, value: unknown): readonly string[]
}

type Json = null | boolean | number | string | readonly Json[] | JsonObject
interface JsonObject {
  readonly [name: string]: Json
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : [])

/** Of the text of such a file. */
export function openApi(text: string): OpenApi {
  const root = objectOf(parse(text))
  const resolved = (value: unknown): JsonObject => {
    const target = objectOf(value)
    if (typeof target.$ref !== 'string') return target
    const found = target.$ref
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((at, name) => objectOf(at)[name.replaceAll('~1', '/').replaceAll('~0', '~')], root)
    if (!isObject(found)) throw new Error(`Expected ${target.$ref} to be described, but it is not. Correct the file.`)
    return resolved(found)
  }
  const check = (schema: unknown, value: unknown, at: string) => schemaFaults(resolved, schema, value, at)
  return {
    faults: (exchange) => Object.values(exchangeFaults(root, resolved, check, exchange)).flat(),
    faultsOfRequest: (exchange) => exchangeFaults(root, resolved, check, exchange).ofRequest,
    faultsOfAnswer: (exchange) => exchangeFaults(root, resolved, check, exchange).ofAnswer,
    faultsOf(name, value) {
      const schemas = objectOf(objectOf(root.components).schemas ?? root.definitions)
      return check(schemas[name] ?? { $ref: `#/${name}` }, value, name)
    },
  }
}

type Resolve = (value: unknown) => JsonObject
type Check = (schema: unknown, value: unknown, at: string) => readonly string[]

interface ExchangeFaults {
  readonly ofRequest: readonly string[]
  readonly ofAnswer: readonly string[]
}

function exchangeFaults(root: JsonObject, resolved: Resolve, check: Check, exchange: Exchange): ExchangeFaults {
  const { pathname, searchParams } = new URL(exchange.path, 'http://platform')
  const template = pathOf(root, decodeURI(pathname))
  const item = resolved(objectOf(root.paths)[template ?? ''])
  const operation = resolved(item[exchange.method.toLowerCase()])
  const what = `${exchange.method} ${template ?? pathname}`
  if (template === undefined || operation.responses === undefined)
    return { ofRequest: [], ofAnswer: [`${what}: no such operation`] }
  const parameters = [...listOf(item.parameters), ...listOf(operation.parameters)].map(resolved)
  const inPath = valuesIn(template, pathname)
  const given: Readonly<Record<string, (name: string) => string | undefined>> = {
    path: (name) => inPath.get(name),
    query: (name) => searchParams.get(name) ?? undefined,
    header: (name) => exchange.headers[name.toLowerCase()],
  }
  const ofRequest = [
    ...parameters.flatMap((parameter) => {
      const value = given[String(parameter.in)]?.(String(parameter.name))
      const at = `${what} ${String(parameter.in)} ${String(parameter.name)}`
      if (value === undefined) return parameter.required === true && parameter.in !== 'body' ? [`${at}: missing`] : []
      return check(parameter.schema ?? parameter, fromText(resolved(parameter.schema ?? parameter), value), at)
    }),
    ...[...searchParams.keys()]
      .filter((name) => !parameters.some((parameter) => parameter.in === 'query' && parameter.name === name))
      .map((name) => `${what} query ${name}: not described`),
    ...requestBodyFaults(resolved, check, operation, parameters, exchange, what),
  ]
  return { ofRequest, ofAnswer: answerFaults(resolved, check, operation, exchange, what) }
}

/** A described path that fits; one without a parameter in that place is the better fit. */
function pathOf(root: JsonObject, pathname: string): string | undefined {
  const asked = pathname.split('/')
  return Object.keys(objectOf(root.paths))
    .sort((one, other) => one.split('{').length - other.split('{').length)
    .find((template) => {
      const parts = template.split('/')
      return (
        parts.length === asked.length && parts.every((part, index) => part.startsWith('{') || part === asked[index])
      )
    })
}

function valuesIn(template: string, pathname: string): ReadonlyMap<string, string> {
  const asked = pathname.split('/')
  const parts = template.split('/').map((part, index) => [part, decodeURIComponent(asked[index] ?? '')] as const)
  return new Map(parts.filter(([part]) => part.startsWith('{')).map(([part, value]) => [part.slice(1, -1), value]))
}

const fromText = (schema: JsonObject, text: string): unknown =>
  schema.type === 'integer' || schema.type === 'number'
    ? Number(text)
    : schema.type === 'boolean'
      ? text === 'true'
      : text

const mediaTypeOf = (headers: Exchange['headers']): string => (headers['content-type'] ?? '').split(';')[0]!.trim()

function requestBodyFaults(
  resolved: Resolve,
  check: Check,
  operation: JsonObject,
  parameters: readonly JsonObject[],
  { headers, body }: Exchange,
  what: string,
): readonly string[] {
  const inBody = parameters.find((parameter) => parameter.in === 'body')
  if (inBody !== undefined) return bodyFaults(check, inBody.schema, 'application/json', body, `${what} body`)
  const described = resolved(operation.requestBody)
  if (described.content === undefined) return body === '' ? [] : [`${what}: no body is described`]
  if (body === '') return described.required === true ? [`${what} body: missing`] : []
  const type = mediaTypeOf(headers)
  const media = objectOf(described.content)[type]
  if (media === undefined) return [`${what}: a body of type ${type} is not described`]
  return bodyFaults(check, objectOf(media).schema, type, body, `${what} body`)
}

function answerFaults(
  resolved: Resolve,
  check: Check,
  operation: JsonObject,
  { answer }: Exchange,
  what: string,
): readonly string[] {
  const responses = objectOf(operation.responses)
  const at = `${what} ${answer.status}`
  const response = resolved(responses[String(answer.status)] ?? responses.default)
  if (Object.keys(response).length === 0) return [`${at}: not described`]
  const headerFaults = Object.entries(objectOf(response.headers)).flatMap(([name, header]) => {
    const value = answer.headers[name.toLowerCase()]
    if (value === undefined) return resolved(header).required === true ? [`${at} header ${name}: missing`] : []
    const { schema } = resolved(header)
    return check(schema ?? {}, fromText(resolved(schema), value), `${at} header ${name}`)
  })
  const swagger = response.schema
  if (swagger !== undefined)
    return [...headerFaults, ...bodyFaults(check, swagger, 'application/json', answer.body, at)]
  if (response.content === undefined) return answer.body === '' ? headerFaults : [...headerFaults, `${at}: a body`]
  const type = mediaTypeOf(answer.headers)
  const media = objectOf(response.content)[type]
  if (media === undefined) return [...headerFaults, `${at}: a body of type ${type} is not described`]
  return [...headerFaults, ...bodyFaults(check, objectOf(media).schema, type, answer.body, at)]
}

function bodyFaults(check: Check, schema: unknown, type: string, body: string, at: string): readonly string[] {
  if (schema === undefined) return []
  if (type === 'application/x-www-form-urlencoded')
    return check(schema, Object.fromEntries(new URLSearchParams(body)), at)
  if (!/[/+]json$/.test(type)) return []
  const value = jsonIn(body)
  return value === undefined ? [`${at}: no JSON`] : check(schema, value, at)
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const ANNOTATIONS = new Set(
  'title description example examples default deprecated externalDocs xml discriminator readOnly writeOnly in name'.split(
    ' ',
  ),
)
const DAY = /^\d{4}-\d\d-\d\d$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/
const FORMATS: Readonly<Record<string, RegExp>> = {
  date: DAY,
  'YYYY-MM-DD': DAY,
  'date-time': INSTANT,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:/i,
  jws: /^[\w-]+\.[\w-]+\.[\w-]+$/,
}

function schemaFaults(resolved: Resolve, named: unknown, value: unknown, at: string): readonly string[] {
  const schema = resolved(named)
  const check = (inner: unknown, part: unknown, place: string) => schemaFaults(resolved, inner, part, place)
  if (value === null && (schema.nullable === true || schema['x-nullable'] === true)) return []
  return Object.entries(schema).flatMap(([word, rule]) =>
    ANNOTATIONS.has(word) || word.startsWith('x-') ? [] : wordFaults(word, rule, schema, value, at, check),
  )
}

function wordFaults(
  word: string,
  rule: Json,
  schema: JsonObject,
  value: unknown,
  at: string,
  check: Check,
): readonly string[] {
  const unless = (holds: boolean, fault: string) => (holds ? [] : [`${at}: ${fault}`])
  const text = typeof value === 'string' ? value : null
  const number = typeof value === 'number' ? value : null
  const list = Array.isArray(value) ? (value as readonly unknown[]) : null
  switch (word) {
    case 'type':
      return unless(isOfType(rule, value), `no ${String(rule)}`)
    case 'enum':
      return unless(listOf(rule).includes(value as Json), 'none of the values')
    case 'required':
      if (typeof rule === 'boolean') return []
      return isObject(value)
        ? listOf(rule).flatMap((name) => unless(String(name) in value, `${String(name)} missing`))
        : []
    case 'properties':
      return Object.entries(isObject(value) ? value : {}).flatMap(([name, part]) => {
        const described = objectOf(rule)[name]
        return described === undefined ? [] : check(described, part, `${at}.${name}`)
      })
    case 'additionalProperties': {
      const others = Object.keys(objectOf(value)).filter((name) => !(name in objectOf(schema.properties)))
      if (rule === false) return others.map((name) => `${at}: ${name} is not described`)
      return rule === true ? [] : others.flatMap((name) => check(rule, objectOf(value)[name], `${at}.${name}`))
    }
    case 'items':
      return (list ?? []).flatMap((part, index) => check(rule, part, `${at}[${index}]`))
    case 'allOf':
      return listOf(rule).flatMap((part) => check(part, value, at))
    case 'anyOf':
    case 'oneOf':
      return unless(
        listOf(rule).some((part) => check(part, value, at).length === 0),
        `fits none of ${word}`,
      )
    case 'nullable':
      return []
    case 'pattern':
      return unless(text === null || patternOf(String(rule)).test(text), 'not of the pattern')
    case 'minLength':
      return unless(text === null || text.length >= Number(rule), 'too short')
    case 'maxLength':
      return unless(text === null || text.length <= Number(rule), 'too long')
    case 'minItems':
      return unless(list === null || list.length >= Number(rule), 'too few')
    case 'maxItems':
      return unless(list === null || list.length <= Number(rule), 'too many')
    case 'minProperties':
      return unless(!isObject(value) || Object.keys(value).length >= Number(rule), 'too few fields')
    case 'uniqueItems':
      return unless(
        list === null || rule !== true || new Set(list.map((part) => JSON.stringify(part))).size === list.length,
        'twice',
      )
    case 'minimum':
      return unless(number === null || number >= Number(rule), 'too small')
    case 'maximum':
      return unless(
        number === null || number < Number(rule) || (number === rule && schema.exclusiveMaximum !== true),
        'too large',
      )
    case 'exclusiveMaximum':
    case 'exclusiveMinimum':
      return unless(
        typeof rule === 'boolean' ||
          number === null ||
          (word.endsWith('Maximum') ? number < Number(rule) : number > Number(rule)),
        word,
      )
    case 'format':
      return unless(text === null || (FORMATS[String(rule)]?.test(text) ?? true), `no ${String(rule)}`)
    default:
      return [`${at}: the schema's word ${word} is not known`]
  }
}

/**
 * Some descriptions are written for Java, whose `\h` is a space within a line; some escape what needs no escape, which only patterns
 * without Unicode may.
 */
function patternOf(rule: string): RegExp {
  const pattern = rule.replaceAll('\\h', ' \\t')
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return new RegExp(pattern)
  }
}

function isOfType(type: Json, value: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => isOfType(one, value))
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'null' ? value === null : typeof value === type
}
