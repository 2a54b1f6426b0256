/** Rules on transactions and the events that cancel them. Ours: Zeebe refuses every transaction. */
import type { ModdleElement } from 'bpmn-moddle'
import {
  type BaseElement,
  children,
  childrenOfType,
  type EventElement,
  eventDefinitions,
  is,
  type Scope,
} from '../source.ts'
import { type Rule, rule } from './rule.ts'
import { isStartedByCompensation } from './scopes.ts'
import { reportType } from './unsupported.ts'

const cancels = (event: EventElement): boolean => eventDefinitions(event, 'bpmn:CancelEventDefinition').length > 0

/** Those that cancel the transaction: what lies in a transaction within cancels that one. */
function cancelEndEvents(scope: Scope): readonly BaseElement[] {
  const within = childrenOfType(scope, 'bpmn:SubProcess').filter((inner) => !is(inner, 'bpmn:Transaction'))
  return [...childrenOfType(scope, 'bpmn:EndEvent').filter(cancels), ...within.flatMap(cancelEndEvents)]
}

/** One that nothing cancels is refused in Zeebe's words: a sub-process says the same. */
export const transactionCanBeCancelled = rule('bpmn:Transaction', (transaction, report, { topology }) => {
  const [end] = cancelEndEvents(transaction)
  const caught = topology.boundaryEvents(transaction).filter(cancels)
  if (end === undefined && caught.length === 0) reportType(transaction, report)
  else if (end === undefined)
    report(
      `Must contain a cancel end event, because nothing else leads to the cancel boundary event '${caught[0]!.id}'`,
    )
  else if (caught.length === 0)
    report(`Must have a cancel boundary event, because the cancel end event '${end.id}' leads there`)
  if (caught.length > 1) report('Must have only one cancel boundary event')
})

export const transactionIsPlain = rule('bpmn:Transaction', (transaction, report) => {
  if (is(transaction.loopCharacteristics, 'bpmn:MultiInstanceLoopCharacteristics'))
    report('A transaction cannot be multi-instance. Put it into a sub-process that is')
  if (transaction.triggeredByEvent === true)
    report('A transaction cannot be an event sub-process. Put it into an event sub-process')
  if (transaction.isForCompensation === true)
    report('A transaction cannot be a compensation handler. Put it into a sub-process that is')
})

export const cancelEndEventIsInTransaction = rule('bpmn:EndEvent', (event, report) => {
  if (!cancels(event)) return
  let around = event.$parent
  let isHandler = false
  for (; around !== undefined && !is(around, 'bpmn:Transaction'); around = around.$parent)
    isHandler ||= isCompensating(around)
  if (around === undefined) report(hasTransaction(event) ? 'A cancel end event must be inside a transaction' : ending)
  else if (isHandler) report('A cancel end event must not be in what undoes: its transaction is over by then')
})

const isCompensating = (element: ModdleElement): boolean =>
  (is(element, 'bpmn:Activity') && element.isForCompensation === true) ||
  (is(element, 'bpmn:SubProcess') && isStartedByCompensation(element))

export const cancelBoundaryEventIsOnTransaction = rule('bpmn:BoundaryEvent', (event, report) => {
  if (cancels(event) && !is(event.attachedToRef, 'bpmn:Transaction'))
    report(hasTransaction(event) ? 'A cancel boundary event must be attached to a transaction' : bounding)
})

/** What it would lead to could not begin: a transaction that is being undone lets nothing begin but handlers. */
export const handlerInTransactionHasNoBoundaryEvents = rule('bpmn:BoundaryEvent', ({ attachedToRef }, report) => {
  if (!is(attachedToRef, 'bpmn:Activity') || attachedToRef.isForCompensation !== true || is(attachedToRef, 'bpmn:Task'))
    return
  if (transactionAround(attachedToRef) !== undefined)
    report(
      'A compensation handler in a transaction must have no boundary events. Put it into a sub-process that is one',
    )
})

/** In a diagram without a transaction cancel events are refused in Zeebe's words. */
export const cancelEventIsUsed = rule('bpmn:CancelEventDefinition', (definition, report) => {
  const { $parent } = definition
  const hasPlace = is($parent, 'bpmn:EndEvent') || is($parent, 'bpmn:BoundaryEvent')
  if (!hasPlace || !hasTransaction(definition)) report('Event definition of this type is not supported')
})
const ending = 'End events must be one of: none, error, message, terminate, signal, escalation or compensation'
const bounding = 'Boundary events must be one of: timer, message, error, signal, escalation'

function transactionAround(element: ModdleElement): ModdleElement | undefined {
  let around = element.$parent
  while (around !== undefined && !is(around, 'bpmn:Transaction')) around = around.$parent
  return around
}
function hasTransaction(element: ModdleElement): boolean {
  let root = element
  while (root.$parent !== undefined) root = root.$parent
  const holdsOne = (one: ModdleElement): boolean =>
    is(one, 'bpmn:Transaction') || [...children(one)].some(({ child }) => holdsOne(child))
  return holdsOne(root)
}

export const transactionRules: readonly Rule[] = [
  transactionCanBeCancelled,
  transactionIsPlain,
  cancelEndEventIsInTransaction,
  cancelBoundaryEventIsOnTransaction,
  handlerInTransactionHasNoBoundaryEvents,
  cancelEventIsUsed,
]
