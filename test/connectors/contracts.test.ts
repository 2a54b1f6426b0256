/** Client ⇄ sandbox: what each platform promises, and the class of effect that each operation declares, proven. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import type { Platforms } from '../../connectors/platforms.ts'
import { unit } from './archive-unit.ts'
import { connectorsTo, openPlatforms } from './platforms.ts'

const time = Date.parse('2027-03-01T09:00:00Z')
const moments: string[] = []
const opened = await openPlatforms({
  now: () => time,
  observe: (platform, moment, operation) => void moments.push(`${platform}.${operation} ${moment}`),
})
const { platforms, plan, journal } = opened
const { archive, mail } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

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
  await archive.deposit(unit('0000009'))
  assert.deepEqual(moments.slice(0, 2), ['conservazione.versa received', 'conservazione.versa applied'])
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
  assert.equal((await (await connectorsTo(first.to)).archive.deposit(unit('1'))).giaVersata, false)
  first.program.kill('SIGKILL')
  const second = await start()
  assert.equal((await (await connectorsTo(second.to)).archive.deposit(unit('1'))).giaVersata, true)
  second.program.kill('SIGTERM')
  await once(second.program, 'exit')
  await rm(own, { recursive: true })
})
