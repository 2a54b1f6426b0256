/**
 * The pages of a town: for citizens and for clerks. One program, a client of the protocol like any other.
 * Owns: what is started in which order. Does not own: pages (citizen/, desk/), the engine, which it knows as a `Gateway` alone.
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Knex } from 'knex'
import type { Provider } from 'oidc-provider/lib/provider.js'
import type { DocumentStore } from '../../connectors/documents/store.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { loadServiceSheets } from '../../processes/service-sheets.ts'
import type { Town } from '../../processes/town.ts'
import { LANGUAGES } from './catalogue.ts'
import { citizenRoutes } from './citizen/routes.ts'
import { deskRoutes } from './desk/routes.ts'
import { documentRoutes } from './documents.ts'
import { joinInstances } from './filing.ts'
import { attachmentsIn } from './form/upload/attachments.ts'
import type { Scan } from './form/upload/scan.ts'
import { embeddedProvider, PROVIDER_PATH } from './identity/embedded-provider.ts'
import { mountPeople } from './identity/mount-people.ts'
import { type OpenId, openIdAt } from './identity/openid.ts'
import { mountSignIn, mountSignOut, RETURN_PATH, UNDER_WAY_S } from './identity/sign-in.ts'
import { mapRoutes } from './map.ts'
import type { Effects, Route, TownHall } from './page.ts'
import { type OpenCheckout, payOnlineBy } from './pay-online.ts'
import { type RegisterLookup, steadfast } from './register.ts'
import { seal } from './shell/cookies.ts'
import { isLoopback, ownPath } from './shell/doors.ts'
import { icon } from './shell/frame.ts'
import { POST_MS_MAX } from './shell/parts.ts'
import { rateLimit } from './shell/rate-limit.ts'
import { appOf, mountRefusals, type Shell } from './shell/server.ts'
import { visitsOf } from './shell/visits.ts'
import { draftsIn } from './store/drafts.ts'
import { looksIn } from './store/looks.ts'
import { messageMarksIn } from './store/message-marks.ts'
import { notesIn } from './store/notes.ts'
import { practicesIn } from './store/practices.ts'
import { ratingsIn } from './store/ratings.ts'
import { sessionsIn } from './store/sessions.ts'
import { taskDraftsIn } from './store/task-drafts.ts'
import { openTownDatabase } from './store/town-database.ts'
import { startSweeping, sweeper } from './sweep.ts'
import type { MapLookup } from './town-map.ts'

/** Sign-ins a minute from one address: more than an office behind one router needs, too few to try names. */
const SIGN_INS_MAX = 60
/** Posts a minute from one address by visitors who have not signed in. */
const VISITOR_POSTS_MAX = 30
const CLIENT_ID = 'iter'

export type { OpenCheckout, RegisterLookup }

export interface PagesConfig {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** As browsers see the pages behind a proxy; null: by host and port. */
  readonly publicUrl: string | null
  readonly secret: Uint8Array
  /** Embedded: sample people without passwords, on this machine alone. */
  readonly identity:
    | 'embedded'
    | { readonly issuer: string; readonly clientId: string; readonly clientSecret: string | null }
}

export interface PagesOptions {
  readonly gateway: Gateway
  readonly databaseUrl: string
  readonly documents: DocumentStore
  /** The town's virus scanner; without one only the test file of all scanners is refused. */
  readonly scanner?: Scan
  readonly effects: Effects
  readonly accounts: TownHall['accounts']
  readonly town: Town
  /** What the population register says of a person; without it the pages ask the person. */
  readonly register?: RegisterLookup
  /** The town's map, for those who draw on a form; without it no address is known. */
  readonly map?: MapLookup
  /** Opens pagoPA's page; without it a notice is paid elsewhere. */
  readonly checkout?: OpenCheckout
  /** Business time, epoch milliseconds. */
  readonly now: () => number
  readonly config: PagesConfig
  readonly log: (line: string) => void
  /** How often what was never sent is looked for; each hour unless said. Real time. */
  readonly sweepMs?: number
}

export interface RunningPages {
  /** With scheme and port, as browsers see it. */
  readonly address: string
  /** Takes no new request; resolves when those under way are answered. */
  close(): Promise<void>
}

