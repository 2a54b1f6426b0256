/**
 * Every option of the program: flag, environment variable, default, what it is for. Owns: reading and checking them, `--help`.
 * A wrong one is refused by name before anything starts.
 */
import { parseArgs } from 'node:util'
import { isZone } from './feel/temporal/zone.ts'

interface Option<T> {
  readonly env: string
  readonly byDefault: string
  readonly help: string
  /** Throws what was expected. */
  readonly read: (text: string) => T
}

const option = <T>(env: string, byDefault: string, help: string, read: (text: string) => T): Option<T> => ({
  env,
  byDefault,
  help,
  read,
})

const text = (given: string) => given
const optional = (given: string) => (given === '' ? null : given)
const names = (given: string) => given.split(/[\s,]+/).filter((name) => name !== '')
function port(given: string): number {
  const number = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN
  if (number <= 65_535) return number
  throw new Error('a port from 0 to 65535 (0 = any free one)')
}
const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (given: string): T => {
    const found = words.find((word) => word === given)
    if (found !== undefined) return found
    throw new Error(words.join(' or '))
  }
/** For screens and logs. */
export const withoutPassword = (address: string): string => address.replace(/(:\/\/[^:/@]*):[^/]*@/, '$1:***@')

function databaseUrl(given: string): string | null {
  if (given === '' || /^postgres(ql)?:\/\//.test(given)) return optional(given)
  throw new Error('an address such as postgresql://iter:password@database.comune.example/iter')
}
function url(given: string): string | null {
  if (given === '' || URL.canParse(given)) return optional(given)
  throw new Error('an address such as https://iter.comune.example')
}

function seconds(given: string): number {
  const number = /^\d{1,4}$/.test(given) ? Number(given) : 0
  if (number >= 1 && number <= 3600) return number
  throw new Error('whole seconds from 1 to 3600')
}

/** Of business time. A controlled one stands at `at` (ms since 1970) until it is set; null: it is the real one until then. */
interface ClockChoice {
  readonly isControlled: boolean
  readonly at: number | null
}
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/
function clock(given: string): ClockChoice {
  if (given === 'real' || given === 'controlled') return { isControlled: given === 'controlled', at: null }
  const at = INSTANT.test(given) ? instantIn(given) : null
  if (at !== null) return { isControlled: true, at }
  throw new Error('real or controlled, or an instant such as 2027-03-01T09:00:00Z')
}
/** Null where the calendar has no such day: a Date would take the one that comes so much later. */
function instantIn(text: string): number | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch {
    return null
  }
}

function zone(given: string): string {
  if (isZone(given)) return given
  throw new Error('a time zone such as Europe/Rome or UTC')
}

const options = {
  'data-dir': option('ITER_DATA_DIR', 'data', 'where the database and the keys lie', text),
  'database-url': option('DATABASE_URL', '', 'a PostgreSQL of your own instead of the embedded one', databaseUrl),
  host: option('ITER_HOST', '127.0.0.1', 'address to listen on; another than loopback needs API users', text),
  'host-names': option('ITER_HOST_NAMES', '', 'further names under which clients reach us, with commas', names),
  'grpc-port': option('ITER_GRPC_PORT', '26500', "Zeebe's gateway: workers, Camunda Modeler", port),
  'rest-port': option('ITER_REST_PORT', '8080', 'Orchestration Cluster API, /v2', port),
  'management-port': option('ITER_MANAGEMENT_PORT', '9600', 'health, metrics, records', port),
  'pages-port': option('ITER_PAGES_PORT', '3000', 'pages of citizens and clerks', port),
  'public-url': option('ITER_PUBLIC_URL', '', 'address of the pages as browsers see it, behind a proxy', url),
  'api-users': option('ITER_API_USERS', '', 'file of API users with salted hashes', optional),
  'oidc-issuer': option('ITER_OIDC_ISSUER', '', 'OpenID provider; none: an embedded one with sample people', url),
  'oidc-client-id': option('ITER_OIDC_CLIENT_ID', 'iter', 'our name at that provider', text),
  'oidc-client-secret': option('ITER_OIDC_CLIENT_SECRET', '', 'our secret at that provider', optional),
  clock: option(
    'ITER_CLOCK',
    'real',
    'real, or controlled: PUT /v2/clock sets it (tests); an instant: controlled, and standing there from the start',
    clock,
  ),
  'dmn-dialect': option(
    'ITER_DMN_DIALECT',
    '',
    'FEEL of all decision models, camunda or standard; none: Camunda Cloud files speak camunda, others standard',
    (given) => (given === '' ? null : oneOf('camunda', 'standard')(given)),
  ),
  'time-zone': option(
    'ITER_TIME_ZONE',
    'Europe/Rome',
    'whose days and clock timers, cron, now() and today() mean; a Zeebe in its container means UTC',
    zone,
  ),
  calendar: option(
    'ITER_CALENDAR',
    '',
    "file with the holidays and closures of the town; none: the sample town's",
    optional,
  ),
  'unique-business-ids': option(
    'ITER_UNIQUE_BUSINESS_IDS',
    'off',
    'on: an active process instance keeps others of its process from having its business id',
    oneOf('on', 'off'),
  ),
  sample: option('ITER_SAMPLE', 'on', 'sample town, sandboxes, workers and pages: on or off', oneOf('on', 'off')),
  sandboxes: option('ITER_SANDBOXES', '', 'file with the addresses of sandboxes that run elsewhere', optional),
  'pec-poll': option('ITER_PEC_POLL', '15', 'seconds from one look at the certified mailbox to the next', seconds),
  'pagopa-poll': option('ITER_PAGOPA_POLL', '60', 'seconds from one look at open payment notices to the next', seconds),
} as const

type Options = typeof options
type Name = keyof Options
const optionNames = Object.keys(options) as Name[]

export type Config = { readonly [N in Name]: ReturnType<Options[N]['read']> }

/** An option that cannot be used. Its message names it and says what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Flags win over the environment. Null: help was asked for. Throws ConfigError. */
export function readConfig(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Config | null {
  const flags = readFlags(args)
  if (flags.help) return null
  const read = <N extends Name>(name: N) => {
    const { env: variable, byDefault, read } = options[name]
    const given = flags[name] ?? env[variable] ?? byDefault
    try {
      return [name, read(given)]
    } catch (error) {
      const expected = error instanceof Error ? error.message : String(error)
      throw new ConfigError(
        `Expected --${name} (${variable}) to be ${expected}, but it is '${withoutPassword(given)}'.`,
      )
    }
  }
  return Object.freeze(Object.fromEntries(optionNames.map(read))) as Config
}

type Flags = { readonly help?: boolean } & { readonly [N in Name]?: string }
function readFlags(args: readonly string[]): Flags {
  const known = Object.fromEntries(optionNames.map((name) => [name, { type: 'string' as const }]))
  try {
    const { values } = parseArgs({ args: [...args], options: { ...known, help: { type: 'boolean', short: 'h' } } })
    return values as Flags
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${trouble.replace(/\.?$/, '.')} See npm start -- --help.`)
  }
}

export function helpText(): string {
  const rows = optionNames.map((name) => {
    const { env, byDefault, help } = options[name]
    return `  --${name.padEnd(20)}${env.padEnd(26)}${help}${byDefault === '' ? '' : ` [${byDefault}]`}`
  })
  return [
    'npm start -- [options]      each also as an environment variable',
    '',
    ...rows,
    '',
    'Stop with Ctrl-C: the engine stops first, then the database. Everything is kept.',
  ].join('\n')
}
