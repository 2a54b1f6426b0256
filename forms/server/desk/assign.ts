/** A task given to a colleague of the office. Whoever had it on the page that was pressed must still have it. */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import { typedIn } from '../form/typed.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess, refusal } from './access.ts'
import { queueAddress, taskAddress, withMark } from './addresses.ts'
import { conflictIn } from './claim.ts'
import { fieldsIn } from './fields.ts'
import { colleaguesFor, mayAssign } from './may.ts'
import { isAnswer, isOpen, openTask } from './open-task.ts'
import { textIn } from './practice-of.ts'
import { queueIn } from './queue-filters.ts'
import { tellConflict } from './task.ts'

export async function assignTask(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const task = await openTask(hall, visit, key)
  if (isAnswer(task)) return task
  const { person, body } = visit
  const fields = fieldsIn(body)
  const colleague = colleaguesFor(hall.town, task.row).find(({ id }) => id === fields.get('collega'))
  if (colleague === undefined || !mayAssign(person, task.row)) return refusal(visit, 403, 'task')
  const holder = textIn(task.row, 'assignee')
  const isAsShown = isOpen(task.row) && holder === (fields.get('ha') ?? '')
  const assignment = { assignee: colleague.id, allowOverride: holder !== '', action: 'assign' }
  if (!isAsShown || (await conflictIn(() => hall.gateway.assignUserTask(key, assignment))) !== null)
    return tellConflict(hall, visit, key, typedIn({}))
  await recordAccess(hall, visit, 'assign', task.practice?.id ?? null, colleague.id)
  const queue = queueIn(fields.get('coda'), person)
  const to = colleague.id === person.id ? taskAddress(key, queue) : queueAddress(queue)
  return { kind: 'redirect', to: withMark(to, 'dato', `${key}.${colleague.id}`) }
}
