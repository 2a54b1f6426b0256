/** Certified mail: client ⇄ provider, over SMTP and IMAP, and which mail is believed. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { type Certified, certificateXml, readCertificate } from '../../connectors/pec/certificate.ts'
import { pecMailbox } from '../../connectors/pec/client.ts'
import { type Letter, readLetter } from '../../connectors/pec/letter.ts'
import { messageIdOf, practiceOf } from '../../connectors/pec/message-id.ts'
import { readMail } from '../../connectors/pec/mime.ts'
import { composed, type EnvelopeText, signedMail } from '../../connectors/pec/sandbox/envelope.ts'
import type { ArrivedLetter, Position } from '../../connectors/pec/types.ts'
import { verdictOf } from '../../connectors/pec/verdict.ts'
import { openTestAuthority } from '../../connectors/test-authority.ts'
import { parseXml } from '../../connectors/xml.ts'
import { loadTown } from '../../processes/town.ts'
import { readDtd } from './dtd.ts'
import { openPlatforms } from './platforms.ts'

const MORNING = Date.parse('2027-03-01T09:00:00Z')
const HOUR = 3_600_000
let time = MORNING
const opened = await openPlatforms({ now: () => time })
const { platforms, plan, journal } = opened
const { pec } = opened.connectors
const { pec: address } = await loadTown()
after(() => opened[Symbol.asyncDispose]())

let number = 0
const message = (to: string, more: object = {}) => ({
  messageId: messageIdOf(`pratica-1/invia-pec/${++number}`, address),
  ...{ to, subject: 'Notifica: è pronta', text: 'Si notifica\n.\nl’atto.', attachments: [], ...more },
})
async function arrivals(after: Position | null = null): Promise<ArrivedLetter[]> {
  return Array.fromAsync(pec.arrivals('INBOX', after))
}
const read: ArrivedLetter[] = []
/** The receipts of one message, in the order of their arrival. */
async function receiptsOf(messageId: string) {
  read.push(...(await arrivals(read.at(-1)?.position)))
  return read.flatMap(({ letter }) =>
    letter.kind === 'RICEVUTA' && letter.receipt.messageId === messageId ? [letter.receipt] : [],
  )
}
const kindsOf = async (messageId: string) => (await receiptsOf(messageId)).map(({ kind }) => kind)

