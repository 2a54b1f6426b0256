/** Signals, escalations, links and compensation: which diagrams are refused, in Zeebe 8.8's words, and which are not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compiled, diagram, element, flow, refusal, START } from './diagrams.ts'

const signal = (ref = '') => `<bpmn:signalEventDefinition id="sd" ${ref && `signalRef="${ref}"`}/>`
const escalation = (ref = '') => `<bpmn:escalationEventDefinition id="ed" ${ref && `escalationRef="${ref}"`}/>`
const link = (name: string, id = 'ld') => `<bpmn:linkEventDefinition id="${id}" name="${name}"/>`
const compensation = (attributes = '', id = 'cd') => `<bpmn:compensateEventDefinition id="${id}" ${attributes}/>`
const start = (id: string, inside: string, attributes = '') =>
  `<bpmn:startEvent id="${id}" ${attributes}>${inside}</bpmn:startEvent>`
const thrown = (id: string, inside: string) =>
  `<bpmn:intermediateThrowEvent id="${id}">${inside}</bpmn:intermediateThrowEvent>`
const caught = (id: string, inside: string) =>
  `<bpmn:intermediateCatchEvent id="${id}">${inside}</bpmn:intermediateCatchEvent>`
const end = (inside: string) => `<bpmn:endEvent id="e">${inside}</bpmn:endEvent>`
const boundary = (id: string, on: string, inside: string, attributes = '') =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${on}" ${attributes}>${inside}</bpmn:boundaryEvent>`
const eventSubProcess = (id: string, inside: string) =>
  `<bpmn:subProcess id="${id}" triggeredByEvent="true">${start(`${id}s`, inside.replaceAll('d"', `d${id}"`))}</bpmn:subProcess>`
const subProcess = (id: string, inside = '') =>
  `<bpmn:subProcess id="${id}">${start(`${id}s`, '')}${inside}</bpmn:subProcess>`
const association = (from: string, to: string) => `<bpmn:association id="as" sourceRef="${from}" targetRef="${to}"/>`
const handler = (id: string) => `<bpmn:task id="${id}" isForCompensation="true"/>`
const aSignal = (name = 'n') => `<bpmn:signal id="S" name="${name}"/>`
const anEscalation = (code = 'C') => `<bpmn:escalation id="E" escalationCode="${code}"/>`
/** A task that can be undone, and more after it. */
const undoable = (more = '', on = compensation()) =>
  `${START}<bpmn:task id="t"/>${boundary('b', 't', on)}${handler('h')}${more}${association('b', 'h')}`

