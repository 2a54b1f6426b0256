/** What the user of a command gave: variables, files, the clock. Whatever is wrong with it ends the command with one sentence. */
import { readFileSync } from 'node:fs'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Dialect, type Evaluation, fromJson, isContext, type Value } from '../feel/index.ts'

/** The command was not understood. */
export const MISUSED = 2
/** It was, but there is no result. */
export const FAILED = 1

/** Ends the command. */
export function refuse(message: string, status: typeof MISUSED | typeof FAILED = MISUSED): never {
  console.error(`error: ${message}`)
  process.exit(status)
}

/** Options that both commands have, as lines of their help. */
export const COMMON = {
  options: {
    dialect: { type: 'string' },
    now: { type: 'string' },
    zone: { type: 'string' },
    steps: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  help: `  --now MOMENT      the clock, as 2026-03-01T10:00:00Z or 2026-03-01; none: the machine's
  --zone ZONE       the zone of now() and today(), as Europe/Rome; none: UTC
  --steps N         the budget of steps; the engine's own is 200000, here it is 2500000
  --json            the result as JSON, and nothing else on standard output
  --help            this`,
} as const

export interface CommonOptions {
  readonly dialect?: string | undefined
  readonly now?: string | undefined
  readonly zone?: string | undefined
  readonly steps?: string | undefined
}

/** The words after the command. Without any, with `--help`, or with an option that is none, the command ends here. */
export function wordsOf<const Options extends NonNullable<ParseArgsConfig['options']>>(
  options: Options,
  usage: string,
) {
  const words = process.argv.slice(2)
  if (words.length === 0 || words.includes('--help')) {
    console[words.length === 0 ? 'error' : 'log'](usage)
    process.exit(words.length === 0 ? MISUSED : 0)
  }
  return attempt(
    () => parseArgs({ args: words, options, allowPositionals: true }),
    (reason) => `${reason}. See --help.`,
  )
}

export function dialectOf({ dialect }: CommonOptions): Dialect | null {
  if (dialect === undefined || dialect === 'camunda' || dialect === 'standard') return dialect ?? null
  return refuse(`Expected --dialect camunda or standard, but found '${dialect}'.`)
}

/** Tools may think longer than the engine. */
const STEPS = 2_500_000

export function evaluationOf(variables: ReadonlyMap<string, Value>, options: CommonOptions): Evaluation {
  const now = options.now === undefined ? Date.now() : Date.parse(options.now)
  if (Number.isNaN(now)) refuse(`Expected --now as 2026-03-01T10:00:00Z, but found '${options.now}'.`)
  const steps = Number(options.steps ?? STEPS)
  if (!(steps > 0)) refuse(`Expected --steps with a number, but found '${options.steps}'.`)
  const { zone } = options
  if (zone !== undefined)
    attempt(
      () => new Intl.DateTimeFormat('en', { timeZone: zone }),
      () => `Expected --zone as Europe/Rome, but found '${zone}'.`,
    )
  return { lookup: (name) => variables.get(name), now, random: Math.random, steps, ...(zone !== undefined && { zone }) }
}

export const fileText = (path: string): string =>
  attempt(
    () => readFileSync(path, 'utf8'),
    (reason) => `Cannot read '${path}': ${reason}`,
  )

/** JSON itself, a file of it, or `-` for standard input. */
export function jsonIn(given: string): Value {
  const isText = /^\s*[{[]/.test(given)
  const name = isText ? 'the JSON given' : given === '-' ? 'standard input' : given
  const text = isText ? given : given === '-' ? readFileSync(0, 'utf8') : fileText(given)
  return attempt(
    () => fromJson(text),
    (reason) => `${name}: ${reason}`,
  )
}

/** The variables by name. */
export function variablesIn(value: Value): ReadonlyMap<string, Value> {
  if (isContext(value)) return value
  return refuse('Expected a JSON object with the variables, as {"importo": 120.50}, but found something else.')
}

function attempt<T>(work: () => T, sentence: (reason: string) => string): T {
  try {
    return work()
  } catch (error) {
    return refuse(sentence(reasonOf(error)))
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!('code' in error)) return error.message
  if (error.code === 'ENOENT') return 'there is no such file'
  return error.code === 'EISDIR' ? 'it is a folder' : error.message.replace(/\.$/, '')
}
