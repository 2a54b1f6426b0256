/** A citizen's own practices: finding them, and how they are named. Somebody else's does not exist for them, by whatever name. */
import { shown } from '../form/display.ts'
import { html, type Part } from '../html.ts'
import type { CitizenVisit, TownHall } from '../page.ts'
import type { AccessAction, Practice } from '../store/practices.ts'
import { isUuid } from '../uuid.ts'
import { type Story, storiesOf } from './practice-story.ts'

export const PRACTICES = '/pratiche'
/** Practices that are looked at for dates and messages, newest first. */
const LOOKED_AT = 50

/** Null when there is none of that id that is the visitor's; what is found is recorded as read or acted on. */
export async function ownPractice(
  { practices }: TownHall,
  { person }: CitizenVisit,
  id: string,
  action: AccessAction,
): Promise<Practice | null> {
  const practice = isUuid(id) ? await practices.byId(id) : null
  if (practice?.owner !== person.cf || practice.processInstanceKey === null) return null
  await practices.recordAccess({ at: new Date(), person: person.id, action, practice: id })
  return practice
}

/** The newest ones, with what may be known of them. */
export const ownStories = async (hall: TownHall, { person }: CitizenVisit): Promise<readonly Story[]> =>
  storiesOf(hall, await hall.practices.ownedBy(person.cf, LOOKED_AT, 0))

export const procedureOf = ({ town }: TownHall, processId: string) =>
  town.procedimenti.find(({ id }) => id === processId)

export const serviceName = (hall: TownHall, { processId }: Pick<Practice, 'processId'>): string =>
  procedureOf(hall, processId)?.nome ?? processId

export function responsibleFor(hall: TownHall, processId: string): string {
  const person = hall.town.persone.find(({ id }) => id === procedureOf(hall, processId)?.responsabile)
  return person ? `${person.nome} ${person.cognome}` : ''
}

export const officeFor = (hall: TownHall, processId: string) =>
  hall.town.uffici.find(({ gruppo }) => gruppo === procedureOf(hall, processId)?.ufficio)

/** `at`: an ISO day or instant; nothing when it is empty. */
export const timeTag = (at: string): Part => at !== '' && html`<time datetime="${at}">${shown(at)}</time>`
