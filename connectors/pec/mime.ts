/**
 * Reads mail from strangers as far as certified mail needs it (RFC 2045, 2046, 2047, 2231).
 * Invariants
 * M1 The `raw` of a part is exactly what lies between its boundaries, because a signature covers those bytes.
 * M2 Bytes, parts, depth and headers are bounded; what exceeds a bound is not read at all.
 * M3 An enclosed message is a part without parts: what is in it is the word of its author, not of who enclosed it.
 */
import libmime from 'libmime'

/** As much as a document store keeps; a provider takes 30 MB for a message (DM 2 November 2005, art. 12). */
export const MAIL_BYTES_MAX = 32 * 1024 * 1024
const HEADER_BYTES_MAX = 128 * 1024
const PARTS_MAX = 200
const DEPTH_MAX = 8

export interface MailPart {
  /** By name in lower case, unfolded and not decoded; of two with one name the first. */
  readonly headers: ReadonlyMap<string, string>
  /** Media type in lower case, without parameters. */
  readonly type: string
  readonly fileName: string | null
  /** Headers and body, as they came. */
  readonly raw: Buffer
  /** Decoded; empty where there are parts. */
  readonly content: Buffer
  readonly parts: readonly MailPart[]
}

/** Throws a `SyntaxError` when the bytes are no mail or exceed a bound. */
export function readMail(raw: Buffer): MailPart {
  if (raw.byteLength > MAIL_BYTES_MAX) fail(`it is longer than ${MAIL_BYTES_MAX} bytes`)
  let parts = 0
  const read = (bytes: Buffer, depth: number): MailPart => {
    if (++parts > PARTS_MAX || depth > DEPTH_MAX) fail('it has too many or too deep parts')
    const { headers, body } = splitHead(bytes)
    const { value, params } = libmime.parseHeaderValue(headers.get('content-type') ?? 'text/plain')
    const type = value.toLowerCase()
    const isMultipart = type.startsWith('multipart/')
    return {
      headers,
      type,
      fileName: fileNameOf(headers, params),
      raw: bytes,
      content: isMultipart ? Buffer.alloc(0) : decoded(body, headers.get('content-transfer-encoding') ?? ''),
      parts: isMultipart ? splitBody(body, params.boundary ?? '').map((part) => read(part, depth + 1)) : [],
    }
  }
  return read(raw, 1)
}

/** The text of a header with its encoded words decoded; empty when there is none. */
export const headerText = ({ headers }: MailPart, name: string): string => libmime.decodeWords(headers.get(name) ?? '')

/** The address in a header such as From; empty when there is none. */
export function headerAddress({ headers }: MailPart, name: string): string {
  const text = headers.get(name) ?? ''
  return (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim().toLowerCase()
}

const fail = (reason: string): never => {
  throw new SyntaxError(`Expected a mail, but ${reason}`)
}

function splitHead(bytes: Buffer): { headers: Map<string, string>; body: Buffer } {
  const headers = new Map<string, string>()
  if (bytes.subarray(0, 2).toString('latin1') === '\r\n') return { headers, body: bytes.subarray(2) }
  const end = bytes.indexOf('\r\n\r\n')
  const head = end < 0 ? bytes : bytes.subarray(0, end)
  if (head.byteLength > HEADER_BYTES_MAX) fail('its headers are too long')
  for (const line of head
    .toString('utf8')
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    if (name !== '' && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return { headers, body: end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4) }
}

/** What lies between the delimiter lines; preamble and epilogue are nobody's. */
function splitBody(body: Buffer, boundary: string): Buffer[] {
  if (boundary === '' || boundary.length > 70) fail('its parts have no boundary')
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  const parts: Buffer[] = []
  let begin = -1
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + delimiter.byteLength)) {
    const lineEnd = delimiterEnd(body, at, delimiter.byteLength)
    if (lineEnd === null) continue
    if (begin >= 0) parts.push(body.subarray(begin, Math.max(at - 2, begin)))
    if (parts.length > PARTS_MAX) fail('it has too many or too deep parts')
    if (lineEnd.isLast) return parts
    begin = lineEnd.next
  }
  return fail('its last part does not end')
}

/** Null when what looks like a delimiter is the beginning of another line, or within one. */
function delimiterEnd(body: Buffer, at: number, length: number): { next: number; isLast: boolean } | null {
  if (at > 0 && body.subarray(at - 2, at).toString('latin1') !== '\r\n') return null
  const isLast = body.subarray(at + length, at + length + 2).toString('latin1') === '--'
  const from = at + length + (isLast ? 2 : 0)
  const lineBreak = body.indexOf('\r\n', from)
  const padding = body.subarray(from, lineBreak < 0 ? body.byteLength : lineBreak).toString('latin1')
  if (!/^[ \t]*$/.test(padding) || (lineBreak < 0 && !isLast)) return null
  return { next: lineBreak + 2, isLast }
}

function fileNameOf(headers: ReadonlyMap<string, string>, { name }: Readonly<Record<string, string>>): string | null {
  const { filename } = libmime.parseHeaderValue(headers.get('content-disposition') ?? '').params
  const named = filename ?? name
  return named === undefined ? null : libmime.decodeWords(named)
}

function decoded(body: Buffer, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64')
    case 'quoted-printable':
      return Buffer.from(
        body
          .toString('latin1')
          .replace(/=[ \t]*\r\n/g, '')
          .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      )
    default:
      return body
  }
}
