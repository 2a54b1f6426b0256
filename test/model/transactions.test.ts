/** Transactions and compensation event sub-processes: which drawings are refused, with the element and the reason. Zeebe refuses all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, extended, flow, refusal, START } from './diagrams.ts'

const cancel = (id: string) => `<bpmn:cancelEventDefinition id="${id}"/>`
const end = (id: string, inside = '') => `<bpmn:endEvent id="${id}">${inside}</bpmn:endEvent>`
const boundary = (id: string, on: string, attributes = '') =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${on}" ${attributes}>${cancel(`${id}d`)}</bpmn:boundaryEvent>`
const sub = (type: string, id: string, inside: string, attributes = '', marker = '') =>
  `<bpmn:${type} id="${id}" ${attributes}>${marker}<bpmn:startEvent id="${id}s"/>${inside}</bpmn:${type}>`
const transaction = (inside: string, attributes = '', marker = '') =>
  sub('transaction', 't', inside, attributes, marker)
const whole = `${transaction(end('x', cancel('xd')))}${boundary('b', 't')}`
const undoing = (id: string, attributes = '', inside = '') =>
  `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${id}s" ${attributes}><bpmn:compensateEventDefinition id="${id}d"/></bpmn:startEvent>${inside}</bpmn:subProcess>`
const listener = (event: string) =>
  extended(
    `<zeebe:executionListeners><zeebe:executionListener eventType="${event}" type="l"/></zeebe:executionListeners>`,
  )
const marker = `<bpmn:multiInstanceLoopCharacteristics>${extended('<zeebe:loopCharacteristics inputCollection="=[1]"/>')}</bpmn:multiInstanceLoopCharacteristics>`
const unsupported = 'Event definition of this type is not supported'

const refused: readonly (readonly [xml: string, element: string, error: string])[] = [
  [
    transaction(end('x')),
    't',
    "Elements of type 'Transaction' are currently not supported. Please refer to the documentation for a list of supported elements: https://docs.camunda.io/docs/components/modeler/bpmn/bpmn-coverage/",
  ],
  [
    transaction(end('x', cancel('xd'))),
    't',
    "Must have a cancel boundary event, because the cancel end event 'x' leads there",
  ],
  [
    `${transaction(end('x'))}${boundary('b', 't')}`,
    't',
    "Must contain a cancel end event, because nothing else leads to the cancel boundary event 'b'",
  ],
  [
    `${transaction(sub('transaction', 'i', end('x', cancel('xd'))) + boundary('ib', 'i'))}${boundary('b', 't')}`,
    't',
    "Must contain a cancel end event, because nothing else leads to the cancel boundary event 'b'",
  ],
  [`${whole}${boundary('c', 't')}`, 't', 'Must have only one cancel boundary event'],
  [
    `${transaction(end('x', cancel('xd')))}${boundary('b', 't', 'cancelActivity="false"')}`,
    'b',
    'Non-Interrupting event of this type is not allowed',
  ],
  [
    `${transaction(end('x', cancel('xd')), '', marker)}${boundary('b', 't')}`,
    't',
    'A transaction cannot be multi-instance. Put it into a sub-process that is',
  ],
  [
    `${transaction(end('x', cancel('xd')), 'isForCompensation="true"')}${boundary('b', 't')}`,
    't',
    'A transaction cannot be a compensation handler. Put it into a sub-process that is',
  ],
  [
    `${transaction(end('x', cancel('xd')), 'triggeredByEvent="true"')}${boundary('b', 't')}`,
    't',
    'A transaction cannot be an event sub-process. Put it into an event sub-process',
  ],
  [`${whole}${end('y', cancel('yd'))}`, 'y', 'A cancel end event must be inside a transaction'],
  [
    `${whole}<bpmn:task id="k"/>${boundary('c', 'k')}`,
    'c',
    'A cancel boundary event must be attached to a transaction',
  ],
  [
    `${transaction(end('x', cancel('xd')) + sub('subProcess', 'h', end('y', cancel('yd')), 'isForCompensation="true"'))}${boundary('b', 't')}`,
    'y',
    'A cancel end event must not be in what undoes: its transaction is over by then',
  ],
  [
    `${transaction(end('x', cancel('xd')) + undoing('u', '', end('y', cancel('yd'))))}${boundary('b', 't')}`,
    'y',
    'A cancel end event must not be in what undoes: its transaction is over by then',
  ],
  [`${whole}<bpmn:startEvent id="z">${cancel('zd')}</bpmn:startEvent>`, 'zd', unsupported],
  [
    `${whole}<bpmn:intermediateThrowEvent id="z">${cancel('zd')}</bpmn:intermediateThrowEvent>`,
    'z',
    'Intermediate throw events must be one of: none, message, signal, escalation, compensation or link',
  ],
  [
    `${transaction(end('x', cancel('xd')).replace('>', `>${listener('end')}`))}${boundary('b', 't')}`,
    'x',
    "Execution listeners of type 'end' are not supported by [cancel] end events",
  ],
  [
    `${transaction(`${end('x', cancel('xd'))}${sub('subProcess', 'h', '', 'isForCompensation="true"')}<bpmn:boundaryEvent id="hb" attachedToRef="h"><bpmn:errorEventDefinition id="hd"/></bpmn:boundaryEvent>`)}${boundary('b', 't')}`,
    'hb',
    'A compensation handler in a transaction must have no boundary events. Put it into a sub-process that is one',
  ],
  [undoing('u'), 'u', 'A compensation event subprocess is not allowed on the process level'],
  [
    sub('subProcess', 'n', undoing('u') + undoing('v')),
    'n',
    'Multiple compensation event subprocesses are not allowed in one subprocess',
  ],
  [
    `<bpmn:adHocSubProcess id="n"><bpmn:task id="k"/>${undoing('u')}</bpmn:adHocSubProcess>`,
    'n',
    'A compensation event subprocess is not allowed in an ad-hoc or event subprocess',
  ],
  [
    sub('subProcess', 'n', undoing('u', '', undoing('v'))),
    'u',
    'A compensation event subprocess is not allowed in an ad-hoc or event subprocess',
  ],
  [
    sub('subProcess', 'n', undoing('u', 'isInterrupting="false"')),
    'u',
    'Non-Interrupting event of this type is not allowed',
  ],
  [
    `${sub('subProcess', 'n', undoing('u'))}<bpmn:boundaryEvent id="b" attachedToRef="n"><bpmn:compensateEventDefinition id="bd"/></bpmn:boundaryEvent>`,
    'n',
    'Must not have both a compensation boundary event and a compensation event subprocess: either undoes it',
  ],
  // Without a transaction in the diagram, in Zeebe's words.
  [
    end('y', cancel('yd')),
    'y',
    'End events must be one of: none, error, message, terminate, signal, escalation or compensation',
  ],
  [end('y', cancel('yd')), 'yd', unsupported],
  [
    `<bpmn:task id="k"/>${boundary('c', 'k')}`,
    'c',
    'Boundary events must be one of: timer, message, error, signal, escalation',
  ],
  [`<bpmn:task id="k"/>${boundary('c', 'k')}`, 'cd', unsupported],
]
for (const [xml, element, error] of refused) {
  test(`${element}: ${error}`, async () => {
    const report = await refusal(diagram(START + xml))
    const [, ours = ''] = report.split(new RegExp(`^- Element: ${RegExp.escape(element)}$`, 'm'))
    const [part = ''] = ours.split('- Element: ')
    assert.ok(part.includes(`    - ERROR: ${error}\n`), report)
  })
}

test('a transaction may be cancelled from a sub-process, an event sub-process and in two places, and has listeners', async () => {
  const inside = [
    end('x', cancel('xd')),
    sub('subProcess', 'n', end('y', cancel('yd'))),
    `<bpmn:subProcess id="v" triggeredByEvent="true"><bpmn:startEvent id="vs"><bpmn:errorEventDefinition id="vd"/></bpmn:startEvent>${end('z', cancel('zd'))}${flow('vs', 'z')}</bpmn:subProcess>`,
  ].join('')
  const xml = `${transaction(inside, '', listener('start'))}${boundary('b', 't')}`
  assert.equal(await refusal(diagram(START + xml)), '')
})
