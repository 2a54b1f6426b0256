/** A one-task process on an engine in memory, for tests of what happens around the core. */
import type { TestContext } from 'node:test'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { type EngineOptions, type RunningEngine, startEngine } from '../../engine/runtime/embedded-engine.ts'
import type { Store } from '../../engine/store/store.ts'

export const JOB_TYPE = 'work'
export const PROCESS_ID = 'one-task'
const oneTask = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <bpmn:process id="${PROCESS_ID}" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="task"/>
    <bpmn:serviceTask id="task">
      <bpmn:extensionElements><zeebe:taskDefinition type="${JOB_TYPE}"/></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="task" targetRef="end"/>
    <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>`

export interface UnderWay {
  readonly engine: RunningEngine
  readonly gateway: Gateway
}

/** Deployed and ready; closed when the test ends. */
export async function underWay(
  t: TestContext,
  store: Store,
  options: Pick<EngineOptions, 'clockAt'> = {},
): Promise<UnderWay> {
  const engine = await startEngine({ store, isClockControlled: true, ...options })
  t.after(() => engine.close())
  const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
  await gateway.deployResources({ resources: [{ name: 'one-task.bpmn', content: Buffer.from(oneTask) }] })
  return { engine, gateway }
}

export const poll = (worker: string, requestTimeoutMs: number, timeoutMs = 60_000) => ({
  type: JOB_TYPE,
  worker,
  timeoutMs,
  maxJobsToActivate: 10,
  requestTimeoutMs,
})
