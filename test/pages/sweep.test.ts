/** What was begun and never sent goes when its time is over, by the town's clock; what anybody or anything still names stays. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startOfToken, tokensOf } from '../../forms/server/form/upload/token.ts'
import { DRAFT_DAYS } from '../../forms/server/store/drafts.ts'
import { taskDraftsIn } from '../../forms/server/store/task-drafts.ts'
import { UNSENT_FILE_DAYS } from '../../forms/server/sweep.ts'
import { pdf } from '../hostile/files.ts'
import type { Browser } from './browser.ts'
import { FORM, PROCESS_ID } from './declaration.ts'
import { openTown, type TownUnderTest, until } from './town.ts'

const BEGUN = '2027-03-01T09:00:00Z'
const later = (days: number): string => new Date(Date.parse(BEGUN) + days * 86_400_000 + 60_000).toISOString()

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: BEGUN, sweepMs: 200 })
})
after(() => town.close())

const fileOf = (name: string): File => new File([new Uint8Array(pdf())], name, { type: 'application/pdf' })
const stored = async (): Promise<readonly string[]> => town.database('document.document').pluck('name').orderBy('name')
const untilGone = (name: string) => until(stored, (names) => !names.includes(name))
/** What the sweep has said, each time it removed something. */
const said = async (): Promise<readonly string[]> => town.log.filter((line) => line.startsWith('pages: removed '))

async function uploadAtCounter(name: string): Promise<Browser> {
  const sara = await town.browser().signIn('Sara Conti', `/scrivania/sportello/${PROCESS_ID}`)
  return sara.press('Carica – Carte di chi agisce', { delegatoCarte: fileOf(name) })
}

/** Its first step but one asks for no file: the copy of the title is asked on the fifth. */
async function uploadInDraft(name: string): Promise<Browser> {
  const mario = await town.browser().signIn('Mario Rossi', FORM)
  await mario.press('Avanti', { 'informativa-letta': true })
  const address = new URL(mario.address)
  for (let step = 2; step < 9 && !mario.values().has('istanza.titolo.tipo'); step++) {
    address.searchParams.set('passo', String(step))
    await mario.open(address.href)
  }
  await mario.press('Aggiorna le domande', { 'istanza.titolo.tipo': 'LOCAZIONE' })
  return mario.press('Carica – Copia del titolo', { 'istanza.titolo.copia': fileOf(name) })
}

test('a file of an abandoned form goes after its days; the draft of a citizen keeps its own, and says until when', async () => {
  const mario = await uploadInDraft('contratto.pdf')
  assert.match(mario.text, /Quello che scrivi resta in una bozza\. La teniamo fino al 30\/04\/2027/)
  await uploadAtCounter('delega.pdf')
  await town.setClock(later(UNSENT_FILE_DAYS - 1))
  await uploadAtCounter('più recente.pdf')
  assert.deepEqual(await stored(), ['contratto.pdf', 'delega.pdf', 'più recente.pdf'])
  await town.setClock(later(UNSENT_FILE_DAYS))
  await untilGone('delega.pdf')
  assert.deepEqual(await stored(), ['contratto.pdf', 'più recente.pdf'], 'named by a draft, or still young')
  const lines = await until(said, (all) => all.length > 0)
  assert.deepEqual(lines, ['pages: removed what was never sent (drafts: 0, of tasks that are over: 0, files: 1)'])
  assert.equal(
    await town
      .database('document.piece')
      .countDistinct('document as n')
      .first()
      .then((row) => row?.n),
    '2',
  )
})

/** A task that no practice of the town has. */
const DIAGRAM = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="https://iter.example/test">
  <bpmn:process id="altrove" isExecutable="true">
    <bpmn:startEvent id="inizio"><bpmn:outgoing>f</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f" sourceRef="inizio" targetRef="guarda" />
    <bpmn:userTask id="guarda"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements><bpmn:incoming>f</bpmn:incoming></bpmn:userTask>
  </bpmn:process>
</bpmn:definitions>`

const elsewhere = async (variables: unknown): Promise<string> => {
  await town.gateway.deployResources({ resources: [{ name: 'altrove.bpmn', content: Buffer.from(DIAGRAM) }] })
  const given = { bpmnProcessId: 'altrove', variables: JSON.stringify(variables) }
  return (await town.gateway.createProcessInstance(given)).processInstanceKey
}
const put = (nome: string) => town.documents.put(pdf(), { nome, tipo: 'application/pdf', pratica: null })

test('what a variable names stays, though no practice of the town has it and the instance is over', async () => {
  const { id, nome } = await put('altrove.pdf')
  await elsewhere({ lungo: ['x'.repeat(20_000), { id, nome }] })
  const over = await put('concluso.pdf')
  await town.gateway.cancelProcessInstance(await elsewhere({ allegato: over.id }))
  await uploadAtCounter('mandato.pdf')
  await town.setClock(later(2 * UNSENT_FILE_DAYS + 1))
  await untilGone('mandato.pdf')
  for (const kept of [nome, over.nome]) assert.ok((await stored()).includes(kept), kept)
})

test('what somebody typed into a task keeps its files until the task is over', async () => {
  const { id, nome } = await put('verbale.pdf')
  const instance = await elsewhere({})
  const filter = [{ field: 'processInstanceKey', operator: '$eq' as const, value: instance }]
  const { items } = await town.gateway.query.search('user-tasks', { filter, sort: [], page: { limit: 1 } })
  const task = String(items[0]!.userTaskKey)
  const typed = new Map([['verbale', ['', `${startOfToken(id)}and.more`]]])
  await taskDraftsIn(town.database).keep(task, 'x', { typed, savedAt: new Date(later(2 * UNSENT_FILE_DAYS + 1)) })
  await uploadAtCounter('foglio.pdf')
  await town.setClock(later(3 * UNSENT_FILE_DAYS + 2))
  await untilGone('foglio.pdf')
  assert.ok((await stored()).includes(nome))
  assert.deepEqual(await town.database('task_draft').pluck('task'), [task])
  await town.gateway.cancelProcessInstance(instance)
  await untilGone(nome)
  assert.deepEqual(await town.database('task_draft').pluck('task'), [])
})

test('the beginning by which a file is found is that of every token of it', () => {
  const file = { id: crypto.randomUUID(), nome: 'à.pdf', tipo: 'application/pdf', impronta: 'x', byte: 1 }
  const token = tokensOf(new Uint8Array(32)).close(file, 'x')
  assert.ok(token.startsWith(startOfToken(file.id)))
  assert.notEqual(startOfToken(crypto.randomUUID()), startOfToken(file.id))
})

test('a draft whose time is over takes its files with it, whether or not anybody comes', async () => {
  await town.setClock(later(DRAFT_DAYS))
  await untilGone('contratto.pdf')
  assert.deepEqual(await town.database('draft').pluck('id'), [])
  await until(said, (lines) => lines.some((line) => line.includes('(drafts: 1, ')))
})

test('the notice on privacy says how long', async () => {
  const visitor = await town.browser().open('/privacy')
  assert.match(
    visitor.text,
    new RegExp(`${DRAFT_DAYS} giorni.*non invii si cancella da solo dopo ${UNSENT_FILE_DAYS} giorni`),
  )
})
