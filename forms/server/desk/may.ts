/** Who may do what with a task or an instance. Deny by default: an office sees its own, nobody sees by knowing a key. */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import type { Town, Person as TownPerson } from '../../../processes/town.ts'
import type { Person } from '../identity/person.ts'
import type { TownHall } from '../page.ts'
import { sequelsOf } from '../sequel.ts'
import type { Practice } from '../store/practices.ts'
import { calledBy, rootOf, textIn } from './practice-of.ts'

const listIn = (row: Row, field: string): readonly string[] => {
  const value = row[field]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** People of a candidate group, candidates, and whoever has the task. */
export const mayWorkOn = (person: Person, task: Row): boolean =>
  person.role === 'operatore' && (isCandidate(person.id, person.groups, task) || textIn(task, 'assignee') === person.id)

const isCandidate = (id: string, groups: ReadonlySet<string>, task: Row): boolean =>
  listIn(task, 'candidateGroups').some((group) => groups.has(group)) || listIn(task, 'candidateUsers').includes(id)

/** To whom a task may be given: the clerks who may work on it because of their office or by name. */
export const colleaguesFor = (town: Town, task: Row): readonly TownPerson[] =>
  town.persone.filter(({ id, ruolo, gruppi }) => ruolo === 'operatore' && isCandidate(id, new Set(gruppi), task))

/** Whoever may be given a task may give it: an office shares out its own work. */
export const mayAssign = (person: Person, task: Row): boolean =>
  person.role === 'operatore' && isCandidate(person.id, person.groups, task)

/** An instance that may be read, with the one that called it all. */
export interface ReadableInstance {
  readonly row: Row
  readonly root: Row
  /** Null when the town's pages did not start it. */
  readonly practice: Practice | null
}

/** Null when the person may not; 'missing' when there is none of that key. A called instance is read by who may read its caller. */
export async function readableInstance(
  hall: TownHall,
  person: Person,
  key: KeyText,
): Promise<ReadableInstance | null | 'missing'> {
  const row = await hall.gateway.query.get('process-instances', key)
  if (row === null) return 'missing'
  const { root: rootKey, practice } = await rootOf(hall, key)
  const root = rootKey === key ? row : await hall.gateway.query.get('process-instances', rootKey)
  const found = { row, root: root ?? row, practice }
  if (await mayReadInstance(hall, person, row)) return found
  return root !== null && root !== row && (await mayReadInstance(hall, person, root)) ? found : null
}

/** A practice is read by who may read its instance, or the one that goes on after it. */
export async function readablePractice(
  hall: TownHall,
  person: Person,
  practice: Practice,
): Promise<ReadableInstance | null | 'missing'> {
  const key = practice.processInstanceKey
  const own = key === null ? 'missing' : await readableInstance(hall, person, key)
  if (own !== null) return own
  const sequel = (await sequelsOf(hall, [practice])).get(practice.id)
  return sequel === undefined ? null : readableInstance(hall, person, sequel)
}

/**
 * The office in charge of the procedure and its counter, where people ask how it stands; offices that had a task in it, or in what it has
 * called and still runs; who filed it; and administrators, who repair incidents.
 */
export async function mayReadInstance(hall: TownHall, person: Person, instance: Row): Promise<boolean> {
  if (person.role === 'amministratore') return true
  if (person.role === 'cittadino') return false
  const procedure = procedureOf(hall, instance)
  if (procedure !== undefined && mayFile(person, procedure)) return true
  const key = textIn(instance, 'processInstanceKey')
  return (
    (await hadTaskIn(hall, person, await calledBy(hall, [key], CALLED_MAX))) ||
    (await hall.practices.byProcessInstance(key))?.filedBy === person.id
  )
}

/** Those that the person may read: an office that had a task in one of them had it there alone. */
export async function readableAmong(
  hall: TownHall,
  person: Person,
  instances: readonly Row[],
): Promise<ReadonlySet<KeyText>> {
  const isReadable = await Promise.all(instances.map((row) => mayReadInstance(hall, person, row)))
  return new Set(instances.filter((_, index) => isReadable[index]).map((row) => textIn(row, 'processInstanceKey')))
}

/** What goes on after a procedure is the same office's. */
const procedureOf = ({ town, sheets }: Governed, { processDefinitionId: id }: Row): Procedure | undefined =>
  town.procedimenti.find((one) => one.id === id || sheets.get(one.id)?.seguito?.processo === id)

/** Which procedures there are, and what is said of each. */
type Governed = Pick<TownHall, 'town' | 'sheets'>

/** Of the office that answers for the procedure. */
export function isInCharge(hall: Governed, person: Person, instance: Row): boolean {
  const procedure = procedureOf(hall, instance)
  return person.role === 'operatore' && procedure !== undefined && person.groups.has(procedure.ufficio)
}

/** Incidents are tried again, and unknown outcomes decided, by who answers for the procedure and by administrators. */
export const mayRepair = (hall: Governed, person: Person, { root }: ReadableInstance): boolean =>
  person.role === 'amministratore' || isInCharge(hall, person, root)

/** The procedures whose steps a person repairs. */
export const repairableBy = (town: Town, person: Person): readonly Procedure[] =>
  person.role === 'amministratore'
    ? town.procedimenti
    : town.procedimenti.filter(({ ufficio }) => person.role === 'operatore' && person.groups.has(ufficio))

/** An instance is held and let go by administrators alone: its legal term goes on. */
export const maySuspend = (person: Person): boolean => person.role === 'amministratore'

/** Names, documents and notes are for clerks: an administrator repairs the machine and need not know whom it is about. */
export const seesPeople = (person: Person): boolean => person.role === 'operatore'

/** What is read of the variables: all by who answers for the procedure, without what is personal by administrators. */
export function variablesFor(hall: Governed, person: Person, { root }: ReadableInstance): 'all' | 'masked' | 'none' {
  if (isInCharge(hall, person, root)) return 'all'
  return person.role === 'amministratore' ? 'masked' : 'none'
}

/** Of one practice, at work at once. */
const CALLED_MAX = 100

async function hadTaskIn(hall: TownHall, person: Person, instances: readonly KeyText[]): Promise<boolean> {
  if (person.groups.size === 0) return false
  const { items } = await hall.gateway.query.search('user-tasks', {
    filter: [{ field: 'processInstanceKey', operator: '$in', value: instances }],
    or: [
      [{ field: 'candidateGroup', operator: '$in', value: [...person.groups] }],
      [{ field: 'assignee', operator: '$eq', value: person.id }],
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

/** Whose practices a person may look for: those of the procedures that they file or answer for, an administrator all. */
export const proceduresOf = (town: Town, person: Person): readonly Procedure[] =>
  person.role === 'amministratore' ? town.procedimenti : town.procedimenti.filter((one) => mayFile(person, one))
