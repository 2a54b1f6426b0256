import type { Instant, Key, ProcessInstanceBatchValue, ProcessInstanceValue } from '../../protocol/records.ts'
import { documentOf } from '../documents.ts'
import { putList, removeList, whole, wholeVariablesOf } from '../lists.ts'
import type { ElementInstance, ElementState } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Appliers, given, unchanged } from './applier.ts'
import { endSuspensions } from './suspension.ts'

const update = (state: State, key: Key, change: Partial<ElementInstance>): void => {
  const row = state.get('elementInstance', key)
  if (row !== undefined) state.put('elementInstance', { ...row, ...change })
}
const isBody = (row: ElementInstance) => row.bpmnElementType === 'MULTI_INSTANCE_BODY'
const into = (elementState: ElementState) => (state: State, key: Key) => update(state, key, { state: elementState })

/**
 * A join consumes one token of every flow (parallel: all have one; inclusive: those that have); any other element the first
 * taken flow into it, in the order of the record's `incoming`.
 */
function consume(
  taken: Readonly<Record<string, number>>,
  incoming: readonly string[],
  all: boolean,
): Readonly<Record<string, number>> {
  const next: Record<string, number> = { ...taken }
  for (const flow of incoming) {
    const count = next[flow]
    if (count === undefined) continue
    if (count === 1) delete next[flow]
    else next[flow] = count - 1
    if (!all) break
  }
  return next
}

function activating(state: State, key: Key, value: Readonly<Partial<ProcessInstanceValue>>, at: Instant): void {
  const flowScopeKey = value.flowScopeKey ?? -1
  const scope = flowScopeKey > 0 ? state.get('elementInstance', flowScopeKey) : undefined
  const type = given(value.bpmnElementType, 'bpmnElementType')
  const parentElementInstanceKey = value.parentElementInstanceKey ?? -1
  if (scope !== undefined) {
    const join = type === 'PARALLEL_GATEWAY' || type === 'INCLUSIVE_GATEWAY'
    const takenFlows = value.incoming === undefined ? scope.takenFlows : consume(scope.takenFlows, value.incoming, join)
    const begun = isBody(scope) && { loopCounter: scope.loopCounter + 1 }
    state.put('elementInstance', { ...scope, childCount: scope.childCount + 1, takenFlows, ...begun })
  }
  if (type === 'PROCESS' && parentElementInstanceKey > 0)
    update(state, parentElementInstanceKey, { calledProcessInstanceKey: key })
  const processInstanceKey = given(value.processInstanceKey, 'processInstanceKey')
  const caller = parentElementInstanceKey > 0 ? state.get('elementInstance', parentElementInstanceKey) : undefined
  state.put('elementInstance', {
    key,
    tenantId: value.tenantId ?? scope?.tenantId ?? caller?.tenantId ?? '<default>',
    processInstanceKey,
    rootProcessInstanceKey: scope?.rootProcessInstanceKey ?? caller?.rootProcessInstanceKey ?? processInstanceKey,
    processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
    elementId: given(value.elementId, 'elementId'),
    bpmnElementType: type,
    state: 'ACTIVATING',
    flowScopeKey,
    parentProcessInstanceKey: value.parentProcessInstanceKey ?? -1,
    parentElementInstanceKey,
    calledProcessInstanceKey: -1,
    childCount: 0,
    takenFlows: {},
    interruptingElementId: '',
    isFulfilled: false,
    triggers: value.trigger === undefined ? [] : [value.trigger],
    loopCounter: scope !== undefined && isBody(scope) ? scope.loopCounter + 1 : 0,
    completedChildren: 0,
    batch: '',
    held: 0,
    jobKey: -1,
    userTaskKey: -1,
    startedAt: at,
    endedAt: -1,
    sequenceFlows: [],
    tags: value.tags ?? [],
    businessId: value.businessId ?? '',
    awaitedVariables: {},
    terminateAfter: value.terminateAfter ?? [],
    awaitsResult: value.awaitsResult ?? null,
  })
}

