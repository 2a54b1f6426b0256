/** What an intermediate throw event and an end event do when they are reached; they differ in what comes after. */
import type { EndEvent, IntermediateThrowEvent } from '../../model/executable.ts'
import { compensate } from '../behaviors/compensation.ts'
import { catchError, findCatcher, uncaught } from '../behaviors/errors.ts'
import { escalate } from '../behaviors/escalations.ts'
import { signalNameOf } from '../behaviors/event-definitions.ts'
import { extractText } from '../behaviors/expressions.ts'
import { createJob, jobProperties } from '../behaviors/jobs.ts'
import { requestCompletion, transition } from '../behaviors/lifecycle.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import { cancelTransaction } from '../behaviors/transactions.ts'
import { localDocument } from '../behaviors/variables.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { passOn } from './pass-through.ts'

export type ThrowEvent = EndEvent | IntermediateThrowEvent

/** Inputs, where the event takes something along. Incident: IO_MAPPING_ERROR. */
export function prepareThrow(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  const { type } = element.event
  return type === 'message' || type === 'signal' ? applyInputs(p, element, instance) : null
}

/**
 * None, terminate, link: nothing is thrown. Message: a job sends it. Signal: broadcast by a command of its own. Error: to the nearest
 * catcher, which ends the event with its scope. Escalation: to the nearest catcher, if any. Compensation: its handlers begin, and the
 * event completes when the last of them has. Cancel: everything in the transaction ends, the event with it, and is undone.
 * Incidents: UNHANDLED_ERROR_EVENT (the event stays ACTIVATING), IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (code, name, type, retries).
 */
export function throwEvent(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  switch (element.event.type) {
    case 'none':
    case 'terminate':
    case 'link':
      return passOn(p, element, instance)
    case 'message':
      return send(p, element, instance)
    case 'signal':
      return broadcast(p, element, instance)
    case 'error':
      return throwError(p, element, instance)
    case 'escalation':
      return throwEscalation(p, element, instance)
    case 'compensation': {
      const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
      if (!compensate(p, active, element.event.activity)) requestCompletion(p, active.key)
      return null
    }
    case 'cancel':
      cancelTransaction(p, transition(p, 'ELEMENT_ACTIVATED', element, instance))
      return null
  }
}

/** Outputs, where the kind of event has them. Incident: IO_MAPPING_ERROR. */
export function mapThrown(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  const { type } = element.event
  return type === 'terminate' || type === 'compensation' ? null : applyOutputs(p, element, instance)
}

function send(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  if (element.job === null) throw new Error(`Message event '${element.id}' has no job`)
  const properties = jobProperties(p, instance, element.job)
  if (!properties.ok) return properties.failure
  createJob(p, instance, properties.value, element.job.headers)
  transition(p, 'ELEMENT_ACTIVATED', element, instance)
  return null
}

/** The event's local variables go with the signal. */
function broadcast(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  const { event } = element
  if (event.type !== 'signal') throw new Error(`'${element.id}' is no signal event`)
  const name = signalNameOf(p, instance.key, event)
  if (!name.ok) return name.failure
  const { tenantId } = instance
  const value = { signalName: name.value, variables: localDocument(p, instance.key), tenantId }
  p.follow('SIGNAL', 'BROADCAST', p.newKey(), value)
  return passOn(p, element, instance)
}

function throwError(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  const code = codeOf(p, element, instance)
  if (!code.ok) return code.failure
  const found = findCatcher(p, instance, code.value)
  if (!('catcher' in found)) return failure('UNHANDLED_ERROR_EVENT', uncaught(code.value, '', found.message))
  transition(p, 'ELEMENT_ACTIVATED', element, instance)
  catchError(p, found, '{}')
  return null
}

function throwEscalation(p: Processing, element: ThrowEvent, instance: ElementInstance): Failure | null {
  const code = codeOf(p, element, instance)
  if (!code.ok) return code.failure
  const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
  if (escalate(p, active, code.value)) requestCompletion(p, active.key)
  return null
}

function codeOf(p: Processing, { id, event }: ThrowEvent, instance: ElementInstance) {
  const code = event.type === 'error' || event.type === 'escalation' ? event.code : null
  if (code === null) throw new Error(`Event '${id}' has no code to throw`)
  return extractText(p, instance.key, code)
}
