/** Text messages, client ⇄ sandbox: what is taken, what is refused, what is lost; and how a text becomes one segment. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { smsSender } from '../../connectors/sms/client.ts'
import { e164Of, oneSegment } from '../../connectors/sms/text.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'

const opened = await openPlatforms({ now: () => Date.parse('2027-03-01T09:00:00Z') })
const { platforms, plan, journal } = opened
const { sms } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const NUMBER = '+393331234567'
const message = { to: NUMBER, text: 'Comune di Esempio: la tua pratica è conclusa & <archiviata>' }

test('a message arrives as it was written, and is shown escaped', async () => {
  const { messageId } = await sms.send(message)
  assert.deepEqual(await journal('sms'), [
    { at: '2027-03-01T09:00:00.000Z', sid: messageId, from: platforms.sms.mittente, to: NUMBER, body: message.text },
  ])
  assert.match(await (await fetch(`${platforms.sms.url}/messaggi/1`)).text(), /&lt;archiviata&gt;/)
})

test('sending is neither: a repeat arrives twice, a lost answer cannot be looked up', async () => {
  const before = (await journal('sms')).length
  for (const kind of ['drop-after', 'error-after']) {
    await plan('sms', 'invia', kind)
    await assert.rejects(sms.send(message), UnknownOutcome)
  }
  await sms.send(message)
  assert.equal((await journal('sms')).length, before + 3)
})

test('answers say what happened, without the number', async () => {
  await plan('sms', 'invia', 'error-before')
  await assert.rejects(sms.send(message), Unavailable)
  for (const [to, code] of [
    ['333', '21211'],
    ['+15005550001', '21211'],
    ['+15005550003', '21408'],
    ['+15005550004', '21610'],
    ['+15005550009', '21614'],
  ] as const) {
    await assert.rejects(
      sms.send({ ...message, to }),
      (error) => error instanceof Refused && error.code === code && !error.message.includes(to),
    )
  }
  const stranger = smsSender({ ...platforms.sms, authToken: 'altro' })
  await assert.rejects(stranger.send(message), { name: 'Refused', code: '20003' })
})

test('too many calls are put off, an answer of another shape says nothing', async () => {
  const after = async (status: number, body: string, failure: typeof Unavailable | typeof UnknownOutcome) => {
    const answer = (told: object) => ({ ...told, status, headers: {}, body })
    await exchangesWith(
      platforms.sms.url,
      (url) => assert.rejects(smsSender({ ...platforms.sms, url }).send(message), failure),
      { answer },
    )
  }
  await after(429, '{"code":20429,"status":429,"message":"Too many requests"}', Unavailable)
  await after(201, 'ricevuto', UnknownOutcome)
  await after(201, '{}', UnknownOutcome)
})

describe('one segment', () => {
  test('letters of the GSM alphabet stay, others are written within it', () => {
    assert.equal(oneSegment('Perché «così»: è l’ora – 10 €…'), 'Perché "così": è l\'ora - 10 €...')
    assert.equal(oneSegment('È  già\ntardi, Š. Đinđić 😀'), "E' già tardi, S. ?in?ic ?")
  })
  test('160 letters fit, more are cut; the euro and brackets count twice', () => {
    assert.equal(oneSegment('à'.repeat(160)), 'à'.repeat(160))
    assert.equal(oneSegment('à'.repeat(161)), `${'à'.repeat(157)}...`)
    assert.equal(oneSegment('€'.repeat(80)), '€'.repeat(80))
    assert.equal(oneSegment('€'.repeat(81)), `${'€'.repeat(78)}...`)
  })
})

for (const [written, number] of [
  ['+39 333 123 4567', NUMBER],
  ['0039-333.1234567', NUMBER],
  ['3331234567', NUMBER],
  ['+44 7700 900123', '+447700900123'],
  ['06 1234567', null],
  ['+0123456789', null],
  ['+39333123456789012', null],
  ['numero', null],
  ['', null],
] as const) {
  test(`the number «${written}» is ${number ?? 'none'}`, () => assert.equal(e164Of(written), number))
}
