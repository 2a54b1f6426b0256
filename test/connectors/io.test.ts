/** App IO, client ⇄ sandbox: who takes messages, what of a message is taken, and that nothing tells a repeat. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { appIo } from '../../connectors/io/client.ts'
import { markdownOf, subjectOf } from '../../connectors/io/text.ts'
import type { AppIo } from '../../connectors/io/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import type { Exchange } from './open-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith, type Tampering } from './recorded-exchange.ts'

let tokenTime = Date.parse('2027-03-01T09:00:00Z')
const opened = await openPlatforms({ now: () => Date.parse('2027-03-01T09:00:00Z'), tokenNow: () => tokenTime })
const { platforms, plan, journal, calls } = opened
const { io } = opened.connectors
after(() => opened[Symbol.asyncDispose]())

const ANNA = 'VRDNNA78M52G999V'
const MARIO = 'RSSMRA85C01G273I'
const ELISA = 'NRELSE88T60H501L'
const text = {
  subject: 'Cambio di residenza: ricevuta',
  markdown: 'La tua dichiarazione è arrivata: il protocollo è 0000001/2027. Entro due giorni lavorativi è registrata.',
}
const to = (codiceFiscale: string) => ({ codiceFiscale, ...text })
const sent = async () => (await journal('io')).filter(({ operazione }) => operazione === 'messaggio')
const saidWith = (speak: (client: AppIo) => Promise<unknown>, tampering?: Tampering) =>
  exchangesWith(platforms.io.url, async (url) => void (await speak(appIo({ ...platforms.io, url }))), tampering)
const inTheApp = async (code: string, servizio: string) => {
  const answer = await fetch(`${platforms.io.url}/app/${code}`, { method: 'POST', body: JSON.stringify({ servizio }) })
  assert.equal(answer.status, 200)
}

test('who takes messages of the town gets one, and it is shown as it is', async () => {
  const { messageId } = await io.send({ ...to(ANNA.toLowerCase()), subject: 'Un <b>oggetto</b> di prova' })
  assert.equal(await io.status({ codiceFiscale: ANNA, messageId }), 'PROCESSED')
  const page = await (await fetch(`${platforms.io.url}/messaggi/1`)).text()
  assert.match(page, /Un &lt;b&gt;oggetto&lt;\/b&gt; di prova/)
  assert.ok((await (await fetch(platforms.io.url)).text()).includes(ANNA))
})

for (const [who, code, refusal] of [
  ['who has no App IO', MARIO, 'NON_ISCRITTO'],
  ['who switched the service off', ELISA, 'SERVIZIO_DISATTIVATO'],
] as const) {
  test(`${who} is sent nothing`, async () => {
    const before = (await sent()).length
    await assert.rejects(
      io.send(to(code)),
      (error) => error instanceof Refused && error.code === refusal && !error.message.includes(code),
    )
    assert.equal((await sent()).length, before)
  })
}

test('what a person does in the app counts from then on', async () => {
  await inTheApp(MARIO, 'ATTIVO')
  await io.send(to(MARIO))
  await inTheApp(MARIO, 'DISATTIVATO')
  await assert.rejects(io.send(to(MARIO)), { code: 'SERVIZIO_DISATTIVATO' })
  await inTheApp(MARIO, 'ASSENTE')
  await assert.rejects(io.send(to(MARIO)), { code: 'NON_ISCRITTO' })
})

test('sending is neither: a repeat arrives twice, a lost answer has no id to look up', async () => {
  const before = (await sent()).length
  for (const kind of ['drop-after', 'error-after']) {
    await plan('io', 'invia', kind)
    await assert.rejects(io.send(to(ANNA)), UnknownOutcome)
  }
  await io.send(to(ANNA))
  assert.equal((await sent()).length, before + 3)
})

test('while the profile is asked nothing can have been sent, whatever became of the question', async () => {
  const before = (await sent()).length
  for (const kind of ['drop-after', 'error-after', 'error-before']) {
    await plan('io', 'profilo', kind)
    await assert.rejects(io.send(to(ANNA)), (error) => error instanceof Unavailable && !error.message.includes(ANNA))
  }
  const answer = (told: Exchange['answer']) => ({ ...told, body: '[]' })
  await saidWith((client) => assert.rejects(client.send(to(ANNA)), Unavailable), { answer })
  assert.equal((await sent()).length, before)
})

test('reading a status has no effect, and names no tax code when it fails', async () => {
  const { messageId } = await io.send(to(ANNA))
  for (const [kind, failure] of [
    ['error-before', Unavailable],
    ['error-after', UnknownOutcome],
    ['drop-after', UnknownOutcome],
  ] as const) {
    await plan('io', 'stato', kind)
    await assert.rejects(
      io.status({ codiceFiscale: ANNA, messageId }),
      (error) => error instanceof failure && !error.message.includes(ANNA),
    )
    assert.equal(await io.status({ codiceFiscale: ANNA, messageId }), 'PROCESSED')
  }
})

test('150 calls in five seconds, and the next is certainly not done', async () => {
  tokenTime += 10_000
  for (let call = 0; call < 75; call++) await io.send(to(ANNA))
  const before = (await sent()).length
  await assert.rejects(io.send(to(ANNA)), Unavailable)
  assert.equal((await sent()).length, before)
  tokenTime += 5001
  await io.send(to(ANNA))
})

test('a wrong key is refused', async () => {
  await assert.rejects(appIo({ ...platforms.io, chiave: 'altra' }).send(to(ANNA)), { name: 'Refused', code: '401' })
})

test('any text fits what App IO takes, and stays text', async () => {
  assert.equal(subjectOf('Avviso'), 'Comunicazione: Avviso')
  assert.equal(subjectOf('à'.repeat(300)).length, 120)
  assert.equal(subjectOf('Due\r\nrighe di oggetto'), 'Due righe di oggetto')
  const name = '[Clicca](https://truffa.example) *tu* <b> snake_case _x_\n# Titolo\n- voce\n\nFine'
  const escaped =
    '\\[Clicca\\](https://truffa.example) \\*tu\\* \\<b\\> snake_case \\_x\\_\\\n\\# Titolo\\\n\\- voce\n\nFine'
  assert.ok(markdownOf(name).startsWith(escaped), markdownOf(name))
  assert.ok(markdownOf('*'.repeat(12_000)).length <= 10_000)
  for (const plain of ['', 'x', name, '*'.repeat(12_000), '😀'.repeat(9000)])
    await io.send({ codiceFiscale: ANNA, subject: subjectOf(plain), markdown: markdownOf(plain) })
})

test('exchanges are as io-functions-services.yaml says: sent, not on the app, switched off, told, refused', {
  skip: withoutSpecs,
}, async () => {
  const api = officialApi('io/io-functions-services.yaml')
  const payment = { numeroAvviso: '301000000000000144', centesimi: 7800, ente: '00337360978' }
  const said = await saidWith(async (client) => {
    const { messageId } = await client.send({ ...to(ANNA), dueDate: '2027-04-15T23:59:59+02:00', payment })
    await client.status({ codiceFiscale: ANNA, messageId })
    for (const code of [MARIO, ELISA]) await assert.rejects(client.send(to(code)), Refused)
    await assert.rejects(client.status({ codiceFiscale: MARIO, messageId }), { code: '404' })
  })
  assert.deepEqual(
    said.map(({ method, path, answer }) => `${method} ${path.split('/')[1]} ${answer.status}`),
    [
      'POST profiles 200',
      'POST messages 201',
      'GET messages 200',
      'POST profiles 404',
      'POST profiles 200',
      'GET messages 404',
    ],
  )
  assert.deepEqual(said.flatMap(api.faults), [])
  const { content } = JSON.parse(said[1]?.body ?? '{}')
  assert.equal(content.due_date, '2027-04-15T21:59:59.000Z')
  assert.deepEqual(content.payment_data, {
    ...{ amount: 7800, notice_number: '301000000000000144', invalid_after_due_date: true },
    payee: { fiscal_code: '00337360978' },
  })
  const refused = await saidWith((client) => assert.rejects(client.send({ ...to(ANNA), subject: 'Corto' }), Refused))
  assert.equal(refused[1]?.answer.status, 400)
  assert.deepEqual(refused.flatMap(api.faults), ['POST /messages body.content.subject: too short'])
})

test('every call carries the key of the service, and no tax code is in the address of a sending', async () => {
  const said = await saidWith((client) => client.send(to(ANNA)))
  assert.deepEqual(
    new Set(said.map(({ headers }) => headers['ocp-apim-subscription-key'])),
    new Set([platforms.io.chiave]),
  )
  assert.ok(said.every(({ path }) => !path.includes(ANNA)))
  assert.ok((await calls('io')).length > 0)
})
