/**
 * Rows ⇄ PostgreSQL, generically, from the descriptions in tables.ts: binary on the way in (COPY, parameters), text on the way out.
 */

import { type FieldType, type StoredTableName, type StoredTables, snakeCase, tables } from './tables.ts'
import type { ColumnType, ColumnValue, Column as WireColumn } from './wire.ts'

interface Codec {
  readonly type: ColumnType
  readonly encode: (value: unknown) => ColumnValue
  /** What a query selects of the column. */
  readonly select: (column: string) => string
  readonly decode: (text: string) => unknown
  /** What NULL stands for. */
  readonly none: unknown
}
const itself = (column: string) => column
const text = (value: string) => value

const codecs: Readonly<Record<FieldType, Codec>> = {
  int8: { type: 'int8', encode: (value) => value as number, select: itself, decode: Number, none: -1 },
  'int8 or none': {
    type: 'int8',
    encode: (value) => (value === -1 ? null : (value as number)),
    select: itself,
    decode: Number,
    none: -1,
  },
  int4: { type: 'int4', encode: (value) => value as number, select: itself, decode: Number, none: -1 },
  bool: { type: 'bool', encode: (value) => value as boolean, select: itself, decode: (t) => t === 't', none: false },
  text: { type: 'text', encode: (value) => value as string, select: itself, decode: text, none: '' },
  'text or none': {
    type: 'text',
    encode: (value) => (value === '' ? null : (value as string)),
    select: itself,
    decode: text,
    none: '',
  },
  'text or null': {
    type: 'text',
    encode: (value) => value as string | null,
    select: itself,
    decode: text,
    none: null,
  },
  'text[] or none': {
    type: 'text[]',
    encode: (value) => ((value as readonly string[]).length === 0 ? null : (value as readonly string[])),
    select: (column) => `array_to_json(${column})`,
    decode: JSON.parse,
    none: Object.freeze([]),
  },
  'text[] or null': {
    type: 'text[]',
    encode: (value) => value as readonly string[] | null,
    select: (column) => `array_to_json(${column})`,
    decode: JSON.parse,
    none: null,
  },
  'json object or none': {
    type: 'json',
    encode: (value) => (Object.keys(value as object).length === 0 ? null : JSON.stringify(value)),
    select: itself,
    decode: JSON.parse,
    none: Object.freeze({}),
  },
  'json list or none': {
    type: 'json',
    encode: (value) => ((value as readonly unknown[]).length === 0 ? null : JSON.stringify(value)),
    select: itself,
    decode: JSON.parse,
    none: Object.freeze([]),
  },
}

export interface TableCodec<Row> {
  /** Unqualified. */
  readonly table: string
  readonly columns: readonly WireColumn<Row>[]
  /** The select list that `decode` reads. */
  readonly selected: string
  decode(texts: readonly (string | null)[]): Row
}

function codecOf<T extends StoredTableName>(name: T): TableCodec<StoredTables[T]> {
  type Row = StoredTables[T]
  const fields = Object.entries(tables[name]) as [keyof Row & string, FieldType][]
  const used = fields.map(([field, type]) => ({ field, column: snakeCase(field), codec: codecs[type] }))
  return {
    table: snakeCase(name),
    columns: used.map(({ field, column, codec }) => ({
      name: column,
      type: codec.type,
      of: (row: Row) => codec.encode(row[field]),
    })),
    selected: used.map(({ column, codec }) => codec.select(`t.${column}`)).join(', '),
    decode(texts) {
      const row: Partial<Row> = {}
      for (const [at, { field, codec }] of used.entries()) {
        const value = texts[at] ?? null
        row[field] = (value === null ? codec.none : codec.decode(value)) as Row[typeof field]
      }
      return row as Row
    },
  }
}

type Codecs = { readonly [T in StoredTableName]: TableCodec<StoredTables[T]> }
export const tableCodecs = Object.fromEntries(
  (Object.keys(tables) as StoredTableName[]).map((name) => [name, codecOf(name)]),
) as Codecs
