import { z } from 'zod'
import { inquiry, type Operation, searches } from './operation.ts'
import { int64, optional, text, variables } from './shapes.ts'

const correlation = z.object({
  name: text.min(1),
  correlationKey: optional(text),
  variables: optional(variables),
  tenantId: optional(text),
})

const publication = correlation.extend({ timeToLive: optional(int64), messageId: optional(text) })

export const messages: readonly Operation[] = [
  searches('searchMessageSubscriptions', 'POST /message-subscriptions/search', 'message-subscriptions'),
  searches(
    'searchCorrelatedMessageSubscriptions',
    'POST /correlated-message-subscriptions/search',
    'correlated-message-subscriptions',
  ),
  inquiry('publishMessage', 'POST /messages/publication', publication, async (body, { gateway }) => {
    const { correlationKey = '', timeToLive = 0, ...message } = body
    return gateway.publishMessage({ ...message, correlationKey, timeToLiveMs: timeToLive })
  }),
  inquiry('correlateMessage', 'POST /messages/correlation', correlation, async (body, { gateway }) => {
    const { correlationKey = '', ...message } = body
    return gateway.correlateMessage({ ...message, correlationKey })
  }),
]