function ended(elementState: 'COMPLETED' | 'TERMINATED') {
  return (state: State, key: Key, value: Readonly<Partial<ProcessInstanceValue>>, at: Instant): void => {
    const row = state.get('elementInstance', key)
    if (row === undefined) return
    if (elementState === 'COMPLETED' && row.parentElementInstanceKey > 0) handVariablesToCaller(state, row)
    for (const variable of [...state.find('variablesOf', key).values()]) {
      state.remove('variable', variable.key, whole(state, variable))
      if (variable.value === null) removeList(state, variable.key)
    }
    if (isBody(row)) removeList(state, key)
    if (row.bpmnElementType === 'PROCESS') endSuspensions(state, row)
    if (row.bpmnElementType === 'PROCESS' && state.get('startLock', key) !== undefined) state.remove('startLock', key)
    state.remove('elementInstance', key, { ...row, state: elementState, endedAt: at })
    const scope = row.flowScopeKey > 0 ? state.get('elementInstance', row.flowScopeKey) : undefined
    if (scope === undefined) return
    // A terminate end event interrupts its scope: flows on their way do not arrive, and nothing else begins or completes.
    const interrupts = elementState === 'COMPLETED' && value.bpmnEventType === 'TERMINATE'
    const interrupted = interrupts && { interruptingElementId: row.elementId, takenFlows: {} }
    const completed = elementState === 'COMPLETED' &&
      isBody(scope) && { completedChildren: scope.completedChildren + 1 }
    state.put('elementInstance', { ...scope, childCount: scope.childCount - 1, ...completed, ...interrupted })
  }
}

/** What a called process leaves is an event of its call activity, which takes it up when it completes. */
function handVariablesToCaller(state: State, called: ElementInstance): void {
  const caller = state.get('elementInstance', called.parentElementInstanceKey)
  if (caller === undefined) return
  const variables = documentOf(wholeVariablesOf(state, called.key))
  state.put('elementInstance', {
    ...caller,
    triggers: [...caller.triggers, { key: called.key, targetElementId: caller.elementId, variables }],
  })
}

export const processInstanceAppliers: Appliers<'PROCESS_INSTANCE'> = {
  SEQUENCE_FLOW_TAKEN: (state, _key, value) => {
    const flow = given(value.elementId, 'elementId')
    const scope = state.get('elementInstance', given(value.flowScopeKey, 'flowScopeKey'))
    if (scope === undefined) return
    const takenFlows = { ...scope.takenFlows, [flow]: (scope.takenFlows[flow] ?? 0) + 1 }
    state.put('elementInstance', { ...scope, takenFlows })
    const instance = state.get('elementInstance', scope.processInstanceKey)
    if (instance !== undefined && !instance.sequenceFlows.includes(flow)) {
      state.put('elementInstance', { ...instance, sequenceFlows: [...instance.sequenceFlows, flow] })
    }
  },
  ELEMENT_ACTIVATING: activating,
  ELEMENT_ACTIVATED: into('ACTIVATED'),
  ELEMENT_COMPLETING: into('COMPLETING'),
  ELEMENT_COMPLETED: ended('COMPLETED'),
  ELEMENT_TERMINATING: into('TERMINATING'),
  ELEMENT_TERMINATED: ended('TERMINATED'),
  SUSPENDED: unchanged,
  RESUMED: unchanged,
  SEQUENCE_FLOW_DELETED: (state, _key, value) => {
    const scope = state.get('elementInstance', given(value.flowScopeKey, 'flowScopeKey'))
    if (scope === undefined) return
    const takenFlows = consume(scope.takenFlows, [given(value.elementId, 'elementId')], false)
    state.put('elementInstance', { ...scope, takenFlows })
  },
  /** For whoever follows the log: what was called by a migrated instance is called by another element now. */
  ANCESTOR_MIGRATED: () => {},
  ELEMENT_MIGRATED: (state, key, value) => {
    const { processDefinitionKey, elementId, bpmnProcessId = '', interruptingElementId } = value
    update(state, key, {
      processDefinitionKey: given(processDefinitionKey, 'processDefinitionKey'),
      elementId: given(elementId, 'elementId'),
      ...(interruptingElementId !== undefined && { interruptingElementId }),
    })
    const lock = value.bpmnElementType === 'PROCESS' ? state.get('startLock', key) : undefined
    if (lock !== undefined) state.put('startLock', { ...lock, bpmnProcessId })
  },
}

