/** What Zeebe 8.8 answers to faulty diagrams, as recorded; compared as loosely as the traces' own runner does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import { sharedFiles, sharedText, withoutShared } from './diagrams.ts'

const FRAME = 'Expected to deploy new resources, but encountered the following errors:\n'

interface Recorded {
  readonly responses: readonly { readonly step: string; readonly error?: { readonly message: string } }[]
}

/** Details of parsers are cut and the parts for single elements sorted. */
function comparable(message: string): string {
  const [head = '', ...blocks] = message.split(/(?=- (?:Element|Process): )/)
  return JSON.stringify(head + blocks.sort().join(''))
    .replace(/(failed to parse expression '.*?': )Expected[^"]*/g, '$1…')
    .replace(/((?:Fatal )?Error: URI=)[^"]*/g, '$1…')
}

const scenarios = withoutShared
  ? []
  : sharedFiles('zeebe-traces/deploy-rejections/*/expected.json').map((path) => path.replace('/expected.json', ''))
const firstLight = withoutShared ? new Set() : new Set(sharedText('zeebe-traces/first-light.txt').trim().split('\n'))

test('rejections are recorded', { skip: withoutShared }, () => assert.ok(scenarios.length > 40))

for (const scenario of scenarios) {
  const exact = firstLight.has(scenario.replace('zeebe-traces/', ''))
  test(`${scenario}: ${exact ? 'the same text' : 'the same decision'}`, async () => {
    const { responses } = JSON.parse(sharedText(`${scenario}/expected.json`)) as Recorded
    const message = responses.find((response) => response.step === 'deploy')?.error?.message
    const [path = ''] = sharedFiles(`${scenario}/*.bpmn`)
    const name = path.split('/').at(-1) ?? ''
    const result = await compileBpmn(name, sharedText(path))
    if (exact) assert.equal(comparable(result.ok ? '' : result.message), comparable(message?.split(FRAME)[1] ?? ''))
    else assert.equal(result.ok, message === undefined)
  })
}
