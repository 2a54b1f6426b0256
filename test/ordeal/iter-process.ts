/** Iter as a program of its own that is killed and started again, on the same data, as often as the ordeal wants. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const READY = /^Stop\b/m
const READY_WITHIN_MS = 60_000

export interface IterOptions {
  readonly dataDir: string
  /** File with the addresses of sandboxes that outlive the program. */
  readonly sandboxes: string
}

type Ports = Readonly<Record<'grpc' | 'rest' | 'management' | 'pages', number>>

export class IterProcess {
  readonly #options: IterOptions
  readonly #ports: Ports
  #child: ChildProcess | null = null
  #isWanted = true
  #output = ''
  readonly #failed = Promise.withResolvers<never>()
  /** Resolves once the program serves. Replaced at each death. */
  #serving = Promise.withResolvers<void>()

  private constructor(options: IterOptions, ports: Ports) {
    this.#options = options
    this.#ports = ports
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
  /** Rejects when the program ends by itself. */
  get failed(): Promise<never> {
    return this.#failed.promise
  }
  get serving(): Promise<void> {
    return this.#serving.promise
  }

  #spawn(): void {
    const { dataDir, sandboxes } = this.#options
    const { grpc, rest, management, pages } = this.#ports
    const ports = ['--grpc-port', grpc, '--rest-port', rest, '--management-port', management, '--pages-port', pages]
    const args = ['--data-dir', dataDir, '--sandboxes', sandboxes, '--clock', 'controlled', ...ports.map(String)]
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#output = ''
    const heard = (chunk: Buffer) => {
      this.#output = `${this.#output}${chunk}`.slice(-200_000)
      if (READY.test(this.#output)) this.#serving.resolve()
    }
    child.stdout.on('data', heard)
    child.stderr.on('data', heard)
    const late = setTimeout(() => this.#serving.reject(this.#failure('did not serve in time')), READY_WITHIN_MS)
    this.#serving.promise.then(
      () => clearTimeout(late),
      () => clearTimeout(late),
    )
    child.once('exit', (code, signal) => this.#ended(code, signal))
  }
  /** A killed program is started again; one that ends by itself has failed. */
  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (!this.#isWanted) return
    if (signal === 'SIGKILL') {
      this.#spawn()
      return
    }
    const failure = this.#failure(`ended by itself with ${code ?? signal}`)
    this.#serving.reject(failure)
    this.#failed.reject(failure)
  }
  #failure(what: string): Error {
    return new Error(`Expected Iter to run, but it ${what}:\n${this.#output}`)
  }

  /** `kill -9`, at once. Answers whether there was a living program that served. */
  kill(): boolean {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null || !READY.test(this.#output))
      return false
    this.#serving = Promise.withResolvers()
    // Whoever waits for the next start is told of its failure; nobody may be waiting.
    this.#serving.promise.catch(() => {})
    return child.kill('SIGKILL')
  }
  /** `kill -9` of the database server, if it lives. */
  killDatabase(): boolean {
    const file = join(this.#options.dataDir, 'postgres', 'postmaster.pid')
    if (!existsSync(file)) return false
    try {
      return process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL')
    } catch {
      return false // it has been killed, and its successor has not yet written its number
    }
  }

  async stop(): Promise<void> {
    this.#isWanted = false
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await Promise.race([ended, pause(30_000).then(() => child.kill('SIGKILL'))])
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
