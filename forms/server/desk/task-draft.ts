/** What is typed into a task's form is kept as it is typed, and when the session ends; it is there again until the task is done. */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import { ROW_CONTROL, type Typed, typedIn } from '../form/typed.ts'
import type { Person } from '../identity/person.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { withoutNul } from './fields.ts'
import { mayWorkOn } from './may.ts'

import { isOpenFor } from './open-task.ts'

/** Controls of the page itself: what was typed into the form is the rest. */
const OWN_CONTROLS: ReadonlySet<string> = new Set(['azione', '_csrf', 'coda', ROW_CONTROL])

/** Nothing but the page's own controls is nothing typed. */
export async function keepTyped(hall: TownHall, person: Person, task: KeyText, typed: Typed): Promise<void> {
  const own = [...typed]
    .filter(([name]) => !OWN_CONTROLS.has(name))
    .map(([name, texts]): [string, string[]] => [withoutNul(name), texts.map(withoutNul)])
  if (own.length > 0)
    await hall.taskDrafts.keep(task, person.id, { typed: new Map(own), savedAt: new Date(hall.now()) })
}

/** Asked by the script while somebody types. A task that is no longer theirs to do is not written to. */
export async function saveDraft(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  await keepFor(hall, visit.person, visit.body, key)
  return { kind: 'nothing' }
}

export async function keepFor(hall: TownHall, person: Person, body: unknown, key: KeyText): Promise<void> {
  const row = /^\d{1,19}$/.test(key) ? await hall.gateway.query.get('user-tasks', key) : null
  if (row !== null && mayWorkOn(person, row) && isOpenFor(person, row))
    await keepTyped(hall, person, key, typedIn(body))
}
