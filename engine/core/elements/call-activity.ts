import type { CallActivity } from '../../model/executable.ts'
import { subscribe } from '../behaviors/awaited-events.ts'
import { calledProcess } from '../behaviors/calls.ts'
import { named, requestTermination, transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { createAll, localDocument, visible } from '../behaviors/variables.ts'
import { entriesOf } from '../documents.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, ProcessDefinition } from '../state/rows.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Runs another process as a child instance. The version is bound when it is activated.
 * Emits ELEMENT_ACTIVATED, VARIABLE CREATED in the child, then the child PROCESS. When the child completes: COMPLETING, the
 * child's variables (all, or through outputs), COMPLETED.
 * Incidents: CALLED_ELEMENT_ERROR (no such process, no none start event, too deep), IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR.
 * Source: BPMN 2.0.2 §10.3.6; Camunda docs › BPMN › Call activities.
 */
export const callActivity: ElementProcessor<CallActivity> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    const called = calledProcess(p, element, instance)
    if (!called.ok) return called.failure
    const unsubscribed = subscribe(p, instance, element.boundaryEvents)
    if (unsubscribed !== null) return unsubscribed
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    call(p, element, active, called.value)
    return null
  },
  conclude: (p, element, instance) => {
    if (element.propagateAllChildVariables || element.outputs !== null) return mapAndClose(p, element, instance)
    const kept = instance.triggers.map((trigger) => ({ ...trigger, variables: '{}' }))
    return mapAndClose(p, element, { ...instance, triggers: kept })
  },
  complete: goOn,
  terminate: (p, _element, instance) => {
    const child =
      instance.calledProcessInstanceKey > 0
        ? p.state.get('elementInstance', instance.calledProcessInstanceKey)
        : undefined
    abandon(p, instance)
    if (child === undefined) return 'ended'
    requestTermination(p, child.key)
    return 'waits'
  },
}

function call(p: Processing, element: CallActivity, instance: ElementInstance, definition: ProcessDefinition): void {
  const key = p.newKey()
  p.begin(key, instance.rootProcessInstanceKey)
  const document = element.propagateAllParentVariables ? visible(p, instance.key) : localDocument(p, instance.key)
  const { tenantId } = instance
  createAll(p, { key, processInstanceKey: key, processDefinitionKey: definition.key, tenantId }, entriesOf(document))
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', key, {
    bpmnElementType: 'PROCESS',
    elementId: definition.bpmnProcessId,
    processInstanceKey: key,
    processDefinitionKey: definition.key,
    parentProcessInstanceKey: instance.processInstanceKey,
    parentElementInstanceKey: instance.key,
    tenantId,
    ...named(p.instance(instance.processInstanceKey)),
  })
}
