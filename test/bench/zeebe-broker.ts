/**
 * Camunda's own broker, to compare with: never part of the product. Its licence allows non-production use.
 * Owns: fetching it once into the user's cache, starting and stopping it. Does not own: what is measured.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findJava } from './java.ts'
import { endOf, freePorts, type Server, stopProcess } from './server.ts'

export const ZEEBE_VERSION = '8.6.0'
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'iter-bench')
const archive = `camunda-zeebe-${ZEEBE_VERSION}`

/** Says what is missing to run the broker, or null. */
export function withoutZeebe(): string | null {
  if (findJava() === null) return `Zeebe ${ZEEBE_VERSION} needs Java 21 or newer, and none was found. Set JAVA_HOME.`
  if (existsSync(join(cache, archive)) || spawnSync('mvn', ['-version']).status === 0) return null
  return `Zeebe ${ZEEBE_VERSION} is fetched by Maven, and there is no 'mvn'. Install it or put ${archive} into ${cache}.`
}

/** Where it lies. Throws when Maven cannot fetch it. */
export function fetchOnce(): string {
  const home = join(cache, archive)
  if (existsSync(home)) return home
  mkdirSync(cache, { recursive: true })
  const artifact = `io.camunda:camunda-zeebe:${ZEEBE_VERSION}:tar.gz`
  run('mvn', ['-B', '-q', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${cache}`])
  const unpacking = `${home}.unpacking`
  mkdirSync(unpacking, { recursive: true })
  run('tar', ['xzf', `${home}.tar.gz`, '-C', unpacking, '--strip-components=1'])
  run('mv', [unpacking, home])
  return home
}
function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`Expected '${command} ${args.join(' ')}' to succeed, but it ended with ${status}`)
}

export interface ZeebeOptions {
  /** Its clock can be set, and its records are written to its log as they are exported. Not for measuring. */
  readonly isObserved?: boolean
}
export interface Zeebe extends Server {
  /** URL of its REST API. */
  readonly rest: string
  /** URL of its actuators. */
  readonly management: string
  readonly logFile: string
}

/** One broker with its gateway, `partitions` partitions, a fresh data directory, no exporter unless it is observed. */
export async function startZeebe(
  directory: string,
  partitions: number,
  { isObserved = false }: ZeebeOptions = {},
): Promise<Zeebe> {
  const home = fetchOnce()
  const [gateway, command, internal, rest, monitoring] = await freePorts(5)
  mkdirSync(directory, { recursive: true })
  const logFile = join(directory, 'broker.log')
  const log = openSync(logFile, 'a')
  const classpath = [join(home, 'config'), join(home, 'lib', '*')].join(':')
  const memory = ['-Xms1g', '-Xmx1g', '-XX:+ExitOnOutOfMemoryError']
  const main = [
    '-classpath',
    classpath,
    `-Dbasedir=${home}`,
    `-Dapp.home=${directory}`,
    'io.camunda.application.StandaloneBroker',
  ]
  const broker = spawn(findJava()!, [...memory, '-Dfile.encoding=UTF-8', ...main], {
    cwd: directory,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...(isObserved
        ? { ZEEBE_LOG_LEVEL: 'debug', ZEEBE_DEBUG: 'true', ZEEBE_CLOCK_CONTROLLED: 'true' }
        : { ZEEBE_LOG_LEVEL: 'warn' }),
      SERVER_PORT: String(rest),
      MANAGEMENT_SERVER_PORT: String(monitoring),
      ZEEBE_BROKER_DATA_DIRECTORY: join(directory, 'data'),
      // The default keeps two thirds of the disk free, and a workstation's may be fuller.
      ZEEBE_BROKER_DATA_DISK_ENABLEMONITORING: 'false',
      ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT: String(partitions),
      ZEEBE_BROKER_CLUSTER_INITIALCONTACTPOINTS: `127.0.0.1:${internal}`,
      ZEEBE_BROKER_NETWORK_HOST: '127.0.0.1',
      ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT: String(command),
      ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT: String(internal),
      ZEEBE_BROKER_GATEWAY_NETWORK_PORT: String(gateway),
    },
  })
  return {
    name: `Zeebe ${ZEEBE_VERSION}, ${partitions} partition${partitions === 1 ? '' : 's'}`,
    gateway: `127.0.0.1:${gateway}`,
    rest: `http://127.0.0.1:${rest}`,
    management: `http://127.0.0.1:${monitoring}`,
    logFile,
    ended: endOf(broker, logFile),
    pids: () => [broker.pid!],
    async stop() {
      await stopProcess(broker)
      await rm(directory, { recursive: true, force: true })
    },
  }
}
