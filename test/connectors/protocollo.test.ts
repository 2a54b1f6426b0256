/** The protocol register, client ⇄ sandbox: what it promises, and the class of effect that each operation declares, proven. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import type { Contents, Entry, RegisteredDocument } from '../../connectors/protocollo/types.ts'
import { connectorsTo, openPlatforms } from './platforms.ts'

let time = Date.parse('2027-03-01T09:00:00Z')
const opened = await openPlatforms({ now: () => time })
const { platforms, plan, takeDown, journal } = opened
const { protocol } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('base64')
const document = (nome: string, text: string): RegisteredDocument & { readonly content: Uint8Array<ArrayBuffer> } => {
  const content = new TextEncoder().encode(text)
  return { nome, tipo: 'application/pdf', byte: content.byteLength, impronta: sha256(content), content }
}
const primary = document('dichiarazione.pdf', 'dichiarazione')
const attachment = document('titolo "registrato".pdf', 'contratto')
const withoutContent = ({ content: _, ...described }: typeof primary): RegisteredDocument => described
const entry = (riferimento: string, more: Partial<Entry> = {}): Entry => ({
  riferimento,
  verso: 'IN',
  oggetto: 'Dichiarazione <di> "residenza"',
  corrispondente: { nome: 'Mario Rossi' },
  documenti: [withoutContent(primary), withoutContent(attachment)],
  ...more,
})
const contents: Contents = new Map([primary, attachment].map(({ impronta, content }) => [impronta, content]))
const register = (riferimento: string, more?: Partial<Entry>) => protocol.register(entry(riferimento, more), contents)

describe('entries', () => {
  test('numbers have no gap, are found by our reference, and start again each year in Rome', async () => {
    const numbers = [await register('a'), await register('b')]
    assert.deepEqual(
      numbers.map(({ numero, anno }) => [numero, anno]),
      [
        ['0000001', 2027],
        ['0000002', 2027],
      ],
    )
    assert.deepEqual(await protocol.find('b'), [numbers[1]])
    assert.deepEqual(await protocol.find('other'), [])
    const before = time
    time = Date.parse('2027-12-31T23:00:00Z')
    const { numero, anno } = await register('c')
    assert.deepEqual([numero, anno], ['0000001', 2028])
    time = before
  })
  test('annulment keeps the entry, and annulling again changes nothing', async () => {
    const annulled = await protocol.annul(2027, '0000002', 'errore materiale')
    assert.equal(annulled.annullamento?.motivo, 'errore materiale')
    assert.deepEqual(await protocol.annul(2027, '0000002', 'altro'), annulled)
    assert.equal((await register('d')).numero, '0000003')
    await assert.rejects(protocol.annul(2027, '0009999', 'x'), { name: 'Refused', code: 'REGISTRAZIONE_SCONOSCIUTA' })
  })
  test('registering is findable: a repeat takes a second number, but a lost answer is found', async () => {
    await plan('protocollo', 'registra', 'drop-after')
    await assert.rejects(register('e'), UnknownOutcome)
    assert.equal((await protocol.find('e')).length, 1)
    await register('e')
    assert.equal((await protocol.find('e')).length, 2)
  })
  test('annulling is keyed: a lost answer is resolved by the repeat, which is journalled once', async () => {
    const { anno, numero } = await register('annulled')
    await plan('protocollo', 'annulla', 'drop-after')
    await assert.rejects(protocol.annul(anno, numero, 'errore'), UnknownOutcome)
    await protocol.annul(anno, numero, 'errore')
    const annulments = (await journal('protocollo')).filter((line) => line.operazione === 'annulla')
    assert.equal(annulments.filter((line) => line.numero === numero).length, 1)
  })
  test('each document is registered by its digest, and its content must have it', async () => {
    const { documenti } = await register('f')
    assert.deepEqual(documenti, [withoutContent(primary), withoutContent(attachment)])
    const tampered = new Map([[primary.impronta, attachment.content]])
    await assert.rejects(protocol.register(entry('g'), tampered), { name: 'Refused', code: 'IMPRONTA_DIVERSA' })
    assert.deepEqual(await protocol.find('g'), [])
    assert.equal((await protocol.register(entry('h'), new Map())).documenti.length, 2)
  })
  test('an entry cites the number it had in emergency', async () => {
    const emergenza = { numero: 'E0000001', anno: 2027, registro: 'EMERGENZA', data: '2027-02-28T10:00:00Z' }
    assert.deepEqual((await register('i', { emergenza })).emergenza, emergenza)
    assert.deepEqual((await protocol.find('i'))[0]?.emergenza, emergenza)
  })
})

describe('trouble', () => {
  test('failures say what may have been done', async () => {
    await plan('protocollo', 'registra', 'error-before')
    await assert.rejects(register('j'), Unavailable)
    await plan('protocollo', 'registra', 'error-after')
    await assert.rejects(register('j'), UnknownOutcome)
    await assert.rejects(register('k', { oggetto: '' }), Refused)
    const nowhere = await connectorsTo({
      ...platforms,
      protocollo: { ...platforms.protocollo, url: 'http://127.0.0.1:4' },
    })
    await assert.rejects(nowhere.protocol.register(entry('l'), contents), Unavailable)
  })
  test('a closed register takes nothing, and can be asked again once it is open', async () => {
    const state = (stato: string) =>
      fetch(`${platforms.protocollo.url}/registri/PROTOCOLLO`, { method: 'POST', body: JSON.stringify({ stato }) })
    await state('CHIUSO')
    await assert.rejects(register('m'), Unavailable)
    assert.deepEqual(await protocol.find('m'), [])
    await state('APERTO')
    assert.equal((await register('m')).riferimento, 'm')
  })
  test('down for hours: nothing is done and nothing found, until the clock says so', async () => {
    await takeDown('protocollo', time + 3 * 3_600_000)
    const before = (await journal('protocollo')).length
    await assert.rejects(register('n'), Unavailable)
    await assert.rejects(protocol.find('n'), Unavailable)
    time += 3 * 3_600_000 - 1
    await assert.rejects(register('n'), Unavailable)
    time += 1
    await register('n')
    assert.equal((await journal('protocollo')).length, before + 1)
  })
})

describe('files', () => {
  const opening = (riferimento: string) => ({ riferimento, classifica: 'XI.2', oggetto: 'Cambio di residenza' })
  test('a file is opened under its class, takes entries, and once closed takes nothing more', async () => {
    const { codice, anno, chiuso } = await protocol.openFile(opening('p-1'))
    assert.deepEqual([codice, anno, chiuso], ['2027-XI.2-1', 2027, null])
    const within = await register('p-1/a', { fascicolo: codice, classifica: 'XI.2' })
    const { registrazioni } = await protocol.addToFile(codice, { anno: 2027, numero: '0000001' })
    assert.deepEqual(registrazioni, [
      { anno: 2027, numero: within.numero },
      { anno: 2027, numero: '0000001' },
    ])
    const closed = await protocol.closeFile(codice)
    assert.equal(closed.chiuso, new Date(time).toISOString())
    await assert.rejects(protocol.addToFile(codice, { anno: 2027, numero: '0000002' }), { code: 'FASCICOLO_CHIUSO' })
    await assert.rejects(protocol.addToFile(codice, { anno: 2027, numero: '0999999' }), {
      code: 'REGISTRAZIONE_SCONOSCIUTA',
    })
    await assert.rejects(protocol.closeFile('2027-I-9'), { code: 'FASCICOLO_SCONOSCIUTO' })
    await assert.rejects(protocol.openFile({ ...opening('p-x'), classifica: 'anagrafe' }), {
      code: 'CLASSIFICA_SCONOSCIUTA',
    })
  })
  test('opening is findable: a repeat opens a second file, but a lost answer is found', async () => {
    await plan('protocollo', 'apri-fascicolo', 'drop-after')
    await assert.rejects(protocol.openFile(opening('p-2')), UnknownOutcome)
    const found = await protocol.findFile('p-2')
    assert.equal(found?.riferimento, 'p-2')
    assert.notEqual((await protocol.openFile(opening('p-2'))).codice, found?.codice)
    assert.equal(await protocol.findFile('p-3'), null)
  })
  test('adding and closing are keyed: the repeat changes nothing', async () => {
    const { codice } = await protocol.openFile(opening('p-4'))
    const member = { anno: 2027, numero: '0000001' }
    for (const kind of ['drop-after', 'error-after']) {
      await plan('protocollo', 'inserisci-fascicolo', kind)
      await assert.rejects(protocol.addToFile(codice, member), UnknownOutcome)
    }
    assert.deepEqual((await protocol.addToFile(codice, member)).registrazioni, [member])
    await plan('protocollo', 'chiudi-fascicolo', 'drop-after')
    await assert.rejects(protocol.closeFile(codice), UnknownOutcome)
    const { chiuso } = await protocol.closeFile(codice)
    time += 60_000
    assert.equal((await protocol.closeFile(codice)).chiuso, chiuso)
    assert.deepEqual((await protocol.addToFile(codice, member)).registrazioni, [member])
  })
})
