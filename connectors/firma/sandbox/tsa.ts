/**
 * A time-stamping authority (RFC 3161) of the sandbox: its clock is the platform's, its certificate is for nothing but that, and comes with
 * every token, asked for or not.
 */
import { sign } from 'node:crypto'
import { type BaseBlock, BitString, fromBER, GeneralizedTime, Integer, Null, ObjectIdentifier, Sequence } from 'asn1js'
import { TimeStampReq } from 'pkijs'
import type { PlatformAnswer } from '../../sandbox.ts'
import { cmsOf, OID, sha256, toBeSigned } from '../cms.ts'
import type { StampingKey } from './holders.ts'

/** Ours: no policy outside. */
const POLICY = '1.3.6.1.4.1.99999.1'
const REJECTED = 2
/** First bits of PKIFailureInfo: badAlg, and badDataFormat (5). */
const FAILURE = { badAlg: 0x80, badDataFormat: 0x04 } as const

export const stampOn = (query: Buffer, key: StampingKey, at: number): PlatformAnswer => ({
  ...{ status: 200, type: 'application/timestamp-reply', body: '' },
  file: replyTo(query, key, at),
})

function replyTo(query: Buffer, key: StampingKey, at: number): Buffer {
  const request = requestIn(query)
  if (!request) return rejected('badDataFormat')
  const { messageImprint, nonce } = request
  if (messageImprint.hashAlgorithm.algorithmId !== OID.sha256) return rejected('badAlg')
  const algorithm = sequence(new ObjectIdentifier({ value: OID.sha256 }), new Null())
  const content = bytesOf(
    sequence(
      new Integer({ value: 1 }),
      new ObjectIdentifier({ value: POLICY }),
      sequence(algorithm, messageImprint.hashedMessage),
      new Integer({ value: key.nextSerial() }),
      new GeneralizedTime({ valueDate: new Date(at - (at % 1000)) }),
      ...(nonce ? [nonce] : []),
    ),
  )
  const signed = { hash: sha256(content), type: OID.timestampInfo, at }
  const signer = { algorithm: 'ECDSA', certificates: key.certificates } as const
  const signature = sign('sha256', toBeSigned(signed, signer), key.privateKey)
  const token = fromBER(cmsOf({ signed, signer, signature, content })).result
  return bytesOf(sequence(sequence(new Integer({ value: 0 })), token))
}

function requestIn(query: Buffer): TimeStampReq | null {
  try {
    return TimeStampReq.fromBER(Uint8Array.from(query))
  } catch {
    return null
  }
}

function rejected(failure: keyof typeof FAILURE): Buffer {
  const info = new BitString({ valueHex: new Uint8Array([FAILURE[failure]]) })
  return bytesOf(sequence(sequence(new Integer({ value: REJECTED }), info)))
}

const sequence = (...value: BaseBlock[]) => new Sequence({ value })
const bytesOf = (block: BaseBlock): Buffer => Buffer.from(block.toBER())
