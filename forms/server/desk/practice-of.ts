/** From process instances to what people call a practice: procedure, protocol number, applicant. */
import { type Context, fromJson, isContext, type Value } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import { shown } from '../form/display.ts'
import { valueAt } from '../form/paths.ts'
import type { Desk } from './desk.ts'

export interface PracticeHead {
  readonly applicant: string
  readonly protocol: string
}

const CALLS_MAX = 10
const VARIABLES = ['pratica', 'richiedente']

export const textIn = (row: Row, field: string): string => {
  const value = row[field]
  return typeof value === 'string' ? value : ''
}

/** Variables as a FEEL context: their JSON text keeps every digit. */
export const contextOf = (rows: readonly Row[]): Context =>
  new Map(rows.map((row): [string, Value] => [textIn(row, 'name'), fromJson(textIn(row, 'value'))]))

/** Heads by key of the process instance; one search for all. */
export async function practiceHeads(desk: Desk, keys: readonly KeyText[]): Promise<ReadonlyMap<KeyText, PracticeHead>> {
  if (keys.length === 0) return new Map()
  const { items } = await desk.gateway.query.search('variables', {
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

export function headOf(variables: Context): PracticeHead {
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

/** The instance that called this one, at whatever distance; itself when none did. */
export async function rootInstance(desk: Desk, key: KeyText): Promise<KeyText> {
  let root = key
  for (let calls = 0; calls < CALLS_MAX; calls++) {
    const row = await desk.gateway.query.get('process-instances', root)
    const parent = row === null ? '' : textIn(row, 'parentProcessInstanceKey')
    if (parent === '' || parent === '-1') return root
    root = parent
  }
  return root
}

/** Id of the practice an instance belongs to; null when the town's pages did not start it. */
export async function practiceId(desk: Desk, key: KeyText): Promise<string | null> {
  return (await desk.practices.byProcessInstance(await rootInstance(desk, key)))?.id ?? null
}
