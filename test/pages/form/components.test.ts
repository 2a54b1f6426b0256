/** What each component of the schema becomes: shown, or said not to be, and how tables, files, rows and steps are pressed without script. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Context, fromJson } from '../../../engine/feel/index.ts'
import { type Asking, attachedIn, begin, hear, lookAt, type Turn } from '../../../forms/server/form/conversation.ts'
import { submissionOf } from '../../../forms/server/form/data.ts'
import { kindsAccepted } from '../../../forms/server/form/files.ts'
import { renderFaults } from '../../../forms/server/form/render/faults.ts'
import { encodingOf, renderQuestions } from '../../../forms/server/form/render/questions.ts'
import { renderSummary } from '../../../forms/server/form/render/summary.ts'
import { validate } from '../../../forms/server/form/validate.ts'
import { filled, formOf, markupOf, NOW } from './filled.ts'

type Case = readonly [component: Readonly<Record<string, unknown>>, data: string, ...expected: readonly RegExp[]]
const PIXEL = 'data:image/png;base64,iVBORw0KGgo='

const shown: readonly Case[] = [
  [
    { type: 'image', source: '=src', alt: 'Foto di {{n}}' },
    `{"src":"${PIXEL}","n":"<b>"}`,
    /<img class="img-fluid" src="data:image\/png[^"]*" alt="Foto di &lt;b&gt;">/,
  ],
  [{ type: 'image', source: '/kit/logo.png' }, '{}', /<img[^>]*src="\/kit\/logo\.png" alt="">/],
  [
    { type: 'image', source: 'https://spia.example/x.png', alt: 'Mappa' },
    '{}',
    /role="note">Un’immagine \(«Mappa»\) non è mostrata/,
  ],
  [{ type: 'image', source: 'data:image/svg+xml;base64,PHN2Zz4=' }, '{}', /non è mostrata/],
  [{ type: 'image', source: '//spia.example/x.png' }, '{}', /non è mostrata/],
  [
    { type: 'iframe', url: 'https://mappe.example/x', label: 'Mappa' },
    '{}',
    /non può essere mostrata.*<a href="https:\/\/mappe\.example\/x" target="_blank" rel="noopener noreferrer">Mappa/,
  ],
  [
    { type: 'iframe', url: 'javascript:alert(1)', label: 'Mappa' },
    '{}',
    /\(«Mappa»\) non è mostrata, perché il suo indirizzo non è valido/,
  ],
  [{ type: 'iframe', url: 'http://mappe.example/x' }, '{}', /deve cominciare con https/],
  [
    { type: 'documentPreview', label: 'Atti', dataSource: '=docs' },
    '{"docs":[{"id":"a b","nome":"<x>.pdf","tipo":"application/pdf","impronta":"h"},{"nome":"senza id"},7]}',
    /Atti<\/p><ul><li class="mb-2"><a href="\/documenti\/a%20b">&lt;x&gt;\.pdf<\/a> <small>\(PDF\)<\/small><\/li><\/ul>/,
  ],
  [{ type: 'documentPreview', label: 'Atti', dataSource: '=docs' }, '{}', /Atti: nessun documento\./],
  [{ type: 'button', label: 'Via', action: 'submit' }, '{}', /asterisco sono obbligatori\.<\/p>$/],
  [
    { type: 'button', label: 'Ricomincia', action: 'reset' },
    '{}',
    /name="azione" value="ripristina" formnovalidate>Ricomincia</,
  ],
  [{ type: 'spacer', height: 30 }, '{}', /<div class="pt-3"><\/div>/],
  [
    { type: 'html', content: '<h1>T</h1><img src=x onerror=alert(1)><a href="javascript:x">l</a>' },
    '{}',
    /<h2>T<\/h2><a>l<\/a>/,
  ],
  [{ type: 'futuro', label: 'X', key: 'x', nuovo: { a: 1 } }, '{}', /\(«futuro»\) non è prevista.*scrivi all’ufficio/],
  [{ type: 'group', label: 'G', components: [{ type: 'futuro', id: 'f' }] }, '{}', /«futuro»/],
  [
    { type: 'filepicker', key: 'f', label: 'Copia di {{n}}', accept: '.pdf,image/png', validate: { required: true } },
    '{"n":"X"}',
    /<legend class="h6" id="campo-f-legenda">Copia di X <span/,
    /type="file" id="campo-f" name="f" accept="\.pdf,\.png" required aria-labelledby="campo-f-legenda campo-f-scegli" aria-describedby="campo-f-tipi"/,
    /Tipi ammessi: PDF, PNG\. Al massimo 10 MB per file\./,
  ],
  [
    {
      type: 'filepicker',
      key: 'f',
      label: 'F',
      accept: '=if a then ".png" else ".pdf"',
      multiple: '=a',
      properties: { filesMax: '3' },
    },
    '{"a":true}',
    /accept="\.png" multiple/,
    /10 MB per file, 3 file/,
  ],
  [
    { type: 'filepicker', key: 'f', label: 'F', accept: '.exe,.zip' },
    '{}',
    /tipi di file che non si possono accettare/,
  ],
  [
    { type: 'filepicker', key: 'f', label: 'F' },
    '{"f":[{"id":"i","nome":"a.pdf","tipo":"application/pdf","impronta":"h"}]}',
    /<input type="hidden" name="f" value="i"><a href="\/documenti\/i">a\.pdf<\/a>/,
    /name="riga" value="~f\[0\]">Rimuovi<span class="visually-hidden"> a\.pdf/,
    /prima rimuovi questo/,
  ],
  [
    { type: 'filepicker', key: 'f', label: 'F', readonly: true },
    '{"f":[{"id":"i","nome":"a.pdf","tipo":"application/pdf","impronta":"h"}]}',
    /<dt>F<\/dt><dd class="mb-0"><span class="d-block"><a href="\/documenti\/i">/,
  ],
  [{ type: 'textfield', key: 'x', label: 'X', disabled: '=false' }, '{"x":"v"}', /<dt>X<\/dt>/],
  [{ type: 'textfield', key: 'x', label: 'X', disabled: '' }, '{}', /<input/],
]

for (const [component, data, ...expected] of shown)
  test(`${component.type}: ${expected.join(' ').slice(0, 80)}`, () => {
    const markup = markupOf(filled([component], data), new Map())
    for (const pattern of expected) assert.match(markup, pattern)
    assert.doesNotMatch(markup, /javascript:|onerror|spia\.example/)
  })

test('a frame of an origin that the town lets in is a frame without more rights than the form gives, with a link beside', () => {
  const form = formOf({
    type: 'iframe',
    url: 'https://mappe.example/{{p}}',
    label: 'Mappa',
    height: 99_999,
    security: { allowForms: true, allowTopNavigation: true },
  })
  const asking = {
    ...ASKING,
    form,
    variables: fromJson('{"p":"via?x=1&y"}') as Context,
    frames: ['https://mappe.example'],
  }
  const { markup } = renderQuestions(begin(asking), lookAt(begin(asking), LOOK))
  assert.match(
    markup,
    /<iframe class="w-100 border" src="https:\/\/mappe\.example\/via\?x=1&amp;y" title="Mappa" height="2000" sandbox="allow-scripts allow-forms"/,
  )
  assert.match(markup, /<a href="https:\/\/mappe\.example/)
})

const ACCEPTS: readonly (readonly [accept: string, kinds: string])[] = [
  ['', 'pdf jpeg png p7m'],
  ['.pdf', 'pdf'],
  ['application/pdf, image/*', 'pdf jpeg png heic'],
  ['*/*', 'pdf jpeg png p7m'],
  ['.P7M,.eml', 'p7m eml'],
  ['.docx,.zip,image/svg+xml,text/html', ''],
]
for (const [accept, kinds] of ACCEPTS)
  test(`accept "${accept}" lets in ${kinds || 'nothing'}`, () => assert.equal(kindsAccepted(accept).join(' '), kinds))

