/** From process instances to what people call a practice: procedure, protocol number, applicant. */
import { type Context, fromJson, isContext, type Value } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { shown } from '../form/display.ts'
import { valueAt } from '../form/paths.ts'
import type { TownHall } from '../page.ts'
import { practicesBefore } from '../sequel.ts'
import type { Delegation, Practice } from '../store/practices.ts'

export interface PracticeHead {
  /** The instance that called all the others. */
  readonly root: KeyText
  readonly applicant: string
  readonly protocol: string
  /** Null when the town's pages did not start it. */
  readonly practice: Practice | null
}

const CALLS_MAX = 10
const VARIABLES = ['pratica', 'richiedente']

export const textIn = (row: Row, field: string): string => {
  const value = row[field]
  return typeof value === 'string' ? value : ''
}

/** Variables as a FEEL context: their JSON text keeps every digit. */
export const contextOf = (rows: readonly Row[]): Context =>
  new Map(rows.map((row): [string, Value] => [textIn(row, 'name'), readValue(row)]))

/** Of a search, which shows the beginning of a long value: all of it. */
export const wholeRows = ({ gateway }: Pick<TownHall, 'gateway'>, rows: readonly Row[]): Promise<readonly Row[]> =>
  Promise.all(
    rows.map(async (row) => {
      const whole = row.isTruncated === true ? await gateway.query.get('variables', textIn(row, 'variableKey')) : null
      return whole === null ? row : { ...whole, isTruncated: false }
    }),
  )

/** Of instances themselves, whole, by instance. */
export async function variablesOf(
  hall: Pick<TownHall, 'gateway'>,
  instances: readonly KeyText[],
  names: readonly string[],
): Promise<ReadonlyMap<KeyText, Context>> {
  if (instances.length === 0) return new Map()
  const { items } = await hall.gateway.query.search('variables', {
    filter: [
      // By scope alone every variable of the town that has ended would be looked at.
      { field: 'processInstanceKey', operator: '$in', value: instances },
      { field: 'scopeKey', operator: '$in', value: instances },
      { field: 'name', operator: '$in', value: names },
    ],
    sort: [],
    page: { limit: instances.length * names.length },
  })
  const byInstance = Map.groupBy(await wholeRows(hall, items), (row) => textIn(row, 'processInstanceKey'))
  return new Map([...byInstance].map(([instance, rows]) => [instance, contextOf(rows)]))
}

/** A search shows the beginning of a long value, which is no JSON: such a one is told as the text it is. */
function readValue(row: Row): Value {
  const text = textIn(row, 'value')
  return row.isTruncated === true ? text : fromJson(text)
}

/**
 * Heads by key of the process instance, of called ones too. What the town's own table does not know yet is read from the engine,
 * once, and kept there.
 */
export async function practiceHeads(
  hall: TownHall,
  keys: readonly KeyText[],
): Promise<ReadonlyMap<KeyText, PracticeHead>> {
  const { roots, practices } = await rootsOf(hall, keys)
  const heads = await headsOf(hall, [...new Set(roots.values())], practices)
  return new Map(keys.map((key) => [key, heads.get(roots.get(key) ?? key)!]))
}

/** Of an instance that none has called, and of its practice, which one knows already. */
export const practiceHead = async (hall: TownHall, root: KeyText, practice: Practice | null): Promise<PracticeHead> =>
  (await headsOf(hall, [root], new Map(practice === null ? [] : [[root, practice]]))).get(root)!

async function headsOf(
  hall: TownHall,
  roots: readonly KeyText[],
  practices: ReadonlyMap<KeyText, Practice>,
): Promise<ReadonlyMap<KeyText, PracticeHead>> {
  const unknown = roots.filter((root) => !isKnown(practices.get(root)))
  const read = await headsInEngine(hall, unknown)
  await learn(hall, practices, read)
  return new Map(
    roots.map((root): [KeyText, PracticeHead] => {
      const practice = practices.get(root) ?? null
      const { applicant = '', protocol = '' } = read.get(root) ?? {}
      return [
        root,
        { root, practice, applicant: practice?.applicant ?? applicant, protocol: practice?.protocol ?? protocol },
      ]
    }),
  )
}

const isKnown = (practice: Practice | undefined): boolean =>
  practice !== undefined && practice.applicant !== null && practice.protocol !== null

type ReadHead = Pick<PracticeHead, 'applicant' | 'protocol'>

async function learn(
  { practices }: TownHall,
  known: ReadonlyMap<KeyText, Practice>,
  read: ReadonlyMap<KeyText, ReadHead>,
): Promise<void> {
  const news = [...read].flatMap(([root, { applicant, protocol }]) => {
    const practice = known.get(root)
    const isKnown = applicant === (practice?.applicant ?? '') && protocol === (practice?.protocol ?? '')
    return practice === undefined || isKnown
      ? []
      : [{ id: practice.id, applicant: applicant || null, protocol: protocol || null }]
  })
  await practices.learn(news)
}

/**
 * Before a search: of practices about which this was not known when somebody last looked, the newest. A name is mostly known since
 * the filing; only who looks for a number waits for numbers.
 */
export async function learnHeads(hall: TownHall, words: readonly string[]): Promise<void> {
  const isNumber = words.some((word) => /^\p{N}+$/u.test(word))
  const unknown = await hall.practices.without(isNumber ? 'protocol' : 'applicant', UNKNOWN_MAX)
  const known = new Map(unknown.map((practice) => [practice.processInstanceKey ?? '', practice]))
  await learn(hall, known, await headsInEngine(hall, [...known.keys()]))
}
const UNKNOWN_MAX = 100

