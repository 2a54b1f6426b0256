/** The store of documents of SEND in the sandbox: an address for each, for an hour, at which what was announced is taken. */
import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { json, type PlatformAnswer, type PlatformCall, parseJson } from '../sandbox.ts'
import { bookOf } from './sandbox-book.ts'
import { at, invalid, type Send } from './sandbox-call.ts'
import { preloadSchema } from './sandbox-rules.ts'

const FILE_PLACE = '/documenti/'

export function book(send: Send, { body, headers }: PlatformCall): PlatformAnswer {
  const asked = preloadSchema.safeParse(parseJson(body))
  if (!asked.success) return invalid(z.prettifyError(asked.error))
  const places = asked.data.map(({ preloadIdx, sha256, contentType }) => {
    const chiave = `PN_NOTIFICATION_ATTACHMENTS-${randomUUID().replaceAll('-', '')}.pdf`
    const segreto = randomUUID()
    send.journal.append({ operazione: 'prenotato', at: at(send), chiave, segreto, impronta: sha256, tipo: contentType })
    const url = `http://${headers.host}${FILE_PLACE}${chiave}`
    return { ...(preloadIdx !== undefined && { preloadIdx }), secret: segreto, httpMethod: 'PUT', url, key: chiave }
  })
  return json(200, places)
}

const ADDRESS_LIFE_MS = 3_600_000

/** As the store behind it answers: in XML, and never again at that address. */
export function takeFile(
  send: Send,
  { body, headers }: PlatformCall,
  [chiave = '']: readonly string[],
): PlatformAnswer {
  const booking = bookOf(send.journal).booking(chiave)
  const refused = (status: number, code: string): PlatformAnswer => ({
    ...{ status, type: 'application/xml', body: `<Error><Code>${code}</Code></Error>` },
  })
  if (!booking || headers['x-amz-meta-secret'] !== booking.segreto) return refused(403, 'SignatureDoesNotMatch')
  if (send.now() - Date.parse(booking.at) > ADDRESS_LIFE_MS) return refused(403, 'AccessDenied')
  const impronta = createHash('sha256').update(body).digest('base64')
  if (headers['content-type'] !== booking.tipo || headers['x-amz-checksum-sha256'] !== booking.impronta)
    return refused(403, 'SignatureDoesNotMatch')
  if (impronta !== booking.impronta) return refused(400, 'BadDigest')
  const versione = randomUUID()
  const isPdf = body.subarray(0, 5).toString('latin1') === '%PDF-'
  const base64 = body.toString('base64')
  send.journal.append({ operazione: 'caricato', at: at(send), chiave, base64, versione, impronta, isPdf })
  return { status: 200, type: 'text/plain', body: '', headers: { 'x-amz-version-id': versione } }
}
