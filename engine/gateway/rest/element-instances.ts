import { z } from 'zod'
import { command, gets, keyIn, type Operation, searches } from './operation.ts'
import { operationReference, optional, variables } from './shapes.ts'

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
]
