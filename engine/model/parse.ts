/**
 * XML text → the typed diagram of source.ts.
 *
 * Owns: refusing what is no BPMN 2.0 XML, before any rule looks at it. Does not own: which diagrams can be executed (validate.ts).
 * Invariant P1: what is handed on is well-formed, within bounds, and every id in it is unique.
 */
import { createRequire } from 'node:module'
import { BpmnModdle, type ModdleElement, type ParseResult } from 'bpmn-moddle'
import { SchemaCheck } from './schema.ts'
import { type Definitions, is } from './source.ts'
import { readXml, xmlFault } from './xml.ts'

const moddle = new BpmnModdle({ zeebe: createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json') })

/** Activities that compensation is thrown for and that are not there, by the event definition. */
export type DanglingActivities = ReadonlyMap<ModdleElement, string>

export type Parsed =
  | { readonly ok: true; readonly definitions: Definitions; readonly dangling: DanglingActivities }
  | { readonly ok: false; readonly message: string }

const refused = (message: string): Parsed => ({ ok: false, message })

/** Reports all faults of the schema at once, but only the first fault of the XML. */
export async function parse(xml: string): Promise<Parsed> {
  const schema = new SchemaCheck()
  const fault = readXml(xml, schema) ?? schema.result()
  if (fault !== null) return refused(fault)
  try {
    const { rootElement, warnings } = await moddle.fromXML(xml, 'bpmn:Definitions')
    const unknown = warnings.find((warning) => warning.message.startsWith('unparsable content'))
    if (unknown !== undefined) return refused(faultOf(unknown.message))
    return is(rootElement, 'bpmn:Definitions')
      ? { ok: true, definitions: rootElement, dangling: danglingActivities(warnings) }
      : refused(xmlFault('Error', 1, 'No BPMN definitions.'))
  } catch (error) {
    return refused(faultOf(error instanceof Error ? error.message : String(error)))
  }
}

function danglingActivities(warnings: ParseResult['warnings']): DanglingActivities {
  const dangling = new Map<ModdleElement, string>()
  for (const { element, property, value } of warnings)
    if (element !== undefined && property === 'bpmn:activityRef' && value) dangling.set(element, value)
  return dangling
}

/** moddle's text has the reason first, then `line:` counted from 0. */
function faultOf(message: string): string {
  const [reason = ''] = message.split(/\n\t/, 1)
  const line = Number(/\n\tline: (\d+)/.exec(message)?.[1] ?? 0) + 1
  return xmlFault('Error', line, reason.replace(/\s+/g, ' ').trim())
}
