/**
 * A Camunda Form file as this server reads it. Owns: which components and properties exist, and the refusal of a file that is
 * none. Does not own: what a component means (resolve.ts), how it looks (render). Properties that say nothing here are dropped.
 */
import { z } from 'zod'
import { ROWS_MAX } from './typed.ts'

/** FEEL when it begins with `=`, else the literal. */
const numberOrFeel = z.union([z.number(), z.string()])
const flagOrFeel = z.union([z.boolean(), z.string()])
const json = z.json()

const common = {
  id: z.string(),
  layout: z.object({ row: z.string().nullish(), columns: z.number().min(2).max(16).nullish() }).optional(),
  conditional: z.object({ hide: z.string().optional() }).optional(),
  properties: z.record(z.string(), z.string()).default({}),
}
const labelled = { ...common, label: z.string().optional(), description: z.string().optional() }
const bound = {
  ...labelled,
  key: z.string().regex(/^\w+(\.\w+)*$/, 'expected names joined by dots'),
  defaultValue: json.optional(),
  // As form-js has it: a literal, so that any text but the empty one disables.
  disabled: flagOrFeel
    .default(false)
    .transform((given) => given === true || (typeof given === 'string' && given !== '')),
  readonly: flagOrFeel.default(false),
}
const adorned = {
  appearance: z.object({ prefixAdorner: z.string().optional(), suffixAdorner: z.string().optional() }).optional(),
}
const required = { required: z.boolean().optional() }
const lengths = { ...required, minLength: numberOrFeel.optional(), maxLength: numberOrFeel.optional() }
const optional = { validate: z.object(required).default({}) }
const choice = {
  ...bound,
  ...optional,
  values: z.array(json).optional(),
  valuesKey: z.string().optional(),
  valuesExpression: z.string().optional(),
}

const textfield = z.object({
  ...bound,
  ...adorned,
  type: z.literal('textfield'),
  validate: z
    .object({
      ...lengths,
      pattern: z.string().optional(),
      patternErrorMessage: z.string().optional(),
      validationType: z.enum(['', 'custom', 'email', 'phone']).optional(),
    })
    .default({}),
})
const textarea = z.object({ ...bound, type: z.literal('textarea'), validate: z.object(lengths).default({}) })
const number = z.object({
  ...bound,
  ...adorned,
  type: z.literal('number'),
  decimalDigits: z.int().min(0).optional(),
  increment: numberOrFeel.optional(),
  serializeToString: z.boolean().default(false),
  validate: z.object({ ...required, min: numberOrFeel.optional(), max: numberOrFeel.optional() }).default({}),
})
const checkbox = z.object({ ...bound, ...optional, type: z.literal('checkbox') })
const datetime = z.object({
  ...bound,
  ...optional,
  type: z.literal('datetime'),
  subtype: z.enum(['date', 'time', 'datetime']).default('date'),
  dateLabel: z.string().optional(),
  timeLabel: z.string().optional(),
  timeInterval: z.int().min(1).max(60).optional(),
  timeSerializingFormat: z.enum(['utc_offset', 'utc_normalized', 'no_timezone']).default('utc_offset'),
  disallowPassedDates: z.boolean().default(false),
})
const select = z.object({ ...choice, type: z.literal('select') })
const radio = z.object({ ...choice, type: z.literal('radio') })
const checklist = z.object({ ...choice, type: z.literal('checklist') })
const taglist = z.object({ ...choice, type: z.literal('taglist') })
const expression = z.object({
  ...common,
  type: z.literal('expression'),
  key: bound.key,
  expression: z.string().optional(),
  computeOn: z.enum(['change', 'presubmit']).default('change'),
})
const text = z.object({ ...common, type: z.literal('text'), text: z.string().default('') })
const html = z.object({ ...common, type: z.literal('html'), content: z.string().default('') })
const table = z.object({
  ...common,
  type: z.literal('table'),
  label: z.string().optional(),
  dataSource: z.string(),
  rowCount: z.number().optional(),
  columns: z.array(z.object({ label: z.string(), key: z.string() })).optional(),
  columnsExpression: z.string().optional(),
})
const separator = z.object({ ...common, type: z.literal('separator') })
const spacer = z.object({ ...common, type: z.literal('spacer'), height: z.number().default(60) })
const button = z.object({
  ...common,
  type: z.literal('button'),
  label: z.string().optional(),
  action: z.enum(['submit', 'reset']).default('submit'),
})
const image = z.object({
  ...common,
  type: z.literal('image'),
  source: z.string().default(''),
  alt: z.string().default(''),
})
const iframe = z.object({
  ...common,
  type: z.literal('iframe'),
  label: z.string().optional(),
  url: z.string().default(''),
  height: z.number().default(300),
  security: z.record(z.string(), z.boolean()).default({}),
})
const documentPreview = z.object({
  ...common,
  type: z.literal('documentPreview'),
  label: z.string().optional(),
  dataSource: z.string(),
  maxHeight: z.number().optional(),
})
/** Official but for two properties of ours, `filesMin` and `filesMax`. */
const filepicker = z.object({
  ...bound,
  ...optional,
  type: z.literal('filepicker'),
  accept: z.string().default(''),
  multiple: flagOrFeel.default(false),
})
/** Of a later schema or of another program: its place is kept, and said to be empty. */
const unknown = z.object({ ...common, type: z.literal('unknown'), named: z.string() })
const leaf = z.discriminatedUnion('type', [
  textfield,
  textarea,
  number,
  checkbox,
  datetime,
  select,
  radio,
  checklist,
  taglist,
  expression,
  text,
  html,
  table,
  separator,
  spacer,
  button,
  image,
  iframe,
  documentPreview,
  filepicker,
  unknown,
])
const groupHead = z.object({
  ...labelled,
  type: z.literal('group'),
  path: z.string().optional(),
  showOutline: z.boolean().default(true),
})
const listHead = z.object({
  ...labelled,
  type: z.literal('dynamiclist'),
  path: bound.key,
  isRepeating: z.boolean().default(true),
  defaultRepetitions: z.int().min(0).max(ROWS_MAX).default(1),
  allowAddRemove: z.boolean().default(true),
  showOutline: z.boolean().default(true),
  disableCollapse: z.boolean().default(false),
  nonCollapsedItems: z.number().min(1).default(5),
})

