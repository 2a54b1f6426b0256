import type { ContainerElement, ExecutableElement, ExecutableProcess } from '../../model/executable.ts'
import type { CommandOf, Key } from '../../protocol/records.ts'
import { bind } from '../behaviors/calls.ts'
import { beginInside, openScope } from '../behaviors/element-activation.ts'
import { stoppingStart } from '../behaviors/suspensions.ts'
import { createAll } from '../behaviors/variables.ts'
import { entriesOf } from '../documents.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ProcessDefinition } from '../state/rows.ts'

type Command = CommandOf<'PROCESS_INSTANCE_CREATION'>

/**
 * Emits VARIABLE CREATED for each variable, PROCESS_INSTANCE_CREATION CREATED; the PROCESS follows by a command.
 * With start instructions the instance begins at the named elements instead of its none start event: the scopes around them are
 * opened before CREATED.
 * Rejects: INVALID_ARGUMENT (neither id nor key, a start instruction), NOT_FOUND (definition), INVALID_STATE (no none start event),
 * ALREADY_EXISTS (the business id, where they are to be unique).
 */
export function create(p: Processing, command: Command): void {
  const {
    variables = '{}',
    startInstructions = [],
    runtimeInstructions = [],
    tags = [],
    businessId = '',
    tenantId = '<default>',
  } = command.value
  const definition = wanted(p, command)
  requireNotSuspended(p, definition)
  const process = p.process(definition.key)
  for (const { elementId } of startInstructions) checkStart(process, elementId)
  if (startInstructions.length === 0 && process.process.startEvent === null) {
    refuse('INVALID_STATE', 'Expected to create instance of process with none start event, but there is no such event')
  }
  if (businessId !== '' && p.settings.hasUniqueBusinessIds) checkUnique(p, definition, businessId)
  const named = businessId === '' ? {} : { businessId }
  const key = p.newKey()
  p.begin(key, key)
  createAll(p, { key, processInstanceKey: key, processDefinitionKey: definition.key, tenantId }, entriesOf(variables))
  const awaitsResult = command.intent === 'CREATE_WITH_AWAITING_RESULT' ? (command.value.fetchVariables ?? []) : null
  if (awaitsResult !== null) p.notice({ kind: 'answerLater', key })
  const wishes = {
    tags,
    ...named,
    terminateAfter: runtimeInstructions.map((instruction) => instruction.afterElementId),
    awaitsResult,
  }
  const value = {
    bpmnElementType: 'PROCESS',
    processInstanceKey: key,
    processDefinitionKey: definition.key,
    tenantId,
    ...wishes,
  } as const
  if (startInstructions.length === 0) p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', key, value)
  else
    beginAt(
      p,
      key,
      value,
      startInstructions.map((instruction) => process.elements.get(instruction.elementId)!),
    )
  p.emit('PROCESS_INSTANCE_CREATION', 'CREATED', p.newKey(), {
    bpmnProcessId: definition.bpmnProcessId,
    version: definition.version,
    processDefinitionKey: definition.key,
    processInstanceKey: key,
    startInstructions,
    runtimeInstructions,
    tags,
    ...named,
    tenantId,
    ...(awaitsResult && { fetchVariables: awaitsResult }),
  })
}

/** Of all versions of the process, among instances that nobody called. Source: Camunda docs 8.9 › Process instance creation. */
function checkUnique(p: Processing, { tenantId, bpmnProcessId }: ProcessDefinition, businessId: string): void {
  if (p.state.find('instancesWithBusinessId', tenantId, bpmnProcessId, businessId).size === 0) return
  refuse(
    'ALREADY_EXISTS',
    `Expected to create instance of process with business id '${businessId}', but an instance with this business id already exists for process definition '${bpmnProcessId}'`,
  )
}

function requireNotSuspended(p: Processing, { key, bpmnProcessId, version }: ProcessDefinition): void {
  if (stoppingStart(p, key) === null) return
  refuse(
    'INVALID_STATE',
    `Expected to create instance of process with key '${key}', but version ${version} of '${bpmnProcessId}' is suspended. Resume it first, or suspend it so that it admits new instances`,
  )
}

