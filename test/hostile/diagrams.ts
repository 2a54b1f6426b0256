/** Diagrams of a few elements, made of text that an attacker chooses. */

const escaped = (text: string): string => text.replace(/[&<>"'\n]/g, (character) => `&#${character.charCodeAt(0)};`)

export const definitions = (content: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">${content}</bpmn:definitions>`

const process = (id: string, element: string, rest = ''): string =>
  definitions(`<bpmn:process id="${escaped(id)}" isExecutable="true">
    <bpmn:startEvent id="start"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="it"/>
    ${element}<bpmn:sequenceFlow id="f2" sourceRef="it" targetRef="end"/><bpmn:endEvent id="end"/></bpmn:process>${rest}`)

const extended = (element: string, extensions: string): string =>
  `<bpmn:${element} id="it"><bpmn:extensionElements>${extensions}</bpmn:extensionElements></bpmn:${element}>`

/** A service task of the type. */
export const serviceTask = (id: string, type: string, more = '', retries = '3'): string =>
  process(
    id,
    extended('serviceTask', `<zeebe:taskDefinition type="${escaped(type)}" retries="${escaped(retries)}"/>${more}`),
  )
export const input = (source: string): string =>
  `<zeebe:ioMapping><zeebe:input source="${escaped(source)}" target="x"/></zeebe:ioMapping>`

/** A script task with the expression. */
export const script = (id: string, expression: string): string =>
  process(id, extended('scriptTask', `<zeebe:script expression="${escaped(expression)}" resultVariable="result"/>`))

/** Waits for a message under the correlation key that the expression makes. */
export const waiting = (id: string, correlationKey: string): string =>
  process(
    id,
    `<bpmn:receiveTask id="it" messageRef="m"/>`,
    `<bpmn:message id="m" name="${escaped(id)}"><bpmn:extensionElements><zeebe:subscription correlationKey="${escaped(correlationKey)}"/></bpmn:extensionElements></bpmn:message>`,
  )

/** Waits for a timer of that duration. */
export const timer = (id: string, duration: string): string =>
  process(
    id,
    `<bpmn:intermediateCatchEvent id="it"><bpmn:timerEventDefinition id="t"><bpmn:timeDuration>${escaped(duration)}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`,
  )

/** A user task with the assignee that the expression makes. */
export const userTask = (id: string, assignee: string): string =>
  process(id, extended('userTask', `<zeebe:userTask/><zeebe:assignmentDefinition assignee="${escaped(assignee)}"/>`))

export const decision = (id: string, expression: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d-${id}" name="d" namespace="t"><decision id="${id}" name="d">
  <variable id="v" name="v"/><literalExpression id="l"><text>${escaped(expression)}</text></literalExpression></decision></definitions>`

export const oneTask = serviceTask('one-task', 'one-task')
