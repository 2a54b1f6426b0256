/**
 * Client and sandbox against the platforms' own schemas, read where they lie (ITER_SPECS, else ../shared/specs). They may not be
 * copied here, so without them these tests do not run.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { archive } from '../../connectors/conservazione/client.ts'
import { unitXml } from '../../connectors/conservazione/unit-xml.ts'
import { protocolRegister } from '../../connectors/protocollo/client.ts'
import { startSandboxes } from '../../connectors/sandboxes.ts'
import { parseXml } from '../../connectors/xml.ts'
import { type Schema, schemaIn } from './xml-schema.ts'

const root = join(import.meta.dirname, '../..')
const specs = process.env.ITER_SPECS ?? join(process.env.ITER_SHARED ?? join(root, '../shared'), 'specs')
const skip = existsSync(specs) ? false : `the platforms' schemas are not at ${specs}: name their folder in ITER_SPECS`
const schema = (file: string): Schema => schemaIn(readFileSync(join(specs, file), 'utf8'))

const directory = await mkdtemp('/tmp/iter-test-')
const sandboxes = await startSandboxes({ directory })
const { protocollo, conservazione } = sandboxes.platforms
after(async () => {
  await sandboxes.close()
  await rm(directory, { recursive: true })
})

const depositor = { ambiente: 'PROVA', ente: 'Comune', struttura: 'AOO', userId: 'iter' }
const unit = {
  chiave: { numero: '0000001', anno: 2027, registro: 'PROTOCOLLO' },
  tipologia: 'Cambio di residenza',
  oggetto: 'Pratica & altro',
  data: '2027-03-01',
  fascicolo: { identificativo: 'p-1', oggetto: 'Cambio di residenza' },
  documento: {
    id: 'pratica',
    tipo: 'FASCICOLO',
    nomeFile: 'pratica.json',
    formato: 'JSON',
    contenuto: new TextEncoder().encode('{}'),
  },
}

test('the index of a deposit is as WSRequestVersamento.xsd asks', { skip }, () => {
  const request = schema('conservazione/parer-sacer/WSRequestVersamento.xsd')
  assert.deepEqual(request.faults(parseXml(unitXml(unit, depositor))), [])
  const wrong = unitXml({ ...unit, chiave: { ...unit.chiave, numero: '' } }, depositor)
  assert.deepEqual(request.faults(parseXml(wrong)), ['UnitaDocumentaria/Intestazione/Chiave/Numero: too short'])
})

test('the sandbox answers as WSResponseVersamento.xsd says: taken, repeated, refused', { skip }, async () => {
  const response = schema('conservazione/parer-sacer/WSResponseVersamento.xsd')
  const answers = await answersTo(conservazione.url, async (url) => {
    const client = archive({ url, depositor, password: 'x' })
    await client.deposit(unit)
    await client.deposit(unit)
    await client.deposit({ ...unit, chiave: { ...unit.chiave, registro: 'ALBO' } }).catch(() => {})
  })
  assert.equal(answers.length, 3)
  for (const answer of answers) assert.deepEqual(response.faults(parseXml(answer)), [])
})

test('numbers, registers and digests are as the AgID segnatura writes them', { skip }, async () => {
  const segnatura = schema('protocollo/agid-allegato6/segnatura_protocollo.xsd')
  const entry = {
    riferimento: 'r',
    verso: 'OUT' as const,
    oggetto: 'o',
    corrispondente: { nome: 'n' },
    documenti: [{ nome: 'd', tipo: 'text/plain', byte: 1, impronta: 'AAAA' }] as const,
  }
  const { numero, registro } = await protocolRegister(protocollo).register(
    { ...entry, documenti: [entry.documenti[0]] },
    new Map(),
  )
  assert.ok(segnatura.accepts('NumeroRegistrazioneType', numero))
  assert.ok(segnatura.accepts('CodiceRegistroType', registro))
  assert.ok(!segnatura.accepts('NumeroRegistrazioneType', '1'))
})

/** The bodies with which the server answers what a client asks through a proxy. */
async function answersTo(target: string, ask: (url: string) => Promise<void>): Promise<readonly string[]> {
  const answers: string[] = []
  const proxy = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const headers = { 'content-type': request.headers['content-type'] ?? '' }
    const answer = await fetch(new URL(request.url ?? '/', target), { method: 'POST', headers, body })
    assert.equal(answer.status, 200, 'the service always answers 200')
    answers.push(await answer.text())
    response.end(answers.at(-1))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  assert.ok(address !== null && typeof address === 'object')
  await ask(`http://127.0.0.1:${address.port}`)
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
  return answers
}