export const multiInstanceAppliers: Appliers<'MULTI_INSTANCE'> = {
  INPUT_COLLECTION_EVALUATED: (state, key, value) => {
    const body = state.get('elementInstance', key)
    if (body === undefined) return
    removeList(state, key)
    const list = { key, tenantId: body.tenantId, partsFrom: given(value.partsFrom, 'partsFrom') }
    putList(state, list, given(value.inputCollection, 'inputCollection'))
  },
}

const postponed =
  (batch: 'ACTIVATE' | 'TERMINATE') =>
  (state: State, _key: Key, value: Readonly<Partial<ProcessInstanceBatchValue>>): void => {
    const scope = state.get('elementInstance', given(value.batchElementInstanceKey, 'batchElementInstanceKey'))
    if (scope === undefined) return
    // The completion condition of a body holds: no other child begins.
    const interrupted = batch === 'TERMINATE' &&
      scope.state === 'ACTIVATED' &&
      isBody(scope) && { interruptingElementId: scope.elementId }
    state.put('elementInstance', { ...scope, batch, ...interrupted })
  }
/** What was still to be done of another kind stays to be done. */
const finished =
  (batch: 'ACTIVATE' | 'TERMINATE') =>
  (state: State, _key: Key, value: Readonly<Partial<ProcessInstanceBatchValue>>): void => {
    const scope = state.get('elementInstance', given(value.batchElementInstanceKey, 'batchElementInstanceKey'))
    if (scope?.batch === batch) state.put('elementInstance', { ...scope, batch: '' })
  }
export const processInstanceBatchAppliers: Appliers<'PROCESS_INSTANCE_BATCH'> = {
  ACTIVATING: postponed('ACTIVATE'),
  ACTIVATED: finished('ACTIVATE'),
  TERMINATING: postponed('TERMINATE'),
  TERMINATED: finished('TERMINATE'),
}

export const adHocInstructionAppliers: Appliers<'AD_HOC_SUB_PROCESS_INSTRUCTION'> = {
  ACTIVATED: unchanged,
  COMPLETED: (state, key) => update(state, key, { isFulfilled: true }),
}

export const processEventAppliers: Appliers<'PROCESS_EVENT'> = {
  TRIGGERING: (state, key, value) => {
    const scope = state.get('elementInstance', given(value.scopeKey, 'scopeKey'))
    // The scope of a process start event is the definition: its trigger travels with the command instead.
    if (scope === undefined) return
    const targetElementId = value.takenUpBy ?? given(value.targetElementId, 'targetElementId')
    const trigger = { key, targetElementId, variables: value.variables ?? '{}' }
    // An interrupting event sub-process stops the tokens of its scope: flows on their way will not arrive.
    const interrupts = value.interrupting === true
    state.put('elementInstance', {
      ...scope,
      triggers: [...scope.triggers, trigger],
      ...(interrupts && { interruptingElementId: targetElementId, takenFlows: {} }),
    })
  },
  /** Taken up by the scope itself or, in an event sub-process, by its start event two scopes further in. */
  TRIGGERED: (state, key, value) => {
    // Of a start event of the process the scope is the definition; the instance holds its event while start listeners work.
    let scope =
      state.get('elementInstance', given(value.scopeKey, 'scopeKey')) ??
      state.get('elementInstance', given(value.processInstanceKey, 'processInstanceKey'))
    while (scope !== undefined && !scope.triggers.some((trigger) => trigger.key === key)) {
      scope = scope.flowScopeKey > 0 ? state.get('elementInstance', scope.flowScopeKey) : undefined
    }
    if (scope !== undefined)
      state.put('elementInstance', { ...scope, triggers: scope.triggers.filter((trigger) => trigger.key !== key) })
  },
}

export const processInstanceModificationAppliers: Appliers<'PROCESS_INSTANCE_MODIFICATION'> = {
  /** Where something begins anew, an interruption is over. */
  MODIFIED: (state, _key, value) => {
    for (const key of value.ancestorScopeKeys ?? []) update(state, key, { interruptingElementId: '' })
  },
}
