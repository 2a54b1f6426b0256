/** Deployed decision models: those that import others, those with faults, and the dialect that an administrator chooses. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Dialect } from '../../engine/feel/index.ts'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'

const DMN = 'https://www.omg.org/spec/DMN/20230324/MODEL/'
const model = (namespace: string, content: string, attributes = ''): string =>
  `<definitions xmlns="${DMN}" id="${namespace}" name="${namespace}" namespace="${namespace}" ${attributes}>${content}</definitions>`
const literal = (id: string, text: string, required = ''): string =>
  `<decision id="${id}" name="${id}">${required}<literalExpression><text>${text}</text></literalExpression></decision>`

const tariffs = (fee: number): string => model('tariffs', literal('base', String(fee)))
const bill = model(
  'bill',
  `<import name="T" namespace="tariffs" importType="${DMN}"/>${literal('total', 'T.base + 1', '<informationRequirement><requiredDecision href="tariffs#base"/></informationRequirement>')}`,
)

async function start(t: TestContext, store: MemoryStore, dmnDialect: Dialect | null = null) {
  const said: string[] = []
  const engine = await startEngine({ store: store.session(), dmnDialect, log: (message) => said.push(message) })
  t.after(() => engine.close())
  return { said, gateway: embeddedGateway(engine, { host: '127.0.0.1', port: 0 }), close: () => engine.close() }
}
const deploy = (gateway: Gateway, ...files: readonly string[]) =>
  gateway.deployResources({
    resources: files.map((text, at) => ({
      name: `${/ id="(\w+)"/.exec(text)![1]}-${at}.dmn`,
      content: Buffer.from(text),
    })),
  })
const decide = async (gateway: Gateway, decisionId: string, variables = '{}'): Promise<string> => {
  const { decisionOutput, failureMessage } = await gateway.evaluateDecision({ decisionId, variables })
  return failureMessage === '' ? decisionOutput : failureMessage
}

test('a model stays bound to the version of its import that was there, however the engine is restarted', async (t) => {
  const store = new MemoryStore()
  const first = await start(t, store)
  await assert.rejects(deploy(first.gateway, bill), /Import 'T': Expected the model with the namespace 'tariffs'/)
  await deploy(first.gateway, bill, tariffs(10))
  assert.equal(await decide(first.gateway, 'total'), '11')
  await deploy(first.gateway, tariffs(20))
  assert.equal(await decide(first.gateway, 'total'), '11')
  await first.close()

  const second = await start(t, store)
  assert.equal(await decide(second.gateway, 'total'), '11')
  await deploy(second.gateway, bill.replace('+ 1', '+ 2'))
  assert.equal(await decide(second.gateway, 'total'), '22')
})

test('the record of an evaluation names the deployed decision of the imported model', async (t) => {
  const { gateway } = await start(t, new MemoryStore())
  const { deployments } = await deploy(gateway, bill, tariffs(10))
  const keys = deployments.flatMap((one) => (one.kind === 'decision' ? [[one.decisionId, one.decisionKey]] : []))
  const { evaluatedDecisions } = await gateway.evaluateDecision({ decisionId: 'total' })
  assert.deepEqual(
    evaluatedDecisions.map(({ decisionId, decisionKey }) => [decisionId, decisionKey]),
    keys,
  )
})

test('in the standard a text that is no FEEL fails its own decision; made for Camunda Cloud the file is refused', async (t) => {
  const { gateway, said } = await start(t, new MemoryStore())
  const content = literal('good', '1') + literal('bad', '1 +')
  await deploy(gateway, model('m', content))
  assert.match(said.join(), /^'m-0\.dmn' has decisions that will fail:\n- Decision 'bad': '1 \+' at 1:/)
  assert.equal(await decide(gateway, 'good'), '1')
  assert.match(await decide(gateway, 'bad'), /Decision 'bad': '1 \+' at 1:/)
  await assert.rejects(deploy(gateway, model('c', content, 'executionPlatform="Camunda Cloud"')), /Decision 'bad'/)
})

test('the chosen dialect overrides the files, and holds for what was deployed before', async (t) => {
  const store = new MemoryStore()
  const exponent = model('m', literal('d', '1e3'))
  const first = await start(t, store)
  await deploy(first.gateway, exponent)
  assert.equal(await decide(first.gateway, 'd'), '1000')
  await first.close()
  const second = await start(t, store, 'camunda')
  assert.match(await decide(second.gateway, 'd'), /'1e3' at 1:/)
  await assert.rejects(deploy(second.gateway, exponent.replace('1e3', '1e4')), /'1e4' at 1:/)
})
