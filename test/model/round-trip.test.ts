/** Load, save, load: what a tool of the Modeler's family writes of a diagram means what the diagram meant. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { BpmnModdle } from 'bpmn-moddle'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { World } from '../simulation/world.ts'
import { sharedFiles, sharedText, withoutShared } from './diagrams.ts'

const moddle = new BpmnModdle({ zeebe: createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json') })
const files = withoutShared
  ? []
  : [...sharedFiles('conformance/**/*.bpmn'), ...sharedFiles('zeebe-traces/**/*.bpmn')].filter(
      (path) => !path.startsWith('conformance/dmn-tck/'),
    )

/** Everything a graph says, without the code that its expressions became. */
const said = (graph: unknown): unknown =>
  JSON.parse(
    JSON.stringify(graph, (name, value: unknown) =>
      name === 'feel' ? undefined : value instanceof Map ? [...value] : value,
    ),
  )

test('the executable graph outlives loading and saving', { skip: withoutShared }, async () => {
  let compared = 0
  for (const path of files) {
    const once = await compileBpmn(path, sharedText(path))
    if (!once.ok) continue
    const { rootElement } = await moddle.fromXML(sharedText(path), 'bpmn:Definitions')
    const { xml } = await moddle.toXML(rootElement)
    const again = await compileBpmn(path, xml)
    assert.ok(again.ok, again.ok ? '' : again.message)
    assert.deepEqual(said(again.processes), said(once.processes), path)
    compared += 1
  }
  assert.ok(compared > 290, `${compared} graphs of ${files.length} files`)
})

test('what is deployed is kept to the letter', { skip: withoutShared }, async () => {
  await using world = await World.opened()
  for (const name of files)
    await world.client
      .deployResources({ resources: [{ name, content: Buffer.from(sharedText(name)) }] })
      .catch((error: unknown) => assert.ok(error instanceof GatewayError, String(error)))
  const kept = new Map<string, string>()
  for (const event of await world.events())
    if (event.valueType === 'PROCESS' && event.intent === 'CREATED')
      kept.set(event.value.resourceName ?? '', event.value.resource ?? '')
  assert.ok(kept.size > 290, `${kept.size} of ${files.length} files`)
  for (const [name, text] of kept) assert.equal(text, sharedText(name))
})