export interface Group extends z.infer<typeof groupHead> {
  readonly components: readonly Component[]
}
export interface DynamicList extends z.infer<typeof listHead> {
  readonly components: readonly Component[]
}
export type Component = z.infer<typeof leaf> | Group | DynamicList
export type ComponentOf<T extends Component['type']> = Extract<Component, { type: T }>
export type Choice = ComponentOf<'select' | 'radio' | 'checklist' | 'taglist'>
export type Input = ComponentOf<'textfield' | 'textarea' | 'number' | 'checkbox' | 'datetime' | 'filepicker'> | Choice
export type Expression = ComponentOf<'expression'>
export type Display = Exclude<Component, Input | Group | DynamicList | Expression>

const components = z.array(z.lazy((): z.ZodType<Component> => component))
const known = z.discriminatedUnion('type', [leaf, groupHead.extend({ components }), listHead.extend({ components })])
const TYPES: ReadonlySet<string> = new Set(
  [...leaf.options, groupHead, listHead].filter((one) => one !== unknown).map(({ shape }) => shape.type.value),
)

/** A form outlives the program that reads it: what is not known does not take the rest away. */
const component = z.preprocess((given) => {
  const type = typeof given === 'object' && given !== null && 'type' in given ? given.type : undefined
  return typeof type === 'string' && !TYPES.has(type) ? { ...(given as object), type: 'unknown', named: type } : given
}, known)

const form = z.object({ type: z.literal('default'), id: z.string().optional(), components: z.array(component) })
export type Form = z.infer<typeof form>

/** Throws an `Error` that names each component and property that is wrong, or two fields that write to one place. */
export function parseForm(schema: unknown): Form {
  const parsed = form.safeParse(typeof schema === 'string' ? JSON.parse(schema) : schema)
  if (!parsed.success) throw new Error(`Expected a Camunda Form, but:\n${z.prettifyError(parsed.error)}`)
  refuseClashes(parsed.data.components)
  return parsed.data
}

/** As form-js: `x` twice, or `x` beside `x.y`, would overwrite each other. Each list is a place of its own. */
function refuseClashes(components: readonly Component[]): void {
  const places = [...placesIn(components, '')].sort()
  for (const [index, place] of places.entries()) {
    const next = places[index + 1]
    if (next !== undefined && `${next}.`.startsWith(`${place}.`)) {
      throw new Error(
        `Expected each field of the form to have a place of its own, but ${place} and ${next} share one. Rename one of them.`,
      )
    }
  }
}

function* placesIn(components: readonly Component[], prefix: string): Generator<string> {
  for (const component of components) {
    if ('key' in component) yield prefix + component.key
    if (component.type === 'group')
      yield* placesIn(component.components, prefix + (component.path ? `${component.path}.` : ''))
    if (component.type !== 'dynamiclist') continue
    yield prefix + component.path
    refuseClashes(component.components)
  }
}
