/** Zeebe 8.9's. */
import { z } from 'zod'
import { inquiry, type Operation } from './operation.ts'
import { key, optional, text, variables } from './shapes.ts'

const evaluation = z.object({ variables, processDefinitionKey: optional(key), tenantId: optional(text) })

export const conditionals: readonly Operation[] = [
  inquiry('evaluateConditionals', 'POST /conditionals/evaluation', evaluation, async (body, { gateway }) =>
    gateway.evaluateConditionals(body),
  ),
]
