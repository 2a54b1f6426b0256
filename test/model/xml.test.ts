/** XML that nobody vouches for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, file, flow, refusal, START } from './diagrams.ts'

const refused: readonly (readonly [name: string, xml: string, text: RegExp])[] = [
  ['nothing', '', /^Fatal Error: .* document must contain a root element/],
  ['no XML', 'hello', /^Fatal Error: /],
  ['an unclosed tag', '<bpmn:definitions', /^Fatal Error: /],
  ['a DOCTYPE', `<!DOCTYPE x>${diagram(START)}`, /DOCTYPE is not allowed/],
  ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${file('&b;')}`, /DOCTYPE is not allowed/],
  ['an external entity', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${file('')}`, /DOCTYPE is not allowed/],
  ['an undefined entity', diagram('&secret;'), /^Fatal Error: .*undefined entity/],
  ['more than 4 MB', diagram(`<!--${'x'.repeat(4 * 1024 * 1024)}-->`), /more than 4194304 bytes/],
  ['more than 100,000 nodes', diagram('<bpmn:task/>'.repeat(100_001)), /more than 100000 nodes/],
  ['more than 500 levels', diagram('<bpmn:subProcess>'.repeat(600)), /nested deeper than 500/],
  ['another vocabulary', '<html/>', /Cannot find the declaration of element 'html'/],
  ['an unbound prefix', '<a:definitions/>', /^Fatal Error: /],
  [
    'two elements of one id',
    diagram(`${START}${START}`),
    /^Error: URI=null Line=\d+: cvc-id\.2: There are multiple occurrences of ID value 's'/,
  ],
  ['an id that is no name', diagram('<bpmn:startEvent id="1 2"/>'), /'1 2' is not a valid value for 'NCName'/],
  ['a flow to nowhere', diagram(`${START}${flow('s', 'gone')}`), /no ID\/IDREF binding for IDREF 'gone'/],
  [
    'a flow without target',
    diagram(`${START}<bpmn:sequenceFlow id="f" sourceRef="s"/>`),
    /Attribute 'targetRef' must appear/,
  ],
  [
    'artifacts before flow elements',
    diagram(`<bpmn:textAnnotation id="t"/>${START}`),
    /found in 'process' starting with element '\{"[^"]+":startEvent\}'\. One of '\{"[^"]+":artifact/,
  ],
  ['text where no text may stand', diagram(`stray${START}`), /^Error: /],
  ['an element that BPMN does not have', diagram(`${START}<bpmn:wish id="w"/>`), /^Error: .*wish/],
]
for (const [name, xml, text] of refused) {
  test(`refuses ${name}`, async () => assert.match(await refusal(xml), text))
}

test('all faults of the schema come at once, each with its line', async () => {
  const faults = (await refusal(diagram(`${START}\n${START}\n${flow('s', 'gone')}`))).split('\n')
  assert.deepEqual(
    faults.map((fault) => /Line=(\d+)/.exec(fault)?.[1]),
    ['4', '5'],
  )
})

test('attributes that objects have of themselves do no harm', async () => {
  const odd = ['constructor', '__proto__', 'toString', 'hasOwnProperty'].map((name) => `${name}="x"`).join(' ')
  const faults = (await refusal(diagram(`<bpmn:startEvent id="s" ${odd}/>`))).split('\n')
  assert.equal(faults.length, 4)
  for (const fault of faults) assert.match(fault, /Attribute '\w+' is not allowed to appear in element 'startEvent'/)
})

test('a report stays readable, however many faults there are', async () => {
  const tasks = Array.from({ length: 5_000 }, (_, i) => `<bpmn:serviceTask id="t${i}"/>`).join('')
  const text = await refusal(diagram(`${START}${tasks}`))
  assert.ok(text.length < 13_000)
  assert.match(text, /5000 elements in all/)
})
