/** Bindings of type `deployment` promise that what they name comes in the same request; only whoever sees all resources can tell. */
import type { Binding, ExecutableElement, ExecutableProcess, Expression } from './executable.ts'

/** Ids that a deployment brings along. */
export interface DeployedIds {
  readonly processes: ReadonlySet<string>
  readonly decisions: ReadonlySet<string>
  readonly forms: ReadonlySet<string>
}

interface Promised {
  readonly extension: string
  readonly what: 'process' | 'decision' | 'form'
  readonly id: Expression
  readonly binding: Binding
}

/**
 * Null when every promise of one resource's processes is kept, else that resource's part of Zeebe's rejection. Names that are
 * expressions are looked for at run time.
 */
export function brokenBindings(
  resourceName: string,
  processes: readonly ExecutableProcess[],
  deployed: DeployedIds,
): string | null {
  const known = { process: deployed.processes, decision: deployed.decisions, form: deployed.forms }
  const faults = processes
    .flatMap((process) => [...process.elements.values()])
    .flatMap((element) => promisesOf(element).map((promise) => ({ element, ...promise })))
    .filter(
      ({ id, binding, what }) => binding.type === 'deployment' && id.kind === 'static' && !known[what].has(id.text),
    )
    .map(({ element, extension, what, id }) => {
      const text = `Expected to find ${what} with id '${id.kind === 'static' ? id.text : id.source}' in current deployment, but not found.`
      return `- Element: ${element.id} > extensionElements > ${extension}\n    - ERROR: ${text}\n`
    })
  return faults.length === 0 ? null : `'${resourceName}':\n${faults.join('')}`
}

function promisesOf(element: ExecutableElement): readonly Promised[] {
  if (element.kind === 'multi-instance-body') return promisesOf(element.inner)
  if (element.kind === 'call-activity') {
    return [{ extension: 'calledElement', what: 'process', id: element.processId, binding: element.binding }]
  }
  if (element.kind === 'business-rule-task') {
    return [{ extension: 'calledDecision', what: 'decision', id: element.decisionId, binding: element.binding }]
  }
  if (element.kind === 'user-task') return formOf(element.properties.formId)
  return element.kind === 'job-worker-task' ? formOf(element.userTask?.formId ?? null) : []
}

const formOf = (formId: { readonly id: Expression; readonly binding: Binding } | null): readonly Promised[] =>
  formId === null ? [] : [{ extension: 'formDefinition', what: 'form', ...formId }]
