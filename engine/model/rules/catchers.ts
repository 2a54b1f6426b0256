/** Rules on catch events that compete with each other, shared by boundary events, event sub-processes and event-based gateways. */

import { mayStand } from '../builders/event-kinds.ts'
import { type BaseElement, is, type TimerEventDefinition } from '../source.ts'
import { duplicates, type Report } from './rule.ts'

const named = (names: readonly (string | undefined)[]) => duplicates(names.filter((name) => name))

/** Messages, signals and links that are listened to twice. */
export function reportSameName(definitions: readonly BaseElement[], report: Report): void {
  const messages = definitions.map((one) => (is(one, 'bpmn:MessageEventDefinition') ? one.messageRef?.name : undefined))
  for (const name of named(messages))
    report(`Multiple message event definitions with the same name '${name}' are not allowed.`)
  const signals = definitions.map((one) => (is(one, 'bpmn:SignalEventDefinition') ? one.signalRef?.name : undefined))
  for (const name of named(signals))
    report(`Multiple signal event definitions with the same name '${name}' are not allowed.`)
  const links = definitions.map((one) => (is(one, 'bpmn:LinkEventDefinition') ? one.name : undefined))
  for (const name of named(links))
    report(`Multiple intermediate catch link event definitions with the same name '${name}' are not allowed.`)
}

/** Catchers on one activity, or event sub-processes of one scope: each listens to something else. */
export function reportSame(definitions: readonly BaseElement[], report: Report): void {
  reportSameName(definitions, report)
  const escalations = definitions.flatMap((one) =>
    is(one, 'bpmn:EscalationEventDefinition') ? [one.escalationRef && { code: one.escalationRef.escalationCode }] : [],
  )
  reportSameCode('escalation', escalations, report)
  const errors = definitions.flatMap((one) =>
    is(one, 'bpmn:ErrorEventDefinition') ? [one.errorRef && { code: one.errorRef.errorCode }] : [],
  )
  reportSameCode('error', errors, report)
}
interface Caught {
  readonly code: string | undefined
}

/** What refers to nothing and what refers to something without a code are counted apart, as in Zeebe. */
function reportSameCode(what: 'error' | 'escalation', caught: readonly (Caught | undefined)[], report: Report): void {
  const named = caught.filter((one) => one !== undefined).map(({ code }) => code)
  for (const all of [caught.length - named.length, named.filter((code) => code === undefined).length]) {
    if (all < 2) continue
    report(
      `The same scope can not contain more than one ${what} catch event without ${what} code. An ${what} catch event without ${what} code catches all ${what}s.`,
    )
  }
  for (const code of duplicates(named.filter((code) => code !== undefined)))
    report(`Multiple ${what} catch events with the same ${what} code '${code}' are not supported on the same scope.`)
}

/** Errors always interrupt, and what interrupts cannot repeat. */
export function reportInterrupting(definitions: readonly BaseElement[], interrupting: boolean, report: Report): void {
  for (const definition of definitions) {
    if (!interrupting && !mayStand(definition, 'beside')) report('Non-Interrupting event of this type is not allowed')
    if (interrupting && isCycle(definition)) report('Interrupting timer event with time cycle is not allowed.')
  }
}

const isCycle = (definition: BaseElement | TimerEventDefinition): boolean =>
  is(definition, 'bpmn:TimerEventDefinition') && definition.timeCycle !== undefined
