import type { AdHocInnerInstance, AdHocSubProcess } from '../../model/executable.ts'
import { activateInside, askWorker, collectOutput, elementsToActivate, innerCompleted } from '../behaviors/ad-hoc.ts'
import { catchersOf, subscribe, unsubscribe } from '../behaviors/awaited-events.ts'
import { terminateChildren } from '../behaviors/batches.ts'
import { canBeCompensated, forgetCompensationWithin } from '../behaviors/compensation.ts'
import { close } from '../behaviors/incidents.ts'
import { cancelJob } from '../behaviors/jobs.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { localVariable, mergeLocal, mergeUp } from '../behaviors/variables.ts'
import type { Entry } from '../documents.ts'
import { whole } from '../lists.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

const ELEMENTS = 'adHocSubProcessElements'

/**
 * A scope whose elements begin when they are told to: by the model, by a client's command, or by the worker of its job. Each begins
 * in an inner instance of its own (behaviors/ad-hoc.ts).
 * Emits ELEMENT_ACTIVATING, VARIABLE (what it consists of, an empty output collection, inputs), subscriptions, JOB CREATED,
 * ELEMENT_ACTIVATED; then the inner instances. With nothing to activate it waits.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (active elements, type, retries, output, completion condition).
 * Source: BPMN 2.0.2 §13.3.5; Camunda docs › BPMN › Ad-hoc sub-process.
 */
export const adHocSubProcess: ElementProcessor<AdHocSubProcess> = {
  prepare: (p, element, instance) => {
    const own: Entry[] = [[ELEMENTS, element.metadata]]
    if (element.output !== null) own.push([element.output.collection, '[]'])
    mergeLocal(p, instance, own)
    return applyInputs(p, element, instance)
  },
  activate: (p, element, instance) => {
    const wanted = elementsToActivate(p, element, instance)
    if (!wanted.ok) return wanted.failure
    const failure = subscribe(p, instance, catchersOf(element)) ?? askWorker(p, element, instance)
    if (failure !== null) return failure
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    for (const elementId of wanted.value) activateInside(p, element, active, { elementId, variables: '{}' })
    return null
  },
  conclude: (p, element, instance) => {
    // It may end while its worker is asked: what was left in it has been terminated.
    cancelJob(p, instance)
    close(p, instance)
    const output = element.output === null ? undefined : localVariable(p, instance.key, element.output.collection)
    if (output !== undefined) mergeUp(p, instance.flowScopeKey, [[output.name, whole(p.state, output).value]])
    return mapAndClose(p, element, instance)
  },
  complete: goOn,
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    forgetCompensationWithin(p, instance)
    return terminateChildren(p, instance) ? 'waits' : abandon(p, instance)
  },
}

/** The scope of one activated element and of what follows it; it begins with the element and completes when its path has ended. */
export const adHocInnerInstance: ElementProcessor<AdHocInnerInstance> = {
  activate: () => null,
  complete: (p, element, instance) => {
    const adHoc = p.element(p.instance(instance.flowScopeKey)) as AdHocSubProcess
    const isSatisfied = collectOutput(p, adHoc, instance)
    if (!isSatisfied.ok) return isSatisfied.failure
    canBeCompensated(p, element, instance)
    transition(p, 'ELEMENT_COMPLETED', element, instance)
    innerCompleted(p, adHoc, p.instance(instance.flowScopeKey), isSatisfied.value)
    return null
  },
  terminate: (p, element, instance) => {
    forgetCompensationWithin(p, instance)
    return terminateChildren(p, instance) ? 'waits' : closeIncidents(p, element, instance)
  },
}