const people =
  '{"r":[{"n":"Zoe","e":9,"d":"2027-03-01"},{"n":"àda","e":10.5,"d":"2026-12-31"},{"n":null,"e":null,"d":null},{"n":"Bo","e":100,"d":"2027-01-15"}]}'
const TABLE = {
  type: 'table',
  id: 'T',
  label: 'Persone',
  dataSource: '=r',
  rowCount: 2,
  columns: [
    { label: 'Nome', key: 'n' },
    { label: 'Età', key: 'e' },
    { label: 'Dal', key: 'd' },
  ],
}
const VIEWS: readonly (readonly [view: string, cells: string])[] = [
  ['', 'Zoe,àda'],
  [':a:1', ',Bo'],
  ['0:a:0', 'àda,Bo'],
  ['0:a:1', 'Zoe,'],
  ['1:a:0', 'Zoe,àda'],
  ['1:d:1', 'àda,Zoe'],
  ['2:a:0', 'àda,Bo'],
  ['9:a:99', ',Bo'],
  ['<script>', 'Zoe,àda'],
]
for (const [view, cells] of VIEWS)
  test(`a table looked at as "${view}" shows ${cells}`, () => {
    const [node] = filled([TABLE], people, { '@T': ['', view] })
    assert.ok(node?.kind === 'shown' && node.content.type === 'table')
    assert.equal(node.content.rows.map(([name]) => name).join(), cells)
  })

