/** Who hears which signal. Signals are not kept: one that nobody waits for is gone. */
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, ProcessDefinition, SignalSubscription } from '../state/rows.ts'

/** Emits SIGNAL_SUBSCRIPTION CREATED for an element instance. */
export function hearSignal(p: Processing, instance: ElementInstance, catchEventId: string, signalName: string): void {
  const { key: catchEventInstanceKey, processInstanceKey, processDefinitionKey, tenantId } = instance
  p.emit('SIGNAL_SUBSCRIPTION', 'CREATED', p.newKey(), {
    signalName,
    catchEventId,
    catchEventInstanceKey,
    processInstanceKey,
    processDefinitionKey,
    bpmnProcessId: p.process(processDefinitionKey).id,
    tenantId,
  })
}

/** Emits SIGNAL_SUBSCRIPTION CREATED for a start event. */
export function startBySignal(
  p: Processing,
  { key: processDefinitionKey, bpmnProcessId, tenantId }: ProcessDefinition,
  catchEventId: string,
  signalName: string,
): void {
  const value = { signalName, catchEventId, processDefinitionKey, bpmnProcessId, tenantId }
  p.emit('SIGNAL_SUBSCRIPTION', 'CREATED', p.newKey(), value)
}

/** Emits SIGNAL_SUBSCRIPTION DELETED for what an element instance or the start events of a definition wait for. */
export function closeSignals(
  p: Processing,
  waitingKey: Key,
  chosen: (elementId: string) => boolean = () => true,
): void {
  const open = [...p.state.find('signalSubscriptionsOf', waitingKey).values()]
  for (const { key, ...value } of open.length > 1 ? open.sort(byName) : open)
    if (chosen(value.catchEventId)) p.emit('SIGNAL_SUBSCRIPTION', 'DELETED', key, value)
}

/** Zeebe keeps them under the length and the bytes of the name. */
function byName(one: SignalSubscription, other: SignalSubscription): number {
  const [a, b] = [utf8(one.signalName), utf8(other.signalName)]
  if (a.length !== b.length) return a.length - b.length
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}
const encoder = new TextEncoder()
const utf8 = (text: string): Uint8Array => encoder.encode(text)