describe('a provider', () => {
  test('is the one of the town', () => assert.equal(platforms.pec.user, address))

  test('accepts at once, delivers, and encloses the message in the complete receipt', async () => {
    const content = Buffer.from('%PDF-1.7 contenuto')
    const attachments = [{ name: 'provvedimento è.pdf', type: 'application/pdf', content }]
    const { messageId } = await pec.send(message('mario.rossi@pec.example', { attachments }))
    const receipts = await receiptsOf(messageId)
    assert.deepEqual(
      receipts.map(({ kind, at }) => [kind, at]),
      ['accettazione', 'presa-in-carico', 'avvenuta-consegna'].map((kind) => [kind, '2027-03-01T10:00:00+01:00']),
    )
    assert.deepEqual(receipts.map(verdictOf).at(-1), { kind: 'delivered' })
    assert.equal(receipts.at(-1)?.deliveredTo, 'mario.rossi@pec.example')
    const raw = read.at(-1)?.raw ?? Buffer.alloc(0)
    const enclosed = readMail(raw).parts[0]?.parts.find(({ type }) => type === 'message/rfc822')
    const original = readMail(enclosed?.content ?? Buffer.alloc(0))
    assert.equal(original.headers.get('message-id'), messageId)
    assert.deepEqual(
      original.parts.map(({ fileName, content }) => [fileName, content.toString('utf8').trimEnd()]),
      [
        [null, 'Si notifica\r\n.\r\nl’atto.'],
        ['provvedimento è.pdf', content.toString('utf8')],
      ],
    )
  })

  for (const [to, kinds, failure] of [
    ['sconosciuta@pec.example', ['accettazione', 'errore-consegna'], 'DESTINATARIO_SCONOSCIUTO'],
    ['mario@inesistente.example', ['accettazione', 'errore-consegna'], 'DOMINIO_SCONOSCIUTO'],
    ['piena@pec.example', ['accettazione', 'presa-in-carico', 'errore-consegna'], 'NON_CONSEGNATA'],
    ['virus@pec.example', ['accettazione', 'presa-in-carico', 'errore-consegna'], 'VIRUS'],
    ['mario.rossi@posta.example', ['accettazione'], 'NON_CERTIFICATA'],
  ] as const) {
    test(`does not deliver to ${to}`, async () => {
      const { messageId } = await pec.send(message(to))
      const receipts = await receiptsOf(messageId)
      assert.deepEqual(
        receipts.map(({ kind }) => kind),
        kinds,
      )
      assert.deepEqual(verdictOf(receipts.at(-1)!), { kind: 'failed', failure })
    })
  }

  test('does not accept a virus, nor a sender who does not own the mailbox', async () => {
    const eicar = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`
    const attachments = [{ name: 'atto.txt', type: 'text/plain', content: Buffer.from(eicar) }]
    const { messageId } = await pec.send(message('mario@pec.example', { attachments }))
    const [refused, ...others] = await receiptsOf(messageId)
    assert.deepEqual([refused?.kind, refused?.error, others.length], ['non-accettazione', 'virus', 0])
    assert.deepEqual(verdictOf(refused!), { kind: 'failed', failure: 'VIRUS' })
  })

  test('warns after twelve hours and gives up after twenty-four; a slow one delivers in time', async () => {
    time = MORNING
    const silent = await pec.send(message('muta@pec.example'))
    const slow = await pec.send(message('lenta@pec.example'))
    const lost = await pec.send(message('silenziosa@pec.example'))
    const seen = []
    for (const hours of [5, 11, 12, 23, 24, 48]) {
      time = MORNING + hours * HOUR
      seen.push([hours, await kindsOf(silent.messageId), (await kindsOf(slow.messageId)).includes('avvenuta-consegna')])
    }
    const first = ['accettazione']
    const warned = [...first, 'preavviso-errore-consegna']
    assert.deepEqual(seen, [
      [5, first, true],
      [11, first, true],
      [12, warned, true],
      [23, warned, true],
      [24, [...warned, 'errore-consegna'], true],
      [48, [...warned, 'errore-consegna'], true],
    ])
    assert.equal((await receiptsOf(silent.messageId)).at(-1)?.at, '2027-03-02T10:00:00+01:00')
    assert.deepEqual(await kindsOf(lost.messageId), first)
    time = MORNING
  })

  test('shows on a page what was sent and what has come, escaped', async () => {
    await pec.send(message('mario@pec.example', { subject: '<b>Notifica</b>' }))
    const page = await (await fetch(platforms.pec.url)).text()
    assert.match(page, /CONSEGNA: &lt;b&gt;Notifica&lt;\/b&gt;/)
    const sent = (await journal('pec')).length
    assert.match(await (await fetch(`${platforms.pec.url}/inviati/${sent}`)).text(), /Si notifica/)
    assert.match(await (await fetch(`${platforms.pec.url}/arrivati/1`)).text(), /&lt;postacert tipo=/)
  })
})

describe('sending is findable', () => {
  const countOf = async (id: string) => (await journal('pec')).filter(({ messageId }) => messageId === id).length

  test('a repeat is sent twice; a lost answer is found by its receipt', async () => {
    const lost = message('mario@pec.example')
    await plan('pec', 'invia', 'drop-after')
    await assert.rejects(pec.send(lost), UnknownOutcome)
    assert.deepEqual(await pec.find(lost.messageId), { messageId: lost.messageId })
    assert.equal(await countOf(lost.messageId), 1)
    await pec.send(lost)
    assert.equal(await countOf(lost.messageId), 2)
  })
  test('what never left is not found; nor is a message whose name begins like it', async () => {
    const other = message('mario@pec.example')
    await pec.send({ ...other, messageId: `${other.messageId.slice(0, -1)}.example>` })
    assert.equal(await pec.find(other.messageId), null)
  })
  test('“later” after the message was given is no answer: both ways it is the mailbox that knows', async () => {
    for (const [kind, isSent] of [
      ['error-before', false],
      ['error-after', true],
    ] as const) {
      const asked = message('mario@pec.example')
      await plan('pec', 'invia', kind)
      await assert.rejects(pec.send(asked), UnknownOutcome)
      assert.equal((await pec.find(asked.messageId)) !== null, isSent)
    }
  })
  test('a refusal is certain, and says when it is the recipient', async () => {
    await assert.rejects(pec.send(message('nessuna chiocciola')), { name: 'Refused', code: 'DESTINATARIO' })
    const own = { ...platforms.pec, address, now: () => time }
    const stranger = pecMailbox({ ...own, password: 'sbagliata' })
    await assert.rejects(
      stranger.send(message('mario@pec.example')),
      (error) => error instanceof Refused && error.code === '535',
    )
    const nowhere = pecMailbox({ ...own, smtp: { host: '127.0.0.1', port: 4 }, imap: { host: '127.0.0.1', port: 4 } })
    await assert.rejects(nowhere.send(message('mario@pec.example')), Unavailable)
    await assert.rejects(nowhere.find('<x@y>'), Unavailable)
  })
  test('a server that nobody vouches for is told nothing', async () => {
    const sent = (await journal('pec')).length
    const { tlsAuthority: _, ...servers } = platforms.pec
    const trusting = pecMailbox({ ...servers, address, now: () => time })
    await assert.rejects(trusting.send(message('mario@pec.example')))
    await assert.rejects(trusting.find('<x@y>'), Unavailable)
    assert.equal((await journal('pec')).length, sent)
  })
})

describe('the mailbox', () => {
  test('is read on from a position; a folder that begins anew is read again', async () => {
    const all = await arrivals()
    const middle = all[3]!.position
    assert.deepEqual(
      (await arrivals(middle)).map(({ position }) => position.uid),
      all.slice(4).map(({ position }) => position.uid),
    )
    assert.deepEqual(await arrivals(all.at(-1)!.position), [])
    assert.equal((await arrivals({ uidValidity: 'other', uid: 1_000_000 })).length, all.length)
  })
  test('that cannot be read says so, and nothing is lost', async () => {
    for (const kind of ['error-before', 'drop-after']) {
      await plan('pec', 'leggi', kind)
      await assert.rejects(arrivals(), Unavailable)
    }
    assert.ok((await arrivals()).length > 0)
  })
  test('keeps the mail of citizens apart: certified mail, anomalies', async () => {
    await receiptsOf('')
    const write = (certificata: boolean) =>
      fetch(`${platforms.pec.url}/in-arrivo`, {
        method: 'POST',
        body: JSON.stringify({ da: 'lucia@pec.example', oggetto: 'Osservazioni è', testo: 'Buongiorno', certificata }),
      })
    assert.deepEqual([(await write(true)).status, (await write(false)).status], [200, 200])
    const letters = (await arrivals(read.at(-1)?.position)).map(({ letter }) => letter)
    assert.deepEqual(
      letters.map((letter) => [letter.kind, 'sender' in letter && letter.sender]),
      [
        ['POSTA_CERTIFICATA', 'lucia@pec.example'],
        ['ANOMALIA', 'posta-certificata@gestore-destinatario.example'],
      ],
    )
    for (const letter of letters) {
      assert.ok('message' in letter)
      assert.equal(readMail(letter.message).content.toString('utf8').trimEnd(), 'Buongiorno')
    }
  })
})

test('the Message-ID carries the practice, whatever its id is made of', () => {
  for (const id of ['p-1', 'COM/2027.1 è', '<a@b>']) {
    const messageId = messageIdOf(`${id}/invia/42`, address)
    assert.match(messageId, /^<[A-Za-z0-9=._-]+@pec\.comune\.esempio\.example>$/)
    assert.equal(practiceOf(messageId), id)
  }
  for (const other of ['<abc@pec.example>', '<iter@x>', '', '<iter.@x>']) assert.equal(practiceOf(other), null)
})

describe('a receipt is believed when its provider has signed it', () => {
  const received = join(import.meta.dirname, 'pec-receipts')
  const rsa = readFileSync(join(received, 'consegna-rsa.eml'))
  const authorities = [readFileSync(join(received, 'autorita.pem'), 'utf8')]
  const at = Date.parse('2027-07-01T10:00:00Z')
  const trust = { address, authorities, at }
  const text = rsa.toString('latin1')
  const changed = (from: string | RegExp, to: string) => {
    const other = text.replace(from, to)
    assert.notEqual(other, text)
    return Buffer.from(other, 'latin1')
  }

  test('written by another program, with RSA and an authority between', async () => {
    const letter = await readLetter(rsa, trust)
    assert.ok(letter.kind === 'RICEVUTA')
    const { kind, at: instant, messageId, deliveredTo, detail } = letter.receipt
    assert.deepEqual(
      [kind, instant, messageId, deliveredTo, detail],
      [
        'avvenuta-consegna',
        '2027-07-01T08:15:30+02:00',
        '<iter.p1.invia-pec.42@pec.comune.esempio.example>',
        'mario.rossi@pec.example',
        'breve',
      ],
    )
  })

  for (const [what, raw, given] of [
    ['one letter of what is signed is another', changed('Mario.Rossi@pec', 'Maria.Rossi@pec'), trust],
    ['nobody we trust vouches for it', rsa, { ...trust, authorities: [] }],
    ['another authority would have to', rsa, { ...trust, authorities: platforms.pec.authorities }],
    ['the certificates have ended', rsa, { ...trust, at: Date.parse('2070-01-01') }],
    ['another than the sender has signed', changed('From: posta-certificata@', 'From: posta-falsa@'), trust],
    ['it is about the mail of others', rsa, { ...trust, address: 'altri@pec.example' }],
    ['its header names another message', changed('Message-ID: <iter.p1', 'Message-ID: <iter.p2'), trust],
    ['the signature is missing', changed('multipart/signed', 'multipart/mixed'), trust],
    ['the signature is no signature', changed(/(filename="smime\.p7s"\r\n\r\n)\w{40}/, '$1AAAA'), trust],
    ['it ends too early', rsa.subarray(0, rsa.length - 60), trust],
    ['its parts have no boundary', changed(/boundary="----[0-9A-F]+"/, 'x=y'), trust],
  ] as const) {
    test(`not when ${what}`, async () => {
      const letter = await readLetter(raw, given)
      assert.equal(letter.kind, 'NON_CREDUTA')
    })
  }

  test('what only looks like a receipt in its subject is ordinary mail', async () => {
    const mail = await composed({ from: 'a@posta.example', to: address, subject: 'CONSEGNA: Notifica', text: 'x' })
    assert.equal((await readLetter(mail, trust)).kind, 'ORDINARIA')
  })
})

describe('hostile mail of a real provider’s customer', () => {
  const certified: Certified = {
    ...{ kind: 'avvenuta-consegna', error: 'nessuno', sender: address, subject: 's', provider: 'g', id: 'i' },
    ...{ recipients: [{ address: 'm@pec.example', isCertified: true }], at: '2027-03-01T10:00:00+01:00' },
    ...{ messageId: '<iter.p.e.1@x>', detail: 'completa', deliveredTo: 'm@pec.example', explanation: null },
  }
  async function letterOf(change: Partial<EnvelopeText>, edit = (raw: Buffer) => raw): Promise<Letter> {
    const directory = await mkdtemp(join(tmpdir(), 'iter-test-'))
    const authority = await openTestAuthority(join(directory, 'ca.json'), 'CA')
    await rm(directory, { recursive: true })
    const from = 'posta-certificata@g.example'
    const provider = { name: 'g', address: from, identity: await authority.issue({ name: 'g', email: from }) }
    const envelope = { from, to: address, subject: 'CONSEGNA', text: 'x', message: null, at: MORNING, certified }
    const raw = await signedMail(provider, { ...envelope, headers: { 'X-Ricevuta': 'avvenuta-consegna' }, ...change })
    return readLetter(edit(raw), { address, authorities: [authority.certificate], at: MORNING })
  }
  const reasonOf = (letter: Letter) => (letter.kind === 'NON_CREDUTA' ? letter.reason : letter.kind)

  test('as its provider writes it, it is a receipt', async () => assert.equal((await letterOf({})).kind, 'RICEVUTA'))

  test('a certificate within the enclosed message is its author’s, not the provider’s', async () => {
    const inner = await composed({
      from: 'm@pec.example',
      to: address,
      attachments: [{ filename: 'daticert.xml', content: certificateXml(certified) }],
    })
    assert.equal(reasonOf(await letterOf({ certified: null, message: inner })), 'there is not one daticert.xml')
  })
  test('a signature that brings a content of its own says nothing about the mail', async () => {
    const signed = readFileSync(join(import.meta.dirname, 'pec-receipts', 'contenuto-proprio.p7s.txt'), 'utf8')
    const swap = (raw: Buffer) =>
      Buffer.from(raw.toString('latin1').replace(/(p7s"\r\n\r\n)[\s\S]*?(\r\n--)/, `$1${signed.trim()}$2`), 'latin1')
    assert.equal(reasonOf(await letterOf({}, swap)), 'the signature is not of this mail')
  })
  test('a receipt that names no message belongs to none', async () => {
    const unnamed = await letterOf({ certified: { ...certified, messageId: null } })
    assert.equal(reasonOf(unnamed), 'it does not say about which message it is')
  })

  const parts = (count: number) => `--b\r\n\r\nx\r\n`.repeat(count)
  const nested = (depth: number): string =>
    depth === 0
      ? 'Content-Type: text/plain\r\n\r\nx'
      : `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n${nested(depth - 1)}\r\n--b${depth}--`
  for (const [what, raw] of [
    ['too many parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts(5_000)}--b--`],
    ['too deep parts', nested(50)],
    ['too long headers', `${'X: y\r\n'.repeat(100_000)}\r\nx`],
    ['a part that does not end', 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx'],
  ] as const) {
    test(`is not read with ${what}`, async () => {
      assert.throws(() => readMail(Buffer.from(raw)), SyntaxError)
      const letter = await readLetter(Buffer.from(raw), { address, authorities: [], at: MORNING })
      assert.equal(letter.kind, 'NON_CREDUTA')
    })
  }
  test('headers have names of their own, whatever they are called', () => {
    const mail = readMail(
      Buffer.from('__proto__: x\r\nconstructor: y\r\nContent-Type: text/plain; __proto__=z\r\n\r\nt'),
    )
    assert.deepEqual([mail.headers.get('constructor'), mail.content.toString()], ['y', 't'])
  })

  for (const [what, xml] of [
    ['entities', '<!DOCTYPE p [<!ENTITY a "b">]><postacert tipo="accettazione"/>'],
    ['no day', certificateXml({ ...certified, at: 'ieri' })],
    ['a day that is none', certificateXml(certified).replace('01/03/2027', '99/99/2027')],
    ['an unknown kind', certificateXml(certified).replace('avvenuta-consegna', 'consegnatissima')],
    ['no sender', certificateXml({ ...certified, sender: '' })],
    ['another root', '<altro/>'],
    ['no XML', 'consegnato'],
  ] as const) {
    test(`certifies nothing: ${what}`, () => assert.throws(() => readCertificate(Buffer.from(xml)), SyntaxError))
  }
  test('what a provider writes in Latin-1 is read as such', () => {
    const xml = certificateXml({ ...certified, subject: 'è' }).replace('UTF-8', 'ISO-8859-1')
    assert.equal(readCertificate(Buffer.from(xml, 'latin1')).subject, 'è')
  })
})

