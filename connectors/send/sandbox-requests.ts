/** Requests to SEND in the sandbox, and what becomes of them, as who sends is told. */
import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { json, type PlatformAnswer, type PlatformCall, parseJson } from '../sandbox.ts'
import { type Book, bookOf, isAccepted, type Posted, type StateEntry } from './sandbox-book.ts'
import { at, GROUPS, HOLDER, invalid, ofAccepted, problem, type Send } from './sandbox-call.ts'
import { VALIDATION_MS } from './sandbox-course.ts'
import { attestationsOf } from './sandbox-facts.ts'
import { faultOf, refusalsOf, requestSchema } from './sandbox-rules.ts'

export function takeRequest(send: Send, { body }: PlatformCall): PlatformAnswer {
  const asked = requestSchema.safeParse(parseJson(body))
  if (!asked.success) return invalid(z.prettifyError(asked.error))
  const richiesta = asked.data
  const fault = faultOf(richiesta, { codiceFiscale: HOLDER.codiceFiscale, gruppi: GROUPS })
  if (fault !== null) return invalid(fault)
  const book = bookOf(send.journal)
  const { paProtocolNumber, idempotenceToken } = richiesta
  const isThere = book.byReference(paProtocolNumber, idempotenceToken) !== undefined
  if (isThere || isNoticeUsed(book, noticesIn(richiesta)))
    return problem(409, 'PN_GENERIC_INVALIDPARAMETER_DUPLICATED', 'Reference or noticeCode is there already')
  const iun = newIun(send.now())
  const id = Buffer.from(iun).toString('base64')
  const rifiuti = refusalsOf(richiesta, (chiave) => book.file(chiave.replace('safestorage://', '')))
  send.journal.append({ operazione: 'richiesta', at: at(send), id, iun, richiesta, rifiuti })
  return json(202, {
    notificationRequestId: id,
    paProtocolNumber,
    ...(idempotenceToken !== undefined && { idempotenceToken }),
  })
}

const noticesIn = ({ recipients }: Posted['richiesta']): readonly string[] =>
  recipients.flatMap(({ payments = [] }) => payments.map(({ pagoPa }) => pagoPa.noticeCode))
const isNoticeUsed = ({ posted }: Book, notices: readonly string[]): boolean =>
  posted.some(
    ({ richiesta, rifiuti }) => rifiuti.length === 0 && noticesIn(richiesta).some((one) => notices.includes(one)),
  )

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + randomInt(26))).join('')
const newIun = (now: number): string =>
  `${letters(4)}-${letters(4)}-${letters(4)}-${new Date(now).toISOString().slice(0, 7).replace('-', '')}-${letters(1)}-1`

export function tellRequest(send: Send, { url }: PlatformCall): PlatformAnswer {
  const { posted, byReference } = bookOf(send.journal)
  const { notificationRequestId, paProtocolNumber, idempotenceToken } = Object.fromEntries(url.searchParams)
  if (notificationRequestId === undefined && paProtocolNumber === undefined) return invalid('which request?')
  const found =
    notificationRequestId === undefined
      ? byReference(paProtocolNumber ?? '', idempotenceToken)
      : posted.find(({ id }) => id === notificationRequestId)
  if (!found) return problem(404, 'PN_DELIVERY_NOTIFICATIONNOTFOUND', 'No such request')
  return json(200, { ...found.richiesta, notificationRequestId: found.id, ...judged(found) })
}

function judged(posted: Posted) {
  const { iun, rifiuti, stati } = posted
  if (isAccepted(posted)) return { notificationRequestStatus: 'ACCEPTED', iun }
  if (stati.some(({ stato }) => stato === 'REFUSED')) return { notificationRequestStatus: 'REFUSED', errors: rifiuti }
  return { notificationRequestStatus: 'WAITING', retryAfter: VALIDATION_MS / 1000 }
}

export function elementOf(posted: Posted, { categoria, dal, dettagli, atto }: StateEntry) {
  const legalFactsIds = attestationsOf(posted).filter((one) => one.categoria === atto)
  return {
    ...{ elementId: `${categoria}.IUN_${posted.iun}`, timestamp: dal, eventTimestamp: dal, ingestionTimestamp: dal },
    notificationSentAt: new Date(posted.requestedAt).toISOString(),
    legalFactsIds: legalFactsIds.map(({ chiave, categoria: category }) => ({ key: chiave, category })),
    ...{ category: categoria, details: dettagli },
  }
}

export function tellNotification(send: Send, _call: PlatformCall, [iun]: readonly string[]): PlatformAnswer {
  return ofAccepted(send, iun, (posted) => {
    const { richiesta, requestedAt, stati } = posted
    const timeline = stati.map((stato) => elementOf(posted, stato))
    return json(200, {
      ...{ ...richiesta, iun, sentAt: new Date(requestedAt).toISOString(), documentsAvailable: true },
      notificationStatus: stati.at(-1)?.stato,
      notificationStatusHistory: stati.map(({ stato, dal }, index) => ({
        ...{ status: stato, activeFrom: dal, relatedTimelineElements: [timeline[index]?.elementId] },
      })),
      timeline,
    })
  })
}

export function cancel(send: Send, _call: PlatformCall, [iun = '']: readonly string[]): PlatformAnswer {
  return ofAccepted(send, iun, (posted) => {
    const isThere = posted.annullamento !== null
    if (!isThere) send.journal.append({ operazione: 'annullamento', at: at(send), iun })
    const detail = isThere
      ? { code: 'NOTIFICATION_ALREADY_CANCELLED', level: 'WARN' }
      : { code: 'NOTIFICATION_CANCELLATION_ACCEPTED', level: 'INFO' }
    return json(202, { status: 'OK', details: [detail] })
  })
}
