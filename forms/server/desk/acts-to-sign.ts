/**
 * The acts that wait for a person's signature, as the engine has them now; and which of them a batch of theirs already holds.
 * Owns the questions. Does not own how they are shown (signing-page.ts) or what is done with them (signing.ts).
 */
import { type Context, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Condition, Row } from '../../../engine/protocol/query.ts'
import { valueAt } from '../form/paths.ts'
import type { Person } from '../identity/person.ts'
import type { TownHall } from '../page.ts'
import { type PracticeHead, practiceHeads, textIn, variablesOf } from './practice-of.ts'

/** The task of a person who signs one act, or many of them at once. */
const SIGN_TASK = { processDefinitionId: 'ca-provvedimento', elementId: 'firma-atto' } as const
export const BATCH_PROCESS = 'comune.firma.massiva'
export const CODE_TASK = 'scrivi-codice-lotto'
/** What one person looks at before signing; a batch is no larger. */
export const ACTS_MAX = 40
/** Batches of one person that wait for a code. */
const BATCHES_MAX = 10

export interface ActToSign {
  /** Its open task. */
  readonly task: Row
  readonly key: KeyText
  readonly document: { readonly id: string; readonly nome: string; readonly impronta: string }
  /** Id of the practice, as its documents have it. */
  readonly practice: string
  readonly subject: string
  readonly head: PracticeHead | undefined
}
export interface ActsToSign {
  /** The most urgent first, so many at most. */
  readonly acts: readonly ActToSign[]
  readonly hasMore: boolean
  /** By key of the act's task: the batch that holds it. */
  readonly inBatch: ReadonlyMap<KeyText, KeyText>
}

export const isSignTask = (row: Row): boolean =>
  textIn(row, 'processDefinitionId') === SIGN_TASK.processDefinitionId &&
  textIn(row, 'elementId') === SIGN_TASK.elementId

const is = (field: string, value: string): Condition => ({ field, operator: '$eq', value })

export async function actsToSign(hall: TownHall, person: Person): Promise<ActsToSign> {
  const [{ items }, inBatch] = await Promise.all([
    hall.gateway.query.search('user-tasks', {
      filter: [
        is('state', 'CREATED'),
        is('processDefinitionId', SIGN_TASK.processDefinitionId),
        is('elementId', SIGN_TASK.elementId),
      ],
      or: [
        [
          { field: 'candidateGroup', operator: '$in', value: [...person.groups] },
          { field: 'assignee', operator: '$exists', value: false },
        ],
        [is('assignee', person.id)],
      ],
      sort: [
        { field: 'dueDate', order: 'ASC' },
        { field: 'creationDate', order: 'ASC' },
      ],
      page: { limit: ACTS_MAX + 1 },
    }),
    heldActs(hall, person),
  ])
  const tasks = items.slice(0, ACTS_MAX)
  const instances = tasks.map((task) => textIn(task, 'processInstanceKey'))
  const [variables, heads] = await Promise.all([
    variablesOf(hall, instances, ['bozza', 'oggetto', 'pratica']),
    practiceHeads(hall, instances),
  ])
  const acts = tasks.flatMap((task) => {
    const instance = textIn(task, 'processInstanceKey')
    return actOf(task, variables.get(instance) ?? new Map(), heads.get(instance))
  })
  return { acts, hasMore: items.length > ACTS_MAX, inBatch }
}

function actOf(task: Row, variables: Context, head: PracticeHead | undefined): ActToSign[] {
  const text = (path: string): string => textAt(variables, path)
  const document = {
    id: text('bozza.documento.id'),
    nome: text('bozza.documento.nome'),
    impronta: text('bozza.documento.impronta'),
  }
  if (document.id === '' || document.impronta === '') return []
  return [
    {
      ...{ task, key: textIn(task, 'userTaskKey'), document, practice: text('pratica.id'), subject: text('oggetto') },
      head,
    },
  ]
}

export function textAt(variables: Context, path: string): string {
  const value = valueAt(variables, path)
  return typeof value === 'string' ? value : ''
}

/** Two batches with one act would ask for two codes, of which the first is worth nothing. */
async function heldActs(hall: TownHall, person: Person): Promise<ReadonlyMap<KeyText, KeyText>> {
  const { items } = await hall.gateway.query.search('user-tasks', {
    filter: [
      is('state', 'CREATED'),
      is('processDefinitionId', BATCH_PROCESS),
      is('elementId', CODE_TASK),
      is('assignee', person.id),
    ],
    sort: [],
    page: { limit: BATCHES_MAX },
  })
  const batches = items.map((row) => textIn(row, 'processInstanceKey'))
  const lots = await variablesOf(hall, batches, ['lotto'])
  return new Map(
    [...lots].flatMap(([batch, variables]) =>
      listAt(variables, 'lotto.atti').map((act): [KeyText, KeyText] => [textAt(act, 'compito'), batch]),
    ),
  )
}

/** The contexts of a list; what is none is left out. */
export function listAt(variables: Context, path: string): readonly Context[] {
  const value: Value = valueAt(variables, path) ?? null
  return value !== null && isList(value) ? value.filter(isContext) : []
}
