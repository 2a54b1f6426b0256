/** What a component without input shows: its templates filled, its table read. */
import { type Context, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import { escapeText } from '../html.ts'
import { shown } from './display.ts'
import type { Expressions } from './expressions.ts'
import { escapeMarkdown } from './markdown.ts'
import type { Content } from './page.ts'
import type { ComponentOf, Display } from './schema.ts'

const ROWS_SHOWN_MAX = 500

export function contentOf(component: Display, scope: Context, expressions: Expressions): Content {
  switch (component.type) {
    case 'text':
      return {
        type: 'markdown',
        text: expressions.text(component.text, scope, (value) => escapeMarkdown(shown(value))),
      }
    case 'html':
      return { type: 'html', text: expressions.text(component.content, scope, (value) => escapeText(shown(value))) }
    case 'table':
      return tableOf(component, scope, expressions)
    case 'separator':
    case 'spacer':
      return { type: component.type }
    // The page has its own buttons, as Tasklist has.
    case 'button':
      return { type: 'nothing' }
    case 'filepicker':
    case 'image':
    case 'iframe':
    case 'documentPreview':
      return { type: 'notice', text: component.type }
  }
}

function tableOf(component: ComponentOf<'table'>, scope: Context, expressions: Expressions): Content {
  const columns = component.columns ?? columnsIn(component, scope, expressions)
  const source = expressions.value(component.dataSource, scope)
  const items = source !== undefined && isList(source) ? source.slice(0, ROWS_SHOWN_MAX) : []
  return {
    type: 'table',
    label: expressions.label(component.label, scope),
    headings: columns.map(({ label }) => label),
    rows: items.map((item) => columns.map(({ key }) => shown(cellOf(item, key)))),
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
