/** What was done for an element instance, kept as an event of it until it takes it up. */
import type { Json } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

/** Emits PROCESS_EVENT TRIGGERING with the variables; the record may name the element that the instance was before a migration. */
export function leaveResult(
  p: Processing,
  instance: ElementInstance,
  variables: Json,
  recordedElementId: string = instance.elementId,
): void {
  p.emit('PROCESS_EVENT', 'TRIGGERING', p.newKey(), {
    scopeKey: instance.key,
    targetElementId: recordedElementId,
    ...(recordedElementId !== instance.elementId && { takenUpBy: instance.elementId }),
    variables,
    processInstanceKey: instance.processInstanceKey,
    processDefinitionKey: instance.processDefinitionKey,
    tenantId: instance.tenantId,
  })
}
