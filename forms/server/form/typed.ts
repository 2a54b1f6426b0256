/**
 * What a person typed: the texts of a posted page by the name of their control, kept as they came so that none is lost.
 * Owns: bounds on it, rows added and removed. Does not own: what the texts mean (inputs).
 */

export type Typed = ReadonlyMap<string, readonly string[]>

/** Rows of one dynamic list. */
export const ROWS_MAX = 100

const NAMES_MAX = 5_000
const TEXTS_MAX = 1_000
const CHARACTERS_MAX = 50_000

/** Reads a parsed form body: texts and lists of texts by name. Names that no control has are harmless: nobody asks for them. */
export function typedIn(body: unknown): Typed {
  if (typeof body !== 'object' || body === null) return new Map()
  const entries = Object.entries(body).slice(0, NAMES_MAX)
  return new Map(entries.map(([name, value]) => [name, textsIn(value)]))
}

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value])
    .slice(0, TEXTS_MAX)
    .filter((text) => typeof text === 'string')
    .map((text) => text.slice(0, CHARACTERS_MAX))

/** The control that carries how many rows a list has on the page. */
export const rowsControl = (list: string): string => `${list}[]`

/** Null when the page did not show the list. */
export function rowsTyped(typed: Typed, list: string): number | null {
  const text = typed.get(rowsControl(list))?.at(-1) ?? ''
  return /^\d{1,4}$/.test(text) ? Math.min(Number(text), ROWS_MAX) : null
}

/** A press on "add" or "remove", as its button says it: `+istanza.nucleo`, `-istanza.nucleo[1]`, of a file `~istanza.titolo.copia[0]`. */
export const ROW_CONTROL = 'riga'

/** The page after the press; null when none of these buttons was pressed. */
export function withRowPressed(typed: Typed): Typed | null {
  const press = typed.get(ROW_CONTROL)?.at(-1) ?? ''
  const list = press.slice(1).replace(/\[\d{1,4}\]$/, '')
  if (press.startsWith('+')) return withRows(typed, list, (rowsTyped(typed, list) ?? 0) + 1)
  const index = /\[(\d{1,4})\]$/.exec(press)?.[1]
  if (index === undefined) return null
  if (press.startsWith('~')) return withoutText(typed, list, Number(index))
  return press.startsWith('-') ? withoutRow(typed, list, Number(index)) : null
}

/** The texts of one control, as they stand on the page: empty ones say only that it was shown. */
const withoutText = (typed: Typed, name: string, removed: number): Typed => {
  const texts = (typed.get(name) ?? []).filter((text) => text !== '')
  return new Map(typed).set(name, ['', ...texts.filter((_text, index) => index !== removed)])
}

/** The control that carries how a person looks at a table: `2:d:0` is by the third column, downwards, first page. */
export const viewControl = (table: string): string => `@${table}`
export const isViewControl = (name: string | null | undefined): boolean => name?.startsWith('@') === true

const withRows = (typed: Typed, list: string, rows: number): Typed =>
  new Map(typed).set(rowsControl(list), [String(Math.min(rows, ROWS_MAX))])

function withoutRow(typed: Typed, list: string, removed: number): Typed {
  const rows = rowsTyped(typed, list) ?? 0
  if (removed >= rows) return typed
  const kept = new Map<string, readonly string[]>()
  for (const [name, texts] of typed) {
    const row = rowOf(name, list)
    if (row === null || row < removed) kept.set(name, texts)
    else if (row > removed) kept.set(name.replace(`${list}[${row}]`, `${list}[${row - 1}]`), texts)
  }
  return withRows(kept, list, rows - 1)
}

/** Which row of the list a control belongs to; null when to none. */
function rowOf(name: string, list: string): number | null {
  if (!name.startsWith(`${list}[`)) return null
  const index = /^\[(\d{1,4})\]/.exec(name.slice(list.length))?.[1]
  return index === undefined ? null : Number(index)
}
