/** Changing where a process instance stands. Source: Camunda docs › Concepts › Process instance modification. */
import type { ExecutableElement } from '../../model/executable.ts'
import type { ActivateInstruction, CommandOf, Key } from '../../protocol/records.ts'
import { unsubscribe } from '../behaviors/awaited-events.ts'
import { forgetCompensation } from '../behaviors/compensation.ts'
import { beginInside } from '../behaviors/element-activation.ts'
import { isCancelled } from '../behaviors/events.ts'
import { isQuiet } from '../behaviors/flow.ts'
import { close } from '../behaviors/incidents.ts'
import { cancelJob } from '../behaviors/jobs.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { startNextBuffered } from '../behaviors/messages.ts'
import { cancel as cancelTask } from '../behaviors/task-transitions.ts'
import { mergeLocal } from '../behaviors/variables.ts'
import { entriesOf } from '../documents.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { checkModification } from './modification-checks.ts'

/**
 * Begins elements, ends element instances: all or nothing.
 * Emits the scopes that are opened with their variables, terminations, PROCESS_INSTANCE_MODIFICATION MODIFIED; the elements begin by
 * commands. A scope in which nothing is left terminates too, up to the process instance.
 * Rejects: NOT_FOUND (no such instance, or on its way out); INVALID_ARGUMENT (an instruction that cannot be carried out).
 */
export function modify(p: Processing, command: CommandOf<'PROCESS_INSTANCE_MODIFICATION'>): void {
  const { processInstanceKey = -1, activateInstructions = [], terminateInstructions = [] } = command.value
  const instance = p.state.get('elementInstance', processInstanceKey)
  if (instance === undefined || instance.bpmnElementType !== 'PROCESS' || instance.state === 'TERMINATING') {
    refuse(
      'NOT_FOUND',
      `Expected to modify process instance but no process instance found with key '${processInstanceKey}'`,
    )
  }
  const refuseIt = checkModification(p, instance, activateInstructions, terminateInstructions)
  const carriedOut = activateInstructions.map((instruction) => activate(p, instance, instruction, refuseIt))
  const needed = new Set(carriedOut.flatMap(({ ancestorScopeKeys }) => ancestorScopeKeys))
  for (const { elementInstanceKey } of terminateInstructions) terminate(p, elementInstanceKey, needed)
  p.emit('PROCESS_INSTANCE_MODIFICATION', 'MODIFIED', instance.key, {
    processInstanceKey,
    activateInstructions: carriedOut,
    terminateInstructions,
    ancestorScopeKeys: [...needed],
    tenantId: instance.tenantId,
  })
}

function activate(
  p: Processing,
  { key: processInstanceKey, processDefinitionKey, tenantId }: ElementInstance,
  instruction: ActivateInstruction,
  refuseIt: (but: string) => never,
): ActivateInstruction {
  const { id: processId, elements } = p.process(processDefinitionKey)
  const element: ExecutableElement = elements.get(instruction.elementId)!
  const ancestorScopeKeys = beginInside(p, p.instance(processInstanceKey), element, {
    ancestorKey: instruction.ancestorScopeKey,
    begun: (elementId, key) => {
      const scope = p.state.get('elementInstance', key)
      if (scope !== undefined && isCancelled(p, scope))
        refuseIt(
          `one or more activate instructions for an element in a transaction that is being cancelled: '${elementId}'. Nothing begins there but what undoes it.`,
        )
      for (const { elementId: scopeId, variables } of instruction.variableInstructions) {
        if (scopeId !== elementId && !(scopeId === '' && elementId === processId)) continue
        mergeLocal(p, { key, processInstanceKey, processDefinitionKey, tenantId }, entriesOf(variables))
      }
    },
    undecided: (scopeId) =>
      refuseIt(
        `one or more activate instructions for an element that has a flow scope with more than one active instance: '${scopeId}'. Can't decide in which instance of the flow scope the element should be activated. Please specify an ancestor element instance key for this activate instruction.`,
      ),
    looped: (scopeId) =>
      refuseIt(
        `one or more activate instructions that would result in the activation of multi-instance element '${scopeId}', which is currently unsupported.`,
      ),
  })
  return { ...instruction, ancestorScopeKeys }
}

/** One that has gone with another is done already. `needed` are scopes in which something is going to begin. */
function terminate(p: Processing, key: Key, needed: ReadonlySet<Key>): void {
  const instance = p.state.get('elementInstance', key)
  if (instance === undefined) return
  terminateNow(p, instance)
  const around = (row: ElementInstance) => p.state.get('elementInstance', row.flowScopeKey)
  for (let scope = around(instance); scope !== undefined; scope = around(scope)) {
    if (!isQuiet(p, scope) || needed.has(scope.key)) return
    if (scope.parentProcessInstanceKey > 0) {
      refuse(
        'INVALID_ARGUMENT',
        `Expected to modify instance of process '${scope.elementId}' but the given instructions would terminate the instance. The instance was created by a call activity in the parent process. To terminate this instance please modify the parent process instead.`,
      )
    }
    terminateNow(p, scope)
  }
}

/**
 * Ends an instance and all within it at once, youngest children first. Emits for each ELEMENT_TERMINATING and what it closes, then
 * ELEMENT_TERMINATED for all in the opposite order. A user task that waits for its listeners ends when they are done, and so does what
 * is around it.
 */
function terminateNow(p: Processing, instance: ElementInstance): void {
  const terminating: ElementInstance[] = []
  const waiting = new Set<Key>()
  const open = [instance]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const row = transition(p, 'ELEMENT_TERMINATING', p.element(next), next)
    cancelJob(p, row)
    close(p, row)
    unsubscribe(p, row)
    const task = row.userTaskKey > 0 ? p.state.get('userTask', row.userTaskKey) : undefined
    if (task !== undefined && cancelTask(p, task) === 'waits') waiting.add(row.key)
    if (row.bpmnElementType === 'PROCESS') forgetCompensation(p, row.key)
    terminating.unshift(row)
    const { key, calledProcessInstanceKey } = row
    const called = calledProcessInstanceKey > 0 ? p.state.get('elementInstance', calledProcessInstanceKey) : undefined
    const inside = [...p.state.find('childrenOf', key).values(), ...(called ? [called] : [])]
    open.push(...inside.filter(({ state }) => state !== 'TERMINATING'))
  }
  for (const { key, bpmnElementType } of terminating) {
    const row = p.instance(key)
    const called = row.calledProcessInstanceKey
    const holdsOn = waiting.has(key) || row.childCount > 0 || (called > 0 && p.state.get('elementInstance', called))
    if (holdsOn) continue
    const lock = bpmnElementType === 'PROCESS' ? p.state.get('startLock', key) : undefined
    transition(p, 'ELEMENT_TERMINATED', p.element(row), row)
    if (lock !== undefined) startNextBuffered(p, lock)
  }
}
