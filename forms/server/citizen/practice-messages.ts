/** What a citizen tells a practice under way: messages that its procedure waits for. */
import { publishOnce } from '../../../connectors/zeebe/index.ts'
import type { TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'

export type PracticeMessage =
  | 'rinuncia.ricevuta'
  | 'osservazioni.ricevute'
  | 'integrazione.ricevuta'
  | 'proroga.richiesta'

/** While it is buffered, a second one with its id is refused; afterwards the procedure no longer waits for it. */
const MESSAGE_LIFE_MS = 3_600_000

/** Whether the procedure, one that it has called, or one that goes on after it, waits for the message now. */
export async function isAwaited({ gateway }: TownHall, { id }: Practice, message: PracticeMessage): Promise<boolean> {
  const { items } = await gateway.query.search('message-subscriptions', {
    filter: [
      { field: 'messageName', operator: '$eq', value: message },
      { field: 'correlationKey', operator: '$eq', value: id },
      { field: 'messageSubscriptionState', operator: '$eq', value: 'CREATED' },
    ],
    sort: [],
    page: { limit: 1 },
  })
  return items.length > 0
}

/** Once: a second press of the button tells nothing new. */
export async function tellPractice(
  { gateway }: TownHall,
  { id }: Practice,
  message: PracticeMessage,
  /** An object, or the JSON text of one, whose numbers keep every digit. */
  variables: object | string,
): Promise<void> {
  await publishOnce(gateway, {
    name: message,
    correlationKey: id,
    messageId: `${message}:${id}`,
    timeToLiveMs: MESSAGE_LIFE_MS,
    variables: typeof variables === 'string' ? variables : JSON.stringify(variables),
  })
}
