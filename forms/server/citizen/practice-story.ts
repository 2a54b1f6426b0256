/** What a citizen may know of a practice: read from its instance's variables, told as state and dated steps. */
import { type Context, fromJson, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { type MessageKey, outcomeText, type Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { valueAt } from '../form/paths.ts'
import type { TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'

/** Of the instance itself. */
const VARIABLES = [
  'pratica',
  'richiedente',
  'istanza',
  'termine',
  'scadenze',
  'esito',
  'motivi',
  'anpr',
  'accertamento',
]
/** Lies in the part of the procedure that the message started. */
const WITHDRAWAL = 'rinuncia'

export interface Story {
  readonly practice: Practice
  /** Of the instance; null until the engine has it. */
  readonly instance: Row | null
  readonly variables: Context
}

export async function storyOf({ gateway }: TownHall, practice: Practice): Promise<Story> {
  const key = practice.processInstanceKey
  if (key === null) return { practice, instance: null, variables: new Map() }
  const [instance, { items }] = await Promise.all([
    gateway.query.get('process-instances', key),
    gateway.query.search('variables', {
      filter: [{ field: 'processInstanceKey', operator: '$eq', value: key }],
      or: [
        [
          { field: 'scopeKey', operator: '$eq', value: key },
          { field: 'name', operator: '$in', value: VARIABLES },
        ],
        [{ field: 'name', operator: '$eq', value: WITHDRAWAL }],
      ],
      sort: [],
      page: { limit: VARIABLES.length + 1 },
    }),
  ])
  return {
    practice,
    instance,
    variables: new Map(items.map((row): [string, Value] => [String(row.name), fromJson(String(row.value))])),
  }
}

const text = ({ variables }: Story, path: string): string => {
  const value = valueAt(variables, path)
  return typeof value === 'string' ? value : ''
}

/** `numero/anno`; empty until the register has given one. */
export function protocolOf({ variables }: Story): string {
  const protocol = valueAt(variables, 'pratica.protocollo')
  if (protocol === undefined || !isContext(protocol)) return ''
  return `${shown(protocol.get('numero') ?? null)}/${shown(protocol.get('anno') ?? null)}`
}

/** The last useful day, ISO; empty until it is calculated. */
export const dueDayOf = (story: Story): string => text(story, 'termine.scadenza')

export const isEnded = ({ instance }: Story): boolean => instance !== null && instance.state !== 'ACTIVE'

const isWithdrawn = ({ variables }: Story): boolean => (variables.get(WITHDRAWAL) ?? null) !== null

/** Until it is decided: afterwards there is nothing left to stop but sending and archiving the outcome. */
export const mayWithdraw = (story: Story): boolean =>
  story.instance?.state === 'ACTIVE' && text(story, 'esito') === '' && !isWithdrawn(story)

export function reasonsOf({ variables }: Story): readonly string[] {
  const reasons = variables.get('motivi') ?? null
  return isList(reasons) ? reasons.map(shown) : []
}

export interface State {
  readonly icon: string
  readonly word: string
}

export function stateOf(story: Story, say: Say): State {
  const outcome = text(story, 'esito')
  if (outcome !== '') return { icon: 'it-check-circle', word: outcomeText(say, outcome) }
  if (isEnded(story)) return { icon: 'it-check-circle', word: say('stateEnded') }
  if (isWithdrawn(story)) return { icon: 'it-clock', word: say('stateWithdrawing') }
  return protocolOf(story) === ''
    ? { icon: 'it-inbox', word: say('stateSent') }
    : { icon: 'it-clock', word: say('stateUnderWay') }
}

/** `at`: an ISO day or instant, empty when it is not known. */
export interface Step {
  readonly name: string
  readonly at: string
  readonly isDone: boolean
}

/** In the order in which they happen; a practice that has ended has none to come. */
export function stepsOf(story: Story, say: Say): readonly Step[] {
  const { practice, instance, variables } = story
  const done = (key: MessageKeyWithoutValues, at: string): Step => ({ name: say(key), at, isDone: true })
  const planned = (key: MessageKeyWithoutValues, at: string): Step => ({ name: say(key), at, isDone: false })
  const steps: Step[] = [done('stepSent', practice.filedAt.toISOString())]
  if (protocolOf(story) !== '') steps.push(done('stepProtocol', text(story, 'pratica.protocollo.data')))
  if (variables.has('anpr')) steps.push(done('stepRegistered', text(story, 'anpr.data')))
  if (variables.has('accertamento')) steps.push(done('stepCheck', text(story, 'accertamento.data')))
  if (isWithdrawn(story)) steps.push(done('stepWithdrawn', text(story, 'rinuncia.ricevutaIl')))
  const outcome = text(story, 'esito')
  if (outcome !== '' || isEnded(story)) {
    const name = outcome === '' ? say('stateEnded') : say('stepOutcome', { outcome: outcomeText(say, outcome) })
    return [...steps, { name, at: typeof instance?.endDate === 'string' ? instance.endDate : '', isDone: true }]
  }
  if (isWithdrawn(story) || dueDayOf(story) === '') return steps
  if (!variables.has('anpr')) steps.push(planned('stepRegistered', text(story, 'scadenze.registrazione.giorno')))
  return [...steps, planned('stepEnd', dueDayOf(story))]
}
type MessageKeyWithoutValues = Extract<
  MessageKey,
  'stepSent' | 'stepProtocol' | 'stepRegistered' | 'stepCheck' | 'stepWithdrawn' | 'stepEnd'
>
