/** Input and output mappings: evaluated in order, later ones see the results of earlier ones. */
import { type Context, evaluate, toJson, type Value, type Warning } from '../../feel/index.ts'
import type { ExecutableElement, Mapping } from '../../model/executable.ts'
import type { Key } from '../../protocol/records.ts'
import { type Entry, entriesOf } from '../documents.ts'
import { wholeVariablesOf } from '../lists.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { evaluationFailure, evaluationIn } from './expressions.ts'
import { mergeLocal, mergeUp } from './variables.ts'

/** Emits VARIABLE events local to the instance. Incident: IO_MAPPING_ERROR. */
export function applyInputs(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  const mapped = evaluateMappings(p, instance.key, element.inputs, 'fresh')
  if (!Array.isArray(mapped)) return mapped as Failure
  mergeLocal(p, instance, mapped)
  return null
}

/**
 * Takes up the event the instance waited for and lets its variables out: through the output mappings where there are any, else
 * all of them. Emits PROCESS_EVENT TRIGGERED, then VARIABLE events. Incident: IO_MAPPING_ERROR.
 */
export function applyOutputs(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  const document = takeTrigger(p, element, instance)
  const entries = document === null ? [] : entriesOf(document)
  if (element.outputs.length === 0) {
    if (entries.length > 0) mergeUp(p, instance.key, entries)
    else if (document === null) releaseLocals(p, element, instance)
    return null
  }
  mergeLocal(p, instance, entries)
  const mapped = evaluateMappings(p, instance.key, element.outputs, 'merge')
  if (!Array.isArray(mapped)) return mapped as Failure
  mergeUp(p, outputScopeOf(p, instance), mapped)
  return null
}

/** A child of a multi-instance body writes to its own variables first: there its body finds the output element. */
function outputScopeOf(p: Processing, { key, flowScopeKey }: ElementInstance): Key {
  if (flowScopeKey <= 0) return key
  return p.instance(flowScopeKey).bpmnElementType === 'MULTI_INSTANCE_BODY' ? key : flowScopeKey
}

/** Emits PROCESS_EVENT TRIGGERED for the trigger that aims at this element; null when there is none. */
function takeTrigger(p: Processing, element: ExecutableElement, instance: ElementInstance): string | null {
  const aimed = (of: ElementInstance | undefined) =>
    of?.triggers.find((trigger) => trigger.targetElementId === element.id)
  let trigger = aimed(instance)
  if (trigger === undefined && element.kind === 'start-event') {
    const container = p.instance(instance.flowScopeKey)
    if (container.flowScopeKey > 0) trigger = aimed(p.state.get('elementInstance', container.flowScopeKey))
  }
  if (trigger === undefined) return null
  const { processInstanceKey, processDefinitionKey, tenantId } = instance
  p.emit('PROCESS_EVENT', 'TRIGGERED', trigger.key, {
    scopeKey: instance.key,
    targetElementId: element.id,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
  })
  return trigger.variables
}

/**
 * Events that were activated with their variables already local (boundary, behind an event-based gateway, start of a process) pass
 * them on when they complete. Those of an error stay: they leave only by output mappings (error-boundary).
 */
function releaseLocals(p: Processing, element: ExecutableElement, instance: ElementInstance): void {
  const releases =
    (element.kind === 'boundary-event' && element.event.type !== 'error') ||
    element.kind === 'start-event' ||
    (element.kind === 'intermediate-catch-event' && element.behindEventBasedGateway)
  if (!releases) return
  const locals = wholeVariablesOf(p.state, instance.key)
  if (locals.length > 0)
    mergeUp(
      p,
      instance.flowScopeKey,
      locals.map((variable) => [variable.name, variable.value] as const),
    )
}

type Results = Map<string, Value>

function evaluateMappings(
  p: Processing,
  scopeKey: Key,
  mappings: readonly Mapping[],
  mode: 'fresh' | 'merge',
): readonly Entry[] | Failure {
  const results: Results = new Map()
  const evaluation = evaluationIn(p, scopeKey, results)
  const warnings: Warning[] = []
  for (const mapping of mappings) {
    if (mapping.source.kind === 'static') {
      assign(results, mapping.target, mapping.source.text, mode, evaluation.lookup)
      continue
    }
    const outcome = evaluate(mapping.source.feel, evaluation)
    warnings.push(...outcome.warnings)
    if (!outcome.ok) return failure('IO_MAPPING_ERROR', evaluationFailure(sourceOf(mappings), { ...outcome, warnings }))
    assign(results, mapping.target, outcome.value, mode, evaluation.lookup)
  }
  return [...results].map(([name, value]) => [name, toJson(value)] as const)
}

/** Puts the value at the path. In merge mode the first step starts from the value already there; one that is no context gives null. */
function assign(
  results: Results,
  target: readonly string[],
  value: Value,
  mode: 'fresh' | 'merge',
  lookup: (name: string) => Value | undefined,
): void {
  const [name, ...path] = target as readonly [string, ...string[]]
  if (path.length === 0) {
    results.set(name, value)
    return
  }
  const base = results.get(name) ?? (mode === 'merge' ? lookup(name) : undefined)
  results.set(name, at(base ?? null, path, value))
}
function at(base: Value, path: readonly string[], value: Value): Value {
  if (path.length === 0) return value
  if (base !== null && !(base instanceof Map)) return null
  const [name, ...rest] = path as readonly [string, ...string[]]
  const next = new Map(base as Context | null)
  next.set(name, at(next.get(name) ?? null, rest, value))
  return next
}

/** All mappings compile to one context in Zeebe; its text is what an incident shows. */
function sourceOf(mappings: readonly Mapping[]): string {
  const entries = mappings.map(({ source, target }) => {
    const text = source.kind === 'feel' ? source.source : JSON.stringify(source.text)
    return target.reduceRight(
      (inner, name, i) => (i === target.length - 1 ? `${name}:${inner}` : `${name}:{${inner}}`),
      text,
    )
  })
  return `{${entries.join(',')}}`
}
