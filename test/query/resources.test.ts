/** What each resource shows of the engine's rows, and what is asked of it beside. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { fields, fieldsOf } from '../../engine/gateway/rest/fields.ts'
import type { Row, Search, SearchResource } from '../../engine/protocol/query.ts'
import { openWorld, where } from './world.ts'

const world = await openWorld()
after(() => world[Symbol.asyncDispose]())

/** An instance of `permit` that called one of `pay`: in it a job stopped. An older instance of the first version has ended. */
await world.insert(
  'process_definition',
  { key: 1, element_names: { task: 'Check', call: 'Pay' }, version_tag: 'v1', start_form_id: 'request' },
  { key: 2, version: 2, name: 'Permit', element_names: { call: 'Pay' } },
  { key: 3, bpmn_process_id: 'pay', resource_name: 'pay.bpmn' },
  { key: 4, bpmn_process_id: 'old', deleted: true },
)
await world.insert('form', { key: 10, form_id: 'request' }, { key: 11, form_id: 'request', version: 2 })
await world.insert('form', { key: 12, form_id: 'request', version: 3, deleted: true })
await world.insert('decision_requirements', { key: 20, decision_requirements_name: 'Fees' })
await world.insert(
  'decision',
  { key: 21, decision_requirements_key: 20, decision_name: 'Fee' },
  { key: 22, version: 2 },
)
await world.insert(
  'resource',
  { key: 1, text: '<one/>' },
  { key: 10, text: '{"id":"request","n":1}' },
  { key: 11, text: '{"id":"request","n":2}' },
  { key: 20, text: '<fees/>' },
)
const process = { bpmn_element_type: 'PROCESS' }
await world.insert(
  'element_instance',
  {
    ...process,
    key: 100,
    process_definition_key: 2,
    element_id: 'permit',
    tags: ['urgent', 'a:b'],
    business_id: 'RES/2027/0001',
    sequence_flows: ['f1', 'f2'],
  },
  { key: 110, process_definition_key: 2, flow_scope_key: 100, element_id: 'sub', bpmn_element_type: 'SUB_PROCESS' },
  {
    ...{
      key: 111,
      process_definition_key: 2,
      flow_scope_key: 110,
      element_id: 'call',
      bpmn_element_type: 'CALL_ACTIVITY',
    },
    called_process_instance_key: 200,
  },
  { key: 112, process_definition_key: 2, flow_scope_key: 100, element_id: 'task', bpmn_element_type: 'USER_TASK' },
  {
    ...{ ...process, key: 200, process_instance_key: 200, process_definition_key: 3, element_id: 'pay' },
    ...{ parent_process_instance_key: 100, parent_element_instance_key: 111, business_id: 'RES/2027/0001' },
  },
  { key: 210, process_instance_key: 200, process_definition_key: 3, flow_scope_key: 200, job_key: 310 },
)
const ended = { process_instance_key: 50, started_at: 500, ended_at: 900 }
await world.insert(
  'element_instance_history',
  {
    ...{ ...process, ...ended, key: 50, element_id: 'permit', state: 'COMPLETED', sequence_flows: ['f1'] },
    business_id: 'RES/2026/0009',
  },
  { ...ended, key: 51, flow_scope_key: 50, element_id: 'task', state: 'COMPLETED' },
  { ...ended, key: 52, flow_scope_key: 50, element_id: 'late', state: 'TERMINATED' },
)
await world.insert('job', {
  key: 310,
  process_instance_key: 200,
  process_definition_key: 3,
  element_instance_key: 210,
  retries: 0,
  state: 'FAILED',
  error_message: 'no money',
  custom_headers: { to: 'anna' },
})
await world.insert('incident', {
  key: 400,
  process_instance_key: 200,
  process_definition_key: 3,
  element_instance_key: 210,
  job_key: 310,
  error_message: 'no money',
})
await world.insert('incident_history', {
  key: 401,
  process_instance_key: 100,
  process_definition_key: 2,
  element_instance_key: 112,
  state: 'RESOLVED',
  ended_at: 2_000,
})
await world.insert('user_task', {
  key: 500,
  process_definition_key: 2,
  element_instance_key: 112,
  candidate_groups_list: ['clerks', 'chiefs'],
  due_date: '2030-01-02T03:04+02:00[Europe/Rome]',
  follow_up_date: '2030-02-30T00:00Z',
  form_key: 10,
})
await world.insert('user_task_history', {
  key: 501,
  process_instance_key: 50,
  element_instance_key: 51,
  assignee: 'anna',
  state: 'COMPLETED',
  ended_at: 900,
})
await world.insert(
  'variable',
  { key: 600, name: 'x', value: '"outer"' },
  { key: 601, name: 'y', value: '123456789012345678901234567890.10' },
  { key: 602, name: 'x', value: '"inner"', scope_key: 112 },
  { key: 603, name: 'z', value: '1', scope_key: 111 },
  { key: 604, name: 'x', value: '9', scope_key: 200, process_instance_key: 200 },
)
await world.insert('variable_history', { key: 605, name: 'x', value: '5', scope_key: 50, process_instance_key: 50 })
await world.insert('decision_instance', {
  ...{ key: 700, evaluation_index: 2, process_instance_key: 100, decision_key: 21 },
  evaluated_inputs: JSON.stringify([{ inputId: 'i', inputName: 'kind', inputValue: '"shop"' }]),
})
await world.insert('decision_instance', { key: 701, state: 'FAILED', evaluation_failure: 'no rule' })
await world.insert('subscription', { key: 800 }, { key: 801, element_instance_key: -1 })
await world.insert('correlated_subscription', { key: 810 }, { key: 811, correlation_key: 'B-2' }, { key: 812 })

