/** Suspending and resuming: of instances in the words of Camunda 8.10, of the rest in words of the same kind (docs/beyond-zeebe.md). */
import { z } from 'zod'
import type { Gateway, SuspensionTarget } from '../../protocol/gateway.ts'
import { command, keyIn, type Operation, type RestRequest, searches } from './operation.ts'
import { nothing, optional, text } from './shapes.ts'

const DEFINITION = '/process-definitions/{processDefinitionKey}'

const definition = z.object({ allVersions: optional(z.boolean()), admitNewInstances: optional(z.boolean()) })
const jobType = z.object({ type: text, tenantId: optional(text) })

/** The two operations on a thing: what `name` may be suspended, where it is, and which body says more of it. */
function both<B>(
  name: string,
  path: string,
  shape: z.ZodType<B>,
  targetOf: (body: B, request: RestRequest) => SuspensionTarget,
) {
  const ask = (verb: keyof Pick<Gateway, 'suspend' | 'resume'>) => (body: B, request: RestRequest) =>
    request.gateway[verb](targetOf(body, request))
  return [
    command(`suspend${name}`, `POST ${path}/suspension`, shape, ask('suspend')),
    command(`resume${name}`, `POST ${path}/resumption`, shape, ask('resume')),
  ]
}

export const suspensions: readonly Operation[] = [
  ...both('ProcessInstance', '/process-instances/{processInstanceKey}', nothing, (_body, request) => ({
    kind: 'process-instance',
    processInstanceKey: keyIn(request, 'processInstanceKey'),
  })),
  ...both('ProcessDefinition', DEFINITION, definition, (body, request) => ({
    kind: 'process-definition',
    processDefinitionKey: keyIn(request, 'processDefinitionKey'),
    ...body,
  })),
  ...both('Element', `${DEFINITION}/elements/{elementId}`, nothing, (_body, request) => ({
    kind: 'element',
    processDefinitionKey: keyIn(request, 'processDefinitionKey'),
    elementId: request.path.elementId ?? '',
  })),
  ...both('JobType', '/jobs', jobType, (body) => ({ kind: 'job-type', ...body })),
  searches('searchSuspensions', 'POST /suspensions/search', 'suspensions'),
]
