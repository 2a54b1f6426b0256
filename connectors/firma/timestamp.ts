/** Time stamps of an authority that speaks RFC 3161 over HTTP. */
import { randomBytes } from 'node:crypto'
import { Boolean as Asn1Boolean, Integer, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import { TimeStampResp } from 'pkijs'
import { Refused, UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { OID, sha256, TOKEN_BYTES_MAX } from './cms.ts'
import { readToken } from './timestamp-token.ts'
import type { TimestampAuthority, TimestampSettings } from './types.ts'

const NONCE_BYTES = 8
const TIMEOUT_MS = 15_000

/** `trusted`: DER of the authorities a token must come from. */
export const timestampAuthority = (
  { url, utente, password }: TimestampSettings,
  trusted: readonly Uint8Array[],
): TimestampAuthority => ({
  async stamp(data) {
    const nonce = newNonce()
    const { bytes } = await exchange({
      method: 'POST',
      url: new URL(url),
      headers: {
        'content-type': 'application/timestamp-query',
        accept: 'application/timestamp-reply',
        ...(utente !== undefined && { authorization: basic(utente, password ?? '') }),
      },
      body: requestFor(sha256(data), nonce),
      timeoutMs: TIMEOUT_MS,
    })
    const token = tokenIn(bytes)
    const read = await readToken(token, data, trusted)
    if (!read.report.valida) throw notWhatWasAsked(read.report.motivi.join('; '))
    if (read.nonce !== nonce.toString('hex')) throw notWhatWasAsked('it answers another request')
    if (token.byteLength > TOKEN_BYTES_MAX) throw notWhatWasAsked(`it has ${token.byteLength} bytes`)
    return token
  },
})

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** Positive, and as long in DER as here: neither the first bit nor all of the first byte is zero. */
function newNonce(): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  nonce[0] = (nonce[0]! & 0x7f) | 0x40
  return nonce
}

function requestFor(hash: Uint8Array, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  const algorithm = new Sequence({ value: [new ObjectIdentifier({ value: OID.sha256 }), new Null()] })
  const imprint = new Sequence({ value: [algorithm, new OctetString({ valueHex: hash })] })
  const request = [
    new Integer({ value: 1 }),
    imprint,
    new Integer({ valueHex: nonce }),
    new Asn1Boolean({ value: true }),
  ]
  return new Uint8Array(new Sequence({ value: request }).toBER())
}

const GRANTED_MAX = 1

function tokenIn(answer: Uint8Array): Buffer {
  const { status, timeStampToken } = parsed(answer)
  if (status.status > GRANTED_MAX || !timeStampToken)
    throw new Refused('MARCA_RIFIUTATA', `Expected a time stamp, but the authority answered status ${status.status}.`)
  return Buffer.from(timeStampToken.toSchema().toBER())
}

function parsed(answer: Uint8Array): TimeStampResp {
  try {
    return TimeStampResp.fromBER(Buffer.from(answer))
  } catch {
    throw new UnknownOutcome('The time-stamping authority answered with something that is no answer of its protocol.')
  }
}

const notWhatWasAsked = (why: string): Refused =>
  new Refused('MARCA_NON_VALIDA', `Expected the time stamp that was asked for, but ${why}.`)
