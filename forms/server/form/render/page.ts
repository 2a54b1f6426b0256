/** A page of a form → HTML: sections, rows of a grid, lists with their buttons, contents. The `<form>` around it is the caller's. */
import { attributes, type Html, html, type Part } from '../../html.ts'
import { faultText } from '../faults.ts'
import { type Node, type Rows, type Section, visibleFields } from '../page.ts'
import { stepAt, stepsOf } from '../steps.ts'
import { viewText } from '../table.ts'
import { ROW_CONTROL, rowsControl } from '../typed.ts'
import { words } from '../words.ts'
import { renderField } from './control.ts'
import { faultIn, idOf, type Look } from './look.ts'
import { renderContent } from './shown.ts'
import { renderPosition } from './steps.ts'

const BROWSER_COLUMNS = 12
const FORM_COLUMNS = 16

export function renderPage(nodes: readonly Node[], look: Look): Html {
  const legend = html`<p class="small">${words[look.language].legend}</p>`
  const steps = look.step === undefined ? [] : stepsOf(nodes)
  const current = stepAt(steps, look.step)
  if (current === null) return html`${legend}${renderNodes(nodes, look, 0)}`
  const others = steps.filter((step) => step !== current).flatMap((step) => step.nodes)
  return html`${renderPosition(steps, current, look)}${legend}${others.map(renderKept)}${renderNodes(current.nodes, look, 0)}`
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
      return renderContent(node.content, look)
  }
}

/** What was typed into a field that the page does not show comes along, so that it is there again when the field is. */
function renderKept(node: Node): Part {
  switch (node.kind) {
    case 'field':
      return (node.typed ?? []).map((text) => html`<input type="hidden" name="${node.name}" value="${text}">`)
    case 'section':
      return node.nodes.map(renderKept)
    case 'rows':
      return [rowCount(node), node.rows.map((row) => row.map(renderKept))]
    case 'shown':
      return (
        node.content.type === 'table' &&
        html`<input type="hidden" name="${node.content.control}" value="${viewText(node.content.view)}">`
      )
    case 'computed':
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
  const { component, name, rows, min, max } = list
  const word = words[look.language]
  const label = list.label || component.path
  const id = idOf(name)
  const fault = faultIn(look, list)
  const canRemove = component.allowAddRemove && rows.length > min
  const items = rows.map((row, index) => {
    const remove =
      canRemove &&
      html`<p class="iter-row-remove mb-0">${press(`-${name}[${index}]`, word.remove, word.removeOf(label, index + 1))}</p>`
    const inner = html`${renderNodes(row, look, depth + 1)}${remove}`
    const isFolded = !component.disableCollapse && index >= component.nonCollapsedItems
    const title = html`<span class="visually-hidden">${label}: </span>${word.row(index + 1, rows.length)}`
    return renderRow(component.showOutline, title, inner, isFolded, row, look)
  })
  const add = component.allowAddRemove && rows.length < max && press(`+${name}`, word.add, word.addTo(label))
  const told =
    fault &&
    html`<div class="form-feedback just-validate-error-label" id="${id}-errore">${faultText(fault, look.language)}</div>`
  const given = attributes({ id, tabindex: '-1', 'aria-describedby': fault ? `${id}-errore` : null })
  return html`<fieldset class="mb-4"${given}><legend class="h5">${label}</legend>${rowCount(list)}${told}${items}${rows.length === 0 && html`<p>${word.noRows}</p>`}${add}</fieldset>`
}

const press = (value: string, text: string, ofWhat: string): Html =>
  html`<button type="submit" class="btn btn-outline-primary btn-sm" formnovalidate${attributes({ name: ROW_CONTROL, value })}>${text}<span class="visually-hidden"> ${ofWhat}</span></button>`

/** Of a long list the later rows are folded, unless there is something to correct in them or nothing in them yet. */
function renderRow(
  isOutlined: boolean,
  title: Html,
  inner: Html,
  isFolded: boolean,
  row: readonly Node[],
  look: Look,
): Html {
  const frame = `mb-4${isOutlined ? ' border rounded p-3' : ''}`
  if (!isFolded) return html`<fieldset class="${frame}"><legend class="h6">${title}</legend>${inner}</fieldset>`
  const fields = [...visibleFields(row)]
  const isOpen = fields.some((field) => faultIn(look, field) !== null) || fields.every(({ typed }) => typed === null)
  return html`<details class="${frame}"${attributes({ open: isOpen })}><summary class="h6">${title}</summary><fieldset><legend class="visually-hidden">${title}</legend>${inner}</fieldset></details>`
}
