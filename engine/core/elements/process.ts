import type { Process } from '../../model/executable.ts'
import { unsubscribe } from '../behaviors/awaited-events.ts'
import { terminateChildren } from '../behaviors/batches.ts'
import { forgetCompensation } from '../behaviors/compensation.ts'
import { activateWith } from '../behaviors/events.ts'
import { close } from '../behaviors/incidents.ts'
import { named, requestActivation, requestCompletion, transition } from '../behaviors/lifecycle.ts'
import { startNextBuffered } from '../behaviors/messages.ts'
import { documentOf } from '../documents.ts'
import { wholeVariablesOf } from '../lists.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * The process instance. Begins at its none start event, or at the start event whose message or timer has come.
 * Emits ELEMENT_ACTIVATING, ELEMENT_ACTIVATED; when nothing in it is active any more COMPLETING, closings, COMPLETED. A called
 * instance then lets its call activity complete; one that a keyed message started lets the next buffered message start another.
 * Source: BPMN 2.0.2 §10.1; Camunda docs › Concepts › Processes.
 */
export const process: ElementProcessor<Process> = {
  activate: (p, element, instance, command) => {
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    const trigger = command.trigger ?? instance.triggers[0]
    if (trigger !== undefined) {
      p.emit('PROCESS_EVENT', 'TRIGGERED', trigger.key, {
        scopeKey: instance.processDefinitionKey,
        targetElementId: trigger.targetElementId,
        processInstanceKey: instance.key,
        processDefinitionKey: instance.processDefinitionKey,
        tenantId: instance.tenantId,
      })
      activateWith(
        p,
        p.elementOfKind('start-event', instance.processDefinitionKey, trigger.targetElementId),
        active,
        trigger.variables,
      )
    } else if (element.startEvent !== null) requestActivation(p, element.startEvent, active)
    return null
  },
  conclude: (p, _element, instance) => {
    unsubscribe(p, instance)
    forgetCompensation(p, instance.key)
    return null
  },
  complete: (p, element, instance) => {
    const result = resultOf(p, instance)
    const lock = p.state.get('startLock', instance.key)
    transition(p, 'ELEMENT_COMPLETED', element, instance)
    if (instance.parentElementInstanceKey > 0) requestCompletion(p, instance.parentElementInstanceKey)
    if (result !== null) sendResult(p, instance, result)
    if (lock !== undefined) startNextBuffered(p, lock)
    return null
  },
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    close(p, instance)
    forgetCompensation(p, instance.key)
    return terminateChildren(p, instance) ? 'waits' : 'ended'
  },
}

function resultOf(p: Processing, instance: ElementInstance): string | null {
  if (instance.awaitsResult === null) return null
  const wanted = new Set(instance.awaitsResult)
  const variables = wholeVariablesOf(p.state, instance.key)
  return documentOf(wanted.size === 0 ? variables : variables.filter((variable) => wanted.has(variable.name)))
}

function sendResult(p: Processing, instance: ElementInstance, variables: string): void {
  const { key: processInstanceKey, processDefinitionKey, tenantId, tags } = instance
  const { bpmnProcessId, version } = p.state.get('processDefinition', processDefinitionKey)!
  const event = p.emit('PROCESS_INSTANCE_RESULT', 'COMPLETED', p.newKey(), {
    bpmnProcessId,
    version,
    processInstanceKey,
    processDefinitionKey,
    variables,
    tenantId,
    tags,
    ...named(instance),
  })
  p.notice({ kind: 'answered', key: processInstanceKey, answer: { ok: true, event } })
}
