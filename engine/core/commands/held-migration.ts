/** What a suspension holds for an instance that is migrated: repairing what stands still is what suspending is for. */
import type { HeldCommandContent, SuspensionValue } from '../../protocol/records.ts'
import { letGo } from '../behaviors/holding.ts'
import { heldIn, stoppagesOf } from '../behaviors/suspensions.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance, HeldCommand } from '../state/rows.ts'
import type { Migration } from './migration-checks.ts'

/** Rejects: INVALID_ARGUMENT (a token waits before an element that is not mapped, or on a flow that is not). */
export function checkHeld(p: Processing, { instanceKey, mapping }: Migration): void {
  for (const { command } of heldIn(p, instanceKey)) {
    if (command.valueType !== 'PROCESS_INSTANCE') continue
    const { elementId, incoming = [] } = command.value
    const unmapped = [elementId, ...incoming].find((id) => id !== undefined && !mapping.has(id))
    if (unmapped === undefined) continue
    refuse(
      'INVALID_ARGUMENT',
      `Expected to migrate process instance '${instanceKey}' but a token waits before element '${elementId}', and '${unmapped}' is not mapped. Map the element and the sequence flow that leads to it`,
    )
  }
}

/**
 * All that is held in the instance goes on, or is held again by what suspends the target; so does what was held in instances that it
 * has called, when only the old definition stopped them. For their timers the time of standing still is kept with the instance.
 * Emits SUSPENSION RELEASED, MIGRATED.
 */
export function moveHeld(p: Processing, migration: Migration, before: ElementInstance): void {
  const stoppages = stoppagesOf(p, before.processDefinitionKey)
  const own = heldIn(p, before.key)
  const keys = new Set(stoppages.map(({ key }) => key))
  const inTree = stoppages.length === 0 ? [] : [...p.state.find('heldIn', before.rootProcessInstanceKey).values()]
  for (const held of own) move(p, migration, held)
  for (const held of inTree) if (held.processInstanceKey !== before.key && keys.has(held.suspensionKey)) letGo(p, held)
  for (const { suspendedAt, resumedAt } of stoppages) {
    const period = { suspendedAt, resumedAt: resumedAt < 0 ? p.now : resumedAt }
    const value: Partial<SuspensionValue> = { kind: 'PROCESS_INSTANCE', processInstanceKey: before.key, ...period }
    p.emit('SUSPENSION', 'MIGRATED', p.newKey(), { ...value, tenantId: before.tenantId })
  }
}

function move(p: Processing, { mapping }: Migration, held: HeldCommand): void {
  const { command } = held
  if (command.valueType === 'PROCESS_EVENT') {
    const targetElementId = mapping.get(command.value.targetElementId ?? '')
    // What is not mapped hears no more.
    if (targetElementId === undefined) letGo(p, held, null)
    else letGo(p, held, { ...command, value: { ...command.value, targetElementId } })
  } else letGo(p, held, command.valueType === 'PROCESS_INSTANCE' ? mapped(command, mapping) : command)
}

function mapped(
  command: Extract<HeldCommandContent, { readonly valueType: 'PROCESS_INSTANCE' }>,
  mapping: ReadonlyMap<string, string>,
): HeldCommandContent {
  const { elementId, incoming } = command.value
  if (elementId === undefined) return command
  const to = (id: string) => mapping.get(id) ?? id
  return {
    ...command,
    value: { ...command.value, elementId: to(elementId), ...(incoming && { incoming: incoming.map(to) }) },
  }
}
