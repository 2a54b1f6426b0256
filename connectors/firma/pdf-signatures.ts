/**
 * The signatures that a PDF holds, what each covers, and what came after it.
 * Invariants
 * V1 A signature covers all bytes of its revision but its own place, or it is told that it does not: neither a second range, nor a hole
 *    wider than the place, nor one elsewhere passes.
 * V2 Of what was appended later, only signatures are harmless: anything else in the document that became different is told.
 * Source: ISO 32000-1 §12.8.1; ETSI EN 319 142-1 §5.3. Known attacks: signature wrapping, incremental saving, forgery by missing ranges.
 */
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  type PDFObject,
  type PDFRef,
  PDFStream,
  PDFString,
} from '@cantoo/pdf-lib'
import type { SignatureReport } from './types.ts'

export interface PdfSignature {
  readonly cms: Uint8Array
  readonly signedBytes: Uint8Array
  /** ISO instant. */
  readonly claimedAt: string | null
  readonly coversRevision: boolean
  readonly later: SignatureReport['modifiche']
}

const name = PDFName.of
const FIELDS_MAX = 200

/** In the order of the form. Throws what the reader throws when it is no PDF. */
export async function signaturesIn(pdf: Uint8Array): Promise<readonly PdfSignature[]> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false, throwOnInvalidObject: true })
  const found: PdfSignature[] = []
  for (const dict of signatureDicts(document)) {
    const range = rangeOf(dict)
    const claimedAt = dateIn(dict)
    if (!range) {
      const nothing = { cms: new Uint8Array(), signedBytes: new Uint8Array() }
      found.push({ ...nothing, claimedAt, coversRevision: false, later: 'ALTRE' })
      continue
    }
    const [, first, start, length] = range
    const end = start + length
    found.push({
      cms: cmsIn(dict),
      signedBytes: Buffer.concat([pdf.subarray(0, first), pdf.subarray(start, end)]),
      claimedAt,
      coversRevision: coversAll(pdf, dict, range),
      later: await laterThan(pdf, end, document),
    })
  }
  return found
}

/** Values of the signature fields, whose tree is walked with a bound. */
function signatureDicts({ catalog }: PDFDocument): readonly PDFDict[] {
  const form = catalog.lookupMaybe(name('AcroForm'), PDFDict)
  const open = elements(form?.lookup(name('Fields')))
  const found: PDFDict[] = []
  for (let seen = 0; open.length > 0 && seen < FIELDS_MAX; seen++) {
    const field = open.shift()
    if (!(field instanceof PDFDict)) continue
    open.push(...elements(field.lookup(name('Kids'))))
    const value = field.lookup(name('V'))
    if (field.get(name('FT')) === name('Sig') && value instanceof PDFDict) found.push(value)
  }
  return found
}

const elements = (array: PDFObject | undefined): (PDFObject | undefined)[] =>
  array instanceof PDFArray ? array.asArray().map((_, index) => array.lookup(index)) : []

type Range = readonly [number, number, number, number]

function rangeOf(dict: PDFDict): Range | null {
  const numbers = elements(dict.lookup(name('ByteRange'))).map((one) =>
    one instanceof PDFNumber ? one.asNumber() : -1,
  )
  const [zero = -1, first = -1, start = -1, length = -1] = numbers
  const isRange = numbers.length === 4 && zero === 0 && first > 0 && start > first && length >= 0
  return isRange && numbers.every(Number.isSafeInteger) ? [zero, first, start, length] : null
}

function contentsOf(dict: PDFDict): Uint8Array {
  const contents = dict.lookup(name('Contents'))
  return contents instanceof PDFHexString || contents instanceof PDFString ? contents.asBytes() : new Uint8Array()
}

/** The DER that begins the place; the rest of it is padding. */
function cmsIn(dict: PDFDict): Uint8Array {
  const bytes = contentsOf(dict)
  const short = bytes[1] ?? 0
  const lengthBytes = short & 0x80 ? short & 0x7f : 0
  if (lengthBytes > 4) return new Uint8Array()
  const length =
    lengthBytes === 0 ? short : Number.parseInt(Buffer.from(bytes.subarray(2, 2 + lengthBytes)).toString('hex'), 16)
  return bytes.subarray(0, 2 + lengthBytes + length)
}

/** The hole is the place of the CMS, no more and no other; the second range ends where a revision ends. */
function coversAll(pdf: Uint8Array, dict: PDFDict, [, first, start, length]: Range): boolean {
  const end = start + length
  if (end > pdf.byteLength) return false
  const hole = Buffer.from(pdf.subarray(first, start)).toString('latin1')
  if (!/^<[0-9A-Fa-f]*>$/.test(hole)) return false
  if (Buffer.compare(Buffer.from(hole.slice(1, -1), 'hex'), Buffer.from(contentsOf(dict))) !== 0) return false
  return /%%EOF\s*$/.test(Buffer.from(pdf.subarray(Math.max(start, end - 16), end)).toString('latin1'))
}

function dateIn(dict: PDFDict): string | null {
  const date = dict.lookup(name('M'))
  try {
    return date instanceof PDFString || date instanceof PDFHexString ? date.decodeDate().toISOString() : null
  } catch {
    return null
  }
}

