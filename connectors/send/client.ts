/**
 * Client of SEND for who sends: documents (preload and upload), requests 2.6, sent notifications 2.9, legal facts, cancellation
 * (`api-external-b2b-pa-bundle.yaml`).
 * Invariants
 * N1 A repeat makes no second notification: 409 is answered by looking at what is there and comparing it with what was asked.
 * N2 A name or tax code is in no message.
 * N3 Documents leave only for addresses that nobody else can listen to, with their digest.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { type AskSend, CALLED, callsTo, fileAddress, type SendOptions, TIMEOUT_MS, understood } from './call.ts'
import {
  type DownloadedFact,
  type LegalFact,
  type NewNotification,
  NOTICE_STATES,
  type NoticeDocument,
  type NoticeRecipient,
  type NoticeReference,
  type NotificationPlatform,
  type RequestProgress,
  type SendService,
  type SentNotification,
  TAKEN,
  type UploadedDocument,
} from './types.ts'

const PDF = 'application/pdf'
/** As long as any document of ours. */
const FACT_BYTES_MAX = 32 * 1024 * 1024
/** Large files over a line of an office. */
const UPLOAD_TIMEOUT_MS = 50_000
export const REQUESTS_PATH = '/delivery/v2.6/requests'

const preloadedSchema = z.array(
  z.object({
    preloadIdx: z.string(),
    secret: z.string(),
    httpMethod: z.enum(['POST', 'PUT']),
    url: z.string(),
    key: z.string(),
  }),
)
type Preloaded = z.infer<typeof preloadedSchema>[number]

const takenSchema = z.object({ notificationRequestId: z.string() })
const digestsSchema = z.object({ digests: z.object({ sha256: z.string() }) })
const progressSchema = z.object({
  notificationRequestId: z.string(),
  notificationRequestStatus: z.enum(['WAITING', 'ACCEPTED', 'REFUSED']),
  /** Seconds. */
  retryAfter: z.number().min(0).nullish(),
  iun: z.string().nullish(),
  errors: z.array(z.object({ code: z.string(), detail: z.string().nullish() })).nullish(),
  subject: z.string(),
  recipients: z.array(z.object({ taxId: z.string() })),
  documents: z.array(digestsSchema),
})
type Progress = z.infer<typeof progressSchema>
const RETRY_AFTER_S = 60

const sentSchema = z.object({
  iun: z.string(),
  paProtocolNumber: z.string(),
  notificationStatus: z.enum(NOTICE_STATES),
  notificationStatusHistory: z.array(z.object({ status: z.enum(NOTICE_STATES), activeFrom: z.string() })),
})
const factsSchema = z.array(z.object({ legalFactsId: z.object({ key: z.string(), category: z.string() }) }))
const downloadSchema = z.object({ filename: z.string(), url: z.string().nullish() })

export function notificationPlatform(options: SendOptions): NotificationPlatform {
  const ask = callsTo(options)
  const { timeoutMs = TIMEOUT_MS } = options
  return {
    upload: (documents) => upload(ask, documents),
    async request(asked) {
      const body = bodyOf(asked, options)
      const answer = await ask({ method: 'POST', path: REQUESTS_PATH, body, answers: [409] })
      if (answer.status !== 409) return understood(answer, takenSchema).notificationRequestId
      const there = await find(ask, asked)
      if (there !== null && isWhatWasAsked(there, asked)) return there.notificationRequestId
      throw new Refused(
        TAKEN,
        'Expected a reference and a notice number for this notification, but they stand for another.',
      )
    },
    async progressOf(notificationRequestId) {
      const answer = await ask({ method: 'GET', path: REQUESTS_PATH, query: { notificationRequestId } })
      return progressIn(understood(answer, progressSchema))
    },
    async read(iun) {
      return sentIn(
        understood(await ask({ method: 'GET', path: `/delivery/v2.9/notifications/sent/${iun}` }), sentSchema),
      )
    },
    async legalFacts(iun) {
      const answer = await ask({ method: 'GET', path: `/delivery-push/v2.0/${iun}/legal-facts` })
      return understood(answer, factsSchema).map(({ legalFactsId: { key, category } }) => ({
        chiave: key,
        categoria: category,
      }))
    },
    download: (iun, fact) => download(ask, timeoutMs, iun, fact),
    async cancel(iun) {
      await ask({ method: 'PUT', path: `/delivery-push/v2.0/notifications/cancel/${iun}` })
    },
  }
}

async function upload(ask: AskSend, documents: readonly NoticeDocument[]): Promise<readonly UploadedDocument[]> {
  const digests = documents.map(({ content }) => createHash('sha256').update(content).digest('base64'))
  const body = digests.map((sha256, index) => ({ preloadIdx: String(index), contentType: PDF, sha256 }))
  const answer = await ask({ method: 'POST', path: '/delivery/attachments/preload', body })
  const places = understood(answer, preloadedSchema)
  const uploaded: UploadedDocument[] = []
  for (const [index, { titolo, content }] of documents.entries()) {
    const place = places.find(({ preloadIdx }) => preloadIdx === String(index))
    if (place === undefined) throw new UnknownOutcome(`${CALLED} named no address for a document`)
    const impronta = digests[index] ?? ''
    uploaded.push({ titolo, impronta, chiave: place.key, versione: await put(place, content, impronta) })
  }
  return uploaded
}

