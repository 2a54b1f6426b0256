/**
 * From a filled form to a practice under way, by whatever channel.
 *
 * Owns: the practice's row, its instance, and that a repeat files nothing twice.
 * Invariants
 * L1 The row is committed before the instance is created, its key written after: a repeat with the same id finds either.
 * L2 A practice without an instance was not filed: nobody is shown it, and only the person who pressed can make it good.
 * L3 What the town says of a practice (`pratica`, `documenti`, `delega`) is ours: nothing typed can replace it.
 */

import type { DocumentStore, StoredDocument } from '../../connectors/documents/store.ts'
import { type Context, fromJson, toJson } from '../../engine/feel/index.ts'
import type { Gateway, KeyText } from '../../engine/protocol/gateway.ts'
import type { Condition, Row } from '../../engine/protocol/query.ts'
import { valueAt } from './form/paths.ts'
import type { Practice, Practices } from './store/practices.ts'

export interface Filing {
  /** Chosen before the form is shown, so that a second press of the button is the same practice. */
  readonly id: string
  readonly processId: string
  readonly channel: Practice['channel']
  /** Tax code of the person it is about; null: as the form says. */
  readonly owner: string | null
  readonly filedBy: string
  /** JSON text of the variables the form gives. */
  readonly variables: string
  /** Ids of the documents among them, which become the practice's. */
  readonly documents: readonly string[]
  /** Who acts for the person it is about, as the variable `delega`; null when they do so themselves. */
  readonly delegate?: FiledDelegate | null
}

/** In the words of the variable. */
export interface FiledDelegate extends Readonly<Record<'titolo' | 'nome' | 'cf' | 'documento', string>> {
  /** The papers that give them the right: documents of the practice, by id. */
  readonly carte: readonly string[]
}

interface Office {
  readonly gateway: Gateway
  readonly practices: Practices
  readonly documents: DocumentStore
  now(): number
}

const TAX_CODE = /^[A-Z0-9]{16}$/
const CUT_OFF_MAX = 1_000

/** Two presses at the same time are one filing: the second waits for the first. */
const underWay = new Map<string, Promise<Practice>>()

/** The practice that stands under the id; somebody else's is answered as it is, nothing is started for it. */
export function file(office: Office, filing: Filing): Promise<Practice> {
  const known = underWay.get(filing.id)
  if (known !== undefined) return known
  const filed = fileOnce(office, filing).finally(() => underWay.delete(filing.id))
  underWay.set(filing.id, filed)
  return filed
}

async function fileOnce({ gateway, practices, documents, now }: Office, filing: Filing): Promise<Practice> {
  const { id, processId, channel, filedBy } = filing
  const given = fromJson(filing.variables) as Context
  const owner = filing.owner ?? ownerIn(given)
  const applicant = applicantIn(given)
  const row = { id, processId, channel, filedBy, filedAt: new Date(now()), owner, applicant }
  const { practice, isNew } = await practices.add(row)
  if (practice.processInstanceKey !== null || !isSame(practice, filing)) return practice
  await documents.assign(filing.documents, id)
  const pratica = JSON.stringify({ id, tipo: processId, canale: channel, ricevutaIl: practice.filedAt.toISOString() })
  const attached = await attachedBy(documents, filing.documents)
  // Nothing was started for a row that was not there: of a town's many instances none is looked for.
  const started = isNew ? null : await startedBefore(gateway, id)
  const key = started ?? (await create(gateway, filing, given, pratica, attached))
  await practices.start(id, key)
  return { ...practice, processInstanceKey: key }
}

/** Whether the practice is the one that was to be filed, not another's under a borrowed id. */
export const isSame = (practice: Practice, filing: Pick<Filing, 'processId' | 'filedBy'>): boolean =>
  practice.filedBy === filing.filedBy && practice.processId === filing.processId

const tagOf = (id: string): string => `pratica:${id}`

/** What is attached, as the variable `documenti`. */
type Attached = Pick<StoredDocument, 'id' | 'nome' | 'tipo' | 'byte' | 'impronta'>

async function attachedBy(documents: DocumentStore, ids: readonly string[]): Promise<readonly Attached[]> {
  const found = await Promise.all(ids.map((id) => documents.describe(id)))
  return found.flatMap((one) => {
    if (one === null) return []
    const { id, nome, tipo, byte, impronta } = one
    return [{ id, nome, tipo, byte, impronta }]
  })
}

async function create(
  gateway: Gateway,
  { processId: bpmnProcessId, id, delegate }: Filing,
  given: Context,
  pratica: string,
  documenti: readonly Attached[],
): Promise<KeyText> {
  const ours = JSON.stringify({ documenti, delega: delegate ?? null })
  const variables = toJson(new Map([...given, ['pratica', fromJson(pratica)], ...(fromJson(ours) as Context)]))
  return (await gateway.createProcessInstance({ bpmnProcessId, variables, tags: [tagOf(id)] })).processInstanceKey
}

/** An earlier try may have been cut off between the instance and its key. */
async function startedBefore(gateway: Gateway, id: string): Promise<KeyText | null> {
  const found = await firstRow(gateway, 'process-instances', [{ field: 'tags', operator: '$eq', value: tagOf(id) }])
  return found === null ? null : String(found.processInstanceKey)
}

/** At the start, for those that a crash cut off after their instance was created: it is theirs. Oldest first, so many. */
export async function joinInstances({ gateway, practices }: Pick<Office, 'gateway' | 'practices'>): Promise<void> {
  for (const { id } of await practices.withoutInstance(CUT_OFF_MAX)) {
    const key = await startedBefore(gateway, id)
    if (key !== null) await practices.start(id, key)
  }
}

function applicantIn(given: Context): string | null {
  const names = ['richiedente.nome', 'richiedente.cognome'].map((path) => valueAt(given, path))
  return (
    names
      .filter((name) => typeof name === 'string')
      .join(' ')
      .trim() || null
  )
}

function ownerIn(given: Context): string | null {
  const taxCode = valueAt(given, 'richiedente.cf')
  const text = typeof taxCode === 'string' ? taxCode.toUpperCase() : ''
  return TAX_CODE.test(text) ? text : null
}

/** The form with which a procedure's practices are filed; null when none is deployed. */
export async function filingForm(gateway: Gateway, processId: string): Promise<Row | null> {
  const definition = await firstRow(gateway, 'process-definitions', [
    { field: 'processDefinitionId', operator: '$eq', value: processId },
    { field: 'isLatestVersion', operator: '$eq', value: true },
  ])
  return definition === null ? null : gateway.query.form('process-definition', String(definition.processDefinitionKey))
}

async function firstRow(
  gateway: Gateway,
  resource: 'process-definitions' | 'process-instances',
  filter: readonly Condition[],
): Promise<Row | null> {
  return (await gateway.query.search(resource, { filter, sort: [], page: { limit: 1 } })).items[0] ?? null
}