const refused: readonly (readonly [xml: string, element: string, error: string])[] = [
  [diagram(`${START}${end(signal())}`), 'sd', 'Must reference a signal'],
  [diagram(`${START}${end(signal('S'))}`, aSignal('')), 'S', 'Name must be present and not empty'],
  [
    diagram(start('s', signal('S')) + start('s2', signal('S').replace('sd', 'sd2')), aSignal('n')),
    'p',
    "Multiple signal event definitions with the same name 'n' are not allowed.",
  ],
  [
    diagram(start('s', signal('S')), aSignal('=x')),
    's',
    "Expected constant expression of type String for signal name '=x', but was NULL",
  ],
  [
    diagram(`${START}${eventSubProcess('u', signal('S'))}${eventSubProcess('v', signal('S'))}`, aSignal()),
    'p',
    "Multiple signal event definitions with the same name 'n' are not allowed.",
  ],
  [diagram(`${START}${thrown('t', escalation())}`), 'ed', 'Must reference an escalation'],
  [diagram(`${START}${end(escalation('E'))}`, anEscalation('')), 'E', 'EscalationCode must be present and not empty'],
  [
    diagram(`${START}${eventSubProcess('u', escalation('E'))}`, anEscalation('=x')),
    'edu',
    'The escalationCode of the escalation catch event is not allowed to be an expression',
  ],
  [
    diagram(`${START}${eventSubProcess('u', escalation('E'))}${eventSubProcess('v', escalation('E'))}`, anEscalation()),
    'p',
    "Multiple escalation catch events with the same escalation code 'C' are not supported on the same scope.",
  ],
  [
    diagram(`${START}${eventSubProcess('u', escalation())}${eventSubProcess('v', escalation())}`),
    'p',
    'The same scope can not contain more than one escalation catch event without escalation code. An escalation catch event without escalation code catches all escalations.',
  ],
  [
    diagram(`${START}<bpmn:task id="t"/>${boundary('b', 't', escalation('E'))}`, anEscalation()),
    'b',
    'An escalation boundary event should only be attached to a subprocess, or a call activity.',
  ],
  [diagram(`${START}${caught('c', link(''))}`), 'ld', 'Link name must be present and not empty.'],
  [
    diagram(`${START}${caught('c', link('L'))}${caught('d', link('L', 'ld2'))}`),
    'p',
    "Multiple intermediate catch link event definitions with the same name 'L' are not allowed.",
  ],
  [
    diagram(`${START}${caught('c', link('L'))}${subProcess('u', caught('d', link('L', 'ld2')))}`),
    'p',
    "Multiple intermediate catch link event definitions with the same name 'L' are not allowed.",
  ],
  [
    diagram(`${START}${caught('c', link('L'))}${subProcess('u', thrown('t', link('L', 'ld2')))}`),
    'u',
    "Can't find an catch link event for the throw link event with the name 'L'.",
  ],
  [
    diagram(`${START}<bpmn:task id="t"/>${boundary('b', 't', compensation())}`),
    'b',
    'Compensation boundary events must have a compensation association and no outgoing sequence flows',
  ],
  [
    diagram(undoable(flow('b', 't'))),
    'b',
    'Compensation boundary events must have a compensation association and no outgoing sequence flows',
  ],
  [diagram(undoable(flow('t', 'h'))), 'h', 'A compensation handler should have no incoming sequence flows'],
  [diagram(undoable(flow('h', 't'))), 'h', 'A compensation handler should have no outgoing sequence flows'],
  [
    diagram(undoable(boundary('hb', 'h', signal('S'))), aSignal()),
    'h',
    'A compensation handler should have no boundary events',
  ],
  [
    diagram(undoable(thrown('w', compensation('waitForCompletion="false"', 'cd2')))),
    'w',
    'A compensation intermediate throwing event waitForCompletion attribute must be true or not present',
  ],
  [
    diagram(undoable(end(compensation('waitForCompletion="false"', 'cd2')))),
    'e',
    'A compensation end event waitForCompletion attribute must be true or not present',
  ],
  [
    diagram(undoable(end(compensation('activityRef="z"', 'cd2')))),
    'cd2',
    "The referenced compensation activity 'z' doesn't exist",
  ],
  [
    diagram(undoable(end(compensation('activityRef="h"', 'cd2')))),
    'cd2',
    "The referenced compensation activity 'h' must have either a compensation boundary event or be a subprocess",
  ],
  [
    diagram(undoable(subProcess('u', end(compensation('activityRef="t"', 'cd2'))))),
    'cd2',
    "The referenced compensation activity 't' must be in the same scope as the compensation throw event",
  ],
  [
    diagram(undoable('', compensation()).replace('attachedToRef="t"', 'attachedToRef="t" cancelActivity="false"')),
    'b',
    'Non-Interrupting event of this type is not allowed',
  ],
]
for (const [xml, id, error] of refused) {
  test(`${id}: ${error}`, async () => assert.equal(await refusal(xml), `- Element: ${id}\n    - ERROR: ${error}\n`))
}

const accepted: readonly (readonly [name: string, xml: string])[] = [
  [
    'a start signal with a constant expression',
    diagram(start('s', signal('S')), aSignal('=&quot;a&quot; + &quot;b&quot;')),
  ],
  [
    'a catch-all beside a code',
    diagram(`${START}${eventSubProcess('u', escalation())}${eventSubProcess('v', escalation('E'))}`, anEscalation()),
  ],
  [
    'links of one name in scopes apart',
    diagram(`${START}${subProcess('u', thrown('t', link('L')) + caught('c', link('L', 'l2')))}`),
  ],
  [
    'compensation of an activity around an event sub-process',
    diagram(
      undoable(
        eventSubProcess('u', signal('S')).replace(
          '</bpmn:subProcess>',
          `${end(compensation('activityRef="t"', 'cd2'))}</bpmn:subProcess>`,
        ),
      ),
      aSignal(),
    ),
  ],
]
for (const [name, xml] of accepted) test(`${name} is let pass`, async () => assert.equal(await refusal(xml), ''))

test('a link knows its target, a compensation event its handler', async () => {
  const process = await compiled(diagram(undoable(thrown('w', link('L')) + caught('c', link('L', 'l2')))))
  assert.deepEqual(element(process, 'intermediate-throw-event', 'w').event, { type: 'link', target: 'c' })
  assert.equal(element(process, 'boundary-event', 'b').handler, 'h')
})
