/** `npm start`: joins the engine with the workers, sandboxes and pages of a town. The only file that sees both sides. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isDatabaseAway } from './connectors/database-away.ts'
import { type Connectors, connectors } from './connectors/index.ts'
import { type Platforms, platformsIn } from './connectors/platforms.ts'
import { startSandboxes } from './connectors/sandboxes.ts'
import { openStores } from './connectors/stores.ts'
import { deployInPortions } from './connectors/zeebe/index.ts'
import {
  type Config,
  ConfigError,
  type Embedded,
  helpText,
  readConfig,
  sentenceFor,
  startEmbedded,
  withoutPassword,
} from './engine/index.ts'
import { GatewayError } from './engine/protocol/gateway.ts'
import { type OpenCheckout, type PagesConfig, type RegisterLookup, startPages } from './forms/server/index.ts'
import { feelCalendar } from './processes/calendar.ts'
import { deliveredResources } from './processes/resources.ts'
import { loadCalendar, loadTown, type Town } from './processes/town.ts'
import { startWorkers } from './workers/index.ts'

const packageJson = new URL('./package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageJson, 'utf8')) as { version: string }
const log = (line: string) => console.error(line)

async function start(config: Config): Promise<void> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const part of stops.splice(0).reverse()) await part()
  }
  try {
    const sample = await readTown(config)
    const elsewhere = config.sample === 'on' ? readPlatforms(config) : null
    const engine = await startEngine(config, sample)
    stops.push(engine.close)
    void engine.failed.then(end)
    const town = config.sample === 'on' ? await startTown(config, engine, sample, elsewhere) : null
    if (town !== null) stops.push(town.close)
    // Before the table is printed: whoever reads it may stop the program at once.
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => void stop().then(() => process.exit(0), end))
    console.log(startTable(config, engine, town))
  } catch (error) {
    await stop()
    throw error
  }
}

/** What remains is for the next start. */
function end(error: unknown): never {
  console.error((error instanceof ConfigError ? error.message : sentenceFor(error)) ?? error)
  process.exit(1)
}

/** The engine's timers, the workers' terms and the pages count by one calendar. */
async function readTown({ calendar }: Config): Promise<Town> {
  const town = await loadTown()
  return calendar === null ? town : { ...town, calendario: await loadCalendar(calendar) }
}

function startEngine(config: Config, { calendario }: Town): Promise<Embedded> {
  return startEmbedded({
    dataDir: config['data-dir'],
    databaseUrl: config['database-url'],
    host: config.host,
    hostNames: config['host-names'],
    grpcPort: config['grpc-port'],
    restPort: config['rest-port'],
    managementPort: config['management-port'],
    origins: [pagesUrl(config)],
    apiUsers: config['api-users'],
    isClockControlled: config.clock.isControlled,
    clockAt: config.clock.at,
    dmnDialect: config['dmn-dialect'],
    hasUniqueBusinessIds: config['unique-business-ids'] === 'on',
    locality: { zone: config['time-zone'], calendar: feelCalendar(calendario) },
    version,
    log,
  })
}
const pagesUrl = (config: Config) => config['public-url'] ?? `http://${config.host}:${config['pages-port']}`

interface RunningTown {
  /** Of the pages. */
  readonly address: string
  readonly platforms: Platforms
  readonly people: Town['persone']
  close(): Promise<void>
}

/** The sample municipality: platforms, workers, procedures, pages. */
async function startTown(
  config: Config,
  { gateway, database, now, secret }: Embedded,
  town: Town,
  elsewhere: Platforms | null,
): Promise<RunningTown> {
  const sandboxes =
    elsewhere === null ? await ownSandboxes(config, now) : { platforms: elsewhere, close: async () => {} }
  const stores = await steadily(() => openStores(database.connectionString, now))
  const { platforms } = sandboxes
  const tools = connectors({ platforms, body: town, ...stores, now })
  await steadily(() => deployInPortions(gateway, deliveredResources()))
  const polls = { mailPollMs: config['pec-poll'] * 1000, paymentPollMs: config['pagopa-poll'] * 1000 }
  const workers = startWorkers({ gateway, town, connectors: tools, now, log, ...polls })
  const databaseUrl = database.connectionString
  const tables = { databaseUrl, documents: stores.documents, effects: stores.ledger, accounts: stores.accounts }
  const asked = { register: registerLookup(tools, now), checkout: checkoutPage(tools) }
  const pages = await steadily(() =>
    startPages({
      ...{ gateway, ...tables, town, now, log, ...asked, map: tools.map.sheet },
      config: pagesConfig(config, secret),
    }),
  )
  return {
    address: pages.address,
    platforms,
    people: town.persone,
    async close() {
      await pages.close()
      await workers.close()
      tools.close()
      await stores.close()
      await sandboxes.close()
    },
  }
}

