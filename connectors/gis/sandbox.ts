/**
 * A town's map of an invented quarter, as a server of OGC API - Features (Part 1: Core; Part 4 for `occupazioni` alone): pages, boxes,
 * spans of time, filters by property, and the refusal of any parameter that it does not know. What is written there is kept in the
 * journal: the same feature written again changes nothing.
 * Owns what the server answers. Does not own the sample data (esempio/*.geojson) nor how its page looks (page.ts).
 */
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { type Box, boxAround, meet } from './geometry/plane.ts'
import { faultOf } from './geometry/polygon.ts'
import { mapPage } from './page.ts'
import { COLLECTIONS, type CollectionId, featureSchema, isCollection, type MapFeature, ring, sample } from './sample.ts'

export const SANDBOX_TOKEN = 'sandbox'

/** One line of the journal: what was written to the map. */
export type MapJournalEntry =
  | {
      readonly operazione: 'registra'
      readonly riferimento: string
      readonly elemento: MapFeature
      readonly data: string
    }
  | { readonly operazione: 'rimuovi'; readonly riferimento: string; readonly data: string }

interface MapServer {
  readonly journal: Journal<MapJournalEntry>
  readonly sample: Readonly<Record<CollectionId, readonly MapFeature[]>>
  now(): number
}

export function start(options: SandboxOptions): Promise<Sandbox> {
  const [confini, strade, civici] = [sample('confini'), sample('strade'), sample('civici')]
  const [zone, vincoli, occupazioni] = [sample('zone'), sample('vincoli'), sample('occupazioni')]
  const server: MapServer = {
    journal: journalOf<MapJournalEntry>(options, 'gis'),
    sample: { confini, strade, civici, zone, vincoli, occupazioni },
    now: options.now,
  }
  return startPlatform(options, platform(server))
}

type Answer = (server: MapServer, call: PlatformCall, found: readonly string[]) => PlatformAnswer
const COLLECTION = '/collections/([\\w-]+)'
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string, answer: Answer])[] = [
  ['GET', /^\/$/, 'pagina', landing],
  ['GET', /^\/conformance$/, 'conformita', () => json(200, { conformsTo: CONFORMS_TO })],
  ['GET', /^\/collections$/, 'raccolte', collections],
  ['GET', new RegExp(`^${COLLECTION}$`), 'raccolta', collection],
  ['GET', new RegExp(`^${COLLECTION}/items$`), 'cerca', items],
  ['GET', new RegExp(`^${COLLECTION}/items/([^/]+)$`), 'leggi', item],
  ['PUT', new RegExp(`^${COLLECTION}/items/([^/]+)$`), 'registra', put],
  ['DELETE', new RegExp(`^${COLLECTION}/items/([^/]+)$`), 'rimuovi', remove],
]
const routeOf = ({ method, url }: PlatformCall) =>
  ROUTES.find(([allowed, path]) => allowed === method && path.test(url.pathname))

const platform = (server: MapServer): Platform => ({
  name: 'gis',
  entries: server.journal.entries,
  operationOf: (call) => routeOf(call)?.[2] ?? 'sconosciuta',
  answer(_operation, call) {
    const route = routeOf(call)
    if (!route) return exception(404, 'NotFound', 'Nessuna risorsa a questo indirizzo')
    const [, path, , answer] = route
    return answer(server, call, path.exec(call.url.pathname)?.slice(1) ?? [])
  },
})

const CONFORMS_TO = [
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete',
]

const exception = (status: number, code: string, description: string): PlatformAnswer =>
  json(status, { code, description })
const geoJson = (status: number, value: unknown): PlatformAnswer => ({
  ...json(status, value),
  type: 'application/geo+json',
})
const unknownCollection = exception(404, 'NotFound', 'Raccolta sconosciuta')

