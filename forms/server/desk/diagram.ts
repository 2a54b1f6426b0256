/**
 * The diagram of an instance with its tokens, drawn here, so that a browser without script shows it as well. The table of steps says
 * the same in words. Owns: what is marked how. Does not own: drawing (processes/picture.ts).
 */
import { type Diagram, readDiagram } from '../../../processes/diagram.ts'
import { drawn, type Mark, type Sign } from '../../../processes/picture.ts'
import { Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { InstanceStory } from './instance-story.ts'
import { textIn } from './practice-of.ts'

const DONE: Mark = { stroke: '#008055', fill: '#e6f5ef' }
const TERMINATED: Mark = { stroke: '#5d7083', fill: '#eef0f2' }
const UNDER_WAY: Mark = { stroke: '#0066cc', fill: '#e6f0fa' }
const TROUBLE: Mark = { stroke: '#cc334d', fill: '#fbeaed' }
const TOKEN: Sign = { colour: '#0066cc', text: '' }
const ALARM: Sign = { colour: '#cc334d', text: '!' }

/** A deployed definition never changes; so many are kept, the oldest goes first. */
const KEPT_MAX = 50
const kept = new Map<string, Promise<Diagram | null>>()

/** Null of a definition that was deployed without a drawing. */
async function diagramOf({ gateway }: TownHall, definition: string): Promise<Diagram | null> {
  const known = kept.get(definition)
  if (known !== undefined) return known
  const xml = await gateway.query.resourceText('process-definition', definition)
  if (xml === null) return null
  const read = readDiagram(xml).catch(() => null)
  kept.set(definition, read)
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_MAX) break
    kept.delete(oldest)
  }
  return read
}

export async function renderDiagram(
  hall: TownHall,
  { say }: PersonVisit,
  { steps, readable }: InstanceStory,
): Promise<Part> {
  const diagram = await diagramOf(hall, textIn(readable.row, 'processDefinitionKey'))
  if (diagram === null || diagram.shapes.size === 0) return null
  const marks = new Map<string, Mark>()
  const signs = new Map<string, Sign>()
  const mark = (state: string, how: Mark): void => {
    for (const step of steps) if (step.state === state) marks.set(textIn(step, 'elementId'), how)
  }
  mark('COMPLETED', DONE)
  mark('TERMINATED', TERMINATED)
  mark('ACTIVE', UNDER_WAY)
  for (const step of steps) {
    const id = textIn(step, 'elementId')
    // A phase is marked by its frame alone: a sign there would cover its name.
    if (step.state === 'ACTIVE' && !/SUB_PROCESS$/.test(textIn(step, 'type'))) signs.set(id, TOKEN)
    if (step.hasIncident !== true) continue
    marks.set(id, TROUBLE)
    signs.set(id, ALARM)
  }
  // The ids of a diagram are not to be taken for those of the page.
  const svg = drawn(diagram, { title: say('diagramOf'), marks, signs }).replaceAll('<g id="', '<g data-element="')
  return html`<section aria-labelledby="diagramma"><h2 class="h4" id="diagramma">${say('diagram')}</h2><p class="small">${say('diagramHelp')}</p><div class="iter-diagram" id="diagramma-tela" tabindex="0" role="group" aria-label="${say('diagramCanvas')}">${new Html(svg)}</div></section>`
}
