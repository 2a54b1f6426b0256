/**
 * A time-stamp token: who says that something was there, and when. Source: RFC 3161 §2.4.2, RFC 5816; EKU: RFC 3161 §2.3.
 * Not supported: a token that names its certificate by SHA-1 alone (signing-certificate without v2): it is told as unreadable.
 */
import { type Certificate, ExtKeyUsage, TSTInfo } from 'pkijs'
import { OID, sha256 } from './cms.ts'
import { judge, nameIn, signedDataIn } from './judge.ts'
import type { TimestampReport } from './types.ts'

export interface ReadToken {
  readonly report: TimestampReport
  /** Epoch milliseconds; null where the token cannot be read. */
  readonly at: number | null
  /** Of the request that it answers, hexadecimal; null without one. */
  readonly nonce: string | null
}

const UNREADABLE: ReadToken = {
  report: { istante: null, autorita: '', valida: false, motivi: ['la marca temporale non è leggibile'] },
  ...{ at: null, nonce: null },
}

/** `data`: what the token is to be of. Its authority must have been valid when it stamped, and certified for nothing but that. */
export async function readToken(
  token: Uint8Array,
  data: Uint8Array,
  trusted: readonly Uint8Array[],
): Promise<ReadToken> {
  const signed = signedDataIn(token)
  const info = signed?.encapContentInfo.eContentType === OID.timestampInfo && infoIn(signed.encapContentInfo.eContent)
  if (!signed || !info) return UNREADABLE
  const at = info.genTime.getTime()
  const judged = await judge(signed, 0, data, { trusted, at })
  const imprint = info.messageImprint
  const isOfData =
    imprint.hashAlgorithm.algorithmId === OID.sha256 &&
    Buffer.from(imprint.hashedMessage.valueBlock.valueHexView).equals(sha256(data))
  const motivi = [
    ...(isOfData ? [] : ['la marca temporale è di altro']),
    ...(judged.integra ? [] : ['la marca temporale non è integra']),
    ...(judged.attendibile ? [] : ['la marca temporale non viene da un’autorità riconosciuta']),
    ...(isForStampingAlone(judged.holder) ? [] : ['il certificato della marca temporale non è per marcare']),
    ...(signed.signerInfos.length === 1 ? [] : ['la marca temporale non ha una sola firma']),
  ]
  const istante = info.genTime.toISOString()
  const report = { istante, autorita: nameIn(judged.holder?.subject), valida: motivi.length === 0, motivi }
  return { report, at, nonce: info.nonce ? Buffer.from(info.nonce.valueBlock.valueHexView).toString('hex') : null }
}

function infoIn(content: { getValue(): ArrayBuffer } | undefined): TSTInfo | null {
  try {
    return content ? TSTInfo.fromBER(content.getValue()) : null
  } catch {
    return null
  }
}

function isForStampingAlone(certificate: Certificate | null): boolean {
  const extension = certificate?.extensions?.find(({ extnID }) => extnID === OID.extendedKeyUsage)
  const usage = extension?.parsedValue
  return (
    extension?.critical === true &&
    usage instanceof ExtKeyUsage &&
    usage.keyPurposes.length === 1 &&
    usage.keyPurposes[0] === OID.timestamping
  )
}
