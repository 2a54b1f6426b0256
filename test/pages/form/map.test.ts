/** An area on the map, as it is without a script: text that nobody needs, what is drawn in words, and what is no area refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planeAt } from '../../../connectors/gis/geometry/plane.ts'
import { textOf } from '../../../connectors/gis/geometry/polygon.ts'
import { submissionOf } from '../../../forms/server/form/data.ts'
import { faultText } from '../../../forms/server/form/faults.ts'
import { renderSummary } from '../../../forms/server/form/render/summary.ts'
import { validate } from '../../../forms/server/form/validate.ts'
import { filled, markupOf } from './filled.ts'

const QUESTIONS = [
  { type: 'textfield', key: 'area.via', label: 'Via', validate: { required: true } },
  { type: 'textfield', key: 'area.civico', label: 'Civico' },
  { type: 'number', key: 'area.mq', label: 'Metri quadrati', validate: { required: true, min: 1 } },
  {
    ...{ type: 'textfield', key: 'area.poligono', label: 'Area sulla mappa', properties: { map: 'area' } },
    // What a text may say does not bind a drawing: who has no script has no way to draw.
    validate: { required: true, maxLength: 10, pattern: '^x$' },
  },
]
const plane = planeAt([11.1, 43.88])
const drawn = (...corners: readonly (readonly [number, number])[]) =>
  textOf([[...corners, corners[0]!].map(plane.round)])
const RECTANGLE = drawn([0, 0], [10, 0], [10, 4], [0, 4])
const answers = (mq: string, poligono: string) =>
  filled(QUESTIONS, '{}', { 'area.via': 'corso Italia', 'area.civico': '20', 'area.mq': mq, 'area.poligono': poligono })

test('address and size are enough', () => {
  const nodes = answers('20', '')
  assert.deepEqual([...validate(nodes)], [])
  assert.deepEqual(JSON.parse(submissionOf(nodes)).area, { via: 'corso Italia', civico: '20', mq: 20, poligono: '' })
})

test('the drawing is optional, told by its legend, and folded as text', () => {
  const markup = markupOf(answers('20', ''), new Map())
  assert.match(markup, /<fieldset class="form-group"><legend class="h6">Area sulla mappa \(facoltativo\)<\/legend>/)
  assert.match(
    markup,
    /<div id="campo-area-poligono-mappa" class="iter-map" data-map="area\.poligono" data-language="it"><\/div>/,
  )
  assert.match(markup, /<details class="iter-map-text"><summary>/)
  assert.match(markup, /<label class="active" for="campo-area-poligono">/)
  assert.doesNotMatch(markup, /id="campo-area-poligono"[^>]*(?:required|maxlength)/)
  assert.doesNotMatch(markup, /Area disegnata/)
})

test('the server computes the size of what is drawn, and says when the declared one is another', () => {
  const same = markupOf(answers('40', RECTANGLE))
  assert.match(same, /Area disegnata: 40 mq\.</)
  assert.match(markupOf(answers('25,5', RECTANGLE)), /Area disegnata: 40 mq\. Hai scritto 25,5 mq: vale il disegno\./)
  const summary = renderSummary(answers('20', RECTANGLE), { language: 'it', headingLevel: 3 }).markup
  assert.match(summary, /Area sulla mappa<\/dt><dd[^>]*>Area disegnata: 40 mq\. Hai scritto 20 mq: vale il disegno\./)
  assert.match(
    renderSummary(answers('20', RECTANGLE), { language: 'en', headingLevel: 3 }).markup,
    /Area drawn: 40 m²\. You wrote 20 m²: the drawing counts\./,
  )
  const kept = filled([{ ...QUESTIONS[3], readonly: true }], JSON.stringify({ area: { mq: 40, poligono: RECTANGLE } }))
  assert.match(markupOf(kept), /<dd class="mb-0">Area disegnata: 40 mq\.<\/dd>/)
})

const refused: readonly (readonly [what: string, text: string, told: RegExp])[] = [
  ['words', 'davanti al portone', /Disegna l’area sulla mappa/],
  ['markup', '<script>', /Disegna l’area sulla mappa/],
  ['left open', 'POLYGON((11.1 43.88, 11.1001 43.88, 11.1001 43.8801, 11.1 43.8801))', /Ripeti il primo vertice/],
  ['a bow', drawn([0, 0], [10, 10], [10, 0], [0, 10]), /si incrociano/],
  ['a slip', drawn([0, 0], [0.2, 0], [0.2, 0.2], [0, 0.2]), /solo un punto/],
  ['half a town', drawn([0, 0], [300, 0], [300, 300], [0, 300]), /50\.000 mq/],
]
for (const [what, text, told] of refused)
  test(`no area is refused with what to do: ${what}`, () => {
    const nodes = answers('20', text)
    const fault = validate(nodes).get('area.poligono')!
    assert.equal(fault.kind, 'area')
    assert.match(faultText(fault, 'it'), told)
    assert.notEqual(faultText(fault, 'en'), faultText(fault, 'it'))
    const markup = markupOf(nodes)
    assert.match(markup, /<details class="iter-map-text" open>/)
    assert.match(markup, /aria-invalid="true" aria-describedby="campo-area-poligono-errore"/)
    assert.match(markup, /id="campo-area-poligono-errore">/)
    assert.doesNotMatch(markup, /<script>/)
  })
