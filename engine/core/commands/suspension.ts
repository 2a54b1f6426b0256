/** Suspending and resuming (docs/beyond-zeebe.md). What an end of a suspension lets go goes on in as many turns as it needs. */
import type { CommandOf, Key, SuspensionValue } from '../../protocol/records.ts'
import { letGo } from '../behaviors/holding.ts'
import { type Processing, refuse } from '../processing.ts'
import { together } from '../state/miss.ts'
import type { ElementInstance, HeldCommand, Suspension } from '../state/rows.ts'

/** So many of what was held are looked up at once. */
const READ_AHEAD = 100
/** All of them are in memory. */
const SUSPENSIONS_MAX = 10_000

/** What is suspended, and what to call it. */
interface Target {
  readonly value: Partial<SuspensionValue>
  readonly name: string
}

/** The suspension of exactly this target that is in force. */
function inForce(p: Processing, { value }: Target): Suspension | undefined {
  const { processInstanceKey = -1, processDefinitionKey = -1, bpmnProcessId = '', tenantId = '<default>' } = value
  const key = [processInstanceKey, processDefinitionKey].find((one) => one > 0)
  const rows =
    key === undefined ? p.state.find('suspensionsOf', tenantId, bpmnProcessId) : p.state.find('suspensionsOf', key)
  const { kind, elementId = '', jobType = '' } = value
  return [...rows.values()].find(
    (row) => row.state === 'SUSPENDED' && row.kind === kind && row.elementId === elementId && row.jobType === jobType,
  )
}

/** Emits SUSPENSION SUSPENDED. Rejects: INVALID_STATE (it is suspended already, too many are). */
function begin(p: Processing, target: Target): void {
  if (inForce(p, target) !== undefined)
    refuse('INVALID_STATE', `Expected to suspend ${target.name}, but it is suspended already`)
  if (p.state.count('suspension') >= SUSPENSIONS_MAX) {
    refuse(
      'INVALID_STATE',
      `Expected to suspend ${target.name}, but there are ${SUSPENSIONS_MAX} suspensions. To stop many instances suspend their definition`,
    )
  }
  p.emit('SUSPENSION', 'SUSPENDED', p.newKey(), target.value)
}

/** Emits SUSPENSION RESUMING; what was held follows. Rejects: INVALID_STATE (it is not suspended). */
function end(p: Processing, target: Target): void {
  const row = inForce(p, target)
  if (row === undefined) refuse('INVALID_STATE', `Expected to resume ${target.name}, but it is not suspended`)
  p.emit('SUSPENSION', 'RESUMING', row.key, saying(row))
  p.follow('SUSPENSION', 'RELEASE', row.key, {})
}

function saying(row: Suspension): Partial<SuspensionValue> {
  const { key: _, state: __, suspendedAt: ___, resumedAt: ____, ...value } = row
  return value
}

/** Emits PROCESS_INSTANCE SUSPENDED as well. Rejects: NOT_FOUND; INVALID_STATE. */
export function suspendInstance(p: Processing, command: CommandOf<'PROCESS_INSTANCE'>): void {
  const instance = instanceOf(p, command.key, 'suspend')
  if (instance.state === 'TERMINATING') {
    refuse(
      'INVALID_STATE',
      `Expected to suspend process instance with key '${instance.key}', but it is being cancelled`,
    )
  }
  begin(p, targetOf(instance))
  p.emit('PROCESS_INSTANCE', 'SUSPENDED', instance.key, instanceValue(instance))
}
/** Emits PROCESS_INSTANCE RESUMED as well. Rejects: NOT_FOUND; INVALID_STATE. */
export function resumeInstance(p: Processing, command: CommandOf<'PROCESS_INSTANCE'>): void {
  const instance = instanceOf(p, command.key, 'resume')
  end(p, targetOf(instance))
  p.emit('PROCESS_INSTANCE', 'RESUMED', instance.key, instanceValue(instance))
}