/** Rejects with one sentence when the port is taken, the database is newer or the address would let strangers in. */
export async function startPages(options: PagesOptions): Promise<RunningPages> {
  const { config, databaseUrl, town } = options
  requireGuarded(config)
  const database = await openTownDatabase(databaseUrl)
  try {
    const { gateway, documents, effects, accounts, now, scanner = null, map = async () => null } = options
    const attachments = attachmentsIn(documents, config.secret, scanner)
    const register = steadfast(options.register, options.log)
    const served = Promise.withResolvers<URL>()
    const payOnline = payOnlineBy(options.checkout, served.promise, options.log)
    const sheets = loadServiceSheets()
    const hall = {
      gateway,
      town,
      sheets,
      documents,
      attachments,
      effects,
      map,
      accounts,
      register,
      payOnline,
      now,
      icon,
      ...tablesIn(database),
    }
    await joinInstances(hall)
    const server = await listen(config)
    const sweeping = startSweeping(sweeper(hall), { log: options.log, everyMs: options.sweepMs })
    const { port } = server.address() as AddressInfo
    const origin = new URL(
      config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    )
    served.resolve(origin)
    const visits = visitsOf(sessionsIn(database), town, origin.protocol === 'https:')
    const isTest = config.identity === 'embedded'
    const formTargets = config.identity === 'embedded' ? [] : [new URL(config.identity.issuer).origin]
    const [frames, limit] = [town.pagineEsterne, rateLimit(VISITOR_POSTS_MAX)]
    server.on(
      'request',
      pagesOf({ hall, visits, origin, isTest, formTargets, frames, limit, log: options.log }, config),
    )
    return {
      address: origin.origin,
      async close() {
        server.closeIdleConnections()
        server.close()
        await once(server, 'close')
        await sweeping.close()
        await database.destroy()
      },
    }
  } catch (error) {
    await database.destroy()
    throw error
  }
}

/** The pages' own tables, as the pages know them. */
type Tables = 'practices' | 'notes' | 'taskDrafts' | 'looks' | 'drafts' | 'marks' | 'ratings'
export const tablesIn = (database: Knex): Pick<TownHall, Tables> => ({
  practices: practicesIn(database),
  notes: notesIn(database),
  taskDrafts: taskDraftsIn(database),
  looks: looksIn(database),
  drafts: draftsIn(database),
  marks: messageMarksIn(database),
  ratings: ratingsIn(database),
})

/** The embedded provider asks for no password: whoever reaches it is whoever they say. */
function requireGuarded({ host, publicUrl, identity }: PagesConfig): void {
  const names = [host, ...(publicUrl === null ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')])]
  const open = names.find((name) => !isLoopback(name))
  if (identity !== 'embedded' || open === undefined) return
  throw new Error(
    `Expected the pages to be reached from this machine alone because nobody proves who they are, but they would be at ${open}. Set ITER_OIDC_ISSUER to an OpenID provider.`,
  )
}

async function listen({ host, port }: PagesConfig): Promise<Server> {
  const server = createServer({ requestTimeout: POST_MS_MAX, headersTimeout: 10_000, maxHeaderSize: 16_384 })
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

function pagesOf(shell: Shell, config: PagesConfig): RequestListener {
  const limit = rateLimit(SIGN_INS_MAX)
  const { provider, openId } = identityOf(shell, config)
  const app = appOf(shell, routes, (express) => {
    if (config.publicUrl !== null) express.set('trust proxy', 1)
    if (provider !== null) express.use(PROVIDER_PATH, provider.callback())
    mountSignIn(express, shell, { openId, seal: seal(config.secret, 'sign-in', UNDER_WAY_S), limit })
    express.get('/lingua/:language', (request, response) => {
      const language = LANGUAGES.find((one) => one === request.params.language)
      if (language !== undefined) shell.visits.speak(response, language)
      response.redirect(303, ownPath(new URL(request.originalUrl, shell.origin).searchParams.get('poi')))
    })
  })
  mountSignOut(app, shell, openId)
  if (provider !== null) mountPeople(app, shell, provider, limit)
  mountRefusals(app, shell)
  return app
}

const routes: readonly Route[] = [...documentRoutes, ...mapRoutes, ...citizenRoutes, ...deskRoutes]

function identityOf(shell: Shell, { identity, secret }: PagesConfig): { provider: Provider | null; openId: OpenId } {
  const redirectUri = `${shell.origin.origin}${RETURN_PATH}`
  if (identity !== 'embedded')
    return { provider: null, openId: openIdAt({ ...identity, redirectUri, asksAlways: false }) }
  const clientSecret = createHmac('sha256', secret).update('embedded provider').digest('base64url')
  const issuer = `${shell.origin.origin}${PROVIDER_PATH}`
  return {
    provider: embeddedProvider(issuer, shell.hall.town, { clientId: CLIENT_ID, clientSecret, redirectUri }),
    openId: openIdAt({ issuer, clientId: CLIENT_ID, clientSecret, redirectUri, asksAlways: true }),
  }
}
