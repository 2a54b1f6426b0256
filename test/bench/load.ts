/** The load generator beside the clone, run as a process of its own. Every engine meets the same client. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sharedPath } from '../shared-data.ts'
import type { Server } from './server.ts'

/** What is read of the report of a closed `one-task` run. */
export interface LoadReport {
  readonly piPerSecond: number
  readonly piMs: { readonly p50: number; readonly p99: number }
  readonly refusals: { readonly exhausted: number; readonly failed: Readonly<Record<string, number>> }
  readonly cost: {
    readonly serverCpuMsPerInstance: number
    readonly clientCpuMsPerInstance: number
    readonly machineShare: { readonly others: number; readonly idle: number }
    readonly memoryMB: { readonly after: { readonly own: number } }
    readonly loadBefore: string
  }
}

const sdk = dirname(createRequire(import.meta.url).resolve('@camunda8/sdk/package.json'))
const proto = join(sdk, 'dist', 'proto', 'zeebe.proto')

async function load(server: Server, options: readonly string[]): Promise<string> {
  const args = [sharedPath('bench/load.mjs'), '--proto', proto, '--gateway', server.gateway, ...options]
  const client = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: server.ended,
  })
  const [output, [status]] = await Promise.all([text(client.stdout), once(client, 'exit')]).catch((error: unknown) => {
    throw server.ended.aborted ? server.ended.reason : error
  })
  if (status !== 0) throw new Error(`Expected load.mjs to measure ${server.name}, but it ended with ${status}`)
  return output
}

/** Resolves when the server has deployed a process and started an instance. */
export async function untilReady(server: Server): Promise<void> {
  await load(server, ['--workload', 'ready'])
}

export interface Run {
  /** Instances in flight. */
  readonly concurrency: number
  readonly warmupSeconds: number
  readonly seconds: number
}
export async function measure(server: Server, { concurrency, warmupSeconds, seconds }: Run): Promise<LoadReport> {
  const steady = ['--workload', 'one-task', '--mode', 'closed', '--concurrency', String(concurrency)]
  const time = ['--warmup', String(warmupSeconds), '--seconds', String(seconds)]
  return JSON.parse(await load(server, [...steady, ...time, '--pids', server.pids().join(',')])) as LoadReport
}
