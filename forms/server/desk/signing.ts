/**
 * Many acts signed with one code, from the desk.
 *
 * Owns: choosing acts, and the batch's page where the code is written and the outcome of each act is read.
 * Does not own: the signing, which the process `comune.firma.massiva` does; these pages start it and complete its task.
 * Invariants
 * B1 An act enters a batch only with the document whose hash was on the page; what has changed since is told, the others go on.
 * B2 An act is claimed by its signer before it enters, and looked at again when the code is written: what is no longer theirs stays out.
 * B3 One page chosen from makes one batch, however often it is sent.
 */
import { randomUUID } from 'node:crypto'
import type { Context } from '../../../engine/feel/index.ts'
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import type { Person } from '../identity/person.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { recordAccess, refusal } from './access.ts'
import {
  ACTS_MAX,
  type ActsToSign,
  type ActToSign,
  actsToSign,
  BATCH_PROCESS,
  CODE_TASK,
  listAt,
  textAt,
} from './acts-to-sign.ts'
import { batchAddress } from './addresses.ts'
import { conflictIn, isClaimed } from './claim.ts'
import { deskPage } from './desk-page.ts'
import { fieldsIn } from './fields.ts'
import { taskName } from './names.ts'
import { textIn, variablesOf } from './practice-of.ts'
import { tasksByKey } from './queue-tasks.ts'
import { type ActsView, type Batch, type LeftOut, type Reason, renderActs, renderBatch } from './signing-page.ts'

export async function showActsToSign(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  return actsPage(hall, visit, { found: await actsToSign(hall, visit.person), chosen: new Set(), leftOut: [] })
}

function actsPage(hall: TownHall, visit: PersonVisit, choice: Omit<ActsView, 'title' | 'batch'>): Answer {
  const title = visit.say('actsToSign')
  const batch = randomUUID()
  const status = choice.notice === undefined && choice.leftOut.length === 0 ? 200 : 422
  return deskPage(visit, { title, main: renderActs(hall, visit, { ...choice, title, batch }), status })
}

/** The chosen acts become a batch; without any that may be signed the page comes back as it was left. */
export async function chooseActs(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  const fields = fieldsIn(visit.body)
  const chosen = new Set(fields.getAll('atto'))
  const known = await batchOf(hall, visit.person, fields.get('lotto'))
  if (known !== null) return { kind: 'redirect', to: batchAddress(known) }
  const found = await actsToSign(hall, visit.person)
  if (chosen.size === 0) return actsPage(hall, visit, { found, chosen, leftOut: [], notice: 'none' })
  if (chosen.size > ACTS_MAX) return actsPage(hall, visit, { found, chosen, leftOut: [], notice: 'too-many' })
  const acts: ActToSign[] = []
  const leftOut: LeftOut[] = []
  for (const key of chosen) {
    const act = found.acts.find((one) => one.key === key)
    const reason = await reasonAgainst(hall, visit, found, act, fields.get(`impronta-${key}`))
    if (act && reason === null) acts.push(act)
    else leftOut.push(leftOutOf(key, act, fields.get(`oggetto-${key}`), reason ?? 'GONE'))
  }
  if (acts.length === 0) return actsPage(hall, visit, { found, chosen, leftOut })
  const batch = await started(hall, visit.person, fields.get('lotto'), acts, leftOut)
  return { kind: 'redirect', to: batchAddress(batch) }
}

const leftOutOf = (key: KeyText, act: ActToSign | undefined, subject: string | null, reason: Reason): LeftOut => ({
  ...{ key, reason, subject: act?.subject ?? subject ?? key },
})

