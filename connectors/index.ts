/** The connectors a town's workers use, built from how its platforms are reached. */
import { noticeBoard } from './albo/client.ts'
import type { NoticeBoard } from './albo/types.ts'
import { populationRegister } from './anagrafe/client.ts'
import type { PopulationRegister } from './anagrafe/types.ts'
import { nationalRegister } from './anpr/client.ts'
import type { NationalRegister } from './anpr/types.ts'
import { archive } from './conservazione/client.ts'
import type { Archive } from './conservazione/types.ts'
import type { Accounts } from './contabilita/accounts.ts'
import { documentWriter } from './documento/client.ts'
import type { DocumentWriter } from './documento/types.ts'
import type { DocumentStore } from './documents/store.ts'
import type { EmergencyRegister } from './emergenza/register.ts'
import { signingService } from './firma/client.ts'
import { type DocumentSigner, documentSigner } from './firma/signer.ts'
import { timestampAuthority } from './firma/timestamp.ts'
import { townMap } from './gis/client.ts'
import type { TownMap } from './gis/types.ts'
import { digitalDomiciles } from './inad/client.ts'
import type { DigitalDomiciles } from './inad/types.ts'
import { appIo } from './io/client.ts'
import type { AppIo } from './io/types.ts'
import type { Ledger } from './ledger/ledger.ts'
import { mailSender } from './mail/client.ts'
import type { MailSender } from './mail/types.ts'
import type { AwaitedPayments } from './pagopa/awaited.ts'
import { checkout } from './pagopa/checkout.ts'
import { debtPositions } from './pagopa/client.ts'
import { flows } from './pagopa/flows.ts'
import { notices } from './pagopa/notices.ts'
import { type Pause, realPause } from './pagopa/pace.ts'
import { receipts } from './pagopa/receipts.ts'
import type { Reconciliation } from './pagopa/reconciliation.ts'
import type { Checkout, Flows, Notices, Payee, PaymentPositions, Receipts } from './pagopa/types.ts'
import { pdnd } from './pdnd/client.ts'
import { eserviceQueries } from './pdnd/queries.ts'
import type { EserviceQueries } from './pdnd/types.ts'
import { pecMailbox } from './pec/client.ts'
import type { Mailroom } from './pec/mailroom.ts'
import type { PecMailbox } from './pec/types.ts'
import type { Platforms } from './platforms.ts'
import { protocolRegister } from './protocollo/client.ts'
import { heldSealer, type Sealer } from './protocollo/seal.ts'
import type { ProtocolRegister } from './protocollo/types.ts'
import { restCalls } from './rest/client.ts'
import type { RestCall, RestCalls } from './rest/types.ts'
import { notificationPlatform } from './send/client.ts'
import type { NoticeInbox } from './send/inbox.ts'
import { noticeStreams } from './send/streams.ts'
import type { NoticeStreams, NotificationPlatform } from './send/types.ts'
import { smsSender } from './sms/client.ts'
import type { SmsSender } from './sms/types.ts'

/** The public body that calls, as its configuration describes it. */
export interface PublicBody {
  readonly nome: string
  readonly codiceIpa: string
  readonly codiceAoo: string
  /** Sender of all mail. */
  readonly email: string
  /** The certified address. */
  readonly pec: string
  /** The calls it makes to services without a connector of their own, by name. */
  readonly chiamate: Readonly<Record<string, RestCall>>
}

