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

// The canvas is measured when the diagram is loaded, so it must be visible by then.
section.hidden = false
try {
  const diagram = new bpmnvisu.BpmnVisualization({ container: 'diagramma-tela', navigation: { enabled: false } })
  diagram.load(xml, { fit: { type: bpmnvisu.FitType.HorizontalAndVertical, margin: 10 } })
  for (const [ids, style] of looks) diagram.bpmnElementsRegistry.updateStyle(ids, style)
  const mark = (ids, label, style) => {
    for (const id of ids) diagram.bpmnElementsRegistry.addOverlays(id, { position: 'top-center', label, style })
  }
  mark(active, '●', { font: { color: '#0066cc', size: 22 } })
  mark(incidents, '!', { font: { color: '#cc334d', size: 22 } })
  section.dataset.drawn = 'true'
} catch (error) {
  section.hidden = true
  throw error
}
