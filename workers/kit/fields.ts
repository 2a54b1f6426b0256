/**
 * What a worker reads or writes, field by field, as people are told of it: read from its zod schema, so that template, page and
 * run-time check cannot differ. Owns the reading. Does not own how fields look in the Modeler or on a page.
 * Invariant: a schema this file cannot tell of is an error that names the field, never a field left out.
 */
import { z } from 'zod'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

export type Shape =
  | { readonly kind: 'text'; readonly format: string | null }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'number'; readonly isWhole: boolean }
  | { readonly kind: 'truth' }
  /** `isOpen`: names beyond the fields pass through. */
  | { readonly kind: 'context'; readonly fields: readonly Field[]; readonly isOpen: boolean }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  | { readonly kind: 'anything' }
export interface Choice {
  readonly value: string
  /** What it is called; the value itself when the schema says no more. */
  readonly name: string
}
export interface Field {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly isRequired: boolean
  readonly shape: Shape
  readonly example: Json
  /** The FEEL a diagram usually fills it with, when the schema says so. */
  readonly feel: string | null
}

/** The part of JSON Schema that zod writes for what a variable may be, and our own `choices` and `feel` from `.meta`. */
interface Node {
  readonly type?: string | readonly string[] | undefined
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly examples?: readonly Json[] | undefined
  readonly choices?: Readonly<Record<string, string>> | undefined
  readonly feel?: string | undefined
  readonly format?: string | undefined
  readonly enum?: readonly string[] | undefined
  readonly const?: string | undefined
  readonly minimum?: number | undefined
  readonly properties?: Readonly<Record<string, Node>> | undefined
  readonly required?: readonly string[] | undefined
  readonly additionalProperties?: boolean | Node | undefined
  readonly items?: Node | undefined
  readonly anyOf?: readonly Node[] | undefined
  readonly oneOf?: readonly Node[] | undefined
}
const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  z
    .strictObject({
      ...{ $schema: z.string(), propertyNames: z.unknown(), pattern: z.string(), contentEncoding: z.string() },
      ...{
        maximum: z.number(),
        minLength: z.number(),
        maxLength: z.number(),
        minItems: z.number(),
        maxItems: z.number(),
      },
      ...{ default: z.json(), exclusiveMinimum: z.number(), multipleOf: z.number(), allOf: z.array(patternOnly) },
      type: z.union([z.string(), z.array(z.string())]),
      title: z.string(),
      description: z.string(),
      examples: z.array(z.json()),
      choices: z.record(z.string(), z.string()),
      feel: z.string(),
      format: z.string(),
      enum: z.array(z.string()),
      const: z.string(),
      minimum: z.number(),
      properties: z.record(z.string(), nodeSchema),
      required: z.array(z.string()),
      additionalProperties: z.union([z.boolean(), nodeSchema]),
      items: nodeSchema,
      anyOf: z.array(nodeSchema),
      oneOf: z.array(nodeSchema),
    })
    .partial(),
)
/** Two patterns on one text: nothing that people are told. */
const patternOnly = z.strictObject({ pattern: z.string() })

/** The fields of an object schema, as what is given to it or as what it gives. Throws an `Error` that names what it cannot tell of. */
export const fieldsOf = (schema: z.ZodType, side: 'input' | 'output'): readonly Field[] =>
  fieldsOfJsonSchema(z.toJSONSchema(schema, { io: side, unrepresentable: 'any' }))

/** The same of a JSON Schema. */
export function fieldsOfJsonSchema(schema: unknown): readonly Field[] {
  const read = nodeSchema.safeParse(schema)
  if (!read.success)
    throw new Error(
      `Expected a schema of plain variables, but found\n${z.prettifyError(read.error)}\nDescribe it with objects, lists, texts, numbers and choices.`,
    )
  const shape = shapeOf(read.data)
  if (shape.kind !== 'context') throw new Error('Expected a schema of named variables, but it is no object.')
  return shape.fields
}

/** Paths of fields that lack a title or a description, nested ones too. */
export function untold(fields: readonly Field[], above = ''): readonly string[] {
  return fields.flatMap(({ name, title, description, shape }) => {
    const path = `${above}${name}`
    const own = title === '' || description === '' ? [path] : []
    return [...own, ...untold(fieldsWithin(shape), `${path}.`)]
  })
}

