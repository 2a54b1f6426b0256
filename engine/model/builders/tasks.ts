import type { BpmnElementType } from '../../protocol/records.ts'
import type { ActivityElement as Executable, JobDefinition } from '../executable.ts'
import { type ActivityElement, extension, type MessageTask } from '../source.ts'
import { activity, type Building } from './building.ts'
import { messageEvent } from './event-kinds.ts'
import { binding, headers, job, taskListeners, userTaskProperties } from './extensions.ts'

const USER_TASK_JOB_TYPE = 'io.camunda.zeebe:userTask'
const USER_TASK_JOB_RETRIES = '1'

function byJob(
  b: Building,
  node: ActivityElement,
  type: BpmnElementType,
  definition: JobDefinition | null,
): Executable {
  if (definition === null) throw new Error(`Expected ${node.id} to have a task definition`)
  return { kind: 'job-worker-task', ...activity(b, node, type), job: definition, userTask: null }
}

export const serviceTask = (b: Building, node: ActivityElement): Executable =>
  byJob(b, node, 'SERVICE_TASK', job(b.expressions, node))

export const sendTask = (b: Building, node: ActivityElement): Executable =>
  byJob(b, node, 'SEND_TASK', job(b.expressions, node))

export function scriptTask(b: Building, node: ActivityElement): Executable {
  const script = extension(node, 'zeebe:Script')
  if (script === undefined) return byJob(b, node, 'SCRIPT_TASK', job(b.expressions, node))
  const { expression = '', resultVariable = '' } = script
  return {
    kind: 'script-task',
    ...activity(b, node, 'SCRIPT_TASK'),
    expression: b.expressions.of(expression),
    resultVariable,
  }
}

export function businessRuleTask(b: Building, node: ActivityElement): Executable {
  const decision = extension(node, 'zeebe:CalledDecision')
  if (decision === undefined) return byJob(b, node, 'BUSINESS_RULE_TASK', job(b.expressions, node))
  const { decisionId = '', resultVariable = '' } = decision
  return {
    kind: 'business-rule-task',
    ...activity(b, node, 'BUSINESS_RULE_TASK'),
    decisionId: b.expressions.of(decisionId),
    binding: binding(decision),
    resultVariable,
  }
}

/** Native with `zeebe:userTask`, else a job that carries the properties as headers. */
export function userTask(b: Building, node: ActivityElement): Executable {
  const common = activity(b, node, 'USER_TASK')
  const properties = userTaskProperties(b.expressions, node)
  if (extension(node, 'zeebe:UserTask') !== undefined)
    return {
      kind: 'user-task',
      ...common,
      properties,
      headers: headers(node),
      listenersOf: taskListeners(b.expressions, node),
    }
  const definition: JobDefinition = {
    type: b.expressions.of(USER_TASK_JOB_TYPE),
    retries: b.expressions.of(USER_TASK_JOB_RETRIES),
    headers: headers(node),
  }
  return { kind: 'job-worker-task', ...common, job: definition, userTask: properties }
}

export const receiveTask = (b: Building, node: MessageTask): Executable => ({
  kind: 'receive-task',
  ...activity(b, node, 'RECEIVE_TASK'),
  event: messageEvent(b, node.messageRef),
})

export const manualTask = (b: Building, node: ActivityElement): Executable => ({
  kind: 'task',
  ...activity(b, node, 'MANUAL_TASK'),
})

export const undefinedTask = (b: Building, node: ActivityElement): Executable => ({
  kind: 'task',
  ...activity(b, node, 'TASK'),
})

export function callActivity(b: Building, node: ActivityElement): Executable {
  const called = extension(node, 'zeebe:CalledElement')
  if (called === undefined) throw new Error(`Expected ${node.id} to have a called element`)
  const { processId = '', propagateAllParentVariables = true, propagateAllChildVariables = true } = called
  return {
    kind: 'call-activity',
    ...activity(b, node, 'CALL_ACTIVITY'),
    processId: b.expressions.of(processId),
    binding: binding(called),
    propagateAllParentVariables,
    propagateAllChildVariables,
  }
}
