/**
 * Who waits for a condition to become true. Owns: opening and closing, and what a change of variables means to those who wait. Does
 * not own: what happens when a condition holds (commands/conditional.ts).
 *
 * A condition is looked at when its subscription opens, and again when a variable that it reads is created or updated in its scope or
 * in one around it. One that is not true, has no boolean value or cannot be evaluated goes on waiting, as in Zeebe 8.9: no incident.
 * Source: Camunda docs › Concepts › Conditionals (8.9).
 */
import { fromJson } from '../../feel/index.ts'
import type { Expression } from '../../model/executable.ts'
import { Expressions } from '../../model/expressions.ts'
import type { Json, Key, VariableEvent } from '../../protocol/records.ts'
import { entriesOf } from '../documents.ts'
import type { Processing } from '../processing.ts'
import { together } from '../state/miss.ts'
import type { ConditionalSubscription, ElementInstance, ProcessDefinition } from '../state/rows.ts'
import { extractBoolean } from './expressions.ts'

/** What a conditional event says in the model. */
export interface Condition {
  readonly condition: Extract<Expression, { kind: 'feel' }>
  readonly variableEvents: readonly VariableEvent[]
}
/** A variable that was created or updated. */
export interface Change {
  readonly scopeKey: Key
  readonly name: string
  readonly event: VariableEvent
}

/** Expressions by row: rows are immutable, so an entry is right as long as its row lives. */
const compiled = new WeakMap<ConditionalSubscription, Expression>()
function expressionOf(row: ConditionalSubscription): Expression {
  const known = compiled.get(row) ?? new Expressions().of(row.condition)
  compiled.set(row, known)
  return known
}

/** What every record of a subscription says. */
export function conditionalValue({ key: _, ...row }: ConditionalSubscription) {
  return { ...row, scopeKey: row.elementInstanceKey }
}

/** Emits CONDITIONAL_SUBSCRIPTION CREATED; a condition that holds already triggers its event by a command. */
export function awaitCondition(
  p: Processing,
  { key: elementInstanceKey, processInstanceKey, processDefinitionKey, tenantId }: ElementInstance,
  event: { readonly id: string; readonly interrupting: boolean },
  condition: Condition,
): void {
  const waiting = {
    elementInstanceKey,
    scopeKey: elementInstanceKey,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
  }
  const row = open(p, waiting, event, condition)
  if (holds(p, row)) requestTrigger(p, row)
}

/** Emits CONDITIONAL_SUBSCRIPTION CREATED for a start event, which only clients' evaluations look at. */
export function startByCondition(
  p: Processing,
  { key: processDefinitionKey, tenantId }: ProcessDefinition,
  id: string,
  condition: Condition,
): void {
  open(p, { processDefinitionKey, tenantId }, { id, interrupting: true }, condition)
}

function open(
  p: Processing,
  waiting: Partial<ReturnType<typeof conditionalValue>>,
  { id: catchEventId, interrupting }: { readonly id: string; readonly interrupting: boolean },
  { condition, variableEvents }: Condition,
): ConditionalSubscription {
  const key = p.newKey()
  p.emit('CONDITIONAL_SUBSCRIPTION', 'CREATED', key, {
    ...waiting,
    catchEventId,
    interrupting,
    condition: `=${condition.source}`,
    variableNames: condition.feel.names,
    variableEvents,
  })
  const row = p.state.get('conditionalSubscription', key)!
  compiled.set(row, condition)
  return row
}

/** Emits CONDITIONAL_SUBSCRIPTION DELETED for what an element instance or the start events of a definition wait for. */
export function closeConditions(
  p: Processing,
  waitingKey: Key,
  chosen: (elementId: string) => boolean = () => true,
): void {
  for (const row of [...p.state.find('conditionalSubscriptionsOf', waitingKey).values()])
    if (chosen(row.catchEventId)) p.emit('CONDITIONAL_SUBSCRIPTION', 'DELETED', row.key, conditionalValue(row))
}

const requestTrigger = (p: Processing, { key }: ConditionalSubscription): void =>
  p.follow('CONDITIONAL_SUBSCRIPTION', 'TRIGGER', key, {})