const one = async (resource: SearchResource, key: string): Promise<Row> => (await world.query.get(resource, key))!

describe('rows', () => {
  const rows: Readonly<Record<string, readonly [resource: SearchResource, key: string, row: Row]>> = {
    'a process definition': [
      'process-definitions',
      '1',
      {
        ...{ processDefinitionKey: '1', processDefinitionId: 'permit', name: null, version: 1, versionTag: 'v1' },
        ...{ resourceName: 'permit.bpmn', tenantId: '<default>', hasStartForm: true },
      },
    ],
    'a process instance': [
      'process-instances',
      '100',
      {
        ...{ processInstanceKey: '100', processDefinitionKey: '2', processDefinitionId: 'permit' },
        ...{ processDefinitionName: 'Permit', processDefinitionVersion: 2, processDefinitionVersionTag: null },
        ...{ startDate: '1970-01-01T00:00:01.000Z', endDate: null, state: 'ACTIVE', hasIncident: true },
        ...{ parentProcessInstanceKey: null, parentElementInstanceKey: null, tenantId: '<default>' },
        ...{ tags: ['urgent', 'a:b'], businessId: 'RES/2027/0001' },
      },
    ],
    'an ended process instance, its process without a name': [
      'process-instances',
      '50',
      {
        ...{ processInstanceKey: '50', processDefinitionKey: '1', processDefinitionId: 'permit' },
        ...{ processDefinitionName: 'permit', processDefinitionVersion: 1, processDefinitionVersionTag: 'v1' },
        ...{ startDate: '1970-01-01T00:00:00.500Z', endDate: '1970-01-01T00:00:00.900Z', state: 'COMPLETED' },
        ...{ hasIncident: false, parentProcessInstanceKey: null, parentElementInstanceKey: null },
        ...{ tenantId: '<default>', tags: [], businessId: 'RES/2026/0009' },
      },
    ],
    'an element instance that stands still': [
      'element-instances',
      '210',
      {
        ...{
          elementInstanceKey: '210',
          processInstanceKey: '200',
          processDefinitionKey: '3',
          processDefinitionId: 'pay',
        },
        ...{ elementId: 'task', elementName: 'task', type: 'SERVICE_TASK', state: 'ACTIVE' },
        ...{ startDate: '1970-01-01T00:00:01.000Z', endDate: null, hasIncident: true, incidentKey: '400' },
        tenantId: '<default>',
      },
    ],
    'a job': [
      'jobs',
      '310',
      {
        ...{ jobKey: '310', type: 'mail', worker: '', state: 'FAILED', kind: 'BPMN_ELEMENT' },
        ...{ listenerEventType: 'UNSPECIFIED', retries: 0, deadline: null, endTime: null, errorCode: null },
        ...{ errorMessage: 'no money', isDenied: null, deniedReason: null, hasFailedWithRetriesLeft: false },
        ...{ customHeaders: { to: 'anna' }, elementId: 'task', elementInstanceKey: '210', processInstanceKey: '200' },
        ...{ processDefinitionKey: '3', processDefinitionId: 'pay', tenantId: '<default>' },
        businessId: 'RES/2027/0001',
      },
    ],
    'a user task; a date with a zone, and one that is no date': [
      'user-tasks',
      '500',
      {
        ...{
          userTaskKey: '500',
          name: 'task',
          state: 'CREATED',
          assignee: null,
          candidateGroups: ['clerks', 'chiefs'],
        },
        ...{ candidateUsers: [], creationDate: '1970-01-01T00:00:01.000Z', completionDate: null },
        ...{ dueDate: '2030-01-02T01:04:00.000Z', followUpDate: null, priority: 50, formKey: '10' },
        ...{ externalFormReference: null, customHeaders: {}, elementId: 'task', elementInstanceKey: '112' },
        ...{ processInstanceKey: '100', processDefinitionKey: '2', processDefinitionId: 'permit' },
        ...{ processDefinitionVersion: 2, processName: 'Permit', tenantId: '<default>' },
        businessId: 'RES/2027/0001',
      },
    ],
    'a variable, digit for digit': [
      'variables',
      '601',
      {
        ...{ variableKey: '601', name: 'y', value: '123456789012345678901234567890.10', isTruncated: false },
        ...{ scopeKey: '100', processInstanceKey: '100', tenantId: '<default>' },
      },
    ],
    'an incident': [
      'incidents',
      '400',
      {
        ...{ incidentKey: '400', errorType: 'JOB_NO_RETRIES', errorMessage: 'no money', state: 'ACTIVE' },
        ...{ creationTime: '1970-01-01T00:00:01.000Z', elementId: 'task', elementInstanceKey: '210', jobKey: '310' },
        ...{ processInstanceKey: '200', processDefinitionKey: '3', processDefinitionId: 'pay', tenantId: '<default>' },
        businessId: 'RES/2027/0001',
      },
    ],
    'a decision definition': [
      'decision-definitions',
      '21',
      {
        ...{ decisionDefinitionKey: '21', decisionDefinitionId: 'fee', name: 'Fee', version: 1 },
        ...{ decisionRequirementsId: 'fees', decisionRequirementsKey: '20', tenantId: '<default>' },
      },
    ],
    'decision requirements': [
      'decision-requirements',
      '20',
      {
        ...{ decisionRequirementsKey: '20', decisionRequirementsId: 'fees', decisionRequirementsName: 'Fees' },
        ...{ version: 1, resourceName: 'fees.dmn', tenantId: '<default>' },
      },
    ],
    'a decision instance, with its details': [
      'decision-instances',
      '700-2',
      {
        ...{ decisionEvaluationInstanceKey: '700-2', decisionEvaluationKey: '700', state: 'EVALUATED' },
        ...{ evaluationDate: '1970-01-01T00:00:01.000Z', evaluationFailure: null, decisionDefinitionKey: '21' },
        ...{ decisionDefinitionId: 'fee', decisionDefinitionName: 'fee', decisionDefinitionVersion: 1 },
        ...{ decisionDefinitionType: 'DECISION_TABLE', result: '1.50', elementInstanceKey: null },
        ...{ processInstanceKey: '100', processDefinitionKey: null, tenantId: '<default>' },
        evaluatedInputs: [{ inputId: 'i', inputName: 'kind', inputValue: '"shop"' }],
        matchedRules: [],
      },
    ],
    'a message subscription': [
      'message-subscriptions',
      '801',
      {
        ...{ messageSubscriptionKey: '801', messageName: 'paid', correlationKey: 'A-1' },
        ...{ messageSubscriptionState: 'CREATED', lastUpdatedDate: '1970-01-01T00:00:01.000Z', elementId: 'task' },
        ...{ elementInstanceKey: null, processInstanceKey: '100', processDefinitionKey: '1' },
        ...{ processDefinitionId: 'permit', tenantId: '<default>' },
      },
    ],
  }
  for (const [name, [resource, key, row]] of Object.entries(rows)) {
    test(name, async () => {
      assert.deepEqual(await one(resource, key), row)
      const { items } = await world.search(resource)
      const shown = items.find((item) => Object.values(item)[0] === key)
      const { evaluatedInputs: _, matchedRules: __, ...listed } = row
      assert.deepEqual(shown, listed)
    })
  }
})

