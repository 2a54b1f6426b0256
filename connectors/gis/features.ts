/**
 * Features as OGC API - Features carries them: GeoJSON (RFC 7946) in pages. Owns reading collections and their geometries, checked and
 * bounded, and writing and deleting a feature. Does not own what a collection means (client.ts).
 */
import { z } from 'zod'
import { UnknownOutcome } from '../effect.ts'
import { exchange } from '../http.ts'
import { type Area, type Position, type Ring, turned } from './geometry/plane.ts'

/** Of one page, and pages of one answer: a town has no more streets. */
const PAGE_SIZE = 1_000
const PAGES_MAX = 20

export interface FeatureServer {
  readonly url: string
  /** The bearer token that may write. */
  readonly gettone: string
  readonly timeoutMs?: number
}

const degrees = z.number().min(-180).max(180)
/** A height, if there is one, says nothing here. */
const position = z.tuple([degrees, degrees], z.number()).transform(([lon, lat]): Position => [lon, lat])
const ring = z.array(position).min(4).max(20_000)
const polygon = z.array(ring).min(1).transform(wound)

export const point = z.object({ type: z.literal('Point'), coordinates: position }).transform((one) => one.coordinates)
export const line = z
  .object({ type: z.literal('LineString'), coordinates: z.array(position).min(2) })
  .transform((one) => one.coordinates)
export const area = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: polygon }).transform((one): Area => one.coordinates),
  z
    .object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1) })
    .transform((one): Area => one.coordinates.flat()),
])
function wound(rings: readonly Ring[]): Area {
  return rings.map((one, index) => turned(one, index === 0 ? 'shell' : 'hole'))
}

interface Feature<Geometry, Properties> {
  readonly id: string
  readonly geometry: Geometry
  readonly properties: Properties
}

const collectionOf = <G, P>(geometry: z.ZodType<G>, properties: z.ZodType<P>) =>
  z.object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        id: z.union([z.string(), z.int()]).transform(String),
        geometry,
        properties,
      }),
    ),
    links: z.array(z.object({ rel: z.string().optional(), href: z.string() })).default([]),
  })

export interface Features {
  /** All that match, however many pages it takes. Throws `UnknownOutcome` when the answer is none, or has no end. */
  read<G, P>(
    collection: string,
    query: Readonly<Record<string, string>>,
    geometry: z.ZodType<G>,
    properties: z.ZodType<P>,
  ): Promise<readonly Feature<G, P>[]>
  /** Creates or replaces it (Part 4, permission put-create). */
  put(collection: string, id: string, area: Area, properties: Readonly<Record<string, unknown>>): Promise<void>
  delete(collection: string, id: string): Promise<void>
}

export function featuresAt({ url, gettone, timeoutMs = 10_000 }: FeatureServer): Features {
  const base = url.endsWith('/') ? url : `${url}/`
  const itemsOf = (collection: string): URL => new URL(`collections/${collection}/items`, base)
  const itemAt = (collection: string, id: string): URL => new URL(`${itemsOf(collection)}/${encodeURIComponent(id)}`)
  const authorization = `Bearer ${gettone}`
  // An id is a practice's: messages name the collection.
  const called = (collection: string): string => itemsOf(collection).href
  return {
    async read(collection, query, geometry, properties) {
      const schema = collectionOf(geometry, properties)
      const all: z.infer<typeof schema>['features'] = []
      let next: URL | null = withQuery(itemsOf(collection), { ...query, limit: String(PAGE_SIZE) })
      for (let page = 0; next !== null; page++) {
        if (page === PAGES_MAX) throw new UnknownOutcome(`The map's ${collection} have no end`)
        const here: URL = next
        const headers = { accept: 'application/geo+json' }
        const { text } = await exchange({ method: 'GET', url: here, headers, timeoutMs })
        const answer = schema.safeParse(jsonIn(text))
        if (!answer.success) throw new UnknownOutcome(`The map answered with something that is no ${collection}`)
        all.push(...answer.data.features)
        next = nextPage(answer.data.links, here)
      }
      return all
    },
    async put(collection, id, shape, properties) {
      const coordinates = shape.map((one) => one.map((each) => [...each]))
      const feature = { type: 'Feature', id, geometry: { type: 'Polygon', coordinates }, properties }
      const headers = { authorization, 'content-type': 'application/geo+json' }
      const url = itemAt(collection, id)
      await exchange({
        method: 'PUT',
        url,
        headers,
        body: JSON.stringify(feature),
        timeoutMs,
        called: called(collection),
      })
    },
    async delete(collection, id) {
      const url = itemAt(collection, id)
      const answers = [404]
      await exchange({
        method: 'DELETE',
        url,
        headers: { authorization },
        timeoutMs,
        answers,
        called: called(collection),
      })
    },
  }
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

/** On the same server alone: an answer sends us nowhere else. */
function nextPage(
  links: readonly { readonly rel?: string | undefined; readonly href: string }[],
  here: URL,
): URL | null {
  const href = links.find(({ rel }) => rel === 'next')?.href
  if (href === undefined) return null
  const next = URL.parse(href, here)
  if (next?.origin !== here.origin) throw new UnknownOutcome('The map continues on another server')
  return next
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
