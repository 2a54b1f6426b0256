/** A table's data as a person looks at it: sorted by a column, one page of it. Works by posts alone, so that it needs no script. */
import { type Context, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import { compareNumbers, isNumeric } from '../../../engine/feel/number.ts'
import { shown } from './display.ts'
import type { Expressions } from './expressions.ts'
import type { Table, TableView } from './page.ts'
import type { ComponentOf } from './schema.ts'
import { viewControl } from './typed.ts'

const ROWS_MAX = 500
const COLUMNS_MAX = 50

/** How a person looks at the table whose control has that name. */
export type ViewOf = (control: string) => string | null

export function tableOf(
  component: ComponentOf<'table'>,
  scope: Context,
  expressions: Expressions,
  viewOf: ViewOf,
  prefix: string,
): Table {
  const columns = (component.columns ?? columnsIn(component, scope, expressions)).slice(0, COLUMNS_MAX)
  const source = expressions.value(component.dataSource, scope)
  const items = source !== undefined && isList(source) ? source.slice(0, ROWS_MAX) : []
  const size = Math.max(1, Math.trunc(component.rowCount ?? ROWS_MAX))
  const pages = Math.max(1, Math.ceil(items.length / size))
  const control = viewControl(prefix + component.id)
  const view = viewIn(viewOf(control), columns.length, pages)
  const cells = items.map((item) => columns.map(({ key }) => cellOf(item, key)))
  return {
    type: 'table',
    label: expressions.label(component.label, scope),
    headings: columns.map(({ label }) => label),
    rows: sorted(cells, view)
      .slice(view.page * size, (view.page + 1) * size)
      .map((row) => row.map(shown)),
    view,
    pages,
    control,
  }
}

const cellOf = (item: Value, key: string): Value => (isContext(item) ? (item.get(key) ?? null) : null)

function columnsIn({ columnsExpression }: ComponentOf<'table'>, scope: Context, expressions: Expressions) {
  const value = columnsExpression === undefined ? undefined : expressions.value(columnsExpression, scope)
  if (value === undefined || !isList(value)) return []
  return value.filter(isContext).map((column) => ({
    label: shown(column.get('label') ?? null),
    key: shown(column.get('key') ?? null),
  }))
}

const VIEW = /^(\d{1,3})?:([ad]):(\d{1,4})$/

export const viewText = ({ column, isDescending, page }: TableView): string =>
  `${column ?? ''}:${isDescending ? 'd' : 'a'}:${page}`

function viewIn(text: string | null, columns: number, pages: number): TableView {
  const [, column, direction, page] = VIEW.exec(text ?? '') ?? []
  return {
    column: column !== undefined && Number(column) < columns ? Number(column) : null,
    isDescending: direction === 'd',
    page: Math.min(Number(page ?? 0), pages - 1),
  }
}

function sorted(rows: readonly (readonly Value[])[], { column, isDescending }: TableView) {
  if (column === null) return rows
  const sign = isDescending ? -1 : 1
  return rows.toSorted((one, other) => sign * compare(one[column] ?? null, other[column] ?? null))
}

const alphabet = new Intl.Collator('it', { numeric: true })

/** Numbers by size, the rest as it is read, dates by the calendar because they are compared as ISO text; nothing comes last. */
function compare(one: Value, other: Value): number {
  if (isNumeric(one) && isNumeric(other)) return compareNumbers(one, other)
  const [left, right] = [textOf(one), textOf(other)]
  if (left === '' || right === '') return left === right ? 0 : left === '' ? 1 : -1
  return alphabet.compare(left, right)
}
const textOf = (value: Value): string => (typeof value === 'string' ? value : shown(value))
