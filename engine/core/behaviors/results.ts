/** The result of a task that the engine does itself, kept as an event of the task until it completes. */
import type { Json } from '../../protocol/records.ts'
import { documentOf } from '../documents.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state.ts'

/** Emits PROCESS_EVENT TRIGGERING. */
export function resultEvent(p: Processing, instance: ElementInstance, name: string, value: Json): void {
  p.emit('PROCESS_EVENT', 'TRIGGERING', p.newKey(), {
    scopeKey: instance.key,
    targetElementId: instance.elementId,
    variables: documentOf([{ name, value }]),
    processInstanceKey: instance.processInstanceKey,
    processDefinitionKey: instance.processDefinitionKey,
    tenantId: instance.tenantId,
  })
}
