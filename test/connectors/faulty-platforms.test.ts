/**
 * pagoPA, SEND and the signing services, each operation of each port: that its platform's file describes it, and what becomes of it in
 * every kind of trouble. A new operation, kind of trouble or address of a sandbox that is missing here does not compile, or fails by name.
 */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { EffectClass } from '../../connectors/effect.ts'
import { Unavailable } from '../../connectors/effect.ts'
import { type Fault, faultSchema } from '../../connectors/faults.ts'
import { signingService } from '../../connectors/firma/client.ts'
import { sha256 } from '../../connectors/firma/cms.ts'
import { ARSS_OPERATIONS, ARSS_PATH, arssAt } from '../../connectors/firma/sandbox/arss.ts'
import { CSC_V1 } from '../../connectors/firma/sandbox/csc-v1.ts'
import { soapOf } from '../../connectors/firma/soap.ts'
import {
  CSC_PROTOCOLS,
  type ServiceSettings,
  type SigningService,
  signingEffects,
} from '../../connectors/firma/types.ts'
import { checkout } from '../../connectors/pagopa/checkout.ts'
import { debtPositions, GPD_VERSIONS } from '../../connectors/pagopa/client.ts'
import { flows } from '../../connectors/pagopa/flows.ts'
import { notices } from '../../connectors/pagopa/notices.ts'
import { receipts } from '../../connectors/pagopa/receipts.ts'
import { ROUTES as PAGOPA_ROUTES } from '../../connectors/pagopa/sandbox.ts'
import {
  type Checkout,
  checkoutEffects,
  type Flows,
  flowsEffects,
  type Notices,
  noticesEffects,
  type PaymentPositions,
  paymentPositionsEffects,
  type Receipts,
  receiptsEffects,
} from '../../connectors/pagopa/types.ts'
import { pdnd } from '../../connectors/pdnd/client.ts'
import { json } from '../../connectors/sandbox.ts'
import { notificationPlatform } from '../../connectors/send/client.ts'
import { ROUTES as SEND_ROUTES } from '../../connectors/send/sandbox.ts'
import { noticeStreams } from '../../connectors/send/streams.ts'
import {
  type NewNotification,
  type NoticeStreams,
  type NotificationPlatform,
  noticeStreamsEffects,
  notificationEffects,
} from '../../connectors/send/types.ts'
import type { XmlNode } from '../../connectors/xml.ts'
import { withoutSpecs } from './official-api.ts'
import { contractFaults, LEFT_OUT } from './official-contract.ts'
import { owedTo } from './owed.ts'
import { openPlatforms } from './platforms.ts'

const MORNING = Date.parse('2027-05-06T08:00:00Z')
const SECOND = 1000
let time = MORNING
let tokenTime = Date.now()

/** Where a call stands still until it is let go on; its client has given up by then. */
interface Gate {
  readonly operation: string
  readonly moment: 'received' | 'applied'
  readonly reached: PromiseWithResolvers<void>
  readonly open: PromiseWithResolvers<void>
  readonly left: PromiseWithResolvers<void>
}
let gate: Gate | undefined
const opened = await openPlatforms({
  now: () => time,
  tokenNow: () => tokenTime,
  async observe(_platform, moment, operation) {
    if (gate?.operation !== operation) return
    if (moment === 'answered') gate.left.resolve()
    if (moment !== gate.moment) return
    gate.reached.resolve()
    await gate.open.promise
  },
})
const { pagopa, send, firma } = opened.platforms
const exchange = pdnd(opened.platforms.pdnd, () => tokenTime)
const pause = async (ms: number): Promise<void> => {
  tokenTime += ms
}
after(() => opened[Symbol.asyncDispose]())

type Client<Port> = (timeoutMs?: number) => Port
/** One operation: how a fresh case of it is asked for, again and again. */
interface Case {
  /** The sandbox's operation that fails. */
  readonly operation: string
  /** Which lines of the sandbox's journal are its effect. */
  readonly effect?: (line: Readonly<Record<string, unknown>>) => boolean
  readonly arrange: () => Promise<(timeoutMs?: number) => Promise<unknown>>
  /** What is not told as trouble, but as an answer that the port has for it. */
  readonly answered?: Partial<Record<Fault['kind'], unknown>>
}
const line = (operazione: string) => (entry: Readonly<Record<string, unknown>>) => entry.operazione === operazione

