/** Client ⇄ sandbox: what each platform promises, and the class of effect that each operation declares, proven. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Unit } from '../../connectors/conservazione/types.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import type { Platforms } from '../../connectors/index.ts'
import { connectorsTo, openPlatforms } from './platforms.ts'

let time = Date.parse('2027-03-01T09:00:00Z')
const moments: string[] = []
const opened = await openPlatforms({
  now: () => time,
  observe: (platform, moment, operation) => void moments.push(`${platform}.${operation} ${moment}`),
})
const { platforms, plan, journal } = opened
const { protocol, archive, mail } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const entry = (riferimento: string) => ({
  riferimento,
  verso: 'IN' as const,
  oggetto: 'Dichiarazione <di> "residenza"',
  corrispondente: { nome: 'Mario Rossi' },
  impronta: 'AAAA',
})
const unit = (numero: string, content = 'contenuto'): Unit => ({
  chiave: { numero, anno: 2027, registro: 'PROTOCOLLO' },
  tipologia: 'Cambio di residenza',
  oggetto: 'Pratica <1> & "seguenti"',
  data: '2027-03-01',
  fascicolo: { identificativo: 'p-1', oggetto: 'Cambio di residenza' },
  documento: {
    id: 'pratica',
    tipo: 'FASCICOLO',
    nomeFile: 'pratica.json',
    formato: 'JSON',
    contenuto: new TextEncoder().encode(content),
  },
})

describe('protocol register', () => {
  test('numbers have no gap, are found by our reference, and start again each year in Rome', async () => {
    const numbers = [await protocol.register(entry('a')), await protocol.register(entry('b'))]
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
    const { numero, anno } = await protocol.register(entry('c'))
    assert.deepEqual([numero, anno], ['0000001', 2028])
    time = before
  })
  test('annulment keeps the entry, and annulling again changes nothing', async () => {
    const annulled = await protocol.annul(2027, '0000002', 'errore materiale')
    assert.equal(annulled.annullamento?.motivo, 'errore materiale')
    assert.deepEqual(await protocol.annul(2027, '0000002', 'altro'), annulled)
    assert.equal((await protocol.register(entry('d'))).numero, '0000003')
  })
  test('registering is findable: a repeat takes a second number, but a lost answer is found', async () => {
    await plan('protocollo', 'registra', 'drop-after')
    await assert.rejects(protocol.register(entry('e')), UnknownOutcome)
    assert.equal((await protocol.find('e')).length, 1)
    await protocol.register(entry('e'))
    assert.equal((await protocol.find('e')).length, 2)
  })
  test('failures say what may have been done', async () => {
    await plan('protocollo', 'registra', 'error-before')
    await assert.rejects(protocol.register(entry('f')), Unavailable)
    await plan('protocollo', 'registra', 'error-after')
    await assert.rejects(protocol.register(entry('f')), UnknownOutcome)
    await assert.rejects(protocol.register({ ...entry('g'), oggetto: '' }), Refused)
    await assert.rejects(
      (await connectorsTo({ ...platforms, protocollo: { url: 'http://127.0.0.1:4' } })).protocol.register(entry('h')),
      Unavailable,
    )
  })
})

describe('archive', () => {
  test('depositing is keyed: the repeat is recognised by its hash, other content under the key is refused', async () => {
    const first = await archive.deposit(unit('0000001'))
    assert.equal(first.giaVersata, false)
    assert.deepEqual(await archive.deposit(unit('0000001')), { ...first, giaVersata: true })
    await assert.rejects(archive.deposit(unit('0000001', 'altro')), { code: 'UD-002-001' })
    assert.equal((await journal('conservazione')).length, 1)
  })
  test('a lost answer is resolved by the repeat', async () => {
    await plan('conservazione', 'versa', 'drop-after')
    await assert.rejects(archive.deposit(unit('0000002')), UnknownOutcome)
    assert.equal((await archive.deposit(unit('0000002'))).giaVersata, true)
  })
  test('a refusal comes with HTTP 200 and the code in the body', async () => {
    const foreign = { ...unit('1'), chiave: { numero: '1', anno: 2027, registro: 'ALBO' } }
    await assert.rejects(archive.deposit(foreign), { name: 'Refused', code: 'UD-003-002' })
  })
})

describe('mail', () => {
  const message = {
    to: 'mario@posta.example',
    subject: 'Esito: è pronta\r\nBcc: tutti@posta.example',
    text: 'Ciao <b>Mario</b>\n.\nfine',
    reference: 'p.1',
  }
  test('what was sent is shown, escaped; a line break in a subject starts no header', async () => {
    const { messageId } = await mail.send(message)
    const [{ raw = '', to = [] } = {}] = (await journal('mail')) as readonly { raw?: string; to?: string[] }[]
    assert.deepEqual(to, ['mario@posta.example'])
    assert.ok(raw.includes(messageId))
    assert.doesNotMatch(raw, /^Bcc:/m)
    const page = await (await fetch(`${platforms.mail.url}/messaggi/1`)).text()
    assert.match(page, /Ciao &lt;b&gt;Mario&lt;\/b&gt;/)
    assert.match(await (await fetch(platforms.mail.url)).text(), /Esito: è pronta/)
  })
  test('sending is neither: a repeat arrives twice, a lost answer cannot be looked up', async () => {
    const sent = (await journal('mail')).length
    await plan('mail', 'invia', 'drop-after')
    await assert.rejects(mail.send(message), UnknownOutcome)
    await mail.send(message)
    assert.equal((await journal('mail')).length, sent + 2)
  })
  test('replies say what happened', async () => {
    await plan('mail', 'invia', 'error-before')
    await assert.rejects(mail.send(message), Unavailable)
    await assert.rejects(mail.send({ ...message, to: 'x@inesistente.example' }), Refused)
  })
})

test('an observer sees each moment in order', async () => {
  moments.length = 0
  await protocol.register(entry('seen'))
  assert.deepEqual(moments.slice(0, 2), ['protocollo.registra received', 'protocollo.registra applied'])
})

test('no web page reads a sandbox: foreign Host and any Origin are refused', async () => {
  const status = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      request(`${platforms.protocollo.url}/_sandbox/journal`, { headers }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end()
    })
  assert.equal(await status({ host: 'evil.example' }), 403)
  assert.equal(await status({ origin: 'http://evil.example' }), 403)
})

test('sandboxes run as a program of their own, and remember after a kill', async () => {
  const own = await mkdtemp(join(tmpdir(), 'iter-sandboxes-'))
  const start = async () => {
    const program = spawn(process.execPath, [
      join(import.meta.dirname, '../../connectors/sandboxes.ts'),
      '--directory',
      own,
    ])
    const [line] = await program.stdout.take(1).toArray()
    return { program, to: JSON.parse(String(line)) as Platforms }
  }
  const first = await start()
  assert.equal((await (await connectorsTo(first.to)).protocol.register(entry('x'))).numero, '0000001')
  first.program.kill('SIGKILL')
  const second = await start()
  assert.equal((await (await connectorsTo(second.to)).protocol.find('x')).length, 1)
  assert.equal((await (await connectorsTo(second.to)).protocol.register(entry('y'))).numero, '0000002')
  second.program.kill('SIGTERM')
  await once(second.program, 'exit')
  await rm(own, { recursive: true })
})