test('a table sorts and turns pages by buttons, says how it is sorted, and is still where there is no form', () => {
  const markup = markupOf(filled([TABLE], people, { '@T': '1:d:0' }))
  assert.match(markup, /<th scope="col" aria-sort="descending"><button type="submit"[^>]*name="@T" value="1:a:0">Età/)
  assert.match(markup, /name="@T" value="1:d:1">Pagina successiva/)
  assert.match(markup, /<input type="hidden" name="@T" value="1:d:0">/)
})

test('what is computed before submitting is computed once and seen by no condition', () => {
  const nodes = filled(
    [
      { type: 'number', key: 'a' },
      { type: 'expression', key: 'somma', expression: '=a + 1', computeOn: 'presubmit' },
      { type: 'textfield', key: 'b', label: 'B', conditional: { hide: '=not(somma = null)' } },
    ],
    '{}',
    { a: '2', b: 'x' },
  )
  assert.equal(submissionOf(nodes), '{"a":2,"somma":3,"b":"x"}')
})

const LIST = {
  type: 'dynamiclist',
  path: 'l',
  label: 'Figli',
  defaultRepetitions: 0,
  nonCollapsedItems: 1,
  properties: { rowsMin: '2', rowsMax: '3' },
  components: [{ type: 'textfield', id: 'n', key: 'n', label: 'Nome', validate: { required: true } }],
}
test('a list has as many rows as its form says: fewer and more are faults, with a link to the list', () => {
  const few = filled([LIST], '{}', { 'l[]': '1', 'l[0].n': 'x' })
  assert.deepEqual([...validate(few)], [['l', { kind: 'rowsMin', limit: 2 }]])
  assert.equal(validate(few, { requires: false }).size, 0)
  const many = filled([LIST], '{}', {
    'l[]': '4',
    ...Object.fromEntries([0, 1, 2, 3].map((row) => [`l[${row}].n`, 'x'])),
  })
  assert.deepEqual([...validate(many)], [['l', { kind: 'rowsMax', limit: 3 }]])
  assert.match(
    renderFaults(few, { ...LOOK, isLive: false, faults: validate(few), unasked: new Set() }).markup,
    /href="#campo-l">Figli: Aggiungi almeno 2 voci/,
  )
  assert.doesNotMatch(markupOf(few), /value="-l\[0\]"/)
  assert.doesNotMatch(markupOf(many), /value="\+l"/)
})
test('later rows of a list are folded, unless something is to be corrected in them', () => {
  const rows = (second: string) => markupOf(filled([LIST], '{}', { 'l[]': '2', 'l[0].n': 'x', 'l[1].n': second }))
  assert.match(
    rows('y'),
    /<details class="mb-4 border rounded p-3"><summary class="h6"><span class="visually-hidden">Figli: <\/span>2 di 2/,
  )
  assert.match(rows(''), /<details class="mb-4 border rounded p-3" open>/)
})

const LOOK = { language: 'it', headingLevel: 2 } as const
const group = (id: string, step: string, ...components: readonly object[]) => ({
  type: 'group',
  id,
  label: step,
  properties: { step },
  components,
})
const STEPPED = formOf(
  { type: 'text', id: 'intro', text: 'Benvenuto' },
  group(
    'A',
    'Uno',
    { type: 'textfield', id: 'a', key: 'a', label: 'A', validate: { required: true } },
    { type: 'checkbox', id: 'c', key: 'c', label: 'C' },
  ),
  {
    ...group('B', 'Due', { type: 'textfield', id: 'b', key: 'b', label: 'B', validate: { required: true } }),
    conditional: { hide: '=not(c)' },
  },
  group('C', 'Tre', {
    type: 'dynamiclist',
    id: 'l',
    path: 'l',
    label: 'L',
    components: [{ type: 'textfield', id: 'n', key: 'n', label: 'N' }],
  }),
)
const ASKING: Asking = {
  form: STEPPED,
  variables: new Map(),
  now: NOW,
  attachments: null,
  practice: null,
  inSteps: true,
  final: ['invia'],
}
const say = (body: Readonly<Record<string, unknown>>): Promise<Turn> => hear(ASKING, { body, files: [] })
const pageOf = (turn: Turn): string => renderQuestions(turn, lookAt(turn, LOOK)).markup