function landing(server: MapServer, { headers, url }: PlatformCall): PlatformAnswer {
  if (!(headers.accept ?? '').includes('application/json'))
    return { status: 200, type: 'text/html', body: mapPage(featuresOf(server), dayOf(server)) }
  const links = [
    { rel: 'self', href: url.pathname, type: 'application/json' },
    { rel: 'conformance', href: '/conformance', type: 'application/json' },
    { rel: 'data', href: '/collections', type: 'application/json' },
  ]
  return json(200, { title: 'Mappa del Comune di Esempio', links })
}

const described = (id: CollectionId) => ({
  id,
  links: [{ rel: 'items', href: `/collections/${id}/items`, type: 'application/geo+json' }],
})
function collections(): PlatformAnswer {
  const links = [{ rel: 'self', href: '/collections', type: 'application/json' }]
  return json(200, { links, collections: COLLECTIONS.map(described) })
}
function collection(_server: MapServer, _call: PlatformCall, [id]: readonly string[]): PlatformAnswer {
  return isCollection(id) ? json(200, described(id)) : unknownCollection
}

/** The sample and what was written since. */
function featuresOf({ journal, sample }: MapServer): Readonly<Record<CollectionId, readonly MapFeature[]>> {
  const occupied = new Map(sample.occupazioni.map((feature) => [feature.id, feature]))
  for (const entry of journal.entries)
    if (entry.operazione === 'registra') occupied.set(entry.riferimento, entry.elemento)
    else occupied.delete(entry.riferimento)
  return { ...sample, occupazioni: [...occupied.values()] }
}

const LIMIT_MAX = 10_000
const [longitude, latitude] = [z.number().min(-180).max(180), z.number().min(-90).max(90)]
const querySchema = z.object({
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(10),
  offset: z.coerce.number().int().min(0).default(0),
  bbox: z
    .string()
    .transform((text) => text.split(',').map((degrees) => (degrees === '' ? Number.NaN : Number(degrees))))
    .pipe(z.tuple([longitude, latitude, longitude, latitude]).refine(([, south, , north]) => south <= north))
    .optional(),
  datetime: z
    .string()
    .transform((text) => text.split('/'))
    .pipe(z.tuple([z.string()]).rest(z.string()).refine(isSpan))
    .optional(),
})

function isSpan(ends: readonly string[]): boolean {
  const isOpen = (end: string) => end === '..' || end === ''
  return ends.length <= 2 && ends.every((end) => (isOpen(end) && ends.length === 2) || !Number.isNaN(Date.parse(end)))
}

function items(server: MapServer, { url }: PlatformCall, [id]: readonly string[]): PlatformAnswer {
  if (!isCollection(id)) return unknownCollection
  const all = featuresOf(server)[id]
  const { limit, offset, bbox, datetime, ...filters } = Object.fromEntries(url.searchParams)
  const known = Object.keys(all[0]?.properties ?? {})
  const strange = Object.keys(filters).find((name) => !known.includes(name))
  if (strange !== undefined) return exception(400, 'InvalidParameterValue', 'Parametro sconosciuto')
  const query = querySchema.safeParse({ limit, offset, bbox, datetime })
  if (!query.success) return exception(400, 'InvalidParameterValue', z.prettifyError(query.error))
  const found = all.filter(
    (feature) =>
      isIn(feature, query.data.bbox) &&
      isDuring(feature, query.data.datetime) &&
      Object.entries(filters).every(([name, value]) => String(feature.properties[name]) === value),
  )
  return geoJson(200, page(server, url, found, query.data))
}

