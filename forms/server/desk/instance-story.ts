/** All that is known of one instance, read at once. Owns which searches; does not own how anything is told. */
import type { Context } from '../../../engine/feel/index.ts'
import type { Row, SearchResource } from '../../../engine/protocol/query.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { Access, Delegation, Practice } from '../store/practices.ts'
import { mayWorkOn, type ReadableInstance } from './may.ts'
import { calledBy, contextOf, textIn } from './practice-of.ts'

const ROWS_MAX = 500
/** Of one practice, at work at once. */
const CALLED_MAX = 100

export interface InstanceStory {
  readonly readable: ReadableInstance
  readonly practice: Practice | null
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
  /** Variables of the root itself that the desk tells: the legal clock. */
  readonly legal: Context
  readonly xml: string | null
  /** The end of the person's last sitting on it; null when there was none. */
  readonly before: Date | null
}

const LEGAL = ['termine', 'esito']

export async function storyOf(
  hall: TownHall,
  { person }: PersonVisit,
  readable: ReadableInstance,
  practice: Practice | null,
): Promise<InstanceStory> {
  const { query } = hall.gateway
  const key = textIn(readable.row, 'processInstanceKey')
  const root = textIn(readable.root, 'processInstanceKey')
  const all = async (resource: SearchResource, field: string, sort: string): Promise<readonly Row[]> => {
    const filter = [{ field, operator: '$eq' as const, value: key }]
    return (await query.search(resource, { filter, sort: [{ field: sort, order: 'ASC' }], page: { limit: ROWS_MAX } }))
      .items
  }
  const [steps, tasks, incidents, messages, called, legal, xml, before, accesses, delegation] = await Promise.all([
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
    query.resourceText('process-definition', textIn(readable.row, 'processDefinitionKey')),
    hall.looks.look(person.id, key, new Date(hall.now())),
    practice === null ? [] : hall.practices.accessesTo(practice.id),
    practice === null ? null : hall.practices.delegationOf(practice.id),
  ])
  const open = await openTasks(hall, key)
  const mine = new Set(open.filter((task) => mayWorkOn(person, task)).map((task) => textIn(task, 'userTaskKey')))
  const found = { readable, practice, delegation, steps, tasks, open, mine, incidents, messages, called, accesses }
  return { ...found, legal: contextOf(legal.items), xml, before }
}

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
