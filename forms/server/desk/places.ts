/** Where a member of staff may go on the desk: the links of the navigation, on every page. */
import type { Town } from '../../../processes/town.ts'
import type { Person } from '../identity/person.ts'
import { COUNTER, DESK, INCIDENTS_LIST, PRACTICES_LIST } from './addresses.ts'
import { mayFile, proceduresOf, repairableBy } from './may.ts'

/** `name`: of the message that says it. */
type Place = readonly [name: 'desk' | 'counter' | 'practiceList' | 'incidentList', address: string]

export function placesFor(town: Town, person: Person): readonly Place[] {
  const places: Place[] = [['desk', DESK]]
  if (town.procedimenti.some((procedure) => mayFile(person, procedure))) places.push(['counter', COUNTER])
  if (proceduresOf(town, person).length > 0) places.push(['practiceList', PRACTICES_LIST])
  if (repairableBy(town, person).length > 0) places.push(['incidentList', INCIDENTS_LIST])
  return places
}
