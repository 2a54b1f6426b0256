import type { HeldCommandContent, Instant, Key, SuspensionValue } from '../../protocol/records.ts'
import type { Suspension } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Appliers, given } from './applier.ts'

/** Suspensions of these are kept when they are over: timers that have lived through them count the time. */
const stopClocks: ReadonlySet<string> = new Set(['PROCESS_INSTANCE', 'PROCESS_DEFINITION', 'PROCESS'])

/** What is held is out of reach of the clock and of workers until it is let go. */
function setAside(state: State, { valueType, key }: HeldCommandContent): void {
  const timer = valueType === 'TIMER' ? state.get('timer', key) : undefined
  if (timer !== undefined) state.put('timer', { ...timer, dueDate: -1 })
  const job = valueType === 'JOB' ? state.get('job', key) : undefined
  if (job?.state === 'ACTIVATABLE') state.put('job', { ...job, state: 'SUSPENDED' })
  const scope = valueType === 'PROCESS_INSTANCE_BATCH' ? state.get('elementInstance', key) : undefined
  if (scope?.batch === 'ACTIVATE') state.put('elementInstance', { ...scope, batch: '' })
}
function bringBack(state: State, { valueType, key }: HeldCommandContent): void {
  const job = valueType === 'JOB' ? state.get('job', key) : undefined
  if (job?.state === 'SUSPENDED') state.put('job', { ...job, state: 'ACTIVATABLE' })
}
function count(state: State, processInstanceKey: Key, more: number): void {
  const instance = state.get('elementInstance', processInstanceKey)
  if (instance !== undefined) state.put('elementInstance', { ...instance, held: instance.held + more })
}

const rowOf = (
  key: Key,
  value: Readonly<Partial<SuspensionValue>>,
  state: Suspension['state'],
  suspendedAt: Instant,
  resumedAt: Instant,
): Suspension => ({
  key,
  tenantId: value.tenantId ?? '<default>',
  kind: given(value.kind, 'kind'),
  state,
  processInstanceKey: value.processInstanceKey ?? -1,
  processDefinitionKey: value.processDefinitionKey ?? -1,
  bpmnProcessId: value.bpmnProcessId ?? '',
  elementId: value.elementId ?? '',
  jobType: value.jobType ?? '',
  admitsNewInstances: value.admitsNewInstances ?? false,
  suspendedAt,
  resumedAt,
})

export const suspensionAppliers: Appliers<'SUSPENSION'> = {
  SUSPENDED: (state, key, value, at) => state.put('suspension', rowOf(key, value, 'SUSPENDED', at, -1)),
  MIGRATED: (state, key, value) => {
    const { suspendedAt, resumedAt } = value
    const period = [given(suspendedAt, 'suspendedAt'), given(resumedAt, 'resumedAt')] as const
    state.put('suspension', rowOf(key, value, 'RESUMED', ...period))
  },
  RESUMING: (state, key, _value, at) => {
    const row = state.get('suspension', key)
    if (row === undefined) return
    state.put('suspension', { ...row, state: 'RESUMING', resumedAt: row.resumedAt < 0 ? at : row.resumedAt })
  },
  RESUMED: (state, key) => {
    const row = state.get('suspension', key)
    if (row === undefined) return
    if (stopClocks.has(row.kind)) state.put('suspension', { ...row, state: 'RESUMED' })
    else state.remove('suspension', key)
  },
  HELD: (state, key, value) => {
    const processInstanceKey = value.processInstanceKey ?? -1
    const command = given(value.command, 'command')
    state.put('heldCommand', {
      key,
      tenantId: value.tenantId ?? '<default>',
      suspensionKey: given(value.suspensionKey, 'suspensionKey'),
      processInstanceKey,
      rootProcessInstanceKey: value.rootProcessInstanceKey ?? -1,
      command,
    })
    count(state, processInstanceKey, 1)
    setAside(state, command)
  },
  RELEASED: (state, key, value) => {
    state.remove('heldCommand', key)
    count(state, value.processInstanceKey ?? -1, -1)
    bringBack(state, given(value.command, 'command'))
  },
}

/** An instance has ended: what waited for it goes with it. */
export function endSuspensions(
  state: State,
  instance: { readonly key: Key; readonly held: number; readonly rootProcessInstanceKey: Key },
): void {
  for (const { key } of [...state.find('suspensionsOf', instance.key).values()]) state.remove('suspension', key)
  if (instance.held === 0) return
  for (const held of [...state.find('heldIn', instance.rootProcessInstanceKey).values()])
    if (held.processInstanceKey === instance.key) state.remove('heldCommand', held.key)
}
