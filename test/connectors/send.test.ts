/** SEND, client ⇄ sandbox: a notification is asked for once, whatever becomes of the answer; what comes of it, and when it has its effect. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { pdnd } from '../../connectors/pdnd/client.ts'
import { notificationPlatform } from '../../connectors/send/client.ts'
import { KEY_WITHOUT_PDND } from '../../connectors/send/sandbox.ts'
import { noticeStreams } from '../../connectors/send/streams.ts'
import type { NewNotification, NoticeEvent, NoticeState, UploadedDocument } from '../../connectors/send/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
let time = Date.parse('2027-05-06T08:00:00Z')
let tokenTime = Date.now()
const opened = await openPlatforms({ now: () => time, tokenNow: () => tokenTime })
const { plan, journal, platforms } = opened
const { notifications, noticeStreams: streams } = opened.connectors
const exchange = pdnd(platforms.pdnd, () => tokenTime)
after(() => opened[Symbol.asyncDispose]())

const PDF = Buffer.from('%PDF-1.7 atto')
let count = 0
const reference = () => ({ protocollo: `${++count}/2027`, token: `p-${count}/notifica/1` })
const uploaded = async (content: Buffer = PDF): Promise<UploadedDocument> => {
  const [document] = await notifications.upload([{ titolo: 'atto.pdf', content }])
  assert.ok(document)
  return document
}
const HOME = { indirizzo: 'via Libertà 12', cap: '90139', comune: 'Palermo', provincia: 'PA' }
const newNotification = async (changed: Partial<NewNotification> = {}): Promise<NewNotification> => ({
  ...reference(),
  ...{ oggetto: 'Cambio di residenza: provvedimento', tassonomia: '010202N', raccomandata: 'AR' },
  destinatario: { tipo: 'PF', codiceFiscale: 'RSSMRA85C01G273I', nome: 'Mario Rossi', indirizzo: HOME },
  documenti: [await uploaded()],
  ...changed,
})
const to = (changed: Partial<NewNotification['destinatario']>): Partial<NewNotification> => ({
  destinatario: { tipo: 'PF', codiceFiscale: 'RSSMRA85C01G273I', nome: 'Mario Rossi', indirizzo: HOME, ...changed },
})
const countOf = async (token: string) =>
  (await journal('send')).filter((line) => JSON.stringify(line).includes(`"idempotenceToken":"${token}"`)).length
async function accepted(changed: Partial<NewNotification> = {}): Promise<string> {
  const request = await notifications.request(await newNotification(changed))
  time += 3 * MINUTE_MS
  const progress = await notifications.progressOf(request)
  assert.ok(progress.stato === 'ACCEPTED', JSON.stringify(progress))
  return progress.iun
}
const statesOf = async (iun: string) => (await notifications.read(iun)).stati.map(({ stato }) => stato)
const reached = async (iun: string, state: NoticeState) =>
  (await notifications.read(iun)).stati.find(({ stato }) => stato === state)?.dal
const openAt = (iun: string) =>
  fetch(`${platforms.send.url}/notifiche/${iun}/accesso`, { method: 'POST', redirect: 'manual' })

describe('asking is keyed', () => {
  for (const kind of ['drop-after', 'error-after'] as const)
    test(`${kind}: a repeat finds the request of the first attempt, with documents uploaded again`, async () => {
      const asked = await newNotification()
      await plan('send', 'richiedi', kind)
      await assert.rejects(notifications.request(asked), UnknownOutcome)
      const request = await notifications.request({ ...asked, documenti: [await uploaded()] })
      assert.equal(await notifications.request(asked), request)
      assert.equal(await countOf(asked.token), 1)
    })
  test('error-before: nothing was asked for', async () => {
    const asked = await newNotification()
    await plan('send', 'richiedi', 'error-before')
    await assert.rejects(notifications.request(asked), Unavailable)
    assert.equal(await countOf(asked.token), 0)
  })
  test('a reference, or the number of a payment notice, that stands for something else is told, not taken', async () => {
    const asked = await newNotification({ avviso: { numeroAvviso: '301000000000000101', importo: 2600 } })
    await notifications.request(asked)
    const taken = { name: 'Refused', code: 'RIFERIMENTO_USATO' }
    await assert.rejects(notifications.request({ ...asked, oggetto: 'Altro' }), taken)
    await assert.rejects(
      notifications.request({ ...asked, documenti: [await uploaded(Buffer.from('%PDF-altro'))] }),
      taken,
    )
    await assert.rejects(notifications.request({ ...asked, ...reference() }), taken)
  })
})

test('an upload that failed leaves nothing that could be notified', async () => {
  for (const kind of ['drop-after', 'error-after'] as const) {
    await plan('send', 'carica', kind)
    await assert.rejects(uploaded(), UnknownOutcome)
  }
  await plan('send', 'prenota', 'error-before')
  await assert.rejects(uploaded(), Unavailable)
})

test('a request is judged after a while, and waits meanwhile', async () => {
  const request = await notifications.request(await newNotification())
  const waiting = await notifications.progressOf(request)
  assert.ok(waiting.stato === 'WAITING' && waiting.riprovaMs > 0)
  time += waiting.riprovaMs
  const progress = await notifications.progressOf(request)
  assert.match(progress.stato === 'ACCEPTED' ? progress.iun : '', /^[A-Z]{4}-[A-Z]{4}-[A-Z]{4}-202705-[A-Z]-1$/)
})

const refused: readonly (readonly [what: string, changed: () => Promise<Partial<NewNotification>>, code: string])[] = [
  [
    'a document that is no PDF',
    async () => ({ documenti: [await uploaded(Buffer.from('PK'))] }),
    'FILE_PDF_INVALID_ERROR',
  ],
  [
    'a document that nobody uploaded',
    async () => ({ documenti: [{ ...(await uploaded()), chiave: 'altro.pdf' }] }),
    'FILE_NOTFOUND',
  ],
  ['another version of it', async () => ({ documenti: [{ ...(await uploaded()), versione: '0' }] }), 'FILE_NOTFOUND'],
  [
    'a digest that is not of the bytes',
    async () => ({
      documenti: [{ ...(await uploaded()), impronta: (await uploaded(Buffer.from('%PDF-x'))).impronta }],
    }),
    'FILE_SHA_ERROR',
  ],
  ['a tax code of nobody', async () => to({ codiceFiscale: 'RSSMRA85C39G273I' }), 'TAXID_NOT_VALID'],
  ['a body without the check digit', async () => to({ tipo: 'PG', codiceFiscale: '02109990017' }), 'TAXID_NOT_VALID'],
  [
    'an address without postal code',
    async () => to({ indirizzo: { indirizzo: 'via Roma 1', comune: 'Prato' } }),
    'NOT_VALID_ADDRESS',
  ],
  ['no address at all', async () => to({ indirizzo: undefined }), 'ADDRESS_NOT_FOUND'],
]
for (const [what, changed, code] of refused)
  test(`refused with its reason: ${what}`, async () => {
    const request = await notifications.request(await newNotification(await changed()))
    time += 3 * MINUTE_MS
    const progress = await notifications.progressOf(request)
    assert.deepEqual(progress.stato === 'REFUSED' && progress.motivi.map(({ codice }) => codice), [code])
  })

for (const [what, changed] of [
  ['a subject that is too long', { oggetto: 'x'.repeat(135) }],
  ['a tax code of another shape', to({ codiceFiscale: 'rossi' })],
  ['a body with the code of a person', to({ tipo: 'PG' })],
  ['a name that Latin-1 has not', to({ nome: 'Владимир' })],
  ['a category that is none', { tassonomia: 'multa' }],
] as const satisfies readonly (readonly [string, Partial<NewNotification>])[])
  test(`not taken: ${what}`, async () => {
    const asked = await newNotification(changed)
    await assert.rejects(notifications.request(asked), { name: 'Refused', code: '400' })
    assert.equal(await countOf(asked.token), 0)
  })

test('by PEC it is delivered at once and has its effect after seven days; who reads sooner has it then', async () => {
  const [unread, read] = [
    await accepted(to({ domicilioDigitale: 'mario@pec.example' })),
    await accepted(to({ domicilioDigitale: 'mario@pec.example' })),
  ]
  time += 10 * MINUTE_MS
  assert.deepEqual(await statesOf(read), ['IN_VALIDATION', 'ACCEPTED', 'DELIVERING', 'DELIVERED'])
  assert.equal((await openAt(read)).status, 303)
  time += 8 * DAY_MS
  assert.deepEqual((await statesOf(read)).slice(3), ['DELIVERED', 'VIEWED'])
  const delivered = Date.parse((await reached(unread, 'DELIVERED')) ?? '')
  assert.equal(await reached(unread, 'EFFECTIVE_DATE'), new Date(delivered + 7 * DAY_MS).toISOString())
  assert.equal((await openAt(unread)).status, 303)
  assert.deepEqual((await statesOf(unread)).slice(3), ['DELIVERED', 'EFFECTIVE_DATE', 'VIEWED'])
})

test('a mail after nine in the evening counts from the next day', async () => {
  time = Date.parse('2027-06-01T19:30:00Z')
  const iun = await accepted(to({ domicilioDigitale: 'mario@pec.example' }))
  time += 9 * DAY_MS
  const delivered = Date.parse((await reached(iun, 'DELIVERED')) ?? '')
  assert.equal(await reached(iun, 'EFFECTIVE_DATE'), new Date(delivered + 8 * DAY_MS).toISOString())
})

test('a full mailbox is tried again after seven days, then fifteen run; so they do at once for one that is none', async () => {
  const [full, none] = [
    await accepted(to({ domicilioDigitale: 'piena@pec.example' })),
    await accepted(to({ domicilioDigitale: 'x@inesistente.example' })),
  ]
  time += 23 * DAY_MS
  for (const iun of [full, none]) {
    const given = Date.parse((await reached(iun, 'DELIVERED')) ?? '')
    assert.equal(await reached(iun, 'EFFECTIVE_DATE'), new Date(given + 15 * DAY_MS).toISOString())
  }
  const waited = async (iun: string) =>
    Date.parse((await reached(iun, 'DELIVERED')) ?? '') - Date.parse((await reached(iun, 'DELIVERING')) ?? '')
  assert.deepEqual([await waited(full), await waited(none)], [7 * DAY_MS, DAY_MS / 24])
})

test('by letter it has its effect ten days after; also when nobody lives there, unless the recipient has died', async () => {
  const at = (indirizzo: string) => to({ indirizzo: { ...HOME, indirizzo } })
  const [home, gone, dead] = [
    await accepted(),
    await accepted(at('via Irreperibile 1')),
    await accepted(at('via Deceduto 1')),
  ]
  time += 15 * DAY_MS
  const after = async (iun: string) => (await statesOf(iun)).slice(3)
  assert.deepEqual(await after(home), ['DELIVERED', 'EFFECTIVE_DATE'])
  assert.deepEqual(await after(gone), ['UNREACHABLE', 'EFFECTIVE_DATE'])
  assert.deepEqual(await after(dead), ['RETURNED_TO_SENDER'])
  const delivered = Date.parse((await reached(home, 'DELIVERED')) ?? '')
  assert.equal(await reached(home, 'EFFECTIVE_DATE'), new Date(delivered + 10 * DAY_MS).toISOString())
})

test('cancelling is keyed: a repeat cancels nothing more, and nobody can read it then', async () => {
  const iun = await accepted()
  await plan('send', 'annulla', 'drop-after')
  await assert.rejects(notifications.cancel(iun), UnknownOutcome)
  await notifications.cancel(iun)
  time += 30 * DAY_MS
  assert.equal((await statesOf(iun)).at(-1), 'CANCELLED')
  assert.equal((await openAt(iun)).status, 409)
  const lines = (await journal('send')).filter(({ operazione, iun: of }) => operazione === 'annullamento' && of === iun)
  assert.equal(lines.length, 1)
})

test('attestations are PDF; documents open on the page of the tester once the notice was read there', async () => {
  const iun = await accepted(to({ domicilioDigitale: 'mario@pec.example' }))
  time += 10 * MINUTE_MS
  const document = () => fetch(`${platforms.send.url}/notifiche/${iun}/documenti/0`)
  assert.equal((await document()).status, 404)
  await openAt(iun)
  assert.equal(await (await document()).text(), PDF.toString())
  const facts = await notifications.legalFacts(iun)
  assert.deepEqual(
    facts.map(({ categoria }) => categoria),
    ['SENDER_ACK', 'DIGITAL_DELIVERY', 'RECIPIENT_ACCESS'],
  )
  for (const fact of facts) {
    const { nome, content } = await notifications.download(iun, fact)
    assert.match(nome, /\.pdf$/)
    assert.equal(Buffer.from(content.subarray(0, 5)).toString(), '%PDF-')
  }
  const page = await (await fetch(`${platforms.send.url}/notifiche/${iun}`)).text()
  assert.match(page, /avvenuto accesso/)
  assert.match(await (await fetch(platforms.send.url)).text(), new RegExp(iun))
})

describe('streams', () => {
  const told = (events: readonly NoticeEvent[], iun: string) =>
    events.filter((one) => one.iun === iun).map(({ stato }) => stato)
  test('one is made once; it tells states in order, again until the next was asked for, and then never', async () => {
    const stream = await streams.open('prova')
    assert.equal(await streams.open('prova'), stream)
    const iun = await accepted(to({ domicilioDigitale: 'mario@pec.example' }))
    time += 10 * MINUTE_MS
    tokenTime += 10_000
    const first = await streams.events(stream, null)
    assert.deepEqual(told(first.events, iun), ['ACCEPTED', 'DELIVERING', 'DELIVERED'])
    assert.deepEqual((await streams.events(stream, null)).events, first.events)
    const last = first.events.at(-1)?.id ?? null
    assert.ok(first.riprovaMs > 0)
    assert.deepEqual((await streams.events(stream, last)).events, [])
    assert.deepEqual((await streams.events(stream, null)).events, [])
    time += 8 * DAY_MS
    const [effect] = (await streams.events(stream, last)).events.filter((one) => one.iun === iun)
    assert.deepEqual([effect?.stato, effect?.istante], ['EFFECTIVE_DATE', await reached(iun, 'EFFECTIVE_DATE')])
  })
  test('a refusal is told with its reasons, and has no IUN', async () => {
    const stream = await streams.open('rifiuti')
    const request = await notifications.request(await newNotification(to({ indirizzo: undefined })))
    time += 3 * MINUTE_MS
    const [event] = (await streams.events(stream, null)).events
    assert.deepEqual(
      [event?.richiesta, event?.iun, event?.stato, event?.motivi.map(({ codice }) => codice)],
      [request, null, 'REFUSED', ['ADDRESS_NOT_FOUND']],
    )
  })
  test('what is more than fifty is read at once; whoever looks too often waits as many milliseconds as are said', async () => {
    const stream = await streams.open('molti')
    for (let n = 0; n < 17; n++)
      await notifications.request(await newNotification(to({ domicilioDigitale: 'm@pec.example' })))
    time += 20 * MINUTE_MS
    tokenTime += 10_000
    const first = await streams.events(stream, null)
    assert.deepEqual([first.events.length, first.riprovaMs], [50, 0])
    assert.equal((await streams.events(stream, first.events.at(-1)?.id ?? null)).events.length, 1)
    for (let n = 0; n < 8; n++) await streams.events(stream, null)
    assert.deepEqual(await streams.events(stream, null), { events: [], riprovaMs: 1_000 })
    tokenTime += 1_000
    assert.equal((await streams.events(stream, null)).events.length, 1)
  })
  test('what was asked for is acknowledged even when the answer is lost', async () => {
    const stream = await streams.open('perso')
    await accepted()
    const { events } = await streams.events(stream, null)
    await plan('send', 'eventi', 'drop-after')
    await assert.rejects(streams.events(stream, events[0]?.id ?? null), UnknownOutcome)
    assert.deepEqual((await streams.events(stream, null)).events, events.slice(1))
  })
  test('one that nobody made is told', async () => {
    await assert.rejects(streams.events(crypto.randomUUID(), null), { name: 'Refused', code: '404' })
  })
})

test('a key with PDND wants a voucher, one without does not bear it', async () => {
  const withKey = (chiave: string, finalita: string | null) =>
    notificationPlatform({ ...platforms.send, chiave, finalita, exchange })
  const { chiave, finalita } = platforms.send
  const iun = await accepted()
  assert.equal((await withKey(chiave, finalita).read(iun)).iun, iun)
  assert.equal((await withKey(KEY_WITHOUT_PDND, null).read(iun)).iun, iun)
  for (const [key, purpose] of [
    [KEY_WITHOUT_PDND, finalita],
    [chiave, null],
    ['altra', finalita],
  ] as const) {
    // A voucher that was kept may have been revoked: another is worth an attempt.
    await assert.rejects(withKey(key, purpose).read(iun))
    await assert.rejects(withKey(key, purpose).read(iun), Refused)
  }
})

test('documents leave for no address that others can listen to', async () => {
  const tampering = {
    answer: (told: { status: number; headers: Readonly<Record<string, string>>; body: string }) => ({
      ...told,
      body: told.body.replaceAll('"url":"http://127.0.0.1', '"url":"http://altrove.example'),
    }),
  }
  const ask = (url: string) =>
    assert.rejects(
      notificationPlatform({ ...platforms.send, url, exchange }).upload([{ titolo: 'atto', content: PDF }]),
      UnknownOutcome,
    )
  await exchangesWith(platforms.send.url, ask, tampering)
})

test('what is said is what SEND describes', { skip: withoutSpecs }, async () => {
  const api = officialApi('send/api-external-b2b-pa-bundle.yaml')
  const body = await newNotification({
    avviso: { numeroAvviso: '301000000000000999', importo: 2600 },
    ...to({ domicilioDigitale: 'mario@pec.example' }),
  })
  const byLetter = await newNotification(to({ indirizzo: { ...HOME, presso: 'Bianchi' } }))
  const gone = await newNotification(to({ indirizzo: { ...HOME, indirizzo: 'via Irreperibile 1' } }))
  const dead = await newNotification(to({ indirizzo: { ...HOME, indirizzo: 'via Deceduto 1' } }))
  const wrong = await newNotification(to({ codiceFiscale: 'RSSMRA85C39G273I' }))
  const said = await exchangesWith(platforms.send.url, async (url) => {
    const service = { ...platforms.send, url, exchange }
    const client = notificationPlatform(service)
    const watched = noticeStreams({ ...service, gruppo: 'iter' })
    const stream = await watched.open('descritto')
    await watched.open('descritto')
    await watched.events(stream, null)
    const all = noticeStreams(service)
    const everything = await all.open('tutto')
    await client.upload([{ titolo: 'atto.pdf', content: PDF }])
    const first = await client.request(body)
    await client.request(body)
    const costs = { spese: 100, iva: 22, aggiornamento: 'ASYNC' } as const
    const charged = await newNotification({ avviso: { numeroAvviso: '301000000000000998', importo: 2600 } })
    await notificationPlatform({ ...service, gruppo: 'iter', costi: costs }).request(charged)
    const others = [byLetter, gone, dead, wrong]
    const requests = [first]
    for (const other of others) requests.push(await client.request(other))
    await client.progressOf(first)
    time += 3 * MINUTE_MS
    for (const request of requests) {
      const progress = await client.progressOf(request)
      if (progress.stato !== 'ACCEPTED') continue
      if (request === first) await openAt(progress.iun)
    }
    time += 20 * DAY_MS
    for (const request of requests) {
      const progress = await client.progressOf(request)
      if (progress.stato !== 'ACCEPTED') continue
      await client.read(progress.iun)
      for (const fact of await client.legalFacts(progress.iun)) await client.download(progress.iun, fact)
      if (request === first) await client.cancel(progress.iun)
      await client.cancel(progress.iun)
      await client.read(progress.iun)
    }
    const { events } = await all.events(everything, null)
    await all.events(everything, events.at(-1)?.id ?? null)
    for (let n = 0; n < 10; n++) await all.events(everything, null)
    await assert.rejects(client.read('AAAA-AAAA-AAAA-202705-A-1'))
    await assert.rejects(all.events(crypto.randomUUID(), null))
    await assert.rejects(client.request({ ...body, ...reference(), documenti: [] as never }))
  })
  const isFile = ({ path }: { path: string }) => path.startsWith('/atti/')
  // Reading what is none answers 404, which is not described for that operation.
  assert.deepEqual(said.filter((one) => !isFile(one)).flatMap(api.faults), [
    'GET /delivery/v2.9/notifications/sent/{iun} 404: not described',
    'POST /delivery/v2.6/requests body.documents: too few',
  ])
})