test('step by step: forward only when the step is right, back always, what other steps hold comes along', async () => {
  const first = begin(ASKING)
  assert.deepEqual(
    first.steps.map(({ label }) => label),
    ['Uno', 'Tre'],
    'a hidden group is no step',
  )
  assert.match(pageOf(first), /Benvenuto.*name="a"/s)
  assert.doesNotMatch(pageOf(first), /name="l\[0\]\.n"[^>]*type="text"|<label[^>]*>N/)
  const wrong = await say({ passo: 'A', a: '', c: ['', 'true'], azione: 'avanti' })
  assert.deepEqual([wrong.step?.id, [...wrong.judgement.faults.keys()]], ['A', ['a']])
  const second = await say({ passo: 'A', a: 'x', c: ['', 'true'], azione: 'avanti' })
  assert.deepEqual([second.step?.id, second.steps.length, second.judgement.faults.size], ['B', 3, 0])
  assert.match(pageOf(second), /<input type="hidden" name="a" value="x">/)
  assert.match(pageOf(second), /aria-current="step">Due<span class="visually-hidden"> \(passo attuale\)/)
  const back = await say({ passo: 'B', a: 'x', c: ['', 'true'], b: '', azione: 'indietro' })
  assert.deepEqual([back.step?.id, back.judgement.faults.size], ['A', 0])
  const third = await say({ passo: 'B', a: 'x', c: ['', 'true'], b: 'y', azione: 'avanti' })
  assert.equal(third.step?.id, 'C')
  const row = await say({ passo: 'C', a: 'x', c: ['', 'true'], b: 'y', 'l[]': '1', 'l[0].n': 'z', riga: '-l[0]' })
  assert.deepEqual([row.step?.id, row.isComplete], ['C', false])
  const kept = await say({ ...Object.fromEntries(row.typed), azione: 'indietro' })
  assert.match(pageOf(kept), /name="l\[\]" value="0"/, 'a row that was removed stays removed')
  const done = await say({ passo: 'C', a: 'x', c: ['', 'true'], b: 'y', 'l[]': '0', azione: 'avanti' })
  assert.ok(done.isComplete)
  assert.equal(submissionOf(done.nodes), '{"a":"x","c":true,"b":"y","l":[]}')
})

test('the whole is judged before it is complete, and the first step with a fault is shown, whatever a post claims', async () => {
  const skipped = await say({ passo: 'C', a: '', c: '', 'l[]': '0', azione: 'avanti' })
  assert.deepEqual([skipped.isComplete, skipped.step?.id, [...skipped.judgement.faults.keys()]], [false, 'A', ['a']])
  const forged = await say({ azione: 'invia' })
  assert.deepEqual([forged.isComplete, forged.step?.id], [false, 'A'])
  const unasked = await say({ passo: 'C', a: 'x', c: ['', 'true'], azione: 'invia' })
  assert.deepEqual([unasked.step?.id, [...unasked.judgement.unasked]], ['B', ['b']])
  const nowhere = await say({ passo: 'nessuno', a: 'x', azione: 'passo:nessuno' })
  assert.equal(nowhere.step?.id, 'A')
})

test('the summary leads back to each step; a draft begins where it was left; a reset begins anew', async () => {
  const turn = await say({ passo: 'C', a: 'x', c: '', 'l[]': '0', azione: 'avanti' })
  assert.match(
    renderSummary(turn.nodes, { ...LOOK, changeBy: 'f' }).markup,
    /form="f" name="azione" value="passo:A">Modifica<span class="visually-hidden"> «Uno»/,
  )
  const draft = begin(
    ASKING,
    new Map([
      ['passo', ['C']],
      ['a', ['bozza']],
    ]),
  )
  assert.deepEqual([draft.step?.id, submissionOf(draft.nodes)], ['C', '{"a":"bozza","c":false,"l":[{"n":""}]}'])
  const again = await say({ passo: 'C', a: 'x', azione: 'ripristina' })
  assert.deepEqual([again.step?.id, again.typed.size], ['A', 0])
})

test('a form that asks for files anywhere travels in parts; without attachments no file is anybody’s', async () => {
  const form = formOf({ type: 'dynamiclist', path: 'l', components: [{ type: 'filepicker', id: 'f', key: 'f' }] })
  assert.match(encodingOf({ form }).markup, /multipart\/form-data/)
  assert.equal(encodingOf({ form: STEPPED }).markup, '')
  const turn = await hear(
    { ...ASKING, form },
    {
      body: { 'l[]': '1', 'l[0].f': 'x.y' },
      files: [{ control: 'l[0].f', name: 'a.pdf', declared: '', content: Buffer.from('%PDF-') }],
    },
  )
  assert.deepEqual(attachedIn(turn.nodes), [])
})
