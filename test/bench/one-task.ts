/** One-task instances through the engine's own gateway, in this process: no wire between. */
import type { Gateway } from '../../engine/protocol/gateway.ts'

const namespaces =
  'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
/** Process id and job type are the same. */
const diagram = (
  id: string,
) => `<definitions ${namespaces} targetNamespace="bench"><process id="${id}" isExecutable="true">
  <startEvent id="start"/><sequenceFlow id="to-task" sourceRef="start" targetRef="task"/>
  <serviceTask id="task"><extensionElements><zeebe:taskDefinition type="${id}"/></extensionElements></serviceTask>
  <sequenceFlow id="to-end" sourceRef="task" targetRef="end"/><endEvent id="end"/>
</process></definitions>`

export async function deploy(gateway: Gateway, id: string): Promise<void> {
  await gateway.deployResources({ resources: [{ name: `${id}.bpmn`, content: Buffer.from(diagram(id)) }] })
}

/** Calls `run` so many times, at most `concurrency` at once. */
async function times(count: number, concurrency: number, run: () => Promise<void>): Promise<void> {
  let left = count
  const lane = async () => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
}

const variables = (n: number) => JSON.stringify({ n })

/** Starts instances whose job nobody takes. */
export async function open(gateway: Gateway, bpmnProcessId: string, count: number, concurrency: number): Promise<void> {
  let n = 0
  await times(count, concurrency, async () => {
    await gateway.createProcessInstance({ bpmnProcessId, variables: variables(n++) })
  })
}

/** What a stream may have handed out and not yet seen taken is bounded; jobs beyond it would wait for a poll, and here nobody polls. */
const JOBS_OF_A_STREAM = 16

/** Runs instances from creation to the acknowledged completion of their job, which a stream brings. */
export async function complete(
  gateway: Gateway,
  bpmnProcessId: string,
  count: number,
  concurrency: number,
): Promise<void> {
  const waiting = new Map<number, (jobKey: string) => void>()
  const stop = new AbortController()
  const request = { type: bpmnProcessId, worker: 'bench', timeoutMs: 300_000, fetchVariables: ['n'] }
  const worker = async () => {
    for await (const { key, variables } of gateway.streamJobs(request, stop.signal))
      waiting.get((JSON.parse(variables) as { n: number }).n)?.(key)
  }
  const working = Array.from({ length: Math.ceil(concurrency / JOBS_OF_A_STREAM) }, worker)
  let next = 0
  await times(count, concurrency, async () => {
    const n = next++
    const { promise: jobKey, resolve } = Promise.withResolvers<string>()
    waiting.set(n, resolve)
    await gateway.createProcessInstance({ bpmnProcessId, variables: variables(n) })
    await gateway.completeJob(await jobKey)
    waiting.delete(n)
  })
  stop.abort()
  await Promise.all(working)
}
