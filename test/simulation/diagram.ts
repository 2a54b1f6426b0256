/** Diagrams in a few words, for tests that draw their own: elements by id, flows by their ends. No interchange, no layout. */

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="t">`

/** Zeebe's extension elements. */
export const extensions = (...inner: readonly string[]): string =>
  `<bpmn:extensionElements>${inner.join('')}</bpmn:extensionElements>`
export const jobType = (type: string): string => extensions(`<zeebe:taskDefinition type="${type}"/>`)
export const script = (expression: string, result: string): string =>
  extensions(`<zeebe:script expression="${expression}" resultVariable="${result}"/>`)
export const calls = (processId: string, more = ''): string =>
  extensions(`<zeebe:calledElement processId="${processId}" ${more}/>`)
const listenersOf = (kind: 'execution' | 'task', events: readonly string[]): string => {
  const each = events.map((event) => `<zeebe:${kind}Listener eventType="${event}" type="work"/>`).join('')
  return `<zeebe:${kind}Listeners>${each}</zeebe:${kind}Listeners>`
}
export const taskListeners = (...events: readonly string[]): string => listenersOf('task', events)
/** The inside of an element with listeners added to its extension elements. */
export function listened(inner: string, ...events: readonly ('start' | 'end')[]): string {
  const listeners = listenersOf('execution', events)
  const head = '<bpmn:extensionElements>'
  return inner.startsWith(head) ? `${head}${listeners}${inner.slice(head.length)}` : extensions(listeners) + inner
}
/** FEEL: the ids that begin by themselves. */
export const adHoc = (elements: string): string => extensions(`<zeebe:adHoc activeElementsCollection="=${elements}"/>`)
export const completion = (condition: string): string =>
  `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=${condition}</bpmn:completionCondition>`
export const message = (name: string): string => `<bpmn:messageEventDefinition messageRef="${name}"/>`
export const timer = (kind: 'timeDate' | 'timeDuration' | 'timeCycle', text: string): string =>
  `<bpmn:timerEventDefinition><bpmn:${kind} xsi:type="bpmn:tFormalExpression">${text}</bpmn:${kind}></bpmn:timerEventDefinition>`
export const error = (code: string): string => `<bpmn:errorEventDefinition errorRef="${code}"/>`
export const signal = (name: string): string => `<bpmn:signalEventDefinition signalRef="${name}"/>`
/** FEEL without its `=`; `events`: the changes that count. */
export const condition = (feel: string, events = ''): string => {
  const filter = events === '' ? '' : extensions(`<zeebe:conditionalFilter variableEvents="${events}"/>`)
  return `<bpmn:conditionalEventDefinition>${filter}<bpmn:condition xsi:type="bpmn:tFormalExpression">= ${feel}</bpmn:condition></bpmn:conditionalEventDefinition>`
}
export const escalation = (code: string): string => `<bpmn:escalationEventDefinition escalationRef="${code}"/>`
/** These three need ids. */
export const link = (id: string, name: string): string => `<bpmn:linkEventDefinition id="${id}" name="${name}"/>`
export const compensation = (id: string): string => `<bpmn:compensateEventDefinition id="${id}"/>`
export const cancel = (id: string): string => `<bpmn:cancelEventDefinition id="${id}"/>`
export const terminate = '<bpmn:terminateEventDefinition id="terminate"/>'

export interface Loop {
  readonly isSequential?: boolean
  /** FEEL, as are the others. */
  readonly items: string
  /** The completion condition; '' when all are to complete. */
  readonly until?: string
  /** Where the results go; '' when nowhere. */
  readonly collection?: string
  readonly result?: string
}
/** The mark of a multi-instance activity. Its item is called `item`. */
export function multiInstance({
  isSequential = false,
  items,
  until = '',
  collection = '',
  result = 'item',
}: Loop): string {
  const output = collection === '' ? '' : `outputCollection="${collection}" outputElement="=${result}"`
  const loop = extensions(`<zeebe:loopCharacteristics inputCollection="=${items}" inputElement="item" ${output}/>`)
  const condition =
    until === ''
      ? ''
      : `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=${until}</bpmn:completionCondition>`
  return `<bpmn:multiInstanceLoopCharacteristics isSequential="${isSequential}">${loop}${condition}</bpmn:multiInstanceLoopCharacteristics>`
}

/** The elements of a process or sub-process, in the order of the file. */
export class Scope {
  readonly #parts: string[] = []
  readonly #associations: string[] = []
  readonly #reached = new Set<string>()
  #flows = 0

  /** @param type the element's name in BPMN: `serviceTask` */
  add(type: string, id: string, inner = '', attributes = ''): this {
    this.#parts.push(`<bpmn:${type} id="${id}" ${attributes}>${inner}</bpmn:${type}>`)
    return this
  }
  /** A flow, named after its ends. */
  flow(from: string, to: string, condition?: string): this {
    return this.named(`${from}.${to}.${++this.#flows}`, from, to, condition)
  }
  /** A flow that a gateway names as its default. */
  named(id: string, from: string, to: string, condition?: string): this {
    const when =
      condition === undefined
        ? ''
        : `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
    this.#reached.add(to)
    this.#parts.push(`<bpmn:sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}">${when}</bpmn:sequenceFlow>`)
    return this
  }
  /** Whether a flow leads there. */
  reaches(id: string): boolean {
    return this.#reached.has(id)
  }
  /** From a compensation event to its handler. */
  association(from: string, to: string): this {
    this.#associations.push(`<bpmn:association id="${from}.${to}" sourceRef="${from}" targetRef="${to}"/>`)
    return this
  }
  /** Flows through all of them in turn. */
  path(...ids: readonly string[]): this {
    for (const [i, id] of ids.slice(1).entries()) this.flow(ids[i]!, id)
    return this
  }
  get xml(): string {
    return [...this.#parts, ...this.#associations].join('\n')
  }
}

export interface Definitions {
  readonly processes: Readonly<Record<string, Scope>>
  /** Name to the expression of its correlation key; a start message needs none. */
  readonly messages?: Readonly<Record<string, string>>
  readonly errors?: readonly string[]
  readonly signals?: readonly string[]
  readonly escalations?: readonly string[]
}

export function diagram({
  processes,
  messages = {},
  errors = [],
  signals = [],
  escalations = [],
}: Definitions): Buffer {
  const subscription = (key: string) => (key === '' ? '' : extensions(`<zeebe:subscription correlationKey="${key}"/>`))
  const parts = [
    HEAD,
    ...Object.entries(messages).map(
      ([name, key]) => `<bpmn:message id="${name}" name="${name}">${subscription(key)}</bpmn:message>`,
    ),
    ...signals.map((name) => `<bpmn:signal id="${name}" name="${name}"/>`),
    ...escalations.map((code) => `<bpmn:escalation id="${code}" escalationCode="${code}"/>`),
    ...errors.map((code) => `<bpmn:error id="${code}" name="${code}" errorCode="${code}"/>`),
    ...Object.entries(processes).map(
      ([id, scope]) => `<bpmn:process id="${id}" isExecutable="true">${scope.xml}</bpmn:process>`,
    ),
    '</bpmn:definitions>',
  ]
  return Buffer.from(parts.join('\n'))
}
