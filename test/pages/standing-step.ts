/** A process with one step whose work nobody does, so that a test fails it as it likes. */
import type { ActivatedJob, Gateway } from '../../engine/protocol/gateway.ts'

export const STANDING_STEP = {
  name: 'prova.bpmn',
  content: new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="f" targetNamespace="https://iter.example/test">
  <bpmn:process id="prova" name="Prova" isExecutable="true">
    <bpmn:startEvent id="via"><bpmn:outgoing>g1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="g1" sourceRef="via" targetRef="invia" />
    <bpmn:serviceTask id="invia" name="Invia"><bpmn:extensionElements><zeebe:taskDefinition type="prova.invia" /></bpmn:extensionElements><bpmn:incoming>g1</bpmn:incoming></bpmn:serviceTask>
  </bpmn:process>
</bpmn:definitions>`),
}

/** Starts it for the practice, and fails its step for good; `effect`: the ledger's key of what the step was to do. */
export async function standStill(gateway: Gateway, practice: string, errorMessage: string) {
  const { processInstanceKey } = await gateway.createProcessInstance({
    bpmnProcessId: 'prova',
    variables: JSON.stringify({ pratica: { id: practice } }),
  })
  const which = { type: 'prova.invia', worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 100 }
  const isIts = (job: ActivatedJob) => job.processInstanceKey === processInstanceKey
  const { key } = (await gateway.activateJobs(which)).find(isIts)!
  await gateway.failJob(key, { retries: 0, errorMessage })
  return { processInstanceKey, effect: `${practice}/invia/${key}` }
}