/** The fields of a context, or of the contexts in a list, map or alternative. */
export function fieldsWithin(shape: Shape): readonly Field[] {
  switch (shape.kind) {
    case 'context':
      return shape.fields
    case 'list':
    case 'map':
      return fieldsWithin(shape.of)
    case 'either':
      return shape.of.flatMap(fieldsWithin)
    case 'text':
    case 'choice':
    case 'number':
    case 'truth':
    case 'anything':
      return []
  }
}

function fieldOf(name: string, node: Node, isRequired: boolean): Field {
  const inner = withoutNull(node)
  const shape = shapeOf(inner)
  return {
    name,
    title: inner.title ?? '',
    description: inner.description ?? '',
    isRequired: isRequired && !allowsNull(node),
    shape,
    example: inner.examples?.[0] ?? exampleOf(shape, inner.minimum ?? 0),
    feel: inner.feel ?? null,
  }
}

const isNull = (node: Node): boolean => node.type === 'null'
const allowsNull = ({ type, anyOf = [] }: Node): boolean =>
  (Array.isArray(type) && type.includes('null')) || anyOf.some(isNull)

/** What is said of a field stands on it or on what it is when it is not null. */
function withoutNull(node: Node): Node {
  if (!allowsNull(node)) return node
  const { anyOf, type, ...told } = node
  if (anyOf === undefined) return { ...told, type: [type ?? []].flat().filter((one) => one !== 'null') }
  const left = anyOf.filter((one) => !isNull(one))
  const [only] = left
  return left.length === 1 && only !== undefined ? { ...withoutNull(only), ...told } : { ...told, anyOf: left }
}

function shapeOf(node: Node): Shape {
  const alternatives = node.anyOf ?? node.oneOf
  if (alternatives !== undefined) return { kind: 'either', of: alternatives.map((one) => shapeOf(withoutNull(one))) }
  if (node.const !== undefined) return choiceOf([node.const], node)
  if (node.enum !== undefined) return choiceOf(node.enum, node)
  const [type, ...others] = [node.type ?? []].flat()
  if (others.length > 0) return { kind: 'either', of: [type, ...others].map((one) => shapeOf({ ...node, type: one })) }
  switch (type) {
    case undefined:
      return { kind: 'anything' }
    case 'string':
      return { kind: 'text', format: node.format ?? null }
    case 'integer':
    case 'number':
      return { kind: 'number', isWhole: type === 'integer' }
    case 'boolean':
      return { kind: 'truth' }
    case 'array':
      return { kind: 'list', of: node.items === undefined ? { kind: 'anything' } : shapeOf(withoutNull(node.items)) }
    case 'object':
      return contextOf(node)
    default:
      throw new Error(`Expected the type of a variable, but found ${type}.`)
  }
}

const choiceOf = (values: readonly string[], { choices = {} }: Node): Shape => ({
  kind: 'choice',
  choices: values.map((value) => ({ value, name: choices[value] ?? value })),
})

function contextOf({ properties, required = [], additionalProperties = false }: Node): Shape {
  const isOpen = additionalProperties !== false
  if (properties === undefined && isOpen)
    return {
      kind: 'map',
      of: additionalProperties === true ? { kind: 'anything' } : shapeOf(withoutNull(additionalProperties)),
    }
  const fields = Object.entries(properties ?? {}).map(([name, node]) => fieldOf(name, node, required.includes(name)))
  return { kind: 'context', fields, isOpen }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  date: '2027-03-01',
  'date-time': '2027-03-01T09:00:00Z',
  email: 'mario.rossi@posta.example',
  uri: 'https://www.comune.esempio.example',
  base64: 'SXRlcg==',
}

function exampleOf(shape: Shape, minimum = 0): Json {
  switch (shape.kind) {
    case 'text':
      return (shape.format !== null && EXAMPLES[shape.format]) || 'testo'
    case 'choice':
      return shape.choices[0]?.value ?? ''
    case 'number':
      return Math.max(minimum, 1)
    case 'truth':
      return true
    case 'context':
      return Object.fromEntries(shape.fields.map(({ name, example }) => [name, example]))
    case 'map':
      return { nome: exampleOf(shape.of) }
    case 'list':
      return [exampleOf(shape.of)]
    case 'either':
      return shape.of[0] ? exampleOf(shape.of[0]) : null
    case 'anything':
      return 'valore'
  }
}
