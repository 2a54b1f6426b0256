/** The index of faults above a form: one line each, leading to the field. It takes the focus, so that a reader hears it first. */
import { type Html, html } from '../../html.ts'
import { faultText } from '../faults.ts'
import type { Node } from '../page.ts'
import { words } from '../words.ts'
import { faultIn, idOf, type Look } from './look.ts'

/** Nothing when there are no faults. */
export function renderFaults(nodes: readonly Node[], look: Look): Html {
  if (look.faults.size === 0) return html``
  const word = words[look.language]
  return html`<div class="alert alert-danger" role="alert" tabindex="-1" autofocus id="errori"><h2 class="h5">${word.faultsTitle}</h2><p>${word.faultsIntroduction}</p><ul>${[...linesOf(nodes, look, '')]}</ul></div>`
}

/** `trail`: the section and the row a field stands in. */
function* linesOf(nodes: readonly Node[], look: Look, trail: string): Generator<Html> {
  for (const node of nodes) {
    if (node.kind === 'section')
      yield* linesOf(node.nodes, look, node.label === '' ? trail : `${trail}${node.label} – `)
    if (node.kind === 'rows') {
      const { label, rows } = node
      for (const [index, row] of rows.entries()) {
        yield* linesOf(row, look, `${trail}${words[look.language].row(label, index + 1, rows.length)} – `)
      }
    }
    const fault = node.kind === 'field' ? faultIn(look, node) : null
    if (node.kind !== 'field' || fault === null) continue
    yield html`<li><a href="#${idOf(node.name)}">${trail}${node.label}: ${faultText(fault, look.language)}</a></li>`
  }
}
