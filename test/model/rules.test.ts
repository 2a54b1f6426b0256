/** One faulty diagram for each rule; those that are recorded from Zeebe are in deploy-rejections.test.ts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, extended, file, flow, refusal, START } from './diagrams.ts'

const TIMER =
  '<bpmn:timerEventDefinition id="td"><bpmn:timeDuration>PT1M</bpmn:timeDuration></bpmn:timerEventDefinition>'
const CYCLE = '<bpmn:timerEventDefinition id="td"><bpmn:timeCycle>R/PT1M</bpmn:timeCycle></bpmn:timerEventDefinition>'
const CONDITION = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=x</bpmn:conditionExpression>'
const on = (message: string) => `<bpmn:messageEventDefinition id="on_${message}" messageRef="${message}"/>`
const message = (id: string, name = id) =>
  `<bpmn:message id="${id}" name="${name}">${extended('<zeebe:subscription correlationKey="=k"/>')}</bpmn:message>`
const job = extended('<zeebe:taskDefinition type="t"/>')
const catching = (id: string, definition: string) =>
  `<bpmn:intermediateCatchEvent id="${id}">${definition}</bpmn:intermediateCatchEvent>`
const conditional = (feel: string, filter = '', id = 'd') =>
  `<bpmn:conditionalEventDefinition id="${id}">${filter && extended(filter)}<bpmn:condition>${feel}</bpmn:condition></bpmn:conditionalEventDefinition>`
const userTask = (inside: string) => diagram(`${START}<bpmn:userTask id="u">${extended(inside)}</bpmn:userTask>`)
const mapped = (io: string) =>
  diagram(`${START}<bpmn:task id="t">${extended(`<zeebe:ioMapping>${io}</zeebe:ioMapping>`)}</bpmn:task>`)
const twoErrors = '<bpmn:error id="e" errorCode="C"/>'
const boundaryError = (id: string, ref: string) =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="t"><bpmn:errorEventDefinition id="${id}d" ${ref}/></bpmn:boundaryEvent>`

const rules: readonly (readonly [xml: string, element: string, error: string])[] = [
  [file('<bpmn:process id="p" isExecutable="false"/>'), 'definitions', 'Must contain at least one executable process'],
  [diagram(''), 'p', 'Must have at least one start event'],
  [
    diagram(START.replace('"s"', `"${'s'.repeat(256)}"`)),
    's'.repeat(256),
    'IDs must not be longer than the configured max-id-length of 255 characters.',
  ],
  [diagram('<bpmn:startEvent/>'), 'p > startEvent', 'Element id must be present and not empty.'],
  [
    diagram(
      `<bpmn:startEvent id="a">${on('m1')}</bpmn:startEvent><bpmn:startEvent id="b">${on('m2')}</bpmn:startEvent>`,
      message('m1', 'n') + message('m2', 'n'),
    ),
    'p',
    "Multiple message event definitions with the same name 'n' are not allowed.",
  ],
  [diagram(`${START}<bpmn:subProcess id="u"/>`), 'u', 'Must have exactly one start event'],
  [
    diagram(`${START}<bpmn:subProcess id="u"><bpmn:startEvent id="us">${TIMER}</bpmn:startEvent></bpmn:subProcess>`),
    'u',
    'Start events in subprocesses must be of type none',
  ],
  [
    diagram(`${START}<bpmn:subProcess id="u" triggeredByEvent="true"><bpmn:startEvent id="us"/></bpmn:subProcess>`),
    'u',
    'Start events in event subprocesses must be one of: message, timer, error, signal or escalation',
  ],
  [
    diagram(
      `${START}<bpmn:subProcess id="u" triggeredByEvent="true"><bpmn:startEvent id="us">${CYCLE}</bpmn:startEvent></bpmn:subProcess>`,
    ),
    'u',
    'Interrupting timer event with time cycle is not allowed.',
  ],
  [
    diagram(`${START}<bpmn:task id="t"/><bpmn:boundaryEvent id="b" attachedToRef="s">${TIMER}</bpmn:boundaryEvent>`),
    'b',
    'Must be attached to an activity',
  ],
  [
    diagram(
      `${START}<bpmn:task id="t"/><bpmn:boundaryEvent id="b" attachedToRef="t">${TIMER}</bpmn:boundaryEvent>${flow('s', 'b')}`,
    ),
    'b',
    'Cannot have incoming sequence flows',
  ],
  [
    diagram(`${START}<bpmn:task id="t"/>${boundaryError('b', '')}${boundaryError('c', '')}`),
    't',
    'The same scope can not contain more than one error catch event without error code. An error catch event without error code catches all errors.',
  ],
  [
    diagram(
      `${START}<bpmn:task id="t"/>${boundaryError('b', 'errorRef="e"')}${boundaryError('c', 'errorRef="e"')}`,
      twoErrors,
    ),
    't',
    "Multiple error catch events with the same error code 'C' are not supported on the same scope.",
  ],
  [
    diagram(`${START}<bpmn:endEvent id="e"/><bpmn:task id="t"/>${flow('e', 't')}`),
    'e',
    'End events must not have outgoing sequence flows to other elements.',
  ],
  [
    diagram(`${START}<bpmn:endEvent id="e">${TIMER}</bpmn:endEvent>`),
    'e',
    'End events must be one of: none, error, message, terminate, signal, escalation or compensation',
  ],
  [
    diagram(`${START}<bpmn:endEvent id="e"><bpmn:errorEventDefinition id="d"/></bpmn:endEvent>`),
    'd',
    'Must reference an error',
  ],
  [diagram(`${START}${catching('c', '')}`), 'c', 'Must have exactly one event definition'],
  [
    diagram(`${START}${catching('c', '<bpmn:terminateEventDefinition id="d"/>')}`),
    'c',
    'Event definition must be one of: message, timer, signal, or link',
  ],
  [diagram(`${START}${catching('c', '<bpmn:messageEventDefinition id="d"/>')}`), 'd', 'Must reference a message'],
  [
    diagram(`${START}${catching('c', on('m'))}`, '<bpmn:message id="m" name="n"/>'),
    'm',
    'Must have exactly one zeebe:subscription extension element',
  ],
  [
    diagram(
      `${START}<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>${flow('g', 'a', CONDITION)}${flow('g', 'b')}`,
    ),
    'g_b',
    'Must have a condition or be default flow',
  ],
  [
    diagram(
      `${START}<bpmn:inclusiveGateway id="g"/><bpmn:task id="a"/><bpmn:task id="b"/>${flow('g', 'a', CONDITION)}${flow('g', 'b')}`,
    ),
    'g_b',
    'Must have a condition',
  ],
  [
    diagram(`${START}<bpmn:exclusiveGateway id="g" default="s_g"/>${flow('s', 'g')}`),
    'g',
    'Default flow must start at gateway',
  ],
  [
    diagram(`${START}<bpmn:task id="a"/><bpmn:task id="b"/>${flow('a', 'b', CONDITION)}`),
    'a',
    'Conditional sequence flows are only supported at exclusive or inclusive gateway',
  ],
  [
    diagram(
      `${START}<bpmn:eventBasedGateway id="g"/>${catching('c', on('m'))}${catching('d', on('n'))}${flow('g', 'c')}${flow('g', 'd')}`,
      message('m', 'x') + message('n', 'x'),
    ),
    'g',
    "Multiple message event definitions with the same name 'x' are not allowed.",
  ],
  [
    diagram(
      `${START}<bpmn:eventBasedGateway id="g"/>${catching('c', TIMER)}${catching('d', on('m'))}${flow('g', 'c')}${flow('g', 'd')}${flow('s', 'd')}`,
      message('m'),
    ),
    'g',
    'Target elements of an event gateway must not have any additional incoming sequence flows other than that from the event gateway.',
  ],
  [
    diagram(`${START}<bpmn:sendTask id="t"/>`),
    't',
    "Must have either one 'zeebe:publishMessage' or one 'zeebe:taskDefinition' extension element",
  ],
  [
    diagram(`${START}<bpmn:callActivity id="c"/>`),
    'c',
    "Must have exactly one 'zeebe:calledElement' extension element",
  ],
  [
    diagram(
      `${START}<bpmn:receiveTask id="r" messageRef="m"/><bpmn:boundaryEvent id="b" attachedToRef="r">${on('m')}</bpmn:boundaryEvent>`,
      message('m'),
    ),
    'r',
    'Cannot reference the same message name as a boundary event',
  ],
  [
    diagram(
      `${START}<bpmn:serviceTask id="t">${extended('<zeebe:taskDefinition type="t" retries="=1 +"/>')}</bpmn:serviceTask>`,
    ),
    't > extensionElements > taskDefinition',
    `failed to parse expression '1 +': Expected (binaryComparison | between | instanceOf | in | "and" | "or" | end-of-input):1:3, found "+"`,
  ],
  [
    diagram(
      `${START}<bpmn:serviceTask id="t">${extended('<zeebe:taskDefinition type="t"/><zeebe:taskHeaders><zeebe:header key="io.camunda.zeebe:x" value="v"/></zeebe:taskHeaders>')}</bpmn:serviceTask>`,
    ),
    't > extensionElements > taskHeaders',
    "Attribute 'key' contains 'io.camunda.zeebe:x', but header keys starting with 'io.camunda.zeebe:' are reserved for internal use.",
  ],
  [
    diagram(
      `${START}<bpmn:serviceTask id="t">${extended('<zeebe:taskDefinition type="t"/><zeebe:taskHeaders><zeebe:header key="x" value="v"/><zeebe:header key="x" value="w"/></zeebe:taskHeaders>')}</bpmn:serviceTask>`,
    ),
    't > extensionElements > taskHeaders',
    "Headers contain duplicate entries for key 'x'",
  ],
  [
    mapped('<zeebe:input source="=x" target="a-b"/>'),
    't > extensionElements > ioMapping > input',
    "Expected path expression 'a-b' but doesn't match the pattern '[a-zA-Z_][a-zA-Z0-9_]*(\\.[a-zA-Z_][a-zA-Z0-9_]*)*'.",
  ],
  [
    mapped('<zeebe:input source="=x" target="null"/>'),
    't > extensionElements > ioMapping > input',
    "Expected path expression 'null' but is one of the reserved words (null, true, false, function, if, then, else, for, between, instance, of).",
  ],
  [
    mapped('<zeebe:output source="x" target="a"/>'),
    't > extensionElements > ioMapping > output',
    "Expected expression but found static value 'x'. An expression must start with '=' (e.g. '=x').",
  ],
  [
    mapped(`<zeebe:input source="=x" target="${new Array(17).fill('a').join('.')}"/>`),
    't > extensionElements > ioMapping > input',
    'Expected a target of at most 16 names, but found 17. Build the context in FEEL.',
  ],
  [
    mapped('<zeebe:input source="=x // what it is" target="a"/><zeebe:input source="=y" target="b"/>'),
    't > extensionElements > ioMapping',
    "Failed to build variable mapping expression: failed to parse expression '{a:x // what it is,b:y}': Expected '}' for the '{' at 1:1, but the expression ends.",
  ],
  [
    mapped('<zeebe:input source="C:\\" target="a"/>'),
    't > extensionElements > ioMapping',
    "Failed to build variable mapping expression: failed to parse expression '{a:\"C:\\\"}': Expected the text at 1:4 to end with '\"', but it does not.",
  ],
  [
    mapped('<zeebe:output source="=x" target="then.b"/>'),
    't > extensionElements > ioMapping',
    "Failed to build variable mapping expression: failed to parse expression '{then:if (then != null) then context merge(then,{b:x}) else {b:x}}': Expected a value after '(', but found 'then'.",
  ],
  [
    userTask('<zeebe:assignmentDefinition candidateUsers="a,,b"/>'),
    'u > extensionElements > assignmentDefinition',
    "Expected static value to be a list of comma-separated values, e.g. 'a,b,c', but found 'a,,b'.",
  ],
  [
    userTask('<zeebe:userTask/><zeebe:priorityDefinition priority="high"/>'),
    'u > extensionElements > priorityDefinition',
    "Expected static value to be a valid Number between 0 and 100, but found 'high'.",
  ],
  [
    userTask('<zeebe:userTask/><zeebe:priorityDefinition priority="101"/>'),
    'u > extensionElements > priorityDefinition',
    "Priority must be a number between 0 and 100, but was '101'",
  ],
  [
    userTask('<zeebe:formDefinition formId="f" formKey="k"/>'),
    'u > extensionElements > formDefinition',
    "Exactly one of the attributes 'formId, formKey' must be present and not blank",
  ],
  [
    userTask('<zeebe:formDefinition formId="f" bindingType="newest"/>'),
    'u > extensionElements > formDefinition',
    "Attribute 'bindingType' must be one of: deployment, latest, versionTag",
  ],
  [
    userTask('<zeebe:userTask/><zeebe:userTask/>'),
    'u',
    "Must have exactly one 'zeebe:userTask' extension element when exists. Please check process definition XML and retain only one extension element.",
  ],
  [
    diagram(
      `<bpmn:startEvent id="s"><bpmn:timerEventDefinition id="d"><bpmn:timeDate>soon</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:startEvent>`,
    ),
    's',
    "Invalid timer date expression (Invalid date-time format 'soon' for expression 'soon'.)",
  ],
  [
    diagram(
      `<bpmn:startEvent id="s"><bpmn:timerEventDefinition id="d"><bpmn:timeDuration>10</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:startEvent>`,
    ),
    's',
    "Invalid timer duration expression (Expected result of the expression '10' to be one of '[DURATION, PERIOD, STRING]', but was 'NUMBER'.)",
  ],
  [
    diagram(
      `<bpmn:startEvent id="s"><bpmn:timerEventDefinition id="d"><bpmn:timeCycle>often</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>`,
    ),
    's',
    'Invalid timer cycle expression (Cron expression contains 1 parts but we expect one of [6])',
  ],
  [
    diagram(`${START}<bpmn:task id="t"><bpmn:multiInstanceLoopCharacteristics id="l"/></bpmn:task>`),
    'l',
    "Must have exactly one 'zeebe:loopCharacteristics' extension element",
  ],
  [
    diagram(`${START}<bpmn:endEvent id="e"><bpmn:signalEventDefinition id="d"/></bpmn:endEvent>`),
    'd',
    'Must reference a signal',
  ],
  [
    diagram(`${START}<bpmn:complexGateway id="g"/>`),
    'g',
    "Elements of type 'ComplexGateway' are currently not supported. Please refer to the documentation for a list of supported elements: https://docs.camunda.io/docs/components/modeler/bpmn/bpmn-coverage/",
  ],
  [
    diagram(
      `${START}${catching('c', '<bpmn:conditionalEventDefinition id="d"><bpmn:condition/></bpmn:conditionalEventDefinition>')}`,
    ),
    'd > condition',
    "Attribute 'condition' must be present and not empty",
  ],
  [
    diagram(
      `${START}${catching('c', conditional('=x', '<zeebe:conditionalFilter variableEvents="create, delete"/>'))}`,
    ),
    'd > extensionElements > conditionalFilter',
    "Variable event 'delete' is not valid. Must be one of: create, update or a comma-separated list of both.",
  ],
  [
    diagram(
      `<bpmn:startEvent id="a">${conditional('=x', '', 'd1')}</bpmn:startEvent><bpmn:startEvent id="b">${conditional('=x', '', 'd2')}</bpmn:startEvent>`,
    ),
    'p',
    "Duplicate condition expression '=x' found in conditional start events of process 'p'. Condition expressions for conditional start events must be unique within a process.",
  ],
  [
    diagram(`${START}<bpmn:endEvent id="e">${conditional('=x')}</bpmn:endEvent>`),
    'e',
    'End events must be one of: none, error, message, terminate, signal, escalation or compensation',
  ],
  [
    diagram(`${START}<bpmn:intermediateThrowEvent id="e">${conditional('=x')}</bpmn:intermediateThrowEvent>`),
    'e',
    'Intermediate throw events must be one of: none, message, signal, escalation, compensation or link',
  ],
  [
    diagram(`${START}${catching('c', conditional('x &gt; 1'))}`),
    'd > condition',
    "Expected expression but found static value 'x > 1'. An expression must start with '=' (e.g. '=x > 1').",
  ],
  [
    file(
      `<bpmn:process id="p" isExecutable="true">${START}${flow('s', 't')}</bpmn:process><bpmn:process id="q" isExecutable="true"><bpmn:startEvent id="t"/></bpmn:process>`,
    ),
    's_t',
    'Must lead from one flow node to another of the same process',
  ],
]
for (const [xml, element, error] of rules) {
  test(`${error.slice(0, 90)}`, async () => {
    const text = await refusal(xml)
    const part = text
      .split(/(?=^- Element: )/m)
      .find((one) => one.startsWith(`- Element: ${element}\n`) && one.includes(error))
    assert.ok(part?.includes(`    - ERROR: ${error}\n`), text)
  })
}

const gateway = (id: string) => `<bpmn:exclusiveGateway id="${id}" default="${id}_out"/>`
const loops: readonly (readonly [name: string, xml: string, loop: string | null])[] = [
  [
    'of tasks',
    diagram(`${START}<bpmn:task id="a"/><bpmn:manualTask id="b"/>${flow('s', 'a')}${flow('a', 'b')}${flow('b', 'a')}`),
    'a > b > a',
  ],
  [
    'of gateways alone',
    diagram(
      `${START}${gateway('g')}<bpmn:exclusiveGateway id="h"/><bpmn:endEvent id="out"/>${flow('s', 'g')}${flow('g', 'h', CONDITION)}${flow('h', 'g')}${flow('g', 'out')}`,
    ),
    null,
  ],
  [
    'with a job in it',
    diagram(
      `${START}<bpmn:task id="a"/><bpmn:serviceTask id="b">${job}</bpmn:serviceTask>${flow('s', 'a')}${flow('a', 'b')}${flow('b', 'a')}`,
    ),
    null,
  ],
  [
    'through a sub-process',
    diagram(
      `${START}<bpmn:subProcess id="u"><bpmn:startEvent id="us"/><bpmn:task id="ut"/>${flow('us', 'ut')}</bpmn:subProcess>${flow('s', 'u')}${flow('u', 'u')}`,
    ),
    'ut > u > us > ut',
  ],
  [
    'through a process that calls itself',
    diagram(
      `${START}<bpmn:callActivity id="c">${extended('<zeebe:calledElement processId="p"/>')}</bpmn:callActivity>${flow('s', 'c')}`,
    ),
    'c > s > c',
  ],
]
for (const [name, xml, loop] of loops) {
  test(`a loop ${name} is ${loop === null ? 'let pass' : 'refused'}`, async () => {
    const text =
      loop &&
      `- Process: p\n    - ERROR: Processes are not allowed to contain a straight-through processing loop: ${loop}\n`
    assert.equal(await refusal(xml), text ?? '')
  })
}