interface PortUnderTest {
  readonly name: string
  readonly platform: 'pagopa' | 'send' | 'firma'
  readonly effects: Readonly<Record<string, EffectClass>>
  readonly cases: Readonly<Record<string, Case>>
  /** What its platform says, refusing one call too many with seven seconds to wait, of when to come again; milliseconds. */
  readonly retryInMs: number | null
}

const { newPosition, pay, sendFlows } = owedTo(pagopa)
const paid = async () => {
  const asked = newPosition()
  await debtPositions(pagopa).create(asked)
  await pay(asked.numeroAvviso)
  return { iupd: asked.iupd, iuv: asked.numeroAvviso.slice(1) }
}
const sentFlow = async () => {
  await paid()
  time += SECOND
  await sendFlows()
  return (await flows(pagopa, pause).published('2027-05-06T00:00:00Z')).at(-1)!
}

const positionsWith = (gpd: keyof typeof GPD_VERSIONS): PortUnderTest => {
  const client: Client<PaymentPositions> = (timeoutMs) => debtPositions({ ...pagopa, gpd, timeoutMs })
  return {
    ...{ name: `positions, GPD ${gpd}`, platform: 'pagopa', effects: paymentPositionsEffects, retryInMs: 7 * SECOND },
    cases: {
      create: {
        ...{ operation: 'crea', effect: line('posizione') },
        async arrange() {
          const asked = newPosition()
          return (timeoutMs) => client(timeoutMs).create(asked)
        },
      },
      find: {
        operation: 'leggi',
        async arrange() {
          const { iupd } = await paid()
          return (timeoutMs) => client(timeoutMs).find(iupd)
        },
      },
      cancel: {
        operation: 'annulla',
        effect: (entry) => line('annullata')(entry) || line('invalidata')(entry),
        async arrange() {
          const asked = newPosition()
          await client().create(asked)
          return (timeoutMs) => client(timeoutMs).cancel(asked.iupd)
        },
      },
    } satisfies Record<keyof PaymentPositions, Case>,
  }
}

const receiptsOf: Client<Receipts> = (timeoutMs) => receipts({ ...pagopa, timeoutMs })
const receiptsPort: PortUnderTest = {
  ...{ name: 'receipts', platform: 'pagopa', effects: receiptsEffects, retryInMs: 7 * SECOND },
  cases: {
    byIuv: {
      operation: 'ricevuta',
      answered: { unprocessable: null },
      async arrange() {
        const { iuv } = await paid()
        return (timeoutMs) => receiptsOf(timeoutMs).byIuv(iuv)
      },
    },
    byIur: {
      operation: 'pagamento',
      async arrange() {
        const { iuv } = await paid()
        const iur = (await receiptsOf().byIuv(iuv))!.idRicevuta
        return (timeoutMs) => {
          tokenTime += 5 * SECOND
          return receiptsOf(timeoutMs).byIur({ iur, iuv })
        }
      },
    },
    list: {
      operation: 'ricevute',
      async arrange() {
        return (timeoutMs) => receiptsOf(timeoutMs).list({ dal: '2027-05-06', al: '2027-05-06' })
      },
    },
  } satisfies Record<keyof Receipts, Case>,
}

const flowsOf: Client<Flows> = (timeoutMs) => {
  // What was given up on is taken later all the same, and counted then.
  tokenTime += SECOND
  return flows({ ...pagopa, timeoutMs }, pause)
}
const flowsPort: PortUnderTest = {
  ...{ name: 'flows', platform: 'pagopa', effects: flowsEffects, retryInMs: 7 * SECOND },
  cases: {
    published: {
      operation: 'flussi',
      arrange: async () => (timeoutMs) => flowsOf(timeoutMs).published('2027-05-06T00:00:00Z'),
    },
    find: {
      operation: 'flusso',
      async arrange() {
        const flow = await sentFlow()
        return (timeoutMs) => flowsOf(timeoutMs).find(flow)
      },
    },
    payments: {
      operation: 'righe',
      async arrange() {
        const flow = await sentFlow()
        return (timeoutMs) => flowsOf(timeoutMs).payments(flow)
      },
    },
  } satisfies Record<keyof Flows, Case>,
}

