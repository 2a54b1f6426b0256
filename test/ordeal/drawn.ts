/** How the ordeal draws the processes of its own: elements and flows as text, without a picture. */

/** FEEL, without its `=`. */
export type Mappings = Readonly<Record<string, string>>

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&#34;')
const mappings = (tag: 'input' | 'output', of: Mappings): string =>
  Object.entries(of)
    .map(([target, source]) => `<zeebe:${tag} source="=${attribute(source)}" target="${target}" />`)
    .join('')
const mapped = (inputs: Mappings, outputs: Mappings): string =>
  `<zeebe:ioMapping>${mappings('input', inputs)}${mappings('output', outputs)}</zeebe:ioMapping>`

/** The practice, as if its request had been filed. */
export const FILED_PRACTICE =
  'context put(pratica, "protocollo", {numero: "0000001", anno: 2027, registro: "PROTOCOLLO", data: pratica.ricevutaIl})'

export interface Step {
  readonly type: string
  readonly inputs: Mappings
  readonly outputs?: Mappings
}
export const serviceTask = (id: string, { type, inputs, outputs = {} }: Step): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><zeebe:taskDefinition type="${type}" />${mapped(inputs, outputs)}</bpmn:extensionElements></bpmn:serviceTask>`

/** Nothing passes to or from the called process but what is mapped. */
export const callActivity = (id: string, process: string, inputs: Mappings, outputs: Mappings): string =>
  `<bpmn:callActivity id="${id}"><bpmn:extensionElements><zeebe:calledElement processId="${process}" propagateAllParentVariables="false" propagateAllChildVariables="false" />${mapped(inputs, outputs)}</bpmn:extensionElements></bpmn:callActivity>`

export const userTask = (id: string): string =>
  `<bpmn:userTask id="${id}"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>`

/** `definition`: which event, as BPMN writes it. */
export const boundaryEvent = (id: string, at: string, definition: string): string =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${at}">${definition}</bpmn:boundaryEvent>`
export const errorEvent = (error: string): string => `<bpmn:errorEventDefinition errorRef="${error}" />`
export const messageEvent = (message: string): string => `<bpmn:messageEventDefinition messageRef="${message}" />`

export const endEvent = (id: string, outputs: Mappings = {}): string =>
  `<bpmn:endEvent id="${id}"><bpmn:extensionElements>${mapped({}, outputs)}</bpmn:extensionElements></bpmn:endEvent>`

export const flow = (from: string, to: string): string =>
  `<bpmn:sequenceFlow id="da-${from}-a-${to}" sourceRef="${from}" targetRef="${to}" />`

export const error = (id: string, code: string): string => `<bpmn:error id="${id}" errorCode="${code}" />`
/** `key`: FEEL, without its `=`. */
export const message = (id: string, name: string, key: string): string =>
  `<bpmn:message id="${id}" name="${name}"><bpmn:extensionElements><zeebe:subscription correlationKey="=${attribute(key)}" /></bpmn:extensionElements></bpmn:message>`

export const diagram = (process: string, content: readonly string[], known: readonly string[] = []): string =>
  `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="${process}-modello" targetNamespace="ordeal">${known.join('')}<bpmn:process id="${process}" isExecutable="true">${content.join('')}</bpmn:process></bpmn:definitions>`
