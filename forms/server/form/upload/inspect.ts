/**
 * A file from a stranger: what it is, by its content alone, and whether it may be kept.
 *
 * Owns: the order of the questions. Does not own: each kind's own (pdf, images, signed, message), the virus scanner (scan.ts).
 * Invariants
 * U1 The type of a file is found in its bytes; its name and its declared type can only be refused for saying otherwise.
 * U2 What is inside an envelope or a message is asked the same questions; the levels are bounded.
 */
import { type FileKind, KINDS } from '../files.ts'
import type { Reason } from '../refusals.ts'
import { extensionOf } from './file-name.ts'
import { refusedKind } from './foreign.ts'
import { isHeic, type Looked, lookAtHeic, lookAtJpeg, lookAtPng } from './images.ts'
import { isMessage, partsOf } from './message.ts'
import { pdfFault } from './pdf.ts'
import type { Scan } from './scan.ts'
import { envelopeIn, signedContent } from './signed.ts'

export type Inspection =
  /** `content` is what may be kept: of an image, no more than the image. */
  { readonly kind: FileKind; readonly content: Buffer } | { readonly reason: Reason }

export interface Sent {
  /** As it came; nobody else looks at it before it is made safe. */
  readonly name: string
  /** Media type, as the browser says; it knows no more than the name. */
  readonly declared: string
  readonly content: Buffer
}

const LEVELS_MAX = 3
const HEAD_BYTES = 4_096

export async function inspect(sent: Sent, kinds: readonly FileKind[], scan: Scan): Promise<Inspection> {
  const { name, declared, content } = sent
  if (content.length === 0) return { reason: 'empty' }
  const verdict = await scan(content)
  if (verdict !== null) return { reason: verdict }
  const kind = kindOf(content)
  if (kind === null) return { reason: refusedKind(content, name) }
  if (!kinds.includes(kind)) return { reason: 'kind' }
  if (!isNamedAs(kind, name) || !isDeclaredAs(kind, declared)) return { reason: 'mismatch' }
  const looked = await look(kind, content, scan, 0)
  return 'reason' in looked ? looked : { kind, content: content.subarray(0, looked.end) }
}

export function kindOf(content: Buffer): FileKind | null {
  const head = content.toString('latin1', 0, 16)
  if (head.startsWith('%PDF-')) return 'pdf'
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (isHeic(content)) return 'heic'
  if (envelopeIn(content) !== null) return 'p7m'
  return isMessage(content) ? 'eml' : null
}

const isNamedAs = (kind: FileKind, name: string): boolean => {
  const extension = extensionOf(name)
  return extension === '' || KINDS[kind].extensions.includes(extension)
}

/** Of what browsers do not know, they say nothing or "bytes". */
const isDeclaredAs = (kind: FileKind, declared: string): boolean => {
  const type = declared.split(';', 1)[0]!.trim().toLowerCase()
  const known = [KINDS[kind].mediaType, ...KINDS[kind].declared, '', 'application/octet-stream']
  return known.includes(type)
}

async function look(kind: FileKind, content: Buffer, scan: Scan, level: number): Promise<Looked> {
  const whole = (reason: Reason | null): Looked => (reason === null ? { end: content.length } : { reason })
  switch (kind) {
    case 'pdf':
      return whole(await pdfFault(content))
    case 'jpeg':
      return unlessMarkup(content, lookAtJpeg(content))
    case 'png':
      return unlessMarkup(content, await lookAtPng(content))
    case 'heic':
      return unlessMarkup(content, lookAtHeic(content))
    case 'p7m':
      return whole(await envelopeFault(content, scan, level))
    case 'eml':
      return whole(await messageFault(content, scan, level))
  }
}

const MARKUP = /<(?:!doctype html|html|script|iframe|svg|\?php)\b|%PDF-/i

/** Read as something else by whoever looks only at the beginning. */
const unlessMarkup = (content: Buffer, looked: Looked): Looked =>
  'end' in looked && MARKUP.test(content.toString('latin1', 0, Math.min(looked.end, HEAD_BYTES)))
    ? { reason: 'hidden' }
    : looked

/** What is signed must be something that could be sent by itself; an XML document is the exception, because invoices are. */
async function envelopeFault(content: Buffer, scan: Scan, level: number): Promise<Reason | null> {
  const envelope = envelopeIn(content)
  if (envelope === null || level >= LEVELS_MAX) return 'damaged'
  const inner = signedContent(envelope)
  return typeof inner === 'string' ? inner : innerFault(inner, '', scan, level)
}

async function messageFault(content: Buffer, scan: Scan, level: number): Promise<Reason | null> {
  const parts = level >= LEVELS_MAX ? null : partsOf(content)
  if (parts === null) return 'damaged'
  for (const { name, content: part } of parts) {
    const fault = await innerFault(part, name, scan, level)
    // A message is text, as such or as a page that no mail program runs: only what it carries under a name is a file.
    if (fault !== null && (name !== '' || fault === 'virus' || fault === 'unscanned')) return fault
  }
  return null
}

async function innerFault(content: Buffer, name: string, scan: Scan, level: number): Promise<Reason | null> {
  const verdict = await scan(content)
  if (verdict !== null) return verdict
  const kind = kindOf(content)
  if (kind === null) {
    const reason = refusedKind(content, name)
    const isPlainXml = /^(?:\xef\xbb\xbf)?\s*<\?xml\b/.test(content.toString('latin1', 0, 100)) && reason === 'kind'
    return isPlainXml || (reason === 'kind' && isHarmlessText(content)) ? null : reason
  }
  const looked = await look(kind, content, scan, level + 1)
  return 'reason' in looked ? looked.reason : null
}

const isHarmlessText = (content: Buffer): boolean => !content.includes(0) && content.length > 0
