/** What somebody feels who has nothing to do with the load. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { deploy } from './one-task.ts'

const NEIGHBOUR = 'bench-neighbour'
const HOUR_MS = 3_600_000

export interface Latencies {
  readonly count: number
  readonly p50: number
  readonly p99: number
}

const LATENCY_RATIO_MAX = 3

/** What it felt meanwhile is more than it may be. */
export const isDisturbed = (quiet: Latencies, busy: Latencies): boolean => busy.p99 / quiet.p99 > LATENCY_RATIO_MAX

/** As rows of a table: what, and how much. */
export const felt = (quiet: Latencies, busy: Latencies): readonly (readonly [string, string])[] => [
  ['neighbour, quiet', `p50 ${quiet.p50.toFixed(1)}, p99 ${quiet.p99.toFixed(1)} ms of ${quiet.count}`],
  ['neighbour, meanwhile', `p50 ${busy.p50.toFixed(1)}, p99 ${busy.p99.toFixed(1)} ms of ${busy.count}`],
  ['its p99', `${(busy.p99 / quiet.p99).toFixed(1)} times, bound ${LATENCY_RATIO_MAX}`],
]

/** Someone else's instances of one job, one after the other: from the wish to the job in a worker's hands. */
export class Neighbour {
  readonly #gateway: Gateway
  #arrived: (key: string) => void = () => {}

  constructor(gateway: Gateway) {
    this.#gateway = gateway
  }
  /** Moves in until aborted. */
  static async of(gateway: Gateway, signal: AbortSignal): Promise<Neighbour> {
    await deploy(gateway, NEIGHBOUR)
    const neighbour = new Neighbour(gateway)
    neighbour.#work(signal).catch(() => {})
    return neighbour
  }
  async #work(signal: AbortSignal): Promise<void> {
    const request = { type: NEIGHBOUR, worker: 'neighbour', timeoutMs: HOUR_MS, fetchVariables: ['n'] }
    for await (const { key } of this.#gateway.streamJobs(request, signal)) this.#arrived(key)
  }

  async during(other: Promise<unknown>): Promise<Latencies> {
    let isOver = false
    const over = other.finally(() => {
      isOver = true
    })
    const latencies: number[] = []
    while (!isOver) {
      const { promise: job, resolve } = Promise.withResolvers<string>()
      this.#arrived = resolve
      const began = performance.now()
      await this.#gateway.createProcessInstance({ bpmnProcessId: NEIGHBOUR, variables: '{"n":1}' })
      const key = await job
      latencies.push(performance.now() - began)
      await this.#gateway.completeJob(key)
      await delay(5)
    }
    await over
    latencies.sort((one, other) => one - other)
    const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!
    return { count: latencies.length, p50: at(0.5), p99: at(0.99) }
  }
}
