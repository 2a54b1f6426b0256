/**
 * The delivered forms open in Camunda Modeler's form editor and come back from it as they are: which property belongs to which
 * component, as the schema of form-js has it (schemaVersion 19), told here as a table because that schema is not on npm.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { filesLike, textOf } from '../../house/sources.ts'

const EVERYWHERE = ['type', 'id', 'layout', 'conditional', 'properties']
const INPUT = ['key', 'label', 'description', 'defaultValue', 'disabled', 'readonly', 'validate']
const CHOICE = [...INPUT, 'values', 'valuesKey', 'valuesExpression']
const CONTAINER = ['label', 'path', 'showOutline', 'verticalAlignment', 'components']

const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  textfield: [...INPUT, 'appearance'],
  textarea: INPUT,
  number: [...INPUT, 'appearance', 'decimalDigits', 'increment', 'serializeToString'],
  checkbox: INPUT,
  datetime: [
    ...INPUT,
    ...['subtype', 'dateLabel', 'timeLabel', 'use24h', 'timeInterval', 'timeSerializingFormat', 'disallowPassedDates'],
  ],
  select: [...CHOICE, 'searchable'],
  radio: CHOICE,
  checklist: CHOICE,
  taglist: CHOICE,
  // The editor offers no description for it.
  filepicker: [...INPUT.filter((name) => name !== 'description'), 'accept', 'multiple'],
  expression: ['key', 'expression', 'computeOn'],
  group: CONTAINER,
  dynamiclist: [
    ...CONTAINER,
    ...['isRepeating', 'defaultRepetitions', 'allowAddRemove', 'disableCollapse', 'nonCollapsedItems'],
  ],
  table: ['label', 'dataSource', 'columns', 'columnsExpression', 'rowCount'],
  text: ['text'],
  html: ['content'],
  image: ['source', 'alt'],
  iframe: ['label', 'url', 'height', 'security'],
  documentPreview: ['label', 'dataSource', 'maxHeight'],
  button: ['label', 'action'],
  separator: [],
  spacer: ['height'],
}
const RULES: Readonly<Record<string, readonly string[]>> = {
  textfield: ['required', 'minLength', 'maxLength', 'pattern', 'patternErrorMessage', 'validationType'],
  textarea: ['required', 'minLength', 'maxLength'],
  number: ['required', 'min', 'max'],
}
const ROOT = [
  ...['type', 'id', 'schemaVersion', 'components', 'executionPlatform', 'executionPlatformVersion', 'exporter'],
  ...['versionTag', '$schema', 'generated'],
]
const KEY = /^\w+(?:\.\w+)*$/

type Json = Readonly<Record<string, unknown>>
const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const childrenOf = (parent: Json): readonly Json[] =>
  Array.isArray(parent.components) ? parent.components.filter(isRecord) : []
function* within(parent: Json): Generator<Json> {
  for (const child of childrenOf(parent)) {
    yield child
    yield* within(child)
  }
}

/** What the editor would refuse, drop or complain about. */
function faultsOf(component: Json): readonly string[] {
  const type = String(component.type)
  const allowed = PROPERTIES[type]
  if (allowed === undefined) return [`${type} is no component`]
  const name = `${type} ${String(component.id)}`
  const extra = Object.keys(component).filter((property) => ![...EVERYWHERE, ...allowed].includes(property))
  const rules = isRecord(component.validate) ? Object.keys(component.validate) : []
  const strange = rules.filter((rule) => !(RULES[type] ?? ['required']).includes(rule))
  const layout = isRecord(component.layout) ? component.layout : {}
  const columns = layout.columns
  const properties = isRecord(component.properties) ? Object.values(component.properties) : []
  const faults = [
    ...extra.map((property) => `has ${property}`),
    ...strange.map((rule) => `has the rule ${rule}`),
    typeof component.id !== 'string' && 'has no id',
    allowed.includes('key') && !KEY.test(String(component.key)) && 'has no key',
    type === 'dynamiclist' && !KEY.test(String(component.path)) && 'has no path',
    typeof layout.row !== 'string' && 'stands in no row',
    columns !== null && (typeof columns !== 'number' || columns < 2 || columns > 16) && 'has columns out of the grid',
    properties.some((value) => typeof value !== 'string') && 'has a property of its own that is no text',
    'valuesKey' in component && 'defaultValue' in component && 'has a default among options that come later',
    'columns' in component && 'columnsExpression' in component && 'has its columns twice',
  ]
  return faults.filter((fault) => fault !== false).map((fault) => `${name} ${fault}`)
}

describe('forms as the Modeler writes them', () => {
  for (const file of filesLike('forms/*.form'))
    test(file, () => {
      const form: unknown = JSON.parse(textOf(file))
      assert.ok(isRecord(form))
      assert.deepEqual(
        Object.keys(form).filter((property) => !ROOT.includes(property)),
        [],
      )
      assert.deepEqual([form.type, form.schemaVersion], ['default', 19])
      const components = [...within(form)]
      assert.deepEqual(components.flatMap(faultsOf), [])
      const ids = components.map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length, 'ids are unique')
      for (const row of Object.values(
        Object.groupBy(childrenOf(form), ({ layout }) => String((layout as Json | undefined)?.row)),
      )) {
        const width = row!.reduce((sum, { layout }) => sum + Number((layout as Json).columns ?? 0), 0)
        assert.ok(width <= 16, `a row of ${file} is ${width} columns wide`)
      }
    })
})

test('a form that the editor would not take is found out', () => {
  const field = {
    type: 'filepicker',
    id: 'a',
    key: 'x',
    layout: { row: 'r', columns: 17 },
    description: 'd',
    validate: { max: 1 },
  }
  assert.deepEqual(faultsOf(field), [
    'filepicker a has description',
    'filepicker a has the rule max',
    'filepicker a has columns out of the grid',
  ])
  assert.deepEqual(faultsOf({ type: 'texst' }), ['texst is no component'])
})
