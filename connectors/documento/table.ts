/**
 * Tables that are read as tables: each heading names the cells it stands for. A row is kept on one page; the heading is repeated
 * where the table goes on, for the eye alone. A row that is higher than a page is written cell under cell.
 */
import { BODY, COLOURS, drawn, heightOf, type Place, type Style, setStyle, textOptions, write } from './lettering.ts'
import type { Block, Runs } from './markup.ts'
import { decorate, type Element, keep, pageRoom, part, roomLeft, type Sheet, skip } from './sheet.ts'

type Table = Extract<Block, { kind: 'table' }>

const PADDING = 5
const LABEL_SHARE = 0.36
const STRONG: Style = { ...BODY, strong: true }

interface Cell {
  readonly runs: Runs
  readonly scope: 'Column' | 'Row' | null
}
type Row = readonly Cell[]

export function writeTable(sheet: Sheet, { heading, rows }: Table): void {
  const columns = columnsOf(sheet, heading ?? rows[0] ?? [], heading === null)
  const head = heading?.map((runs): Cell => ({ runs, scope: 'Column' }))
  const element = part(sheet, 'Table', sheet.body)
  if (head) writeRow(sheet, head, columns, element)
  for (const cells of rows) {
    const row = cells.map((runs, index): Cell => ({ runs, scope: heading === null && index === 0 ? 'Row' : null }))
    const height = rowHeight(sheet, row, columns)
    if (height > roomLeft(sheet) && height <= pageRoom(sheet)) {
      sheet.document.addPage()
      if (head && rowHeight(sheet, head, columns) + height <= pageRoom(sheet)) repeat(sheet, head, columns)
    }
    if (height > pageRoom(sheet)) writeStacked(sheet, row, element)
    else writeRow(sheet, row, columns, element)
  }
  element.end()
}

function columnsOf({ full }: Sheet, cells: readonly Runs[], labelled: boolean): readonly Place[] {
  const count = cells.length
  const shares = cells.map((_, index) => {
    if (!labelled || count === 1) return 1 / count
    return index === 0 ? LABEL_SHARE : (1 - LABEL_SHARE) / (count - 1)
  })
  let x = full.x
  return shares.map((share) => {
    const column = { x, width: full.width * share }
    x += column.width
    return column
  })
}

const inside = ({ x, width }: Place): Place => ({ x: x + PADDING, width: width - 2 * PADDING })
const styleOf = ({ scope }: Cell): Style => (scope === null ? BODY : STRONG)

const rowHeight = (sheet: Sheet, row: Row, columns: readonly Place[]): number =>
  2 * PADDING +
  Math.max(...row.map((cell, index) => heightOf(sheet, cell.runs, styleOf(cell), inside(columns[index]!))))

function writeRow(sheet: Sheet, row: Row, columns: readonly Place[], table: Element): void {
  const { document } = sheet
  const height = rowHeight(sheet, row, columns)
  keep(sheet, height)
  const top = document.y
  drawGrid(sheet, row, columns, height)
  const line = part(sheet, 'TR', table)
  row.forEach((cell, index) => {
    document.y = top + PADDING
    const element = part(
      sheet,
      cell.scope === null ? 'TD' : 'TH',
      line,
      cell.scope === null ? {} : { scope: cell.scope },
    )
    write(sheet, cell.runs, styleOf(cell), inside(columns[index]!), element)
  })
  document.y = top + height
}

/** The heading again on the next page: read once, seen twice. */
function repeat(sheet: Sheet, row: Row, columns: readonly Place[]): void {
  const { document } = sheet
  const height = rowHeight(sheet, row, columns)
  const top = document.y
  drawGrid(sheet, row, columns, height)
  decorate(sheet, () => {
    row.forEach(({ runs }, index) => {
      const place = inside(columns[index]!)
      setStyle(sheet, STRONG)
      document.text(drawn(runs), place.x, top + PADDING, textOptions(place))
    })
  })
  document.y = top + height
}

function drawGrid(sheet: Sheet, row: Row, columns: readonly Place[], height: number): void {
  const { document } = sheet
  const top = document.y
  decorate(sheet, () => {
    row.forEach(({ scope }, index) => {
      const { x, width } = columns[index]!
      if (scope !== null) document.rect(x, top, width, height).fill(COLOURS.shade)
      document.rect(x, top, width, height).lineWidth(0.5).stroke(COLOURS.line)
    })
  })
}

function writeStacked(sheet: Sheet, row: Row, table: Element): void {
  const line = part(sheet, 'TR', table)
  for (const cell of row) {
    const element = part(
      sheet,
      cell.scope === null ? 'TD' : 'TH',
      line,
      cell.scope === null ? {} : { scope: cell.scope },
    )
    write(sheet, cell.runs, styleOf(cell), sheet.full, element)
    skip(sheet, PADDING)
  }
}
