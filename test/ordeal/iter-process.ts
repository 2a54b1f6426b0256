/** Iter as a program of its own that is killed and started again, on the same data, as often as the ordeal wants. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const READY = /^Stop\b/m
const DATABASE = /^Database +(\S+)/gm
/** Payers and office wait for nobody. */
const PAYMENT_POLL_SECONDS = 2
/** Bounds that only a standstill reaches: a start and a stop take seconds. */
const READY_WITHIN_MS = 10 * 60_000
const STOPPED_WITHIN_MS = 5 * 60_000
const LOG_CHARACTERS_MAX = 200_000

export interface IterOptions {
  readonly dataDir: string
  /** File with the addresses of sandboxes that outlive the program. */
  readonly sandboxes: string
  /** The town's time (ms since 1970): each life begins with it, not with the real one. */
  readonly now: () => number
}

type Ports = Readonly<Record<'grpc' | 'rest' | 'management' | 'pages', number>>

/** From a start to the end that comes after it. */
interface Life {
  readonly child: ChildProcess
  readonly ended: Promise<void>
  state: 'starting' | 'serving' | 'killed'
}

export class IterProcess {
  readonly #options: IterOptions
  readonly #ports: Ports
  #life: Life | null = null
  #isWanted = true
  /** Of all its lives. */
  #log = ''
  readonly #failed = Promise.withResolvers<never>()
  /** Resolves once the program serves. Replaced at each death. */
  #serving = Promise.withResolvers<void>()

  private constructor(options: IterOptions, ports: Ports) {
    this.#options = options
    this.#ports = ports
    // Whoever waits is told; nobody may be waiting.
    for (const promise of [this.#failed.promise, this.#serving.promise]) promise.catch(() => {})
  }

  static async start(options: IterOptions): Promise<IterProcess> {
    const [grpc, rest, management, pages] = await freePorts(4)
    const iter = new IterProcess(options, { grpc: grpc!, rest: rest!, management: management!, pages: pages! })
    iter.#spawn()
    await iter.serving
    return iter
  }

  get rest(): string {
    return `http://127.0.0.1:${this.#ports.rest}/v2`
  }
  get pages(): string {
    return `http://127.0.0.1:${this.#ports.pages}`
  }
  /** Of its database, as it says it at a start. */
  get database(): string {
    const [, said] = [...this.#log.matchAll(DATABASE)].at(-1) ?? []
    if (said === undefined) throw new Error('Expected Iter to say which database it has, but it did not')
    return said
  }
  /** Rejects when the program ends by itself, or does not start in time. */
  get failed(): Promise<never> {
    return this.#failed.promise
  }
  get serving(): Promise<void> {
    return this.#serving.promise
  }
  get isServing(): boolean {
    return this.#life?.state === 'serving'
  }
  /** The last lines it has said, in whichever life. */
  lastLines(count: number): readonly string[] {
    return this.#log.trimEnd().split('\n').slice(-count)
  }

  #spawn(): void {
    const { dataDir, sandboxes, now } = this.#options
    const { grpc, rest, management, pages } = this.#ports
    const ports = ['--grpc-port', grpc, '--rest-port', rest, '--management-port', management, '--pages-port', pages]
    const args = ['--data-dir', dataDir, '--sandboxes', sandboxes, ...ports.map(String)]
    args.push('--clock', new Date(now()).toISOString(), '--pagopa-poll', String(PAYMENT_POLL_SECONDS))
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const life: Life = { child, ended, state: 'starting' }
    this.#life = life
    const serving = this.#serving
    let said = ''
    const heard = (chunk: Buffer) => {
      this.#log = `${this.#log}${chunk}`.slice(-LOG_CHARACTERS_MAX)
      // What a killed program had said before arrives after its death.
      if (life.state !== 'starting') return
      said += chunk
      if (!READY.test(said)) return
      life.state = 'serving'
      serving.resolve()
    }
    child.stdout.on('data', heard)
    child.stderr.on('data', heard)
    const late = setTimeout(() => this.#fail('did not serve in time'), READY_WITHIN_MS)
    const inTime = () => clearTimeout(late)
    serving.promise.then(inTime, inTime)
    // Once all that it said has been heard.
    child.once('close', (code, signal) => {
      inTime()
      end()
      this.#ended(life, code, signal)
    })
  }
  /** A killed program is started again; one that ends by itself has failed. */
  #ended(life: Life, code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.#isWanted) return
    if (life.state === 'killed') this.#spawn()
    else this.#fail(`ended by itself with ${code ?? signal}`)
  }
  #fail(what: string): void {
    const failure = new Error(`Expected Iter to run, but it ${what}`)
    this.#serving.reject(failure)
    this.#failed.reject(failure)
  }

  /** `kill -9`, at once. Answers whether there was a living program that served; `atStart`: or that was about to. */
  kill({ atStart = false } = {}): boolean {
    const life = this.#life
    if (life === null || life.child.exitCode !== null || life.child.signalCode !== null) return false
    if (life.state !== 'serving' && !(atStart && life.state === 'starting')) return false
    if (life.state === 'serving') {
      this.#serving = Promise.withResolvers()
      this.#serving.promise.catch(() => {})
    }
    life.state = 'killed'
    return life.child.kill('SIGKILL')
  }
  /** `kill -9` of the database server, if it lives. */
  killDatabase(): boolean {
    const directory = join(this.#options.dataDir, 'postgres')
    try {
      const pid = Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0])
      // The file outlives its server, and names whoever is about to start the next.
      if (pid === this.#life?.child.pid) return false
      if (process.platform === 'linux' && readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(directory)) return false
      return process.kill(pid, 'SIGKILL')
    } catch {
      return false // it has been killed, and its successor has not yet written its number
    }
  }

  /** Ends the program, in its own way if that does not take too long, and whatever of its database is left then. */
  async stop(): Promise<void> {
    this.#isWanted = false
    if (this.#life !== null) {
      const { child, ended } = this.#life
      child.kill('SIGTERM')
      const waiting = new AbortController()
      const { signal } = waiting
      await Promise.race([ended, pause(STOPPED_WITHIN_MS, undefined, { signal }).catch(() => {})])
      waiting.abort()
      child.kill('SIGKILL')
      await ended
    }
    this.killDatabase()
  }
}

/**
 * Ports to which the program can come back after each death: below those that the system gives to outgoing connections, of which one
 * could be in the way by then.
 */
async function freePorts(count: number): Promise<readonly number[]> {
  const [least, most] = [10_000, 32_000]
  const found = new Set<number>()
  while (found.size < count) {
    const port = least + randomInt(most - least)
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