async function laterThan(pdf: Uint8Array, end: number, now: PDFDocument): Promise<PdfSignature['later']> {
  if (Buffer.from(pdf.subarray(end)).toString('latin1').trim() === '') return 'NESSUNA'
  try {
    const before = await PDFDocument.load(pdf.subarray(0, end), { updateMetadata: false, throwOnInvalidObject: true })
    return onlySignaturesBetween(before, now) ? 'SOLO_FIRME' : 'ALTRE'
  } catch {
    return 'ALTRE'
  }
}

/** Keys that may differ in what was there, by what it is. */
const MAY_GROW: readonly (readonly [(dict: PDFDict, before: PDFDocument) => boolean, readonly string[]])[] = [
  [(dict) => dict.get(name('Type')) === name('Catalog'), ['AcroForm', 'DSS', 'Extensions']],
  [(dict) => dict.has(name('Fields')), ['Fields', 'SigFlags']],
  [(dict) => dict.get(name('Type')) === name('Page'), ['Annots']],
  [(dict) => dict.get(name('Type')) === name('StructTreeRoot'), ['K', 'ParentTree', 'ParentTreeNextKey']],
  [(dict) => dict.get(name('Type')) === name('StructElem') || dict.has(name('S')), ['K']],
  [(dict) => dict.has(name('Nums')), ['Nums', 'Limits']],
]

function onlySignaturesBetween(before: PDFDocument, now: PDFDocument): boolean {
  const isRoot = (ref: PDFRef) => before.context.trailerInfo.Root === ref
  return (
    String(before.context.trailerInfo.Root) === String(now.context.trailerInfo.Root) &&
    before.context.enumerateIndirectObjects().every(([ref, was]) => {
      const is = now.context.lookup(ref)
      if (isBookkeeping(was)) return true
      if (is === undefined) return false
      if (was instanceof PDFStream || is instanceof PDFStream) return sameStream(was, is)
      if (String(was) === String(is)) return true
      if (was instanceof PDFDict && is instanceof PDFDict) return grewBySignatures(was, is, before, now, isRoot(ref))
      return was instanceof PDFArray && is instanceof PDFArray && grew(was, is, now)
    })
  )
}

/** How a file is kept, not what it says. */
const isBookkeeping = (object: PDFObject): boolean =>
  object instanceof PDFStream && ['/XRef', '/ObjStm'].includes(String(object.dict.get(name('Type'))))

const sameStream = (was: PDFObject, is: PDFObject): boolean =>
  was instanceof PDFStream &&
  is instanceof PDFStream &&
  String(was.dict) === String(is.dict) &&
  Buffer.compare(Buffer.from(was.getContents()), Buffer.from(is.getContents())) === 0

function grewBySignatures(
  was: PDFDict,
  is: PDFDict,
  before: PDFDocument,
  now: PDFDocument,
  isCatalog: boolean,
): boolean {
  const allowed = isCatalog ? MAY_GROW[0]![1] : (MAY_GROW.find(([fits]) => fits(was, before))?.[1] ?? [])
  const keys = new Set([...was.keys(), ...is.keys()])
  return [...keys].every((key) => {
    const [one, other] = [was.get(key), is.get(key)]
    if (String(one) === String(other)) return true
    if (!allowed.includes(key.decodeText())) return false
    const [old, new_] = [was.lookup(key), is.lookup(key)]
    return grewAt(key.decodeText(), old, new_, before, now)
  })
}

function grewAt(
  key: string,
  was: PDFObject | undefined,
  is: PDFObject | undefined,
  before: PDFDocument,
  now: PDFDocument,
): boolean {
  switch (key) {
    case 'Fields':
    case 'Annots':
      return is instanceof PDFArray && (was === undefined || was instanceof PDFArray) && grew(was, is, now)
    case 'AcroForm':
      return (
        is instanceof PDFDict &&
        (!(was instanceof PDFDict) ? freshForm(is, now) : grewBySignatures(was, is, before, now, false))
      )
    case 'K':
      return (
        is instanceof PDFArray &&
        startsWith(is, was instanceof PDFArray ? was.asArray() : was === undefined ? [] : [was])
      )
    default:
      // Validation data, counters and the way back from content to structure: nothing that is seen or read.
      return true
  }
}

const freshForm = (form: PDFDict, now: PDFDocument): boolean => {
  const fields = form.lookup(name('Fields'))
  return fields instanceof PDFArray && grew(undefined, fields, now)
}

/** What was there stands first and is the same; what was added are signatures. */
function grew(was: PDFArray | undefined, is: PDFArray, now: PDFDocument): boolean {
  const old = was?.asArray() ?? []
  return (
    startsWith(is, old) &&
    is
      .asArray()
      .slice(old.length)
      .every((added) => isSignatureField(now.context.lookup(added)))
  )
}

const startsWith = (is: PDFArray, old: readonly PDFObject[]): boolean =>
  old.every((one, index) => String(one) === String(is.get(index)))

const isSignatureField = (object: PDFObject | undefined): boolean =>
  object instanceof PDFDict && object.get(name('FT')) === name('Sig') && !object.has(name('AP'))
