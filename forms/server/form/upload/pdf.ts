/**
 * A PDF looked at before anybody opens it. Owns: that it begins and ends as one, is nothing else besides, runs nothing, hides no
 * files, unpacks to a size that a reader can bear. Does not own: signatures on it, PDF/A.
 */
import { createInflate } from 'node:zlib'
import type { Reason } from '../refusals.ts'
import { inflatedBytes } from './inflate.ts'

const HEAD_BYTES = 1_024
const END_BYTES = 2_048
const STREAMS_MAX = 20_000
/** A page of A3 at 600 dpi in colours, with room. */
const STREAM_BYTES_MAX = 256 * 1024 * 1024
const ALL_BYTES_MAX = 1024 * 1024 * 1024
/** Of streams that hold objects, which are read for names. */
const OBJECTS_BYTES_MAX = 32 * 1024 * 1024

/** Long enough that packed bytes do not spell one by chance. */
const REASONS: readonly (readonly [pattern: RegExp, reason: Reason])[] = [
  [/\/Encrypt\b/, 'protected'],
  [/\/(?:JavaScript|Launch|RichMedia|SubmitForm|ImportData|Rendition|XFA)(?=[\s/<[(])/, 'active'],
  [/\/(?:EmbeddedFiles?|FileAttachment|Collection)(?=[\s/<[(])/, 'embedded'],
]

export async function pdfFault(content: Buffer): Promise<Reason | null> {
  const text = content.toString('latin1')
  return shapeFault(text) ?? nameFault(text) ?? streamsFault(content, text)
}

function shapeFault(text: string): Reason | null {
  if (!/^%PDF-[12]\.\d/.test(text)) return 'damaged'
  // Read by whoever looks for markup at the beginning, whatever the type says.
  if (/<(?:!doctype|html|head|body|script|svg|iframe|\?php)\b/i.test(text.slice(0, HEAD_BYTES))) return 'hidden'
  const end = text.lastIndexOf('%%EOF')
  if (end === -1 || end < text.length - END_BYTES) return end === -1 ? 'damaged' : 'hidden'
  return /^[\s\0]*$/.test(text.slice(end + 5)) && !holdsArchive(text) ? null : 'hidden'
}

/** The directory of a ZIP stands at its end, within 64 kB of comment: Java archives are read from there. */
const holdsArchive = (text: string): boolean => text.slice(-66_000).includes('PK\x05\x06')

/** Names may be written with numbers for letters: `/J#61vaScript`. */
function nameFault(text: string): Reason | null {
  const plain = text.includes('#')
    ? text.replace(/#([0-9a-f]{2})/gi, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
  return REASONS.find(([pattern]) => pattern.test(plain))?.[1] ?? null
}

const STREAM = /stream\r?\n/g

async function streamsFault(content: Buffer, text: string): Promise<Reason | null> {
  let left = ALL_BYTES_MAX
  let streams = 0
  for (const { index, 0: keyword } of text.matchAll(STREAM)) {
    if (text.startsWith('end', index - 3)) continue
    if (++streams > STREAMS_MAX) return 'unpacks'
    const head = text.slice(Math.max(text.lastIndexOf('obj', index), index - END_BYTES), index)
    if (!/\/(?:FlateDecode|Fl)\b/.test(head)) continue
    if ((head.match(/\/(?:FlateDecode|Fl)\b/g) ?? []).length > 1) return 'unpacks'
    const start = index + keyword.length
    const end = text.indexOf('endstream', start)
    const packed = content.subarray(start, end === -1 ? content.length : end)
    const found = await streamFault(packed, /\/ObjStm\b/.test(head), Math.min(left, STREAM_BYTES_MAX))
    if (typeof found !== 'number') return found
    left -= found
  }
  return null
}

/** The bytes it unpacks to, or what is wrong with it. */
async function streamFault(packed: Buffer, holdsObjects: boolean, max: number): Promise<Reason | number> {
  const pieces: Buffer[] = []
  const keep = holdsObjects ? (piece: Buffer) => void pieces.push(piece) : undefined
  const bytes = await inflatedBytes([packed], createInflate(), holdsObjects ? OBJECTS_BYTES_MAX : max, keep)
  if (bytes === null || bytes > max) return 'unpacks'
  return (holdsObjects ? nameFault(Buffer.concat(pieces).toString('latin1')) : null) ?? bytes
}