/** The digest is described as a trailer; the store behind it takes it as a header, which a client can send with the length. */
async function put({ url, httpMethod, secret }: Preloaded, content: Uint8Array, impronta: string): Promise<string> {
  const answer = await exchange({
    method: httpMethod,
    url: fileAddress(url),
    headers: { 'content-type': PDF, 'x-amz-meta-secret': secret, 'x-amz-checksum-sha256': impronta },
    body: new Uint8Array(content),
    timeoutMs: UPLOAD_TIMEOUT_MS,
    called: `${CALLED}: a document`,
  })
  const version = answer.headers.get('x-amz-version-id')
  if (version === null) throw new UnknownOutcome(`${CALLED} took a document and gave it no version`)
  return version
}

function bodyOf(asked: NewNotification, { ente, gruppo, costi }: SendService) {
  const { protocollo, token, oggetto, tassonomia, raccomandata, destinatario, documenti, avviso } = asked
  const policy = costi
    ? { notificationFeePolicy: 'DELIVERY_MODE', paFee: costi.spese, vat: costi.iva, pagoPaIntMode: costi.aggiornamento }
    : { notificationFeePolicy: 'FLAT_RATE', pagoPaIntMode: 'NONE' }
  const payment = avviso && {
    pagoPa: { noticeCode: avviso.numeroAvviso, creditorTaxId: ente.codiceFiscale, applyCost: costi !== undefined },
  }
  return {
    ...{ idempotenceToken: token, paProtocolNumber: protocollo, subject: oggetto, taxonomyCode: tassonomia },
    ...{
      senderDenomination: ente.nome,
      senderTaxId: ente.codiceFiscale,
      ...(gruppo !== undefined && { group: gruppo }),
    },
    physicalCommunicationType: raccomandata === 'AR' ? 'AR_REGISTERED_LETTER' : 'REGISTERED_LETTER_890',
    ...(avviso ? { ...policy, amount: avviso.importo } : { ...policy, pagoPaIntMode: 'NONE' }),
    recipients: [{ ...recipientOf(destinatario), ...(payment && { payments: [payment] }) }],
    documents: documenti.map(({ titolo, impronta, chiave, versione }, index) => ({
      ...{ title: titolo, docIdx: String(index), contentType: PDF, digests: { sha256: impronta } },
      ref: { key: chiave, versionToken: versione },
    })),
  }
}

function recipientOf({ tipo, codiceFiscale, nome, domicilioDigitale, indirizzo }: NoticeRecipient) {
  const physical = indirizzo && {
    ...{ address: indirizzo.indirizzo, municipality: indirizzo.comune },
    ...(indirizzo.cap !== undefined && { zip: indirizzo.cap }),
    ...(indirizzo.provincia !== undefined && { province: indirizzo.provincia }),
    ...(indirizzo.presso !== undefined && { at: indirizzo.presso }),
  }
  return {
    ...{ recipientType: tipo, taxId: codiceFiscale, denomination: nome },
    ...(domicilioDigitale !== undefined && { digitalDomicile: { type: 'PEC', address: domicilioDigitale } }),
    ...(physical && { physicalAddress: physical }),
  }
}

async function find(ask: AskSend, { protocollo, token }: NoticeReference): Promise<Progress | null> {
  const query = { paProtocolNumber: protocollo, idempotenceToken: token }
  const answer = await ask({ method: 'GET', path: REQUESTS_PATH, query, answers: [404] })
  return answer.status === 404 ? null : understood(answer, progressSchema)
}

function isWhatWasAsked({ subject, recipients, documents }: Progress, asked: NewNotification): boolean {
  const digests = documents.map(({ digests: { sha256 } }) => sha256).join(' ')
  return (
    subject === asked.oggetto &&
    recipients[0]?.taxId === asked.destinatario.codiceFiscale &&
    digests === asked.documenti.map(({ impronta }) => impronta).join(' ')
  )
}

function progressIn({ notificationRequestStatus: stato, iun, errors, retryAfter }: Progress): RequestProgress {
  switch (stato) {
    case 'WAITING':
      return { stato, riprovaMs: (retryAfter ?? RETRY_AFTER_S) * 1000 }
    case 'ACCEPTED':
      if (!iun) throw new UnknownOutcome(`${CALLED} accepted a request and gave it no IUN`)
      return { stato, iun }
    case 'REFUSED':
      return { stato, motivi: (errors ?? []).map(({ code, detail }) => ({ codice: code, dettaglio: detail ?? '' })) }
  }
}

const sentIn = ({
  iun,
  paProtocolNumber,
  notificationStatus,
  notificationStatusHistory,
}: z.infer<typeof sentSchema>): SentNotification => ({
  ...{ iun, protocollo: paProtocolNumber, stato: notificationStatus },
  stati: notificationStatusHistory.map(({ status, activeFrom }) => ({ stato: status, dal: activeFrom })),
})

async function download(ask: AskSend, timeoutMs: number, iun: string, { chiave }: LegalFact): Promise<DownloadedFact> {
  // Keys name a store, which the path does not.
  const id = encodeURIComponent(chiave.replace(/^safestorage:\/\//, ''))
  const answer = await ask({ method: 'GET', path: `/delivery-push/${iun}/download/legal-facts/${id}` })
  const { filename, url } = understood(answer, downloadSchema)
  if (!url) throw new Unavailable(`${CALLED} is still writing an attestation`)
  const { bytes } = await exchange({
    ...{ method: 'GET', url: fileAddress(url), timeoutMs, called: `${CALLED}: an attestation` },
    answerBytesMax: FACT_BYTES_MAX,
  })
  return { nome: filename, content: bytes }
}
