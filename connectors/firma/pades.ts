/**
 * A signature in a PDF (PAdES B-B, B-T): an empty one is appended, what is to be signed is told, and the CMS is put in its place.
 *
 * Owns the appended revision. Does not own the CMS (cms.ts).
 * Invariants
 * P1 What was there stays byte for byte: a signature that was made before stays whole.
 * P2 The signed bytes are all but the place of the CMS.
 * P3 The same document, signer and instant are the same bytes.
 * Source: ISO 32000-1 §12.8; ETSI EN 319 142-1 §5, §6.
 */
import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHexString,
  PDFName,
  type PDFPage,
  type PDFRef,
  PDFStream,
  PDFString,
} from '@cantoo/pdf-lib'
import { addElement, addEntry, structureOf } from '../documento/tagging.ts'
import { cmsRoom, sha256 } from './cms.ts'
import type { Credential } from './types.ts'

/** The document cannot be signed as a PDF. */
export class NotSignable extends Error {
  override readonly name = 'NotSignable'
}
/** The CMS is longer than its place. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom'
}

export interface Signing {
  readonly credential: Credential
  /** Who signs, as the document says. */
  readonly firmatario: string
  readonly motivo: string
  /** Epoch milliseconds: when the signature says it was made. */
  readonly at: number
}
const name = PDFName.of
/** Ten digits hold any offset. */
const UNKNOWN = 9_999_999_999
const RANGE = /\/ByteRange \[ 0 9999999999 9999999999 9999999999 \]/

/** The document with an empty signature. `room`: bytes beside the CMS of level B. */
export async function preparePdf(pdf: Uint8Array, signing: Signing, room: number): Promise<Uint8Array> {
  const document = await loaded(pdf)
  const before = textOfObjects(document)
  const page = document.getPage(0)
  appendSignature(document, page, signing, cmsRoom(signing.credential) + room)
  const snapshot = document.context.snapshot ?? document.takeSnapshot()
  for (const [ref, text] of textOfObjects(document)) if (before.get(ref) !== text) snapshot.markRefForSave(ref)
  const added = await document.saveIncremental(snapshot, { useObjectStreams: hasXrefStream(pdf) })
  return withRange(Buffer.concat([pdf, added]), pdf.byteLength)
}

/** SHA-256 of what is signed. */
export function hashOfPrepared(prepared: Uint8Array): Buffer {
  const [start, end] = placeOf(Buffer.from(prepared))
  return sha256(Buffer.concat([prepared.subarray(0, start), prepared.subarray(end)]))
}

/** The document with the CMS in its place. Throws `NoRoom`. */
export function embed(prepared: Uint8Array, cms: Uint8Array): Uint8Array {
  const pdf = Buffer.from(prepared)
  const [start, end] = placeOf(pdf)
  const hex = Buffer.from(cms).toString('hex')
  if (hex.length > end - start - 2)
    throw new NoRoom(`Expected a signature of at most ${(end - start - 2) / 2} bytes, but it has ${cms.byteLength}.`)
  pdf.write(hex, start + 1, 'latin1')
  return pdf
}

async function loaded(pdf: Uint8Array): Promise<PDFDocument> {
  try {
    const options = { updateMetadata: false, throwOnInvalidObject: true, forIncrementalUpdate: true }
    const document = await PDFDocument.load(pdf, options)
    if (document.getPageCount() > 0) return document
  } catch {
    throw new NotSignable('Expected a PDF to sign, but it is encrypted or cannot be read. Give another.')
  }
  throw new NotSignable('Expected a PDF with a page, but it has none. Give another.')
}

/** Each object as it is written; of a stream its dictionary, for content is only ever added here. */
const textOfObjects = ({ context }: PDFDocument): ReadonlyMap<PDFRef, string> =>
  new Map(
    context
      .enumerateIndirectObjects()
      .map(([ref, object]) => [ref, String(object instanceof PDFStream ? object.dict : object)]),
  )

function appendSignature(
  document: PDFDocument,
  page: PDFPage,
  { firmatario, motivo, at }: Signing,
  room: number,
): void {
  const { context } = document
  const form = formOf(document)
  const fields = arrayIn(form, 'Fields')
  const signature = context.register(
    context.obj({
      ...{ Type: 'Sig', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.CAdES.detached' },
      ...{ ByteRange: [0, UNKNOWN, UNKNOWN, UNKNOWN], Contents: PDFHexString.of('00'.repeat(room)) },
      ...{ M: PDFString.fromDate(new Date(at)), Name: PDFHexString.fromText(firmatario) },
      Reason: PDFHexString.fromText(motivo),
    }),
  )
  const label = PDFHexString.fromText(`Firma di ${firmatario}`)
  const widget = context.obj({
    ...{ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', Rect: [0, 0, 0, 0], F: 132, P: page.ref, V: signature },
    ...{ T: PDFHexString.fromText(`Firma${fields.size() + 1}`), TU: label },
  }) as PDFDict
  const widgetRef = context.register(widget)
  fields.push(widgetRef)
  form.set(name('SigFlags'), context.obj(3))
  arrayIn(page.node, 'Annots').push(widgetRef)
  const structure = structureOf(document)
  if (!structure) return
  const kid = context.obj({ Type: 'OBJR', Obj: widgetRef, Pg: page.ref })
  const element = addElement(document, structure, 'Form', { K: kid, Alt: label }, 'last')
  widget.set(name('StructParent'), context.obj(addEntry(context, structure.root, element)))
}

function formOf({ catalog, context }: PDFDocument): PDFDict {
  const known = catalog.lookupMaybe(name('AcroForm'), PDFDict)
  if (known) return known
  const form = context.obj({ Fields: [] }) as PDFDict
  catalog.set(name('AcroForm'), context.register(form))
  return form
}

function arrayIn(dict: PDFDict, key: string): PDFArray {
  const known = dict.lookupMaybe(name(key), PDFArray)
  if (known) return known
  const made = dict.context.obj([]) as PDFArray
  dict.set(name(key), made)
  return made
}

/** A revision is written as the one before: a table after a table, a stream after a stream. */
function hasXrefStream(pdf: Uint8Array): boolean {
  const tail = Buffer.from(pdf.subarray(-2048)).toString('latin1')
  const at = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1])
  return Buffer.from(pdf.subarray(at, at + 4)).toString('latin1') !== 'xref'
}

function withRange(pdf: Buffer, from: number): Buffer {
  const found = RANGE.exec(pdf.subarray(from).toString('latin1'))
  if (!found) throw new NotSignable('Expected the empty signature where it was appended, but it is not.')
  const [start, end] = contentsAfter(pdf, from)
  const numbers = `0 ${start} ${end} ${pdf.byteLength - end}`
  const written = `/ByteRange [ ${numbers}`.padEnd(found[0].length - 1, ' ')
  pdf.write(`${written}]`, from + found.index, 'latin1')
  return pdf
}

/** Where the CMS stands, brackets included: the last one in the document. Throws where there is none: nobody signs nothing. */
function placeOf(pdf: Buffer): readonly [number, number] {
  const signature = pdf.lastIndexOf('/SubFilter /ETSI.CAdES.detached')
  if (signature < 0) throw new Error('Expected a document prepared to be signed, but it has no place for a signature.')
  return contentsAfter(pdf, signature)
}

function contentsAfter(pdf: Buffer, from: number): readonly [number, number] {
  const start = pdf.indexOf('/Contents <0', from) + '/Contents '.length
  return [start, pdf.indexOf('>', start) + 1]
}
