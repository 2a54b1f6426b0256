import type pg from 'pg'

/**
 * PostgreSQL's extended protocol as one network write: any number of prepared statements and binary COPYs, one Sync, hence one
 * round trip and one transaction.
 *
 * Owns: the bytes of Parse, Bind, Execute, CopyData, Sync and of binary values. Does not own: which statements, the connection.
 * Invariants
 * W1 An exchange is atomic: the statements up to Sync are one implicit transaction, and the first error skips the rest.
 * W2 Nothing is interpolated: values travel as binary parameters or COPY fields, never in SQL text.
 */

/** A buffer that grows. Reused from batch to batch. */
export class ByteWriter {
  bytes: Buffer
  length = 0

  constructor(size = 65_536) {
    this.bytes = Buffer.allocUnsafe(size)
  }

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  int16(value: number): void {
    this.reserve(2)
    const { bytes, length } = this
    bytes[length] = value >> 8
    bytes[length + 1] = value
    this.length += 2
  }

  int32(value: number): void {
    this.reserve(4)
    this.setInt32(this.length, value)
    this.length += 4
  }

  setInt32(at: number, value: number): void {
    const { bytes } = this
    bytes[at] = value >> 24
    bytes[at + 1] = value >> 16
    bytes[at + 2] = value >> 8
    bytes[at + 3] = value
  }

  /** A safe integer as int8. */
  int64(value: number): void {
    this.int32(Math.floor(value / 4_294_967_296))
    this.int32(value | 0)
  }

  /** UTF-8. PostgreSQL's texts hold no NUL, and one client's must not fail the batch of all: it becomes U+FFFD. */
  text(value: string): void {
    this.reserve(value.length * 3)
    const { bytes, length } = this
    // Ids and names are short and ASCII: up to some forty characters a loop beats the call into C++.
    if (value.length < 40) {
      let i = 0
      for (; i < value.length; i++) {
        const code = value.charCodeAt(i)
        if (code > 127 || code === 0) break
        bytes[length + i] = code
      }
      if (i === value.length) {
        this.length += i
        return
      }
    }
    this.length += bytes.write(value.replaceAll('\0', '\ufffd'), length, 'utf8')
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
  }

  /** Writes what `body` writes, preceded by its length. */
  sized(body: () => void): void {
    this.int32(0)
    const start = this.length
    body()
    this.setInt32(start - 4, this.length - start)
  }
}

export type ColumnType = 'int8' | 'int4' | 'bool' | 'text' | 'json' | 'bytea' | 'text[]'
export type ColumnValue = number | boolean | string | Uint8Array | readonly string[] | null

const elementOid = { int8: 20, int4: 23, bool: 16, text: 25, json: 114, bytea: 17, 'text[]': 1009 } as const

function writeValue(out: ByteWriter, type: ColumnType, value: ColumnValue): void {
  if (value === null) {
    out.int32(-1)
  } else if (typeof value === 'number') {
    writeNumber(out, type, value)
  } else if (typeof value === 'string') {
    out.int32(0)
    const start = out.length
    out.text(value)
    out.setInt32(start - 4, out.length - start)
  } else if (typeof value === 'boolean') {
    out.int32(1)
    out.byte(value ? 1 : 0)
  } else if (value instanceof Uint8Array) {
    out.int32(value.length)
    out.raw(value)
  } else {
    out.sized(() => writeArray(out, 'text', value))
  }
}

/** Throws RangeError rather than store another number than the one in memory. */
function writeNumber(out: ByteWriter, type: ColumnType, value: number): void {
  if (type === 'int4' ? value !== (value | 0) : !Number.isSafeInteger(value))
    throw new RangeError(`Expected a number that fits ${type}, but found ${value}`)
  if (type === 'int4') {
    out.int32(4)
    out.int32(value)
  } else {
    out.int32(8)
    out.int64(value)
  }
}

function writeArray(out: ByteWriter, type: ColumnType, values: readonly ColumnValue[]): void {
  out.int32(values.length === 0 ? 0 : 1)
  out.int32(1)
  out.int32(elementOid[type])
  if (values.length === 0) return
  out.int32(values.length)
  out.int32(1)
  for (const value of values) writeValue(out, type, value)
}

export interface Column<Row> {
  readonly name: string
  readonly type: ColumnType
  readonly of: (row: Row) => ColumnValue
}

const message = { parse: 0x50, bind: 0x42, execute: 0x45, copyData: 0x64, copyDone: 0x63, sync: 0x53 } as const
const copySignature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
/** CopyData messages are cut at about this size, so that the server need not hold a whole batch. */
const COPY_DATA_BYTES = 65_536

