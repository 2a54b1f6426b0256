/**
 * Draws the diagram of an instance with its tokens, where scripts run. The page is complete without it.
 * Reads: the JSON in #diagramma-dati. Writes: #diagramma. Needs: the global of bpmn-visualization, loaded before.
 */
const section = document.getElementById('diagramma')
const { xml, active, completed, terminated, incidents } = JSON.parse(
  document.getElementById('diagramma-dati').textContent,
)

const looks = [
  [completed, { stroke: { color: '#008055', width: 2 }, fill: { color: '#e6f5ef' } }],
  [terminated, { stroke: { color: '#5d7083', width: 2 }, opacity: 60 }],
  [active, { stroke: { color: '#0066cc', width: 4 }, fill: { color: '#e6f0fa' } }],
  [incidents, { stroke: { color: '#cc334d', width: 4 }, fill: { color: '#fbeaed' } }],
]

const canvas = document.getElementById('diagramma-tela')

/** The library writes labels as markup with style attributes, which the page's policy ignores; set one by one they count. */
const applyStyles = () => {
  for (const element of canvas.querySelectorAll('foreignObject [style], foreignObject[style]')) {
    element.style.cssText = element.getAttribute('style')
  }
}

/** As wide as the page, as high as a screen shows, the part with the tokens in view. */
const showTokens = () => {
  const token = active.length > 0 && canvas.querySelector(`[data-bpmn-id="${CSS.escape(active.at(-1))}"]`)
  if (!token) return
  const { left, top } = token.getBoundingClientRect()
  const { left: canvasLeft, top: canvasTop } = canvas.getBoundingClientRect()
  canvas.scrollTo(left - canvasLeft - canvas.clientWidth / 3, top - canvasTop - canvas.clientHeight / 3)
}

// The canvas is measured when the diagram is loaded, so it must be visible by then.
section.hidden = false
Object.assign(canvas.style, { height: '32rem', overflow: 'auto', position: 'relative' })
try {
  const diagram = new bpmnvisu.BpmnVisualization({ container: canvas, navigation: { enabled: false } })
  diagram.load(xml)
  for (const [ids, style] of looks) diagram.bpmnElementsRegistry.updateStyle(ids, style)
  // A phase is marked by its frame alone: a sign there would cover its name.
  const isPhase = (id) => diagram.bpmnElementsRegistry.getElementsByIds(id)[0]?.bpmnSemantic.kind === 'subProcess'
  const mark = (ids, label, color) => {
    const style = { font: { color, size: 22 }, fill: { color: 'transparent' }, stroke: { color: 'transparent' } }
    for (const id of ids.filter((each) => !isPhase(each)))
      diagram.bpmnElementsRegistry.addOverlays(id, { position: 'top-center', label, style })
  }
  mark(active, '●', '#0066cc')
  mark(incidents, '!', '#cc334d')
  applyStyles()
  showTokens()
  section.dataset.drawn = 'true'
} catch (error) {
  section.hidden = true
  throw error
}
