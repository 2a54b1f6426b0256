import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import protobuf from 'protobufjs'
import { gatewayCodecs, healthCodecs } from '../../engine/gateway/wire.ts'
import { sharedText, without } from '../shared-data.ts'
import { proto, target, wireMessages } from './wire-messages.generate.ts'

const withoutLayout = (source: string) => source.replace(/[\s|;]+/g, '')

test('the types of the wire are those of its description', () => {
  const generated = withoutLayout(wireMessages())
  assert.equal(
    withoutLayout(readFileSync(target, 'utf8')),
    generated,
    'run: node test/gateway/wire-messages.generate.ts',
  )
})

test('the health service is the standard one', () => {
  assert.deepEqual(
    [...healthCodecs.values()].map(({ path }) => path),
    ['/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch'],
  )
})

const facts = 'reference/gateway-8.8.md'

/** A message or enum in the notation of the facts. */
function notation(object: protobuf.ReflectionObject): string[] {
  if (object instanceof protobuf.Enum) return Object.entries(object.values).map(([name, number]) => `${number} ${name}`)
  if (!(object instanceof protobuf.Type)) return []
  return object.fieldsArray.map((field) => {
    const label = field.repeated ? 'repeated ' : field.options?.proto3_optional ? 'optional ' : ''
    return `${field.id} ${field.name}: ${label}${field.type}`
  })
}

/** What 8.9 added. */
const NEWER = /\bbusinessId\b/
const newerCalls = ['EvaluateConditional']

test('the description has every call, message and field of 8.8, with its number and type', {
  skip: without(facts),
}, () => {
  const root = new protobuf.Root().loadSync(proto, { keepCase: true })
  const page = sharedText(facts).replaceAll('**', '')
  const calls = [...page.matchAll(/^\| (\w+) \| \w+Request \| (?:stream of )?\w+ \|$/gm)].map(([, name]) => name)
  assert.deepEqual([...gatewayCodecs.keys()], [...calls, ...newerCalls])
  const rows = [...page.matchAll(/^\| ([\w.]+)(?: \(enum\))? \| (\d.*|\(no fields\)) \|$/gm)]
  assert.equal(rows.length, 72)
  for (const [, name = '', fields = ''] of rows) {
    const wanted = fields.split(/; |, /).filter((field) => /^\d/.test(field))
    const ours = notation(root.lookup(`gateway_protocol.${name}`)!)
    assert.deepEqual(
      ours.filter((field) => !NEWER.test(field)),
      wanted,
      name,
    )
  }
})

/** Source: Camunda docs 8.9 › Zeebe API › Gateway service. */
for (const [message, field] of [
  ['CreateProcessInstanceRequest', '10 businessId: optional string'],
  ['CreateProcessInstanceResponse', '7 businessId: optional string'],
  ['CreateProcessInstanceWithResultResponse', '8 businessId: optional string'],
] as const)
  test(`${message} has the field of 8.9`, () => {
    const root = new protobuf.Root().loadSync(proto, { keepCase: true })
    assert.equal(notation(root.lookup(`gateway_protocol.${message}`)!).at(-1), field)
  })
