import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clockOperations } from '../../engine/gateway/rest/cluster.ts'
import { enums, type Field, fields, fieldsOf } from '../../engine/gateway/rest/fields.ts'
import { operations } from '../../engine/gateway/rest/index.ts'
import type { SearchResource } from '../../engine/protocol/query.ts'
import { sharedText, without } from '../shared-data.ts'

const facts = 'reference/rest-8.8.json'

interface Schema {
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly string[]
  readonly operators?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}
interface Described {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly request: { readonly body?: Schema }
  readonly response: Readonly<Record<string, Schema>>
}
const described: Described[] = without(facts) ? [] : JSON.parse(sharedText(facts))
const clock = { now: () => 0, pin: () => {}, reset: () => {} }

/** What later versions of Camunda have, and we as well. */
const newer = ['evaluateConditionals POST /conditionals/evaluation']

test('every operation of 8.8 has its method and path, and there is no other but newer ones', {
  skip: without(facts),
}, () => {
  const ours = [...operations, ...clockOperations(clock)].map(({ id, method, path }) => `${id} ${method} ${path}`)
  assert.equal(ours.length, 146 + newer.length)
  const known = described.map(({ operationId, method, path }) => `${operationId} ${method} ${path}`)
  assert.deepEqual(ours.sort(), [...known, ...newer].sort())
})

/** All but `suspensions`, which are ours. */
const searchOf: Readonly<Record<Exclude<SearchResource, 'suspensions'>, string>> = {
  'process-definitions': 'searchProcessDefinitions',
  'process-instances': 'searchProcessInstances',
  'element-instances': 'searchElementInstances',
  jobs: 'searchJobs',
  'user-tasks': 'searchUserTasks',
  variables: 'searchVariables',
  incidents: 'searchIncidents',
  'decision-definitions': 'searchDecisionDefinitions',
  'decision-requirements': 'searchDecisionRequirements',
  'decision-instances': 'searchDecisionInstances',
  'message-subscriptions': 'searchMessageSubscriptions',
  'correlated-message-subscriptions': 'searchCorrelatedMessageSubscriptions',
  'batch-operations': 'searchBatchOperations',
  'batch-operation-items': 'searchBatchOperationItems',
}
/** Members of filters that are no fields, and fields of ours. */
const notFields = new Set(['$or', 'variables', 'processInstanceVariables', 'localVariables'])
const added = new Set(['callingProcessInstanceKey', 'businessId'])

function typeOf({ type, format, enum: values, items }: Schema): string {
  if (values) return Object.entries(enums).find(([, known]) => `${known}` === `${values}`)?.[0] ?? 'unknown enum'
  if (format === 'key') return 'key'
  if (format === 'date-time') return 'date'
  if (type === 'array') return items?.type === 'object' ? 'objects' : `${typeOf(items!)}[]`
  return { string: 'text', integer: 'int', boolean: 'bool', object: 'headers' }[type!] ?? type!
}

for (const [resource, operationId] of Object.entries(searchOf) as [keyof typeof searchOf, string][]) {
  describe(resource, { skip: without(facts) }, () => {
    const operation = described.find((entry) => entry.operationId === operationId)
    const { filter, sort } = operation?.request.body?.properties ?? {}
    const row = operation?.response['200']?.properties?.items?.items?.properties ?? {}
    const filters = filter?.properties ?? {}
    const ours = [...fieldsOf(resource)].filter(([name]) => !added.has(name))
    const names = (is: keyof Field) => ours.flatMap(([name, field]) => (field[is] ? [name] : [])).sort()

    test('rows have these fields', () => assert.deepEqual(names('isShown'), Object.keys(row).sort()))
    test('these fields can be filtered by', () => {
      assert.deepEqual(
        names('isFilter'),
        Object.keys(filters)
          .filter((name) => !notFields.has(name))
          .sort(),
      )
    })
    test('these fields can be sorted by', () => {
      const sorts = sort?.items?.properties?.field?.enum ?? []
      assert.deepEqual(
        sorts.filter((name) => !names('isSort').includes(name)),
        [],
      )
    })
    test('fields have these types', () => {
      const wanted = Object.fromEntries(ours.map(([name]) => [name, typeOf(row[name] ?? filters[name]!)]))
      for (const [name, { operators }] of Object.entries(filters))
        if (wanted[name] === 'text' && operators?.includes('$like') === false) wanted[name] = 'id'
      if (resource === 'decision-instances') wanted.decisionEvaluationInstanceKey = 'text' // `<key>-<n>`
      if (resource === 'process-instances') wanted.state = 'ProcessInstanceState' // with SUSPENDED of 8.10
      assert.deepEqual(Object.fromEntries(ours.map(([name, { type }]) => [name, type])), wanted)
    })
  })
}

test('every resource is described', () =>
  assert.deepEqual(Object.keys(fields).sort(), [...Object.keys(searchOf), 'suspensions'].sort()))