describe('filters of their own', () => {
  const joint: Search['filter'] = [
    { field: 'elementId', operator: '$eq', value: 'task' },
    { field: 'elementInstanceState', operator: '$eq', value: 'TERMINATED' },
  ]
  const variable = (name: string, value: string, scope?: 'local'): Partial<Search> => ({
    variables: [{ name, condition: { operator: '$eq', value }, ...(scope && { scope }) }],
  })
  const cases: Readonly<Record<string, readonly [resource: SearchResource, search: Partial<Search>, ids: string]>> = {
    'the latest version of each id that is not deleted': [
      'process-definitions',
      where('isLatestVersion', '$eq', true),
      '2 3',
    ],
    'start forms': ['process-definitions', where('hasStartForm', '$eq', true), '1'],
    'open instances': ['process-instances', where('state', '$eq', 'ACTIVE'), '100 200'],
    'ended instances': ['process-instances', where('state', '$in', ['COMPLETED', 'TERMINATED']), '50'],
    'incidents, in called instances too': ['process-instances', where('hasIncident', '$eq', true), '100 200'],
    'no incidents': ['process-instances', where('hasIncident', '$eq', false), '50'],
    'called instances': ['process-instances', where('parentProcessInstanceKey', '$eq', '100'), '200'],
    'root instances': ['process-instances', where('parentProcessInstanceKey', '$exists', false), '50 100'],
    'a tag': ['process-instances', where('tags', '$eq', 'urgent'), '100'],
    'tags, all of them': [
      'process-instances',
      { filter: [...where('tags', '$eq', 'urgent').filter!, ...where('tags', '$eq', 'no').filter!] },
      '',
    ],
    'the message of an incident': ['process-instances', where('errorMessage', '$like', '*money'), '200'],
    "an incident's hash": ['process-instances', where('incidentErrorHashCode', '$eq', -815_518_303), '200'],
    'jobs to be retried': ['process-instances', where('hasRetriesLeft', '$eq', true), ''],
    'an element': ['process-instances', where('elementId', '$eq', 'task'), '50 100 200'],
    'an element and its state speak of one element': ['process-instances', { filter: joint }, ''],
    'an element that stands still': ['process-instances', where('hasElementInstanceIncident', '$eq', true), '100 200'],
    'batch operations, of which there are none': ['process-instances', where('batchOperationId', '$exists', true), ''],
    'variables of the instance': ['process-instances', variable('x', '"outer"'), '100'],
    'variables of another instance': ['process-instances', variable('x', '9'), '200'],
    'children of a scope': ['element-instances', where('elementInstanceScopeKey', '$eq', '100'), '110 112'],
    'elements that stand still, with their scopes': [
      'element-instances',
      where('hasIncident', '$eq', true),
      '110 111 210',
    ],
    'the element of an incident': ['element-instances', where('incidentKey', '$eq', '400'), '210'],
    'an element by name': ['element-instances', where('elementName', '$eq', 'Check'), '51'],
    'tasks of a group': ['user-tasks', where('candidateGroup', '$in', ['chiefs', 'x']), '500'],
    'tasks by due date': ['user-tasks', where('dueDate', '$lt', '2030-01-02T01:04:01.000Z'), '500'],
    'tasks that are done': ['user-tasks', where('state', '$eq', 'COMPLETED'), '501'],
    'tasks of an instance with a variable': ['user-tasks', { ...variable('x', '"outer"') }, '500'],
    'tasks with a variable of their own': ['user-tasks', { ...variable('x', '"inner"', 'local') }, '500'],
    'tasks without that variable of their own': ['user-tasks', { ...variable('x', '"outer"', 'local') }, ''],
    'variables by value': ['variables', where('value', '$like', '"*er"'), '600 602'],
    'resolved incidents': ['incidents', where('state', '$eq', 'RESOLVED'), '401'],
    'incidents of an instance and of what it called': [
      'incidents',
      where('callingProcessInstanceKey', '$eq', '100'),
      '400 401',
    ],
    'incidents of the called instance': ['incidents', where('callingProcessInstanceKey', '$eq', '200'), '400'],
    'failed evaluations': ['decision-instances', where('state', '$eq', 'FAILED'), '701-1'],
    'a decision instance by its key': [
      'decision-instances',
      where('decisionEvaluationInstanceKey', '$eq', '700-2'),
      '700-2',
    ],
    'instances by business id, of whom they called too': [
      'process-instances',
      where('businessId', '$eq', 'RES/2027/0001'),
      '100 200',
    ],
    'an ended instance by business id': ['process-instances', where('businessId', '$like', 'RES/2026/*'), '50'],
    'instances by business id, in order': [
      'process-instances',
      { ...where('businessId', '$exists', true), sort: [{ field: 'businessId', order: 'DESC' }] },
      '100 200 50',
    ],
    'jobs by business id': ['jobs', where('businessId', '$eq', 'RES/2027/0001'), '310'],
    'tasks by business id': ['user-tasks', where('businessId', '$eq', 'RES/2027/0001'), '500'],
    'tasks that are done, by business id': ['user-tasks', where('businessId', '$in', ['RES/2026/0009']), '501'],
    'incidents by business id': ['incidents', where('businessId', '$like', 'RES/2027/*'), '400 401'],
    'elements by business id': ['element-instances', where('businessId', '$eq', 'RES/2026/0009'), '51 52'],
    'variables by business id': ['variables', where('businessId', '$eq', 'RES/2026/0009'), '605'],
    'decisions by business id': ['decision-instances', where('businessId', '$eq', 'RES/2027/0001'), '700-2'],
    'subscriptions by business id': ['message-subscriptions', where('businessId', '$eq', 'RES/2027/0001'), '800 801'],
    'subscriptions of some correlation keys': [
      'message-subscriptions',
      {
        filter: [
          ...where('messageName', '$eq', 'paid').filter!,
          ...where('correlationKey', '$in', ['A-1', 'B-2']).filter!,
        ],
      },
      '800 801',
    ],
    'what took messages of a correlation key': [
      'correlated-message-subscriptions',
      {
        filter: [
          ...where('messageName', '$in', ['paid', 'x']).filter!,
          ...where('correlationKey', '$in', ['B-2', 'c']).filter!,
        ],
      },
      '811',
    ],
    'what took messages without any correlation key': [
      'correlated-message-subscriptions',
      { filter: [...where('messageName', '$eq', 'paid').filter!, ...where('correlationKey', '$eq', '').filter!] },
      '',
    ],
    'subscriptions of a message': ['message-subscriptions', where('messageName', '$eq', 'paid'), '800 801'],
  }
  for (const [name, [resource, search, ids]] of Object.entries(cases)) {
    test(name, async () => assert.equal((await world.ids(resource, search)).join(' '), ids))
  }
})

