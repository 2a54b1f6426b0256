/** Values and tables as text for a terminal. */
import { type Dialect, isContext, isList, kindOf, shown, type Value } from '../feel/index.ts'

const WIDTH = 100

/** As FEEL writes it, over several lines when one would be too long. */
export function display(value: Value, dialect: Dialect, indent = ''): string {
  if (typeof value === 'string') return `"${value}"`
  const line = shown(value, dialect)
  if (indent.length + line.length <= WIDTH) return line
  const inner = `${indent}  `
  if (isList(value))
    return bracketed(
      '[',
      value.map((item) => display(item, dialect, inner)),
      ']',
      indent,
    )
  if (!isContext(value)) return line
  const entries = [...value].map(([name, entry]) => `${name}: ${display(entry, dialect, inner)}`)
  return bracketed('{', entries, '}', indent)
}

const bracketed = (open: string, parts: readonly string[], close: string, indent: string): string =>
  `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`

export const withType = (value: Value, dialect: Dialect): string => `${display(value, dialect)}  (${kindOf(value)})`

/** Columns one below the other; those of numbers, whatever their head, stand to the right. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const columns = Array.from({ length: count }, (_column, at) => {
    const cells = rows.map((row) => row[at] ?? '')
    const filled = cells.slice(1).filter((cell) => cell !== '')
    return {
      width: Math.max(...cells.map((cell) => cell.length)),
      isNumeric: filled.length > 0 && filled.every((cell) => /^-?\d[\d.]*$/.test(cell)),
    }
  })
  return rows.map((row) =>
    columns
      .map(({ width, isNumeric }, at) => (isNumeric ? (row[at] ?? '').padStart(width) : (row[at] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd(),
  )
}