/** SQL under a name: parsed once for each connection. */
export interface Statement {
  readonly name: string
  readonly sql: string
}
/** For each statement of an exchange the texts of its rows. */
export type Results = readonly (readonly (readonly (string | null)[])[])[]

export class Exchange {
  readonly #out: ByteWriter
  readonly #known: Set<string>

  /** @param known names of the statements that the connection has parsed; a connection whose exchange failed is not used again. */
  constructor(known: Set<string>, out = new ByteWriter()) {
    this.#known = known
    this.#out = out
    out.length = 0
  }

  #message(kind: keyof typeof message, body: () => void): void {
    this.#out.byte(message[kind])
    this.#out.int32(0)
    const start = this.#out.length
    body()
    this.#out.setInt32(start - 4, this.#out.length - start + 4)
  }

  #cString(value: string): void {
    this.#out.text(value)
    this.#out.byte(0)
  }

  #prepare({ name, sql }: Statement): void {
    if (this.#known.has(name)) return
    this.#known.add(name)
    this.#message('parse', () => {
      this.#cString(name)
      this.#cString(sql)
      this.#out.int16(0)
    })
  }

  /** Runs a prepared statement with one binary array for each parameter. */
  arrays(
    statement: Statement,
    parameters: readonly { readonly type: ColumnType; readonly values: readonly ColumnValue[] }[],
  ): void {
    this.#execute(statement, parameters.length, () => {
      for (const { type, values } of parameters) this.#out.sized(() => writeArray(this.#out, type, values))
    })
  }

  /** Runs a prepared statement with scalar binary parameters. */
  scalars(
    statement: Statement,
    parameters: readonly { readonly type: ColumnType; readonly value: ColumnValue }[],
  ): void {
    this.#execute(statement, parameters.length, () => {
      for (const { type, value } of parameters) writeValue(this.#out, type, value)
    })
  }

  /** Runs a prepared statement with one parameter for each column of the row. */
  row<Row>(statement: Statement, columns: readonly Column<Row>[], row: Row): void {
    this.#execute(statement, columns.length, () => {
      for (const column of columns) writeValue(this.#out, column.type, column.of(row))
    })
  }

  /** Runs a prepared `COPY … FROM STDIN (FORMAT binary)`. */
  copy<Row>(statement: Statement, columns: readonly Column<Row>[], rows: readonly Row[]): void {
    const out = this.#out
    this.#execute(statement, 0, () => {})
    let row = 0
    do {
      this.#message('copyData', () => {
        if (row === 0) out.raw(copySignature)
        for (const end = out.length + COPY_DATA_BYTES; row < rows.length && out.length < end; row++) {
          out.int16(columns.length)
          const current = rows[row]!
          for (const column of columns) writeValue(out, column.type, column.of(current))
        }
        if (row === rows.length) out.int16(-1)
      })
    } while (row < rows.length)
    this.#message('copyDone', () => {})
  }

  #execute(statement: Statement, parameterCount: number, parameters: () => void): void {
    this.#prepare(statement)
    const out = this.#out
    this.#message('bind', () => {
      this.#cString('')
      this.#cString(statement.name)
      out.int16(1)
      out.int16(1)
      out.int16(parameterCount)
      parameters()
      out.int16(0)
    })
    this.#message('execute', () => {
      this.#cString('')
      out.int32(0)
    })
  }

  get bytes(): number {
    return this.#out.length
  }

  /** The bytes of the whole exchange; it takes nothing more. */
  finish(): Buffer {
    this.#message('sync', () => {})
    return Buffer.from(this.#out.bytes.subarray(0, this.#out.length))
  }
}

/** Sends an exchange in one write; resolves when the server has committed. */
export const submit = (client: pg.Client, exchange: Buffer): Promise<Results> =>
  new Promise((resolve, reject) => client.query(new Submission(exchange, resolve, reject)))

/** What node-postgres asks of a query object. */
class Submission implements pg.Submittable {
  readonly #bytes: Buffer
  readonly #resolve: (results: Results) => void
  readonly #reject: (error: Error) => void
  readonly #results: (readonly (string | null)[])[][] = []
  #rows: (readonly (string | null)[])[] = []

  constructor(bytes: Buffer, resolve: (results: Results) => void, reject: (error: Error) => void) {
    this.#bytes = bytes
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    connection.stream.write(this.#bytes)
  }
  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields)
  }
  handleCommandComplete(): void {
    this.#results.push(this.#rows)
    this.#rows = []
  }
  handleError(error: Error): void {
    this.#reject(error)
  }
  handleReadyForQuery(): void {
    this.#resolve(this.#results)
  }
  handleCopyInResponse(): void {}
  handleRowDescription(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
