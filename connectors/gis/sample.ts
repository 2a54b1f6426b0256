/** The invented quarter that the sandboxed map shows (esempio/*.geojson): streets near Prato that nobody will find there. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
export const ring = z.array(position)
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Point'), coordinates: position }),
  z.object({ type: z.literal('LineString'), coordinates: z.array(position) }),
  z.object({ type: z.literal('Polygon'), coordinates: z.array(ring) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) }),
])
export const featureSchema = z.object({
  type: z.literal('Feature'),
  id: z.string(),
  geometry,
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export type MapFeature = z.infer<typeof featureSchema>

export const COLLECTIONS = ['confini', 'strade', 'civici', 'zone', 'vincoli', 'occupazioni'] as const
export type CollectionId = (typeof COLLECTIONS)[number]
export const isCollection = (id: string | undefined): id is CollectionId => COLLECTIONS.some((one) => one === id)

export const sample = (id: CollectionId): readonly MapFeature[] =>
  z
    .object({ features: z.array(featureSchema) })
    .parse(JSON.parse(readFileSync(new URL(`esempio/${id}.geojson`, import.meta.url), 'utf8'))).features
