/**
 * The diagrams of other people's clients and of the Modeler, deployed by zeebe-node: those that use what is built are accepted, any
 * other is refused with the id of the element, or with the place of the fault where it is no diagram.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { after, test } from 'node:test'
import { ZBClient } from 'zeebe-node'
import { absent, example, startIter } from './iter.ts'

/** Zeebe names no id here, whatever the file's root is called. */
const noProcess = /Element: definitions\s+- ERROR: Must contain at least one executable process/
const refused: Readonly<Record<string, RegExp>> = {
  'BpmnParser.bpmn': /Line=21: cvc-complex-type\.2\.3: Element 'extensionElements' cannot have text/,
  'modeller7File.bpmn': /Line=107: unclosed tag: bpmndi:BPMNEdge/,
  'Client-BrokenBpmn.bpmn':
    /Element: ServiceTask_0g6tf5f .* taskDefinition\s+- ERROR: Expected expression but not found/,
  'import-warnings.bpmn': /Line=7: cvc-id\.1: There is no ID\/IDREF binding for IDREF 'Task_0zlv465'/,
  'bar.bpmn': /Element: BusinessRuleTask_1 .* calledDecision\s+- ERROR: Attribute 'resultVariable' must be present/,
  'empty.bpmn': /document must contain a root element/,
  'c7-service-task.bpmn': /Element: ServiceTask_1\s+- ERROR: Must have exactly one 'zeebe:taskDefinition'/,
  'c7-service-task-impl.bpmn': /Element: Task_1\s+- ERROR: Must have exactly one 'zeebe:taskDefinition'/,
  'xss.bpmn': /Line=18: cvc-datatype-valid\.1\.2\.1: '"><' is not a valid value for 'NCName'/,
  'diagram.bpmn': noProcess,
  'activiti.bpmn': /Element: Process_1\s+- ERROR: Must have at least one start event/,
  'activitiConverted.bpmn': /Element: Process_1\s+- ERROR: Must have at least one start event/,
  'collaboration_not_executable.bpmn': noProcess,
  'not_executable.bpmn': noProcess,
  'test.bpmn': noProcess,
  'broken.bpmn': noProcess,
}
/** Names that other folders use for diagrams that are accepted. */
const accepted = ['camunda-8-js-sdk/zeebe-extra/example/test.bpmn', 'pyzeebe/tests/integration/test.bpmn']

test('other people’s diagrams', { skip: absent }, async (t) => {
  const iter = await startIter()
  const client = new ZBClient(iter.grpc, { useTLS: false, retry: false, loglevel: 'NONE' })
  after(async () => {
    await client.close()
    await iter.close()
  })
  const paths = ['camunda-8-js-sdk', 'pyzeebe', 'camunda-modeler'].flatMap((folder) =>
    readdirSync(example(folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.bpmn'))
      .map((path) => `${folder}/${path}`),
  )
  assert.ok(paths.length > 50)
  for (const path of paths) {
    const name = basename(path)
    const reason = accepted.includes(path) ? undefined : refused[name]
    const deployed = client.deployResource({ name, process: readFileSync(example(path)) })
    if (reason) {
      await t.test(`${path} is refused`, () =>
        assert.rejects(deployed, ({ code, message }: Error & { code: number }) => {
          assert.equal(code, 3, 'INVALID_ARGUMENT')
          assert.match(message, reason)
          return true
        }),
      )
    } else {
      await t.test(path, async () => {
        const { deployments } = await deployed
        assert.ok(deployments.length > 0)
        for (const { process } of deployments) assert.equal(process.resourceName, name)
      })
    }
  }
})
