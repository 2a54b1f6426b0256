/** Zeebe's extension elements: mappings, job and user task properties, bindings. */
import type {
  Binding,
  ExecutionListeners,
  Expression,
  JobDefinition,
  Mappings,
  TaskEvent,
  TaskListeners,
  UserTaskProperties,
} from '../executable.ts'
import type { Expressions } from '../expressions.ts'
import { mappingsOf } from '../mappings.ts'
import { type BaseElement, type Bound, extension, type Listener, type TaskDefinition, taskEvents } from '../source.ts'

const RETRIES_DEFAULT = '3'

export function mappings(
  expressions: Expressions,
  node: BaseElement,
): { readonly inputs: Mappings | null; readonly outputs: Mappings | null } {
  const { inputParameters, outputParameters } = extension(node, 'zeebe:IoMapping') ?? {}
  return {
    inputs: mappingsOf(expressions, inputParameters, 'input'),
    outputs: mappingsOf(expressions, outputParameters, 'output'),
  }
}

/** Null when the element is not done by a job. */
export function job(expressions: Expressions, node: BaseElement): JobDefinition | null {
  const definition: TaskDefinition | undefined = extension(node, 'zeebe:TaskDefinition')
  if (definition === undefined) return null
  const { type = '', retries = RETRIES_DEFAULT } = definition
  return { type: expressions.of(type), retries: expressions.of(retries), headers: headers(node) }
}

/** Every listener of an element gets the element's own headers. */
const listener = (expressions: Expressions, node: BaseElement, { type = '', retries = RETRIES_DEFAULT }: Listener) => ({
  type: expressions.of(type),
  retries: expressions.of(retries),
  headers: headers(node),
})

export function executionListeners(expressions: Expressions, node: BaseElement): ExecutionListeners {
  const given = extension(node, 'zeebe:ExecutionListeners')?.listeners
  if (given === undefined) return none
  const on = (eventType: string) =>
    given.filter((one) => one.eventType === eventType).map((one) => listener(expressions, node, one))
  return { start: on('start'), end: on('end') }
}
export function taskListeners(expressions: Expressions, node: BaseElement): TaskListeners {
  const given = extension(node, 'zeebe:TaskListeners')?.listeners ?? []
  const on = (event: TaskEvent) =>
    given.filter(({ eventType = '' }) => taskEvents[eventType] === event).map((one) => listener(expressions, node, one))
  return {
    creating: on('creating'),
    assigning: on('assigning'),
    updating: on('updating'),
    completing: on('completing'),
    canceling: on('canceling'),
  }
}
const none: ExecutionListeners = Object.freeze({ start: Object.freeze([]), end: Object.freeze([]) })

/** A header without a value is left out, as in Zeebe. */
export function headers(node: BaseElement): Readonly<Record<string, string>> {
  const given = extension(node, 'zeebe:TaskHeaders')?.values ?? []
  return Object.fromEntries(given.flatMap(({ key, value }) => (key && value ? [[key, value]] : [])))
}

export function binding({ bindingType, versionTag = '' }: Bound): Binding {
  switch (bindingType) {
    case 'deployment':
      return { type: 'deployment' }
    case 'versionTag':
      return { type: 'versionTag', versionTag }
    default:
      return { type: 'latest' }
  }
}

export function userTaskProperties(expressions: Expressions, node: BaseElement): UserTaskProperties {
  const assignment = extension(node, 'zeebe:AssignmentDefinition')
  const schedule = extension(node, 'zeebe:TaskSchedule')
  const form = extension(node, 'zeebe:FormDefinition')
  const optional = (text: string | undefined): Expression | null => (text ? expressions.of(text) : null)
  const formId = optional(form?.formId)
  return {
    assignee: optional(assignment?.assignee),
    candidateGroups: optional(assignment?.candidateGroups),
    candidateUsers: optional(assignment?.candidateUsers),
    dueDate: optional(schedule?.dueDate),
    followUpDate: optional(schedule?.followUpDate),
    priority: optional(extension(node, 'zeebe:PriorityDefinition')?.priority),
    formId: form === undefined || formId === null ? null : { id: formId, binding: binding(form) },
    externalReference: optional(form?.externalReference),
    formKey: form?.formKey ?? null,
  }
}
