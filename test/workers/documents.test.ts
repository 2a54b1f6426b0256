/** Documents: each template with its example, once however often the job runs, of its own practice alone; and what the docs say of them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PDFDocument } from '@cantoo/pdf-lib'
import { variablesOf } from '../../connectors/documento/template-variables.ts'
import { loadTown } from '../../processes/town.ts'
import { documentTemplates } from '../../workers/documento/templates.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { textOf } from '../house/sources.ts'
import { openWorkbench } from './workbench.ts'

const now = () => Date.parse('2027-03-01T09:00:00Z')
const ledger = memoryLedger()
const opened = await openPlatforms({ now, ledger })
const { connectors } = opened
const { documents } = connectors
after(() => opened[Symbol.asyncDispose]())

const { jobOf, completed, work } = openWorkbench({ town: await loadTown(), connectors, now })

const templates = documentTemplates()
const dati = templates.example('residenza.ricevuta')
const { pratica } = dati
const receipt = { pratica, modello: 'residenza.ricevuta', dati, nome: 'Ricevuta' }
const protocollo = { numero: '0000001', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' }

test('documento.genera: each template is written from its example', async () => {
  assert.ok(templates.names.length > 5)
  for (const modello of templates.names) {
    const { documento } = await completed(
      jobOf('documento.genera', { pratica, modello, dati: templates.example(modello) }),
    )
    assert.deepEqual([documento.nome, documento.tipo], [`${modello}.pdf`, 'application/pdf'])
    const title = (await PDFDocument.load((await documents.read(documento.id))!)).getTitle()
    assert.ok(title)
  }
})

test('documento.genera: the same job makes one document, even when its outcome was lost', async () => {
  const job = jobOf('documento.genera', receipt)
  const { documento } = await completed(job)
  assert.deepEqual((await completed(job)).documento, documento)
  const before = (await documents.ofPractice(pratica.id)).length
  const lost = jobOf('documento.genera', receipt)
  const key = `${pratica.id}/${lost.elementId}/${lost.key}`
  const kept = await documents.put(
    new Uint8Array([1]),
    { nome: 'x.pdf', tipo: 'application/pdf', pratica: pratica.id },
    key,
  )
  await ledger.intend(key, 'documento.genera')
  assert.equal((await completed(lost)).documento.id, kept.id)
  assert.equal((await documents.ofPractice(pratica.id)).length, before + 1)
})

test('documento.genera: a draft that another takes the place of is gone; what was signed stays, and so does what is another practice’s', async () => {
  const draft = (await completed(jobOf('documento.genera', receipt))).documento
  const job = jobOf('documento.genera', { ...receipt, alPostoDi: draft })
  const next = (await completed(job)).documento
  assert.deepEqual((await completed(job)).documento, next)
  assert.equal(await documents.describe(draft.id), null)
  const description = { nome: 'x.pdf', tipo: 'application/pdf' }
  const sostituisce = { documento: next.id, senza: 'firma' as const }
  await documents.put(new Uint8Array([1]), { ...description, pratica: pratica.id, sostituisce })
  const foreign = await documents.put(new Uint8Array([1]), { ...description, pratica: 'altra' })
  for (const alPostoDi of [next, foreign]) {
    await completed(jobOf('documento.genera', { ...receipt, alPostoDi }))
    assert.notEqual(await documents.describe(alPostoDi.id), null)
  }
  await documents.remove(foreign.id)
})

test('documento.genera: a hole, an unknown template and an odd file name', async () => {
  const hole = await work(jobOf('documento.genera', { ...receipt, dati: { ...dati, termine: {} } }))
  assert.ok(hole.kind === 'failed' && hole.retries === 0)
  assert.match(hole.errorMessage, /\{\{termine\.inizio\}\}/)
  const unknown = await work(jobOf('documento.genera', { ...receipt, modello: '../../package' }))
  assert.ok(unknown.kind === 'failed' && unknown.retries === 0)
  const { documento } = await completed(jobOf('documento.genera', { ...receipt, nome: '../a/b\r\nc' }))
  assert.equal(documento.nome, '..-a-b-c.pdf')
})

test('documento.timbra: a stamped copy, once; what cannot be stamped is an error the diagram catches', async () => {
  const { documento } = await completed(jobOf('documento.genera', receipt))
  const job = jobOf('documento.timbra', { pratica, documento, protocollo })
  const stamped = (await completed(job)).documento
  assert.notEqual(stamped.id, documento.id)
  assert.deepEqual((await completed(job)).documento, stamped)
  const photo = await documents.put(new Uint8Array([255, 216]), {
    nome: 'a.jpg',
    tipo: 'image/jpeg',
    pratica: pratica.id,
  })
  const refused = await work(jobOf('documento.timbra', { pratica, documento: { id: photo.id }, protocollo }))
  assert.equal(refused.kind === 'error' && refused.errorCode, 'DOCUMENTO_NON_TIMBRABILE')
})

test("documento.timbra: another practice's document is not touched, whoever named it", async () => {
  const { documento } = await completed(jobOf('documento.genera', receipt))
  const outcome = await work(jobOf('documento.timbra', { pratica: { id: 'altra' }, documento, protocollo }))
  assert.ok(outcome.kind === 'failed' && outcome.retries === 0)
  assert.deepEqual(await documents.ofPractice('altra'), [])
})

test('docs/documenti.md tells of each template what it reads', () => {
  const page = textOf('docs/documenti.md')
  const wanted = templates.names.map((name) => {
    const variables = variablesOf(templates.source(name)).map((path) => `\`${path}\``)
    return `| \`${name}\` | ${variables.join(' ')} |`
  })
  assert.deepEqual(
    wanted.filter((line) => !page.includes(line)),
    [],
  )
  const told = [...page.matchAll(/^\| `([a-z]+\.[a-z_]+)` \|/gm)].map(([, name]) => name)
  assert.deepEqual(told, [...templates.names])
})
