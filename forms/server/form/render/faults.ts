/** The index of faults above a form: one line each, leading to the field. It takes the focus, so that a reader hears it first. */
import { type Html, html } from '../../html.ts'
import { faultText } from '../faults.ts'
import { type Node, visibleFields } from '../page.ts'
import { words } from '../words.ts'
import { faultIn, idOf, type Look } from './look.ts'

/** Nothing when there are no faults. */
export function renderFaults(nodes: readonly Node[], look: Look): Html {
  if (look.faults.size === 0) return html``
  const word = words[look.language]
  const lines = nodes.flatMap((node) => {
    const section = node.kind === 'section' && node.label !== '' ? `${node.label} – ` : ''
    return [...visibleFields([node])].flatMap((field) => {
      const fault = faultIn(look, field)
      if (fault === null) return []
      return [
        html`<li><a href="#${idOf(field.name)}">${section}${field.label}: ${faultText(fault, look.language)}</a></li>`,
      ]
    })
  })
  return html`<div class="alert alert-danger" role="alert" tabindex="-1" autofocus id="errori"><h2 class="h5">${word.faultsTitle}</h2><p>${word.faultsIntroduction}</p><ul>${lines}</ul></div>`
}
