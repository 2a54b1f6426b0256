/** The diagram of an instance as data for the script that draws it: hidden until it is drawn, because the table of steps says the same. */
import { Html, html, type Part } from '../html.ts'
import type { PersonVisit } from '../page.ts'
import type { InstanceStory } from './instance-story.ts'
import { textIn } from './practice-of.ts'

/** In this order: the library, then ours. */
export const DIAGRAM_SCRIPTS = ['/libreria/bpmn-visualization.js', '/script/diagram.js'] as const

export function renderDiagram({ say }: PersonVisit, { xml, steps }: InstanceStory): Part {
  if (xml === null) return null
  const withState = (state: string) => [
    ...new Set(steps.filter((step) => step.state === state).map((step) => textIn(step, 'elementId'))),
  ]
  const data = {
    xml,
    active: withState('ACTIVE'),
    completed: withState('COMPLETED'),
    terminated: withState('TERMINATED'),
    incidents: [...new Set(steps.filter((step) => step.hasIncident === true).map((step) => textIn(step, 'elementId')))],
  }
  // In a script element only "<" could end or open anything: as an escape it is the same JSON.
  const text = new Html(JSON.stringify(data).replaceAll('<', '\\u003c'))
  return html`<section id="diagramma" hidden aria-label="${say('diagramOf')}"><h2 class="h4">${say('diagram')}</h2><p class="small">${say('diagramHelp')}</p><div id="diagramma-tela" class="border mb-4" tabindex="0" role="group" aria-label="${say('diagramCanvas')}"></div></section><script type="application/json" id="diagramma-dati">${text}</script>`
}