async function headsInEngine({ gateway }: TownHall, keys: readonly KeyText[]): Promise<ReadonlyMap<KeyText, ReadHead>> {
  if (keys.length === 0) return new Map()
  const { items } = await gateway.query.search('variables', {
    filter: [
      { field: 'processInstanceKey', operator: '$in', value: keys },
      { field: 'name', operator: '$in', value: VARIABLES },
    ],
    sort: [],
    page: { limit: keys.length * VARIABLES.length * 2 },
  })
  const ofInstance = Map.groupBy(
    items.filter((row) => row.scopeKey === row.processInstanceKey),
    (row) => textIn(row, 'processInstanceKey'),
  )
  return new Map(keys.map((key) => [key, headOf(contextOf(ofInstance.get(key) ?? []))]))
}

export function headOf(variables: Context): ReadHead {
  const text = (path: string) => shown(valueAt(variables, path) ?? null)
  const protocol = valueAt(variables, 'pratica.protocollo')
  return {
    applicant: `${text('richiedente.nome')} ${text('richiedente.cognome')}`.trim(),
    protocol:
      protocol !== undefined && isContext(protocol)
        ? `${text('pratica.protocollo.numero')}/${text('pratica.protocollo.anno')}`
        : '',
  }
}

interface Roots {
  readonly roots: ReadonlyMap<KeyText, KeyText>
  /** By key of the root. */
  readonly practices: ReadonlyMap<KeyText, Practice>
}

/** The instances that called these, at whatever distance; an instance of a practice, or one that goes on after it, was called by none. */
async function rootsOf(hall: TownHall, keys: readonly KeyText[]): Promise<Roots> {
  const { gateway, practices } = hall
  const roots = new Map<KeyText, KeyText>(keys.map((key) => [key, key]))
  const known = new Map<KeyText, Practice>()
  let asked = [...new Set(keys)]
  for (let calls = 0; calls < CALLS_MAX && asked.length > 0; calls++) {
    const found = new Map((await practices.byProcessInstances(asked)).map((one) => [one.processInstanceKey ?? '', one]))
    for (const [key, practice] of found) known.set(key, practice)
    const parents = await parentsOf(
      gateway,
      asked.filter((key) => !found.has(key)),
    )
    for (const [key, root] of roots) roots.set(key, parents.get(root) ?? root)
    asked = [...new Set(parents.values())]
  }
  const others = [...new Set(roots.values())].filter((root) => !known.has(root))
  for (const [root, practice] of await practicesBefore(hall, others)) known.set(root, practice)
  return { roots, practices: known }
}

async function parentsOf(
  gateway: TownHall['gateway'],
  keys: readonly KeyText[],
): Promise<ReadonlyMap<KeyText, KeyText>> {
  if (keys.length === 0) return new Map()
  const { items } = await gateway.query.search('process-instances', {
    filter: [{ field: 'processInstanceKey', operator: '$in', value: keys }],
    only: ['processInstanceKey', 'parentProcessInstanceKey'],
    sort: [],
    page: { limit: keys.length },
  })
  return new Map(
    items.flatMap((row): [KeyText, KeyText][] => {
      const parent = textIn(row, 'parentProcessInstanceKey')
      return parent === '' || parent === '-1' ? [] : [[textIn(row, 'processInstanceKey'), parent]]
    }),
  )
}

/**
 * The instance that called this one, at whatever distance, itself when none did; and its practice, null when the town's pages did not
 * start it.
 */
export async function rootOf(
  hall: TownHall,
  key: KeyText,
): Promise<{ readonly root: KeyText; readonly practice: Practice | null }> {
  const { roots, practices } = await rootsOf(hall, [key])
  const root = roots.get(key) ?? key
  return { root, practice: practices.get(root) ?? null }
}

/** The practice an instance belongs to; null when the town's pages did not start it. */
export const practiceOf = async (hall: TownHall, key: KeyText): Promise<Practice | null> =>
  (await rootOf(hall, key)).practice

/** Null when nobody but the owner filed it, and of what the pages did not start. */
export const delegationOf = async ({ practices }: TownHall, practice: Practice | null): Promise<Delegation | null> =>
  practice === null ? null : practices.delegationOf(practice.id)

/** The instances that these called, at whatever distance, with themselves; so many at most. */
export async function calledBy({ gateway }: TownHall, roots: readonly KeyText[], max: number): Promise<KeyText[]> {
  const all = new Set(roots)
  let asked = [...roots]
  for (let calls = 0; calls < CALLS_MAX && asked.length > 0 && all.size < max; calls++) {
    const { items } = await gateway.query.search('process-instances', {
      filter: [
        { field: 'parentProcessInstanceKey', operator: '$in', value: asked },
        { field: 'state', operator: '$in', value: ['ACTIVE', 'SUSPENDED'] },
      ],
      only: ['processInstanceKey'],
      // In the order of what is asked for: in that of the keys the whole table would be looked through.
      sort: [{ field: 'parentProcessInstanceKey', order: 'ASC' }],
      page: { limit: max },
    })
    asked = items.map((row) => textIn(row, 'processInstanceKey')).filter((key) => !all.has(key))
    for (const key of asked) all.add(key)
  }
  return [...all]
}