test('every field can be filtered and sorted by, on every resource', async () => {
  for (const resource of Object.keys(fields) as SearchResource[]) {
    for (const [field, { isFilter, isSort }] of fieldsOf(resource)) {
      if (isFilter) await world.search(resource, where(field, '$exists', true))
      if (isFilter) await world.search(resource, where(field, '$notIn', []))
      if (isSort) await world.search(resource, { sort: [{ field, order: 'DESC' }] })
    }
  }
})

describe('beside searches', () => {
  test('texts of what was deployed', async () => {
    assert.equal(await world.query.resourceText('process-definition', '1'), '<one/>')
    assert.equal(await world.query.resourceText('decision-definition', '21'), '<fees/>')
    assert.equal(await world.query.resourceText('decision-requirements', '20'), '<fees/>')
    assert.equal(await world.query.resourceText('form', '10'), '{"id":"request","n":1}')
    assert.equal(await world.query.resourceText('form', '1'), null, 'of another kind')
  })
  test('the form of a task is the version bound to it, that of a start the latest not deleted', async () => {
    const form = { formId: 'request', tenantId: '<default>' }
    const ofTask = { ...form, formKey: '10', version: 1, schema: { id: 'request', n: 1 } }
    assert.deepEqual(await world.query.form('user-task', '500'), ofTask)
    const ofStart = { ...form, formKey: '11', version: 2, schema: { id: 'request', n: 2 } }
    assert.deepEqual(await world.query.form('process-definition', '1'), ofStart)
    assert.equal(await world.query.form('user-task', '501'), null)
    assert.equal(await world.query.form('process-definition', '2'), null)
  })
  test('a task sees its own variables and those around it, inner before outer', async () => {
    const search = { filter: [], sort: [{ field: 'name', order: 'ASC' }], page: { limit: 9 } } as const
    const { items, totalItems } = await world.query.userTaskVariables('500', search)
    assert.deepEqual(
      items.map(({ variableKey }) => variableKey),
      ['602', '601'],
    )
    assert.equal(totalItems, 2)
    const [x] = (await world.query.userTaskVariables('501', search)).items
    assert.equal(x?.variableKey, '605', 'an ended task, from history')
  })
  test('a variable that is still a list in parts is shown whole', async () => {
    await world.insert('variable', { key: 690, scope_key: 690, name: 'results', value: null })
    await world.insert(
      'list_part',
      { key: 692, list_key: 690, items: ['"c"', '[4]'] },
      { key: 691, list_key: 690, items: ['1', 'null'] },
    )
    const { items } = await world.search('variables', where('name', '$eq', 'results'))
    assert.deepEqual(
      items.map(({ value }) => value),
      ['[1,null,"c",[4]]'],
    )
  })
  test('taken flows', async () => {
    assert.deepEqual(await world.query.sequenceFlows('50'), [
      {
        ...{ sequenceFlowId: '50_f1', processInstanceKey: '50', processDefinitionKey: '1' },
        ...{ processDefinitionId: 'permit', elementId: 'f1', tenantId: '<default>' },
      },
    ])
    assert.equal((await world.query.sequenceFlows('100')).length, 2)
  })
  test('counts per element', async () => {
    const count = (elementId: string, [active, canceled, incidents, completed]: readonly number[]) => ({
      ...{ elementId, active, canceled, incidents, completed },
    })
    assert.deepEqual(await world.query.elementStatistics('process-instance', '100'), [
      count('call', [0, 0, 1, 0]),
      count('sub', [0, 0, 1, 0]),
      count('task', [1, 0, 0, 0]),
    ])
    const ofDefinition = [count('late', [0, 1, 0, 0]), count('task', [0, 0, 0, 1])]
    assert.deepEqual(await world.query.elementStatistics('process-definition', '1'), ofDefinition)
    const active = { filter: where('state', '$eq', 'ACTIVE').filter! }
    assert.deepEqual(await world.query.elementStatistics('process-definition', '1', active), [])
  })
})
