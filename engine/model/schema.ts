/**
 * The rules of BPMN's XML schema that hand-written and generated diagrams break: unique ids, references that resolve, children in
 * order. Zeebe checks the whole schema before it looks at the model; what we leave out is caught by parse.ts or harmless.
 */
import { type Tag, type XmlVisitor, xmlFault } from './xml.ts'

const BPMN = 'http://www.omg.org/spec/BPMN/20100524/MODEL'
const BPMN_DI = 'http://www.omg.org/spec/BPMN/20100524/DI'

/** Children of one element must not fall back in rank; a tag without rank may stand anywhere. */
const ranks: readonly (readonly string[])[] = [
  ['documentation'],
  ['extensionElements'],
  ['auditing', 'monitoring'],
  ['categoryValueRef'],
  ['incoming'],
  ['outgoing'],
  ['ioSpecification'],
  ['property'],
  ['dataInput', 'dataOutput'],
  ['dataInputAssociation'],
  ['dataOutputAssociation'],
  ['inputSet', 'outputSet'],
  ['standardLoopCharacteristics', 'multiInstanceLoopCharacteristics'],
  [
    ...[
      'message',
      'timer',
      'error',
      'signal',
      'escalation',
      'compensate',
      'link',
      'conditional',
      'cancel',
      'terminate',
    ].map((event) => `${event}EventDefinition`),
  ],
  ['laneSet'],
  [
    ...[
      'startEvent',
      'endEvent',
      'intermediateCatchEvent',
      'intermediateThrowEvent',
      'boundaryEvent',
      'event',
      'implicitThrowEvent',
    ],
    ...[
      'task',
      'serviceTask',
      'sendTask',
      'receiveTask',
      'userTask',
      'manualTask',
      'scriptTask',
      'businessRuleTask',
      'callActivity',
    ],
    ...['exclusiveGateway', 'parallelGateway', 'inclusiveGateway', 'eventBasedGateway', 'complexGateway'],
    ...[
      'subProcess',
      'adHocSubProcess',
      'transaction',
      'sequenceFlow',
      'dataObject',
      'dataObjectReference',
      'dataStoreReference',
    ],
  ],
  ['association', 'group', 'textAnnotation'],
]
const rankOf: ReadonlyMap<string, number> = new Map(
  ranks.flatMap((tags, rank) => tags.map((tag) => [tag, rank] as const)),
)

/** Attributes that the schema types as references to an id; most other references are names, which may dangle. */
const references: ReadonlyMap<string, readonly string[]> = new Map([
  ['sequenceFlow', ['sourceRef', 'targetRef']],
  ['dataObjectReference', ['dataObjectRef']],
])
const NC_NAME = /^[\p{L}_][\p{L}\p{N}\p{M}\u00b7._-]*$/u

interface OpenElement {
  readonly local: string
  rank: number
  text: string
}

export class SchemaCheck implements XmlVisitor {
  readonly #faults: string[] = []
  readonly #ids = new Set<string>()
  readonly #references: { readonly id: string; readonly line: number }[] = []
  readonly #open: OpenElement[] = []

  open({ uri, local, attributes, line }: Tag): void {
    if (this.#open.length === 0 && (uri !== BPMN || local !== 'definitions')) {
      this.#fault(line, `Cannot find the declaration of element '${local}'.`)
    }
    if (uri === BPMN) this.#checkOrder(local, line)
    if (uri === BPMN || uri === BPMN_DI) {
      const attribute = (name: string) => attributes.find((one) => one.name === name)?.value
      this.#checkId(attribute('id'), line)
      const required = references.get(local) ?? []
      for (const name of required) this.#checkRequired(local, name, attribute(name), line)
      this.#refer(attribute('default'), line)
    }
    this.#open.push({ local: uri === BPMN ? local : '', rank: 0, text: '' })
  }

  text(text: string): void {
    const element = this.#open.at(-1)
    if (element?.local === 'flowNodeRef') element.text += text
  }

  close(): void {
    const element = this.#open.pop()
    if (element?.local === 'flowNodeRef') this.#refer(element.text.trim(), 0)
  }

  /** Null when the document keeps the rules. */
  result(): string | null {
    for (const { id, line } of this.#references) {
      if (!this.#ids.has(id)) this.#fault(line, `There is no ID/IDREF binding for IDREF '${id}'.`)
    }
    return this.#faults.length === 0 ? null : this.#faults.join('\n')
  }

  #fault(line: number, reason: string): void {
    this.#faults.push(xmlFault('Error', line, reason))
  }

  #checkOrder(local: string, line: number): void {
    const parent = this.#open.at(-1)
    const rank = rankOf.get(local)
    if (parent === undefined || rank === undefined) return
    if (rank < parent.rank)
      this.#fault(
        line,
        `Invalid content was found starting with element '${local}': it must stand earlier in '${parent.local}'.`,
      )
    else parent.rank = rank
  }

  #checkId(id: string | undefined, line: number): void {
    if (id === undefined) return
    if (!NC_NAME.test(id)) this.#fault(line, `'${id}' is not a valid value for 'NCName'.`)
    else if (this.#ids.has(id)) this.#fault(line, `There are multiple occurrences of ID value '${id}'.`)
    else this.#ids.add(id)
  }

  #checkRequired(local: string, name: string, id: string | undefined, line: number): void {
    if (id === undefined && local === 'sequenceFlow')
      this.#fault(line, `Attribute '${name}' must appear on element '${local}'.`)
    this.#refer(id, line)
  }

  #refer(id: string | undefined, line: number): void {
    if (id !== undefined && id !== '') this.#references.push({ id, line })
  }
}
