/** A task as a person may have it before them: its form, what its form knows, its practice. */
import type { Context } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { type Form, parseForm } from '../form/schema.ts'
import type { Person } from '../identity/person.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'
import { refusal } from './access.ts'
import { mayWorkOn } from './may.ts'
import { contextOf, practiceHeads, textIn, wholeRows } from './practice-of.ts'

const VARIABLES_MAX = 1_000

export interface OpenTask {
  readonly row: Row
  readonly key: KeyText
  readonly form: Form
  readonly variables: Context
  /** The instance that called all the others. */
  readonly root: KeyText
  readonly applicant: string
  readonly protocol: string
  /** Null when the town's pages did not start the instance. */
  readonly practice: Practice | null
}

/** The task, or the page that says why there is none for this person. */
export async function openTask(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<OpenTask | Answer> {
  const { query } = hall.gateway
  const row = await query.get('user-tasks', key)
  if (row === null) return refusal(visit, 404, 'task')
  if (!mayWorkOn(visit.person, row)) return refusal(visit, 403, 'task')
  const instance = textIn(row, 'processInstanceKey')
  const [linked, { items }, heads] = await Promise.all([
    query.form('user-task', key),
    query.userTaskVariables(key, { filter: [], sort: [], page: { limit: VARIABLES_MAX } }),
    practiceHeads(hall, [instance]),
  ])
  const form = linked === null ? parseForm({ type: 'default', components: [] }) : parseForm(linked.schema)
  const { root = instance, applicant = '', protocol = '', practice = null } = heads.get(instance) ?? {}
  return { row, key, form, variables: contextOf(await wholeRows(hall, items)), root, applicant, protocol, practice }
}

export const isAnswer = (opened: OpenTask | Answer): opened is Answer => 'kind' in opened

export const isOpen = (row: Row): boolean => textIn(row, 'state') === 'CREATED'

export const isOpenFor = ({ id }: Person, row: Row): boolean =>
  isOpen(row) && ['', id].includes(textIn(row, 'assignee'))
