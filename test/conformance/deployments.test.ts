/** Files of other people, deployed: as Zeebe 8.8.0 answered, or as one of the listed exceptions says. */
import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import { prepare } from '../../engine/runtime/prepare.ts'
import { without } from '../shared-data.ts'
import { conformanceFile, conformanceFiles, DEPLOYS, difference, exceptions, hashOf, recorded } from './deployments.ts'

const absent = without('conformance')
const files = absent ? [] : conformanceFiles()
const table = recorded()

async function answerTo(path: string): Promise<string> {
  const resource = { resourceName: basename(path), resource: conformanceFile(path).toString('base64') }
  const prepared = await prepare([resource], {
    dialect: null,
    compile: compileBpmn,
    deployed: async () => null,
    log: () => undefined,
  })
  return prepared.ok ? DEPLOYS : prepared.message
}

test('the files are there', { skip: absent }, () => assert.ok(files.length > 300))

const seen = new Map<string, number>()
for (const path of files) {
  test(`${path}: Zeebe's answer`, async () => {
    const entry = table[path]
    assert.equal(entry?.sha256, hashOf(conformanceFile(path)), 'another file than the recorded one: record again')
    const [zeebe, ours] = [entry?.zeebe ?? '', await answerTo(path)]
    const found = difference(zeebe, ours)
    if (found === undefined) assert.equal(ours, zeebe)
    seen.set(found ?? 'same', (seen.get(found ?? 'same') ?? 0) + 1)
  })
}

test('most answers are the same; every exception is met', { skip: absent }, (t) => {
  const same = seen.get('same') ?? 0
  t.diagnostic(`${files.length} files: ${[...seen].map(([name, count]) => `${name} ${count}`).join(', ')}`)
  assert.ok(same > 200, `${same} are the same`)
  assert.deepEqual(
    Object.keys(exceptions).filter((name) => !seen.has(name)),
    [],
  )
})
