/** Files for tests, made byte by byte: honest ones of every kind, and what can be built around them. */
import { crc32, deflateSync, gzipSync } from 'node:zlib'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const join = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part)))
const times = (count: number, text: string) => text.repeat(count)

/** `catalog`: entries beside those a PDF has; `objects`: further ones; `end`: what comes before the last line. */
export function pdf({ catalog = '', objects = '', end = '', head = '%PDF-1.7\n' } = {}): Buffer {
  return latin1(
    `${head}1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${catalog} >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n${objects}\ntrailer\n<< /Root 1 0 R ${end} >>\nstartxref\n0\n%%EOF\n`,
  )
}
/** An object with a packed stream. */
export const packed = (content: Buffer | string, entries = '', filter = '/FlateDecode'): string =>
  `9 0 obj\n<< ${entries} /Filter ${filter} >>\nstream\n${deflateSync(typeof content === 'string' ? latin1(content) : content, { level: 9 }).toString('latin1')}\nendstream\nendobj`

const chunk = (name: string, body: Buffer): Buffer => {
  const named = join(name, body)
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return join(length, named, sum)
}
interface Png {
  readonly width?: number
  readonly height?: number
  readonly rows?: Buffer
  readonly extra?: Buffer
}
/** `rows`: what the image unpacks to; by default as many grey points as its size says. */
export function png({ width = 4, height = 4, rows = Buffer.alloc((width + 1) * height), extra }: Png = {}): Buffer {
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size[8] = 8
  const body = chunk('IDAT', deflateSync(rows, { level: 9 }))
  return join('\x89PNG\r\n\x1a\n', chunk('IHDR', size), extra ?? '', body, chunk('IEND', Buffer.alloc(0)))
}
export const pngText = (name: string, body: Buffer): Buffer => chunk(name, body)

/** `comment` stands before the picture. */
export function jpeg({ width = 8, height = 8, comment = '' } = {}): Buffer {
  const segment = (marker: number, body: Buffer): Buffer => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(body.length + 2)
    return join(Buffer.from([0xff, marker]), length, body)
  }
  const frame = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0])
  return join(
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, latin1('JFIF\0\x01\x01\0\0\x01\0\x01\0\0')),
    ...(comment === '' ? [] : [segment(0xfe, latin1(comment))]),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xd9]),
  )
}

export function heic(): Buffer {
  const box = (name: string, body: string): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(8 + body.length)
    return join(length, name, body)
  }
  return join(box('ftyp', 'heic\0\0\0\0mif1heic'), box('meta', '\0\0\0\0'), box('mdat', 'x'))
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : Buffer.from([0x84, ...[24, 16, 8, 0].map((bits) => (body.length >> bits) & 255)])
  return Buffer.concat([Buffer.from([tag]), length, body])
}
/** A CMS envelope around the content; without one, a detached signature. */
export function p7m(content: Buffer | null): Buffer {
  const data = Buffer.from('06092a864886f70d010701', 'hex')
  const inner = content === null ? [] : [element(0xa0, element(0x04, content))]
  const signed = element(
    0x30,
    Buffer.from('020101', 'hex'),
    element(0x31),
    element(0x30, data, ...inner),
    element(0x31),
  )
  return element(0x30, Buffer.from('06092a864886f70d010702', 'hex'), element(0xa0, signed))
}

/** A message that carries one file. */
export const eml = (name: string, content: Buffer): Buffer =>
  latin1(
    `From: a@posta.example\r\nTo: b@posta.example\r\nDate: Mon, 1 Mar 2027 09:00:00 +0100\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="bb"\r\n\r\n--bb\r\nContent-Type: text/plain\r\n\r\nciao\r\n--bb\r\nContent-Type: application/octet-stream; name="${name}"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${content.toString('base64')}\r\n--bb--\r\n`,
  )

/** One stored member, with a directory at the end. */
export function zip(name: string, content: Buffer | string): Buffer {
  const body = Buffer.from(content)
  const fields = (extra: number): Buffer => {
    const bytes = Buffer.alloc(26 + extra)
    bytes.writeUInt32LE(crc32(body), 10)
    bytes.writeUInt32LE(body.length, 14)
    bytes.writeUInt32LE(body.length, 18)
    bytes.writeUInt16LE(name.length, 22)
    return bytes
  }
  const local = join('PK\x03\x04', fields(0), name, body)
  const entry = join('PK\x01\x02\0\0', fields(16), name)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(1, 4)
  end.writeUInt16LE(1, 6)
  end.writeUInt32LE(entry.length, 8)
  end.writeUInt32LE(local.length, 12)
  return join(local, entry, 'PK\x05\x06', end)
}

/** The file that every scanner takes for a virus; whole only in memory. */
export const eicar = latin1(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''))

export const html = latin1('<!DOCTYPE html><html><script>alert(1)</script></html>')
export const svg = latin1('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
export const exe = join('MZ\x90\0', times(200, '\0'), 'PE\0\0')
export const gzipBomb = gzipSync(Buffer.alloc(20_000_000))
export const zeros = (bytes: number): Buffer => Buffer.alloc(bytes)
export { join, latin1 }