async function reasonAgainst(
  hall: TownHall,
  visit: PersonVisit,
  { inBatch }: ActsToSign,
  act: ActToSign | undefined,
  hash: string | null,
): Promise<Reason | null> {
  if (act === undefined) return 'GONE'
  if (inBatch.has(act.key)) return 'IN_BATCH'
  if (act.document.impronta !== hash) return 'CHANGED'
  if (textIn(act.task, 'assignee') === visit.person.id) return null
  if (!(await isClaimed(hall, visit, act.task))) return 'COLLEAGUE'
  await recordAccess(hall, visit, 'claim', act.head?.practice?.id ?? null, taskName(act.task))
  return null
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const tagOf = (person: Person, id: string): string => `lotto:${person.id}:${id}`

/** The batch that was started from that page; null when none was. */
async function batchOf({ gateway }: TownHall, person: Person, id: string | null): Promise<KeyText | null> {
  if (id === null || !UUID.test(id)) return null
  const filter = [{ field: 'tags', operator: '$eq' as const, value: tagOf(person, id) }]
  const { items } = await gateway.query.search('process-instances', { filter, sort: [], page: { limit: 1 } })
  return items[0] === undefined ? null : textIn(items[0], 'processInstanceKey')
}

/** Two presses at the same time are one batch: the second waits for the first. */
const underWay = new Map<string, Promise<KeyText>>()

function started(
  hall: TownHall,
  person: Person,
  given: string | null,
  acts: readonly ActToSign[],
  leftOut: readonly LeftOut[],
): Promise<KeyText> {
  const id = given !== null && UUID.test(given) ? given : randomUUID()
  const tag = tagOf(person, id)
  const known = underWay.get(tag)
  if (known !== undefined) return known
  const starting = start(hall, { id, firmatario: person.id, atti: acts.map(written), esclusi: leftOut }, tag).finally(
    () => underWay.delete(tag),
  )
  underWay.set(tag, starting)
  return starting
}

async function start(hall: TownHall, lotto: object, tag: string): Promise<KeyText> {
  const variables = JSON.stringify({ lotto })
  const instance = { bpmnProcessId: BATCH_PROCESS, variables, tags: [tag] }
  return (await hall.gateway.createProcessInstance(instance)).processInstanceKey
}

/** As the diagram and its form read it. */
const written = ({ key, document, practice, subject }: ActToSign) => ({
  ...{ compito: key, oggetto: subject, nome: document.nome, impronta: document.impronta },
  ...{ documento: document, pratica: { id: practice } },
})

export async function showBatch(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const batch = await openBatch(hall, visit, key)
  return 'kind' in batch ? batch : batchPage(hall, visit, batch, null)
}

function batchPage(hall: TownHall, visit: PersonVisit, batch: Batch, wrong: string | null): Answer {
  const title = visit.say('batchTitle', { count: String(batch.acts.length) })
  const main = renderBatch(hall, visit, { batch, title, wrong })
  const told = wrong === null ? title : visit.say('error', { title })
  return deskPage(visit, { title: told, main, status: wrong === null ? 200 : 422 })
}

/** The signer's own alone: who else may know of an act knows it by its practice. */
async function openBatch(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Batch | Answer> {
  const row = await hall.gateway.query.get('process-instances', key)
  if (row === null || textIn(row, 'processDefinitionId') !== BATCH_PROCESS) return refusal(visit, 404, 'address')
  const names = ['lotto', 'firme', 'motivo', 'invioOtp', 'codiceErrato']
  const variables = (await variablesOf(hall, [key], names)).get(key) ?? new Map()
  if (textAt(variables, 'lotto.firmatario') !== visit.person.id) return refusal(visit, 403, 'address')
  return {
    ...{ key, variables, task: await codeTask(hall, key) },
    ...{ isOver: textIn(row, 'state') !== 'ACTIVE', acts: listAt(variables, 'lotto.atti') },
  }
}

async function codeTask({ gateway }: TownHall, batch: KeyText): Promise<Row | null> {
  const filter = [
    { field: 'processInstanceKey', operator: '$eq' as const, value: batch },
    { field: 'elementId', operator: '$eq' as const, value: CODE_TASK },
    { field: 'state', operator: '$eq' as const, value: 'CREATED' },
  ]
  return (await gateway.query.search('user-tasks', { filter, sort: [], page: { limit: 1 } })).items[0] ?? null
}

const CODE = /^\d{4,10}$/
const WISHES = ['FIRMA', 'ALTRO', 'LASCIA'] as const

/** The code, another one, or nothing signed. A batch that has gone on meanwhile is shown as it is. */
export async function writeCode(hall: TownHall, visit: PersonVisit, key: KeyText): Promise<Answer> {
  const batch = await openBatch(hall, visit, key)
  if ('kind' in batch) return batch
  const fields = fieldsIn(visit.body)
  const wish = WISHES.find((one) => one === fields.get('azione')) ?? 'FIRMA'
  const otp = (fields.get('otp') ?? '').replaceAll(/\s/g, '')
  const { task } = batch
  if (task === null) return { kind: 'redirect', to: batchAddress(key) }
  if (wish === 'FIRMA' && !CODE.test(otp)) return batchPage(hall, visit, batch, fields.get('otp') ?? '')
  const { mine, gone } = await stillMine(hall, visit.person, batch)
  const isLeft = wish === 'LASCIA' || mine.length === 0
  const codice = isLeft ? { azione: 'LASCIA' } : { azione: wish, ...(wish === 'FIRMA' && { otp }) }
  const variables = new Map<string, unknown>([['codice', codice]])
  if (gone.length > 0 && mine.length > 0) variables.set('lotto', withoutGone(batch, gone))
  const text = JSON.stringify(Object.fromEntries(variables))
  const conflict = await conflictIn(() => hall.gateway.completeUserTask(textIn(task, 'userTaskKey'), text))
  if (conflict === null && wish === 'FIRMA') await recordSigning(hall, visit, mine)
  return { kind: 'redirect', to: batchAddress(key) }
}

async function stillMine(hall: TownHall, person: Person, { acts }: Batch) {
  const rows = new Map(
    (
      await tasksByKey(
        hall,
        acts.map((act) => textAt(act, 'compito')),
      )
    ).map((row) => [textIn(row, 'userTaskKey'), row]),
  )
  const isMine = (act: Context): boolean => {
    const row = rows.get(textAt(act, 'compito'))
    return row !== undefined && textIn(row, 'state') === 'CREATED' && textIn(row, 'assignee') === person.id
  }
  return { mine: acts.filter(isMine), gone: acts.filter((act) => !isMine(act)) }
}

const plain = (act: Context) => ({
  ...{ compito: textAt(act, 'compito'), oggetto: textAt(act, 'oggetto') },
  ...{ nome: textAt(act, 'nome'), impronta: textAt(act, 'impronta') },
  documento: { id: textAt(act, 'documento.id'), nome: textAt(act, 'nome'), impronta: textAt(act, 'impronta') },
  pratica: { id: textAt(act, 'pratica.id') },
})

function withoutGone({ acts, variables }: Batch, gone: readonly Context[]): object {
  const known = listAt(variables, 'lotto.esclusi').map((one) => ({
    ...{ key: textAt(one, 'key'), subject: textAt(one, 'subject'), reason: textAt(one, 'reason') },
  }))
  const more = gone.map((act) => leftOutOf(textAt(act, 'compito'), undefined, textAt(act, 'oggetto'), 'GONE'))
  return {
    ...{ id: textAt(variables, 'lotto.id'), firmatario: textAt(variables, 'lotto.firmatario') },
    ...{ atti: acts.filter((act) => !gone.includes(act)).map(plain), esclusi: [...known, ...more] },
  }
}

async function recordSigning(hall: TownHall, visit: PersonVisit, acts: readonly Context[]): Promise<void> {
  for (const act of acts) {
    const id = textAt(act, 'pratica.id')
    const practice = UUID.test(id) ? await hall.practices.byId(id) : null
    await recordAccess(hall, visit, 'complete', practice?.id ?? null, textAt(act, 'nome'))
  }
}