function wanted(p: Processing, command: Command): ProcessDefinition {
  const { bpmnProcessId = '', processDefinitionKey = -1, version = -1, tenantId = '<default>' } = command.value
  if (bpmnProcessId === '' && processDefinitionKey <= 0) {
    refuse('INVALID_ARGUMENT', 'Expected either a bpmnProcessId or a processDefinitionKey, but none given')
  }
  if (processDefinitionKey > 0) {
    const row = p.state.get('processDefinition', processDefinitionKey)
    return row !== undefined && !row.deleted
      ? row
      : refuse('NOT_FOUND', `Expected to find process definition with key '${processDefinitionKey}', but none found`)
  }
  const versions = p.state.find('processesWithId', tenantId, bpmnProcessId)
  if (version <= 0) {
    return (
      bind(versions.values(), { type: 'latest' }, -1) ??
      refuse('NOT_FOUND', `Expected to find process definition with process ID '${bpmnProcessId}', but none found`)
    )
  }
  for (const row of versions.values()) if (row.version === version && !row.deleted) return row
  return refuse(
    'NOT_FOUND',
    `Expected to find process definition with process ID '${bpmnProcessId}' and version '${version}', but none found`,
  )
}

const startable = [
  'PROCESS',
  'EVENT_SUB_PROCESS',
  'SUB_PROCESS',
  'AD_HOC_SUB_PROCESS',
  'END_EVENT',
  'SEND_TASK',
  'INTERMEDIATE_THROW_EVENT',
  'INCLUSIVE_GATEWAY',
  'CALL_ACTIVITY',
  'MULTI_INSTANCE_BODY',
  'INTERMEDIATE_CATCH_EVENT',
  'USER_TASK',
  'PARALLEL_GATEWAY',
  'SCRIPT_TASK',
  'MANUAL_TASK',
  'SERVICE_TASK',
  'EXCLUSIVE_GATEWAY',
  'RECEIVE_TASK',
  'BUSINESS_RULE_TASK',
  'TASK',
  'EVENT_BASED_GATEWAY',
] as const

function checkStart(process: ExecutableProcess, elementId: string): void {
  const element = process.elements.get(elementId)
  const but = element === undefined ? `no element found with id '{id}'` : unsupported(process, element)
  if (but !== null)
    refuse(
      'INVALID_ARGUMENT',
      `Expected to create instance of process with start instructions but ${but.replace('{id}', elementId)}.`,
    )
}
function unsupported({ elements }: ExecutableProcess, element: ExecutableElement): string | null {
  if (isInLoop(elements, element)) {
    return `the element with id '{id}' is inside a multi-instance subprocess. The creation of elements inside a multi-instance subprocess is not supported`
  }
  if (element.kind === 'start-event' || element.kind === 'boundary-event') {
    return `the element with id '{id}' targets unsupported element type '${element.bpmnElementType}'. Supported element types are: [${startable.join(', ')}]`
  }
  if (element.kind === 'intermediate-catch-event' && element.behindEventBasedGateway) {
    return `the element with id '{id}' belongs to an event-based gateway`
  }
  return null
}

function isInLoop(elements: ExecutableProcess['elements'], { flowScope }: ExecutableElement): boolean {
  const scope = flowScope === null ? undefined : elements.get(flowScope)
  return scope !== undefined && (scope.kind === 'multi-instance-body' || isInLoop(elements, scope))
}

/** Opens the process and the scopes around each element, subscribes what they listen to, then asks for the elements. */
function beginAt(p: Processing, key: Key, value: object, elements: readonly ExecutableElement[]): void {
  p.emit('PROCESS_INSTANCE', 'ELEMENT_ACTIVATING', key, { ...value, elementId: rootId(p, value), flowScopeKey: -1 })
  const beginning = { ancestorKey: -1, begun: () => {}, undecided, looped }
  openScope(p, p.element(p.instance(key)) as ContainerElement, p.instance(key), beginning)
  for (const element of elements) beginInside(p, p.instance(key), element, beginning)
}
const rootId = (p: Processing, value: object) =>
  p.process((value as { processDefinitionKey: Key }).processDefinitionKey).id

function undecided(scopeId: string): never {
  throw new Error(`A new instance has one instance of '${scopeId}'`)
}
function looped(scopeId: string): never {
  throw new Error(`Start instructions inside multi-instance '${scopeId}' have been refused`)
}
