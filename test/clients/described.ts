/** Does a JSON value have the shape that the API's description gives it? The part of JSON Schema that the description uses. */
export interface Schema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly nullable?: boolean
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly pattern?: string
  readonly minLength?: number
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const formats: Readonly<Record<string, RegExp>> = {
  key: /^-?\d{1,25}$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
}

/** Each fault as the path to the value and what was expected there. */
export function* faults(schema: Schema, value: unknown, path = ''): Generator<string> {
  if (value === null && schema.nullable) return
  if (schema.enum) {
    if (!schema.enum.includes(String(value))) yield `${path}: one of ${schema.enum}, but ${JSON.stringify(value)}`
    return
  }
  switch (schema.type) {
    case 'object':
      if (isFields(value)) yield* objectFaults(schema, value, path)
      else yield `${path}: an object, but ${JSON.stringify(value)}`
      return
    case 'array':
      if (!Array.isArray(value)) yield `${path}: a list, but ${JSON.stringify(value)}`
      else for (const [i, item] of value.entries()) yield* faults(schema.items ?? {}, item, `${path}[${i}]`)
      return
    case 'string':
      yield* textFaults(schema, value, path)
      return
    case 'integer':
      if (!Number.isSafeInteger(value)) yield `${path}: an integer, but ${JSON.stringify(value)}`
      return
    case 'boolean':
      if (typeof value !== 'boolean') yield `${path}: true or false, but ${JSON.stringify(value)}`
      return
    case undefined:
      return
    default:
      throw new Error(`The description has a type '${schema.type}' that this check does not know`)
  }
}

function* objectFaults(schema: Schema, value: Fields, path: string): Generator<string> {
  const { properties, required = [], additionalProperties } = schema
  for (const name of required) if (!(name in value)) yield `${path}.${name}: to be there`
  for (const [name, member] of Object.entries(value)) {
    const of = properties?.[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
    if (of) yield* faults(of, member, `${path}.${name}`)
    else if (properties && !additionalProperties) yield `${path}.${name}: not to be there`
  }
}

function* textFaults({ format, pattern, minLength = 0 }: Schema, value: unknown, path: string): Generator<string> {
  if (typeof value !== 'string') yield `${path}: text, but ${JSON.stringify(value)}`
  else if (value.length < minLength) yield `${path}: text that is not empty`
  else if (pattern && !new RegExp(pattern).test(value)) yield `${path}: text like ${pattern}, but '${value}'`
  else if (format && formats[format] && !formats[format].test(value)) yield `${path}: a ${format}, but '${value}'`
}