const ritorno = { pagato: 'https://c.example/1', annullato: 'https://c.example/2', errore: 'https://c.example/3' }
const checkoutPort: PortUnderTest = {
  ...{ name: 'checkout', platform: 'pagopa', effects: checkoutEffects, retryInMs: 7 * SECOND },
  cases: {
    open: {
      operation: 'carrello',
      async arrange() {
        const { numeroAvviso, oggetto } = newPosition()
        const cart = { avvisi: [{ numeroAvviso, importo: 7800, oggetto }], ritorno, email: 'lucia@posta.example' }
        return (timeoutMs) => checkout({ ...pagopa, timeoutMs }).open(cart)
      },
    },
  } satisfies Record<keyof Checkout, Case>,
}

const noticesPort: PortUnderTest = {
  ...{ name: 'printed notices', platform: 'pagopa', effects: noticesEffects, retryInMs: 7 * SECOND },
  cases: {
    print: {
      operation: 'stampa',
      async arrange() {
        const indirizzo = { via: 'Via Roma', civico: '1', cap: '00000', comune: 'Esempio', provincia: 'EE' }
        const { numeroAvviso, oggetto, debitore } = newPosition()
        const asked = {
          numeroAvviso,
          importo: 7800,
          oggetto,
          scadenza: '2027-05-21',
          debitore: { ...debitore, indirizzo },
        }
        return (timeoutMs) => notices({ ...pagopa, timeoutMs }).print(asked)
      },
    },
  } satisfies Record<keyof Notices, Case>,
}

const PDF = Buffer.from('%PDF-1.7 atto')
let sent = 0
const sending: Client<NotificationPlatform> = (timeoutMs) =>
  notificationPlatform({ ...send, exchange, ...(timeoutMs !== undefined && { timeoutMs }) })
const notification = async (): Promise<NewNotification> => {
  const [document] = await sending().upload([{ titolo: 'atto.pdf', content: PDF }])
  const indirizzo = { indirizzo: 'via Libertà 12', cap: '90139', comune: 'Palermo', provincia: 'PA' }
  return {
    ...{ protocollo: `${++sent}/2027`, token: `g-${sent}/notifica/1`, oggetto: 'Concessione di suolo pubblico' },
    ...{ tassonomia: '010202N', raccomandata: 'AR', documenti: [document!] },
    destinatario: { tipo: 'PF', codiceFiscale: 'RSSMRA85C01G273I', nome: 'Mario Rossi', indirizzo },
  }
}
async function accepted(): Promise<string> {
  const request = await sending().request(await notification())
  time += 180 * SECOND
  const progress = await sending().progressOf(request)
  return progress.stato === 'ACCEPTED' ? progress.iun : assert.fail(progress.stato)
}
const sendPort: PortUnderTest = {
  ...{ name: 'SEND', platform: 'send', effects: notificationEffects, retryInMs: null },
  cases: {
    upload: {
      operation: 'prenota',
      arrange: async () => (timeoutMs) => sending(timeoutMs).upload([{ titolo: 'atto.pdf', content: PDF }]),
    },
    request: {
      ...{ operation: 'richiedi', effect: line('richiesta') },
      async arrange() {
        const asked = await notification()
        return (timeoutMs) => sending(timeoutMs).request(asked)
      },
    },
    progressOf: {
      operation: 'stato',
      async arrange() {
        const request = await sending().request(await notification())
        return (timeoutMs) => sending(timeoutMs).progressOf(request)
      },
    },
    read: {
      operation: 'leggi',
      async arrange() {
        const iun = await accepted()
        return (timeoutMs) => sending(timeoutMs).read(iun)
      },
    },
    legalFacts: {
      operation: 'atti',
      async arrange() {
        const iun = await accepted()
        return (timeoutMs) => sending(timeoutMs).legalFacts(iun)
      },
    },
    download: {
      operation: 'atto',
      async arrange() {
        const iun = await accepted()
        const [fact] = await sending().legalFacts(iun)
        return (timeoutMs) => sending(timeoutMs).download(iun, fact!)
      },
    },
    cancel: {
      ...{ operation: 'annulla', effect: line('annullamento') },
      async arrange() {
        const iun = await accepted()
        return (timeoutMs) => sending(timeoutMs).cancel(iun)
      },
    },
  } satisfies Record<keyof NotificationPlatform, Case>,
}

const streamsWith: Client<NoticeStreams> = (timeoutMs) =>
  noticeStreams({ ...send, exchange, ...(timeoutMs !== undefined && { timeoutMs }) })
