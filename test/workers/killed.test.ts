/**
 * Workers killed without warning at each moment of a call: the platform's journal must show each effect once. The workers are a
 * program of their own; engine, database and sandboxes survive. The small sister of the ordeal.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Moment } from '../../connectors/faults.ts'
import { startSandboxes } from '../../connectors/sandboxes.ts'
import { embeddedGateway, startGateway } from '../../engine/gateway/index.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import { deliveredResources } from '../../processes/resources.ts'
import type { Apart } from './work-apart.ts'

const JOB_TIMEOUT_MS = 60_000
const SETTLE_MS = 300
const MAIL_POLL_MS = 500

const directory = await mkdtemp('/tmp/iter-test-')
const database = await startEmbeddedPostgres({ dataDir: join(directory, 'database') })
const engine = await startEngine({ store: new MemoryStore(), isClockControlled: true })
const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
const config = { host: '127.0.0.1', grpcPort: 0, restPort: 0, managementPort: 0, apiUsers: null, version: '0' }
const ports = await startGateway({ engine, gateway, config: { ...config, isClockControlled: false }, log: () => {} })

let victim: ChildProcess
/** Each is used up by the first call that reaches it. */
const triggers: string[] = []
const sandboxes = await startSandboxes({
  directory: join(directory, 'sandboxes'),
  async observe(platform, moment, operation) {
    const trigger = triggers.indexOf(`${platform}.${operation} ${moment}`)
    if (trigger < 0) return
    triggers.splice(trigger, 1)
    // Two calls of one victim may reach their triggers together.
    if (victim.killed) return
    victim.kill('SIGKILL')
    await once(victim, 'exit')
    startWorkersApart()
  },
})

function startWorkersApart(): void {
  const where: Apart = {
    grpc: ports.addresses.grpc,
    rest: `http://${ports.addresses.rest}`,
    database: database.connectionString,
    settleMs: SETTLE_MS,
    mailPollMs: MAIL_POLL_MS,
    platforms: sandboxes.platforms,
  }
  const program = join(import.meta.dirname, 'work-apart.ts')
  victim = spawn(process.execPath, [program, JSON.stringify(where)], { stdio: ['ignore', 'ignore', 'inherit'] })
}

after(async () => {
  victim.kill('SIGKILL')
  await ports.close()
  await engine.close()
  await sandboxes.close()
  await database.stop()
  await rm(directory, { recursive: true })
})

const declaration = (id: string) => ({
  pratica: { id, tipo: 'comune.anagrafe.residenza', ricevutaIl: '2027-03-01T10:00:00+01:00' },
  richiedente: {
    ...{ cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: 'Rossi' },
    ...{ email: 'mario.rossi@posta.example', domicilioDigitale: 'mario.rossi@pec.example' },
  },
  istanza: { tipo: 'ESTERO', indirizzo: { via: 'via Libertà', civico: '' } },
})

/** Business time passes quickly, so that the jobs of the dead are handed out again and back-offs end. */
async function hurry<T>(until: Promise<T>): Promise<T> {
  const timer = setInterval(() => engine.clock.pin(engine.clock.now() + JOB_TIMEOUT_MS / 10), 100)
  try {
    return await until
  } finally {
    clearInterval(timer)
  }
}

const journal = async <Entry>(platform: 'protocollo' | 'conservazione' | 'uffici' | 'pec'): Promise<readonly Entry[]> =>
  (await (await fetch(`${sandboxes.platforms[platform].url}/_sandbox/journal`)).json()) as readonly Entry[]

const MOMENTS: readonly Moment[] = ['received', 'applied', 'answered']
test('killed before, within and after the answer, no number and no package exists twice', async () => {
  for (const moment of MOMENTS) triggers.push(`protocollo.registra ${moment}`, `conservazione.versa ${moment}`)
  await gateway.deployResources({ resources: deliveredResources() })
  startWorkersApart()
  const variables = MOMENTS.map((moment) => JSON.stringify(declaration(moment)))
  const ended = await hurry(
    Promise.all(
      variables.map((text) =>
        gateway.createProcessInstanceWithResult(
          { bpmnProcessId: 'comune.anagrafe.residenza', variables: text },
          ['esito'],
          120_000,
        ),
      ),
    ),
  )
  assert.deepEqual(triggers, [])
  assert.deepEqual(
    ended.map((instance) => JSON.parse(instance.variables).esito),
    MOMENTS.map(() => 'IRRICEVIBILE'),
  )
  /** What is done to files and annulments is in the journal too. */
  const numbers = (await journal<{ operazione: string; registrazione?: { riferimento: string } }>('protocollo'))
    .filter(({ operazione }) => operazione === 'registra')
    .map(({ registrazione }) => registrazione?.riferimento)
  assert.equal(numbers.length, 2 * MOMENTS.length)
  assert.equal(new Set(numbers).size, numbers.length)
  assert.equal((await journal('conservazione')).length, MOMENTS.length)
})

