import { z } from 'zod'
import { command, gets, keyIn, type Operation, searches } from './operation.ts'
import { operationReference, optional, text, variables } from './shapes.ts'

const document = z.object({ variables, local: optional(z.boolean()), operationReference })

export const elementInstances: readonly Operation[] = [
  searches('searchElementInstances', 'POST /element-instances/search', 'element-instances'),
  gets('getElementInstance', 'GET /element-instances/{elementInstanceKey}', 'element-instances', 'an element instance'),
  command(
    'createElementInstanceVariables',
    'PUT /element-instances/{elementInstanceKey}/variables',
    document,
    async ({ variables, local }, request) => {
      await request.gateway.setVariables(keyIn(request, 'elementInstanceKey'), variables, local ?? false)
    },
  ),
  command(
    'activateAdHocSubProcessActivities',
    'POST /element-instances/ad-hoc-activities/{adHocSubProcessInstanceKey}/activation',
    z.object({
      elements: z.array(z.object({ elementId: text, variables: optional(variables) })),
      cancelRemainingInstances: optional(z.boolean()),
    }),
    async ({ elements, cancelRemainingInstances }, request) => {
      const key = keyIn(request, 'adHocSubProcessInstanceKey')
      await request.gateway.activateAdHocActivities(key, elements, cancelRemainingInstances ?? false)
    },
  ),
]
