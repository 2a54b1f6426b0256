/**
 * A batch of records as bytes, for ever: what is written once must be readable by every later version.
 *
 * Version 1: `01`, the length of the compressed part (int32), the compressed part, the sealed parts one after the other.
 * The compressed part is zstd of JSON: `shapes`, each [record type, value type, intent, …names of fields], and `sections`, one for each
 * process instance: [process instance, root instance, bytes of its sealed part, …records]. A record is
 * [shape, position, its distance from the command's or -1, timestamp, key, …values]; position and timestamp count from the batch's first.
 * A field named `@…` belongs to the record itself. A rejection ends with its type and reason. Values of fields named `*…` are personal: they are left out here and stand, in order, in
 * the sealed part, a JSON list. Where that was erased, the fields are missing.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Key, LogRecord, Rejection } from '../protocol/records.ts'
import type { Entry } from './store.ts'

const VERSION = 1
const HEADER_BYTES = 5
/** A batch is bounded by its number of records; this is against a damaged row. */
const BATCH_BYTES_MAX = 1 << 30
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Fields whose values may be personal data. */
const personal: ReadonlySet<string> = new Set([
  'variables',
  'value',
  'decisionOutput',
  'evaluatedDecisions',
  'evaluationFailureMessage',
  'correlationKey',
  'errorMessage',
  'jobs',
  'assignee',
])
const isPersonal = (field: string, value: unknown) => personal.has(field) && value !== '' && value !== '{}'

/** Encrypts what belongs to a root instance, or (-1) to none. */
export interface Seal {
  seal(rootProcessInstanceKey: Key, plain: Buffer): Buffer
  /** Null when it was erased. */
  unseal(rootProcessInstanceKey: Key, sealed: Buffer): Buffer | null
}

type Shape = readonly string[]
type RecordTuple = [shape: number, position: number, source: number, timestamp: number, key: Key, ...values: unknown[]]
type Section = readonly [processInstanceKey: Key, root: Key, sealedBytes: number, ...records: RecordTuple[]]
interface Document {
  readonly shapes: readonly Shape[]
  /** Timestamp of the first record. */
  readonly timestamp: number
  readonly sections: readonly Section[]
}

export function encodeBatch(entries: readonly Entry[], seal: Seal): Buffer {
  const { position, timestamp } = entries[0]!
  const shapes = new Shapes()
  const sections: Section[] = []
  const sealed: Buffer[] = []
  for (const [processInstanceKey, own] of Map.groupBy(entries, (entry) => entry.processInstanceKey)) {
    const root = own[0]!.rootProcessInstanceKey
    const secrets: unknown[] = []
    const records = own.map((entry) => tupleOf(entry, { position, timestamp }, shapes, secrets))
    const part = secrets.length === 0 ? Buffer.alloc(0) : seal.seal(root, Buffer.from(JSON.stringify(secrets)))
    sealed.push(part)
    sections.push([processInstanceKey, root, part.length, ...records])
  }
  const document: Document = { shapes: shapes.list, timestamp, sections }
  const compressed = zstdCompressSync(JSON.stringify(document), compression)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt8(VERSION)
  header.writeInt32BE(compressed.length, 1)
  return Buffer.concat([header, compressed, ...sealed])
}

function tupleOf(
  { position, sourceRecordPosition, timestamp, record }: Entry,
  first: { readonly position: number; readonly timestamp: number },
  shapes: Shapes,
  secrets: unknown[],
): RecordTuple {
  const source = sourceRecordPosition < 0 ? -1 : position - sourceRecordPosition
  const tuple: RecordTuple = [0, position - first.position, source, timestamp - first.timestamp, record.key]
  let shape = noShape.with(record.recordType).with(record.valueType).with(record.intent)
  const fields = record.value as Readonly<Record<string, unknown>>
  for (const field in fields) {
    const value = fields[field]
    if (value === undefined) continue
    if (isPersonal(field, value)) {
      shape = shape.withSealed(field)
      secrets.push(value)
    } else {
      shape = shape.with(field)
      tuple.push(value)
    }
  }
  if (record.batchOperationReference !== undefined) {
    shape = shape.with('@batchOperationReference')
    tuple.push(record.batchOperationReference)
  }
  tuple[0] = shapes.numberOf(shape)
  if (record.recordType === 'COMMAND_REJECTION') tuple.push(record.rejection.type, record.rejection.reason)
  return tuple
}