/** One after the other; where a service cannot say whether it was told, its office goes on by hand. */
const OFFICES = ['tari.registra', 'scuola.notifica', 'sociale.notifica', 'motorizzazione.comunica', 'utenze.inoltra']
const SERVICES = ['tributi', 'scuola', 'sociale', 'motorizzazione', 'utenze']
const tellingOffices = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:iter">
  <bpmn:process id="uffici" isExecutable="true"><bpmn:startEvent id="s" />${OFFICES.map(
    (type, index) => `
    <bpmn:serviceTask id="t${index}"><bpmn:extensionElements><zeebe:taskDefinition type="${type}" /></bpmn:extensionElements></bpmn:serviceTask>
    <bpmn:boundaryEvent id="b${index}" attachedToRef="t${index}"><bpmn:errorEventDefinition errorRef="down" /></bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="x${index}" />
    <bpmn:sequenceFlow id="in${index}" sourceRef="${index === 0 ? 's' : `x${index - 1}`}" targetRef="t${index}" />
    <bpmn:sequenceFlow id="ok${index}" sourceRef="t${index}" targetRef="x${index}" />
    <bpmn:sequenceFlow id="no${index}" sourceRef="b${index}" targetRef="x${index}" />`,
  ).join('')}
    <bpmn:endEvent id="e" /><bpmn:sequenceFlow id="end" sourceRef="x${OFFICES.length - 1}" targetRef="e" />
  </bpmn:process><bpmn:error id="down" errorCode="SERVIZIO_NON_DISPONIBILE" />
</bpmn:definitions>`

test('killed while an office is told, none is told twice', async () => {
  for (const moment of MOMENTS) triggers.push(...SERVICES.map((service) => `uffici.${service}.registra ${moment}`))
  await gateway.deployResources({ resources: [{ name: 'uffici.bpmn', content: Buffer.from(tellingOffices) }] })
  const ended = await hurry(
    Promise.all(
      MOMENTS.map((moment) => {
        const { istanza, ...rest } = declaration(`uffici-${moment}`)
        const told = {
          ...rest,
          istanza: { indirizzo: { ...istanza.indirizzo, civico: '12' } },
          decorrenza: '2027-03-01',
        }
        return gateway.createProcessInstanceWithResult(
          { bpmnProcessId: 'uffici', variables: JSON.stringify(told) },
          ['tari', 'scuola', 'sociale', 'motorizzazione'],
          120_000,
        )
      }),
    ),
  )
  assert.deepEqual(triggers, [])
  for (const { variables } of ended)
    for (const [office, receipt] of Object.entries<{ esito: string }>(JSON.parse(variables)))
      assert.equal(receipt.esito, 'FATTO', office)
  const entries = await journal<{ servizio: string; pratica: string }>('uffici')
  const told = entries.map(({ servizio, pratica }) => `${servizio} of ${pratica}`)
  assert.equal(new Set(told).size, told.length)
  const sure = entries.filter(({ servizio }) => servizio !== 'utenze')
  assert.equal(sure.length, (SERVICES.length - 1) * MOMENTS.length)
})

test('killed while a certified mail is sent or its receipts are read, it is sent once and each notice ends', async () => {
  triggers.push(...MOMENTS.map((moment) => `pec.invia ${moment}`), 'pec.leggi received', 'pec.leggi applied')
  const notices = MOMENTS.map((moment) =>
    JSON.stringify({
      pratica: { id: moment },
      destinatario: { nome: 'Mario', cognome: 'Rossi', domicilioDigitale: `${moment}@pec.example` },
      ...{ oggetto: 'Notifica', testo: 'Si notifica.', documenti: [] },
    }),
  )
  const before = await journal('pec')
  const ended = await hurry(
    Promise.all(
      notices.map((variables) =>
        gateway.createProcessInstanceWithResult({ bpmnProcessId: 'ca-notifica', variables }, ['notifica'], 60_000),
      ),
    ),
  )
  assert.deepEqual(triggers, [])
  const references = ended.map(({ variables }) => JSON.parse(variables).notifica)
  assert.deepEqual(
    references.map(({ mezzo }) => mezzo),
    MOMENTS.map(() => 'PEC'),
  )
  const sent = (await journal<{ messageId: string }>('pec')).slice(before.length).map(({ messageId }) => messageId)
  assert.deepEqual(sent.sort(), references.map(({ riferimento }) => riferimento).sort())
})
