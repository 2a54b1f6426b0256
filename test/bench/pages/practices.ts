/**
 * A town's practices of the residence change, in the states that a working day finds. Owns: how many stand where, and whose they are.
 * Whoever signs in has the same in a small town and in a large one (Mario Rossi three practices, Lucia Bianchi more than a page
 * shows, everybody else one), so that what grows with the town is the town alone.
 */
import type { Page, Row } from '../../../engine/protocol/query.ts'
import { file } from '../../../forms/server/filing.ts'
import { practicesIn } from '../../../forms/server/store/practices.ts'
import { PROCESS_ID } from '../../pages/declaration.ts'
import { openTown, type TownUnderTest, until } from '../../pages/town.ts'
import { forEachOf, StandIns } from './stand-ins.ts'

export const MARIO = { nome: 'Mario', cognome: 'Rossi', cf: 'RSSMRA85C01G273I' }
export const LUCIA = { nome: 'Lucia', cognome: 'Bianchi', cf: 'BNCLCU90E45G999C' }
/** Beside those that the workers learn from. */
const OF_MARIO = 2
const OF_LUCIA = 60
const NAMES = [
  'Ada',
  'Bruno',
  'Carla',
  'Dario',
  'Elena',
  'Fabio',
  'Giulia',
  'Ivo',
  'Laura',
  'Marco',
  'Nora',
  'Pietro',
  'Rita',
  'Ugo',
]
const SURNAMES = [
  'Conti',
  'De Luca',
  'Esposito',
  'Ferrari',
  'Gallo',
  'Greco',
  'Leone',
  'Marino',
  'Moretti',
  'Neri',
  'Ricci',
  'Romano',
  'Russo',
  'Serra',
  'Vitale',
]

/** Days after the first on which practices come in; on the last the pages are looked at. */
const DAYS = [0, 2, 4, 7, 9, 11, 14, 16, 18, 21]
const FIRST_DAY = Temporal.Instant.from('2027-03-01T08:00:00Z')
const DAY_MS = 86_400_000
const LANES = 32
const TASKS_OF_A_PAGE = 2_000

type Fate = 'registra' | 'accerta' | 'valuta' | 'conclusa' | 'problema'

/** Of a hundred: what came in lately waits for the registrar, the rest for the police to check the dwelling and for the 45 days. */
function fateOf(place: number, isRecent: boolean): Fate {
  const share = place % 100
  if (share === 57) return 'problema'
  if (isRecent) return share % 10 === 4 ? 'accerta' : 'registra'
  if (share % 25 === 8) return 'valuta'
  return share % 6 === 1 ? 'conclusa' : 'accerta'
}

export interface FilledTown {
  readonly town: TownUnderTest
  readonly practices: number
}

export async function filledTown(practices: number, tell: (text: string) => void): Promise<FilledTown> {
  const town = await openTown({ at: LEARNED_ON.toString() })
  try {
    const standIns = await learned(town)
    let filed = 0
    for (const [index, day] of DAYS.entries()) {
      await town.setClock(FIRST_DAY.add({ hours: 24 * day }).toString())
      const until = Math.round((practices * (index + 1)) / DAYS.length)
      await fillDay(town, standIns, { from: filed, until, isRecent: index >= DAYS.length - 2 })
      filed = until
      tell(`${filed} of ${practices} practices`)
    }
    // As autovacuum leaves them, which has its turn within a minute of a quiet town.
    await town.database.raw('VACUUM ANALYZE')
    return { town, practices }
  } catch (error) {
    await town.close()
    throw error
  }
}

interface Day {
  /** Places of the practices that come in. */
  readonly from: number
  readonly until: number
  readonly isRecent: boolean
}

async function fillDay(town: TownUnderTest, standIns: StandIns, { from, until, isRecent }: Day): Promise<void> {
  const fates = new Map<string, Fate>()
  const troubled = new Set<string>()
  const places = Array.from({ length: until - from }, (_, index) => from + index)
  await forEachOf(places, LANES, async (place) => {
    const fate = fateOf(place, isRecent)
    const { id, processInstanceKey } = await filed(town, place)
    fates.set(processInstanceKey, fate)
    if (fate === 'problema') troubled.add(id)
  })
  const work = () => standIns.work((practice, element) => troubled.has(practice) && element === 'registra-anpr')
  await work()
  await completeTasks(town, 'registra', CONFIRMED, (key) => (fates.get(key) ?? 'registra') !== 'registra')
  await work()
  await completeTasks(town, 'accerta', NOT_FOUND, (key) => fates.get(key) === 'valuta')
  await completeTasks(town, 'accerta', FOUND, (key) => fates.get(key) === 'conclusa')
  await work()
}

/** Who stands at that place of the town's list. */
export function personAt(place: number): typeof MARIO {
  if (place < OF_MARIO) return MARIO
  if (place < OF_MARIO + OF_LUCIA) return LUCIA
  const [nome, cognome] = [NAMES[place % NAMES.length]!, SURNAMES[place % SURNAMES.length]!]
  return { nome, cognome, cf: `XXXYYY${String(place).padStart(5, '0')}A111Z`.slice(0, 16).padEnd(16, 'Z') }
}