/** So long a database that goes away in the middle of a start is waited for. */
const DATABASE_PATIENCE_MS = 60_000
const AGAIN_MS = 200

/** A step of the start, taken again when the database went away in the middle of it: each of them may be. */
async function steadily<Result>(step: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + DATABASE_PATIENCE_MS
  for (;;) {
    try {
      return await step()
    } catch (error) {
      const isAway = isDatabaseAway(error) || (error instanceof GatewayError && error.status === 'UNAVAILABLE')
      if (!isAway || performance.now() > deadline) throw error
      await pause(AGAIN_MS)
    }
  }
}

/** ANPR says in which comune a person is resident; the rest is asked. */
function registerLookup({ anpr }: Connectors, now: () => number): RegisterLookup {
  return async (codiceFiscale, riferimento) => {
    const data = Temporal.Instant.fromEpochMilliseconds(now())
      .toZonedDateTimeISO('Europe/Rome')
      .toPlainDate()
      .toString()
    const person = await anpr.find({ codiceFiscale, riferimento, data, userId: 'iter-pagine' })
    return person?.residenza ? { comune: person.residenza.comune } : null
  }
}

/** One notice, whoever pays it. */
function checkoutPage({ checkout }: Connectors): OpenCheckout {
  return (avviso, ritorno) => checkout.open({ avvisi: [avviso], ritorno })
}

function pagesConfig(config: Config, secret: Buffer): PagesConfig {
  const issuer = config['oidc-issuer']
  const client = { clientId: config['oidc-client-id'], clientSecret: config['oidc-client-secret'] }
  return {
    host: config.host,
    port: config['pages-port'],
    publicUrl: config['public-url'],
    secret,
    identity: issuer === null ? 'embedded' : { issuer, ...client },
  }
}

interface Sandboxes {
  readonly platforms: Platforms
  close(): Promise<void>
}
const ownSandboxes = (config: Config, now: () => number): Promise<Sandboxes> =>
  startSandboxes({ directory: join(config['data-dir'], 'sandboxes'), now })

/** Of platforms that run elsewhere; null when this program runs their sandboxes itself. Read before anything is started. */
function readPlatforms({ sandboxes: file }: Config): Platforms | null {
  if (file === null) return null
  try {
    return platformsIn(file, readFileSync(file, 'utf8'))
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error))
  }
}

function startTable(config: Config, { addresses, database }: Embedded, town: RunningTown | null): string {
  const rows = [
    ...(town === null ? [] : townRows(config, town)),
    ['gRPC (workers, Modeler)', addresses.grpc],
    ['REST /v2', `http://${addresses.rest}/v2`],
    ['Management', `http://${addresses.management}/actuator/health`],
    ['Data', config['data-dir']],
    ['Database', withoutPassword(database.connectionString)],
    ['Process ids', `Iter ${process.pid}${database.pid === null ? '' : `, PostgreSQL ${database.pid}`}`],
    ['Stop', 'Ctrl-C'],
  ]
  return rows.map(([name, value]) => `${name!.padEnd(26)}${value}`).join('\n')
}

/** Whoever can sign in without a password is named: only the embedded provider lets them. */
function townRows(config: Config, { address, people, platforms }: RunningTown): string[][] {
  const names = (isCitizen: boolean) =>
    people.filter(({ ruolo }) => (ruolo === 'cittadino') === isCitizen).map(({ nome, cognome }) => `${nome} ${cognome}`)
  const signIn = [
    ['Sign in as citizen', names(true).join(', ')],
    ['or as staff', names(false).join(', ')],
  ]
  return [
    ['Pages', address],
    ...(config['oidc-issuer'] === null ? signIn : []),
    ...Object.entries(platforms).map(([name, { url }]) => [`Sandbox ${name}`, url]),
  ]
}

try {
  const config = readConfig(process.argv.slice(2), process.env)
  if (config === null) console.log(helpText())
  else await start(config)
} catch (error) {
  end(error)
}