let streams = 0
const streamsPort: PortUnderTest = {
  ...{ name: "SEND's streams", platform: 'send', effects: noticeStreamsEffects, retryInMs: null },
  cases: {
    open: {
      ...{ operation: 'flusso', effect: line('flusso') },
      async arrange() {
        const title = `prova ${++streams}`
        return (timeoutMs) => streamsWith(timeoutMs).open(title)
      },
    },
    events: {
      operation: 'eventi',
      // Looking too often is nothing that has failed: milliseconds, unlike elsewhere.
      answered: { 'too-many': { events: [], riprovaMs: 7 * SECOND } },
      async arrange() {
        const stream = await streamsWith().open('eventi')
        return (timeoutMs) => {
          tokenTime += SECOND
          return streamsWith(timeoutMs).events(stream, null)
        }
      },
    },
  } satisfies Record<keyof NoticeStreams, Case>,
}

const SIGNING_OPERATIONS = {
  'csc-v1': { credentialOf: 'credentials/info', sendOtp: 'credentials/sendOTP', sign: 'signatures/signHash' },
  'csc-v2': { credentialOf: 'credentials/list', sendOtp: 'credentials/getChallenge', sign: 'signatures/signHash' },
  arss: { credentialOf: 'listCert', sendOtp: 'sendCredential', sign: 'signhash' },
} as const satisfies Record<ServiceSettings['protocollo'], Record<keyof SigningService, string>>
const kind = (what: string) => (entry: Readonly<Record<string, unknown>>) => entry.kind === what
let hashes = 0
const newHash = () => sha256(Buffer.from(`atto ${++hashes}`))

const signingPort = (settings: ServiceSettings): PortUnderTest => {
  const operations = SIGNING_OPERATIONS[settings.protocollo]
  const client: Client<SigningService> = (timeoutMs) => signingService({ ...settings, ...(timeoutMs && { timeoutMs }) })
  return {
    ...{
      name: `signatures, ${settings.protocollo}`,
      platform: 'firma',
      effects: signingEffects,
      retryInMs: 7 * SECOND,
    },
    cases: {
      credentialOf: {
        operation: operations.credentialOf,
        arrange: async () => (timeoutMs) => client(timeoutMs).credentialOf('dina.dirigente'),
      },
      sendOtp: {
        ...{ operation: operations.sendOtp, effect: kind('otp') },
        arrange: async () => async (timeoutMs) => {
          const service = client(timeoutMs)
          await service.sendOtp((await service.credentialOf('dina.dirigente')).id)
        },
      },
      sign: {
        ...{ operation: operations.sign, effect: kind('signed') },
        async arrange() {
          const signed = [newHash()]
          return async (timeoutMs) => {
            const service = client(timeoutMs)
            return service.sign({ credential: await service.credentialOf('ente'), hashes: signed })
          }
        },
      },
    } satisfies Record<keyof SigningService, Case>,
  }
}
assert.ok(firma.protocollo !== 'arss')
const csc = firma

const PORTS: readonly PortUnderTest[] = [
  ...[positionsWith('v1'), positionsWith('v3'), receiptsPort, flowsPort, checkoutPort, noticesPort],
  ...[sendPort, streamsPort],
  ...CSC_PROTOCOLS.map((protocollo) => signingPort({ ...csc, protocollo })),
  signingPort(arssAt(csc.url)),
]

/** What the caller is told; whether it was done all the same; where a call that is given up stands still. */
interface Trouble {
  readonly failure: 'Unavailable' | 'UnknownOutcome' | 'Refused'
  readonly isDone: boolean
  readonly stopsAt?: Gate['moment']
}
const TROUBLES: Readonly<Record<Fault['kind'], Trouble>> = {
  'error-before': { failure: 'Unavailable', isDone: false },
  'too-many': { failure: 'Unavailable', isDone: false },
  unprocessable: { failure: 'Refused', isDone: false },
  'error-after': { failure: 'UnknownOutcome', isDone: true },
  'drop-after': { failure: 'UnknownOutcome', isDone: true },
  'delay-before': { failure: 'UnknownOutcome', isDone: false, stopsAt: 'received' },
  'delay-after': { failure: 'UnknownOutcome', isDone: true, stopsAt: 'applied' },
}
const PATIENCE_MS = 300
const ATTEMPTS_MAX = 20