function page(
  { now }: MapServer,
  url: URL,
  found: readonly MapFeature[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): object {
  const features = found.slice(offset, offset + limit)
  const further = new URLSearchParams(url.searchParams)
  further.set('offset', String(offset + limit))
  const self = { rel: 'self', href: `${url.pathname}${url.search}`, type: 'application/geo+json' }
  const next = { rel: 'next', href: `${url.pathname}?${further}`, type: 'application/geo+json' }
  const links = offset + limit < found.length ? [self, next] : [self]
  const counted = { numberMatched: found.length, numberReturned: features.length }
  return { type: 'FeatureCollection', features, links, timeStamp: new Date(now()).toISOString(), ...counted }
}

function positionsOf({ geometry }: MapFeature): readonly (readonly [number, number])[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates]
    case 'LineString':
      return geometry.coordinates
    case 'Polygon':
      return geometry.coordinates.flat()
    case 'MultiPolygon':
      return geometry.coordinates.flat(2)
  }
}
const isIn = (feature: MapFeature, box: Box | undefined): boolean =>
  box === undefined || meet(box, boxAround(positionsOf(feature)))

/** What has no time is always there. */
function isDuring({ properties: { dal, al } }: MapFeature, ends: readonly string[] | undefined): boolean {
  if (ends === undefined || typeof dal !== 'string') return true
  const [from, to = from] = ends
  const ended = typeof al === 'string' && isInstant(from) && Date.parse(`${al}T23:59:59Z`) < Date.parse(from)
  return !ended && !(isInstant(to) && Date.parse(`${dal}T00:00:00Z`) > Date.parse(to))
}
const isInstant = (end: string | undefined): end is string => end !== undefined && end !== '' && end !== '..'

function item(server: MapServer, _call: PlatformCall, [id, feature]: readonly string[]): PlatformAnswer {
  if (!isCollection(id)) return unknownCollection
  const found = featuresOf(server)[id].find((one) => one.id === decodeURIComponent(feature ?? ''))
  return found ? geoJson(200, found) : exception(404, 'NotFound', 'Elemento sconosciuto')
}

const occupationSchema = featureSchema.extend({
  geometry: z.object({
    type: z.literal('Polygon'),
    coordinates: z.tuple([ring.refine((one) => faultOf(one) === null)]),
  }),
  properties: z.strictObject({
    tipo: z.enum(['LAVORI', 'OCCUPAZIONE']),
    descrizione: z.string().min(1).max(500),
    dal: z.iso.date(),
    al: z.iso.date().nullable(),
  }),
})

/** Null when this call may write there. */
function barred(id: string | undefined, { headers }: PlatformCall): PlatformAnswer | null {
  if (!isCollection(id)) return unknownCollection
  if (id !== 'occupazioni') return exception(405, 'MethodNotAllowed', 'Questa raccolta si legge soltanto')
  return headers.authorization === `Bearer ${SANDBOX_TOKEN}` ? null : exception(401, 'Unauthorized', 'Manca il gettone')
}

function put(server: MapServer, call: PlatformCall, [id, feature]: readonly string[]): PlatformAnswer {
  const refused = barred(id, call)
  if (refused) return refused
  const riferimento = decodeURIComponent(feature ?? '')
  const asked = occupationSchema.safeParse(parseJson(call.body))
  if (!asked.success) return exception(422, 'InvalidValue', z.prettifyError(asked.error))
  const elemento: MapFeature = { ...asked.data, id: riferimento }
  const standing = featuresOf(server).occupazioni.find((one) => one.id === riferimento)
  if (JSON.stringify(standing) !== JSON.stringify(elemento))
    server.journal.append({ operazione: 'registra', riferimento, elemento, data: new Date(server.now()).toISOString() })
  return { status: standing ? 204 : 201, type: 'application/geo+json', body: '' }
}

function remove(server: MapServer, call: PlatformCall, [id, feature]: readonly string[]): PlatformAnswer {
  const refused = barred(id, call)
  if (refused) return refused
  const riferimento = decodeURIComponent(feature ?? '')
  if (!featuresOf(server).occupazioni.some((one) => one.id === riferimento))
    return exception(404, 'NotFound', 'Elemento sconosciuto')
  server.journal.append({ operazione: 'rimuovi', riferimento, data: new Date(server.now()).toISOString() })
  return { status: 204, type: 'application/geo+json', body: '' }
}

const dayOf = ({ now }: MapServer): string =>
  Temporal.Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO('Europe/Rome').toPlainDate().toString()
