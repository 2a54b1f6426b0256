/** An analyst who opens a delivered diagram sees the fields of each task: its template is applied, and what the diagram sets fits it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModdleElement } from 'bpmn-moddle'
import { isA, many, text } from '../../processes/diagram.ts'
import type { ElementTemplate, TemplateProperty } from '../../workers/kit/element-template.ts'
import { generated, TEMPLATES } from '../../workers/kit/generate.ts'
import { everyElement, extensions } from './diagrams.ts'

const templates: ReadonlyMap<string, ElementTemplate> = new Map(
  [...(await generated())]
    .filter(([path]) => path.startsWith(TEMPLATES))
    .flatMap(([, written]) => JSON.parse(written) as readonly ElementTemplate[])
    .map((template) => [template.id, template]),
)
const KINDS = ['ServiceTask', 'SendTask', 'CallActivity']
const tasks = everyElement.filter(({ element }) => KINDS.some((kind) => isA(element, kind)))
const attribute = (element: ModdleElement, name: string): string => String(element.get(`zeebe:${name}`) ?? '')
const mapped = (element: ModdleElement, side: 'inputParameters' | 'outputParameters') =>
  extensions(element, 'IoMapping')
    .flatMap((mapping) => many(mapping, side))
    .map((one) => ({ source: text(one, 'source'), target: text(one, 'target') }))

test('each task of a job type and each call of a shared process names its template, with version and icon', () => {
  assert.ok(tasks.length > 0, 'nothing was looked at')
  const bare = tasks.filter(({ element }) => {
    const template = templates.get(attribute(element, 'modelerTemplate'))
    return (
      template === undefined ||
      !template.appliesTo.includes(element.$type) ||
      attribute(element, 'modelerTemplateVersion') !== String(template.version) ||
      attribute(element, 'modelerTemplateIcon') !== template.icon.contents
    )
  })
  assert.deepEqual(
    bare.map(({ path, element }) => `${path}#${element.id}: run npm run templates`),
    [],
  )
})

/** Where a property of the template is kept in the diagram; null where the diagram says nothing of it. */
function kept(element: ModdleElement, { binding }: TemplateProperty): string | null {
  const [definition] = [...extensions(element, 'TaskDefinition'), ...extensions(element, 'CalledElement')]
  switch (binding.type) {
    case 'zeebe:taskDefinition':
    case 'zeebe:calledElement':
      return text(definition!, binding.property!) || null
    case 'zeebe:input':
      return mapped(element, 'inputParameters').find(({ target }) => target === binding.name)?.source ?? null
    case 'zeebe:output':
      return mapped(element, 'outputParameters').find(({ source }) => source === binding.source)?.target ?? null
    default:
      throw new Error(`Expected a binding that diagrams keep, but found ${binding.type}.`)
  }
}

function faultOf(element: ModdleElement, property: TemplateProperty): string | null {
  const value = kept(element, property)
  const name = property.id ?? property.binding.property
  if (property.constraints?.notEmpty && (value ?? '') === '') return `${name} is empty`
  if (value === null) return null
  if (property.type === 'Hidden' && value !== property.value) return `${name} is ${value}`
  if (property.choices && !property.choices.some((choice) => choice.value === value)) return `${name} is ${value}`
  return property.feel === 'required' && !value.startsWith('=') ? `${name} is no expression` : null
}

test('what a diagram sets fits the template: known properties, constraints kept', () => {
  const faults = tasks.flatMap(({ path, element }) => {
    const { properties } = templates.get(attribute(element, 'modelerTemplate'))!
    const known = new Set(properties.map(({ binding }) => binding.type === 'zeebe:input' && binding.name))
    const unknown = mapped(element, 'inputParameters').filter(({ target }) => !known.has(target))
    return [
      ...properties.flatMap((property) => faultOf(element, property) ?? []),
      ...unknown.map(({ target }) => `ingresso.${target} is of no field`),
    ].map((fault) => `${path}#${element.id}: ${fault}`)
  })
  assert.deepEqual(faults, [])
})
