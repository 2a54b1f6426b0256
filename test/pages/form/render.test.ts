/** What the HTML of each component says, and that nothing in it becomes markup. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Context, fromJson } from '../../../engine/feel/index.ts'
import { renderFaults } from '../../../forms/server/form/render/faults.ts'
import { renderSummary } from '../../../forms/server/form/render/summary.ts'
import { resolve } from '../../../forms/server/form/resolve.ts'
import { parseForm } from '../../../forms/server/form/schema.ts'
import { validate } from '../../../forms/server/form/validate.ts'
import { filesLike, root } from '../../house/sources.ts'
import { filled, formOf, lookOf, markupOf, NOW } from './filled.ts'

const values = [
  { label: 'Uno', value: 'UNO' },
  { label: 'Due', value: 'DUE' },
]
type Case = readonly [component: Readonly<Record<string, unknown>>, data: string, ...expected: readonly RegExp[]]

const looks: readonly Case[] = [
  [
    {
      type: 'textfield',
      key: 'a.b',
      label: 'Nome {{n}}',
      description: 'Come sul documento',
      validate: { required: true },
      properties: { autocomplete: 'given-name' },
    },
    '{"n":1,"a":{"b":"x"}}',
    /<label class="active" for="campo-a-b">Nome 1 <span aria-hidden="true">\*<\/span><\/label>/,
    /<input class="form-control" type="text" id="campo-a-b" name="a\.b" value="x" required autocomplete="given-name" aria-describedby="campo-a-b-aiuto">/,
    /<small class="form-text" id="campo-a-b-aiuto">Come sul documento<\/small>/,
  ],
  [{ type: 'textfield', key: 'x', label: 'X' }, '{}', /X \(facoltativo\)<\/label>/],
  [{ type: 'textfield', key: 'x', label: 'X', validate: { validationType: 'email' } }, '{}', /type="email"/],
  [{ type: 'textfield', key: 'x', label: 'X', readonly: true }, '{"x":"v"}', /<dt>X<\/dt><dd class="mb-0">v/],
  [{ type: 'textarea', key: 'x', label: 'X' }, '{"x":"a\\nb"}', /<textarea[^>]*>\na\nb<\/textarea>/],
  [
    { type: 'number', key: 'x', label: 'X', appearance: { suffixAdorner: 'mq' } },
    '{"x":1.5}',
    /X \(mq\)/,
    /inputmode="decimal"[^>]*value="1,5"/,
  ],
  [
    { type: 'checkbox', key: 'x', label: 'X' },
    '{"x":true}',
    /type="checkbox" id="campo-x" name="x" value="true" checked/,
  ],
  [{ type: 'datetime', key: 'x', dateLabel: 'Il' }, '{"x":"2027-03-01"}', /type="date"[^>]*value="2027-03-01"/],
  [{ type: 'select', key: 'x', label: 'X', values }, '{"x":"DUE"}', /<option value="DUE" selected>Due<\/option>/],
  [
    { type: 'radio', key: 'x', label: 'X', values, validate: { required: true } },
    '{"x":"UNO"}',
    /<fieldset class="form-group" role="radiogroup" aria-required="true"[^>]*><legend/,
    /type="radio" id="campo-x" name="x" value="UNO" checked required>/,
  ],
  [
    { type: 'checklist', key: 'x', label: 'X', values },
    '{"x":["DUE"]}',
    /type="checkbox" id="campo-x-1" name="x" value="DUE" checked>/,
  ],
  [{ type: 'taglist', key: 'x', label: 'X', valuesKey: 'o' }, '{"o":["p"]}', /value="p"/],
  [
    { type: 'group', label: 'G', components: [{ type: 'textfield', key: 'x', id: 'i' }] },
    '{}',
    /<section[^>]*aria-labelledby="Field_0"><h2[^>]*>G<\/h2>/,
  ],
  [
    { type: 'dynamiclist', path: 'l', label: 'L', components: [{ type: 'textfield', key: 'x', id: 'i' }] },
    '{}',
    /name="l\[\]" value="1"/,
    /name="l\[0\]\.x"/,
    /formnovalidate name="riga" value="\+l"/,
    /value="-l\[0\]"/,
  ],
  [
    { type: 'table', label: 'T', dataSource: '=r', columns: [{ label: 'C', key: 'c' }] },
    '{"r":[{"c":"2027-03-01"}]}',
    /<caption>T<\/caption>.*<th scope="col">C<\/th>.*<td>01\/03\/2027<\/td>/,
  ],
  [
    { type: 'text', text: '**{{a}}**\n\n- uno\n- due\n\n# Titolo\n\n[qui](https://a.example)' },
    '{"a":"x*y"}',
    /<strong>x\*y<\/strong>/,
    /<ul><li>uno<\/li><li>due<\/li><\/ul>/,
    /<h2>Titolo<\/h2>/,
    /<a href="https:\/\/a\.example">qui<\/a>/,
  ],
  [
    { type: 'text', text: '{{#if a}}sì{{/if}}{{#loop l}}[{{nome}}-{{parent.z}}]{{/loop}}{{manca}}{{)}}' },
    '{"a":1,"l":[{"nome":"u"},{"nome":"v"}],"z":9}',
    /<p>sì\[u-9\]\[v-9\]⚠<\/p>/,
  ],
  [
    { type: 'html', content: '<p onclick="x">a<b>{{t}}</p><script>x</script>' },
    '{"t":"<i>"}',
    /<p>a<b>&lt;i&gt;<\/b><\/p>/,
  ],
  [{ type: 'separator' }, '{}', /<hr>/],
  [{ type: 'texst', label: 'X' }, '{}', /«texst»\) non è prevista da questo programma/],
]

for (const [component, data, ...expected] of looks) {
  test(`${component.type}: ${expected.join(' ').slice(0, 70)}`, () => {
    const markup = markupOf(filled([component], data))
    for (const pattern of expected) assert.match(markup, pattern)
  })
}

test('a fault stands beside its field, is tied to it, and is linked from the index', () => {
  const nodes = filled(
    [{ type: 'textfield', key: 'x', label: 'X', description: 'd', validate: { required: true } }],
    '{}',
    { x: '' },
  )
  assert.match(markupOf(nodes), /is-invalid"[^>]*aria-invalid="true" aria-describedby="campo-x-aiuto campo-x-errore"/)
  assert.match(markupOf(nodes), /id="campo-x-errore">Compila questo campo</)
  const index = renderFaults(nodes, lookOf({ faults: validate(nodes) })).markup
  assert.match(index, /role="alert" tabindex="-1"/)
  assert.match(index, /<a href="#campo-x">X: Compila questo campo<\/a>/)
})

test('the index names the section and the row', () => {
  const row = [{ type: 'textfield', key: 'x', id: 'i', label: 'Nome', validate: { required: true } }]
  const nodes = filled([
    {
      type: 'group',
      label: 'Nucleo',
      components: [{ type: 'dynamiclist', id: 'l', path: 'l', label: 'Persona', components: row }],
    },
  ])
  const index = renderFaults(nodes, lookOf({ faults: validate(nodes) })).markup
  assert.match(index, /<a href="#campo-l-0-x">Nucleo – Persona: 1 di 1 – Nome: Compila questo campo<\/a>/)
})

test('what was typed comes back, also what cannot be read and what is hidden now', () => {
  const nodes = filled(
    [
      { type: 'number', key: 'n', label: 'N' },
      { type: 'datetime', key: 'd', dateLabel: 'D' },
      { type: 'textfield', key: 'h', conditional: { hide: '=1 = 1' } },
    ],
    '{}',
    { n: 'dodici', d: '31/02/2027', h: 'nascosto' },
  )
  const markup = markupOf(nodes)
  assert.match(markup, /name="n" value="dodici"/)
  assert.match(markup, /type="text" id="campo-d" name="d" value="31\/02\/2027"/)
  assert.match(markup, /<input type="hidden" name="h" value="nascosto">/)
})

test('a control that conditions look at offers a refresh', () => {
  const field = { type: 'textfield', key: 'a.b', label: 'A' }
  assert.match(
    markupOf(filled([field, { type: 'separator', conditional: { hide: '=a.b = "x"' } }])),
    /name="azione" value="aggiorna"/,
  )
  assert.doesNotMatch(
    markupOf(filled([field, { type: 'separator', conditional: { hide: '=a.bc = "x"' } }])),
    /aggiorna/,
  )
})

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'[x](javascript:alert(1))`

test('markup in every field comes back as text: typed, stored, in labels, options, tables and texts', () => {
  for (const file of filesLike('forms/*.form')) {
    const form = parseForm(readFileSync(`${root}/${file}`, 'utf8'))
    const texts: string[] = JSON.stringify(form)
      .match(/"(?:key|path)":"[^"]+"/g)!
      .map((pair) => pair.split('"')[3]!)
    const typed = new Map<string, readonly string[]>([
      ...texts.map((name) => [name, [HOSTILE]] as const),
      ['istanza.nucleo[]', ['1']],
      ['istanza.nucleo[0].nome', [HOSTILE]],
    ])
    const hostile = JSON.stringify(HOSTILE)
    const variables = fromJson(
      `{"richiedente":{"nome":${hostile},"cf":${hostile}},"registrazione":{"rifiuto":${hostile}},"verificaAnpr":[{"cf":${hostile}}],"versamento":{"errore":${hostile}},"valutazione":{"motivazione":${hostile}}}`,
    ) as Context
    const nodes = resolve(form, { variables, typed, now: NOW })
    const look = lookOf({ faults: validate(nodes) })
    const all = markupOf(nodes) + renderFaults(nodes, look).markup + renderSummary(nodes, look).markup
    assert.doesNotMatch(all, /<script|<img|href="javascript/i, file)
  }
})

test('hostile definitions stay text too', () => {
  const nodes = filled([
    { type: 'textfield', key: 'x', label: HOSTILE, description: HOSTILE, properties: { autocomplete: HOSTILE } },
    { type: 'radio', key: 'r', label: 'R', values: [{ label: HOSTILE, value: HOSTILE }] },
    { type: 'text', text: HOSTILE },
    { type: 'html', content: `<a href="javascript:alert(1)">x</a><svg/onload=alert(1)><p title='"><script>'>y` },
  ])
  assert.doesNotMatch(markupOf(nodes), /<script|<img|<svg|href="javascript/i)
})

test('a long text of marks is written in no time', () => {
  const started = performance.now()
  for (const marks of ['*', '[', '`', '**a', '[](', '_*', '> ', '<a "']) {
    markupOf(
      filled([
        { type: 'text', text: marks.repeat(20_000) },
        { type: 'html', content: marks.repeat(20_000) },
      ]),
    )
  }
  assert.ok(performance.now() - started < 5_000)
})

test('a form that is none is refused with the place of each fault', () => {
  assert.throws(() => parseForm({ type: 'default', components: [{ id: 'a' }] }), /components\[0\]\.type/)
  assert.throws(
    () => parseForm({ type: 'default', components: [{ type: 'textfield', id: 'a', key: 'a..b' }] }),
    /components\[0\]\.key/,
  )
})

test('two fields of one place are refused, naming both; the same name in two rows is not', () => {
  const field = (key: string, id: string) => ({ type: 'textfield', id, key })
  assert.throws(() => formOf(field('x', 'a'), field('x', 'b')), /x and x share one/)
  assert.throws(() => formOf(field('x.y', 'a'), field('x', 'b')), /x and x\.y share one/)
  formOf(field('x', 'a'), field('xy', 'b'), { type: 'dynamiclist', path: 'l', components: [field('x', 'c')] })
})
