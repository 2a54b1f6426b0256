import { GatewayError, type PublishMessageRequest } from '../../engine/protocol/gateway.ts'

/** An engine's side of publishing: an id is taken once, and it can fail at the worst moments. */
export function publishing() {
  const taken = new Map<string, PublishMessageRequest>()
  const failures: ('before' | 'after')[] = []
  return {
    taken,
    fail: (...next: typeof failures) => void failures.push(...next),
    async publishMessage(message: PublishMessageRequest) {
      const failure = failures.shift()
      if (failure === 'before') throw new GatewayError('UNAVAILABLE', 'away')
      const id = message.messageId ?? ''
      if (taken.has(id)) throw new GatewayError('ALREADY_EXISTS', 'taken')
      taken.set(id, message)
      if (failure === 'after') throw new GatewayError('UNAVAILABLE', 'away')
      return { messageKey: String(taken.size), tenantId: '<default>' }
    },
  }
}
