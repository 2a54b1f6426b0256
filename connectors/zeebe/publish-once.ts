/** A message that is told once, however often it is published. */
import { type Gateway, GatewayError, type PublishMessageRequest } from '../../engine/protocol/gateway.ts'

/** Under its `messageId`: the engine keeps the id while the message lives, so that a repeat, after a kill as well, has nothing left to do. */
export async function publishOnce(
  gateway: Pick<Gateway, 'publishMessage'>,
  message: PublishMessageRequest & { readonly messageId: string },
): Promise<void> {
  try {
    await gateway.publishMessage(message)
  } catch (error) {
    if (!(error instanceof GatewayError && error.status === 'ALREADY_EXISTS')) throw error
  }
}
