/**
 * A CMS envelope (.p7m): what was signed is inside, and is looked at like any other file. Owns: the way to the content. Does not
 * own: whether the signature is good (worker `documento.verifica-firma`). Source: RFC 5652; X.690 for lengths.
 */

/** id-signedData, with tag and length. */
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex')
const SEQUENCE = 0x30
const OCTETS = 0x04
const CONSTRUCTED_OCTETS = 0x24
const EXPLICIT = 0xa0
const PIECES_MAX = 100_000

interface Element {
  readonly tag: number
  /** Of the content. */
  readonly from: number
  /** After the content; of an indefinite length, the end of what is around. */
  readonly to: number
  readonly isOpen: boolean
}

/** Null where no element begins, or one that is longer than what holds it. */
function elementAt(bytes: Buffer, at: number, limit: number): Element | null {
  if (at + 2 > limit) return null
  const first = bytes[at + 1]!
  const many = first & 0x7f
  if (first === 0x80) return { tag: bytes[at]!, from: at + 2, to: limit, isOpen: true }
  if (first > 0x84 || at + 2 + (first & 0x80 ? many : 0) > limit) return null
  const length = first & 0x80 ? bytes.readUIntBE(at + 2, many) : first
  const from = at + 2 + (first & 0x80 ? many : 0)
  return from + length > limit ? null : { tag: bytes[at]!, from, to: from + length, isOpen: false }
}

/** DER as it is, or in the letters of base64 with or without the lines of PEM. */
export function envelopeIn(content: Buffer): Buffer | null {
  if (content[0] === SEQUENCE && isEnvelope(content)) return content
  const letters = content
    .toString('latin1')
    .replace(/-----(?:BEGIN|END) (?:PKCS7|CMS)-----/g, '')
    .replace(/\s/g, '')
  if (!/^MI[A-Za-z0-9+/]+={0,2}$/.test(letters)) return null
  const decoded = Buffer.from(letters, 'base64')
  return isEnvelope(decoded) ? decoded : null
}

function isEnvelope(bytes: Buffer): boolean {
  const outer = elementAt(bytes, 0, bytes.length)
  return outer?.tag === SEQUENCE && bytes.subarray(outer.from, outer.from + SIGNED_DATA.length).equals(SIGNED_DATA)
}

/** `damaged` when the envelope does not fill the file, `detached` when nothing is inside. */
export function signedContent(bytes: Buffer): Buffer | 'damaged' | 'detached' {
  const outer = elementAt(bytes, 0, bytes.length)
  if (outer === null || (!outer.isOpen && outer.to !== bytes.length)) return 'damaged'
  if (outer.isOpen && bytes.readUInt16BE(bytes.length - 2) !== 0) return 'damaged'
  const wrapper = elementAt(bytes, outer.from + SIGNED_DATA.length, outer.to)
  const data = wrapper?.tag === EXPLICIT ? elementAt(bytes, wrapper.from, wrapper.to) : null
  const version = data?.tag === SEQUENCE ? elementAt(bytes, data.from, data.to) : null
  const digests = version && elementAt(bytes, version.to, data!.to)
  if (!digests || digests.isOpen) return 'damaged'
  const inner = elementAt(bytes, digests.to, data!.to)
  const type = inner?.tag === SEQUENCE ? elementAt(bytes, inner.from, inner.to) : null
  if (!type) return 'damaged'
  const explicit = elementAt(bytes, type.to, inner!.to)
  if (explicit?.tag !== EXPLICIT) return 'detached'
  const octets = elementAt(bytes, explicit.from, explicit.to)
  return octets === null ? 'damaged' : octetsOf(bytes, octets)
}

/** In one piece, or in a row of them. */
function octetsOf(bytes: Buffer, { tag, from, to, isOpen }: Element): Buffer | 'damaged' {
  if (tag === OCTETS && !isOpen) return bytes.subarray(from, to)
  if (tag !== CONSTRUCTED_OCTETS) return 'damaged'
  const pieces: Buffer[] = []
  for (let at = from; at < to && pieces.length < PIECES_MAX; ) {
    const piece = elementAt(bytes, at, to)
    if (isOpen && piece?.tag === 0) return Buffer.concat(pieces)
    if (piece?.tag !== OCTETS || piece.isOpen) return 'damaged'
    pieces.push(bytes.subarray(piece.from, piece.to))
    at = piece.to
  }
  return isOpen ? 'damaged' : Buffer.concat(pieces)
}
