/** All that is known of one instance, read at once. Owns which searches; does not own how anything is told. */
import type { Context } from '../../../engine/feel/index.ts'
import type { Row, SearchResource } from '../../../engine/protocol/query.ts'
import { OUTCOME_VARIABLES } from '../acts.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { Access, Delegation } from '../store/practices.ts'
import { mayWorkOn, type ReadableInstance } from './may.ts'
import { calledBy, contextOf, textIn, wholeRows } from './practice-of.ts'

const ROWS_MAX = 500
/** Of one practice, at work at once. */
const CALLED_MAX = 100

export interface InstanceStory {
  readonly readable: ReadableInstance
  readonly delegation: Delegation | null
  /** In order of time. */
  readonly steps: readonly Row[]
  readonly tasks: readonly Row[]
  /** Those to be done, of the instances that it called, too. */
  readonly open: readonly Row[]
  /** Keys of the tasks that the person may work on. */
  readonly mine: ReadonlySet<string>
  /** Of the instances that it called, too. */
  readonly incidents: readonly Row[]
  readonly messages: readonly Row[]
  readonly called: readonly Row[]
  /** Who acted on the practice. */
  readonly accesses: readonly Access[]
  /** Variables of the root itself that the desk tells: the legal clock, and the outcome that was notified. */
  readonly legal: Context
  /** The end of the person's last sitting on it; null when there was none. */
  readonly before: Date | null
}

/** What the page has asked for already. */
interface Asked {
  readonly delegation: Promise<Delegation | null>
  /** That the person reads it: its accesses tell so. */
  readonly recorded: Promise<void>
}

const LEGAL = ['termine', 'esito', ...OUTCOME_VARIABLES]

export async function storyOf(
  hall: TownHall,
  { person }: PersonVisit,
  readable: ReadableInstance,
  asked: Asked,
): Promise<InstanceStory> {
  const { query } = hall.gateway
  const { practice } = readable
  const key = textIn(readable.row, 'processInstanceKey')
  const root = textIn(readable.root, 'processInstanceKey')
  const all = async (resource: SearchResource, field: string, sort: string): Promise<readonly Row[]> => {
    const filter = [{ field, operator: '$eq' as const, value: key }]
    return (await query.search(resource, { filter, sort: [{ field: sort, order: 'ASC' }], page: { limit: ROWS_MAX } }))
      .items
  }
  const [steps, tasks, incidents, messages, called, legal, before, accesses, delegation] = await Promise.all([
    all('element-instances', 'processInstanceKey', 'startDate'),
    all('user-tasks', 'processInstanceKey', 'creationDate'),
    all('incidents', 'callingProcessInstanceKey', 'creationTime'),
    all('message-subscriptions', 'processInstanceKey', 'lastUpdatedDate'),
    all('process-instances', 'parentProcessInstanceKey', 'startDate'),
    query.search('variables', {
      filter: [
        { field: 'processInstanceKey', operator: '$eq', value: root },
        { field: 'scopeKey', operator: '$eq', value: root },
        { field: 'name', operator: '$in', value: LEGAL },
      ],
      sort: [],
      page: { limit: LEGAL.length },
    }),
    hall.looks.look(person.id, key, new Date(hall.now())),
    asked.recorded.then(() => (practice === null ? [] : hall.practices.accessesTo(practice.id))),
    asked.delegation,
  ])
  const isAlone = tasks.length < ROWS_MAX && called.length < ROWS_MAX && !called.some(isRunning)
  const open = isAlone ? tasks.filter(({ state }) => state === 'CREATED') : await openTasks(hall, key)
  const mine = new Set(open.filter((task) => mayWorkOn(person, task)).map((task) => textIn(task, 'userTaskKey')))
  const found = { readable, delegation, steps, tasks, open, mine, incidents, messages, called, accesses }
  return { ...found, legal: contextOf(await wholeRows(hall, legal.items)), before }
}

const isRunning = ({ state }: Row): boolean => state === 'ACTIVE' || state === 'SUSPENDED'

async function openTasks(hall: TownHall, key: string): Promise<readonly Row[]> {
  const keys = await calledBy(hall, [key], CALLED_MAX)
  const { items } = await hall.gateway.query.search('user-tasks', {
    filter: [
      { field: 'processInstanceKey', operator: '$in', value: keys },
      { field: 'state', operator: '$eq', value: 'CREATED' },
    ],
    sort: [{ field: 'creationDate', order: 'ASC' }],
    page: { limit: ROWS_MAX },
  })
  return items
}
