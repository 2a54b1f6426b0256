/** The residence change on the engine in memory, with the town's workers and the sandboxes: what is in the platforms' journals at the end. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { remoteGateway } from '../../connectors/zeebe/index.ts'
import { embeddedGateway, startGateway } from '../../engine/gateway/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import { deliveredResources } from '../../processes/resources.ts'
import { loadTown } from '../../processes/town.ts'
import { startWorkers } from '../../workers/index.ts'
import { openPlatforms } from '../connectors/platforms.ts'

const log = () => {}
const engine = await startEngine({ store: new MemoryStore(), isClockControlled: true, log })
const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
const config = { host: '127.0.0.1', grpcPort: 0, restPort: 0, managementPort: 0, apiUsers: null, version: '0' }
const ports = await startGateway({ engine, gateway, config: { ...config, isClockControlled: false }, log })
const now = () => engine.clock.now()
const platforms = await openPlatforms({ now })
const { connectors, journal, calls } = platforms
const town = await loadTown()
const remote = remoteGateway({
  grpc: { address: ports.addresses.grpc },
  rest: { url: `http://${ports.addresses.rest}` },
})
await gateway.deployResources({ resources: deliveredResources() })
after(async () => {
  remote.close()
  await ports.close()
  await engine.close()
  await platforms[Symbol.asyncDispose]()
})

const declaration = (id: string, civico: string) => ({
  pratica: { id, tipo: 'comune.anagrafe.residenza', canale: 'sportello', ricevutaIl: '2027-03-01T10:00:00+01:00' },
  richiedente: {
    cf: 'RSSMRA85C01G273I',
    nome: 'Mario',
    cognome: 'Rossi',
    email: 'mario.rossi@posta.example',
    domicilioDigitale: 'mario.rossi@pec.example',
  },
  istanza: {
    tipo: 'ALTRO_COMUNE',
    comuneProvenienza: 'Prato',
    dataTrasferimento: '2027-02-20',
    indirizzo: { via: 'via Libertà', civico },
    titolo: { tipo: 'LOCAZIONE', estremi: 'n. 1234 del 2027' },
  },
})

/** Numbers of the protocol register, whose journal has its files too; mails; deposits. */
async function effects() {
  const numbers = (await journal('protocollo')).filter((entry) => 'registrazione' in entry)
  return [numbers, await journal('mail'), await journal('conservazione')] as const
}

for (const [name, client] of [
  ['beside the engine', gateway],
  ['over gRPC', remote],
] as readonly (readonly [string, Gateway])[]) {
  test(`R5 ${name}: an empty house number is registered, refused with reasons, and archived; ANPR is not asked`, async () => {
    const before = await effects()
    const workers = startWorkers({ gateway: client, town, connectors, now, log })
    const variables = JSON.stringify(declaration(`r5-${name.length}`, ''))
    const process = { bpmnProcessId: 'comune.anagrafe.residenza', variables }
    const ended = await client.createProcessInstanceWithResult(process, ['esito', 'versamento'], 20_000)
    await workers.close()
    const { esito, versamento } = JSON.parse(ended.variables)
    assert.equal(esito, 'IRRICEVIBILE')
    assert.equal(versamento.esito, 'POSITIVO')
    const end = await effects()
    assert.deepEqual(
      end.map(({ length }, index) => length - before[index]!.length),
      [2, 1, 1],
    )
    for (const platform of ['anpr', 'anagrafe'] as const) assert.equal((await calls(platform)).length, 0)
  })
}
