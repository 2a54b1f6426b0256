/** What tasks, procedures and people are called on the desk. */
import type { Row } from '../../../engine/protocol/query.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'
import { textIn } from './practice-of.ts'

export const taskName = (task: Row): string => textIn(task, 'name') || textIn(task, 'elementId')

export const procedureName = ({ town }: Pick<TownHall, 'town'>, row: Row): string =>
  town.procedimenti.find(({ id }) => id === row.processDefinitionId)?.nome ||
  textIn(row, 'processName') ||
  textIn(row, 'processDefinitionName') ||
  textIn(row, 'processDefinitionId')

/** Of the practice, whichever of the procedures that it calls is at work; of what no practice started, its own. */
export const practiceProcedure = (
  hall: Pick<TownHall, 'town'>,
  practice: Pick<Practice, 'processId'> | null | undefined,
  row: Row,
): string => procedureName(hall, practice ? { processDefinitionId: practice.processId } : row)

export function personName({ town }: Pick<TownHall, 'town'>, id: string): string {
  const known = town.persone.find((person) => person.id === id)
  return known ? `${known.nome} ${known.cognome}` : id
}

export function assigneeText(hall: TownHall, { person, say }: PersonVisit, task: Row): string {
  const assignee = textIn(task, 'assignee')
  if (assignee === '') return say('holderNobody')
  return assignee === person.id ? say('holderYou') : personName(hall, assignee)
}

export const officeName = ({ town }: Pick<TownHall, 'town'>, group: string): string =>
  town.uffici.find(({ gruppo }) => gruppo === group)?.nome ?? group

/** Whose a task is to do. */
export const officesText = (hall: Pick<TownHall, 'town'>, { candidateGroups }: Row): string =>
  (Array.isArray(candidateGroups) ? candidateGroups : []).map((group) => officeName(hall, String(group))).join(', ')