export interface Connectors {
  readonly protocol: ProtocolRegister
  /** The body's seal, for what it sends to other administrations. */
  readonly sealer: Sealer
  readonly archive: Archive
  readonly board: NoticeBoard
  readonly population: PopulationRegister
  readonly anpr: NationalRegister
  readonly domiciles: DigitalDomiciles
  /** E-services that the town's queries name: those of the exchange's settings, `anpr` and `inad`. */
  readonly eservices: EserviceQueries
  readonly mail: MailSender
  readonly io: AppIo
  readonly sms: SmsSender
  readonly positions: PaymentPositions
  readonly checkout: Checkout
  /** Whom they pay. */
  readonly payee: Payee
  readonly receipts: Receipts
  readonly flows: Flows
  readonly notices: Notices
  readonly map: TownMap
  readonly notifications: NotificationPlatform
  readonly noticeStreams: NoticeStreams
  readonly noticeInbox: NoticeInbox
  readonly awaited: AwaitedPayments
  /** What is remembered of flows. */
  readonly reconciliation: Reconciliation
  readonly pec: PecMailbox
  readonly mailroom: Mailroom
  readonly rest: RestCalls
  readonly ledger: Ledger
  readonly documents: DocumentStore
  readonly emergency: EmergencyRegister
  /** The money of the practices. */
  readonly accounts: Accounts
  readonly writer: DocumentWriter
  readonly signer: DocumentSigner
  /** Ends kept connections and threads. */
  close(): void
}

export interface ConnectorOptions
  extends Pick<
    Connectors,
    'ledger' | 'documents' | 'emergency' | 'mailroom' | 'noticeInbox' | 'accounts' | 'awaited' | 'reconciliation'
  > {
  readonly platforms: Platforms
  readonly body: PublicBody
  /** Business time, epoch milliseconds; the real one when absent. */
  readonly now?: () => number
  /** Real time, by which tokens live, epoch milliseconds. */
  readonly tokenNow?: () => number
  /** Passes real time between calls that a platform wants apart. */
  readonly pause?: Pause
}

/** Opens nothing yet. */
export function connectors({
  platforms,
  body,
  ledger,
  documents,
  emergency,
  mailroom,
  noticeInbox,
  accounts,
  awaited,
  reconciliation,
  now = Date.now,
  tokenNow = Date.now,
  pause = realPause,
}: ConnectorOptions): Connectors {
  const { protocollo, conservazione, anagrafe, anpr, inad } = platforms
  const eservices = { ...platforms.pdnd.eservices, anpr, inad }
  const exchange = pdnd({ ...platforms.pdnd, eservices }, tokenNow)
  const writer = documentWriter()
  const { autorita, marca } = platforms.firma
  const trusted = autorita.map((der) => Buffer.from(der, 'base64'))
  const timestamps = marca && timestampAuthority(marca, trusted)
  const signer = documentSigner({ service: signingService(platforms.firma), trusted, timestamps })
  const mail = mailSender({ ...platforms.mail.smtp, from: body.email })
  const pec = pecMailbox({ ...platforms.pec, address: body.pec, now })
  const { url, password, ambiente, userId } = conservazione
  const depositor = { ambiente, userId, ente: body.codiceIpa, struttura: body.codiceAoo }
  return {
    protocol: protocolRegister(protocollo),
    sealer: heldSealer(protocollo.sigillo),
    archive: archive({ url, password, depositor }),
    board: noticeBoard(platforms.albo),
    population: populationRegister(anagrafe),
    anpr: nationalRegister({ exchange, eservice: anpr, ledger }),
    domiciles: digitalDomiciles({ exchange, eservice: inad, now }),
    eservices: eserviceQueries(exchange, eservices),
    mail,
    io: appIo(platforms.io),
    sms: smsSender(platforms.sms),
    positions: debtPositions(platforms.pagopa),
    checkout: checkout(platforms.pagopa),
    payee: { ...platforms.pagopa.ente, segregazione: platforms.pagopa.segregazione, iban: platforms.pagopa.iban },
    receipts: receipts(platforms.pagopa),
    flows: flows(platforms.pagopa, pause),
    notices: notices(platforms.pagopa),
    map: townMap(platforms.gis),
    notifications: notificationPlatform({ ...platforms.send, exchange }),
    noticeStreams: noticeStreams({ ...platforms.send, exchange }),
    awaited,
    reconciliation,
    pec,
    mailroom,
    noticeInbox,
    rest: restCalls({ services: platforms.uffici.servizi, calls: body.chiamate }),
    ledger,
    documents,
    emergency,
    accounts,
    writer,
    signer,
    close() {
      mail.close()
      pec.close()
      void writer.close()
      void signer.close()
    },
  }
}
