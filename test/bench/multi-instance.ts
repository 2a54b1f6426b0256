/**
 * How the time of a parallel multi-instance grows with its items, and what a neighbour feels of it: `npm run bench:multi-instance -- --help`.
 * Ends with 1 when a bound is broken. All are ratios within one run; the load of the machine is shown.
 */
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { data, measured } from './measured.ts'
import { felt, isDisturbed, Neighbour } from './neighbour.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '100000' },
    by: { type: 'string', default: 'script' },
    data,
  },
})
if (o.help) {
  console.log(`--few 1000 --many 100000  items   --by script|job  done by the engine, or by a worker
--data DIR  removed at the end`)
  process.exit()
}

/** 100 times the items in at most so many times the time. */
const TIME_RATIO_MAX = 130
const QUIET_MS = 10_000
const LOOP = 'bench-loop'
const HOUR_MS = 3_600_000

const activities: Readonly<Record<string, string>> = {
  script: '<scriptTask id="a"><extensionElements><zeebe:script expression="=item * 2" resultVariable="result"/>',
  job: `<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="${LOOP}"/>`,
}
const activity = activities[o.by]
if (activity === undefined) throw new Error(`Expected --by script or job, but it is '${o.by}'`)
const tag = o.by === 'script' ? 'scriptTask' : 'serviceTask'
const diagram = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="bench"><process id="${LOOP}" isExecutable="true">
  <startEvent id="start"/><sequenceFlow id="to-a" sourceRef="start" targetRef="a"/>
  ${activity}</extensionElements><multiInstanceLoopCharacteristics><extensionElements>
    <zeebe:loopCharacteristics inputCollection="=items" inputElement="item" outputCollection="results" outputElement="=result"/>
  </extensionElements></multiInstanceLoopCharacteristics></${tag}>
  <sequenceFlow id="to-end" sourceRef="a" targetRef="end"/><endEvent id="end"/>
</process></definitions>`

const stop = new AbortController()

async function measure(gateway: Gateway): Promise<void> {
  await gateway.deployResources({ resources: [{ name: `${LOOP}.bpmn`, content: Buffer.from(diagram) }] })
  if (o.by === 'job') work(gateway).catch(() => {})
  const neighbour = await Neighbour.of(gateway, stop.signal)
  const [few, many] = [Number(o.few), Number(o.many)]
  for (let i = 0; i < 3; i++) await loop(gateway, few)
  await neighbour.during(delay(QUIET_MS / 4))
  const fewMs: number[] = []
  let fewCpuMs = 0
  const runFew = async () => {
    const cpu = cpuMs()
    for (let i = 0; i < 5; i++) fewMs.push(await loop(gateway, few))
    fewCpuMs += cpuMs() - cpu
  }
  await neighbour.during(runFew())
  const quiet = await neighbour.during(delay(QUIET_MS))
  const before = process.memoryUsage().rss
  let manyMs = 0
  const cpu = cpuMs()
  const busy = await neighbour.during(
    loop(gateway, many).then((ms) => {
      manyMs = ms
    }),
  )
  const manyCpuMs = cpuMs() - cpu
  const after = process.memoryUsage().rss
  // Before and after, because the machine may have other work.
  await neighbour.during(runFew())
  const fewMedian = fewMs.sort((one, other) => one - other)[fewMs.length >> 1]!
  const scale = many / few / 100
  const rows = [
    ['ms for each item', `${(fewMedian / few).toFixed(3)} of ${few}, ${(manyMs / many).toFixed(3)} of ${many}`],
    [
      'engine CPU, each',
      `${(fewCpuMs / fewMs.length / few).toFixed(3)} of ${few}, ${(manyCpuMs / many).toFixed(3)} ms of ${many}`,
    ],
    ['time', `${(manyMs / fewMedian).toFixed(1)} times, bound ${TIME_RATIO_MAX * scale}`],
    ...felt(quiet, busy),
    ['resident MB', `${(before / 1e6).toFixed(0)} before, ${(after / 1e6).toFixed(0)} after`],
    ['load average', loadavg()[0]!.toFixed(1)],
  ]
  for (const [what, is] of rows) console.log(`${what!.padEnd(22)} ${is}`)
  if (manyMs / fewMedian > TIME_RATIO_MAX * scale || isDisturbed(quiet, busy)) process.exitCode = 1
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Ms from creation to the end of an instance with so many items. */
async function loop(gateway: Gateway, count: number): Promise<number> {
  const variables = JSON.stringify({ items: Array.from({ length: count }, (_, i) => i) })
  const began = performance.now()
  await gateway.createProcessInstanceWithResult({ bpmnProcessId: LOOP, variables }, ['none'], HOUR_MS)
  return performance.now() - began
}

/** Does the jobs of the loop, some at once. */
async function work(gateway: Gateway): Promise<void> {
  const request = { type: LOOP, worker: 'loop', timeoutMs: HOUR_MS, fetchVariables: ['item'] }
  while (!stop.signal.aborted) {
    const jobs = await gateway.activateJobs(
      { ...request, maxJobsToActivate: 64, requestTimeoutMs: 10_000 },
      stop.signal,
    )
    const done = ({ key, variables }: { key: string; variables: string }) =>
      gateway.completeJob(key, JSON.stringify({ result: JSON.parse(variables).item }))
    await Promise.all(jobs.map(done))
  }
}

await measured(o.data, ({ gateway }) => measure(gateway).finally(() => stop.abort()))
