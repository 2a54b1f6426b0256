/** A town's office for tests: a real engine and database, a procedure of one task, and people who ask for pages. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDocuments } from '../../../connectors/documents/database.ts'
import { openLedger } from '../../../connectors/ledger/database.ts'
import { sayIn } from '../../../forms/server/catalogue.ts'
import { deskRoutes } from '../../../forms/server/desk/routes.ts'
import { attachmentsIn } from '../../../forms/server/form/upload/attachments.ts'
import { html } from '../../../forms/server/html.ts'
import { withGroups } from '../../../forms/server/identity/person.ts'
import { tablesIn } from '../../../forms/server/index.ts'
import type { Answer, TownHall } from '../../../forms/server/page.ts'
import { openTownDatabase } from '../../../forms/server/store/town-database.ts'
import { loadServiceSheets } from '../../../processes/service-sheets.ts'
import { loadTown } from '../../../processes/town.ts'
import { memoryAccounts } from '../../connectors/memory-accounts.ts'
import { startAlone } from '../../embedded.ts'
import { textOf } from '../../house/sources.ts'
import { STANDING_STEP, standStill } from '../standing-step.ts'

const DIAGRAM = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="https://iter.example/test">
  <bpmn:process id="comune.anagrafe.residenza" name="Cambio di residenza" isExecutable="true">
    <bpmn:startEvent id="inizio" name="Presentata"><bpmn:extensionElements><zeebe:formDefinition formId="form-residenza-dichiarazione" /></bpmn:extensionElements><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="inizio" targetRef="decidi" />
    <bpmn:userTask id="decidi" name="Decidi &lt;subito&gt;">
      <bpmn:extensionElements>
        <zeebe:userTask /><zeebe:formDefinition formId="decisione" />
        <zeebe:assignmentDefinition candidateGroups="pm.accertatori" />
        <zeebe:taskSchedule dueDate="=if scadenza = null then pratica.ricevutaIl else scadenza" />
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f2" sourceRef="decidi" targetRef="fine" />
    <bpmn:endEvent id="fine" name="Decisa"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="disegno"><bpmndi:BPMNPlane id="piano" bpmnElement="comune.anagrafe.residenza">
    <bpmndi:BPMNShape id="inizio_di" bpmnElement="inizio"><dc:Bounds x="0" y="22" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="decidi_di" bpmnElement="decidi"><dc:Bounds x="90" y="0" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="fine_di" bpmnElement="fine"><dc:Bounds x="240" y="22" width="36" height="36" /></bpmndi:BPMNShape>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>`

const FORM = {
  type: 'default',
  id: 'decisione',
  schemaVersion: 19,
  components: [
    { type: 'text', id: 'a', text: 'Importo {{importo}}' },
    { type: 'textfield', id: 'b', key: 'decisione.motivo', label: 'Motivo', validate: { required: true } },
    { type: 'number', id: 'c', key: 'decisione.importo', label: 'Importo' },
  ],
}

/** More digits than a JavaScript number holds. */
export const AMOUNT = '12345678901234567890.12'
export const APPLICANT = `<b>Mario</b>`

