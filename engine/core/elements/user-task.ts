import type { UserTask } from '../../model/executable.ts'
import { subscribe } from '../behaviors/awaited-events.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { assignAsModelled, cancel, created, listen } from '../behaviors/task-transitions.ts'
import { attributes } from '../behaviors/user-tasks.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Native user task: a person does it.
 * Emits ELEMENT_ACTIVATING, inputs, subscriptions, USER_TASK CREATING, CREATED, ELEMENT_ACTIVATED; with an assignee in the model
 * ASSIGNING and ASSIGNED follow (CREATED shows no assignee). Completes when the task is completed.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (any property), FORM_NOT_FOUND.
 * Between the first and the second event of each transition its task listeners work, one after the other.
 * Source: BPMN 2.0.2 §10.3.4; Camunda docs › BPMN › User tasks.
 */
export const userTask: ElementProcessor<UserTask> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    const evaluated = attributes(p, instance, element.properties)
    if (!evaluated.ok) return evaluated.failure
    const unsubscribed = subscribe(p, instance, element.boundaryEvents)
    if (unsubscribed !== null) return unsubscribed
    const key = p.newKey()
    const value = {
      ...evaluated.value,
      userTaskKey: key,
      customHeaders: element.headers,
      elementId: element.id,
      elementInstanceKey: instance.key,
      processInstanceKey: instance.processInstanceKey,
      processDefinitionKey: instance.processDefinitionKey,
      creationTimestamp: p.now,
      tenantId: instance.tenantId,
    }
    p.emit('USER_TASK', 'CREATING', key, value)
    const listened = listen(p, key, 0, [])
    if (listened === 'done') created(p, p.state.get('userTask', key)!)
    transition(p, 'ELEMENT_ACTIVATED', element, instance)
    if (listened === 'done') assignAsModelled(p, key, value.assignee)
    return null
  },
  conclude: mapAndClose,
  complete: goOn,
  terminate: (p, _element, instance) => {
    const task = instance.userTaskKey > 0 ? p.state.get('userTask', instance.userTaskKey) : undefined
    abandon(p, instance)
    return task !== undefined && cancel(p, task) === 'waits' ? 'waits' : 'ended'
  },
}
