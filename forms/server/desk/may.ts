/** Who may do what with a task or an instance. Deny by default: an office sees its own, nobody sees by knowing a key. */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import type { Town } from '../../../processes/town.ts'
import type { Person } from '../identity/person.ts'
import type { Desk } from './desk.ts'
import { textIn } from './practice-of.ts'

const listIn = (row: Row, field: string): readonly string[] => {
  const value = row[field]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** People of a candidate group, candidates, and whoever has the task. */
export const mayWorkOn = (person: Person, task: Row): boolean =>
  person.role === 'operatore' &&
  (listIn(task, 'candidateGroups').some((group) => person.groups.has(group)) ||
    listIn(task, 'candidateUsers').includes(person.id) ||
    textIn(task, 'assignee') === person.id)

/** The office in charge of the procedure, offices that had a task in it, who filed it, and administrators, who repair incidents. */
export async function mayReadInstance(desk: Desk, person: Person, instance: Row): Promise<boolean> {
  if (person.role === 'amministratore') return true
  if (person.role === 'cittadino') return false
  const procedure = desk.town.procedimenti.find(({ id }) => id === instance.processDefinitionId)
  if (procedure !== undefined && person.groups.has(procedure.ufficio)) return true
  const key = textIn(instance, 'processInstanceKey')
  return (await hadTaskIn(desk, person, key)) || (await desk.practices.byProcessInstance(key))?.filedBy === person.id
}

async function hadTaskIn(desk: Desk, person: Person, key: KeyText): Promise<boolean> {
  if (person.groups.size === 0) return false
  const { items } = await desk.gateway.query.search('user-tasks', {
    filter: [
      { field: 'processInstanceKey', operator: '$eq', value: key },
      { field: 'candidateGroup', operator: '$in', value: [...person.groups] },
    ],
    sort: [],
    page: { limit: 1 },
  })
  return items.length > 0
}

export type Procedure = Town['procedimenti'][number]

/** The office in charge and its counter: `anagrafe.ufficiale` has `anagrafe.sportello`. */
export const mayFile = (person: Person, { ufficio }: Procedure): boolean =>
  person.role === 'operatore' && (person.groups.has(ufficio) || person.groups.has(`${ufficio.split('.')[0]}.sportello`))
