/** What a citizen tells a practice under way: messages that its procedure waits for. */
import { publishOnce } from '../../../connectors/zeebe/index.ts'
import type { TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'

const PRACTICE_MESSAGES = [
  'rinuncia.ricevuta',
  'osservazioni.ricevute',
  'integrazione.ricevuta',
  'proroga.richiesta',
] as const
export type PracticeMessage = (typeof PRACTICE_MESSAGES)[number]

/** While it is buffered, a second one with its id is refused; afterwards the procedure no longer waits for it. */
const MESSAGE_LIFE_MS = 3_600_000

/** More than wait for one practice at a time. */
const WAITING_MAX = 100

/** What the procedure, one that it has called, or one that goes on after it, waits for now. */
export async function awaitedFrom({ gateway }: TownHall, { id }: Practice): Promise<ReadonlySet<PracticeMessage>> {
  const { items } = await gateway.query.search('message-subscriptions', {
    filter: [
      { field: 'messageName', operator: '$in', value: PRACTICE_MESSAGES },
      { field: 'correlationKey', operator: '$eq', value: id },
      { field: 'messageSubscriptionState', operator: '$eq', value: 'CREATED' },
    ],
    sort: [],
    page: { limit: WAITING_MAX },
  })
  const names = new Set(items.map(({ messageName }) => messageName))
  return new Set(PRACTICE_MESSAGES.filter((message) => names.has(message)))
}

export const isAwaited = async (hall: TownHall, practice: Practice, message: PracticeMessage): Promise<boolean> =>
  (await awaitedFrom(hall, practice)).has(message)

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
