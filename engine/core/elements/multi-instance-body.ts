import type { MultiInstanceBody } from '../../model/executable.ts'
import { subscribe, unsubscribe } from '../behaviors/awaited-events.ts'
import { activateChildren, activateNextChild, terminateChildren } from '../behaviors/batches.ts'
import { leave } from '../behaviors/flow.ts'
import { requestCompletion, transition } from '../behaviors/lifecycle.ts'
import { createOutput, evaluateInput } from '../behaviors/multi-instance.ts'
import { localVariable, mergeUp } from '../behaviors/variables.ts'
import { lengthOf, whole } from '../lists.ts'
import { abandon } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Runs its activity once for each item of a collection, all at once or one after the other. What happens around each child is in
 * behaviors/multi-instance.ts.
 * Emits ELEMENT_ACTIVATING, MULTI_INSTANCE INPUT_COLLECTION_EVALUATED, subscriptions, ELEMENT_ACTIVATED, the output collection (nulls);
 * then the children. When it completes the output collection goes to the scope around it.
 * Incidents: EXTRACT_VALUE_ERROR (the collection, a boundary event's definition).
 * Source: BPMN 2.0.2 §13.3.7; Camunda docs › BPMN › Multi-instance.
 */
export const multiInstanceBody: ElementProcessor<MultiInstanceBody> = {
  activate: (p, element, instance) => {
    const failure = evaluateInput(p, element, instance) ?? subscribe(p, instance, element.boundaryEvents)
    if (failure !== null) return failure
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    createOutput(p, element, active)
    if (lengthOf(p.state, active.key) === 0) requestCompletion(p, active.key)
    else if (element.loop.isSequential) activateNextChild(p, element, active)
    else activateChildren(p, active)
    return null
  },
  complete: (p, element, instance) => {
    unsubscribe(p, instance)
    const name = element.loop.output?.collection
    const output = name === undefined ? undefined : localVariable(p, instance.key, name)
    if (output !== undefined) mergeUp(p, instance.flowScopeKey, [[output.name, whole(p.state, output).value]])
    return leave(p, element, instance)
  },
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    return terminateChildren(p, instance) ? 'waits' : abandon(p, instance)
  },
}