function instanceOf(p: Processing, key: Key, verb: string): ElementInstance {
  const instance = p.state.get('elementInstance', key)
  if (instance?.bpmnElementType === 'PROCESS') return instance
  return refuse('NOT_FOUND', `Expected to ${verb} a process instance with key '${key}', but no such process was found`)
}
const targetOf = ({ key, tenantId }: ElementInstance): Target => ({
  value: { kind: 'PROCESS_INSTANCE', processInstanceKey: key, tenantId },
  name: `process instance with key '${key}'`,
})
const instanceValue = (instance: ElementInstance) => ({
  bpmnElementType: 'PROCESS' as const,
  elementId: instance.elementId,
  processDefinitionKey: instance.processDefinitionKey,
  processInstanceKey: instance.key,
  flowScopeKey: -1,
  parentProcessInstanceKey: instance.parentProcessInstanceKey,
  parentElementInstanceKey: instance.parentElementInstanceKey,
  tenantId: instance.tenantId,
})

/** A definition, all its versions, an element of it, a job type. Rejects: NOT_FOUND; INVALID_ARGUMENT (the element); INVALID_STATE. */
export function suspend(p: Processing, { value }: CommandOf<'SUSPENSION'>): void {
  begin(p, wanted(p, value, 'suspend'))
}
export function resume(p: Processing, { value }: CommandOf<'SUSPENSION'>): void {
  end(p, wanted(p, value, 'resume'))
}

function wanted(p: Processing, value: Partial<SuspensionValue>, verb: string): Target {
  const { kind, processDefinitionKey = -1, elementId = '', jobType = '', tenantId = '<default>' } = value
  if (kind === 'JOB_TYPE') return { value: { kind, jobType, tenantId }, name: `job type '${jobType}'` }
  const definition = p.state.get('processDefinition', processDefinitionKey)
  if (definition === undefined || definition.deleted) {
    refuse('NOT_FOUND', `Expected to ${verb} process definition with key '${processDefinitionKey}', but none was found`)
  }
  const { bpmnProcessId, version } = definition
  const of = { tenantId: definition.tenantId, admitsNewInstances: value.admitsNewInstances ?? false }
  if (kind === 'PROCESS')
    return { value: { ...of, kind, bpmnProcessId }, name: `all versions of process '${bpmnProcessId}'` }
  const name = `version ${version} of process '${bpmnProcessId}'`
  if (kind !== 'ELEMENT') return { value: { ...of, kind: 'PROCESS_DEFINITION', processDefinitionKey }, name }
  const element = p.process(processDefinitionKey).elements.get(elementId)
  if (element === undefined)
    refuse('NOT_FOUND', `Expected to ${verb} element '${elementId}' of ${name}, but it has no such element`)
  // Tokens wait on the flow that leads to it; without one nothing would keep its scope open.
  if (element.incoming.length === 0) {
    refuse(
      'INVALID_ARGUMENT',
      `Expected to ${verb} an element that sequence flows lead to, but none leads to '${elementId}' of ${name}. Choose the element before or the activity it belongs to`,
    )
  }
  return {
    value: { tenantId: definition.tenantId, kind, processDefinitionKey, elementId },
    name: `element '${elementId}' of ${name}`,
  }
}

/**
 * What the suspension has held goes on, oldest first; what the turn has no room for, in the next. Emits SUSPENSION RELEASED for each,
 * RESUMED after the last, RESUMING again when some are left.
 */
export function release(p: Processing, { key }: CommandOf<'SUSPENSION'>): void {
  const row = p.state.get('suspension', key)
  if (row?.state !== 'RESUMING') return
  const waiting = p.state.find('heldBy', key)
  if (!p.isReleasing) foresee(p, waiting.values().take(READ_AHEAD))
  p.isReleasing = true
  const [held] = waiting.values()
  if (held === undefined) p.emit('SUSPENSION', 'RESUMED', key, saying(row))
  else if (p.isLong) p.emit('SUSPENSION', 'RESUMING', key, saying(row))
  else {
    letGo(p, held)
    p.follow('SUSPENSION', 'RELEASE', key, {})
  }
}

/** Reads at once the rows that the commands are about: what they miss is one miss, not one for each. */
function foresee({ state }: Processing, waiting: Iterable<HeldCommand>): void {
  together<unknown>(
    [...waiting].map(({ command: { valueType, key, value } }) => () => {
      if (valueType === 'JOB') return state.get('job', key)
      if (valueType === 'TIMER') return state.get('timer', key)
      if (valueType === 'PROCESS_MESSAGE_SUBSCRIPTION') return state.get('subscription', key)
      const scopeKey = valueType === 'PROCESS_INSTANCE' ? (value.flowScopeKey ?? -1) : -1
      return state.get('elementInstance', scopeKey > 0 ? scopeKey : key)
    }),
  )
}
