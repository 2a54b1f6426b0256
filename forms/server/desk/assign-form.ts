/** The form that gives a task to a colleague: those whose office it is, without who has it now. */
import { attributes, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { taskAddress } from './addresses.ts'
import { colleaguesFor, mayAssign } from './may.ts'
import { isOpen, type OpenTask } from './open-task.ts'
import { textIn } from './practice-of.ts'

export function renderAssign(hall: TownHall, visit: PersonVisit, task: OpenTask, queue: string): Part {
  const { say, csrfField, person } = visit
  const holder = textIn(task.row, 'assignee')
  const others = colleaguesFor(hall.town, task.row).filter(({ id }) => id !== holder && id !== person.id)
  if (!isOpen(task.row) || !mayAssign(person, task.row) || others.length === 0) return null
  return html`<details class="iter-more"><summary>${say('assignTo')}</summary><form method="post" action="${taskAddress(task.key)}/assegna" class="mt-2">${csrfField}<input type="hidden" name="ha" value="${holder}"><input type="hidden" name="coda" value="${queue}"><div class="select-wrapper mb-2"><label for="collega">${say('colleague')}</label><select id="collega" name="collega">${others.map(
    ({ id, nome, cognome }) => html`<option${attributes({ value: id })}>${nome} ${cognome}</option>`,
  )}</select></div><button type="submit" class="btn btn-outline-primary btn-sm">${say('assign')}</button></form></details>`
}