function holds(p: Processing, row: ConditionalSubscription): boolean {
  const result = extractBoolean(p, row.elementInstanceKey, expressionOf(row))
  return result.ok && result.value
}

/** The start events whose condition holds among the variables, of those that read one of them or none at all. */
export function heldBy(
  p: Processing,
  starts: readonly ConditionalSubscription[],
  variables: Json,
): readonly ConditionalSubscription[] {
  const given = new Map(entriesOf(variables).map(([name, value]) => [name, fromJson(value)]))
  return starts.filter((row) => {
    if (row.variableNames.length > 0 && !row.variableNames.some((name) => given.has(name))) return false
    const result = extractBoolean(p, NOWHERE, expressionOf(row), given)
    return result.ok && result.value
  })
}
/** A scope without variables. */
const NOWHERE = -1

/**
 * Evaluates the conditions that the changes of one document concern, each scope before those within it, and lets those that hold
 * trigger their events by commands, each at most once. What a condition interrupts is not looked at any further.
 * Cost: nothing but a look at the process instance's row unless somebody there reads a variable that has changed; then the scopes
 * from the change inward, until all who read it are found.
 */
export function variablesChanged(p: Processing, processInstanceKey: Key, changes: readonly Change[]): void {
  const awaited = p.state.get('elementInstance', processInstanceKey)?.awaitedVariables ?? none
  const concerning = changes.filter(({ name }) => Object.hasOwn(awaited, name) || Object.hasOwn(awaited, ANY))
  if (concerning.length === 0) return
  const seen: Seen = { triggered: new Set(), interrupted: new Set() }
  for (const [scopeKey, inScope] of Map.groupBy(concerning, (change) => change.scopeKey))
    walkInward(p, scopeKey, inScope, awaited, seen)
}
const none: Readonly<Record<string, number>> = Object.freeze({})
/** Under which those are counted who read no variable. */
const ANY = ''

interface Seen {
  readonly triggered: Set<Key>
  readonly interrupted: Set<Key>
}

function walkInward(
  p: Processing,
  from: Key,
  changes: readonly Change[],
  awaited: Readonly<Record<string, number>>,
  seen: Seen,
): void {
  const names = [...new Set([ANY, ...changes.map(({ name }) => name)])]
  let left = names.reduce((sum, name) => sum + (Object.hasOwn(awaited, name) ? awaited[name]! : 0), 0)
  for (let scopes: readonly Key[] = [from]; scopes.length > 0; ) {
    const found = together(scopes.map((key) => () => p.state.find('conditionalSubscriptionsOf', key)))
    for (const [i, rows] of found.entries()) {
      if (seen.interrupted.has(scopes[i]!)) continue
      for (const row of rows.values()) {
        left -= row.variableNames.length === 0 ? 1 : row.variableNames.filter((name) => names.includes(name)).length
        if (!seen.triggered.has(row.key) && isConcerned(row, changes) && holds(p, row)) trigger(p, row, seen)
        if (seen.interrupted.has(scopes[i]!)) break
      }
    }
    const outer = scopes.filter((key) => !seen.interrupted.has(key))
    // Not looked for in vain: a scope may have a hundred thousand others within it.
    scopes = left > 0 ? scopesWithin(p, outer) : []
  }
}
function scopesWithin(p: Processing, scopes: readonly Key[]): readonly Key[] {
  const outer = scopes.filter((key) => (p.state.get('elementInstance', key)?.childCount ?? 0) > 0)
  const found = together(outer.map((key) => () => p.state.find('childrenOf', key)))
  return found.flatMap((children) => [...children.keys()])
}
const isConcerned = ({ variableNames, variableEvents }: ConditionalSubscription, changes: readonly Change[]): boolean =>
  changes.some(
    ({ name, event }) =>
      (variableNames.length === 0 || variableNames.includes(name)) &&
      (variableEvents.length === 0 || variableEvents.includes(event)),
  )
function trigger(p: Processing, row: ConditionalSubscription, { triggered, interrupted }: Seen): void {
  requestTrigger(p, row)
  triggered.add(row.key)
  if (row.interrupting) interrupted.add(row.elementInstanceKey)
}