const shared = process.env.ITER_SHARED ?? join(import.meta.dirname, '../../../shared')
const specs = process.env.ITER_SPECS ?? join(shared, 'specs')
const skip = existsSync(specs) ? false : `the platforms' schemas are not at ${specs}: name their folder in ITER_SPECS`

test('every certificate is as daticert.dtd says', { skip }, async () => {
  const dtd = readDtd(readFileSync(join(specs, 'pec/daticert.dtd'), 'utf8'))
  const kinds = new Set<string>()
  for (const { raw } of await arrivals()) {
    const parts = readMail(raw ?? Buffer.alloc(0)).parts[0]?.parts ?? []
    const certificate = parts.find(({ fileName }) => fileName === 'daticert.xml')
    if (certificate === undefined) continue
    const root = parseXml(certificate.content.toString('utf8'))
    kinds.add(root.attributes.get('tipo') ?? '')
    assert.deepEqual(dtd.faults(root), [])
  }
  assert.equal(kinds.size, 7, [...kinds].join(', '))
  const wrong = parseXml('<postacert tipo="altro"><dati/></postacert>')
  assert.deepEqual(dtd.faults(wrong), [
    'postacert: not as its content model says',
    'postacert/@tipo',
    'postacert/dati: not as its content model says',
  ])
})
