/** Which modifications are refused before anything happens, and in which words. */
import type { ExecutableElement } from '../../model/executable.ts'
import type { ActivateInstruction, Key } from '../../protocol/records.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

type RefuseIt = (but: string) => never

/** Rejects: INVALID_ARGUMENT. Answers how this modification is refused where something is wrong only later. */
export function checkModification(
  p: Processing,
  instance: ElementInstance,
  activate: readonly ActivateInstruction[],
  terminate: readonly { readonly elementInstanceKey: Key }[],
): RefuseIt {
  const { id, elements } = p.process(instance.processDefinitionKey)
  const refuseIt: RefuseIt = (but) =>
    refuse('INVALID_ARGUMENT', `Expected to modify instance of process '${id}' but it contains ${but}`)
  const refuseAny = (faulty: readonly (string | Key)[], but: string): void => {
    if (faulty.length > 0) refuseIt(`${but}: '${[...new Set(faulty)].join("', '")}'`)
  }
  const unknown = activate.map(({ elementId }) => elementId).filter((elementId) => !elements.has(elementId))
  refuseAny(unknown, 'one or more activate instructions with an element that could not be found')
  checkKinds([...new Set(activate.map(({ elementId }) => elements.get(elementId)!))], refuseIt)
  const gone = terminate
    .map(({ elementInstanceKey }) => elementInstanceKey)
    .filter((key) => p.state.get('elementInstance', key) === undefined)
  refuseAny(gone, 'one or more terminate instructions with an element instance that could not be found')
  checkVariables(elements, activate, refuseIt, refuseAny)
  checkAncestors(p, instance, activate, refuseIt, refuseAny)
  return refuseIt
}

function checkKinds(elements: readonly ExecutableElement[], refuseIt: RefuseIt): void {
  const unsupported = (faulty: readonly ExecutableElement[], why: string): void => {
    if (faulty.length === 0) return
    const ids = faulty.map(({ id }) => id).join("', '")
    refuseIt(`one or more activate instructions for elements that are unsupported: '${ids}'. ${why}.`)
  }
  unsupported(
    elements.filter((element) => element.kind === 'intermediate-catch-event' && element.behindEventBasedGateway),
    'The activation of events belonging to an event-based gateway is not supported',
  )
  unsupported(
    elements.filter(({ kind }) => kind === 'process'),
    'The process cannot begin inside itself',
  )
  const faulty = elements.filter(({ kind }) => kind === 'start-event' || kind === 'boundary-event')
  const types = [...new Set(faulty.map(({ bpmnElementType }) => bpmnElementType))].join("', '")
  unsupported(
    faulty,
    `The activation of elements with type '${types}' is not supported. Supported element types are: [${supported.join(', ')}]`,
  )
}

type Elements = ReadonlyMap<string, ExecutableElement>

function checkVariables(
  elements: Elements,
  activate: readonly ActivateInstruction[],
  refuseIt: RefuseIt,
  refuseAny: (faulty: readonly string[], but: string) => void,
): void {
  const scopes = activate.flatMap(({ elementId, variableInstructions }) =>
    variableInstructions.flatMap((one) => (one.elementId === '' ? [] : [{ elementId, scopeId: one.elementId }])),
  )
  refuseAny(
    scopes.map(({ scopeId }) => scopeId).filter((scopeId) => !elements.has(scopeId)),
    'one or more variable instructions with a scope element id that could not be found',
  )
  if (scopes.some(({ elementId, scopeId }) => elementId !== scopeId && !isAround(elements, scopeId, elementId))) {
    refuseIt(
      "one or more variable instructions with a scope element that doesn't belong to the activating element's flow scope. These variables should be set before or after the modification.",
    )
  }
}

function checkAncestors(
  p: Processing,
  instance: ElementInstance,
  activate: readonly ActivateInstruction[],
  refuseIt: RefuseIt,
  refuseAny: (faulty: readonly Key[], but: string) => void,
): void {
  const { elements } = p.process(instance.processDefinitionKey)
  const chosen = activate.filter(({ ancestorScopeKey }) => ancestorScopeKey > 0)
  const ancestorOf = ({ ancestorScopeKey }: ActivateInstruction) => p.state.get('elementInstance', ancestorScopeKey)
  const faulty = (isFaulty: (ancestor: ElementInstance | undefined) => boolean) =>
    chosen.flatMap((one) => (isFaulty(ancestorOf(one)) ? [one.ancestorScopeKey] : []))
  const but = 'one or more activate instructions with an ancestor scope key that'
  refuseAny(
    faulty((ancestor) => ancestor?.state !== 'ACTIVATED'),
    `${but} does not exist, or is not in an active state`,
  )
  refuseAny(
    faulty((ancestor) => ancestor?.processInstanceKey !== instance.key),
    `${but} does not belong to the modified process instance`,
  )
  const apart = chosen.filter((one) => !isAround(elements, ancestorOf(one)!.elementId, one.elementId))
  if (apart.length === 0) return
  const lines = apart.map(
    (one) =>
      `\n- instance '${one.ancestorScopeKey}' of element '${ancestorOf(one)!.elementId}' is not an ancestor of element '${one.elementId}'`,
  )
  refuseIt(`${but} is not an ancestor of the element to activate:${lines.join('')}`)
}

/** True for the element's scopes and what is around them. */
function isAround(elements: Elements, scopeId: string, elementId: string): boolean {
  let id = elements.get(elementId)?.flowScope ?? null
  while (id !== null && id !== scopeId) id = elements.get(id)?.flowScope ?? null
  return id !== null
}

/** All but start and boundary events, in Zeebe's order. */
const supported = [
  'PROCESS',
  'SUB_PROCESS',
  'EVENT_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  'INTERMEDIATE_CATCH_EVENT',
  'INTERMEDIATE_THROW_EVENT',
  'END_EVENT',
  'SERVICE_TASK',
  'RECEIVE_TASK',
  'USER_TASK',
  'MANUAL_TASK',
  'TASK',
  'EXCLUSIVE_GATEWAY',
  'PARALLEL_GATEWAY',
  'EVENT_BASED_GATEWAY',
  'INCLUSIVE_GATEWAY',
  'MULTI_INSTANCE_BODY',
  'CALL_ACTIVITY',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'SEND_TASK',
] as const
