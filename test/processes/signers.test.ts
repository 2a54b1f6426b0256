/** Whoever a procedure of the sample town asks to sign can: the sandbox has their key. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOLDERS } from '../../connectors/firma/sandbox/holders.ts'
import { loadTown } from '../../processes/town.ts'
import { filesLike, textOf } from '../house/sources.ts'

test('the managers whom diagrams name sign with a key of their own', async () => {
  const { persone } = await loadTown()
  const diagrams = filesLike('processes/*/*.bpmn').map(textOf).join('\n')
  const groups = [...diagrams.matchAll(/<zeebe:input source="([\w.]+)" target="dirigente" \/>/g)].map(
    ([, group]) => group!,
  )
  assert.ok(groups.length > 1)
  const able = new Set(HOLDERS.filter(({ state }) => state === 'good').map(({ userId }) => userId))
  for (const group of new Set(groups)) {
    const managers = persone.filter(({ gruppi }) => gruppi.includes(group))
    assert.ok(managers.length > 0, group)
    for (const { id } of managers) assert.ok(able.has(id), `${id} of ${group}`)
  }
})
