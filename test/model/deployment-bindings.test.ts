/** What a binding of type `deployment` names must come along. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brokenBindings } from '../../engine/model/deployment-bindings.ts'
import { compiled, diagram, extended, START } from './diagrams.ts'

const process = await compiled(
  diagram(`${START}
    <bpmn:callActivity id="c">${extended('<zeebe:calledElement processId="called" bindingType="deployment"/>')}</bpmn:callActivity>
    <bpmn:callActivity id="any">${extended('<zeebe:calledElement processId="elsewhere"/>')}</bpmn:callActivity>
    <bpmn:callActivity id="later">${extended('<zeebe:calledElement processId="=x" bindingType="deployment"/>')}</bpmn:callActivity>
    <bpmn:businessRuleTask id="r">${extended('<zeebe:calledDecision decisionId="d" resultVariable="r" bindingType="deployment"/>')}</bpmn:businessRuleTask>
    <bpmn:userTask id="u">${extended('<zeebe:userTask/><zeebe:formDefinition formId="f" bindingType="deployment"/>')}</bpmn:userTask>`),
)
const ids = (...of: readonly string[]) => new Set(of)

test('nothing is said when all come along', () => {
  assert.equal(
    brokenBindings('a.bpmn', [process], { processes: ids('called'), decisions: ids('d'), forms: ids('f') }),
    null,
  )
})

test('each missing one is named where it is used', () => {
  const text = brokenBindings('a.bpmn', [process], { processes: ids('elsewhere'), decisions: ids(), forms: ids() })
  const part = (element: string, extension: string, what: string, id: string) =>
    `- Element: ${element} > extensionElements > ${extension}\n    - ERROR: Expected to find ${what} with id '${id}' in current deployment, but not found.\n`
  const parts = [
    part('u', 'formDefinition', 'form', 'f'),
    part('r', 'calledDecision', 'decision', 'd'),
    part('c', 'calledElement', 'process', 'called'),
  ]
  assert.equal(text, `'a.bpmn':\n${parts.join('')}`)
})
