/** The index above a form of what is wrong and of what is new: one line each, leading to the field. It takes the focus, so that a reader hears it first. */
import { attributes, type Html, html } from '../../html.ts'
import { faultText } from '../faults.ts'
import type { Field, Node, Rows } from '../page.ts'
import { words } from '../words.ts'
import { faultIn, idOf, type Look } from './look.ts'

/** Nothing when the page may go on. */
export function renderFaults(nodes: readonly Node[], look: Look): Html {
  const word = words[look.language]
  const { faults, unasked } = look
  const told = (asked: Field | Rows): string | null => {
    const fault = faultIn(look, asked)
    return fault && `${asked.label}: ${faultText(fault, look.language)}`
  }
  const wrong = [...linesOf(nodes, look, told, '')]
  const fresh = [...linesOf(nodes, look, ({ name, label }) => (unasked.has(name) ? label : null), '')]
  return html`${
    faults.size > 0 &&
    html`<div class="alert alert-danger" role="alert" tabindex="-1" autofocus id="errori"><h2 class="h5">${word.faultsTitle}</h2><p>${word.faultsIntroduction}</p><ul>${wrong}</ul></div>`
  }${
    unasked.size > 0 &&
    html`<div class="alert alert-info" role="status" tabindex="-1"${attributes({ autofocus: faults.size === 0 })} id="nuove"><h2 class="h5">${word.unaskedTitle}</h2><p>${word.unaskedIntroduction}</p><ul>${fresh}</ul></div>`
  }`
}

/** `trail`: the section and the row a field stands in. */
function* linesOf(
  nodes: readonly Node[],
  look: Look,
  told: (asked: Field | Rows) => string | null,
  trail: string,
): Generator<Html> {
  for (const node of nodes) {
    if (node.kind === 'section')
      yield* linesOf(node.nodes, look, told, node.label === '' ? trail : `${trail}${node.label} – `)
    if (node.kind === 'rows') {
      const { label, rows } = node
      for (const [index, row] of rows.entries()) {
        yield* linesOf(row, look, told, `${trail}${label}: ${words[look.language].row(index + 1, rows.length)} – `)
      }
    }
    if (node.isHidden || (node.kind !== 'field' && node.kind !== 'rows')) continue
    const text = told(node)
    if (text !== null) yield html`<li><a href="#${idOf(node.name)}">${trail}${text}</a></li>`
  }
}
