/** A timer is due. */

import type { EventDefinition } from '../../model/executable.ts'
import { nextDue, type Timer as ParsedTimer, parseTimer } from '../../model/timer.ts'
import type { CommandOf } from '../../protocol/records.ts'
import { timerValue } from '../behaviors/awaited-events.ts'
import { timerTextOf } from '../behaviors/event-definitions.ts'
import { canBeTriggered, trigger } from '../behaviors/events.ts'
import { startByEvent } from '../behaviors/start-events.ts'
import { stoodStill } from '../behaviors/suspensions.ts'
import type { Processing } from '../processing.ts'
import type { Timer } from '../state/rows.ts'

/**
 * Emits TIMER TRIGGERED, PROCESS_EVENT TRIGGERING and, for a cycle with repetitions left, TIMER CREATED for the next one, which
 * is counted from when it was due or, when that has passed as well, from now: missed ones are not caught up. A timer that is gone or not yet due is left alone.
 */
export function triggerTimer(p: Processing, command: CommandOf<'TIMER'>): void {
  const timer = dueTimer(p, command)
  if (timer === null) return
  if (timer.elementInstanceKey > 0) triggerInInstance(p, timer)
  else startInstance(p, timer)
}

/**
 * The timer, if its hour has come. The time for which its instance has stood still does not count: it is added now, when it matters,
 * so that neither suspending nor resuming has to look for timers. Emits TIMER RESCHEDULED.
 */
function dueTimer(p: Processing, { key, value }: CommandOf<'TIMER'>): Timer | null {
  const timer = p.state.get('timer', key)
  if (timer === undefined) return null
  const dueDate = timer.dueDate < 0 ? (value.dueDate ?? -1) : timer.dueDate
  if (dueDate < 0 || dueDate > p.now) return null
  const isOfInstance = timer.elementInstanceKey > 0
  const stood = isOfInstance ? stoodStill(p, timer.processInstanceKey, timer.countedFrom) : 0
  if (stood === 0 && timer.dueDate >= 0) return timer
  p.emit('TIMER', 'RESCHEDULED', key, { ...timerValue(timer), dueDate: dueDate + stood })
  return dueDate + stood > p.now ? null : p.state.get('timer', key)!
}

function triggerInInstance(p: Processing, timer: Timer): void {
  const instance = p.state.get('elementInstance', timer.elementInstanceKey)
  if (!canBeTriggered(p, instance, timer.targetElementId)) return
  p.emit('TIMER', 'TRIGGERED', timer.key, timerValue(timer))
  const target = p.elementOf(instance.processDefinitionKey, timer.targetElementId)
  trigger(p, instance, target, '{}')
  if ('event' in target) reschedule(p, timer, target.event)
}

function startInstance(p: Processing, timer: Timer): void {
  p.emit('TIMER', 'TRIGGERED', timer.key, timerValue(timer))
  const { processDefinitionKey, targetElementId, tenantId } = timer
  startByEvent(p, tenantId, p.newKey(), { processDefinitionKey, startEventId: targetElementId, variables: '{}' })
  const target = p.elementOfKind('start-event', processDefinitionKey, targetElementId)
  reschedule(p, timer, target.event)
}

function reschedule(p: Processing, timer: Timer, event: EventDefinition): void {
  if (event.type !== 'timer' || event.timer !== 'cycle' || timer.repetitions === 1) return
  const repetitions = timer.repetitions === -1 ? -1 : timer.repetitions - 1
  const parsed = cycleOf(p, timer, event)
  if (parsed === null) return
  p.emit('TIMER', 'CREATED', p.newKey(), {
    ...timerValue(timer),
    dueDate: nextDue(parsed, p.now, timer.dueDate),
    repetitions,
  })
}

function cycleOf(p: Processing, timer: Timer, event: Extract<EventDefinition, { type: 'timer' }>): ParsedTimer | null {
  const text = timerTextOf(p, timer.elementInstanceKey, event)
  if (!text.ok) return null
  const parsed = parseTimer('cycle', text.value, p.settings.locality.zone)
  return parsed.ok ? parsed.timer : null
}
