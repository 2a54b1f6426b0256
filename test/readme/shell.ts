/** The commands that pages of documentation show, run as a reader would. */
import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { root } from '../house/sources.ts'

export interface Shown {
  readonly command: string
  /** The text that the page shows below; empty when it shows none. */
  readonly printed: string
}

/** The blocks of shell commands, each with the block of text that follows it at once. */
export const shellBlocksOf = (page: string): readonly Shown[] =>
  [...page.matchAll(/```sh\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g)].map(([, command = '', printed = '']) => ({
    command,
    printed,
  }))

/** The curl commands of a page, against another address. */
export const commandsIn = (page: string, rest: string): readonly string[] =>
  shellBlocksOf(page)
    .map(({ command }) => command)
    .filter((command) => command.startsWith('curl '))
    .map((command) => command.replaceAll('localhost:8080', rest))

export interface Ended {
  readonly stdout: string
  readonly status: number | null
}

/** Without what npm says of itself; `node` is the one of node_modules, as npm start runs it. */
export async function shell(command: string, cwd = root): Promise<Ended> {
  const script = command.replaceAll('npm run ', 'npm run --silent ')
  // A test runner that finds itself inside another one runs nothing.
  const { NODE_TEST_CONTEXT: _, ...outside } = process.env
  const env = { ...outside, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let stdout = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { stdout, status }
}