/** Gives up on a call that the platform has taken; a machine that is busy may take it too late, which is none. */
async function giveUp(operation: string, moment: Gate['moment'], ask: (timeoutMs: number) => Promise<unknown>) {
  let isReached = false
  const [reached, open, left] = [0, 1, 2].map(() => Promise.withResolvers<void>()) as [
    Gate['open'],
    Gate['open'],
    Gate['open'],
  ]
  gate = { operation, moment, reached, open, left }
  void reached.promise.then(() => {
    isReached = true
  })
  for (let attempt = 0; attempt < ATTEMPTS_MAX && !isReached; attempt++)
    await assert.rejects(ask(PATIENCE_MS), { name: 'UnknownOutcome' })
  assert.ok(isReached, `${operation} was never received`)
  return async () => {
    open.resolve()
    await left.promise
    gate = undefined
  }
}

for (const { name, platform, effects, cases, retryInMs } of PORTS)
  describe(name, () => {
    test('every operation of the port is tried', () => {
      assert.deepEqual(Object.keys(cases).sort(), Object.keys(effects).sort())
    })
    for (const [method, { operation, arrange, effect, answered = {} }] of Object.entries(cases))
      for (const kind of faultSchema.shape.kind.options)
        test(`${method}, ${kind}: told for what it is, and a repeat does nothing twice`, async () => {
          const { failure, isDone, stopsAt } = TROUBLES[kind]
          const done = async () => (effect ? (await opened.journal(platform)).filter(effect).length : 0)
          const ask = await arrange()
          const before = await done()
          if (stopsAt) {
            const goOn = await giveUp(operation, stopsAt, ask)
            assert.equal(await done(), before + (effect && isDone ? 1 : 0))
            // What was given up on before it was done is done later all the same: the worst that can happen.
            await goOn()
          } else {
            const body = JSON.stringify({ operation, kind, delayMs: 7 * SECOND })
            await fetch(`${opened.platforms[platform].url}/_sandbox/faults`, { method: 'POST', body })
            if (kind in answered) assert.deepEqual(await ask(), answered[kind])
            else
              await assert.rejects(ask(), (error) => {
                assert.ok(error instanceof Error)
                assert.equal(error.name, failure, String(error))
                if (kind === 'too-many') assert.equal(error instanceof Unavailable && error.retryInMs, retryInMs)
                if (kind === 'unprocessable') assert.equal('code' in error && error.code, '422')
                return true
              })
            assert.equal(await done(), before + (effect && isDone ? 1 : 0))
          }
          const isThere = isDone || stopsAt !== undefined
          await ask()
          const again = effects[method] === 'neither' && isThere ? 1 : 0
          assert.equal(await done(), before + (effect ? 1 + again : 0))
        })
  })

/** Of each address of a sandbox that programs ask, one that leads nowhere. */
const NOWHERE: Readonly<Record<'pagopa' | 'send' | 'firma', readonly (readonly [method: string, path: string])[]>> = {
  pagopa: [
    ...(['v1', 'v3'] as const).flatMap((version) => {
      const positions = `${GPD_VERSIONS[version].path}/organizations/00337360978/debtpositions`
      return [
        ...([
          ['POST', positions],
          ['GET', `${positions}/nessuna`],
          ['DELETE', `${positions}/nessuna`],
        ] as const),
        ['POST', `${positions}/nessuna/publish`] as const,
        ...(version === 'v1'
          ? ([
              ['POST', `${positions}/nessuna/invalidate`],
              ['PATCH', `${positions}/transfers`],
            ] as const)
          : []),
      ]
    }),
    ['GET', '/gpd/payments-receipts-service/v1/payments/00337360978/receipts?from=2021-01-01&to=2020-01-01'],
    ['GET', '/gpd/payments-receipts-service/v1/payments/00337360978/receipts/01000000000000144'],
    ['GET', '/bizevents/service/v1/organizations/00337360978/receipts/a/paymentoptions/b'],
    ['GET', '/fdr-org/service/v1/organizations/00337360978/fdrs?page=0'],
    ['GET', '/fdr-org/service/v1/organizations/00337360978/fdrs/a/revisions/1/psps/b'],
    ['GET', '/fdr-org/service/v1/organizations/00337360978/fdrs/a/revisions/1/psps/b/payments'],
    ['POST', '/checkout/ec/v1/carts'],
    ['POST', '/print-payment-notice-service/external/v1/notices/generate'],
  ],
  send: [
    ['POST', '/delivery/attachments/preload'],
    ['PUT', '/documenti/nessuno.pdf'],
    ['POST', '/delivery/v2.6/requests'],
    ['GET', '/delivery/v2.6/requests'],
    ['GET', '/delivery/v2.6/requests?notificationRequestId=nessuna'],
    ['GET', '/delivery/v2.9/notifications/sent/AAAA-AAAA-AAAA-202705-A-1'],
    ['PUT', '/delivery-push/v2.0/notifications/cancel/AAAA-AAAA-AAAA-202705-A-1'],
    ['GET', '/delivery-push/v2.0/AAAA-AAAA-AAAA-202705-A-1/legal-facts'],
    ['GET', '/delivery-push/AAAA-AAAA-AAAA-202705-A-1/download/legal-facts/nessuno.pdf'],
    ['GET', '/atti/AAAA-AAAA-AAAA-202705-A-1/nessuno.pdf'],
    ['POST', '/delivery-progresses/v2.9/streams'],
    ['GET', '/delivery-progresses/v2.9/streams'],
    ['GET', `/delivery-progresses/v2.9/streams/${crypto.randomUUID()}/events`],
  ],
  firma: Object.keys(CSC_V1).map((operation) => ['POST', `/csc/v1/${operation}`] as const),
}