async function filed({ gateway, database, documents, now }: TownUnderTest, place: number) {
  const { nome, cognome, cf } = personAt(place)
  const moved = new Date(now() - 5 * DAY_MS).toISOString().slice(0, 10)
  const variables = JSON.stringify({
    richiedente: { cf, nome, cognome, email: `${place}@posta.example` },
    istanza: {
      ...{ tipo: 'ALTRO_COMUNE', comuneProvenienza: 'Prato', dataTrasferimento: moved, famiglia: 'NUOVA' },
      indirizzo: { via: 'via Libertà', civico: String((place % 90) + 1) },
      titolo: { tipo: 'LOCAZIONE', estremi: `registrato a Prato, n. ${place}` },
      dichiarazioneVeritiera: true,
    },
  })
  const filing = { processId: PROCESS_ID, channel: 'online', owner: cf, filedBy: cf, variables, documents: [] } as const
  const office = { gateway, practices: practicesIn(database), documents, now }
  const practice = await file(office, { ...filing, id: crypto.randomUUID() })
  return { id: practice.id, processInstanceKey: practice.processInstanceKey! }
}

async function completeTasks(
  town: TownUnderTest,
  elementId: string,
  variables: object,
  isChosen: (processInstanceKey: string) => boolean,
): Promise<void> {
  const chosen = (await openTasks(town, elementId)).filter((row) => isChosen(String(row.processInstanceKey)))
  const text = JSON.stringify(variables)
  await forEachOf(chosen, LANES, (row) => town.gateway.completeUserTask(String(row.userTaskKey), text))
}

async function openTasks({ gateway }: TownUnderTest, elementId: string): Promise<readonly Row[]> {
  const filter = [
    { field: 'state', operator: '$eq' as const, value: 'CREATED' },
    { field: 'elementId', operator: '$eq' as const, value: elementId },
  ]
  const rows: Row[] = []
  for (let after: string | null = null; ; ) {
    const page: Page = await gateway.query.search('user-tasks', {
      ...{ filter, sort: [] },
      page: { limit: TASKS_OF_A_PAGE, ...(after !== null && { after }) },
    })
    rows.push(...page.items)
    after = page.endCursor
    if (page.items.length < TASKS_OF_A_PAGE || after === null) return rows
  }
}

/** Long enough before the first day for every reminder that the days bring. */
const LEARNED_ON = FIRST_DAY.subtract({ hours: 24 * 28 })
const REMINDED_AFTER = [3, 8, 13, 18, 22]
const CONFIRMED = { registrazione: { conferma: true } }
const FOUND = { accertamento: { esito: 'POSITIVO' } }
const NOT_FOUND = { accertamento: { esito: 'NEGATIVO' } }

/** Practices that real workers work on: one at once to its end, others wait where those of a town wait until reminders are sent. */
async function learned(town: TownUnderTest): Promise<StandIns> {
  const { gateway } = town
  const complete = async (elementId: string, processInstanceKey: string, variables: object) => {
    const task = await until(
      async () => (await openTasks(town, elementId)).find((row) => row.processInstanceKey === processInstanceKey),
      (found) => found !== undefined,
    )
    await gateway.completeUserTask(String(task!.userTaskKey), JSON.stringify(variables))
  }
  const ended = (key: string) =>
    until(
      async () => (await gateway.query.get('process-instances', key))?.state,
      (state) => state === 'COMPLETED',
    )
  const toTheEnd = async (key: string) => {
    await complete('registra', key, CONFIRMED)
    await complete('accerta', key, FOUND)
    await ended(key)
  }
  const standIns = await StandIns.learn(town, async () => {
    const { processInstanceKey: atOnce } = await filed(town, 0)
    await toTheEnd(atOnce)
    const { processInstanceKey: unregistered } = await filed(town, 0)
    const { processInstanceKey: unchecked } = await filed(town, 0)
    const { processInstanceKey: unweighed } = await filed(town, 0)
    for (const key of [unchecked, unweighed]) await complete('registra', key, CONFIRMED)
    await complete('accerta', unweighed, NOT_FOUND)
    for (const days of REMINDED_AFTER) {
      await town.setClock(LEARNED_ON.add({ hours: 24 * days }).toString())
      await fetch(`http://${town.addresses.management}/idle`, { method: 'POST' })
      await until(
        () => openJobs(town),
        (jobs) => jobs.length === 0,
      )
    }
    await complete('registra', unregistered, CONFIRMED)
    for (const key of [unregistered, unchecked]) await complete('accerta', key, FOUND)
    await complete('valuta', unweighed, { valutazione: { decisione: 'CONFERMA', motivazione: 'Il vicino conferma' } })
    for (const key of [unregistered, unchecked, unweighed]) await ended(key)
  })
  await town.restWorkers()
  return standIns
}

const openJobs = async ({ gateway }: TownUnderTest) => {
  const filter = [
    { field: 'state', operator: '$in' as const, value: ['CREATED', 'FAILED', 'RETRIES_UPDATED', 'TIMED_OUT'] },
  ]
  return (await gateway.query.search('jobs', { filter, sort: [], page: { limit: 10 } })).items
}
