/** Whether anything moves in the town, as the engine's own lists tell. */
import type { Items } from './practices.ts'
import type { RestClient } from './rest-client.ts'

const AWAITED_RECEIPT = { messageName: 'pec.consegnata', messageSubscriptionState: 'CREATED' }

/** Of the first page. */
export async function countOf(client: RestClient, resource: string, filter: object): Promise<number> {
  const { items } = await client.surely<Items<unknown>>('POST', `/${resource}/search`, { filter, page: { limit: 1 } })
  return items.length
}
/** So often pagoPA's flows were read to the end. */
export async function reconciledTimes(client: RestClient): Promise<number> {
  const filter = { processDefinitionId: 'comune.pagamento.riconciliazione', state: 'COMPLETED' }
  const page = { limit: 1_000 }
  return (await client.surely<Items<unknown>>('POST', '/process-instances/search', { filter, page })).items.length
}
/** Nobody works on a job, and no receipt is on its way. */
export const isStill = async (client: RestClient): Promise<boolean> =>
  (await countOf(client, 'jobs', { state: 'CREATED' })) === 0 &&
  (await countOf(client, 'message-subscriptions', AWAITED_RECEIPT)) === 0
/** No job is waited for, and the protocol has all entries of the emergency register. */
export async function isIdle(client: RestClient): Promise<boolean> {
  const waiting = { state: { $in: ['CREATED', 'FAILED', 'RETRIES_UPDATED', 'TIMED_OUT'] } }
  const recovering = { processDefinitionId: 'comune.protocollo.emergenza', state: 'ACTIVE' }
  return (await countOf(client, 'jobs', waiting)) + (await countOf(client, 'process-instances', recovering)) === 0
}
