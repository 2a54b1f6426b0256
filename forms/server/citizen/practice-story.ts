/**
 * What a citizen may know of practices: read from the variables of their instances, of those that go on after them, and of those that
 * either has called to ask the citizen something or to tell it.
 * Owns: which variables these are, what each means. Does not own: the words for it (practice-state.ts, messages.ts).
 * Invariant: a notice to pay and an act are told to whom they are for; what another is asked for or told is nobody else's.
 * Cost: four searches, however many practices.
 */
import { type Context, fromJson, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { Gateway } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import type { Milestone, Sequel, ServiceSheet, ServiceSheets } from '../../../processes/service-sheets.ts'
import { type Act, OUTCOME_VARIABLES, outcomeActsIn } from '../acts.ts'
import { actsIn, CALL_VARIABLES, type Call, callOf, noticesIn, tells } from '../calls.ts'
import { shown } from '../form/display.ts'
import { valueAt } from '../form/paths.ts'
import { type OpenNotice, PAYMENT_CALL, PAYMENT_VARIABLES } from '../payment.ts'
import { sequelsOf } from '../sequel.ts'
import type { Practice } from '../store/practices.ts'

/**
 * Of the instance itself, or of a procedure that it has called: these, and what the sheet names. Nothing else of a
 * practice reaches its owner's pages.
 */
const VARIABLES = [
  ...['pratica', 'richiedente', 'istanza', 'termine', 'scadenze', 'esito', 'motivi'],
  ...['riepilogo', ...OUTCOME_VARIABLES, 'preavviso', 'integrazione', 'provvedimento', 'pagamento'],
]
/** Lies in the part of the procedure that the message started. */
const WITHDRAWAL = 'rinuncia'
/**
 * Procedures that are called, with what they know that the practice does not know before they end: the number and the term, while a
 * person is still to be made responsible or the mail is down; what the citizen is asked.
 */
const TOLD_BY: ReadonlyMap<string, readonly string[]> = new Map([
  ['ca-ricezione', ['pratica', 'termine', 'scadenze']],
  ['ca-preavviso', ['preavviso']],
  ['ca-integrazione', ['integrazione']],
  [PAYMENT_CALL, PAYMENT_VARIABLES],
])
/** To whom a called procedure turns. */
const ADDRESSEE = 'richiedente'
const ASKED = [...new Set([...[...TOLD_BY.values()].flat(), ...CALL_VARIABLES, ADDRESSEE])]
/** Procedures that one practice calls, of whatever kind: more than so many are not looked for. */
const CALLS_EACH = 80

/** An instance of a practice, with what it has called. */
export interface Told {
  readonly practice: Practice
  /** Null until the engine has it. */
  readonly instance: Row | null
  readonly variables: Context
  /** What is to be paid now, each apart: one that was paid or has expired is none. */
  readonly notices: readonly OpenNotice[]
  /** Those that are registered. */
  readonly acts: readonly Act[]
  /** Notices of payment, open and closed: they are documents. */
  readonly papers: readonly Value[]
}

export interface Story extends Told {
  /** Null for a procedure of which nothing is written. */
  readonly sheet: ServiceSheet | null
  /** What goes on after it; null while nothing does. */
  readonly sequel: (Told & { readonly sheet: Sequel }) | null
}

/** What a story is read from. */
interface Sources {
  readonly gateway: Gateway
  readonly sheets: ServiceSheets
}

export async function storyOf(hall: Sources, practice: Practice): Promise<Story> {
  return (await storiesOf(hall, [practice]))[0]!
}

/** In the order of the practices. */
export async function storiesOf(hall: Sources, practices: readonly Practice[]): Promise<readonly Story[]> {
  const { gateway, sheets } = hall
  const sequels = await sequelsOf(hall, practices)
  const known = practices.map((practice) => {
    const sheet = sheets.get(practice.processId) ?? null
    return { practice, sheet, sequelKey: sequels.get(practice.id) ?? null }
  })
  const keys = [...practices.flatMap(({ processInstanceKey }) => processInstanceKey ?? []), ...sequels.values()]
  const names = [...new Set([...VARIABLES, ...known.flatMap(({ sheet }) => variablesOf(sheet))])]
  const read = keys.length === 0 ? NOTHING : await readAll(gateway, keys, names)
  return known.map(({ practice, sheet, sequelKey }) => {
    const own = toldBy(read, practice, practice.processInstanceKey, null)
    const sequel =
      sequelKey === null || sheet?.seguito === undefined
        ? null
        : { ...toldBy(read, practice, sequelKey, own.variables), sheet: sheet.seguito }
    return { ...own, sheet, sequel }
  })
}

/** Instances, what they have called, and values of both by instance. */
interface Read {
  readonly instances: readonly Row[]
  readonly calls: readonly Row[]
  readonly values: ReadonlyMap<string, readonly Named[]>
}
const NOTHING: Read = { instances: [], calls: [], values: new Map() }

async function readAll(gateway: Gateway, keys: readonly string[], names: readonly string[]): Promise<Read> {
  const [instances, calls] = await Promise.all([instancesOf(gateway, keys), callsOf(gateway, keys)])
  const called = calls.map(({ processInstanceKey }) => String(processInstanceKey))
  const values = await valuesOf(gateway, { keys, called, names })
  return { instances, calls, values: Map.groupBy(values, ({ instance }) => instance) }
}

/** `before`: the variables of the instance that this one goes on after, which say who asked; null when it says so itself. */
function toldBy(read: Read, practice: Practice, key: string | null, before: Context | null): Told {
  const instance = read.instances.find(({ processInstanceKey }) => processInstanceKey === key) ?? null
  const calls = read.calls.filter(({ parentProcessInstanceKey }) => parentProcessInstanceKey === key)
  // What was asked when the end came is asked no more.
  const asking = before === null ? calls : calls.filter(({ state }) => state !== 'TERMINATED')
  const variables = key === null ? new Map() : told(key, asking, read.values)
  const asker = valueAt(before ?? variables, 'richiedente.cf')
  const isTheirs = (call: Call): boolean => {
    const whose = valueAt(call.variables, `${ADDRESSEE}.cf`) ?? null
    return whose !== null && (whose === asker || whose === practice.owner)
  }
  const theirs = calls.map((row) => callOf(row, contextOf(valuesIn(read.values, row)))).filter(isTheirs)
  const payments = theirs.filter(({ processId }) => processId === PAYMENT_CALL)
  return {
    ...{ practice, instance, variables },
    ...{ notices: noticesIn(theirs), acts: [...actsIn(theirs), ...outcomeActsIn(variables)] },
    papers: payments.flatMap((call) => PAYMENT_VARIABLES.flatMap((name) => call.variables.get(name) ?? [])),
  }
}

const valuesIn = (values: Read['values'], { processInstanceKey }: Row): readonly Named[] =>
  values.get(String(processInstanceKey)) ?? []
const contextOf = (values: readonly Named[]): Context => new Map(values.map(({ name, value }) => [name, value]))

/** Its milestones are read there, and its acts. */
const variablesOf = (sheet: ServiceSheet | null): readonly string[] => [
  ...[...(sheet?.tappe ?? []), ...(sheet?.seguito?.tappe ?? [])].flatMap(pathsOf).map(headOf),
  ...(sheet?.atti ?? []),
  ...(sheet?.seguito?.stato ?? []).map(headOf),
]

const pathsOf = ({ fatta, quando, prevista }: Milestone): readonly string[] => [
  ...[fatta, quando],
  ...(prevista === undefined ? [] : [prevista]),
]
const headOf = (path: string): string => path.split('.', 1)[0]!

const instancesOf = async (gateway: Gateway, keys: readonly string[]): Promise<readonly Row[]> => {
  const filter = [{ field: 'processInstanceKey', operator: '$in' as const, value: keys }]
  return (await gateway.query.search('process-instances', { filter, sort: [], page: { limit: keys.length } })).items
}

/** By caller alone, and in its order: which procedure it is would lead through all of the town's, of which there are many. */
const callsOf = async (gateway: Gateway, keys: readonly string[]): Promise<readonly Row[]> => {
  const { items } = await gateway.query.search('process-instances', {
    filter: [{ field: 'parentProcessInstanceKey', operator: '$in', value: keys }],
    sort: [
      { field: 'parentProcessInstanceKey', order: 'ASC' },
      { field: 'startDate', order: 'ASC' },
    ],
    page: { limit: keys.length * CALLS_EACH },
  })
  return items.filter((row) => TOLD_BY.has(String(row.processDefinitionId)) || tells(row))
}

interface Named {
  readonly name: string
  readonly scope: string
  readonly instance: string
  readonly value: Value
}

async function valuesOf(
  gateway: Gateway,
  { keys, called, names }: Record<'keys' | 'called' | 'names', readonly string[]>,
): Promise<readonly Named[]> {
  const { items } = await gateway.query.search('variables', {
    filter: [{ field: 'processInstanceKey', operator: '$in', value: [...keys, ...called] }],
    or: [
      [
        { field: 'scopeKey', operator: '$in', value: keys },
        { field: 'name', operator: '$in', value: names },
      ],
      [{ field: 'name', operator: '$eq', value: WITHDRAWAL }],
      ...(called.length === 0
        ? []
        : [
            [
              { field: 'scopeKey', operator: '$in' as const, value: called },
              { field: 'name', operator: '$in' as const, value: ASKED },
            ],
          ]),
    ],
    sort: [],
    page: { limit: keys.length * (names.length + 1) + called.length * ASKED.length },
  })
  return Promise.all(items.map((row) => named(gateway, row)))
}

/** A search over the wire shows the beginning of a long value. */
async function named(gateway: Gateway, row: Row): Promise<Named> {
  const whole = row.isTruncated === true ? await gateway.query.get('variables', String(row.variableKey)) : row
  return {
    name: String(row.name),
    scope: String(row.scopeKey),
    instance: String(row.processInstanceKey),
    value: fromJson(String((whole ?? row).value)),
  }
}

/** What a call that still runs knows is newer than what the practice does; what an ended one knew, the practice may have taken over. */
function told(key: string, calls: readonly Row[], values: Read['values']): Context {
  const toldWhile = (isRunning: boolean) =>
    calls
      .filter(({ state }) => (state === 'ACTIVE') === isRunning)
      .flatMap((row) => {
        const names = TOLD_BY.get(String(row.processDefinitionId)) ?? []
        return valuesIn(values, row).filter(({ name }) => names.includes(name))
      })
  return contextOf([...toldWhile(false), ...(values.get(key) ?? []), ...toldWhile(true).map(withoutReceipt)])
}

/** While the reception runs its receipt may still be without the seal: another takes its place. */
const withoutReceipt = (one: Named): Named =>
  one.name === 'pratica' && isContext(one.value)
    ? { ...one, value: new Map([...one.value].filter(([name]) => name !== 'ricevuta')) }
    : one

export const textAt = ({ variables }: Pick<Told, 'variables'>, path: string): string => {
  const value = valueAt(variables, path)
  return typeof value === 'string' ? value : ''
}

/** `numero/anno`; empty until the register has given one. */
export function protocolOf({ variables }: Story): string {
  const protocol = valueAt(variables, 'pratica.protocollo')
  if (protocol === undefined || !isContext(protocol)) return ''
  return `${shown(protocol.get('numero') ?? null)}/${shown(protocol.get('anno') ?? null)}`
}

/** The last useful day, ISO; empty until it is calculated. */
export const dueDayOf = (story: Story): string => textAt(story, 'termine.scadenza')

export const isEnded = ({ instance }: Pick<Told, 'instance'>): boolean =>
  instance !== null && instance.state !== 'ACTIVE'

export const isWithdrawn = ({ variables }: Pick<Told, 'variables'>): boolean =>
  (variables.get(WITHDRAWAL) ?? null) !== null

/** Until it is decided: afterwards there is nothing left to stop but sending and archiving the outcome. */
export const mayWithdraw = (story: Story): boolean =>
  story.instance?.state === 'ACTIVE' && textAt(story, 'esito') === '' && !isWithdrawn(story)

export function reasonsOf({ variables }: Story): readonly string[] {
  const reasons = variables.get('motivi') ?? null
  return isList(reasons) ? reasons.map(shown) : []
}

/** What the office found against it (L. 241/1990 art. 10-bis), once it is on its way; null before. */
export interface Notice {
  readonly reasons: string
  /** ISO instant. */
  readonly sentAt: string
  /** ISO day, the last on which to answer; empty until it is calculated. */
  readonly dueDay: string
  /** ISO instant; empty when nothing has come. */
  readonly answeredAt: string
}

export function noticeOf(story: Pick<Told, 'variables'>): Notice | null {
  const sentAt = textAt(story, 'preavviso.protocollo.data')
  if (sentAt === '') return null
  return {
    reasons: textAt(story, 'preavviso.motivi'),
    sentAt,
    dueDay: textAt(story, 'preavviso.scadenza.giorno'),
    answeredAt: textAt(story, 'preavviso.osservazioni.ricevuteIl'),
  }
}

/** One thing that the office asks for. */
export interface Wanted {
  readonly id: string
  readonly document: string
  readonly reason: string
}
/** What the office asks to add (L. 241/1990 art. 2 c. 7 and art. 6 c. 1 b); once it is on its way; null before. */
export interface IntegrationRequest {
  readonly wanted: readonly Wanted[]
  /** ISO instant. */
  readonly sentAt: string
  /** ISO day, the last on which to answer; empty until it is calculated. */
  readonly dueDay: string
  /** ISO instant; empty when nothing has come. */
  readonly answeredAt: string
  /** Whether the last day has passed without an answer. */
  readonly isExpired: boolean
}

export function requestOf(story: Story): IntegrationRequest | null {
  const items = valueAt(story.variables, 'integrazione.richiesta.voci') ?? null
  const sentAt = textAt(story, 'integrazione.richiesta.protocollo.data')
  if (!isList(items) || sentAt === '') return null
  const text = (item: Context, name: string) => shown(item.get(name) ?? null)
  return {
    wanted: items
      .filter(isContext)
      .map((item) => ({ id: text(item, 'id'), document: text(item, 'documento'), reason: text(item, 'motivo') })),
    sentAt,
    dueDay: textAt(story, 'integrazione.richiesta.scadenza'),
    answeredAt: textAt(story, 'integrazione.ricevutaIl'),
    isExpired: textAt(story, 'integrazione.esito') === 'SCADUTA',
  }
}

/** The practice, and what goes on after it. */
export const wholeOf = (story: Story): readonly Told[] => [story, ...(story.sequel === null ? [] : [story.sequel])]

export const actsOf = (story: Story): readonly Act[] => wholeOf(story).flatMap(({ acts }) => acts)

/** Documents that the practice names to its owner: sent with it, or made for them and on their way. By id, each once. */
export function documentIdsOf(story: Story): readonly string[] {
  const { variables } = story
  const ids = new Set<string>()
  const look = (value: Value): void => {
    if (isList(value)) value.forEach(look)
    if (!isContext(value)) return
    const [id, fingerprint] = [value.get('id') ?? null, value.get('impronta') ?? null]
    if (typeof id === 'string' && typeof fingerprint === 'string') ids.add(id)
    else for (const inner of value.values()) look(inner)
  }
  for (const name of ['richiedente', 'istanza', 'pratica', 'riepilogo', 'integrazione', 'avviso', 'pagamento'])
    look(variables.get(name) ?? null)
  // What is still being written is nobody's yet.
  if (textAt(story, 'protocolloEsito.data') !== '') look(variables.get('atto') ?? null)
  if (textAt(story, 'provvedimento.protocollo.data') !== '') look(variables.get('provvedimento') ?? null)
  for (const act of story.sheet?.atti ?? [])
    if (textAt(story, `${act}.protocollo.data`) !== '') look(valueAt(variables, `${act}.documento`) ?? null)
  for (const one of wholeOf(story)) {
    if (noticeOf(one) !== null) look(one.variables.get('preavviso') ?? null)
    for (const paper of one.papers) look(paper)
    for (const { documentId } of one.acts) ids.add(documentId)
  }
  return [...ids]
}

/** Of the receipt that the procedure has made; null before. */
export function receiptIdOf(story: Story): string | null {
  const id = textAt(story, 'pratica.ricevuta.id')
  return id === '' ? null : id
}
