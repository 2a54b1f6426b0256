/** A server under measurement, as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Server {
  readonly name: string
  /** Host and port of the gRPC gateway, which may not answer yet. */
  readonly gateway: string
  /** Fires when the process has ended; its reason says where to look. */
  readonly ended: AbortSignal
  /** Roots of the process trees whose CPU is the server's, its database included. */
  pids(): readonly number[]
  stop(): Promise<void>
}

export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

export function endOf(child: ChildProcess, logFile: string): AbortSignal {
  const ended = new AbortController()
  child.once('exit', () => {
    const last = readFileSync(logFile, 'utf8').trim().split('\n').slice(-3).join('\n')
    ended.abort(new Error(`Expected ${child.spawnfile} to run until it is stopped, but it ended: ${last}`))
  })
  return ended.signal
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
/** As `npm start` does it. */
const [, ...startArguments] = scripts.start.split(' ').map((word) => (word === 'main.ts' ? join(root, word) : word))

/** Without the sample town, on free ports, with a fresh data directory. */
export async function startIter(directory: string): Promise<Server> {
  const [grpc, rest, management, pages] = await freePorts(4)
  const dataDir = join(directory, 'data')
  mkdirSync(dataDir, { recursive: true })
  const logFile = join(directory, 'iter.log')
  const log = openSync(logFile, 'a')
  const iter = spawn(process.execPath, startArguments, {
    cwd: directory,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ITER_SAMPLE: 'off',
      ITER_DATA_DIR: dataDir,
      ITER_GRPC_PORT: String(grpc),
      ITER_REST_PORT: String(rest),
      ITER_MANAGEMENT_PORT: String(management),
      ITER_PAGES_PORT: String(pages),
    },
  })
  const databasePid = () => Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
  return {
    name: 'Iter',
    gateway: `127.0.0.1:${grpc}`,
    ended: endOf(iter, logFile),
    pids: () => [iter.pid!, databasePid()],
    async stop() {
      await stopProcess(iter)
      await rm(directory, { recursive: true, force: true })
    },
  }
}
