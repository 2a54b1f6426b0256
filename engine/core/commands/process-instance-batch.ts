/** Children of one scope begin or terminate, one for each command. The key is the scope's. */
import type { CommandOf, Key } from '../../protocol/records.ts'
import { activateChildren, finish, postpone } from '../behaviors/batches.ts'
import { isUndoing } from '../behaviors/compensation.ts'
import { isCancelled } from '../behaviors/events.ts'
import { pathEnded } from '../behaviors/flow.ts'
import { requestActivation, requestTermination } from '../behaviors/lifecycle.ts'
import { lengthOf } from '../lists.ts'
import type { Processing } from '../processing.ts'
import { together } from '../state/miss.ts'
import type { ElementInstance } from '../state/rows.ts'

type Command = CommandOf<'PROCESS_INSTANCE_BATCH'>

/** So many children are looked up at once. */
const READ_AHEAD = 100

/** The next child of a body begins, and the command follows again. Emits PROCESS_INSTANCE_BATCH ACTIVATED after the last. */
export function activate(p: Processing, { key }: Command): void {
  const body = p.state.get('elementInstance', key)
  const element = p.bodyOf(body)
  if (body === undefined || element === null) return
  const mayBegin = body.state === 'ACTIVATED' && body.interruptingElementId === ''
  const left = mayBegin ? lengthOf(p.state, key) - body.loopCounter : 0
  if (left > 1 && p.isLong) postpone(p, body, 'ACTIVATE', left)
  else if (left > 0) {
    requestActivation(p, element.inner, body)
    if (left > 1 && !element.loop.isSequential) activateChildren(p, body)
    else finish(p, body, 'ACTIVATE', 1)
  } else finish(p, body, 'ACTIVATE', 0)
}

/**
 * The next child of a scope terminates, and the command follows again. Emits PROCESS_INSTANCE_BATCH TERMINATED after the last. A
 * cancelled transaction without children goes on undoing.
 */
export function terminate(p: Processing, { key, value }: Command): void {
  const scope = p.state.get('elementInstance', key)
  if (scope === undefined) return
  const { index = -1, childKeys: known = [] } = value
  const keys = known.length > 1 ? known : terminable(p, scope, index)
  const [child, next] = keys
  if (child !== undefined && next !== undefined && p.isLong) {
    postpone(p, scope, 'TERMINATE', child)
    return
  }
  if (child !== undefined) requestTermination(p, child)
  if (next !== undefined) {
    p.follow('PROCESS_INSTANCE_BATCH', 'TERMINATE', key, { index: next, childKeys: keys.slice(1) })
    return
  }
  finish(p, scope, 'TERMINATE', child ?? index)
  if (child === undefined && isCancelled(p, scope)) pathEnded(p, key)
}
/** What a cancelled transaction has begun to undo goes on, should it be told twice to end its children. */
function terminable(p: Processing, scope: ElementInstance, from: Key): readonly Key[] {
  const spares = isCancelled(p, scope)
  const children: ElementInstance[] = []
  for (const child of p.state.find('childrenOf', scope.key).values()) {
    const goesOn = child.state === 'TERMINATING' || (spares && isUndoing(p, scope, child.key))
    if (child.key >= from && !goesOn) children.push(child)
    if (children.length === READ_AHEAD) break
  }
  foresee(p, children)
  return children.map(({ key }) => key)
}
/** Reads at once what each of them will need to end: what they miss is one miss, not one for each. */
function foresee({ state }: Processing, children: readonly ElementInstance[]): void {
  const lookups = [
    'childrenOf',
    'variablesOf',
    'timersOf',
    'incidentsOf',
    'subscriptionsOf',
    'signalSubscriptionsOf',
    'conditionalSubscriptionsOf',
  ] as const
  together<unknown>(
    children.flatMap(({ key, jobKey, userTaskKey, calledProcessInstanceKey }) => [
      ...lookups.map((lookup) => () => state.find(lookup, key)),
      () => jobKey > 0 && state.get('job', jobKey),
      () => userTaskKey > 0 && state.get('userTask', userTaskKey),
      () => calledProcessInstanceKey > 0 && state.get('elementInstance', calledProcessInstanceKey),
    ]),
  )
}
