/**
 * multipart/form-data (RFC 7578), as the clients of a deployment send it: Java's httpclient, undici, form-data, curl.
 * Owns: cutting a body that is already in memory into parts. Bounds: PARTS_MAX parts, HEADER_BYTES_MAX of headers each.
 */
import { invalid } from '../rejection.ts'

export const PARTS_MAX = 100
const HEADER_BYTES_MAX = 4_096

export interface Part {
  readonly name: string
  /** Absent: a plain field. */
  readonly filename?: string
  readonly content: Buffer
}

const malformed = (what: string) => invalid(`Expected a multipart/form-data body, but ${what}`)

function boundaryOf(contentType: string): string {
  const found = /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType)
  if (found) return found[1] ?? found[2]!
  throw malformed('the content type names no boundary')
}

/** A quoted parameter: browsers write a quote as %22, others escape it. */
function parameter(header: string, name: string): string | undefined {
  const found = new RegExp(`[;\\s]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s"]+))`, 'i').exec(header)
  return found ? (found[1]?.replace(/\\(.)/g, '$1').replaceAll('%22', '"') ?? found[2]) : undefined
}

function partOf(bytes: Buffer): Part {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0 || end > HEADER_BYTES_MAX) throw malformed('a part has no headers or too long ones')
  const headers = bytes.toString('utf8', 0, end).split('\r\n')
  const disposition = headers.find((header) => /^content-disposition:\s*form-data\b/i.test(header)) ?? ''
  const name = parameter(disposition, 'name')
  if (name === undefined) throw malformed('a part has no name')
  const filename = parameter(disposition, 'filename')
  return { name, ...(filename !== undefined && { filename }), content: bytes.subarray(end + 4) }
}

export function parseMultipart(contentType: string, body: Buffer): Part[] {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(contentType)}`)
  const parts: Part[] = []
  const opened = body.indexOf(delimiter.subarray(2)) // the first one may stand at the very beginning
  for (let from = opened < 0 ? -1 : opened + delimiter.length - 2; ; ) {
    if (from < 0) throw malformed('its end is missing')
    if (body.toString('latin1', from, from + 2) === '--') return parts
    if (parts.length >= PARTS_MAX) throw malformed(`it has more than ${PARTS_MAX} parts`)
    const until = body.indexOf(delimiter, from)
    if (until < 0) throw malformed('its end is missing')
    parts.push(partOf(body.subarray(body.indexOf('\r\n', from) + 2, until)))
    from = until + delimiter.length
  }
}
