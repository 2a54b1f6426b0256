/**
 * The Modeler's element template of a step (schema: @camunda/zeebe-element-templates-json-schema). Owns how each field is asked for in the
 * properties panel. Does not own what a field is (fields.ts).
 */
import { areaOf, iconOf } from './areas.ts'
import { feelText } from './feel-text.ts'
import type { Field } from './fields.ts'
import type { Step } from './step.ts'
import { EFFECTS, errorsLine } from './words.ts'

/** As in the schema; only what we write. */
export interface ElementTemplate {
  readonly $schema: string
  readonly name: string
  readonly id: string
  readonly version: number
  readonly description: string
  readonly keywords: readonly string[]
  readonly appliesTo: readonly string[]
  readonly engines: { readonly camunda: string }
  readonly category: { readonly id: string; readonly name: string }
  readonly icon: { readonly contents: string }
  readonly groups: readonly { readonly id: string; readonly label: string }[]
  readonly properties: readonly TemplateProperty[]
}
export interface TemplateProperty {
  readonly type: 'Hidden' | 'String' | 'Text' | 'Dropdown'
  readonly binding: { readonly type: string; readonly [key: string]: string }
  readonly id?: string
  readonly label?: string
  readonly description?: string
  readonly group?: string
  readonly value?: string | boolean
  readonly optional?: boolean
  readonly feel?: 'optional' | 'required'
  readonly placeholder?: string
  readonly choices?: readonly { readonly name: string; readonly value: string }[]
  readonly constraints?: { readonly notEmpty: boolean }
}

const SCHEMA = 'https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json'
const RETRIES = '3'

export function elementTemplate(step: Step, version: number): ElementTemplate {
  const { id, area, title, purpose, effect, inputs, outputs, errors, kind } = step
  const { name } = areaOf(area)
  return {
    $schema: SCHEMA,
    name: title,
    id: `iter.${id}`,
    version,
    description: [purpose, effect === null ? '' : EFFECTS[effect], errorsLine(errors)].filter(Boolean).join(' '),
    keywords: [id, name],
    appliesTo: kind === 'job' ? ['bpmn:ServiceTask', 'bpmn:SendTask'] : ['bpmn:CallActivity'],
    engines: { camunda: '^8.6' },
    category: { id: `iter.${area}`, name: `Iter: ${name}` },
    icon: { contents: iconOf(areaOf(area)) },
    groups: [
      { id: 'ingresso', label: 'Che cosa riceve' },
      { id: 'uscita', label: 'Che cosa restituisce' },
      { id: 'guasti', label: 'Tentativi ed errori' },
    ],
    properties: [...boundTo(step), ...inputs.map(inputProperty), ...outputs.map(outputProperty)],
  }
}

function boundTo({ kind, id, errors }: Step): readonly TemplateProperty[] {
  if (kind === 'process') {
    const called = (property: string) => ({ type: 'zeebe:calledElement', property })
    return [{ type: 'Hidden', value: id, binding: called('processId') }]
  }
  const task = (property: string) => ({ type: 'zeebe:taskDefinition', property })
  return [
    { type: 'Hidden', value: id, binding: task('type') },
    {
      ...{ type: 'String', id: 'tentativi', label: 'Tentativi', value: RETRIES, feel: 'optional', group: 'guasti' },
      description: ['Quante volte si prova prima di un incidente.', errorsLine(errors)].filter(Boolean).join(' '),
      binding: task('retries'),
    },
  ]
}

function inputProperty(field: Field): TemplateProperty {
  const { name, title, description, isRequired, shape } = field
  const common = {
    ...{ id: `ingresso.${name}`, label: title, group: 'ingresso', binding: { type: 'zeebe:input', name } },
    description: isRequired ? description : `${description} Se è vuoto vale la variabile ${name}, se c’è.`,
    ...(isRequired ? { constraints: { notEmpty: true } } : { optional: true }),
  }
  switch (shape.kind) {
    case 'choice':
      return { ...common, type: 'Dropdown', choices: [...shape.choices, fromVariable(name)] }
    case 'text':
      return { ...common, type: 'String', feel: 'optional', ...filling(field, String(field.example)) }
    case 'number':
    case 'truth':
      return { ...common, type: 'String', feel: 'required', ...filling(field, feelText(field.example)) }
    case 'context':
    case 'map':
    case 'list':
    case 'either':
    case 'anything':
      return {
        ...{ ...common, type: 'Text', feel: 'required' },
        ...filling({ ...field, feel: field.feel ?? (isRequired ? name : null) }, feelText(field.example)),
      }
  }
}

/** A list of choices takes no expression: what was chosen before is one more choice. */
const fromVariable = (name: string) => ({ name: `come nella variabile ${name}`, value: `=${name}` })

/** What the author of the schema says fills it, else an example in the empty box. */
const filling = ({ feel }: Field, example: string): Pick<TemplateProperty, 'value' | 'placeholder'> => ({
  ...(feel !== null && { value: `=${feel}` }),
  placeholder: example,
})

const outputProperty = ({ name, title, description }: Field): TemplateProperty => ({
  ...{ id: `uscita.${name}`, type: 'String', label: title, group: 'uscita', value: name, optional: true },
  description: `${description} Il nome della variabile in cui resta.`,
  binding: { type: 'zeebe:output', source: `=${name}` },
})
