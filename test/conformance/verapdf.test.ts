/** Every document of the town, stamped and signed too, is PDF/A-2a and PDF/UA-1: so says veraPDF, from Maven Central, test use only. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { PDFDocument } from '@cantoo/pdf-lib'
import { documentWriter } from '../../connectors/documento/client.ts'
import { loadTown } from '../../processes/town.ts'
import { documentTemplates } from '../../workers/documento/templates.ts'
import { voiceOf } from '../../workers/documento/voice.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { signedPdf } from '../connectors/signed.ts'

const answers = (command: string, argument: string): boolean => spawnSync(command, [argument]).status === 0
const skip =
  answers('java', '-version') && answers('mvn', '-version') ? false : 'no Java with Maven: veraPDF is not run'

const directory = await mkdtemp('/tmp/iter-verapdf-')
const writer = documentWriter()
after(async () => {
  await writer.close()
  await rm(directory, { recursive: true })
})

const at = Date.parse('2027-03-01T09:00:00Z')
const stamp = {
  ente: 'Comune di Esempio',
  numero: '0000001',
  anno: 2027,
  registro: 'PROTOCOLLO',
  data: '2027-03-01T09:00:00Z',
}

/** What veraPDF finds wrong: file, flavour, clause, test, description, times. */
function faults(files: readonly string[]): readonly string[] {
  const folder = join(import.meta.dirname, 'verapdf')
  const classpath = join(directory, 'classpath')
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath'
  execFileSync('mvn', ['-q', '-B', plugin, `-Dmdep.outputFile=${classpath}`], { cwd: folder, timeout: 240_000 })
  const options = ['-cp', `@${classpath}`, join(folder, 'ValidatePdf.java'), ...files]
  const lines = execFileSync('java', options, { encoding: 'utf8', timeout: 120_000 }).trim().split('\n')
  assert.equal(lines.at(-1), 'end')
  return lines.slice(0, -1).map((line) => line.slice(directory.length + 1))
}

test('every template with its example, the same stamped, and every mark: no rule is broken', { skip }, async () => {
  const files: string[] = []
  const keep = async (name: string, pdf: Uint8Array): Promise<void> => {
    files.push(join(directory, name))
    await writeFile(join(directory, name), pdf)
  }
  const town = await loadTown()
  const templates = documentTemplates()
  assert.ok(templates.names.length > 5)
  for (const name of templates.names) {
    const example = templates.example(name)
    const { data, letterhead } = voiceOf({ town, procedura: example.pratica.tipo, gruppo: null, at })
    const pdf = await writer.write({ source: templates.source(name), data: { ...data, ...example }, letterhead, at })
    await keep(`${name}.pdf`, pdf)
    await keep(`${name}.stamped.pdf`, await writer.stamp(pdf, stamp))
  }
  const letterhead = { ente: 'Comune', ufficio: null, recapiti: [] }
  const text = await readFile(join(import.meta.dirname, 'verapdf/every-mark.hbs'), 'utf8')
  const righe = Array.from({ length: 60 }, (_, index) => ({ a: index, b: 'parola '.repeat(index % 30) }))
  const data = { nome: '李 Ђ\nsu due righe', righe: [...righe, { a: 'alta', b: 'parola '.repeat(2500) }] }
  await keep('every-mark.pdf', await writer.write({ source: { text, parts: {} }, data, letterhead, at }))
  await using opened = await openPlatforms({ now: () => at })
  const { signer } = opened.connectors
  const credential = await signer.credentialOf('ente')
  const sign = async (pdf: Uint8Array, motivo: string) =>
    signedPdf(signer, pdf, { credential, firmatario: town.nome, motivo, at })
  const once = await sign(await readFile(files[1]!), 'Sigillo')
  await keep('sealed.pdf', once)
  await keep('sealed-twice.pdf', await sign(once, 'Altro sigillo'))
  assert.deepEqual(faults(files), [])
})

test('a document that is none is found out', { skip }, async () => {
  const plain = await PDFDocument.create()
  plain.addPage().drawText('non accessibile')
  await writeFile(join(directory, 'plain.pdf'), await plain.save())
  const found = faults([join(directory, 'plain.pdf')])
  assert.ok(
    found.some((line) => line.includes('\t2a\t')) && found.some((line) => line.includes('\tua1\t')),
    String(found),
  )
})