export async function openOffice(now = Date.parse('2027-03-01T09:00:00Z')) {
  const dataDir = mkdtempSync(join(tmpdir(), 'iter-desk-'))
  const engine = await startAlone(dataDir)
  const database = await openTownDatabase(engine.database.connectionString)
  const { gateway } = engine
  const town = await loadTown()
  const documents = await openDocuments(engine.database.connectionString)
  const ledger = await openLedger(engine.database.connectionString)
  const tables = tablesIn(database)
  const { practices } = tables
  let at = now
  const bytes = (text: string) => new TextEncoder().encode(text)
  await gateway.deployResources({
    resources: [
      { name: 'procedura.bpmn', content: bytes(DIAGRAM) },
      STANDING_STEP,
      { name: 'decisione.form', content: bytes(JSON.stringify(FORM)) },
      { name: 'dichiarazione.form', content: bytes(textOf('forms/form-residenza-dichiarazione.form')) },
    ],
  })
  const attachments = attachmentsIn(documents, new Uint8Array(32), null)
  const stores = {
    sheets: loadServiceSheets(),
    documents,
    attachments,
    effects: ledger,
    accounts: memoryAccounts(),
    register: async () => null,
    map: async () => null,
    payOnline: async () => null,
    ...tables,
  }
  const hall: TownHall = { gateway, town, ...stores, now: () => at, icon: () => html`` }

  return {
    gateway,
    database,
    documents,
    ledger,
    /** Of the pages: the engine's own goes on. */
    setClock: (instant: string) => {
      at = Date.parse(instant)
    },
    /** Files a practice and answers its instance and its task. */
    async file(number: number, due: string) {
      const id = randomUUID()
      await practices.add({
        id,
        processId: 'comune.anagrafe.residenza',
        channel: 'online',
        owner: 'RSSMRA85C01G273I',
        filedBy: 'x',
        filedAt: new Date(now),
        applicant: null,
      })
      const variables = `{"pratica":{"id":"${id}","protocollo":{"numero":${number},"anno":2027}},"richiedente":{"nome":"${APPLICANT}","cognome":"Rossi"},"scadenza":"${due}","importo":${AMOUNT}}`
      const { processInstanceKey } = await gateway.createProcessInstance({
        bpmnProcessId: 'comune.anagrafe.residenza',
        variables,
      })
      await practices.start(id, processInstanceKey)
      const filter = [{ field: 'processInstanceKey', operator: '$eq' as const, value: processInstanceKey }]
      const { items } = await gateway.query.search('user-tasks', { filter, sort: [], page: { limit: 1 } })
      return { id, processInstanceKey, task: String(items[0]!.userTaskKey) }
    },
    /** A practice whose only step has failed for good; `effect`: the ledger's key of what it was to do. */
    async fileWithFailure(errorMessage: string) {
      const id = randomUUID()
      const filedAt = new Date(now)
      await practices.add({
        id,
        processId: 'prova',
        channel: 'online',
        owner: null,
        filedBy: 'x',
        filedAt,
        applicant: null,
      })
      const failed = await this.startWithFailure(id, errorMessage)
      await practices.start(id, failed.processInstanceKey)
      return { id, ...failed }
    },
    /** The same, of which the pages know nothing: another program started it. */
    async startWithFailure(id: string, errorMessage: string) {
      const { processInstanceKey, effect } = await standStill(gateway, id, errorMessage)
      const filter = [{ field: 'processInstanceKey', operator: '$eq' as const, value: processInstanceKey }]
      const { items } = await gateway.query.search('incidents', { filter, sort: [], page: { limit: 1 } })
      return { processInstanceKey, incident: String(items[0]!.incidentKey), effect }
    },
    /** JSON text of a variable of the instance. */
    async variable(processInstanceKey: string, name: string): Promise<unknown> {
      const filter = [
        { field: 'processInstanceKey', operator: '$eq' as const, value: processInstanceKey },
        { field: 'name', operator: '$eq' as const, value: name },
      ]
      return (await gateway.query.search('variables', { filter, sort: [], page: { limit: 1 } })).items[0]?.value
    },
    /** A page as the person gets it; a body makes it a post. */
    async ask(
      personId: string,
      path: string,
      body?: Readonly<Record<string, unknown>>,
    ): Promise<Answer & { readonly markup: string }> {
      const clerk = town.persone.find(({ id }) => id === personId)!
      const person = withGroups(
        { id: clerk.id, role: clerk.ruolo, nome: clerk.nome, cognome: clerk.cognome, cf: null, email: null },
        town,
      )!
      const { pathname, searchParams } = new URL(path, 'http://pagine.example')
      const method = body === undefined ? 'get' : 'post'
      for (const route of deskRoutes) {
        const found = new RegExp(`^${route.path.replace(':key', '([^/]+)')}$`).exec(pathname)
        if (!found || route.method !== method) continue
        const visit = {
          person,
          query: searchParams,
          body,
          files: [],
          csrfField: html`<input type="hidden" name="_csrf" value="t">`,
          language: 'it',
          say: sayIn('it'),
        } as const
        const answer = await route.answer(hall, visit, found[1] ?? '')
        return { ...answer, markup: answer.kind === 'page' ? answer.main.markup : '' }
      }
      throw new Error(`Expected ${method} ${path} to be a route of the desk, but it is none.`)
    },
    async close() {
      await Promise.all([database.destroy(), documents.close(), ledger.close()])
      await engine.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
