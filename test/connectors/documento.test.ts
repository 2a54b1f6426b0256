/** Documents of the town: data is data, the same is the same bytes, nothing goes out with a hole, and a stamp leaves a document valid. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { degrees, PDFArray, PDFDict, PDFDocument, PDFName } from '@cantoo/pdf-lib'
import { QRCodeReader } from '@zxing/library'
import { openApart } from '../../connectors/apart.ts'
import { documentWriter } from '../../connectors/documento/client.ts'
import { type Block, blocksOf, MarkupError, plainText } from '../../connectors/documento/markup.ts'
import { stampText } from '../../connectors/documento/stamp.ts'
import { TemplateError, template } from '../../connectors/documento/template.ts'
import type { tasks } from '../../connectors/documento/thread.ts'
import { Refused, Unavailable } from '../../connectors/effect.ts'
import { codesIn, scanned } from './scanned-code.ts'

const writer = documentWriter()
after(() => writer.close())

const letterhead = { ente: 'Comune di Esempio', ufficio: 'Ufficio anagrafe', recapiti: ['anagrafe@comune.example'] }
const at = Date.parse('2027-03-01T09:00:00Z')
const write = (text: string, data: Readonly<Record<string, unknown>> = {}) =>
  writer.write({ source: { text, parts: {} }, data, letterhead, at })
const blocks = (text: string, data: Readonly<Record<string, unknown>> = {}): readonly Block[] =>
  blocksOf(template({ text, parts: {} })(data))

describe('markup', () => {
  test('each mark is a block of its kind', () => {
    const text = `# Titolo
uno
due **forte** e [qui](https://example.org)

- a
- b
1. c

| A | B |
|---|---|
| 1 | |
> Al signor
> Rossi
@firma Ruolo | Nome | nota
@qr codice | a che serve`
    assert.deepEqual(
      blocksOf(text).map(({ kind }) => kind),
      ['heading', 'paragraph', 'list', 'list', 'table', 'addressee', 'signature', 'qr'],
    )
    const [, paragraph] = blocksOf(text)
    assert.deepEqual(paragraph, {
      kind: 'paragraph',
      runs: [
        { text: 'uno due ', strong: false },
        { text: 'forte', strong: true },
        { text: ' e ', strong: false },
        { text: 'qui', strong: false, link: 'https://example.org' },
      ],
    })
  })
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['**aperto', /"\*\*" on line 1 to be closed/],
    ['[x](javascript:alert\\(1\\))', /link on line 1/],
    ['[x](http://example.org)', /link on line 1/],
    ['#titolo', /line 1 to begin with "# "/],
    ['@altro x', /@firma/],
    ['@firma solo', /@firma Role/],
    ['@qr solo', /@qr text/],
    [`@qr ${'è'.repeat(107)} | troppo`, /1 to 213 bytes, but it has 214/],
    ['@qr | niente', /1 to 213 bytes, but it has 0/],
    ['| a | b', /end with "\|"/],
    ['| a | b |\n| c |', /2 cells, but one has 1/],
    ['x'.repeat(200_001), /at most 200000 characters/],
  ]
  for (const [text, message] of wrong)
    test(`${text.slice(0, 24)}: refused with the line`, () => {
      assert.throws(() => blocksOf(text), { name: MarkupError.name, message })
    })
})

describe('templates', () => {
  const HOSTILE = [
    '# Titolo',
    '**forte** [qui](https://evil.example)',
    '| cella | altra |',
    '@firma Il sindaco | Chiunque',
    '@qr https://evil.example | Inquadra',
    '> Al signor',
    '- voce',
    '1. voce',
    '{{pratica.segreto}} {{{crudo}}} {{#each x}}',
    '\\** \\\\',
    '<b>&amp;</b>',
    '](javascript:x) |||',
    '```\n---\n===',
  ]
  for (const value of HOSTILE)
    test(`a value is itself, never markup or template: ${value}`, () => {
      const [found, ...more] = blocks('{{valore}}', { valore: value, pratica: { segreto: 'no' } })
      assert.deepEqual(more, [])
      assert.equal(found?.kind, 'paragraph')
      assert.equal(found?.kind === 'paragraph' && plainText(found.runs), value)
      const [list] = blocks('- {{valore}}', { valore: value })
      assert.ok(list?.kind === 'list' && list.items.length === 1)
      const [table] = blocks('| {{valore}} | x |', { valore: value })
      assert.ok(table?.kind === 'table' && table.rows.length === 1 && table.rows[0]?.length === 2)
    })
  test('what nobody sees is dropped; letters are composed', () => {
    const [found] = blocks('{{v}}', { v: '\u202Ea\u0000b\uFEFFe\u0300\t!' })
    assert.equal(found?.kind === 'paragraph' && plainText(found.runs), 'abè !')
  })
  test('helpers write days, amounts and choices as Italians read them', () => {
    const text =
      '{{giorno d}}, {{istante i}}, {{euro e}}, {{scelta s A="primo" B="secondo"}}{{#if (uguale s "B")}}!{{/if}}'
    const [found] = blocks(text, { d: '2027-03-01', i: '2027-03-28T01:30:00Z', e: 1234.5, s: 'B' })
    assert.equal(
      found?.kind === 'paragraph' && plainText(found.runs).replaceAll(/\s/g, ' '),
      '1 marzo 2027, 28 marzo 2027 alle ore 03:30, 1234,50 €, secondo!',
    )
  })
  const holes: readonly (readonly [string, object])[] = [
    ['{{nome}}', {}],
    ['{{nome}}', { nome: null }],
    ['{{nome}}', { nome: '  ' }],
    ['{{nome}}', { nome: { altro: 1 } }],
    ['{{nome}}', { nome: ['a'] }],
    ['{{giorno nome}}', {}],
    ['{{scelta nome A="x"}}', { nome: 'B' }],
    ['{{scelta nome A="x"}}', { nome: 'constructor' }],
    ['{{nome.constructor}}', { nome: 'x' }],
    ['{{nome.__proto__}}', { nome: {} }],
  ]
  for (const [text, data] of holes)
    test(`${text} of ${JSON.stringify(data)} is a hole: it is named, with its line, and shows no value`, () => {
      assert.throws(() => blocks(`x\n${text}`, { ...data }), { name: TemplateError.name, message: /\{\{nome.*line 2/ })
    })
  test('asking whether something is there is no hole', () => {
    assert.deepEqual(blocks('{{#if a.b}}x{{else}}y{{/if}}{{#each c}}z{{/each}}'), blocks('y'))
  })
  for (const text of [
    '{{{a}}}',
    '{{&a}}',
    '{{> fuori}}',
    '{{#sconosciuto a}}x{{/sconosciuto}}',
    '{{log "x"}}',
    '{{#if',
    '{{* d}}',
  ])
    test(`${text} is no template`, () => {
      assert.throws(() => blocks(text, { a: 'x' }), { name: TemplateError.name })
    })
})

describe('writing', () => {
  const text = '# {{titolo}}\n\n{{#each righe}}\n| {{a}} | {{b}} |\n{{/each}}\n\n[sito](https://example.org)'
  const data = { titolo: 'Elenco', righe: Array.from({ length: 80 }, (_, a) => ({ a, b: 'parola '.repeat(a + 1) })) }
  test('the same data at the same instant is the same bytes, at another it is not', async () => {
    const first = Buffer.from(await write(text, data))
    assert.deepEqual(Buffer.from(await write(text, data)), first)
    const later = await writer.write({ source: { text, parts: {} }, data, letterhead, at: at + 60_000 })
    assert.notDeepEqual(Buffer.from(later), first)
  })
  test('title, author, language and structure are told', async () => {
    const pdf = await PDFDocument.load(await write(text, data), { updateMetadata: false })
    assert.equal(pdf.getTitle(), 'Elenco')
    assert.equal(pdf.getAuthor(), 'Comune di Esempio')
    assert.equal(String(pdf.catalog.get(PDFName.of('Lang'))), '(it-IT)')
    const types = elementTypes(pdf)
    for (const type of ['Document', 'H1', 'Table', 'Link']) assert.ok(types.includes(type), type)
    assert.equal(types.filter((type) => type === 'TR').length, 80)
  })
  test('a QR code says its text to who scans it, 25 mm wide, and its words to who listens', async () => {
    const pdf = await PDFDocument.load(await write('# x\n\n@qr {{codice}} | Inquadra *questo*', { codice: 'a|b è \\' }))
    const [qr, ...others] = codesIn(pdf)
    assert.deepEqual([Math.round(qr?.millimetres ?? 0), others.length], [25, 0])
    assert.equal(scanned(qr!, new QRCodeReader()), 'a|b è \\')
    assert.ok(elementTypes(pdf).includes('Figure'))
  })
  test('a name in letters that the typeface lacks is written with their numbers', async () => {
    await write('# {{titolo}}', { titolo: '李 Ђорђе' })
  })
  test('a number longer than JavaScript keeps every digit', async () => {
    const long = JSON.parse('{"n": 0}', (name, value) =>
      name === 'n' ? JSON.rawJSON('301000000000000144301') : value,
    ) as Record<string, unknown>
    assert.deepEqual(
      Buffer.from(await write('# {{n}}', long)),
      Buffer.from(await write('# {{n}}', { n: '301000000000000144301' })),
    )
  })
  test('what is too long is refused, not written', async () => {
    await assert.rejects(write('# x\n\n{{v}}', { v: 'x'.repeat(200_001) }), { name: Refused.name, code: 'MarkupError' })
    const lines = { v: Array.from({ length: 6000 }, () => 'riga') }
    const many = '# x\n\n{{#each v}}\n{{this}}\n\n{{/each}}'
    await assert.rejects(write(many, lines), { name: Refused.name, code: 'TooManyPages' })
    await assert.rejects(write('testo'), { name: Refused.name, code: 'MarkupError' })
  })
  test('work that takes too long is ended, and the next finds a new thread', async () => {
    const module = new URL('../../connectors/documento/thread.ts', import.meta.url)
    const slow = openApart<typeof tasks>(module, { timeoutMs: 1 })
    const writing = { source: { text, parts: {} }, data: JSON.stringify(data), letterhead, at }
    await assert.rejects(slow.run('write', writing), Unavailable)
    await slow.close()
    assert.ok((await write('# x')).byteLength > 0)
  })
})

test('a document that inflates beyond measure is ended before it takes the memory of the program', async () => {
  const module = new URL('../../connectors/documento/thread.ts', import.meta.url)
  const small = openApart<typeof tasks>(module, { memoryMbMax: 200 })
  const inflated = deflateSync(Buffer.alloc(400 * 1024 * 1024), { level: 1 })
  const head = '<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length'
  const bomb = Buffer.concat([
    Buffer.from(`%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\n2 0 obj\n${head} ${inflated.byteLength}>>\nstream\n`),
    inflated,
    Buffer.from('\nendstream\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n'),
  ])
  const stamp = { ente: 'c', numero: '1', anno: 2027, registro: 'r', data: '2027-03-01T09:00:00Z' }
  await assert.rejects(small.run('stamp', { pdf: bomb, stamp }), { name: Unavailable.name, message: /at most 200 MB/ })
  await small.close()
})

describe('stamping', () => {
  const stamp = {
    ente: 'Comune di Esempio',
    numero: '0000001',
    anno: 2027,
    registro: 'PROTOCOLLO',
    data: '2027-03-01T09:00:00Z',
  }
  test('says body, register, number and day', () => {
    assert.equal(stampText(stamp), 'Comune di Esempio · PROTOCOLLO n. 0000001/2027 del 1 marzo 2027')
  })
  test('is read first, is the same bytes again, and changes nothing else that is told', async () => {
    const pdf = await write('# Titolo\n\ntesto')
    const stamped = Buffer.from(await writer.stamp(pdf, stamp))
    assert.deepEqual(Buffer.from(await writer.stamp(pdf, stamp)), stamped)
    const [before, after] = [await PDFDocument.load(pdf), await PDFDocument.load(stamped)]
    assert.equal(after.getTitle(), before.getTitle())
    assert.deepEqual(elementTypes(after).slice(0, 2), ['Document', 'P'])
    assert.equal(elementTypes(after).length, elementTypes(before).length + 1)
  })
  test('a page that is turned, small, or of a document without structure can be stamped too', async () => {
    for (const angle of [0, 90, 180, 270]) {
      const scan = await PDFDocument.create()
      scan.addPage([200, 120]).setRotation(degrees(angle))
      const stamped = await PDFDocument.load(await writer.stamp(await scan.save(), stamp))
      assert.equal(stamped.getPage(0).getRotation().angle, angle)
      assert.ok(stamped.getPage(0).node.normalizedEntries().Font.keys().length > 0)
    }
  })
  test('what is no PDF, encrypted or without a page is refused', async () => {
    const empty = await PDFDocument.create()
    const locked = await PDFDocument.create()
    locked.addPage()
    locked.encrypt({ userPassword: 'x', ownerPassword: 'y' })
    const bytes = [
      Buffer.from('<html>'),
      Buffer.alloc(0),
      await empty.save({ addDefaultPage: false }),
      await locked.save(),
    ]
    for (const content of bytes)
      await assert.rejects(writer.stamp(content, stamp), { name: Refused.name, code: 'NotStampable' })
  })
})

/** The types of all structure elements, in the order in which they are read. */
function elementTypes(pdf: PDFDocument): readonly string[] {
  const typesUnder = (element: PDFDict): readonly string[] => {
    const type = element.get(PDFName.of('S'))
    const kids = element.lookup(PDFName.of('K'))
    const all = kids instanceof PDFArray ? kids.asArray().map((_, index) => kids.lookup(index)) : [kids]
    const below = all.filter((kid): kid is PDFDict => kid instanceof PDFDict && kid.has(PDFName.of('S')))
    return [...(type ? [String(type).slice(1)] : []), ...below.flatMap(typesUnder)]
  }
  return typesUnder(pdf.catalog.lookup(PDFName.of('StructTreeRoot'), PDFDict))
}