/** Fits the addresses that programs ask for, without those of people. */
interface Address {
  readonly method: string
  readonly path: RegExp
}
const ADDRESSES: Readonly<Record<keyof typeof NOWHERE, readonly Address[]>> = {
  pagopa: PAGOPA_ROUTES.filter(({ door }) => door !== 'people'),
  send: SEND_ROUTES.filter(({ by }) => by !== 'persone'),
  firma: [...Object.keys(CSC_V1).map((operation) => ({ method: 'POST', path: new RegExp(`^/csc/v1/${operation}$`) }))],
}
const askedAt = ({ method, path }: Address, said: readonly { method: string; pathname: string; status: number }[]) =>
  said.filter((one) => one.method === method && path.test(one.pathname)).map(({ status }) => status)

test('what no port asks for: drafts are published and deleted, another account takes the place of one', async () => {
  const headers = { 'Ocp-Apim-Subscription-Key': pagopa.chiave, 'content-type': 'application/json' }
  for (const version of ['v1', 'v3'] as const) {
    const positions = `${pagopa.url}${GPD_VERSIONS[version].path}/organizations/${pagopa.ente.codiceFiscale}/debtpositions`
    const draft = { ...GPD_VERSIONS[version].bodyOf(newPosition(), pagopa.ente), iupd: `bozza-${version}` }
    const call = async (method: string, path: string, body?: object) =>
      (await fetch(`${positions}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })).status
    assert.equal(await call('POST', '?toPublish=false', draft), 201)
    assert.equal(await call('POST', `/bozza-${version}/publish`), 200)
    assert.equal(await call('DELETE', `/bozza-${version}`), 200)
    if (version === 'v1') {
      const newIban = 'IT60X0542811101000000654321'
      assert.equal(await call('PATCH', `/transfers?oldIban=${pagopa.iban}`, { newIban }), 200)
    }
  }
})

test('a session is opened and closed for several hashes', async () => {
  const service = signingService(arssAt(csc.url))
  const outcomes = await service.sign({
    credential: await service.credentialOf('ente'),
    hashes: [newHash(), newHash()],
  })
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['signed', 'signed'],
  )
})

const WRONG_KEYS: Readonly<Record<string, string>> = {
  ...{ 'Ocp-Apim-Subscription-Key': 'altra', 'x-api-key': 'altra', authorization: 'Bearer x' },
}

for (const platform of ['pagopa', 'send', 'firma'] as const)
  test(`${platform}: without a key, with a wrong one, and what leads nowhere is refused at every address`, async () => {
    const { chiave } = platform === 'send' ? send : pagopa
    const voucher = await exchange.voucher(send.finalita!)
    const known: Readonly<Record<typeof platform, Readonly<Record<string, string>>>> = {
      pagopa: { 'Ocp-Apim-Subscription-Key': chiave },
      send: { 'x-api-key': chiave, authorization: voucher.authorization },
      firma: { authorization: `Bearer ${csc.token}` },
    }
    for (const [method, path] of NOWHERE[platform]) {
      const ask = async (address: string, headers: Readonly<Record<string, string>>) => {
        const body = method === 'GET' ? {} : { body: '{}' }
        const all = { ...headers, 'content-type': 'application/json' }
        return (await fetch(`${opened.platforms[platform].url}${address}`, { method, headers: all, ...body })).status
      }
      for (const headers of [{}, WRONG_KEYS])
        assert.ok([401, 403, 404].includes(await ask(path, headers)), `${method} ${path}`)
      if (path.includes('00337360978'))
        assert.equal(await ask(path.replace('00337360978', '00000000000'), known[platform]), 403)
      const isList = path === '/delivery-progresses/v2.9/streams' && method === 'GET'
      tokenTime += 5 * SECOND
      const status = await ask(path, known[platform])
      assert.ok(isList ? status === 200 : status >= 400 && status < 500, `${method} ${path} ${status}`)
    }
  })

test('every address that programs ask was asked, and answered by what its file describes, well and ill', () => {
  for (const [platform, addresses] of Object.entries(ADDRESSES) as [keyof typeof ADDRESSES, readonly Address[]][])
    for (const address of addresses) {
      const statuses = askedAt(address, opened.said(platform))
      assert.ok(
        statuses.some((status) => status < 400),
        `${address.method} ${address.path} was never answered well`,
      )
      assert.ok(
        statuses.some((status) => status >= 400 && status < 500),
        `${address.method} ${address.path} never refused`,
      )
    }
})

test('every operation of ARSS was asked', async () => {
  const asked = new Set((await opened.calls('firma')).map(({ operation }) => operation))
  assert.deepEqual(
    Object.keys(ARSS_OPERATIONS).filter((operation) => !asked.has(operation)),
    [],
  )
  assert.ok(opened.said('firma').some(({ pathname }) => pathname === ARSS_PATH))
})

test('what was said was compared with the files, whose omissions are all of those that are named', {
  skip: withoutSpecs,
}, () => {
  assert.deepEqual([...opened.leftOut()].sort(), LEFT_OUT.map(([, why]) => why).sort())
})

const PDF_LIKE = { status: 200, type: 'application/pdf', body: '%PDF' } as const
for (const [what, platform, path, answer] of [
  [
    'a position without its parts',
    'pagopa',
    '/gpd/debt-positions-service/v3/organizations/00337360978/debtpositions/x',
    json(200, { paymentOption: [1] }),
  ],
  ['a status that is not described', 'pagopa', '/fdr-org/service/v1/organizations/00337360978/fdrs', json(202, {})],
  ['an address that no file has', 'pagopa', '/gpd/debt-positions-service/v9/organizations', json(200, {})],
  ['an operation that the file has not', 'pagopa', '/gpd/debt-positions-service/v3/altro', json(404, {})],
  ['another type', 'send', '/delivery/v2.9/notifications/sent/AAAA-AAAA-AAAA-202705-A-1', PDF_LIKE],
  ['no list', 'send', '/delivery-progresses/v2.9/streams', json(200, {})],
  ['a body that is not described', 'firma', '/csc/v1/credentials/list', json(200, { credentialIDs: [] })],
] as const)
  test(`the comparing is not blind: ${what}`, { skip: withoutSpecs }, () => {
    const call = { method: 'GET', url: new URL(path, 'http://sandbox'), headers: {}, body: Buffer.alloc(0) }
    assert.notDeepEqual(contractFaults(platform, call, answer).faults, [])
  })

test("the comparing is not blind: another's answer, and a wrong one, of ARSS", { skip: withoutSpecs }, () => {
  const envelope = (operation: string, content: readonly XmlNode[]) => Buffer.from(soapOf(operation, content))
  const told = (operation: string, content: readonly XmlNode[]) => {
    const call = {
      method: 'POST',
      url: new URL(ARSS_PATH, 'http://sandbox'),
      headers: {},
      body: envelope('signhash', [['SignHashRequest', [['requirecert', 'false']]]]),
    }
    return contractFaults('firma', call, { status: 200, type: 'text/xml', body: soapOf(operation, content) }).faults
  }
  assert.deepEqual(told('signhashResponse', [['return', [['status', 'OK']]]]), [])
  assert.notDeepEqual(told('opensessionResponse', [['return', 'x']]), [])
  assert.notDeepEqual(
    told('signhashResponse', [
      [
        'return',
        [
          ['status', 'OK'],
          ['signature', 'AA=='],
        ],
      ],
    ]),
    [],
  )
  assert.notDeepEqual(told('signhashResponse', [['return', [['signature', 'non è base64']]]]), [])
})
