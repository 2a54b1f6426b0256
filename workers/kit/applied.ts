/**
 * The templates applied in the delivered diagrams, as the Modeler does it when an analyst picks one: three attributes on each task of a
 * job type and each call of a shared process. Owns those attributes alone: what a task reads and writes is its author's. The file stays
 * as it was drawn, to the byte, but for them.
 */
import type { ElementTemplate } from './element-template.ts'

const OPENED = /<bpmn:(serviceTask|sendTask|callActivity) ([^>]*?)( \/)?>/g
const BOUND = {
  serviceTask: /<zeebe:taskDefinition type="([^"=]+)"/,
  sendTask: /<zeebe:taskDefinition type="([^"=]+)"/,
  callActivity: /<zeebe:calledElement processId="([^"=]+)"/,
} as const
const APPLIED = / ?zeebe:modelerTemplate(?:Version|Icon)?="[^"]*"/g

/** `templates` by what they are bound to: the job type, or the id of the called process. */
export function withTemplates(xml: string, templates: ReadonlyMap<string, ElementTemplate>): string {
  return xml.replaceAll(OPENED, (_tag: string, kind: keyof typeof BOUND, attributes: string, end = '', at: number) => {
    const own = end === '' ? xml.slice(at, xml.indexOf(`</bpmn:${kind}>`, at)) : ''
    const template = templates.get(BOUND[kind].exec(own)?.[1] ?? '')
    const drawn = attributes.replaceAll(APPLIED, '')
    if (template === undefined) return `<bpmn:${kind} ${drawn}${end}>`
    const { id, version, icon } = template
    const applied = `zeebe:modelerTemplate="${id}" zeebe:modelerTemplateVersion="${version}" zeebe:modelerTemplateIcon="${icon.contents}"`
    return `<bpmn:${kind} ${drawn} ${applied}${end}>`
  })
}