/** A shape on its way, word by word. The words are the program's, so that there are some hundred shapes for its whole life. */
class ShapePrefix {
  readonly words: Shape
  readonly #next = new Map<string, ShapePrefix>()
  readonly #sealed = new Map<string, ShapePrefix>()
  constructor(words: Shape) {
    this.words = words
  }
  with(word: string): ShapePrefix {
    return this.#next.get(word) ?? this.#grown(this.#next, word, word)
  }
  withSealed(field: string): ShapePrefix {
    return this.#sealed.get(field) ?? this.#grown(this.#sealed, field, `*${field}`)
  }
  #grown(into: Map<string, ShapePrefix>, by: string, word: string): ShapePrefix {
    const grown = new ShapePrefix([...this.words, word])
    into.set(by, grown)
    return grown
  }
}
const noShape = new ShapePrefix([])

class Shapes {
  readonly list: Shape[] = []
  readonly #numbers = new Map<ShapePrefix, number>()
  numberOf(shape: ShapePrefix): number {
    let number = this.#numbers.get(shape)
    if (number === undefined) {
      number = this.list.push(shape.words) - 1
      this.#numbers.set(shape, number)
    }
    return number
  }
}

function documentIn(batch: Buffer): { readonly document: Document; readonly sealed: Buffer } {
  const version = batch.readUInt8()
  if (version !== VERSION)
    throw new Error(`Expected to read version ${VERSION} of the log, but found ${version}. Start a newer Iter.`)
  const end = HEADER_BYTES + batch.readInt32BE(1)
  const text = zstdDecompressSync(batch.subarray(HEADER_BYTES, end), { maxOutputLength: BATCH_BYTES_MAX })
  return { document: JSON.parse(text.toString()), sealed: batch.subarray(end) }
}

/** The root instances (-1: none) under whose keys parts of the batch are sealed. */
export function rootsIn(batch: Buffer): readonly Key[] {
  return documentIn(batch).document.sections.map(([, root]) => root)
}

/**
 * Entries in the order of their positions.
 * @param first position of the batch
 * @param only the process instance whose section is wanted; null for all
 */
export function decodeBatch(batch: Buffer, first: number, seal: Seal, only: Key | null = null): readonly Entry[] {
  const { document, sealed } = documentIn(batch)
  const entries: Entry[] = []
  let at = 0
  for (const [processInstanceKey, root, sealedBytes, ...records] of document.sections) {
    const part = sealed.subarray(at, at + sealedBytes)
    at += sealedBytes
    if (only !== null && only !== processInstanceKey) continue
    const plain = sealedBytes === 0 ? null : seal.unseal(root, part)
    const secrets = plain === null ? null : (JSON.parse(plain.toString()) as readonly unknown[]).values()
    for (const [shape, offset, source, timestamp, key, ...values] of records) {
      const position = first + offset
      entries.push({
        position,
        sourceRecordPosition: source < 0 ? -1 : position - source,
        timestamp: document.timestamp + timestamp,
        processInstanceKey,
        rootProcessInstanceKey: root,
        record: recordOf(document.shapes[shape]!, key, values, secrets),
      })
    }
  }
  return entries.sort((one, other) => one.position - other.position)
}

function recordOf(
  [recordType, valueType, intent, ...fields]: Shape,
  key: Key,
  values: readonly unknown[],
  secrets: Iterator<unknown> | null,
): LogRecord {
  const value: Record<string, unknown> = {}
  const own: Record<string, unknown> = {}
  let at = 0
  for (const field of fields) {
    if (field.startsWith('@')) own[field.slice(1)] = values[at++]
    else if (!field.startsWith('*')) value[field] = values[at++]
    else if (secrets !== null) value[field.slice(1)] = secrets.next().value
  }
  const record = { recordType, valueType, intent, key, value, ...own }
  if (recordType !== 'COMMAND_REJECTION') return record as LogRecord
  const rejection = { type: values[at], reason: values[at + 1] } as Rejection
  return { ...record, rejection } as LogRecord
}
