/** The executable graph as the core reads it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import { shownContext } from '../../engine/model/mappings.ts'
import { compiled, diagram, element, extended, file, flow, START } from './diagrams.ts'

const ids = (elements: readonly { readonly id: string }[]): readonly string[] => elements.map(({ id }) => id)

test('flows, boundary events, event sub-processes and awaited events stand in reverse file order', async () => {
  const timer = '<bpmn:timerEventDefinition><bpmn:timeDuration>PT1M</bpmn:timeDuration></bpmn:timerEventDefinition>'
  const eventSubProcess = (id: string) =>
    `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${id}s">${timer}</bpmn:startEvent></bpmn:subProcess>`
  const process = await compiled(
    diagram(`${START}<bpmn:parallelGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/><bpmn:eventBasedGateway id="w"/>
      <bpmn:boundaryEvent id="b1" attachedToRef="a">${timer}</bpmn:boundaryEvent><bpmn:boundaryEvent id="b2" attachedToRef="a">${timer}</bpmn:boundaryEvent>
      <bpmn:intermediateCatchEvent id="c">${timer}</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="d">${timer}</bpmn:intermediateCatchEvent>
      ${eventSubProcess('x')}${eventSubProcess('y')}
      ${flow('s', 'g')}${flow('g', 'a')}${flow('g', 'b')}${flow('b', 'w')}${flow('w', 'c')}${flow('w', 'd')}`),
  )
  assert.deepEqual(ids(element(process, 'parallel-gateway', 'g').outgoing), ['g_b', 'g_a'])
  assert.deepEqual(ids(element(process, 'task', 'a').boundaryEvents), ['b2', 'b1'])
  assert.deepEqual(ids(process.process.eventSubProcesses), ['y', 'x'])
  assert.deepEqual(ids(element(process, 'event-based-gateway', 'w').events), ['d', 'c'])
  assert.equal(element(process, 'intermediate-catch-event', 'd').behindEventBasedGateway, true)
})

test('the graph is frozen, and every id in it resolves', async () => {
  const process = await compiled(
    diagram(
      `${START}<bpmn:subProcess id="u"><bpmn:startEvent id="us"/><bpmn:endEvent id="ue"/>${flow('us', 'ue')}</bpmn:subProcess>${flow('s', 'u')}`,
    ),
  )
  for (const found of process.elements.values()) {
    assert.ok(Object.isFrozen(found) && Object.isFrozen(found.outgoing) && Object.isFrozen(found.inputs), found.id)
    if (found.flowScope !== null) assert.ok(process.elements.has(found.flowScope), found.id)
  }
  for (const { source, target } of process.flows.values())
    assert.ok(process.elements.has(source) && process.elements.has(target))
  assert.equal(process.process.flowScope, null)
  assert.equal(element(process, 'sub-process', 'u').startEvent?.id, 'us')
  assert.equal(element(process, 'start-event', 'us').flowScope, 'u')
})

test('a job has a type, three retries unless said otherwise, and headers with a value', async () => {
  const process = await compiled(
    diagram(`${START}
      <bpmn:serviceTask id="a">${extended('<zeebe:taskDefinition type="=t"/><zeebe:taskHeaders><zeebe:header key="k" value="v"/><zeebe:header key="empty" value=""/></zeebe:taskHeaders>')}</bpmn:serviceTask>
      <bpmn:sendTask id="b">${extended('<zeebe:taskDefinition type="7" retries="5"/>')}</bpmn:sendTask>`),
  )
  const { type, retries, headers } = element(process, 'job-worker-task', 'a').job
  assert.equal(type.kind === 'feel' && type.source, 't')
  assert.deepEqual([retries, headers], [{ kind: 'static', text: '3' }, { k: 'v' }])
  assert.deepEqual(element(process, 'job-worker-task', 'b').job.retries, { kind: 'static', text: '5' })
  assert.equal(element(process, 'job-worker-task', 'b').bpmnElementType, 'SEND_TASK')
})

test('mappings keep their order and make one context; a target is split at its dots', async () => {
  const process = await compiled(
    diagram(
      `${START}<bpmn:task id="a">${extended('<zeebe:ioMapping><zeebe:input source="1" target="a.b"/><zeebe:input source="=x" target="c"/><zeebe:output source="=y" target="d.e"/></zeebe:ioMapping>')}</bpmn:task>`,
    ),
  )
  const { inputs, outputs } = element(process, 'task', 'a')
  assert.deepEqual(
    inputs?.list.map(({ target }) => target),
    [['a', 'b'], ['c']],
  )
  assert.deepEqual(inputs?.list[0]?.source, { kind: 'static', text: '1' })
  assert.equal(inputs?.context.source, '{a:{b:"1"},c:x}')
  assert.ok(outputs !== null)
  assert.equal(outputs.context.source, '{d:context merge(if (d != null) then d else {},{e:y})}')
  assert.equal(shownContext(outputs), '{d:if (d != null) then context merge(d,{e:y}) else {e:y}}')
  assert.equal(element(process, 'start-event', 's').inputs, null)
})

test('a user task is native with zeebe:userTask, else a job with one retry that keeps the properties', async () => {
  const inside =
    '<zeebe:assignmentDefinition assignee="=a" candidateGroups="x,y"/><zeebe:taskSchedule dueDate="2030-01-01T00:00:00Z"/>'
  const process = await compiled(
    diagram(`${START}
      <bpmn:userTask id="native">${extended(`<zeebe:userTask/>${inside}<zeebe:formDefinition formId="f" bindingType="versionTag" versionTag="v1"/><zeebe:priorityDefinition priority="70"/>`)}</bpmn:userTask>
      <bpmn:userTask id="job">${extended(`${inside}<zeebe:formDefinition formKey="k"/>`)}</bpmn:userTask>`),
  )
  const { properties } = element(process, 'user-task', 'native')
  assert.deepEqual(properties.formId, {
    id: { kind: 'static', text: 'f' },
    binding: { type: 'versionTag', versionTag: 'v1' },
  })
  assert.deepEqual([properties.priority, properties.formKey], [{ kind: 'static', text: '70' }, null])
  const byJob = element(process, 'job-worker-task', 'job')
  assert.deepEqual(byJob.job.type, { kind: 'static', text: 'io.camunda.zeebe:userTask' })
  assert.deepEqual(byJob.job.retries, { kind: 'static', text: '1' })
  assert.equal(byJob.userTask?.formKey, 'k')
  assert.deepEqual(byJob.userTask?.candidateGroups, { kind: 'static', text: 'x,y' })
})

test('a call activity passes everything on unless told not to', async () => {
  const call = (id: string, attributes: string) =>
    `<bpmn:callActivity id="${id}">${extended(`<zeebe:calledElement processId="q" ${attributes}/>`)}</bpmn:callActivity>`
  const process = await compiled(
    diagram(`${START}${call('a', '')}${call('b', 'propagateAllChildVariables="false" bindingType="deployment"')}`),
  )
  const [a, b] = [element(process, 'call-activity', 'a'), element(process, 'call-activity', 'b')]
  assert.deepEqual(
    [a.propagateAllParentVariables, a.propagateAllChildVariables, a.binding],
    [true, true, { type: 'latest' }],
  )
  assert.deepEqual(
    [b.propagateAllParentVariables, b.propagateAllChildVariables, b.binding],
    [true, false, { type: 'deployment' }],
  )
})

test('messages correlate where something waits for them, not where they start a process', async () => {
  const message = `<bpmn:message id="m" name="n">${extended('<zeebe:subscription correlationKey="=key"/>')}</bpmn:message>`
  const listens = '<bpmn:messageEventDefinition messageRef="m"/>'
  const process = await compiled(
    diagram(
      `<bpmn:startEvent id="s">${listens}</bpmn:startEvent><bpmn:receiveTask id="r" messageRef="m"/>
      <bpmn:subProcess id="x" triggeredByEvent="true"><bpmn:startEvent id="xs" isInterrupting="false">${listens}</bpmn:startEvent></bpmn:subProcess>`,
      message,
    ),
  )
  const keyOf = (event: { readonly correlationKey?: unknown }) => event.correlationKey !== null
  const start = element(process, 'start-event', 's')
  const inner = element(process, 'start-event', 'xs')
  assert.ok(start.event.type === 'message' && !keyOf(start.event))
  assert.ok(inner.event.type === 'message' && keyOf(inner.event) && !inner.interrupting)
  assert.ok(keyOf(element(process, 'receive-task', 'r').event))
  assert.equal(process.process.startEvent, null)
  assert.deepEqual(ids(process.process.startEvents), ['s'])
})

test('text around an expression does not count, and a line break inside it does', async () => {
  const process = await compiled(
    diagram(
      `${START}<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/>${flow('s', 'g')}${flow('g', 'a', '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">\n  =x\n  > 1 </bpmn:conditionExpression>')}`,
    ),
  )
  const { condition } = process.flows.get('g_a')!
  assert.equal(condition?.kind === 'feel' && condition.source, 'x\n  > 1')
})

test('processes come in file order; those that are not executable are left out unread', async () => {
  const process = (id: string, executable: boolean, content: string) =>
    `<bpmn:process id="${id}" isExecutable="${executable}">${content}</bpmn:process>`
  const start = (id: string) => `<bpmn:startEvent id="${id}"/>`
  const result = await compileBpmn(
    'test.bpmn',
    file(
      process('b', true, start('s1')) +
        process('drawn', false, '<bpmn:transaction id="t"/>') +
        process('a', true, start('s2')),
    ),
  )
  assert.deepEqual(result.ok && ids(result.processes), ['b', 'a'])
})

test('names that objects have of themselves are names like any other', async () => {
  const process = await compiled(
    diagram(
      `<bpmn:startEvent id="constructor"/><bpmn:serviceTask id="__proto__">${extended('<zeebe:taskDefinition type="t"/><zeebe:taskHeaders><zeebe:header key="__proto__" value="v"/></zeebe:taskHeaders>')}</bpmn:serviceTask>${flow('constructor', '__proto__')}`,
    ),
  )
  assert.deepEqual(Object.entries(element(process, 'job-worker-task', '__proto__').job.headers), [['__proto__', 'v']])
})
