/**
 * XML text → the typed diagram of source.ts.
 *
 * Owns: refusing what is no BPMN 2.0 XML, before any rule looks at it. Does not own: which diagrams can be executed (validate.ts).
 * Invariant P1: what is handed on is well-formed, within bounds, and every id in it is unique.
 */
import { createRequire } from 'node:module'
import { BpmnModdle, type ModdleElement, type ParseResult } from 'bpmn-moddle'
import { children, type Definitions, is } from './source.ts'
import { readXml, xmlFault } from './xml.ts'
import { SchemaCheck } from './xml-schema/check.ts'

interface Vocabulary {
  readonly types: readonly unknown[]
}
const zeebe: Vocabulary = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json')
/** Known to Zeebe, but not to the Modeler. */
const publishMessage = {
  name: 'PublishMessage',
  superClass: ['Element'],
  properties: [{ name: 'correlationKey', isAttr: true, type: 'String' }],
}
const moddle = new BpmnModdle({ zeebe: { ...zeebe, types: [...zeebe.types, publishMessage] } })

/** Ids that an element refers to and that are not there, by the property that names them. */
export type DanglingReferences = ReadonlyMap<
  ModdleElement,
  readonly { readonly property: string; readonly id: string }[]
>

export type Parsed =
  | { readonly ok: true; readonly definitions: Definitions; readonly dangling: DanglingReferences }
  | { readonly ok: false; readonly message: string }

const refused = (message: string): Parsed => ({ ok: false, message })

/** Reports all faults of the schema at once, but only the first fault of the XML. */
export async function parse(xml: string): Promise<Parsed> {
  const schema = new SchemaCheck()
  const fault = readXml(xml, schema) ?? schema.result()
  if (fault !== null) return refused(fault)
  try {
    const { rootElement, warnings } = await moddle.fromXML(xml, 'bpmn:Definitions')
    if (!is(rootElement, 'bpmn:Definitions')) return refused(xmlFault('Error', 1, 'No BPMN definitions.'))
    forgetEmptyAttributes(rootElement)
    return { ok: true, definitions: rootElement, dangling: danglingReferences(warnings) }
  } catch (error) {
    return refused(faultOf(error instanceof Error ? error.message : String(error)))
  }
}

/** As in Zeebe an empty attribute is one that is not there, so that its default holds. */
function forgetEmptyAttributes(element: ModdleElement): void {
  for (const { name, isAttr } of element.$descriptor.properties ?? [])
    if (isAttr === true && element.get(name) === '') element.set(name, undefined)
  for (const { child } of children(element)) forgetEmptyAttributes(child)
}

function danglingReferences(warnings: ParseResult['warnings']): DanglingReferences {
  const dangling = new Map<ModdleElement, { property: string; id: string }[]>()
  for (const { element, property, value } of warnings) {
    if (element === undefined || property === undefined || !value) continue
    const others = dangling.get(element) ?? []
    dangling.set(element, [...others, { property, id: value }])
  }
  return dangling
}

/** moddle's text has the reason first, then `line:` counted from 0. */
function faultOf(message: string): string {
  const [reason = ''] = message.split(/\n\t/, 1)
  const line = Number(/\n\tline: (\d+)/.exec(message)?.[1] ?? 0) + 1
  return xmlFault('Error', line, reason.replace(/\s+/g, ' ').trim())
}
