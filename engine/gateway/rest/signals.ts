import { z } from 'zod'
import { inquiry, type Operation } from './operation.ts'
import { optional, text, variables } from './shapes.ts'

const broadcast = z.object({ signalName: text.min(1), variables: optional(variables), tenantId: optional(text) })

export const signals: readonly Operation[] = [
  inquiry('broadcastSignal', 'POST /signals/broadcast', broadcast, async (body, { gateway }) =>
    gateway.broadcastSignal(body),
  ),
]
