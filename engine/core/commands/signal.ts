import type { CommandOf } from '../../protocol/records.ts'
import { canBeTriggered, trigger } from '../behaviors/events.ts'
import { startByEvent } from '../behaviors/start-events.ts'
import { stoppingStart } from '../behaviors/suspensions.ts'
import type { Processing } from '../processing.ts'
import { together } from '../state/miss.ts'
import type { SignalSubscription } from '../state/rows.ts'

/**
 * A signal goes to everybody who waits for it: element instances, and start events of the latest versions. Nothing is kept for later.
 * Emits SIGNAL BROADCASTED, then PROCESS_EVENT TRIGGERING for each who hears it, in the order of who waits.
 */
export function broadcast(p: Processing, command: CommandOf<'SIGNAL'>): void {
  const { signalName = '', variables = '{}', tenantId = '<default>' } = command.value
  p.emit('SIGNAL', 'BROADCASTED', p.newKey(), { signalName, variables, tenantId })
  const heard = [...p.state.find('signalSubscriptionsFor', tenantId, signalName).values()]
  heard.sort((one, other) => waitingKey(one) - waitingKey(other))
  together(heard.map((row) => () => p.state.get('elementInstance', row.catchEventInstanceKey)))
  for (const { catchEventId, catchEventInstanceKey, processDefinitionKey } of heard) {
    if (catchEventInstanceKey < 0) {
      const value = { processDefinitionKey, targetElementId: catchEventId, variables, tenantId }
      if (stoppingStart(p, processDefinitionKey) !== null) p.follow('PROCESS_EVENT', 'START', -1, value)
      else startByEvent(p, tenantId, p.newKey(), { processDefinitionKey, startEventId: catchEventId, variables })
      continue
    }
    const instance = p.state.get('elementInstance', catchEventInstanceKey)
    if (!canBeTriggered(p, instance, catchEventId)) continue
    trigger(p, instance, p.elementOf(processDefinitionKey, catchEventId), variables)
  }
}

const waitingKey = ({ catchEventInstanceKey, processDefinitionKey }: SignalSubscription) =>
  catchEventInstanceKey > 0 ? catchEventInstanceKey : processDefinitionKey
