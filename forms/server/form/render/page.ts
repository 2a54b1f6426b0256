/** A page of a form → HTML: sections, rows of a grid, lists with their buttons, contents. The `<form>` around it is the caller's. */
import { attributes, type Html, html, type Part } from '../../html.ts'
import { markdown } from '../markdown.ts'
import type { Node, Rows, Section, Shown } from '../page.ts'
import { sanitised } from '../sanitised-html.ts'
import { ROW_CONTROL, ROWS_MAX, rowsControl } from '../typed.ts'
import { words } from '../words.ts'
import { renderField } from './control.ts'
import type { Look } from './look.ts'

const BROWSER_COLUMNS = 12
const FORM_COLUMNS = 16

export function renderPage(nodes: readonly Node[], look: Look): Html {
  return html`<p class="small">${words[look.language].legend}</p>${renderNodes(nodes, look, 0)}`
}

/** Nodes of one layout row share a row of the grid, in order of first appearance. */
function renderNodes(nodes: readonly Node[], look: Look, depth: number): Part {
  const rows = Map.groupBy(nodes, ({ component }) => component.layout?.row ?? component.id)
  return [...rows.values()].map((row) => {
    const visible = row.filter(({ isHidden }) => !isHidden)
    const kept = row.filter(({ isHidden }) => isHidden).map(renderKept)
    if (visible.length <= 1) return [kept, visible.map((node) => renderNode(node, look, depth))]
    return [
      kept,
      html`<div class="row">${visible.map((node) => html`<div class="${columnClass(node)}">${renderNode(node, look, depth)}</div>`)}</div>`,
    ]
  })
}

function columnClass({ component }: Node): string {
  const columns = component.layout?.columns
  return columns ? `col-md-${Math.max(1, Math.round((columns * BROWSER_COLUMNS) / FORM_COLUMNS))}` : 'col-md'
}

function renderNode(node: Node, look: Look, depth: number): Html {
  switch (node.kind) {
    case 'field':
      return renderField(node, look)
    case 'computed':
      return html``
    case 'section':
      return renderSection(node, look, depth)
    case 'rows':
      return renderRows(node, look, depth)
    case 'shown':
      return renderShown(node, look)
  }
}

/** What was typed into a field that is hidden now comes along, so that it is there again when the field is. */
function renderKept(node: Node): Part {
  switch (node.kind) {
    case 'field':
      return (node.typed ?? []).map((text) => html`<input type="hidden" name="${node.name}" value="${text}">`)
    case 'section':
      return node.nodes.map(renderKept)
    case 'rows':
      return node.rows.length > 0 && [rowCount(node), node.rows.map((row) => row.map(renderKept))]
    case 'computed':
    case 'shown':
      return null
  }
}

function renderSection(section: Section, look: Look, depth: number): Html {
  const { id, label, description, nodes, component } = section
  const inner = [description && html`<p>${description}</p>`, renderNodes(nodes, look, depth + 1)]
  const frame = component.showOutline ? ' border rounded p-3' : ''
  if (label === '') return html`<div class="mb-4${frame}">${inner}</div>`
  if (depth > 0) return html`<fieldset class="mb-4${frame}"><legend class="h5">${label}</legend>${inner}</fieldset>`
  return html`<section class="it-page-section mb-5${frame}" aria-labelledby="${id}">${heading(look.headingLevel, label, id)}${inner}</section>`
}

const heading = (level: number, text: string, id: string): Html =>
  level <= 2 ? html`<h2 class="h4 mb-4" id="${id}">${text}</h2>` : html`<h3 class="h5 mb-4" id="${id}">${text}</h3>`

const rowCount = ({ name, rows }: Rows): Html =>
  html`<input type="hidden" name="${rowsControl(name)}" value="${rows.length}">`

function renderRows(list: Rows, look: Look, depth: number): Html {
  const { component, name, rows } = list
  const word = words[look.language]
  const label = list.label || component.path
  const press = (value: string, text: string) =>
    html`<button type="submit" class="btn btn-outline-primary btn-sm" formnovalidate${attributes({ name: ROW_CONTROL, value })}>${text}</button>`
  const items = rows.map(
    (row, index) =>
      html`<fieldset class="mb-4${component.showOutline ? ' border rounded p-3' : ''}"><legend class="h6">${word.row(label, index + 1, rows.length)}</legend>${renderNodes(row, look, depth + 1)}${
        component.allowAddRemove && press(`-${name}[${index}]`, word.remove(label, index + 1))
      }</fieldset>`,
  )
  const add = component.allowAddRemove && rows.length < ROWS_MAX && press(`+${name}`, word.add(label))
  return html`<fieldset class="mb-4"><legend class="h5">${label}</legend>${rowCount(list)}${items}${rows.length === 0 && html`<p>${word.noRows}</p>`}${add}</fieldset>`
}

function renderShown({ content }: Shown, look: Look): Html {
  switch (content.type) {
    case 'markdown':
      return html`<div class="mb-4">${markdown(content.text, look.headingLevel)}</div>`
    case 'html':
      return html`<div class="mb-4">${sanitised(content.text)}</div>`
    case 'notice':
      return html`<div class="alert alert-warning" role="note">${words[look.language].notShown(content.text)}</div>`
    case 'table':
      return renderTable(content, look)
    case 'separator':
      return html`<hr>`
    case 'spacer':
      return html`<div class="my-5"></div>`
    case 'nothing':
      return html``
  }
}

function renderTable({ label, headings, rows }: Extract<Shown['content'], { type: 'table' }>, look: Look): Html {
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)
  const none = html`<tr><td colspan="${Math.max(1, headings.length)}">${words[look.language].noTableRows}</td></tr>`
  return html`<div class="table-responsive mb-4"><table class="table"><caption>${label}</caption><thead><tr>${headings.map(
    (text) => html`<th scope="col">${text}</th>`,
  )}</tr></thead><tbody>${rows.length === 0 ? none : body}</tbody></table></div>`
}
