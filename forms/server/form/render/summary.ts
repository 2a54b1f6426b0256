/** Everything a page holds as text: for the summary before sending, and for whoever may read but not change. */
import { type Html, html, type Part } from '../../html.ts'
import type { Node } from '../page.ts'
import { type Step, stepsOf } from '../steps.ts'
import { words } from '../words.ts'
import { valueText } from './control.ts'
import type { Look } from './look.ts'

interface SummaryLook extends Pick<Look, 'language' | 'headingLevel'> {
  /** Id of the form whose button leads back to a step; without it nothing can be changed from here. */
  readonly changeBy?: string
}

export function renderSummary(nodes: readonly Node[], look: SummaryLook): Html {
  const steps = look.changeBy === undefined ? [] : stepsOf(nodes)
  if (steps.length === 0) return html`${summaryOf(nodes, look, 0)}`
  return html`${steps.map(
    (step) => html`<div class="mb-4">${summaryOf(step.nodes, look, 0)}${changeButton(step, look)}</div>`,
  )}`
}

const changeButton = ({ id, label }: Step, { language, changeBy }: SummaryLook): Html =>
  html`<button type="submit" class="btn btn-outline-primary btn-xs" form="${changeBy}" name="azione" value="passo:${id}">${words[language].change}<span class="visually-hidden"> «${label}»</span></button>`

function summaryOf(nodes: readonly Node[], look: SummaryLook, depth: number): Part {
  const visible = nodes.filter(({ isHidden }) => !isHidden)
  const pairs = visible.flatMap((node) => (node.kind === 'field' ? [node] : []))
  const word = words[look.language]
  return [
    pairs.length > 0 &&
      html`<dl class="row">${pairs.map(
        (field) =>
          html`<dt class="col-sm-5">${field.label}</dt><dd class="col-sm-7">${valueText(field, look.language) || word.notGiven}</dd>`,
      )}</dl>`,
    visible.map((node) => {
      if (node.kind === 'section') return [heading(node.label, look, depth), summaryOf(node.nodes, look, depth + 1)]
      if (node.kind !== 'rows') return null
      if (node.rows.length === 0) return html`<p>${node.label}: ${word.noRows}</p>`
      return node.rows.map((row, index) => [
        heading(`${node.label}: ${word.row(index + 1, node.rows.length)}`, look, depth),
        summaryOf(row, look, depth + 1),
      ])
    }),
  ]
}

function heading(text: string, { headingLevel }: SummaryLook, depth: number): Part {
  if (text === '') return null
  switch (Math.min(headingLevel + depth, 4)) {
    case 2:
      return html`<h2 class="h5">${text}</h2>`
    case 3:
      return html`<h3 class="h6">${text}</h3>`
    default:
      return html`<h4 class="h6">${text}</h4>`
  }
}
