/** What a scenario can say, on a diagram of its own; and what is said of one that does not hold or cannot be read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filesLike, textOf } from '../house/sources.ts'
import { coverageOfDecisions, coverageOfDiagram, coveragePicture } from './coverage.ts'
import { type Played, play } from './rehearsal.ts'
import { readScript, ScriptError } from './script.ts'

const diagram = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="t">
  <bpmn:process id="request" name="Request" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="check"><bpmn:extensionElements><zeebe:taskDefinition type="request.check" retries="2"/></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:userTask id="decide"><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="late" attachedToRef="decide"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P10D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:endEvent id="decided"/>
    <bpmn:endEvent id="expired"/>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="check"/>
    <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="decide"/>
    <bpmn:sequenceFlow id="f3" sourceRef="decide" targetRef="decided"/>
    <bpmn:sequenceFlow id="f4" sourceRef="late" targetRef="expired"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="p"><bpmndi:BPMNPlane id="pl" bpmnElement="request">
    <bpmndi:BPMNShape id="s1" bpmnElement="begin"><dc:Bounds x="100" y="100" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="late"><dc:Bounds x="200" y="100" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e1" bpmnElement="f1"><di:waypoint x="136" y="118"/><di:waypoint x="200" y="118"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e4" bpmnElement="f4"><di:waypoint x="218" y="136"/><di:waypoint x="218" y="180"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`
const table = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="fees" name="Fees" namespace="t" modeler:executionPlatform="Camunda Cloud">
  <decision id="fee" name="Fee"><decisionTable id="ft" hitPolicy="UNIQUE">
    <input id="fi"><inputExpression id="fe"><text>assert(amount, amount &gt;= 0, "an amount below zero")</text></inputExpression></input>
    <output id="fo" name="fee"/>
    <rule id="free"><inputEntry id="r1i"><text>&lt; 10</text></inputEntry><outputEntry id="r1o"><text>0</text></outputEntry></rule>
    <rule id="tenth"><inputEntry id="r2i"><text>&gt;= 10</text></inputEntry><outputEntry id="r2o"><text>amount / 10</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>`
const resources = [
  { name: 'request.bpmn', content: Buffer.from(diagram) },
  { name: 'fees.dmn', content: Buffer.from(table) },
]

async function played(lines: string): Promise<Played> {
  const [scenario] = readScript(`given clock 2027-03-01T10:00\nscenario one\n${lines}`)
  return play(scenario!, resources)
}
async function faultOf(lines: string): Promise<string> {
  const { fault } = await played(lines)
  return fault === null ? 'none' : `${fault.line}: ${fault.message}`
}
const ANSWERED = 'given job request.check answers { "sound": true }\nwhen start request { "amount": 0.10 }\n'

test('what is given, done and expected', async () => {
  const holds = `${ANSWERED}then open decide
then job request.check 1 { "amount": 0.1 }
then sound and amount = 0.10
when clock + P9DT23H59M
then running
when complete decide { "yes":
  true }
then done check
then yes
then ended 2027-03-11T09:59
never late, request.undo`
  assert.equal(await faultOf(holds), 'none')
})

test('a message has a key or none, and carries a document, what stands in braces, or both', () => {
  const sent = (words: string) => {
    const [{ statements } = { statements: [] }] = readScript(
      `given document paper { "a": 1, "b": 2 }\nscenario one\nwhen message ${words}`,
    )
    const { line: _, ...message } = statements[0]!
    return message
  }
  const message = { do: 'message', name: 'paper.came' }
  assert.deepEqual(sent('paper.came 7 with paper { "b": null }'), { ...message, key: '7', variables: { a: 1 } })
  assert.deepEqual(sent('paper.came with paper'), { ...message, key: null, variables: { a: 1, b: 2 } })
  assert.deepEqual(sent('paper.came 7 { "c": 3 }'), { ...message, key: '7', variables: { c: 3 } })
  assert.deepEqual(sent('paper.came'), { ...message, key: null, variables: {} })
})

test('a decision is asked alone, and the rules that fired count as taken', async () => {
  const { fault, told } = await played('when decide fee { "amount": 12.50 }\nthen decided = 1.25')
  assert.equal(fault, null)
  assert.deepEqual(
    coverageOfDecisions(table, told.rules).map(({ missed }) => missed),
    [['fee/free']],
  )
})

test('time passes by the clock of the town, and what is due on the way happens at its own time', async () => {
  const { told, fault } = await played(`${ANSWERED}when clock 2027-04-01T00:00\nthen ended 2027-03-11T10:00`)
  assert.equal(fault, null)
  assert.ok(told.trace.includes('2027-03-11T10:00  late'), told.trace.join('\n'))
})

test('days across a change of hour keep the hour of the town', async () => {
  const lines = `given clock 2027-03-27T10:00\n${ANSWERED}when clock + P1D\nwhen complete decide\nthen ended 2027-03-28T10:00`
  assert.equal(await faultOf(lines), 'none')
})

for (const [what, lines, fault] of [
  [
    'an open task that is not',
    `${ANSWERED}then open check`,
    /^5: Expected open tasks to be \["check"\], but found \["decide"\]/,
  ],
  ['a task that is not open', 'when complete decide', /^3: Expected an open task decide, but none is open/],
  [
    'what must never be',
    `${ANSWERED}never decide`,
    /^2: Expected what must never be to be \[\], but found \["decide"\]/,
  ],
  [
    'what comes only later',
    `${ANSWERED}when clock + P1D\nnever late`,
    /Expected what must never be to be \[\], but found \["late"\]/,
  ],
  [
    'time that goes back',
    'when clock 2027-02-01T00:00',
    /^3: Expected time to go on, but it is 2027-03-01T10:00 already/,
  ],
  [
    'a job without worker',
    'when start request',
    /^3: Expected a worker for request\.check, but there is none\. Say: given job/,
  ],
  ['an unknown process', 'when start nothing.known', /^3: .*nothing\.known/],
  [
    'an incident nobody speaks of',
    'given job request.check fails broken\nwhen start request\nwhen clock + PT1H',
    /^5: Expected no incident, but there is one at check: broken\./,
  ],
  [
    'a condition that is false',
    `${ANSWERED}then amount > 1`,
    /^5: Expected amount > 1 to be "true", but found "false"/,
  ],
  ['a decision that fails', 'when decide fee { "amount": -1 }', /^3: .*an amount below zero/],
  ['a decision that is not there', 'when decide tax', /^3: .*tax/],
  ['a condition that is no FEEL', `${ANSWERED}then amount >`, /^5: Expected FEEL, but /],
] as const) {
  test(`does not hold: ${what}`, async () => assert.match(await faultOf(lines), fault))
}

test('an incident is spoken of, and what stopped is tried again', async () => {
  const lines = `given job request.check fails broken
when start request
then incident check
given job request.check answers
when retry
then open decide`
  assert.equal(await faultOf(lines), 'none')
})

for (const [text, line, message] of [
  ['when clock 2027-01-01T00:00', 1, /Expected a line 'scenario NAME' before the first 'when'/],
  ['scenario a\nwhenever', 2, /Expected scenario, given, when, then or never, but found 'whenever'/],
  ['given clock yesterday', 1, /Expected a time of the town such as 2027-03-01T10:00, but found 'yesterday'/],
  ['scenario a\nwhen clock + ten days', 2, /Expected a duration such as \+ P10D/],
  ['scenario a\nwhen start x {', 2, /Expected JSON from the first brace on/],
  ['scenario a\nwhen start x with y', 2, /Expected 'with' and the name of a given document, but found 'with y'/],
  ['given job x dances', 1, /Expected answers, throws, fails or works, but found 'dances'/],
  ['scenario a\n\n# b\nthen done x often', 4, /Expected a number of times, but found 'often'/],
] as const) {
  test(`cannot be read: ${text.split('\n').at(-1)}`, () => {
    assert.throws(
      () => readScript(text),
      (error: unknown) => error instanceof ScriptError && error.line === line && message.test(error.message),
    )
  })
}

test('what no scenario took is named, and red in the picture', async () => {
  const { told } = await played(`${ANSWERED}when complete decide`)
  const { total, missed } = await coverageOfDiagram(diagram, told.taken)
  assert.deepEqual([total, missed], [5, ['late', 'f4']])
  const picture = await coveragePicture(diagram, told.taken)
  assert.match(picture, /<title>Request: 3 di 5 passaggi percorsi dagli scenari<\/title>/)
  const colourOf = (id: string) => new RegExp(`id="${id}">.*?stroke="(#[0-9a-f]+)"`).exec(picture)?.[1]
  assert.notEqual(colourOf('f1'), colourOf('f4'))
  assert.equal(colourOf('late'), colourOf('f4'))
})

test('the words of the guide can be read', () => {
  const [guide = ''] = filesLike('docs/scenarios.md').map(textOf)
  const [, example = ''] = /```scenari\n(.*?)```/s.exec(guide) ?? []
  assert.equal(readScript(example).length, 1)
})
