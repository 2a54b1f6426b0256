import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { searchOf } from '../../engine/gateway/rest/search.ts'
import type { Search, SearchResource } from '../../engine/protocol/query.ts'

const everything: Search = { filter: [], sort: [], page: { limit: 100 } }
const where = (...filter: Search['filter']): Search => ({ ...everything, filter })

const understood: Readonly<Record<string, readonly [resource: SearchResource, body: unknown, search: Search]>> = {
  'no body': ['jobs', undefined, everything],
  'an empty body': ['jobs', {}, everything],
  'nulls and empty lists': ['jobs', { filter: null, sort: [], page: null }, everything],
  "Java's empties": [
    'process-instances',
    { filter: { processDefinitionId: { $eq: 'p', $in: [], $notIn: [] }, tags: [], variables: [], $or: [] }, sort: [] },
    where({ field: 'processDefinitionId', operator: '$eq', value: 'p' }),
  ],
  'a plain value': ['jobs', { filter: { type: 'mail' } }, where({ field: 'type', operator: '$eq', value: 'mail' })],
  'operators on one field': [
    'jobs',
    { filter: { retries: { $gte: 1, $lt: 3 }, type: { $like: 'a*' } } },
    where(
      { field: 'retries', operator: '$gte', value: 1 },
      { field: 'retries', operator: '$lt', value: 3 },
      { field: 'type', operator: '$like', value: 'a*' },
    ),
  ],
  'keys as numbers or text': [
    'jobs',
    { filter: { jobKey: 7, processInstanceKey: { $in: ['8', 9] } } },
    where(
      { field: 'jobKey', operator: '$eq', value: '7' },
      { field: 'processInstanceKey', operator: '$in', value: ['8', '9'] },
    ),
  ],
  'dates with an offset': [
    'user-tasks',
    { filter: { dueDate: { $lte: '2030-01-01T00:00:00+01:00', $exists: true } } },
    where(
      { field: 'dueDate', operator: '$lte', value: '2029-12-31T23:00:00.000Z' },
      { field: 'dueDate', operator: '$exists', value: true },
    ),
  ],
  tags: [
    'process-instances',
    { filter: { tags: ['a', 'b'] } },
    where({ field: 'tags', operator: '$eq', value: 'a' }, { field: 'tags', operator: '$eq', value: 'b' }),
  ],
  alternatives: [
    'process-instances',
    { filter: { state: 'ACTIVE', $or: [{ hasIncident: true }, {}, { processDefinitionVersion: { $gt: 2 } }] } },
    {
      ...where({ field: 'state', operator: '$eq', value: 'ACTIVE' }),
      or: [
        [{ field: 'hasIncident', operator: '$eq', value: true }],
        [{ field: 'processDefinitionVersion', operator: '$gt', value: 2 }],
      ],
    },
  ],
  'variables of the instance and of the task': [
    'user-tasks',
    {
      filter: {
        processInstanceVariables: [{ name: 'x', value: '"a"' }],
        localVariables: [{ name: 'y', value: { $neq: '1' } }],
      },
    },
    {
      ...everything,
      variables: [
        { name: 'x', condition: { operator: '$eq', value: '"a"' } },
        { name: 'y', scope: 'local', condition: { operator: '$neq', value: '1' } },
      ],
    },
  ],
  'sort orders in either case': [
    'incidents',
    { sort: [{ field: 'creationTime', order: 'desc' }, { field: 'incidentKey' }, { field: 'state', order: 'ASC' }] },
    {
      ...everything,
      sort: [
        { field: 'creationTime', order: 'DESC' },
        { field: 'incidentKey', order: 'ASC' },
        { field: 'state', order: 'ASC' },
      ],
    },
  ],
  'a page by offset': ['jobs', { page: { from: 5, limit: 2 } }, { ...everything, page: { limit: 2, from: 5 } }],
  'a page behind a cursor': [
    'jobs',
    { page: { after: 'YWJj', limit: '7' } },
    { ...everything, page: { limit: 7, after: 'YWJj' } },
  ],
  'a page larger than the largest': ['jobs', { page: { limit: 1e6 } }, { ...everything, page: { limit: 10_000 } }],
}
describe('understood', () => {
  for (const [what, [resource, body, search]] of Object.entries(understood)) {
    test(what, () => assert.deepEqual(searchOf(resource, body), search))
  }
})

const refused: Readonly<Record<string, unknown>> = {
  'an unknown field': { filter: { nope: 1 } },
  'a prototype name': { filter: JSON.parse('{"__proto__":"x"}') },
  constructor: { filter: { constructor: 'x' } },
  'a field that is only shown': { filter: { customHeaders: {} } },
  'an unknown operator': { filter: { type: { $regex: 'a' } } },
  'an operator of another type': { filter: { jobKey: { $like: '1*' } } },
  'text for a number': { filter: { retries: 'many' } },
  'a fraction for an integer': { filter: { retries: 1.5 } },
  'no key': { filter: { jobKey: 'abc' } },
  'no date': { filter: { deadline: 'tomorrow' } },
  'an unknown state': { filter: { state: 'ASLEEP' } },
  'a NUL': { filter: { type: 'a\0b' } },
  'a filter that is a list': { filter: [] },
  'a list for a value': { filter: { type: { $eq: ['a'] } } },
  'an unknown sort field': { sort: [{ field: 'customHeaders' }] },
  'an unknown order': { sort: [{ field: 'type', order: 'up' }] },
  'a limit of nothing': { page: { limit: 0 } },
  'a negative offset': { page: { from: -1 } },
  'a cursor of no page': { page: { after: '!' } },
  'more than is known': { filters: {} },
  'a list without end': { filter: { jobKey: { $in: Array(1_001).fill('1') } } },
}
describe('refused', () => {
  for (const [what, body] of Object.entries(refused)) {
    test(what, () => {
      assert.throws(() => searchOf('jobs', body), { name: 'GatewayError', status: 'INVALID_ARGUMENT' })
    })
  }
})
