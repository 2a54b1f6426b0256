import type { EventBasedGateway } from '../../model/executable.ts'
import { subscribe, unsubscribe } from '../behaviors/awaited-events.ts'
import { takeUp } from '../behaviors/events.ts'
import { close } from '../behaviors/incidents.ts'
import { transition } from '../behaviors/lifecycle.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Waits for the first of the events behind it; that event gets the token, the other subscriptions close.
 * Emits subscriptions, ELEMENT_ACTIVATED; then ELEMENT_COMPLETING, closings, ELEMENT_COMPLETED, PROCESS_EVENT TRIGGERED and the
 * activation of the event. No SEQUENCE_FLOW_TAKEN leads from the gateway to its events, as in Zeebe.
 * Incidents: EXTRACT_VALUE_ERROR of any event's definition.
 * Source: BPMN 2.0.2 §13.4.4; Camunda docs › BPMN › Event-based gateway.
 */
export const eventBasedGateway: ElementProcessor<EventBasedGateway> = {
  activate: (p, element, instance) => {
    const failure = subscribe(p, instance, element.events)
    if (failure === null) transition(p, 'ELEMENT_ACTIVATED', element, instance)
    return failure
  },
  conclude: (p, _element, instance) => {
    unsubscribe(p, instance)
    return null
  },
  complete: (p, element, instance) => {
    transition(p, 'ELEMENT_COMPLETED', element, instance)
    const event = element.events.find(({ id }) => instance.triggers.some((trigger) => trigger.targetElementId === id))
    if (event === undefined) throw new Error(`Event-based gateway ${instance.key} completes without an event`)
    takeUp(p, instance, event, p.instance(instance.flowScopeKey))
    return null
  },
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    close(p, instance)
    return 'ended'
  },
}
